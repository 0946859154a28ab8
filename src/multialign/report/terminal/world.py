"""What a World holds, as a table on a terminal."""

from __future__ import annotations

from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from multialign.world import World
from multialign.world.load import manifest

VERSION = 1


def world_report(world: World, *, embedded: bool) -> dict[str, Any]:
    """The facts that `world info` and `world check` show, JSON-ready."""
    worst = world.accounts().worst
    trade = world.trade
    home = sum(float(trade.sel(importer=c, exporter=c).sum()) for c in world.countries)
    report: dict[str, Any] = {
        "version": VERSION,
        "kind": "world",
        "name": world.name,
        "countries": len(world.countries),
        "industries": len(world.sectors),
        "value_added_musd": float(world.array("value_added").sum()),
        "trade_between_countries_musd": float(trade.sum()) - home,
        "elasticity": {
            "set": str(world.data.attrs.get("elasticity_set", "given")),
            "least": float(world.array("elasticity").min()),
            "greatest": float(world.array("elasticity").max()),
        },
        "accounts": {
            "balanced": world.balanced,
            "worst_identity": worst.identity,
            "country": worst.country,
            "industry": worst.sector,
            "miss_share_of_sales": worst.relative,
        },
    }
    if embedded:
        m = manifest()
        report |= {
            "sources": m["sources"],
            "build_report": m["report"],
            "sha256": m["sha256"],
            "bytes": m["bytes"],
        }
    return report


def print_world(report: dict[str, Any], console: Console) -> None:
    """Print a `world_report`."""
    a = report["accounts"]
    console.print(f"[bold]{report['name']}[/]", highlight=False)
    table = Table(show_header=False, box=box.SIMPLE, pad_edge=False)
    table.add_row("size", f"{report['countries']} countries, {report['industries']} industries")
    table.add_row("value added", f"{report['value_added_musd'] / 1e6:,.1f} trillion USD a year")
    table.add_row("trade between countries", f"{report['trade_between_countries_musd'] / 1e6:,.1f} trillion USD a year")
    e = report["elasticity"]
    table.add_row("trade elasticities", f"{e['set']}: {e['least']:g} to {e['greatest']:g}")
    state = (
        "balance" if a["balanced"] else "do not balance: taken as shares, the engine finds the equilibrium they imply"
    )
    table.add_row(
        "accounts", f"{state}; worst miss {a['miss_share_of_sales']:.1e} of sales ({a['country']}, {a['industry']})"
    )
    if "build_report" in report:
        b = report["build_report"]
        table.add_row(
            "balancing moved",
            f"{b['input_use_moved_share']:.1e} of all input use ({b['input_use_moved_musd']:.1f} million USD)",
        )
        table.add_row("file", f"{report['bytes'] / 1e6:.1f} MB, sha256 {report['sha256'][:16]}...")
    console.print(table)
    for source in report.get("sources", []):
        console.print(
            f"- {source['what']}: {source['publisher']}, {source['edition']}. {source['cite']}",
            style="dim",
            highlight=False,
        )
