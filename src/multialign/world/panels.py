"""Panels beside the World: energy, arms, votes, tariffs and oil prices over time, as tables.

What the user has added with `multialign world add` is read before the embedded data; `source_of` says which it is.
Every loader reads its file once per state of the user's data folder and hands out a fresh copy, so that nobody can
change what others see. `panels_manifest()` gives each embedded file's source, edition, licence, citation and checksum.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import cache, lru_cache
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any

from multialign.errors import InputError
from multialign.world import seal
from multialign.world.codes import countries, industries
from multialign.world.parquet import read_parquet
from multialign.world.refresh.store import Entry, data_home, edition, entries

if TYPE_CHECKING:
    import pandas as pd

PRODUCTS = ("crude", "lng", "pipeline_gas", "coal")
"""Products of the energy panel."""

GOODS = ("goods", "pharmaceuticals", "machinery_and_computers", "electrical_and_electronic", "aircraft", "instruments")
"""Groups of goods that a user's own BACI files add: all goods, and technology by HS chapter (30, 84, 85, 88, 90)."""

EMBEDDED_ENERGY_YEARS = (2010, 2024)

if TYPE_CHECKING:
    ENERGY_YEARS: tuple[int, int]
    """First and last year of the energy panel, the user's years included."""
else:

    def __getattr__(name: str) -> Any:
        if name == "ENERGY_YEARS":
            return energy_years()
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


SOURCES = {
    "energy": "CEPII BACI (HS 1992)",
    "arms": "SIPRI Arms Transfers Database",
    "votes": "Bailey, Strezhnev & Voeten, ideal points from UN General Assembly votes",
    "tariffs": "Teti, Global Tariff Database, 2021",
}
"""Panel -> its embedded source."""

_KIND = {"energy": "baci", "goods": "baci", "icio": "icio", "arms": "arms", "votes": "votes", "tariffs": "tariffs"}


def source_of(panel: str) -> str:
    """Where a panel's figures come from, in words; the user's own files are named. Panels are the keys of `SOURCES`."""
    own = [e for e in entries() if e.kind == _KIND[panel]]
    if _KIND[panel] == "baci":
        own = [e for e in own if e.years[0] <= energy_years()[1]]
    if not own:
        return SOURCES.get(panel, "nothing was added")
    if panel in ("energy", "goods", "icio"):
        years = ", ".join(str(e.years[0]) for e in own)
        extra = f"your data for {years} ({own[-1].edition})"
        return f"{SOURCES.get(panel, own[-1].source)}; {extra}"
    return f"{own[-1].source}, your data ({own[-1].edition}, added {own[-1].added[:10]})"


def energy_years() -> tuple[int, int]:
    """First and last year of the energy panel. The user's years count as far as they leave no gap."""
    first, last = EMBEDDED_ENERGY_YEARS
    own = {e.years[0] for e in entries("baci")}
    while last + 1 in own:
        last += 1
    return first, last


def energy() -> pd.DataFrame:
    """Trade in crude, LNG, pipeline gas and coal, 2010-2024 (CEPII BACI, HS 1992; Gaulier & Zignago 2010).

    Columns: year, importer, exporter (ISO3; others summed as ROW), product (see `PRODUCTS`), value
    (million USD, free on board), value_weighed (the part of `value` whose weight is recorded), tonnes
    (that weight). One row for each flow above zero; ROW with itself is the trade among the countries
    summed in it. A price is value_weighed / tonnes. Years that the user has added stand in for the embedded ones.
    """
    return _energy(edition()).copy()


def crude() -> pd.DataFrame:
    """Trade in crude with every state apart, 2010-2024: columns as in `energy`, without product.

    Importers and exporters beyond the embedded world (Iraq, Kuwait, Venezuela ...) are named in `crude_states`.
    """
    return _crude(edition()).copy()


@cache
def crude_states() -> dict[str, str]:
    """ISO3 -> name of everybody who buys or sells crude in the panel: the embedded states first, then the others."""
    known = {c: n for c, n in countries().items() if c != "ROW"}
    others = _csv("crude_states.csv").set_index("iso3")["name"]
    return {**known, **{str(c): str(n) for c, n in others.items()}}


def goods() -> pd.DataFrame:
    """The user's own BACI years: all goods, and technology goods by HS chapter. Empty where nothing was added.

    Columns: year, importer, exporter (ISO3; others summed as ROW), group (see `GOODS`), value (million USD).
    """
    return _goods(edition()).copy()


def io_trade() -> pd.DataFrame:
    """Trade of the input-output years that the user has added. Empty where none was.

    Columns: year, importer, exporter (ISO3; others summed as ROW), sector, intermediate, final (million USD).
    """
    return _io_trade(edition()).copy()


def ideal_points() -> pd.DataFrame:
    """Ideal points of states in UN General Assembly votes (Bailey, Strezhnev & Voeten 2017).

    Columns: country (ISO3), year (1990-2024), ideal_point (one dimension, no unit; higher is nearer to the
    United States' votes). Hong Kong, Taiwan and ROW cast no votes and are absent.
    """
    return _own_or("votes", "un_ideal_points.csv", edition()).copy()


def arms() -> pd.DataFrame:
    """Deliveries of major arms in five-year windows (SIPRI Arms Transfers Database).

    Columns: supplier (ISO3, or OTHER for all that are not named), recipient (ISO3; 46 recipients), window
    ("2000-2004" to "2020-2024"), tiv (million TIV: SIPRI's trend-indicator value, which measures military
    capability delivered, not money paid).
    """
    return _own_or("arms", "arms_transfers_5yr.csv", edition()).copy()


def tariffs() -> pd.DataFrame:
    """The user's own long table of tariffs; empty where none was added (the World's tariffs of 2021 then stand).

    Columns: importer, exporter (ISO3 or EU27), sector (an industry of goods, or ``goods``), year, rate_pct.
    """
    return _own_or("tariffs", None, edition()).copy()


def us_effective_tariffs() -> pd.DataFrame:
    """Effective US tariffs by partner and month, February 2025 to August 2026.

    Columns: country (ISO3; the European Union is EU27), month ("YYYY-MM"), effective_tariff_pct (per cent
    of import value). Every partner but China starts at zero in February 2025: the figures read as duties
    added since January 2025, on top of those before.
    """
    return _us_effective_tariffs().copy()


def brent() -> pd.DataFrame:
    """Europe Brent spot price, monthly averages (US Energy Information Administration).

    Columns: month ("YYYY-MM"), usd_per_bbl (USD a barrel).
    """
    return _brent().copy()


@cache
def brent_by_year() -> dict[int, float]:
    """Mean of Brent's monthly averages, USD a barrel, for the years that have all twelve months."""
    table = _brent()
    years = table["month"].str[:4].astype(int)
    groups = table["usd_per_bbl"].groupby(years)
    return {int(year): float(group.mean()) for year, group in groups if len(group) == 12}


def crude_embargoes() -> pd.DataFrame:
    """Who refuses whose crude by law or declared commitment.

    Columns: buyer (ISO3 or EU27), origin, since, until (dates; empty while in force), covered (share of the flow that
    the law reaches; a member's own row stands before the EU's), basis.
    """
    return _csv("crude_embargoes.csv").copy()


def elasticity_sets() -> pd.DataFrame:
    """Eight published sets of trade elasticities, theta > 0.

    One row for each industry of the embedded world (index ``sector``; service industries all carry the
    sets' one figure for services), one column for each set.
    """
    return _elasticity_sets().copy()


@cache
def crude_elasticity() -> dict[str, Any]:
    """The estimates of the elasticity of substitution between origins of crude, as `scripts/estimate_crude.py` made
    them."""
    return dict(json.loads(_file("crude_elasticity.json").read_text(encoding="utf-8")))


@cache
def panels_manifest() -> dict[str, dict[str, Any]]:
    """File name -> content, source, edition, licence, citation, bytes and sha256."""
    return dict(json.loads(_file("panels_manifest.json").read_text(encoding="utf-8")))


def check_panels() -> None:
    """Hold every panel file against its checksum in the manifest; raises InputError naming the one that differs."""
    for name, entry in panels_manifest().items():
        digest = hashlib.sha256(_file(name).read_bytes()).hexdigest()
        if digest != entry["sha256"]:
            raise InputError(
                f"checksum is {digest[:12]}..., the manifest says {entry['sha256'][:12]}...",
                file=name,
                hint="the installed data was changed; install multialign again",
            )


def _file(name: str) -> Traversable:
    seal.verify(name)
    return files("multialign.world").joinpath("data", name)


def _csv(name: str) -> pd.DataFrame:
    import pandas as pd

    with as_file(_file(name)) as path:
        return pd.read_csv(path, keep_default_na=False)


@cache
def _embedded(name: str) -> pd.DataFrame:
    with as_file(_file(name)) as path:
        return read_parquet(path)


def _own_baci() -> pd.DataFrame:
    """All rows of the user's BACI years: year, importer, exporter, item, value, value_weighed, tonnes."""
    import pandas as pd

    first, last = energy_years()
    tables = [read_parquet(data_home() / e.file) for e in entries("baci") if first <= e.years[0] <= last]
    columns = ["year", "importer", "exporter", "item", "value", "value_weighed", "tonnes"]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=columns)


def _with_own(embedded: pd.DataFrame, own: pd.DataFrame) -> pd.DataFrame:
    """The embedded rows, and the user's in place of whole years."""
    import pandas as pd

    if own.empty:
        return embedded
    kept = embedded[~embedded["year"].isin(set(own["year"]))]
    return pd.concat([kept, own[list(embedded.columns)]], ignore_index=True)


def _lumped(table: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """States beyond the embedded world summed as ROW."""
    known = set(countries())
    for side in ("importer", "exporter"):
        table = table.assign(**{side: table[side].where(table[side].isin(known), "ROW")})
    return table.groupby(keys, as_index=False).sum(numeric_only=True)


@lru_cache(maxsize=2)
def _energy(mark: str) -> pd.DataFrame:
    embedded = _embedded("energy.parquet")
    own = _own_baci()
    if own.empty:
        return embedded
    own = own[own["item"].isin(PRODUCTS)].rename(columns={"item": "product"})
    return _with_own(embedded, _lumped(own, ["year", "importer", "exporter", "product"]))


@lru_cache(maxsize=2)
def _crude(mark: str) -> pd.DataFrame:
    own = _own_baci()
    return _with_own(_embedded("crude.parquet"), own[own["item"] == "crude"])


@lru_cache(maxsize=2)
def _goods(mark: str) -> pd.DataFrame:
    own = _own_baci()
    own = own[own["item"].isin(GOODS)].rename(columns={"item": "group"})
    columns = ["year", "importer", "exporter", "group", "value"]
    return own[columns] if own.empty else _lumped(own, columns[:-1])[columns]


@lru_cache(maxsize=2)
def _io_trade(mark: str) -> pd.DataFrame:
    import pandas as pd

    tables = [_trade_of(e) for e in entries("icio")]
    columns = ["year", "importer", "exporter", "sector", "intermediate", "final"]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=columns)


def _trade_of(entry: Entry) -> pd.DataFrame:
    """Trade between countries of an added input-output year, which is kept as a World file."""
    import numpy as np
    import pandas as pd

    from multialign.world.load import open_world

    world = open_world(data_home() / entry.file)
    z, f = world.array("intermediate_trade"), world.array("final_trade")
    n, i, s = np.nonzero((z + f > 1e-6) & ~np.eye(len(world.countries), dtype=bool)[:, :, None])
    names, sectors = np.array(world.countries), np.array(world.sectors)
    return pd.DataFrame(
        {
            "year": entry.years[0],
            "importer": names[n],
            "exporter": names[i],
            "sector": sectors[s],
            "intermediate": z[n, i, s],
            "final": f[n, i, s],
        }
    )


@lru_cache(maxsize=8)
def _own_or(kind: Any, embedded: str | None, mark: str) -> pd.DataFrame:
    """The user's one file of a kind, else the embedded CSV, else an empty table of tariffs."""
    import pandas as pd

    for entry in entries(kind):
        path = data_home() / entry.file
        if not path.is_file():
            raise InputError("is in the manifest and not in the folder", file=path, hint="add the data again")
        if path.suffix == ".parquet":
            return read_parquet(path)
        return pd.read_csv(path, keep_default_na=False)
    if embedded is None:
        return pd.DataFrame(columns=["importer", "exporter", "sector", "year", "rate_pct"])
    return _csv(embedded)


@cache
def _us_effective_tariffs() -> pd.DataFrame:
    table = _csv("us_effective_tariffs.csv")
    table["country"] = table["country"].replace("EUU", "EU27")
    return table


@cache
def _brent() -> pd.DataFrame:
    return _csv("brent_monthly.csv")


@cache
def _elasticity_sets() -> pd.DataFrame:
    table = _csv("trade_elasticities.csv").set_index("sector")
    rows = [s if s in table.index else "SERVICES" for s in industries()]
    out = table.loc[rows].copy()
    out.index = type(out.index)(list(industries()), name="sector")
    return out


def by_edition(function: Callable[[], Any]) -> Callable[[], Any]:
    """Cache a function without arguments for as long as the user's data folder stays as it is."""
    kept: dict[str, Any] = {}

    def cached() -> Any:
        mark = edition()
        if mark not in kept:
            kept.clear()
            kept[mark] = function()
        return kept[mark]

    cached.__doc__ = function.__doc__
    cached.__name__ = getattr(function, "__name__", "cached")
    return cached
