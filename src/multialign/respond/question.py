"""The question: who must answer whom, who may answer back, and in which domains."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from multialign.errors import InputError, unknown
from multialign.ties.actors import actor
from multialign.ties.flows import DOMAINS, domain_flows
from multialign.world import World, load_world
from multialign.world.codes import GREAT_POWERS

if TYPE_CHECKING:  # a question asked without a text needs no language model
    from multialign.reading import Reading


PRESSING = ("THREATEN", "COERCE", "SANCTION", "PROTEST")
"""PLOVER events by which one state presses another."""


class Question(BaseModel):
    """How should `focal` answer the offer of `offerer`, with `third` looking on?

    domains: those that the offer opens; in the others depth cannot rise above today's.
    parallel: who else has been made a like offer. measure, condition: the offer's own words, where there is a text.
    provenance: for each field where it comes from: the text, the ties, or the user.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    focal: str
    offerer: str
    third: str
    domains: tuple[str, ...] = DOMAINS
    parallel: tuple[str, ...] = ()
    measure: str | None = None
    condition: str | None = None
    provenance: dict[str, str] = {}

    @classmethod
    def of(
        cls,
        focal: str,
        offerer: str,
        third: str | None = None,
        domains: tuple[str, ...] = DOMAINS,
        world: World | None = None,
    ) -> Question:
        """A question from codes or names. Without `third`, the great power that buys most of what the focal state
        sells abroad. Raises InputError for a stranger, or for a state in two parts at once."""
        who = {"focal": actor(focal, field="focal").code, "offerer": actor(offerer, field="offerer").code}
        provenance = dict.fromkeys(("focal", "offerer", "domains"), "given")
        if third is None:
            who["third"] = leverage_holder(who["focal"], who["offerer"], world or load_world())
            provenance["third"] = "ties: the great power that buys most of what the focal state sells abroad"
        else:
            who["third"], provenance["third"] = actor(third, field="pressure").code, "given"
        _apart(who)
        for d in domains:
            if d not in DOMAINS:
                raise unknown("domain", d, DOMAINS, field="domains")
        return cls(**who, domains=tuple(d for d in DOMAINS if d in domains), provenance=provenance)

    @classmethod
    def from_reading(
        cls, reading: Reading, focal: str, offerer: str | None = None, world: World | None = None
    ) -> Question | None:
        """The question that a document puts to `focal`, or None when it holds no offer to it.

        Of several offers the one with a measure or a condition is taken first, then the first in the text. The third
        power is the one that the text says presses the focal state; else the great power on which the text says it
        relies; else that of the ties.
        """
        code = actor(focal, field="focal").code
        given = actor(offerer, field="offerer").code if offerer else None
        offers = [
            o for o in reading.offers if _in_ties(o.target) == code and (given is None or _in_ties(o.source) == given)
        ]
        if not offers:
            return None
        offer = min(offers, key=lambda o: (o.measure is None and o.condition is None, o.start))
        source = str(_in_ties(offer.source))
        third, why = _third_in_text(reading, code, source)
        named = tuple(d for d in offer.domains if d in DOMAINS)
        question = cls.of(code, source, third, named or DOMAINS, world)
        provenance = question.provenance | {
            "focal": "given",
            "offerer": f"text, {offer.id}",
            "domains": f"text, {offer.id}" if named else "the offer names no domain: all are taken as open",
        }
        if third is not None:
            provenance["third"] = why
        others = {o.target for o in reading.offers if o.source == offer.source and o.target not in (code, None)}
        return question.model_copy(
            update={
                "parallel": tuple(sorted(str(t) for t in others)),
                "measure": offer.measure.text if offer.measure else None,
                "condition": offer.condition.text if offer.condition else None,
                "provenance": provenance,
            }
        )


def _in_ties(code: str | None) -> str | None:
    """A reading's code as the ties have it: the European Union is an organisation there and a power here."""
    return "EU27" if code == "EU" else code


def _apart(who: dict[str, str]) -> None:
    """Raise InputError where two roles fall to one state, or to a union and its member."""
    roles = list(who)
    for a in roles:
        for b in roles:
            if a < b and set(actor(who[a]).members) & set(actor(who[b]).members):
                raise InputError(
                    f"{who[a]} is both {a} and {b}" if who[a] == who[b] else f"{who[a]} and {who[b]} overlap",
                    field=b,
                    hint="focal state, offerer and third power must be three different ones",
                )


def leverage_holder(focal: str, offerer: str, world: World) -> str:
    """The great power, other than the offerer, to which the focal state sells most (trade in goods and services)."""
    sales = domain_flows("trade", world).latest
    me, other = set(actor(focal).members), set(actor(offerer).members)
    best = {
        power: float(sales[list(actor(power).members)][:, list(me)].sum())
        for power in GREAT_POWERS
        if not set(actor(power).members) & (me | other)
    }
    return max(best, key=lambda p: best[p])


def _third_in_text(reading: Reading, focal: str, offerer: str) -> tuple[str | None, str]:
    """Who presses the focal state, or failing that on whom it relies, in the document's words."""
    known = {*load_world().countries, "EU27"} - {"ROW"}
    taken = {*actor(focal).members, *actor(offerer).members}

    def usable(code: str | None) -> bool:
        return code in known and not taken & set(actor(code).members)

    for s in reading.statements:
        presses = s.relation == "pressure" or s.event in PRESSING
        source = _in_ties(s.source)
        if presses and s.mode != "negated" and _in_ties(s.target) == focal and usable(source):
            return source, f"text, {s.id}: presses {focal}"
    for s in reading.statements:
        target = _in_ties(s.target)
        if s.relation == "dependence" and _in_ties(s.source) == focal and usable(target) and target in GREAT_POWERS:
            return target, f"text, {s.id}: {focal} relies on it"
    return None, ""
