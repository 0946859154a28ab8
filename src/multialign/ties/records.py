"""What `ties` gives back: frozen records, ready for JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from multialign.ties.crude import CrudePath
from multialign.ties.dependence import Dependence
from multialign.ties.flows import Domain, Kind, Status
from multialign.ties.leaning import Leaning

if TYPE_CHECKING:
    import pandas as pd


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
    """One product, industry, sort (goods, services), use or customs group inside a domain; `code` is an industry's."""

    name: str
    kind: Kind
    code: str = ""
    imports: float | None
    exports: float | None
    unit: str
    share_of_imports: float | None
    year: int
    status: Status
    in_total: bool = Field(description="whether the domain's own imports and exports include it")
    tonnes_imports: float | None = Field(None, description="weight bought in the latest period, where recorded")
    tonnes_exports: float | None = None
    trend: tuple[TrendPoint, ...] | None = None


class TariffFaced(Record):
    """The tariff that one side levies on the other's goods, % of value. Weights are trade of the World's year.

    weighted: by what is traded between the two (prohibitive rates then weigh nothing, since little is traded);
    by_exports: by the exporter's goods exports to everybody, which such rates do not bend.
    added: further duty of `added_month` where it is known (US effective tariffs, 2025-26), % of import value.
    """

    importer: str
    exporter: str
    weighted: float | None
    by_exports: float | None
    year: int
    status: Status
    source: str
    added: float | None = None
    added_month: str | None = None
    added_path: tuple[TrendPoint, ...] | None = None


class StatementsYear(Record):
    """What the record of statements holds of a pair in one year: both directions counted apart.

    cooperation, conflict: statements of positive and of negative valence, from the state to the partner; `from_*`: from
    the partner to the state. balance: mean valence of both directions.
    """

    year: int
    cooperation: int
    conflict: int
    from_cooperation: int
    from_conflict: int
    balance: float


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
    statements: tuple[StatementsYear, ...] | None = Field(None, description="diplomacy, with a record, alone")
    notes: tuple[str, ...]
    source: str


class Concentration(Record):
    """How few suppliers a state has in a domain: Herfindahl index of import shares, in [0, 1].

    `herfindahl` takes the rest of the world as many small suppliers, `herfindahl_upper` as a single one. rank: place
    among the `of` states, 1 = the most concentrated. path: (period, herfindahl) over time where there is time.
    """

    domain: Domain
    herfindahl: float | None
    herfindahl_upper: float | None
    largest_supplier: str | None
    largest_share: float | None
    year: int
    rank: int | None = None
    of: int = 0
    path: tuple[TrendPoint, ...] | None = None


class EvennessPoint(Record):
    """Evenness in one period, and its rank among the `of` states that have a figure then."""

    period: str
    evenness: float | None
    rank: int | None
    of: int


class Evenness(Record):
    """How evenly a state's ties in a domain lie among the great powers: normalised Shannon entropy, in [0, 1].

    shares: each power's part of the ties to the powers together (sums to 1); in diplomacy of closeness.
    powers_share: the powers' part in all that the state buys abroad; null in diplomacy.
    rank: place among the `of` states that have a figure, 1 = the most even. path: over time where there is time.
    change: latest less five years (or one window) before.
    """

    domain: Domain
    evenness: float | None
    shares: dict[str, float]
    powers_share: float | None
    rank: int | None
    of: int
    path: tuple[EvennessPoint, ...] | None = None
    change: float | None = None


class MultiAlignment(Record):
    """Evenness by domain, and its plain mean over the domains that have a figure.

    path: the mean, and the rank by it, over `path_domains` alone, which are those whose source has time, in the years
    that all of them have (windows by their last year). change: the last of these less the one before.
    """

    powers: tuple[str, ...]
    by_domain: tuple[Evenness, ...]
    overall: float | None
    domains_counted: int
    rank: int | None
    of: int
    path_domains: tuple[str, ...] = ()
    path: tuple[EvennessPoint, ...] | None = None
    change: float | None = None


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
    tariffs: tuple[TariffFaced, ...] = Field((), description="for each partner: levied by the state, faced by it")
    summary: Summary
    dependence: tuple[Dependence, ...] = Field((), description="for each partner, where asked for")
    leaning: tuple[Leaning, ...] = Field((), description="for each partner, where deeper ties with a third are asked")
    citations: tuple[str, ...]

    def tie(self, partner: str, domain: str) -> Tie:
        """The tie to one partner in one domain. Raises InputError where it is not among these."""
        from multialign.errors import unknown
        from multialign.ties.actors import actor

        code = actor(partner, field="partner", group=True).code
        if code not in self.partners:
            raise unknown("partner", code, list(self.partners), field="partner")
        for tie in self.ties:
            if tie.partner == code and tie.domain == domain:
                return tie
        raise unknown("domain", domain, [t.domain for t in self.ties if t.partner == code], field="domain")

    def to_frame(self) -> pd.DataFrame:
        """A long table: one row for each partner, domain, item (``all`` or a part) and period that has a figure.

        Columns: state, partner, domain, item, period, imports, exports, share_of_imports, share_of_exports, depth,
        tonnes, distance, unit, status, source. Exports, depth and tonnes stand in the latest period alone.
        """
        import pandas as pd

        rows: list[dict[str, Any]] = []
        for t in self.ties:
            head = {"state": self.state, "partner": t.partner, "domain": t.domain, "status": t.status}
            for p in t.trend or ():
                if p.period != t.period:
                    past = {"item": "all", "period": p.period, "unit": t.unit, "source": t.source}
                    figure = {"distance": p.value} if t.domain == "diplomacy" else {"imports": p.value}
                    rows.append({**head, **past, **figure, "share_of_imports": p.share})
            names = (
                "imports",
                "exports",
                "share_of_imports",
                "share_of_exports",
                "depth",
                "distance",
                "unit",
                "source",
            )
            rows.append({**head, "item": "all", "period": t.period, **{n: getattr(t, n) for n in names}})
            for part in t.parts:
                of = {**head, "item": part.name, "unit": part.unit, "source": t.source, "status": part.status}
                for p in part.trend or ():
                    if p.period != str(part.year):
                        rows.append({**of, "period": p.period, "imports": p.value, "share_of_imports": p.share})
                latest = {n: getattr(part, n) for n in ("imports", "exports", "share_of_imports")}
                rows.append({**of, "period": str(part.year), **latest, "tonnes": part.tonnes_imports})
        columns = ["state", "partner", "domain", "item", "period", "imports", "exports", "share_of_imports"]
        columns += ["share_of_exports", "depth", "tonnes", "distance", "unit", "status", "source"]
        return pd.DataFrame(rows, columns=columns)

    def to_dict(self) -> dict[str, Any]:
        """The same as plain lists, dicts, numbers and text, as `ties_schema()` describes it."""
        return self.model_dump(mode="json")


def ties_schema() -> dict[str, Any]:
    """JSON schema of `Ties.to_dict()`."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Ties.model_json_schema(mode="serialization"),
    }
