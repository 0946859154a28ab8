"""Deliveries of major arms: SIPRI's trade register, summed to five-year windows."""

from __future__ import annotations

from pathlib import Path

from multialign.errors import InputError
from multialign.world import codes
from multialign.world.refresh.store import Entry, put, sha256
from multialign.world.refresh.tables import numbers, read_table

WHAT = "SIPRI's trade register as CSV, with Supplier, Recipient, Delivery year and TIV delivery values"
WINDOW = 5
PREAMBLE = 40
CITATION = "Stockholm International Peace Research Institute, SIPRI Arms Transfers Database"
NAMES = {
    "united states": "USA",
    "uae": "ARE",
    "south korea": "KOR",
    "viet nam": "VNM",
    "turkiye": "TUR",
    "türkiye": "TUR",
    "turkey": "TUR",
    "czechia": "CZE",
    "czech republic": "CZE",
    "cote d'ivoire": "CIV",
    "côte d'ivoire": "CIV",
    "brunei": "BRN",
    "laos": "LAO",
    "dr congo": "COD",
    "russia": "RUS",
    "soviet union": "RUS",
    "taiwan": "TWN",
    "hong kong": "HKG",
}
"""SIPRI's names that differ from the embedded world's."""


def add_arms(path: Path) -> Entry:
    """Take SIPRI's trade register into the user's data; its windows stand in for the embedded ones.

    Windows of five years end with the register's last year of delivery. Suppliers outside the embedded world are
    summed as OTHER, recipients outside it left out; both are counted in the entry's checks. Raises InputError.
    """
    needed = (
        ("Supplier",),
        ("Recipient",),
        ("Delivery year", "Year"),
        ("TIV delivery values", "TIV delivery value"),
    )
    table, first = read_table(path, needed, preamble=PREAMBLE, what=WHAT)
    table = table.assign(
        tiv=numbers(table, "TIV delivery values", path, first, blank=True).fillna(0.0),
        year=numbers(table, "Delivery year", path, first, blank=True),
    ).dropna(subset=["year"])
    if table.empty:
        raise InputError("has no deliveries", file=path, hint=f"right is {WHAT}")
    if (table["tiv"] < 0).any():
        raise InputError("has a negative TIV", file=path, field="TIV delivery values")
    last, start = int(table["year"].max()), int(table["year"].min())
    windows = [(e - WINDOW + 1, e) for e in range(last, start + WINDOW - 2, -WINDOW)][::-1]
    if not windows:
        raise InputError(f"covers {start} to {last}", file=path, hint=f"a window is {WINDOW} years; give more of them")
    known = _names()
    supplier = table["Supplier"].map(lambda n: known.get(_plain(n), "OTHER"))
    recipient = table["Recipient"].map(lambda n: known.get(_plain(n), ""))
    left_out = sorted(set(table.loc[recipient == "", "Recipient"].str.strip()))
    others = sorted(set(table.loc[supplier == "OTHER", "Supplier"].str.strip()))
    if (recipient != "").sum() == 0:
        raise InputError("names no recipient that is known here", file=path, field="Recipient", hint=f"right is {WHAT}")
    table = table.assign(supplier=supplier, recipient=recipient)
    table = table[(table["recipient"] != "") & (table["supplier"] != table["recipient"])]
    label = {y: f"{a}-{b}" for a, b in windows for y in range(a, b + 1)}
    table = table.assign(window=table["year"].astype(int).map(label)).dropna(subset=["window"])
    out = table.groupby(["supplier", "recipient", "window"], as_index=False)["tiv"].sum()
    entry = Entry(
        kind="arms",
        file="arms.csv",
        years=(windows[0][0], last),
        rows=len(out),
        source="SIPRI Arms Transfers Database",
        edition=f"trade register to {last}",
        licence="figures, summed over five years; SIPRI asks to be cited",
        citation=CITATION,
        source_file=path.name,
        source_sha256=sha256(path),
        checks=(
            f"{len(windows)} windows, {out['recipient'].nunique()} recipients, {out['tiv'].sum():,.0f} million TIV",
            f"{len(left_out)} recipients outside the embedded world left out" + _some(left_out),
            f"{len(others)} suppliers outside it summed as OTHER" + _some(others),
        ),
    )
    return put(entry, lambda p: out.to_csv(p, index=False, float_format="%.6g"))


def _names() -> dict[str, str]:
    by_name = {_plain(name): iso3 for iso3, name in codes.countries().items() if iso3 != "ROW"}
    embedded = set(codes.countries())
    return by_name | {name: iso3 for name, iso3 in NAMES.items() if iso3 in embedded}


def _plain(name: str) -> str:
    """A name without SIPRI's marks for parties that are no states (* and **), in lower case."""
    return name.strip().casefold()


def _some(names: list[str]) -> str:
    shown = ", ".join(names[:5]) + (" ..." if len(names) > 5 else "")
    return f" ({shown})" if names else ""
