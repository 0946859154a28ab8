"""What was built from a user's table, and what was mended, on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from multialign.world import World
from multialign.world.readers import BuildReport, Finding

VERSION = 1


def print_build(report: BuildReport, out: Path, console: Console) -> None:
    """Print a `BuildReport`."""
    year = f", {report.year}" if report.year is not None else ""
    console.print(f"[bold]{report.source}{year}[/] from {report.file}", highlight=False, soft_wrap=True)
    table = Table(show_header=False, box=box.SIMPLE, pad_edge=False)
    table.add_row("read", f"{report.numbers:,} numbers")
    table.add_row("size", f"{report.countries} countries, {report.industries} industries")
    table.add_row("trade elasticities", report.elasticity)
    table.add_row("accounts", f"balance; worst miss {report.miss:.1e} of a country's sales")
    console.print(table)
    _print_findings([f.to_dict() for f in report.findings], console)
    console.print(f"written to {out}", highlight=False, soft_wrap=True)


def aggregation_report(old: World, new: World, findings: Sequence[Finding]) -> dict[str, Any]:
    """What an aggregation did, JSON-ready."""
    return {
        "version": VERSION,
        "kind": "world_aggregation",
        "name": new.name,
        "countries": {"before": len(old.countries), "after": len(new.countries)},
        "industries": {"before": len(old.sectors), "after": len(new.sectors)},
        "value_added_musd": {w: float(x.array("value_added").sum()) for w, x in (("before", old), ("after", new))},
        "findings": [f.to_dict() for f in findings],
        "accounts_miss_share_of_sales": new.accounts().worst.relative,
    }


def print_aggregation(report: dict[str, Any], out: Path, console: Console) -> None:
    """Print an `aggregation_report`."""
    console.print(f"[bold]{report['name']}[/]", highlight=False)
    table = Table(show_header=False, box=box.SIMPLE, pad_edge=False)
    for what in ("countries", "industries"):
        table.add_row(what, f"{report[what]['before']} -> {report[what]['after']}")
    table.add_row("value added", f"{report['value_added_musd']['after'] / 1e6:,.2f} trillion USD, as before")
    table.add_row("accounts", f"worst miss {report['accounts_miss_share_of_sales']:.1e} of a country's sales")
    console.print(table)
    _print_findings(report["findings"], console)
    console.print(f"written to {out}", highlight=False, soft_wrap=True)


def _print_findings(findings: Sequence[dict[str, Any]], console: Console) -> None:
    if not findings:
        console.print("nothing had to be mended")
        return
    table = Table(box=box.SIMPLE, pad_edge=False)
    table.add_column("found and done")
    table.add_column("million USD", justify="right")
    table.add_column("share", justify="right")
    table.add_column("largest")
    for f in findings:
        share = f"{f['share']:.2%}" if abs(f["share"]) >= 5e-5 else f"{f['share']:.0e}"
        table.add_row(f["text"], f"{f['musd']:,.1f}", f"{share} of {f['of']}", f["where"])
    console.print(table)
