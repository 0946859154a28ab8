"""The stages of a reading, each by itself."""

from __future__ import annotations

import re
from datetime import date as Date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from multialign.errors import InputError
from multialign.reading import actors, check_tables, gazetteer, quotes, tables
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
        return (*rows, dict(rows[0], event="SMILE"), rows[0]) if name == "verbs" else rows

    monkeypatch.setattr(tables, "table", broken)
    found = "\n".join(check_tables())
    for part in ("unknown event 'SMILE'", "repeated row"):
        assert part in found


def test_check_actors_finds_faults(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(
        "kind,code,name,role,from,to\n"
        "official,XYZ,Ann Example,president,2025-01-01,2024-01-01\n"
        "official,FRA,Bo Example,president,2020-01-01,\n"
        "official,FRA,Bo Example,president,2022-01-01,2023-01-01\n"
        "official,FRA,Cy Example,president,last year,\n"
        "metonym,QQQ,House of Examples,executive,,\n"
        "metonym,FRA,Example Palace,executive,,\n"
        "metonym,DEU,Example Palace,executive,,\n"
        "state,Fr,Examplia,,,\n"
    )
    found = "\n".join(gazetteer.check_actors(path))
    for part in (
        "unknown code 'XYZ'", "ends before it starts", "two terms overlap", "dates are YYYY-MM-DD",
        "mine.csv:2: official 'Ann Example'", "unknown code 'QQQ'", "stands for FRA and DEU", "not an ISO3 code",
    ):  # fmt: skip
        assert part in found, (part, found)


def test_a_file_of_ones_own_actors(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(
        "kind,code,name,aliases,role,from,to,speaks_for\n"
        "organisation,TFX,Task Force Example,TFX,,,,\n"
        "metonym,PER,Pizarro House,,executive,,,\n"
        "official,PER,Rosa Quispe,,foreign minister,2024-01-01,,\n"
    )
    assert [m.code for m in actors.find("Pizarro House answered Rosa Quispe of the TFX")] == []
    gazetteer.use_actors(path)
    try:
        found = actors.find("Pizarro House answered Rosa Quispe of the TFX", "2025-01-01")
        assert [m.code for m in found] == ["PER", "PER", "TFX"]
        assert gazetteer.names()["TFX"] == "Task Force Example" and gazetteer.names()["PER"] == "Peru"
        assert gazetteer.holder("PER", "foreign minister", "2025-01-01") == "Rosa Quispe"
    finally:
        gazetteer.use_actors()
    assert [m.code for m in actors.find("Pizarro House answered")] == []


def test_a_file_of_actors_named_by_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("kind,code,name,role\nmetonym,PER,Pizarro House,executive\n")
    monkeypatch.setenv(gazetteer.ENVIRONMENT, str(path))
    gazetteer.use_actors()
    try:
        assert [m.code for m in actors.find("Pizarro House answered")] == ["PER"]
        path.write_text("kind,code,name,role\nmetonym,QQQ,Pizarro House,executive\n")
        gazetteer.use_actors()
        with pytest.raises(InputError, match=r"mine\.csv:2: metonym 'Pizarro House': unknown code 'QQQ'"):
            actors.find("Pizarro House answered")
    finally:
        monkeypatch.delenv(gazetteer.ENVIRONMENT)
        gazetteer.use_actors()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("kind,code\nstate,FRA\n", "no column 'name'"),
        ("kind,name,colour\nstate,France,blue\n", "'colour' is not a column"),
        ("kind,name\nstat,France\n", "'stat' is not a kind"),
        ("kind,name\nstate\n", "too many or too few fields"),
        ("kind,code,name\nmetonym,XXX,Somewhere\n", "unknown code 'XXX'"),
    ],
)
def test_a_wrong_file_of_actors_changes_nothing(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(text)
    before = gazetteer.actors()
    with pytest.raises(InputError, match=re.escape(message)):
        gazetteer.use_actors(path)
    assert gazetteer.actors() is before


@pytest.mark.parametrize(
    ("text", "date", "found"),
    [
        ("Bush wrote to Blair", "2003-05-01", ["George W. Bush", "Tony Blair"]),
        ("Kirchner called Clinton", "2009-05-01", ["Cristina Fernández de Kirchner", "Hillary Clinton"]),
        ("Kirchner called Clinton", "1998-05-01", ["Bill Clinton"]),
        ("Brown bears and Rice fields", "2025-05-01", []),
        ("President Aoun spoke", "2025-05-01", ["Joseph Aoun"]),
        ("President Aoun spoke", "2020-05-01", ["Michel Aoun"]),
    ],
)
def test_the_date_decides_whose_a_surname_is(text: str, date: str, found: list[str]) -> None:
    assert [m.name for m in actors.find(text, date)] == found


@pytest.mark.parametrize(
    ("code", "role", "date", "name"),
    [
        ("IND", "prime minister", "2003-02-01", "Atal Bihari Vajpayee"),
        ("IND", "prime minister", "2024-02-01", "Narendra Modi"),
        ("USA", "president", "2005-02-01", "George W. Bush"),
        ("RUS", "president", "2010-02-01", "Dmitry Medvedev"),
        ("BRA", "president", "2020-02-01", "Jair Bolsonaro"),
        ("USA", "president", None, None),
        ("USA", "ambassador", "2005-02-01", None),
    ],
)
def test_who_holds_an_office(code: str, role: str, date: str | None, name: str | None) -> None:
    assert gazetteer.holder(code, role, date) == name


def test_each_large_state_has_its_offices_filled() -> None:
    great = ["USA", "CHN", "RUS", "GBR", "FRA", "DEU", "JPN", "IND", "BRA", "CAN", "ITA", "KOR", "AUS", "MEX", "IDN",
             "TUR", "SAU", "ZAF", "ARG"]  # fmt: skip
    heads = {"president", "prime minister", "chancellor", "head of state"}
    for code in great:
        served = [t for ts in gazetteer.terms().values() for t in ts if t.code == code]
        for year in range(2001, 2026):
            day = f"{year}-06-15"
            assert any(t.role in heads and t.holds(day) for t in served), (code, day)
        assert any(t.role == "foreign minister" and t.holds("2025-06-15") for t in served), code
        assert any(t.role == "defence minister" and t.holds("2020-06-15") for t in served), code


def test_officials_terms() -> None:
    assert tables.office("Donald Trump", "2018-06-01").role == "president"  # type: ignore[union-attr]
    assert tables.office("Donald Trump", "2022-06-01").role == "former president"  # type: ignore[union-attr]
    assert tables.office("Vladimir Putin", "2010-06-01").role == "prime minister"  # type: ignore[union-attr]
    assert tables.office("Nobody Known", "2010-06-01") is None
    for row in gazetteer.of_kind("official"):
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
