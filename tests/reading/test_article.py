"""The article that the project began with: what must be found in it, and that nothing else is claimed."""

from __future__ import annotations

from pathlib import Path

import pytest

from multialign.reading import Reading, Statement, read

_FOLDER = Path(__file__).resolve().parents[3] / "shared" / "article"
_FILES = sorted(_FOLDER.glob("*.txt")) if _FOLDER.is_dir() else []
pytestmark = pytest.mark.skipif(not _FILES, reason="the article is not here")


@pytest.fixture(scope="module")
def reading() -> Reading:
    return read(_FILES[0], date="2025-12-03")


def _one(reading: Reading, *words: str, **wanted: object) -> Statement:
    """The statement with these fields whose span has all of these words."""
    found = [
        s
        for s in reading.statements
        if all(getattr(s, k) == v for k, v in wanted.items()) and all(w in s.text for w in words)
    ]
    assert found, (words, wanted, [(s.source, s.target, s.event or s.relation, s.text) for s in reading.statements])
    return found[0]


def test_offer_to_india(reading: Reading) -> None:
    (offer,) = [o for o in reading.offers if o.target == "IND"]
    assert offer.source == "RUS"
    assert offer.measure and offer.measure.text == "beyond limits"
    assert offer.condition and "readiness" in offer.condition.text and "India" in offer.condition.text
    assert offer.speaker and offer.speaker.model_dump() == {
        "name": "Dmitry Peskov",
        "role": "spokesperson",
        "state": "RUS",
        "speaks_for": "Vladimir Putin",
    }
    assert "expanding cooperation" in offer.text
    assert len(offer.statements) >= 3  # said indirectly and directly: one offer
    assert any(reading.statement(i).quote for i in offer.statements)


def test_like_offer_to_china_is_parallel(reading: Reading) -> None:
    (india,) = [o for o in reading.offers if o.target == "IND"]
    (china,) = [o for o in reading.offers if o.target == "CHN"]
    assert china.source == "RUS" and china.parallel == [india.id] and india.parallel_targets == ["CHN"]
    assert china.measure and china.measure.text == "beyond limits"
    assert reading.statement(china.statement).quote
    assert {(o.source, o.target) for o in reading.offers} == {("RUS", "IND"), ("RUS", "CHN")}


def test_readiness_as_a_quoted_condition(reading: Reading) -> None:
    s = _one(reading, "far", "prepared", source="RUS", target="IND", event="AGREE", quote=True, mode="conditional")
    assert s.condition and s.condition.kind == "extent" and "ready to go" in s.condition.text


def test_pressure_from_nobody_named(reading: Reading) -> None:
    s = _one(reading, "external", "ties with Russia", relation="pressure", target="IND")
    assert s.source is None and s.speaker and s.speaker.name == "Dmitry Peskov"


def test_views_of_analysts(reading: Reading) -> None:
    _one(reading, "diversify", relation="diversification", source="RUS", assessor="analysts")
    s = _one(reading, "dependence", relation="dependence", source="RUS", target="CHN", assessor="analysts")
    assert s.change == "more"
    _one(reading, "mitigate", relation="diversification", source="RUS", target="CHN", assessor="analysts")
    assert not any(s.relation == "diversification" and s.assessor is None for s in reading.statements)


def test_reliance_on_the_united_states(reading: Reading) -> None:
    s = _one(reading, "relies heavily", relation="dependence", source="IND", target="USA")
    assert s.domains == ["trade", "technology"] and s.assessor is None
    assert s.measure and s.measure.text == "heavily"
    assert "Russia" not in s.text


def test_ties_with_russia(reading: Reading) -> None:
    s = _one(reading, "defense", relation="tie", source="IND", target="RUS")
    assert s.domains == ["energy", "arms"]


def test_lopsided_trade_and_discounts(reading: Reading) -> None:
    s = _one(reading, "imbalanced", relation="imbalance", source="IND", target="RUS")
    assert "trade" in s.domains
    _one(reading, "discounted oil", relation="discount", source="RUS", target="IND")
    narrowing = _one(reading, "narrowing", relation="discount", source="RUS", target="IND")
    assert narrowing.change == "less" and "energy" in narrowing.domains


def test_coming_visit(reading: Reading) -> None:
    s = _one(reading, "Putin", "visit", event="CONSULT", source="RUS", target="IND")
    assert s.mode == "future"


def test_autonomy(reading: Reading) -> None:
    assert _one(reading, "autonomy", relation="autonomy", source="IND").target is None


def test_nothing_is_claimed_that_the_text_does_not_say(reading: Reading) -> None:
    states = {s.source for s in reading.statements} | {s.target for s in reading.statements}
    assert states <= {"RUS", "IND", "CHN", "USA", None}
    hostile = {"THREATEN", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT", "PROTEST", "ACCUSE", "REJECT", "REQUEST"}
    assert not [s for s in reading.statements if s.event in hostile]
    dyads = {(s.source, s.target) for s in reading.statements}
    assert not dyads & {("USA", "IND"), ("CHN", "IND"), ("CHN", "RUS"), ("USA", "RUS"), ("IND", "CHN")}
    for sentence in ("geopolitics", "complexities"):
        where = reading.document.text.index(sentence)
        assert not [s for s in reading.statements if s.start <= where < s.end]


def test_spans(reading: Reading) -> None:
    text = reading.document.text
    for s in reading.statements:
        for span in filter(None, (s, s.measure, s.condition)):
            assert text[span.start : span.end] == span.text and span.text.strip() == span.text
