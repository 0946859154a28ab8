"""Numbers as people read them: rounded to what is known, with their unit, a real minus sign and their band."""

from __future__ import annotations

import math
from collections.abc import Sequence

from multialign.respond.model import Band

MINUS = "\u2212"
ALMOST = 1e-6
"""Below this, in the unit shown, a number is noise of the solver and reads as zero."""


def decimals(*values: float, digits: int = 2, most: int = 3) -> int:
    """Decimals that show the largest of `values` with `digits` significant digits, at most `most`."""
    size = max((abs(v) for v in values), default=0.0)
    if size < ALMOST:
        return 0
    return min(max(digits - 1 - math.floor(math.log10(size)), 0), most)


def plain(value: float, places: int, *, sign: bool = False) -> str:
    """A number with `places` decimals; nothing is ever shown as minus zero."""
    text = f"{abs(value):,.{places}f}"
    if not text.strip("0.,"):
        return text
    return (MINUS if value < 0 else "+" if sign else "") + text


def number(value: float, *, sign: bool = False, digits: int = 2) -> str:
    """A number alone, two significant digits (more where it is large)."""
    return plain(value, decimals(value, digits=digits), sign=sign)


def percent(value: float, *, sign: bool = False) -> str:
    """`value` is in per cent already: 0.8268 -> '0.83 %'."""
    return f"{number(value, sign=sign)} %"


def share(fraction: float) -> str:
    """A fraction of one as a percentage, whole from 1 % on: 0.2756 -> '28 %', 0.0047 -> '0.5 %'."""
    pct = 100.0 * fraction
    if 0 < pct < 0.05:
        return "under 0.1 %"
    if 99.5 <= pct < 100:
        return f"{math.floor(10 * pct) / 10:.1f} %"
    return f"{plain(pct, 0 if pct >= 9.95 or pct == 0 else 1)} %"


def band_places(*bands: Band) -> int:
    """Decimals that serve all of some bands."""
    return decimals(*(v for b in bands for v in (b.median, b.low, b.high)))


def interval(b: Band, *, unit: str = "", sign: bool = False) -> str:
    """The 80 % band alone: '-0.45 to +0.17 %'."""
    places = band_places(b)
    return f"{plain(b.low, places, sign=sign)} to {plain(b.high, places, sign=sign)}{unit}"


def banded(b: Band, *, unit: str = "", sign: bool = False) -> str:
    """Median and band: '-0.20 % (-0.45 to +0.17 %)'; the median alone where the band is a point."""
    places = band_places(b)
    middle = f"{plain(b.median, places, sign=sign)}{unit}"
    low, high = plain(b.low, places, sign=sign), plain(b.high, places, sign=sign)
    again = unit if unit.endswith("%") else ""
    return middle if low == high else f"{middle} ({low} to {high}{again})"


def percent_band(b: Band) -> str:
    """Median and band of a signed percentage."""
    return banded(b, unit=" %", sign=True)


def usd_a_barrel(value: float) -> str:
    """'USD 9.4 a barrel'."""
    return f"USD {plain(value, 1)} a barrel"


def usd(million: float, *, sign: bool = False) -> str:
    """A sum given in million USD, in the unit that suits it: 'USD 32 billion', 'USD 570 million'."""
    head = MINUS if million < 0 else "+" if sign and million > 0 else ""
    size = abs(million)
    if size >= 1e6:
        return f"{head}USD {_three(size / 1e6)} trillion"
    if size >= 995:
        return f"{head}USD {_three(size / 1e3)} billion"
    if size < 0.5:
        return "USD 0"
    return f"{head}USD {_three(size)} million"


def _three(value: float) -> str:
    return f"{value:,.0f}" if value >= 99.5 else f"{value:.0f}" if value >= 9.95 else f"{value:.1f}"


def depth(value: float) -> str:
    """A depth in [0, 1] with two decimals."""
    return f"{value:.2f}"


def joined(items: Sequence[str], last: str = "and") -> str:
    """'a', 'a and b', 'a, b and c'."""
    items = list(items)
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def a_or_an(word: str) -> str:
    """The word with its indefinite article: 'an offer', 'a European', 'an 80 % band'."""
    low = word.lower()
    spoken_with_y = low.startswith(("eu", "uni", "use", "usa", "one", "uk"))
    vowel = low[:1] in "aeiou" and not spoken_with_y
    eight = low.startswith("8") or low.startswith(("11 ", "18 ", "11-", "18-")) or low in ("11", "18")
    return f"{'an' if vowel or eight else 'a'} {word}"


def possessive(name: str) -> str:
    """'India's', 'the United States''."""
    return f"{name}'" if name.endswith("s") else f"{name}'s"


def sentence(text: str) -> str:
    """The text with a capital first letter and a full stop."""
    text = text.strip()
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else f"{text}."
