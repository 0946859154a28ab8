"""The stages of a reading, each by itself."""

from __future__ import annotations

import re
from datetime import date as Date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from multialign.reading import actors, check_tables, quotes, tables
from multialign.reading.conditions import measures
from multialign.reading.documents import MAX_PARAGRAPH, paragraphs
from multialign.reading.domains import domains_in
from multialign.reading.model import EVENTS, MODES, RELATIONS, VALENCE, weigh
from multialign.world.codes import countries


def test_tables_are_sound() -> None:
    assert check_tables() == []


def test_all_embedded_countries_are_known_to_the_gazetteer() -> None:
    assert set(countries()) - {"ROW"} <= tables.states()
    assert len(tables.states()) >= 195


def test_check_tables_finds_faults(monkeypatch: pytest.MonkeyPatch) -> None:
    real = tables.table

    def broken(name: str):  # type: ignore[no-untyped-def]
        rows = real(name)
        if name == "officials":
            bad = dict(rows[0], code="XYZ", **{"from": "2025-01-01", "to": "2024-01-01"})
            return (*rows, bad)
        if name == "verbs":
            return (*rows, dict(rows[0], event="SMILE"), rows[0])
        return rows

    monkeypatch.setattr(tables, "table", broken)
    tables.terms.cache_clear()
    found = "\n".join(check_tables())
    tables.terms.cache_clear()
    for part in ("unknown code 'XYZ'", "ends before it starts", "unknown event 'SMILE'", "repeated row"):
        assert part in found


def test_officials_terms() -> None:
    assert tables.office("Donald Trump", "2018-06-01").role == "president"  # type: ignore[union-attr]
    assert tables.office("Donald Trump", "2022-06-01").role == "former president"  # type: ignore[union-attr]
    assert tables.office("Vladimir Putin", "2010-06-01").role == "prime minister"  # type: ignore[union-attr]
    assert tables.office("Nobody Known", "2010-06-01") is None
    for row in tables.table("officials"):
        assert Date.fromisoformat(row["from"]) <= Date(2026, 12, 31)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("U.S. and UK officials met the Kremlin's envoy", ["USA", "GBR", "RUS"]),
        ("He told us that Turkey, not turkey, mattered", ["TUR"]),
        ("South Korean and North Korean troops", ["KOR", "PRK"]),
        ("the South China Sea and the Persian Gulf", []),
        ("Guinea-Bissau, Guinea, Papua New Guinea and Equatorial Guinea", ["GNB", "GIN", "PNG", "GNQ"]),
        ("Niger's army and Nigeria's; Mali, Malawi", ["NER", "NGA", "MLI", "MWI"]),
        ("Jordan Smith met Jordan's king in Chad", ["JOR", "TCD"]),
        ("Indiana and Latin American leaders", []),
        ("Chinese, Russians and the Dutch", ["CHN", "RUS", "NLD"]),
        ("South Block answered Downing Street and Zhongnanhai", ["IND", "GBR", "CHN"]),
        ("INDIA and CHINA in a headline", ["IND", "CHN"]),
        ("Côte d’Ivoire and Türkiye", ["CIV", "TUR"]),
        ("the DRC and the Republic of the Congo", ["COD", "COG"]),
    ],
)
def test_gazetteer(text: str, codes: list[str]) -> None:
    assert [m.code for m in actors.find(text)] == codes


@given(st.text(alphabet="IndiaChe US.’'- \n", max_size=200))
def test_mentions_stand_where_they_say(text: str) -> None:
    reach = 0
    for m in actors.find(text):
        assert reach <= m.start < m.end <= len(text)
        reach = m.end


def test_quote_spans() -> None:
    text = "“One “two” three,” he said. “Four.”"
    found, open_ = quotes.spans(text)
    assert [text[a:b] for a, b in found] == ["One “two” three,", "Four."] and not open_
    found, open_ = quotes.spans('He said: "All is well')
    assert len(found) == 1 and open_
    assert quotes.spans("and so on.” More.", carried=True)[0] == [(0, 10)]
    assert quotes.spans("and so on.” More.")[0] == []


@given(st.text(alphabet='“”"ab .', max_size=300))
def test_quotes_never_overlap(text: str) -> None:
    reach = 0
    for start, end in quotes.spans(text)[0]:
        assert reach <= start < end <= len(text)
        reach = end


@given(st.text(alphabet="ab. \n”", max_size=400))
@settings(max_examples=60)
def test_paragraphs_cover_the_words(text: str) -> None:
    parts = paragraphs(text)
    assert "".join(re.sub(r"\s", "", p.text) for p in parts) == re.sub(r"\s", "", text)
    assert all(len(p.text) <= MAX_PARAGRAPH for p in parts)


@pytest.mark.parametrize(
    ("text", "measure"),
    [
        ("expand cooperation beyond limits with it", "beyond limits"),
        ("take it to a much higher level", "to a much higher level"),
        ("raise trade to up to $20 billion a year", "up to $20 billion"),
        ("buys 40 percent of its oil", "40 percent"),
        ("relies heavily on it", "heavily"),
        ("no measure has been seen so far", None),
    ],
)
def test_measures(text: str, measure: str | None) -> None:
    found = measures(text, 0, len(text))
    assert (text[found[0] : found[1]] if found else None) == measure


def test_domains() -> None:
    assert domains_in("oil and gas pipelines, tariffs, fighter jets and chips") == [
        "trade",
        "energy",
        "arms",
        "technology",
    ]
    assert domains_in("friendship") == []


def test_valence_scale() -> None:
    assert set(VALENCE) == {*EVENTS, *RELATIONS}
    assert all(-10 <= weigh(what, mode) <= 10 for what in VALENCE for mode in MODES)
    assert weigh("ASSAULT", "past") == -10 and weigh("AID", "conditional") < weigh("AID", "past")
    assert weigh("ASSAULT", "negated") > 0
