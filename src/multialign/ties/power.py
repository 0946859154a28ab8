"""Power: who can hurt whom, how much, and at what cost to itself, for every pair of states."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Sequence
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from multialign._cache import user_cache
from multialign.errors import InputError, unknown
from multialign.ties.dependence import CUTS, Cut, Dependence, codes_in, cut_scenario, measured, pair_of

if TYPE_CHECKING:
    import pandas as pd

    from multialign.world import World


class Power(BaseModel):
    """Who can hurt whom, how much, and at what cost to itself: one `Dependence` for each pair."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    kind: Literal["power"] = "power"
    world: str
    elasticities: str
    pairs: tuple[Dependence, ...] = Field(description="in the order asked for")

    def to_dict(self) -> dict[str, Any]:
        """The same as plain JSON."""
        return self.model_dump(mode="json")

    def to_frame(self) -> pd.DataFrame:
        """One row for each pair; columns as in `Dependence`."""
        import pandas as pd

        return pd.DataFrame([p.model_dump() for p in self.pairs], columns=list(Dependence.model_fields))

    def matrix(self) -> pd.DataFrame:
        """What each state (row) loses if trade with the other (column) is cut, % of real income."""
        import pandas as pd

        losses: dict[tuple[str, str], float] = {}
        for p in self.pairs:
            losses[p.state, p.partner] = p.loss_pct
            losses[p.partner, p.state] = p.partner_loss_pct
        return pd.Series(losses).unstack()


def power(
    pairs: Iterable[str] | Iterable[tuple[str, str]] | None = None,
    world: World | None = None,
    *,
    cut: Cut = "all",
    industries: Sequence[str] = (),
    elasticities: str = "median",
    cache: bool | Path = False,
    progress: Callable[[int, int], None] | None = None,
) -> Power:
    """Who can hurt whom, and at what cost to itself: the exact real-income loss to both of every pair if trade between
    them stops.

    Parameters
    ----------
    pairs: pairs of states, or a list of states of which all pairs are taken; by default every pair of the world's
        countries (3,240 in the embedded world).
    cut: ``all`` trade between them, or only the first one's ``sales`` to or ``purchases`` from the second.
    cache: whether to keep the result on disk and to look there first (True: in the user's cache folder; or a folder). A
        kept result is found again only for the same world, elasticities, cut, industries and pairs.
    progress: called with the number of pairs done and that of all.
    Other arguments, and errors, as in `dependence`.
    """
    from multialign.trade import Scenario, base_economy, solve_many
    from multialign.world.refresh import own_world

    world = own_world() if world is None else world
    if cut not in CUTS:
        raise unknown("cut", str(cut), CUTS, field="cut")
    chosen = _sides(pairs, world)
    group = tuple(industries)
    file = _cache_file(cache, world, chosen, cut, group, elasticities)
    if file is not None and (kept := _kept(file)) is not None:
        return kept
    scenarios = [cut_scenario(a, b, mine, theirs, cut, group, elasticities) for a, b, mine, theirs in chosen]
    found = solve_many(scenarios, world, keep=("real_income", "equivalent_variation"), progress=progress)
    base = base_economy(world, Scenario(elasticities=elasticities)).I
    rows = _measured(chosen, found, base, cut, group)
    result = Power(world=world.name, elasticities=elasticities, pairs=tuple(rows))
    if file is not None:
        _keep(file, result)
    return result


Side = tuple[str, str, tuple[str, ...], tuple[str, ...]]


def _measured(chosen: list[Side], found: Any, base: Any, cut: Cut, group: tuple[str, ...]) -> list[Dependence]:
    import pandas as pd

    countries = pd.Index(found["country"].values)
    income = pd.Series(base, index=countries)
    pct, usd = found["real_income"].values * 100.0 - 100.0, found["equivalent_variation"].values
    rows = []
    for j, (a, b, mine, theirs) in enumerate(chosen):
        lost_pct, lost_usd = pd.Series(pct[j], index=countries), pd.Series(usd[j], index=countries)
        rows.append(measured(a, b, mine, theirs, cut, group, lost_pct, lost_usd, income))
    return rows


def _sides(given: Iterable[Any] | None, world: World) -> list[Side]:
    """The pairs, each with its countries in the world."""
    if given is None:
        return [(a, b, (a,), (b,)) for a, b in combinations(world.countries, 2)]
    items = [given] if isinstance(given, str) else list(given)
    if items and all(isinstance(x, str) for x in items):
        items = list(combinations(items, 2))
    if not items:
        raise InputError(
            "names no pair", field="pairs", hint="give pairs such as [('IND', 'RUS')], or two states or more"
        )
    out = []
    for pair in items:
        if isinstance(pair, str) or len(tuple(pair)) != 2:
            raise InputError(f"{pair!r} is not a pair", field="pairs", hint="give pairs such as ('IND', 'RUS')")
        who, other = pair_of(*pair)
        out.append((who.code, other.code, codes_in(who, world), codes_in(other, world)))
    return out


def _cache_file(
    cache: bool | Path, world: World, chosen: list[Side], cut: Cut, group: tuple[str, ...], elasticities: str
) -> Path | None:
    folder = None if cache is False else user_cache() if cache is True else Path(cache)
    if folder is None:
        return None
    from multialign import __version__

    key = hashlib.sha256(repr((__version__, chosen, cut, group, elasticities)).encode())
    for name in sorted(str(n) for n in world.data.data_vars):
        key.update(name.encode())
        key.update(world.array(name).tobytes())
    return folder / f"power-{key.hexdigest()[:24]}.json"


def _kept(file: Path) -> Power | None:
    try:
        return Power.model_validate_json(file.read_bytes())
    except (OSError, ValueError):
        return None  # not there, or damaged: it is made anew


def _keep(file: Path, result: Power) -> None:
    """Keep a result; where the folder cannot be written, go on without."""
    part = file.with_suffix(f".{os.getpid()}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(result.model_dump_json(), encoding="utf-8")
        part.replace(file)
    except OSError:
        part.unlink(missing_ok=True)
