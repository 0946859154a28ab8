"""The question: who must answer whom, who may answer back, in which domains, and on what is assumed of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field

from multialign.errors import InputError, unknown
from multialign.respond.ranges import Range, check_weights
from multialign.ties.actors import actor
from multialign.ties.flows import DOMAINS, domain_flows
from multialign.world import World
from multialign.world.codes import GREAT_POWERS

if TYPE_CHECKING:  # a question asked without a text needs no language model
    from multialign.reading import Reading

MOST_OFFERS = 3
MOST_PRESSURES = 3
ReplyKind = Literal["tariff", "technology", "finance", "secondary"]
REPLIES: tuple[ReplyKind, ...] = ("tariff", "technology", "finance", "secondary")
"""Kinds of reply: an extra tariff on the focal state's goods; less technology sold to it; payments and shipping between
the two made dearer; the same for energy between focal state and offerer (secondary sanctions)."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Offer(_Part):
    """What one power offers the focal state.

    domains: those that it opens; elsewhere depth cannot rise above today's. most: domain -> greatest depth on offer
    (by default what it can serve). discount: the part of crude's price that it gives up at depth 1 beyond today's
    (by default as deep as it has been since 2022). payments: trade costs between the two that easier payments take
    away at depth 1 of trade, as a part of the price. consent: ``word`` takes it at its word; ``interest`` lets it go
    only as far as pays for itself.
    """

    by: str
    domains: tuple[str, ...] = DOMAINS
    most: dict[str, float] = {}
    discount: float | None = Field(None, ge=0.0, le=0.5)
    payments: float = Field(0.0, ge=0.0, le=0.2)
    consent: Literal["word", "interest"] = "word"


class Record(_Part):
    """A reply on record, by which a third power's temper is measured: its kind, its size (tariff, finance, secondary:
    ad-valorem; technology: share denied), and the mean rise of depth that calls it forth."""

    kind: ReplyKind = "tariff"
    size: float = Field(0.25, gt=0.0, le=1.0)
    rise: Range = (0.05, 0.5)


class Pressure(_Part):
    """How a third power may answer.

    minds: domain -> how much a rise there counts (1 where not given). replies: kinds it may choose from; none, and it
    only looks on. menu: kind -> sizes it chooses among; by default any size. counter_offer: whether it may outbid.
    demand: domain -> depth above which it answers; by default today's. announced: kind -> size of an answer that it
    has bound itself to, instead of its best reply. record: what its temper is measured by.
    """

    by: str
    minds: dict[str, float] = {}
    replies: tuple[ReplyKind, ...] = REPLIES
    menu: dict[ReplyKind, tuple[float, ...]] = {}
    counter_offer: bool = True
    demand: dict[str, float] = {}
    announced: dict[ReplyKind, float] = {}
    record: Record = Record()


class Question(_Part):
    """How should `focal` answer the offer of `offerer`, with `third` looking on?

    domains: those that the offer opens; in the others depth cannot rise above today's.
    parallel: who else has been made a like offer. measure, condition: the offer's own words, where there is a text.
    offers, pressures: all offers and all third powers in full, the first of each being `offerer`'s and `third`'s;
    empty for what `offerer`, `domains` and `third` say. weights: weights that the user fixes (a number) or bounds.
    provenance: for each field where it comes from: the text, the ties, or the user.
    """

    focal: str
    offerer: str
    third: str
    domains: tuple[str, ...] = DOMAINS
    parallel: tuple[str, ...] = ()
    measure: str | None = None
    condition: str | None = None
    provenance: dict[str, str] = {}
    offers: tuple[Offer, ...] = ()
    pressures: tuple[Pressure, ...] = ()
    weights: dict[str, float | Range] = {}

    @property
    def all_offers(self) -> tuple[Offer, ...]:
        """Every offer in full."""
        return self.offers or (Offer(by=self.offerer, domains=self.domains),)

    @property
    def all_pressures(self) -> tuple[Pressure, ...]:
        """Every third power in full."""
        return self.pressures or (Pressure(by=self.third),)

    @property
    def parties(self) -> tuple[str, ...]:
        """Focal state, offerers, third powers, each once."""
        codes = (self.focal, *(o.by for o in self.all_offers), *(p.by for p in self.all_pressures))
        return tuple(dict.fromkeys(codes))

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
            who["third"] = leverage_holder(who["focal"], who["offerer"], world)
            provenance["third"] = "ties: the great power that buys most of what the focal state sells abroad"
        else:
            who["third"], provenance["third"] = actor(third, field="pressure").code, "given"
        _apart(who)
        known_domains(domains, "domains")
        return cls(**who, domains=tuple(d for d in DOMAINS if d in domains), provenance=provenance)

    @classmethod
    def full(
        cls,
        focal: str,
        offers: tuple[Offer, ...],
        pressures: tuple[Pressure, ...] | None = None,
        *,
        weights: dict[str, float | Range] | None = None,
        world: World | None = None,
        **about: object,
    ) -> Question:
        """A question with every offer and third power spelled out.

        pressures: None for the great power that buys most of what the focal state sells; empty for nobody who answers.
        about: measure, condition, parallel, provenance. Raises InputError, naming the field.
        """
        me = actor(focal, field="focal").code
        offers = tuple(_checked_offer(o, k) for k, o in enumerate(offers))
        if not 1 <= len(offers) <= MOST_OFFERS:
            raise InputError(f"{len(offers)} offers", field="offers", hint=f"one to {MOST_OFFERS}")
        raw = about.pop("provenance", {})
        provenance: dict[str, str] = dict(raw) if isinstance(raw, dict) else {}
        if pressures is None or not pressures:
            third = leverage_holder(me, offers[0].by, world, tuple(o.by for o in offers))
            calm = pressures is not None
            pressures = (Pressure(by=third, replies=(), counter_offer=False) if calm else Pressure(by=third),)
            said = "ties: the great power that buys most of what the focal state sells abroad"
            provenance.setdefault("third", "given: nobody answers" if calm else said)
        pressures = tuple(_checked_pressure(p, k) for k, p in enumerate(pressures))
        if len(pressures) > MOST_PRESSURES:
            raise InputError(f"{len(pressures)} third powers", field="pressure", hint=f"at most {MOST_PRESSURES}")
        for kind, given in (("offers", [o.by for o in offers]), ("pressure", [p.by for p in pressures])):
            if len(set(given)) < len(given):
                raise InputError(f"names {max(set(given), key=given.count)} twice", field=kind, hint="each once")
        for place, o in enumerate(offers):
            _apart({"focal": me, f"offers[{place}].by": o.by})
        for place, p in enumerate(pressures):
            _apart({"focal": me, f"pressure[{place}].by": p.by})
            if len(offers) == 1:
                _apart({"offerer": offers[0].by, f"pressure[{place}].by": p.by})
        weights = dict(weights or {})
        check_weights(weights)
        for name in ("focal", "offerer", "domains", "third"):
            provenance.setdefault(name, "given")
        return cls(
            focal=me,
            offerer=offers[0].by,
            third=next((p.by for p in pressures if p.by != offers[0].by), pressures[0].by),
            domains=offers[0].domains,
            offers=offers,
            pressures=pressures,
            weights=weights,
            provenance=provenance,
            **about,  # type: ignore[arg-type]
        )

    @classmethod
    def from_reading(
        cls, reading: Reading, focal: str, offerer: str | None = None, world: World | None = None
    ) -> Question | None:
        """The question that a document puts to `focal`, or None when it holds no offer to it (see
        `question_text.from_reading`)."""
        from multialign.respond.question_text import from_reading

        return from_reading(reading, focal, offerer, world)


def known_domains(domains: tuple[str, ...] | dict[str, float], field: str) -> None:
    """Raise InputError for a domain that ties do not have."""
    for d in domains:
        if d not in DOMAINS:
            raise unknown("domain", d, DOMAINS, field=field)


def _checked_offer(o: Offer, place: int) -> Offer:
    where = f"offers[{place}]"
    known_domains(o.domains, f"{where}.domains")
    known_domains(o.most, f"{where}.most")
    for d, a in o.most.items():
        if not 0 <= a <= 1:
            raise InputError(f"depth {a:g}", field=f"{where}.most.{d}", hint="a depth lies between 0 and 1")
        if d not in o.domains:
            raise InputError(f"the offer does not open {d}", field=f"{where}.most.{d}", hint="add it to the domains")
    if not o.domains:
        raise InputError("opens no domain", field=f"{where}.domains", hint=f"domains are: {', '.join(DOMAINS)}")
    by = actor(o.by, field=f"{where}.by").code
    return o.model_copy(update={"by": by, "domains": tuple(d for d in DOMAINS if d in o.domains)})


def _checked_pressure(p: Pressure, place: int) -> Pressure:
    where = f"pressure[{place}]"
    known_domains(p.minds, f"{where}.minds")
    known_domains(p.demand, f"{where}.demand")
    for d, w in p.minds.items():
        if not 0 <= w <= 100:
            raise InputError(f"weight {w:g}", field=f"{where}.minds.{d}", hint="a weight lies between 0 and 100")
    for d, a in p.demand.items():
        if not 0 <= a <= 1:
            raise InputError(f"depth {a:g}", field=f"{where}.demand.{d}", hint="a depth lies between 0 and 1")
    for field, sizes in (("menu", p.menu), ("announced", p.announced)):
        for kind, values in sizes.items():
            for x in values if isinstance(values, tuple) else (values,):
                if not 0 < x <= 1:
                    raise InputError(f"size {x:g}", field=f"{where}.{field}.{kind}", hint="above 0, at most 1")
    if p.announced and not p.replies:
        raise InputError("an announced answer, but no replies", field=f"{where}.announced", hint="leave replies out")
    if p.replies and p.record.kind not in p.replies:
        raise InputError(
            f"the record is of a {p.record.kind}, which is not among the replies",
            field=f"{where}.record.kind",
            hint=f"replies are: {', '.join(p.replies)}",
        )
    low, high = p.record.rise
    if not 0 < low <= high <= 1:
        raise InputError(f"from {low:g} to {high:g}", field=f"{where}.record.rise", hint="two depths, 0 to 1, rising")
    return p.model_copy(update={"by": actor(p.by, field=f"{where}.by").code})


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


def leverage_holder(focal: str, offerer: str, world: World | None = None, besides: tuple[str, ...] = ()) -> str:
    """The great power, other than the offerers, to which the focal state sells most (trade in goods and services).

    world: by default the embedded world, or the user's own. Raises InputError where no great power is left.
    """
    from multialign.world.refresh import own_world

    world = world if world is not None else own_world()
    sales = domain_flows("trade", world).latest
    me = set(actor(focal).members)
    others = {m for o in (offerer, *besides) for m in actor(o).members}
    best = {
        power: float(sales[list(actor(power).members)][:, list(me)].sum())
        for power in GREAT_POWERS
        if not set(actor(power).members) & (me | others)
    }
    if not best:
        raise InputError("no great power is left to look on", field="pressure", hint="name one")
    return max(best, key=lambda p: best[p])
