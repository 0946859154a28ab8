"""What `ties` gives back: frozen records, ready for JSON."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from multialign.ties.crude import CrudePath
from multialign.ties.flows import Domain, Status


class Record(BaseModel):
    """Base of the records: frozen, and nothing beyond the named fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class TrendPoint(Record):
    """One year or window of a tie: what the state bought, in the tie's unit, or in diplomacy the distance."""

    period: str
    value: float | None
    share: float | None = Field(description="partner's share in the state's imports; null in diplomacy")


class Change(Record):
    """The latest period less the one five years before."""

    measure: Literal["share of imports, percentage points", "distance of ideal points"]
    value: float
    since: str
    until: str
    text: str


class Part(Record):
    """One product, industry or group of industries inside a domain."""

    name: str
    imports: float | None
    exports: float | None
    unit: str
    share_of_imports: float | None
    year: int
    status: Status
    in_total: bool = Field(description="whether the domain's own imports and exports include it")


class Tie(Record):
    """How a state stands to one partner in one domain. Shares are fractions of one; a null is not known.

    imports, exports: what the state buys from and sells to the partner, in `unit`; balance: exports less imports.
    share_of_imports, share_of_exports: the partner's share in what the state buys and sells abroad.
    share_of_partner_imports, share_of_partner_exports: the state's share in what the partner buys and sells abroad.
    rank, rank_as_market: the partner's place among the state's suppliers and buyers; in diplomacy `rank` is its
        place among all states by closeness.
    depth: share of imports over `frontier`, at most 1; in diplomacy 1 less distance over the year's largest.
    """

    domain: Domain
    partner: str
    partner_name: str
    unit: str | None
    imports: float | None
    exports: float | None
    balance: float | None
    share_of_imports: float | None
    share_of_exports: float | None
    share_of_partner_imports: float | None
    share_of_partner_exports: float | None
    rank: int | None
    rank_as_market: int | None
    depth: float | None = Field(ge=0, le=1)
    frontier: float | None
    distance: float | None = Field(description="diplomacy alone: distance of ideal points")
    trend: tuple[TrendPoint, ...] | None
    change: Change | None
    period: str
    year: int
    status: Status
    parts: tuple[Part, ...]
    crude: CrudePath | None
    notes: tuple[str, ...]
    source: str


class Concentration(Record):
    """How few suppliers a state has in a domain: Herfindahl index of import shares, in [0, 1].

    `herfindahl` takes the rest of the world as many small suppliers, `herfindahl_upper` as a single one.
    """

    domain: Domain
    herfindahl: float | None
    herfindahl_upper: float | None
    largest_supplier: str | None
    largest_share: float | None
    year: int


class Evenness(Record):
    """How evenly a state's ties in a domain lie among the great powers: normalised Shannon entropy, in [0, 1].

    shares: each power's part of the ties to the powers together (sums to 1); in diplomacy of closeness.
    powers_share: the powers' part in all that the state buys abroad; null in diplomacy.
    rank: place among the `of` states that have a figure, 1 = the most even.
    """

    domain: Domain
    evenness: float | None
    shares: dict[str, float]
    powers_share: float | None
    rank: int | None
    of: int


class MultiAlignment(Record):
    """Evenness by domain, and its plain mean over the domains that have a figure."""

    powers: tuple[str, ...]
    by_domain: tuple[Evenness, ...]
    overall: float | None
    domains_counted: int
    rank: int | None
    of: int


class Alignment(Record):
    """Where a state stands in UN votes, and the great power whose ideal point is nearest."""

    ideal_point: float | None
    year: int
    distances: dict[str, float]
    nearest: str | None
    nearest_five_years_before: str | None


class Summary(Record):
    """What the ties of a state amount to."""

    concentration: tuple[Concentration, ...]
    multi_alignment: MultiAlignment
    alignment: Alignment


class Ties(Record):
    """A state's ties to some partners in every domain, and what they amount to."""

    version: Literal[1] = 1
    kind: Literal["ties"] = "ties"
    state: str
    state_name: str
    partners: dict[str, str] = Field(description="code -> name, in the order asked for")
    world: str
    ties: tuple[Tie, ...] = Field(description="partner by partner, domains in the fixed order")
    summary: Summary
    citations: tuple[str, ...]

    def tie(self, partner: str, domain: str) -> Tie:
        """The tie to one partner in one domain. Raises InputError where it is not among these."""
        from multialign.errors import unknown
        from multialign.ties.actors import actor

        code = actor(partner, field="partner").code
        if code not in self.partners:
            raise unknown("partner", code, list(self.partners), field="partner")
        for tie in self.ties:
            if tie.partner == code and tie.domain == domain:
                return tie
        raise unknown("domain", domain, [t.domain for t in self.ties if t.partner == code], field="domain")

    def to_dict(self) -> dict[str, Any]:
        """The same as plain lists, dicts, numbers and text, as `ties_schema()` describes it."""
        return self.model_dump(mode="json")


def ties_schema() -> dict[str, Any]:
    """JSON schema of `Ties.to_dict()`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Ties.model_json_schema(mode="serialization"),
    }
