"""Crude by origin on a terminal: prices, discounts, savings, their interval, and how purchases answer."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape

from multialign.report.terminal.tables import number, percent, table
from multialign.ties.crude import CrudePaid, CrudePath
from multialign.ties.crude_model import CrudeOrigin
from multialign.ties.crude_response import CrudeResponse
from multialign.ties.elasticity import CrudeElasticity

WIDE = 130
UNSOUND = (
    "price", "others_price", "discount_to_others", "discount_low", "discount_high", "usual_discount",
    "discount_screened", "discount_to_brent", "barrels", "saving_to_others", "saving_low", "saving_high",
)  # fmt: skip
"""What a wrong weight spoils."""


def print_crude_path(path: CrudePath, console: Console) -> None:
    """Price, discount and saving of one origin's crude, year by year."""
    wide = console.width >= WIDE
    heads = ["Year", "Price", "All\nothers", "Discount\nto others"]
    heads += ["80 %\ninterval", "Usual\ndiscount"] if wide else []
    heads += ["The same,\nscreened*", "Discount\nto Brent", "Share of\nvalue %", "Mn\nbarrels", "Saving\nmn USD"]
    heads += ["80 %\ninterval"] if wide else []
    title = f"Crude from {path.origin} to {path.buyer}: prices and discounts in USD a barrel (observed)"
    out = table(title, *heads, text=0)
    for y in path.years:
        sound = credible(y)
        if not sound:
            y = y.model_copy(update=dict.fromkeys(UNSOUND))
        cells = [str(y.year), number(y.price, 1) if sound else "?"]
        cells += [number(y.others_price, 1), number(y.discount_to_others, 1, sign=True)]
        if wide:
            cells += [_interval(y.discount_low, y.discount_high, 1), number(y.usual_discount, 1, sign=True)]
        cells += [
            number(y.discount_screened, 1, sign=True),
            number(y.discount_to_brent, 1, sign=True),
            percent(y.share_of_value),
            number(y.barrels, 1),
            number(y.saving_to_others, 0, sign=True),
        ]
        out.add_row(*cells, *([_interval(y.saving_low, y.saving_high, 0)] if wide else []))
    console.print(out)
    if not all(credible(y) for y in path.years):
        console.print(
            "  [dim]? a recorded weight cannot be that of the value: no price is given.[/dim]", highlight=False
        )
    if not all(credible(y) for y in path.years[-3:]):
        return  # the sentence and the trend rest on these years
    console.print(f"  {escape(path.text)}", highlight=False)
    if path.slope is not None and path.slope_low is not None and path.slope_high is not None:
        console.print(
            f"  80 % interval of the slope: {path.slope_low:+.1f} to {path.slope_high:+.1f} USD a barrel and year.",
            highlight=False,
        )
    console.print("  [dim]* against those others whose price is within half and twice Brent's.[/dim]", highlight=False)
    if not wide:
        hint = f"Intervals and the usual discount need a terminal of {WIDE} columns, or JSON."
        console.print(f"  [dim]{hint}[/dim]", highlight=False)


def credible(year: CrudeOrigin) -> bool:
    """Whether both prices of a year can be: within half and twice Brent's."""
    if year.price is None or year.discount_to_brent is None or year.credible is False:
        return year.credible is not False
    brent = year.price + year.discount_to_brent
    return year.others_price is None or brent / 2 <= year.others_price <= brent * 2


def print_crude_paid(paid: CrudePaid, console: Console, *, rows: int = 12) -> None:
    """A buyer's crude in one year, the largest origins first."""
    wide = console.width >= WIDE
    heads = ["Origin", "Price", "Discount\nto others", *(["80 %\ninterval", "Beyond\nusual"] if wide else [])]
    heads += ["Discount\nto Brent", "Share of\nvalue %", "Value\nmn USD", "Saving\nmn USD"]
    name = paid.buyer_name if wide else paid.buyer
    out = table(f"Crude bought by {name}, {paid.year}: USD a barrel ({paid.status})", *heads)
    for o in paid.origins[:rows]:
        cells = [escape(o.name), number(o.price, 1) + ("?" if o.credible is False else "")]
        cells.append(number(o.discount_to_others, 1, sign=True))
        if wide:
            cells += [_interval(o.discount_low, o.discount_high, 1), number(o.discount_beyond_usual, 1, sign=True)]
        out.add_row(
            *cells,
            number(o.discount_to_brent, 1, sign=True),
            percent(o.share_of_value),
            number(o.value, 0),
            number(o.saving_to_others, 0, sign=True),
        )
    console.print(out)
    left = len(paid.origins) - rows
    more = f"; {left} smaller origins not shown" if left > 0 else ""
    console.print(
        f"  All origins: {number(paid.price, 1)} USD a barrel; Brent: {number(paid.brent, 1)}{more}.", highlight=False
    )
    if any(o.credible is False for o in paid.origins[:rows]):
        console.print("  [dim]? not credible: the recorded weight cannot be that of the value.[/dim]", highlight=False)
    print_contains(paid.contains, paid.source, console)


def print_contains(contains: Sequence[str], source: str, console: Console) -> None:
    """What a unit value still contains, and the source."""
    for line in contains:
        console.print(f"  [dim]{escape(line)}[/dim]", highlight=False)
    console.print(f"  [dim]Source: {escape(source)}[/dim]", highlight=False)


def print_response(found: CrudeResponse, console: Console) -> None:
    """How purchases answer to a change."""
    e, s, b = found.elasticity, found.share_after, found.barrels_after
    console.print(f"\n[bold]If {escape(found.question)}[/bold]", highlight=False)
    low, high = sorted((s.low, s.high))
    console.print(
        f"  {found.origin}'s share of {found.buyer}'s barrels: {percent(found.share)} % in {found.year}, then "
        f"{percent(s.central)} % ({percent(low)} to {percent(high)} %), which is {number(b.central, 0)} million "
        f"barrels instead of {number(found.barrels, 0)}; price {number(found.price_change, 1, sign=True)} USD.",
        highlight=False,
    )
    console.print(
        f"  Elasticity of substitution {e.central:.1f} ({e.low:.1f} to {e.high:.1f}); at the plain year-to-year one: "
        f"{percent(found.short_run)} %.",
        highlight=False,
    )
    for line in found.assumptions:
        console.print(f"  [dim]{escape(line)}[/dim]", highlight=False)


def print_elasticity(found: CrudeElasticity, console: Console) -> None:
    """All estimates of the elasticity of substitution, and published ones."""
    out = table(
        "Elasticity of substitution between origins of crude",
        "Estimate",
        "Years",
        "Sigma",
        "SE",
        "80 %",
        "Flows",
        text=2,
    )
    for e in found.estimates:
        years = f"{e.years[0]}-{e.years[1]}"
        out.add_row(e.method, years, f"{e.sigma:.2f}", f"{e.se:.2f}", f"{e.low:.1f} to {e.high:.1f}", f"{e.flows:,}")
    console.print(out)
    console.print("Published:")
    for p in found.published:
        console.print(f"  {p.sigma:4.1f}  {p.name}: {escape(p.as_given)}; {escape(p.source)}", highlight=False)
    console.print(f"  Used: {found.used}. {escape(found.why)}", highlight=False)
    s = found.sanction
    console.print(
        f"  A year of embargo took {-s.refused_pct:.0f} % (SE {s.refused_se:.1f}) off purchases of Russian crude; "
        f"buyers under none bought {s.displaced_pct:.0f} % more (SE {s.displaced_se:.0f}) at a price moved by "
        f"{s.displaced_discount_pct:+.1f} % (SE {s.displaced_discount_se:.1f}).",
        highlight=False,
    )


def _interval(low: float | None, high: float | None, places: int) -> str:
    return "-" if low is None or high is None else f"{number(low, places)} to {number(high, places)}"
