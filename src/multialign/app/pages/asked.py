"""A question as the pages Ask and Answer hold it: pickers, the address, and the question itself."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any, NoReturn, TypeVar

from dash import dcc, html
from pydantic import BaseModel, ValidationError

from multialign.app import address
from multialign.app.layout import field, state_options
from multialign.errors import InputError, unknown
from multialign.respond import Offer, Pressure, Question
from multialign.ties.flows import DOMAINS

LEVELS = {
    "quick": ("a quick look: one set of elasticities, no reasons", ("median",), 1024),
    "standard": ("standard: all published sets", None, None),
    "thorough": ("thorough: all sets, 2,048 draws each", None, 2048),
}
"""Name -> what it is, the elasticity sets (None: all), draws for each set (None: as many as the precision needs)."""
PICKERS = ("focal", "offerer", "third", "domains", "level", "rivals")
Part = TypeVar("Part", Offer, Pressure)


def question_of(
    focal: Any,
    offerer: Any,
    third: Any = None,
    domains: Any = None,
    level: Any = "standard",
    rivals: Any = None,
    details: Any = None,
) -> tuple[Question, str]:
    """The question that the pickers put, and how thoroughly.

    third, rivals: one code or several. details: ``pressure.RUS`` or ``offer.CHN`` -> JSON of what a text says of that
    party beyond what the pickers show (see `details_of`); of parties that are not picked it is left aside.
    Raises InputError as `Question.full`, and for what is missing or cannot be read.
    """
    for value, label in ((focal, "state that must answer"), (offerer, "power that offers")):
        if not value:
            raise InputError(f"no {label} is chosen", hint="choose it from the list")
    if not domains:
        raise InputError("no domain is chosen", hint="an offer opens at least one")
    if level not in LEVELS:
        raise unknown("level", str(level)[:40], list(LEVELS), field="level")
    opened = tuple(str(d) for d in domains)
    thirds, others = _codes(third), _codes(rivals)
    told = dict(details or {})
    mine = [*(f"offer.{c}" for c in (offerer, *others)), *(f"pressure.{c}" for c in thirds)]
    if len(thirds) < 2 and not others and not any(name in told for name in mine):
        return Question.of(focal, offerer, thirds[0] if thirds else None, opened), str(level)
    offers = [_part(Offer, c, told.get(f"offer.{c}")) for c in (str(offerer), *others)]
    offers[0] = offers[0].model_copy(update={"domains": opened})
    pressures = tuple(_part(Pressure, c, told.get(f"pressure.{c}")) for c in thirds) or None
    return Question.full(focal, tuple(offers), pressures), str(level)


def _codes(given: Any) -> list[str]:
    return [str(c) for c in ([given] if isinstance(given, str) else given or []) if c]


def _part(kind: type[Part], by: str, text: str | None) -> Part:
    """One party's part. Raises InputError for a text that is no part."""
    try:
        given = json.loads(text, parse_constant=_refuse) if text else {}
        return kind.model_validate({**given, "by": by})
    except (ValueError, TypeError, RecursionError, ValidationError):
        name = f"{kind.__name__.lower()}.{by[:40]}"
        raise InputError(f"'{(text or '')[:40]}' cannot be read", field=name, hint="ask without it") from None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def details_of(question: Question) -> dict[str, str]:
    """What a question says of its parties beyond what the pickers show: ``offer.CHN`` or ``pressure.RUS`` -> JSON."""
    out = {}
    for k, o in enumerate(question.offers):
        out[f"offer.{o.by}"] = _told(o, {"by", "domains"} if k == 0 else {"by"})
    for p in question.pressures:
        out[f"pressure.{p.by}"] = _told(p, {"by"})
    return {name: text for name, text in out.items() if text != "{}"}


def _told(part: BaseModel, left_out: set[str]) -> str:
    return json.dumps(part.model_dump(mode="json", exclude=left_out, exclude_defaults=True), separators=(",", ":"))


def from_search(search: str, level: str = "standard") -> list[Any]:
    """What `question_of` takes, from an address such as ``?focal=IND&offerer=RUS``; None where not given. Raises
    InputError for an address that is too long."""
    given = address.fields(search)
    first = {k: v[0] for k, v in given.items()}
    domains = _listed(first.get("domains")) or list(DOMAINS)
    details = {k: v for k, v in first.items() if k.startswith(("offer.", "pressure."))}
    return [
        first.get("focal"), first.get("offerer"), _listed(first.get("third")), domains, first.get("level", level),
        _listed(first.get("rivals")), details,
    ]  # fmt: skip


def _listed(text: str | None) -> list[str]:
    return [part for part in (text or "").split(",") if part]


def search_pairs(picked: Iterable[Any], details: Mapping[str, str] | None = None) -> list[tuple[str, Any]]:
    """The fields of the address of what is picked, the reverse of `from_search`."""
    focal, offerer, third, domains, level, rivals = picked
    thirds, others = _codes(third), _codes(rivals)
    named = {*(f"offer.{c}" for c in (offerer, *others)), *(f"pressure.{c}" for c in thirds)}
    return [
        ("focal", focal), ("offerer", offerer), ("rivals", ",".join(others)), ("third", ",".join(thirds)),
        ("domains", ",".join(domains or [])), ("level", level if level != "standard" else None),
        *((name, text) for name, text in (details or {}).items() if name in named),
    ]  # fmt: skip


def picks_of(question: Question) -> list[Any]:
    """What the pickers show of a question, in the order of `PICKERS`."""
    thirds = [p.by for p in question.all_pressures]
    rivals = [o.by for o in question.all_offers[1:]]
    return [question.focal, question.offerer, thirds, list(question.domains), "standard", rivals]


def question_url(question: Question) -> str:
    """The address under which the Answer page takes up a question."""
    return "/answer" + address.search(search_pairs(picks_of(question), details_of(question)))


def editor(question: Question) -> html.Details:
    """The pickers with which the question that a text puts can be changed."""
    states = state_options()
    return html.Details(
        [
            html.Summary("Edit the question"),
            html.Div(
                [
                    field("Power that offers", dcc.Dropdown(id="ask-offerer", options=states, value=question.offerer)),
                    field(
                        "Powers whose offers compete",
                        dcc.Dropdown(
                            id="ask-rivals",
                            options=states,
                            multi=True,
                            placeholder="none",
                            value=[o.by for o in question.all_offers[1:]],
                        ),
                    ),
                    field(
                        "Third powers",
                        dcc.Dropdown(
                            id="ask-third", options=states, multi=True, value=[t.by for t in question.all_pressures]
                        ),
                    ),
                ],
                className="row",
            ),
            html.Fieldset(
                [
                    html.Legend("Domains that the offer opens"),
                    dcc.Checklist(
                        id="ask-domains", options=list(DOMAINS), value=list(question.domains), className="choices"
                    ),
                ]
            ),
            html.P(id="ask-edit-error", className="error", role="alert"),
        ]
    )
