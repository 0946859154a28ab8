"""The reader's coding in plain words: what a statement says, how it is meant, and what an offer holds."""

from __future__ import annotations

from multialign.reading.model import Offer, Speaker, Statement
from multialign.report.names import name, spoken
from multialign.report.numbers import joined

EVENTS = {
    "AGREE": "declares itself ready to work with",
    "CONSULT": "meets or talks with",
    "SUPPORT": "gives diplomatic support to",
    "COOPERATE": "works together with",
    "AID": "gives aid to",
    "YIELD": "makes a concession to",
    "RETREAT": "eases measures against",
    "REQUEST": "asks something of",
    "ACCUSE": "accuses",
    "REJECT": "rejects what comes from",
    "THREATEN": "threatens",
    "PROTEST": "protests against",
    "SANCTION": "cuts back ties with",
    "MOBILIZE": "readies forces against",
    "COERCE": "uses force short of arms against",
    "ASSAULT": "attacks",
}
"""PLOVER's sixteen roots, as a verb between two states."""
RELATIONS = {
    "tie": "has ties with",
    "dependence": "depends on",
    "imbalance": "has a lopsided trade with",
    "discount": "sells at a discount to",
    "pressure": "presses",
    "diversification": "wants to spread its ties beyond",
    "autonomy": "keeps its own course",
}
MODES = {
    "past": "",
    "ongoing": "",
    "future": "to come",
    "hypothetical": "supposed",
    "conditional": "on a condition",
    "negated": "denied or ruled out",
    "historical": "long past",
}


def who_does_what(s: Statement) -> str:
    """'Russia declares itself ready to work with India'."""
    source = spoken(s.source) if s.source else "somebody not named"
    verb = EVENTS[s.event] if s.event else RELATIONS[str(s.relation)]
    text = f"{source} {verb} {spoken(s.target)}" if s.target else f"{source} {_alone(s, verb)}"
    return text[:1].upper() + text[1:]


def _alone(s: Statement, verb: str) -> str:
    if s.relation == "diversification":
        return "wants to spread its ties"
    if s.relation is not None:
        return verb if s.relation == "autonomy" else f"{verb} somebody not named"
    return f"{verb} somebody not named"


def details(s: Statement) -> list[str]:
    """What else is coded: mode, domains, how far, condition, who says it, whose view."""
    out = []
    if MODES[s.mode]:
        out.append(MODES[s.mode])
    if s.change:
        out.append("growing" if s.change == "more" else "shrinking")
    if s.domains:
        out.append(f"in {joined(s.domains)}")
    if s.measure:
        out.append(f"how far: '{s.measure.text}'")
    if s.condition:
        out.append(f"condition: '{s.condition.text}'")
    if s.speaker:
        out.append(f"said by {speaker(s.speaker)}{' (quoted)' if s.quote else ''}")
    if s.assessor:
        out.append(f"view of {s.assessor}")
    if s.reporter:
        out.append(f"reported by {s.reporter}")
    return out


def coding(s: Statement) -> str:
    """One line: who does what, then the details."""
    rest = details(s)
    return f"{who_does_what(s)} ({'; '.join(rest)})" if rest else who_does_what(s)


def speaker(s: Speaker) -> str:
    """'Dmitry Peskov, spokesperson for Vladimir Putin (Russia)'."""
    role = s.role or ""
    if role and s.speaks_for:
        role = f"{role} for {s.speaks_for}"
    if s.name is None and not role and s.state:
        return spoken(s.state)
    if s.name is None:
        who = f"the {role}" if role else "somebody not named"
        return f"{who} ({name(s.state)})" if s.state else who
    text = f"{s.name}, {role}" if role else s.name
    return f"{text} ({name(s.state)})" if s.state else text


def tone(s: Statement) -> str:
    """Class of a statement for its mark: 'warm', 'cold' or 'state' (a state of affairs)."""
    if s.event is None:
        return "cold" if s.relation == "pressure" else "state"
    return "warm" if s.valence > 0 else "cold"


def offer_rows(o: Offer) -> list[tuple[str, str]]:
    """What an offer holds, as (label, text) pairs; only what the text says."""
    rows = [("words", o.text)]
    rows.append(("how far", o.measure.text if o.measure else "the text sets no measure"))
    rows.append(("condition", o.condition.text if o.condition else "none stated"))
    rows.append(("domains", joined(o.domains) if o.domains else "none named: all are taken as open"))
    if o.speaker:
        rows.append(("said by", speaker(o.speaker)))
    if o.parallel_targets:
        rows.append(("the like also to", joined([spoken(t) for t in o.parallel_targets])))
    if o.date:
        rows.append(("date", o.date))
    rows.append(("said in", joined([f"statement {number(i)}" for i in o.statements[:8]])))
    return rows


def number(statement_id: str) -> str:
    """The number that a statement carries in the text: 's12' -> '12'."""
    return statement_id.lstrip("s") or statement_id
