"""A question with some things changed: what a slider, or `answer_at`, does to it."""

from __future__ import annotations

from multialign.errors import InputError
from multialign.respond.question import Question, known_domains
from multialign.ties.flows import DOMAINS


def changed(question: Question, **changes: object) -> Question:
    """The same question with some things otherwise; what was solved for it holds for the new one too.

    changes: any weight of `ranges.UNKNOWNS` (a number, or least and greatest), ``tie_arms`` and ``tie_diplomacy`` for a
    tie's own weight; `domains` that the first offer opens, among those that it opened; `tariff`, points that the third
    power has announced (None for its best reply); `counter_offer`, whether it may outbid. Raises InputError for a
    change that does not exist or cannot be.
    """
    q = question
    weights = dict(q.weights)
    offers, pressures = q.all_offers, q.all_pressures
    for name, value in changes.items():
        if name == "domains":
            known_domains(tuple(value), "domains")  # type: ignore[arg-type]
            for d in value:  # type: ignore[attr-defined]
                if d not in offers[0].domains:
                    hint = f"it was solved for: {', '.join(offers[0].domains)}; prepare another"
                    raise InputError(f"the surface does not cover an offer in {d}", field="domains", hint=hint)
            domains = tuple(d for d in DOMAINS if d in value)  # type: ignore[operator]
            offers = (offers[0].model_copy(update={"domains": domains}), *offers[1:])
        elif name in ("tariff", "counter_offer"):
            update: dict[str, object] = {"counter_offer": bool(value)}
            if name == "tariff":
                update = {"announced": {} if value is None else {"tariff": float(value) / 100.0}}  # type: ignore[arg-type]
            pressures = tuple(p.model_copy(update=update) if p.by == q.third else p for p in pressures)
        else:
            key = name.replace("tie_", "tie.")
            weights[key] = value  # type: ignore[assignment]
            if name == "discount" and offers[0].discount is not None:
                offers = (offers[0].model_copy(update={"discount": None}), *offers[1:])
    return Question.full(
        q.focal, offers, pressures, weights=weights, parallel=q.parallel, measure=q.measure, condition=q.condition,
        provenance=dict(q.provenance),
    )  # fmt: skip
