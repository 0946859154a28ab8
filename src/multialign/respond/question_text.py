"""From words to questions: offers, conditions, demands and threats of a text become the game's moves.

What the text does not say is filled in from the ties, and `Question.provenance` says of each part where it is from.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from multialign.respond.question import MOST_OFFERS, MOST_PRESSURES, Offer, Pressure, Question, ReplyKind
from multialign.ties.actors import actor
from multialign.ties.flows import DOMAINS
from multialign.world import World
from multialign.world.codes import GREAT_POWERS

if TYPE_CHECKING:
    from multialign.reading import Reading
    from multialign.reading.model import Offer as Signal

PRESSING = ("THREATEN", "COERCE", "SANCTION", "PROTEST")
"""PLOVER events by which one state presses another."""
UNNAMED = 0.5
"""How much a rise in a domain that a threat does not name counts, against one that it names."""
WORDS: dict[str, tuple[ReplyKind, ...]] = {
    "tariff": ("tariff",),
    "dut": ("tariff",),
    "sanction": ("finance", "technology", "secondary"),
    "export control": ("technology",),
}
"""Beginnings of words in a threat -> the replies that it names."""


def from_reading(
    reading: Reading, focal: str, offerer: str | None = None, world: World | None = None
) -> Question | None:
    """The question that a document puts to `focal`, or None when it holds no offer to it.

    Of several offers by one power the one with a measure or a condition is taken first, then the first in the text;
    offers by other powers compete with it. Third powers are those that the text says press, threaten or demand of the
    focal state; else the great power on which the text says it relies; else that of the ties.
    """
    from multialign.world.refresh import own_world

    world = world if world is not None else own_world()
    code = actor(focal, field="focal").code
    given = actor(offerer, field="offerer").code if offerer else None
    offers = [s for s in reading.offers if in_ties(s.target) == code and _known(in_ties(s.source), code, world)]
    mine = [s for s in offers if given is None or in_ties(s.source) == given]
    if not mine:
        return None
    ordered = sorted(mine, key=_fullness) + sorted((s for s in offers if s not in mine), key=_fullness)
    first: dict[str, Signal] = {}
    for s in ordered:
        first.setdefault(str(in_ties(s.source)), s)
    chosen = dict(list(first.items())[:MOST_OFFERS])
    taken = {code, *chosen}
    provenance = {"focal": "given"}
    made = []
    for k, (by, s) in enumerate(chosen.items()):
        named = tuple(d for d in DOMAINS if d in s.domains)
        made.append(Offer(by=by, domains=named or DOMAINS))
        where = "" if k == 0 else f"offers[{k}]."
        provenance[f"{where}offerer" if k == 0 else f"{where}by"] = f"text, {s.id}"
        provenance[f"{where}domains"] = f"text, {s.id}" if named else "the offer names no domain: all are taken as open"
    found = _pressures(reading, code, taken if len(chosen) == 1 else {code}, world)
    for k, (p, why) in enumerate(found):
        provenance["third" if k == 0 else f"pressure[{k}].by"] = why
        if p.minds:
            provenance[f"pressure[{k}].minds"] = why
        if p.replies != Pressure(by="x").replies:
            provenance[f"pressure[{k}].replies"] = why
    main = next(iter(chosen.values()))
    others = {o.target for o in reading.offers if o.source == main.source and in_ties(o.target) not in (code, None)}
    question = Question.full(
        code,
        tuple(made),
        tuple(p for p, _ in found) or None,
        world=world,
        parallel=tuple(sorted(str(t) for t in others)),
        measure=main.measure.text if main.measure else None,
        condition=main.condition.text if main.condition else None,
        provenance=provenance,
    )
    return question


def in_ties(code: str | None) -> str | None:
    """A reading's code as the ties have it: the European Union is an organisation there and a power here."""
    return "EU27" if code == "EU" else code


def _fullness(s: Signal) -> tuple[bool, int]:
    return (s.measure is None and s.condition is None, s.start)


def _known(code: str | None, focal: str, world: World) -> bool:
    known = {*world.countries, "EU27"} - {"ROW"}
    return code in known and not set(actor(focal).members) & set(actor(str(code)).members)


def _pressures(reading: Reading, focal: str, taken: set[str], world: World) -> list[tuple[Pressure, str]]:
    """Third powers in the document's words, each with why, at most `MOST_PRESSURES`."""
    blocked = {m for c in taken for m in actor(c).members}

    def usable(code: str | None) -> bool:
        return _known(code, focal, world) and not blocked & set(actor(str(code)).members)

    out: dict[str, tuple[Pressure, str]] = {}
    for signal in (*reading.threats, *reading.demands):
        by = in_ties(signal.source)
        if in_ties(signal.target) == focal and usable(by) and str(by) not in out:
            verb = "threatens" if signal.kind == "threat" else "demands something of"
            out[str(by)] = (_told(str(by), signal), f"text, {signal.id}: presses {focal} ({verb} it)")
    for s in reading.statements:
        by = in_ties(s.source)
        presses = s.relation == "pressure" or s.event in PRESSING
        if presses and s.mode != "negated" and in_ties(s.target) == focal and usable(by) and str(by) not in out:
            out[str(by)] = (Pressure(by=str(by)), f"text, {s.id}: presses {focal}")
    if out:
        return list(out.values())[:MOST_PRESSURES]
    for s in reading.statements:
        target = in_ties(s.target)
        if s.relation == "dependence" and in_ties(s.source) == focal and usable(target) and target in GREAT_POWERS:
            return [(Pressure(by=str(target)), f"text, {s.id}: {focal} relies on it")]
    return []


def _told(by: str, signal: Signal) -> Pressure:
    """A third power as a threat or demand describes it: domains named count in full, others half; replies named are
    those that it chooses from, the tariff of the record always among them."""
    named = [d for d in DOMAINS if d in signal.domains]
    text = signal.text.casefold()
    kinds = {k for word, some in WORDS.items() if word in text for k in some}
    replies = Pressure(by=by).replies
    if kinds and signal.kind == "threat":
        replies = tuple(k for k in replies if k in kinds or k == "tariff")
    minds = {d: 1.0 if d in named else UNNAMED for d in DOMAINS} if named and len(named) < len(DOMAINS) else {}
    return Pressure(by=by, minds=minds, replies=replies)
