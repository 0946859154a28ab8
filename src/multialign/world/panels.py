"""Panels beside the World: energy, arms, votes, tariffs and oil prices over time, as tables.

Every loader reads its file once per process and hands out a fresh copy, so that nobody can change what
others see. `panels_manifest()` gives each file's source, edition, licence, citation and checksum.
"""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.resources import as_file, files
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING, Any

from multialign.errors import InputError
from multialign.world.codes import industries

if TYPE_CHECKING:
    import pandas as pd

PRODUCTS = ("crude", "lng", "pipeline_gas", "coal")
"""Products of the energy panel."""

ENERGY_YEARS = (2010, 2024)
"""First and last year of the energy panel."""


def energy() -> pd.DataFrame:
    """Trade in crude, LNG, pipeline gas and coal, 2010-2024 (CEPII BACI, HS 1992; Gaulier & Zignago 2010).

    Columns: year, importer, exporter (ISO3; others summed as ROW), product (see `PRODUCTS`), value
    (million USD, free on board), value_weighed (the part of `value` whose weight is recorded), tonnes
    (that weight). One row for each flow above zero; ROW with itself is the trade among the countries
    summed in it. A price is value_weighed / tonnes.
    """
    return _energy().copy()


def ideal_points() -> pd.DataFrame:
    """Ideal points of states in UN General Assembly votes (Bailey, Strezhnev & Voeten 2017).

    Columns: country (ISO3), year (1990-2024), ideal_point (one dimension, no unit; higher is nearer to the
    United States' votes). Hong Kong, Taiwan and ROW cast no votes and are absent.
    """
    return _ideal_points().copy()


def arms() -> pd.DataFrame:
    """Deliveries of major arms in five-year windows (SIPRI Arms Transfers Database).

    Columns: supplier (ISO3, or OTHER for all that are not named), recipient (ISO3; 46 recipients), window
    ("2000-2004" to "2020-2024"), tiv (million TIV: SIPRI's trend-indicator value, which measures military
    capability delivered, not money paid).
    """
    return _arms().copy()


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


def elasticity_sets() -> pd.DataFrame:
    """Eight published sets of trade elasticities, theta > 0.

    One row for each industry of the embedded world (index ``sector``; service industries all carry the
    sets' one figure for services), one column for each set.
    """
    return _elasticity_sets().copy()


@cache
def panels_manifest() -> dict[str, dict[str, Any]]:
    """File name -> content, source, edition, licence, citation, bytes and sha256."""
    return dict(json.loads(_file("panels_manifest.json").read_text(encoding="utf-8")))


def check_panels() -> None:
    """Hold every panel file against its checksum in the manifest; raises InputError naming the file "
    "that differs."""
    for name, entry in panels_manifest().items():
        digest = hashlib.sha256(_file(name).read_bytes()).hexdigest()
        if digest != entry["sha256"]:
            raise InputError(
                f"checksum is {digest[:12]}..., the manifest says {entry['sha256'][:12]}...",
                file=name,
                hint="the installed data was changed; install multialign again",
            )


def _file(name: str) -> Traversable:
    return files("multialign.world").joinpath("data", name)


def _csv(name: str) -> pd.DataFrame:
    import pandas as pd

    with as_file(_file(name)) as path:
        return pd.read_csv(path, keep_default_na=False)


@cache
def _energy() -> pd.DataFrame:
    import duckdb

    with as_file(_file("energy.parquet")) as path, duckdb.connect() as connection:
        table = connection.execute(
            "SELECT year::INTEGER AS year, importer, exporter, product, value::DOUBLE AS value, "
            "value_weighed::DOUBLE AS value_weighed, tonnes::DOUBLE AS tonnes FROM read_parquet(?)",
            [str(path)],
        ).df()
    return table


@cache
def _ideal_points() -> pd.DataFrame:
    return _csv("un_ideal_points.csv")


@cache
def _arms() -> pd.DataFrame:
    return _csv("arms_transfers_5yr.csv")


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
