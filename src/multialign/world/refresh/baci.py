"""CEPII's BACI: yearly files of trade by product, summed to the products and groups that the ties use."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from multialign.errors import InputError
from multialign.world import codes
from multialign.world.parquet import write_parquet
from multialign.world.refresh.store import Entry, entries, put, require_file, sha256

if TYPE_CHECKING:
    import pandas as pd

ENERGY = {
    "270900": "crude",
    "271111": "lng",
    "271121": "pipeline_gas",
    "270111": "coal",
    "270112": "coal",
    "270119": "coal",
    "270120": "coal",
    "270210": "coal",
}
"""HS code -> product of the energy panel. Coal: anthracite, bituminous, other, briquettes, lignite."""
REFINED = ("271000", "271011", "271012", "271019", "271020")
"""Petroleum products: one code in HS 1992, four in later revisions."""
CHAPTERS = {
    "30": "pharmaceuticals",
    "84": "machinery_and_computers",
    "85": "electrical_and_electronic",
    "88": "aircraft",
    "90": "instruments",
}
"""HS chapter -> group of technology goods."""
SPECIAL_CODES = {"490": "TWN"}
"""BACI has no ISO code for 'Other Asia, nes' (490), under which the UN files Taiwan's trade."""
COLUMNS = ("t", "i", "j", "k", "v", "q")
MOST_BYTES = 2 << 30
LEAST_FLOWS = 1000
EMBEDDED_LAST = 2024
"""Last year of the embedded energy panel."""
NAME = re.compile(r"BACI_(HS\d\d)_Y(\d{4})_V(\w+)\.csv$")
CITATION = (
    "CEPII BACI: Gaulier, G. and S. Zignago (2010), BACI: International Trade Database at the Product-Level, "
    "CEPII Working Paper 2010-23"
)
LICENCE = "Etalab Open Licence 2.0"


def iso_codes(names: pd.DataFrame, *, embedded_only: bool) -> dict[str, str]:
    """BACI's numeric code -> ISO3, from its own country table (columns country_code, country_iso3).

    Some states have several numeric codes (Belgium 56 and 58, Germany 276 and 280) or one that differs from the ISO
    standard (India 699, USA 842, France 251, Norway 579, Switzerland 757); BACI's table resolves all of them. Raises
    InputError where one of the embedded world's states is not in it.
    """
    embedded = set(codes.countries())
    out = {
        str(code).strip(): str(iso3).strip()
        for code, iso3 in zip(names["country_code"], names["country_iso3"], strict=True)
        if re.fullmatch(r"[A-Z]{3}", str(iso3).strip()) and (not embedded_only or str(iso3).strip() in embedded)
    }
    out.update(SPECIAL_CODES)
    missing = sorted(embedded - set(out.values()) - {"ROW"})
    if missing:
        raise InputError(f"no code for {', '.join(missing)}", field="country codes")
    return out


def summed(flows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Flows (columns `keys`, value, tonnes) summed: value, value_weighed (what has a weight), tonnes; value > 0 only.

    Single precision (7 digits) loses nothing that a price could show: BACI gives value to the dollar.
    """
    flows = flows.assign(value_weighed=flows["value"].where(flows["tonnes"] > 0, 0.0))
    out = flows.groupby(keys, as_index=False)[["value", "value_weighed", "tonnes"]].sum()
    for column in ("value", "value_weighed", "tonnes"):
        out[column] = out[column].astype("float32")
    return out[out["value"] > 0].sort_values(keys, ignore_index=True)


def add_baci(path: Path, country_codes: Path | None = None) -> Entry:
    """Take one yearly BACI file into the user's data: energy, refined products, all goods and technology goods.

    path: ``BACI_HS92_Y2023_V202501.csv`` (t, i, j, k, v in thousand USD, q in tonnes). country_codes: the publisher's
    ``country_codes_V202501.csv``; by default sought beside the file. Raises InputError, naming file and field.
    """
    require_file(path, MOST_BYTES)
    table = _country_table(path, country_codes)
    flows = _read(path)
    to_code = iso_codes(table, embedded_only=False)
    known = set(table["country_code"].astype(str).str.strip())
    strangers = sorted((set(flows["i"]) | set(flows["j"])) - known)
    if strangers:
        raise InputError(
            f"country codes {', '.join(strangers[:8])} are not in the country table",
            file=path,
            hint="give the country_codes file of the same edition",
        )
    years = sorted(set(flows["t"]))
    if len(years) != 1:
        raise InputError(
            f"holds the years {years[0]} to {years[-1]}", file=path, hint="BACI's files hold one year each"
        )
    flows["exporter"] = flows["i"].map(to_code).fillna("ROW")
    flows["importer"] = flows["j"].map(to_code).fillna("ROW")
    out = summed(flows, ["year", "importer", "exporter", "item"])
    total = out.loc[out["item"] == "goods", "value"].sum()
    name = NAME.search(path.name)
    edition = f"BACI {name[1]}, V{name[3]}" if name else f"BACI, file {path.name}"
    checks = [f"{len(flows):,} flows, goods worth {total / 1e6:,.2f} trillion USD"]
    for product in ("crude", "lng", "pipeline_gas", "coal"):
        if not (out["item"] == product).any():
            checks.append(f"no {product}")
    year = int(years[0])
    own = {e.years[0] for e in entries("baci")}
    gap = [y for y in range(EMBEDDED_LAST + 1, year) if y not in own]
    if gap:
        checks.append(f"not read before {', '.join(map(str, gap))} is added: the panel has no gaps")
    entry = Entry(
        kind="baci",
        file=f"baci_{year}.parquet",
        years=(year, year),
        rows=len(out),
        source="CEPII BACI",
        edition=edition,
        licence=LICENCE,
        citation=CITATION,
        source_file=path.name,
        source_sha256=sha256(path),
        checks=tuple(checks),
    )
    return put(entry, lambda p: write_parquet(out, p, order=("item", "importer", "exporter")))


def _country_table(path: Path, given: Path | None) -> pd.DataFrame:
    import pandas as pd

    if given is None:
        beside = sorted(path.parent.glob("country_codes_V*.csv"))
        if not beside:
            raise InputError(
                "has no country_codes_V*.csv beside it",
                file=path,
                hint="put the publisher's country table there, or name it with --country-codes",
            )
        given = beside[-1]
    require_file(given, 1 << 20)
    try:
        table = pd.read_csv(given, dtype=str, keep_default_na=False)
    except (ValueError, UnicodeDecodeError) as cause:
        raise InputError("is not a CSV table in UTF-8", file=given) from cause
    for column in ("country_code", "country_iso3"):
        if column not in table:
            raise InputError(
                f"has no column '{column}'",
                file=given,
                line=1,
                hint=f"it has: {', '.join(map(str, table.columns[:8]))}",
            )
    return table


def _read(path: Path) -> pd.DataFrame:
    """Columns t, i, j, year, item, value (million USD), tonnes; a flow counts under each item that it belongs to."""
    import duckdb

    with path.open("rb") as handle:
        head = handle.readline(4096)
    found = [c.strip().strip('"') for c in head.decode("utf-8-sig", "replace").strip().split(",")]
    if tuple(found[:6]) != COLUMNS:
        raise InputError(
            f"begins with the columns {', '.join(found[:8])!r}",
            file=path,
            line=1,
            hint="a yearly BACI file begins with t,i,j,k,v,q",
        )
    try:
        with duckdb.connect() as connection:
            # Six digits: some hands drop the leading zero of chapters 1 to 9.
            connection.execute(
                "CREATE TEMP TABLE flows AS SELECT trim(t) AS t, trim(i) AS i, trim(j) AS j, "
                "lpad(trim(k), 6, '0') AS k, try_cast(trim(v) AS DOUBLE) / 1e3 AS value, "
                "try_cast(trim(q) AS DOUBLE) AS tonnes, trim(v) AS v FROM read_csv(?, header = true, delim = ',', "
                "all_varchar = true, strict_mode = false)",
                [str(path)],
            )
            bad = connection.execute(
                "SELECT rowid + 2, t, k, v FROM flows WHERE value IS NULL OR value < 0 "
                "OR NOT regexp_matches(k, '^[0-9]{6}$') OR NOT regexp_matches(t, '^[0-9]{4}$') ORDER BY rowid LIMIT 1"
            ).fetchone()
            if bad:
                raise InputError(
                    f"found year '{bad[1]}', product '{bad[2]}', value '{bad[3]}'",
                    file=path,
                    line=int(bad[0]),
                    hint="right are a year, a product of six digits and a value in thousand USD",
                )
            row = connection.execute("SELECT count(*) FROM flows").fetchone()
            if row is None or row[0] < LEAST_FLOWS:
                raise InputError(
                    f"has {row[0] if row else 0} flows", file=path, hint="a year of BACI has several million"
                )
            parts = [
                "SELECT t, i, j, 'goods' AS item, sum(value) AS value, sum(tonnes) AS tonnes "
                "FROM flows GROUP BY 1, 2, 3"
            ]
            for product, wanted in _groups().items():
                test = " OR ".join(f"k LIKE '{code}%'" for code in wanted)
                parts.append(f"SELECT t, i, j, '{product}', value, tonnes FROM flows WHERE {test}")  # noqa: S608
            out: pd.DataFrame = connection.execute(" UNION ALL ".join(parts)).df()
    except duckdb.Error as cause:
        raise InputError(f"cannot be read as CSV ({str(cause).splitlines()[0][:120]})", file=path) from cause
    out["year"] = out["t"].astype(int)
    out["t"] = out["year"]
    return out


def _groups() -> dict[str, list[str]]:
    """Item -> the beginnings of its product codes."""
    out: dict[str, list[str]] = {}
    for code, product in ENERGY.items():
        out.setdefault(product, []).append(code)
    out["refined"] = list(REFINED)
    for chapter, name in CHAPTERS.items():
        out[name] = [chapter]
    return out
