"""`multialign ties`."""

from __future__ import annotations

from typing import Annotated

import typer

from multialign.cli.common import Json, Schema, app, console, emit
from multialign.errors import InputError


@app.command()
def ties(
    state: Annotated[str | None, typer.Argument(help="ISO3 code or name of the state.")] = None,
    with_: Annotated[str | None, typer.Option("--with", help="Partners, comma-separated: RUS,CHN,USA.")] = None,
    as_json: Json = False,
    schema: Schema = False,
) -> None:
    """How a state stands to others: shares, accounts, depth, trend."""
    from multialign.ties import ties as look_up
    from multialign.ties import ties_schema

    if schema:
        return emit(ties_schema())
    if state is None:
        raise InputError("no state given", hint="multialign ties IND --with RUS,USA")
    partners = [p.strip() for p in with_.split(",") if p.strip()] if with_ is not None else None
    found = look_up(state, with_=partners)
    if as_json:
        return emit(found.to_dict())
    from multialign.report.terminal.ties import print_ties

    print_ties(found, console())
