"""Offers: statements that propose more of a tie, repeats merged, like offers to others marked as parallel."""

from __future__ import annotations

import re
from typing import get_args

from multialign.reading.model import Condition, Domain, Measure, Offer, SignalKind, Speaker, Statement

_PROPOSING = ("future", "ongoing", "conditional", "past", "hypothetical")


_LIKE = re.compile(r"\b(?:same|similar|like|identical) (?:offer|proposal|demand|request|threat|warning)s?\b", re.I)
_EVENTS: dict[SignalKind, str] = {"offer": "AGREE", "demand": "REQUEST", "threat": "THREATEN"}


def find(statements: list[Statement], kind: SignalKind = "offer") -> list[Offer]:
    """Offers made by the statements of one document; with another `kind`, its demands or threats.

    A statement proposes when it is an AGREE (PLOVER's root for offers and promises), not denied or long past, by one
    named state to another, and not merely somebody's view. Those of one dyad are one offer unless they name
    domains that have nothing in common. Two offers of one source are parallel when a statement of one repeats one
    of the other, when one wording makes both, when the same speaker makes both, when they name a domain in common,
    or when the text calls one of them the same.
    """
    by_id = {s.id: s for s in statements}
    clusters: list[list[Statement]] = []
    for s in statements:
        if not proposes(s, kind):
            continue
        for cluster in clusters:
            if cluster[0].source == s.source and cluster[0].target == s.target and _same_matter(cluster, s):
                cluster.append(s)
                break
        else:
            clusters.append([s])
    mains = [max(c, key=lambda s: _fullness(s, c)) for c in clusters]
    ids = [f"{kind[0]}{i}" for i in range(1, len(clusters) + 1)]
    out = []
    for i, (cluster, main) in enumerate(zip(clusters, mains, strict=True)):
        likes = [
            j for j, other in enumerate(clusters)
            if j != i and mains[j].source == main.source and mains[j].target != main.target
            and _parallel(cluster, other, by_id)
        ]  # fmt: skip
        out.append(
            Offer(
                id=ids[i], kind=kind, statement=main.id, statements=[s.id for s in cluster],
                source=str(main.source), target=str(main.target),
                domains=_domain_order(cluster),
                measure=_first_measure(main, cluster), condition=_first_condition(main, cluster),
                speaker=_first_speaker(main, cluster), parallel=[ids[j] for j in likes],
                parallel_targets=list(dict.fromkeys(str(mains[j].target) for j in likes)),
                date=main.date, start=main.start, end=main.end, text=main.text,
            )
        )  # fmt: skip
    return out


def proposes(s: Statement, kind: SignalKind = "offer") -> bool:
    """Whether a statement is an offer (or a demand, a threat)."""
    return (
        s.event == _EVENTS[kind]
        and s.mode in _PROPOSING
        and s.source is not None
        and s.target is not None
        and s.assessor is None
    )


def _same_matter(cluster: list[Statement], s: Statement) -> bool:
    named = {d for c in cluster for d in c.domains}
    return not named or not s.domains or bool(named & set(s.domains))


def _fullness(s: Statement, cluster: list[Statement]) -> tuple[float, int]:
    score = 0.0
    score += 3 if s.measure is not None else 0
    score += 2 if s.condition is not None else 0
    score += 2 if s.speaker is not None and s.speaker.name else 1 if s.speaker is not None else 0
    score += 0.5 if s.like is None else 0
    score -= 1 if len(s.text) < 20 else 0
    return score, -s.start


def _domain_order(cluster: list[Statement]) -> list[Domain]:
    named = {d for s in cluster for d in s.domains}
    return [d for d in get_args(Domain) if d in named]


def _first_measure(main: Statement, cluster: list[Statement]) -> Measure | None:
    return next((s.measure for s in [main, *cluster] if s.measure is not None), None)


def _first_condition(main: Statement, cluster: list[Statement]) -> Condition | None:
    return next((s.condition for s in [main, *cluster] if s.condition is not None), None)


def _first_speaker(main: Statement, cluster: list[Statement]) -> Speaker | None:
    named = [s.speaker for s in [main, *cluster] if s.speaker is not None and s.speaker.name]
    return named[0] if named else next((s.speaker for s in [main, *cluster] if s.speaker is not None), None)


def _parallel(one: list[Statement], two: list[Statement], by_id: dict[str, Statement]) -> bool:
    ids_one, ids_two = {s.id for s in one}, {s.id for s in two}
    if any(s.like in ids_two for s in one) or any(s.like in ids_one for s in two):
        return True
    if {s.group for s in one if s.group} & {s.group for s in two if s.group}:
        return True
    matters = [{d for s in group for d in s.domains} for group in (one, two)]
    if matters[0] & matters[1] or any(_LIKE.search(s.text) for s in (*one, *two)):
        return True
    names_one = {s.speaker.name for s in one if s.speaker and s.speaker.name}
    names_two = {s.speaker.name for s in two if s.speaker and s.speaker.name}
    return bool(names_one & names_two)
