"""Short announcements of many kinds, with what each one says and does not say."""

from __future__ import annotations

import pytest

# text -> (source, target, event or relation, mode) that must be found
SAID = {
    "Japan rejected a South Korean proposal for a joint fund on Monday.": [("JPN", "KOR", "REJECT", "past")],
    "The European Union will impose tariffs on Chinese electric cars if Beijing does not cut its subsidies.": [
        ("EU", "CHN", "THREATEN", "conditional")
    ],
    "Iran denied that it had supplied missiles to Russia.": [("IRN", "RUS", "REJECT", "past")],
    "Iran has not sent any missiles to Russia.": [("IRN", "RUS", "AID", "negated")],
    "Turkey demanded that Sweden extradite four suspects.": [("TUR", "SWE", "REQUEST", "past")],
    "Ankara said it would ratify the treaty once Stockholm meets its conditions.": [
        ("TUR", "SWE", "AGREE", "conditional")
    ],
    "Saudi Arabia is willing to increase its investment in Pakistan up to $5 billion.": [
        ("SAU", "PAK", "AGREE", "ongoing")
    ],
    "Poland deployed troops along its border with Belarus.": [("POL", "BLR", "MOBILIZE", "past")],
    "NATO said it stood by Poland.": [("NATO", "POL", "SUPPORT", "past")],
    "Under pressure from Washington, the Netherlands agreed to restrict sales of chip machines to China.": [
        ("USA", "NLD", "pressure", "ongoing"),
        ("NLD", "CHN", "THREATEN", "past"),
    ],
    "Germany has provided Ukraine with 2 billion euros of military aid, and will deliver radars next year.": [
        ("DEU", "UKR", "AID", "past"),
        ("DEU", "UKR", "AGREE", "future"),
    ],
    "Brazil could buy fighter jets from Sweden.": [("BRA", "SWE", "COOPERATE", "hypothetical")],
    "Indonesian President Prabowo Subianto's upcoming visit to Australia will focus on defence.": [
        ("IDN", "AUS", "CONSULT", "future")
    ],
    "Australia and Indonesia signed a security treaty in February.": [
        ("AUS", "IDN", "SUPPORT", "past"),
        ("IDN", "AUS", "SUPPORT", "past"),
    ],
    "Egypt and Ethiopia resumed talks over the Nile dam on Sunday. Sudan called on both sides to show restraint.": [
        ("EGY", "ETH", "CONSULT", "past"),
        ("SDN", "EGY", "REQUEST", "past"),
        ("SDN", "ETH", "REQUEST", "past"),
    ],
    "Serbia is heavily dependent on Russian gas, but Belgrade wants to diversify its suppliers.": [
        ("SRB", "RUS", "dependence", "ongoing"),
        ("SRB", None, "diversification", "ongoing"),
    ],
    "Hungary vetoed a European Union aid package for Ukraine. Budapest said it would not send weapons to Kyiv.": [
        ("HUN", "EU", "REJECT", "past"),
        ("HUN", "UKR", "REJECT", "future"),
    ],
    "Mexico's trade deficit with China has widened.": [("MEX", "CHN", "imbalance", "ongoing")],
    "Swiss neutrality is well known, and Switzerland will preserve its neutrality.": [
        ("CHE", None, "autonomy", "future")
    ],
    "Kenya rejected external interference and said that its ties with China are strong.": [
        ("KEN", "CHN", "tie", "ongoing")
    ],
    "The United States accounts for a third of Canada's imports.": [("CAN", "USA", "dependence", "ongoing")],
}


@pytest.mark.parametrize("text", SAID, ids=lambda t: t[:40])
def test_is_found(say, text: str) -> None:
    found = {(s.source, s.target, s.event or s.relation, s.mode) for s in say(text).statements}
    missing = [s for s in SAID[text] if s not in found]
    assert not missing, f"found only {found}"


SILENT = [
    "Brazil won the match against Germany by two goals.",
    "The weather in Paris was fine and Berlin had rain.",
    "France is a country in Europe, and Italy is another.",
    "India must now carefully think about its budget.",
    "The embassy of Peru in Quito is a white building.",
]


@pytest.mark.parametrize("text", SILENT)
def test_says_nothing_between_states(say, text: str) -> None:
    assert say(text).statements == []


def test_offer_with_measure_condition_and_speaker(say) -> None:
    reading = say(
        "Finance officials of Saudi Arabia met reporters in Riyadh. Saudi Arabia is willing to increase its "
        'investment in Pakistan up to $5 billion, Saudi officials said. "As long as Islamabad carries out its '
        'reforms, we will support Pakistan," one official said.'
    )
    (offer,) = reading.offers
    assert (offer.source, offer.target) == ("SAU", "PAK")
    assert offer.measure and offer.measure.text == "up to $5 billion"
    assert offer.condition and offer.condition.kind == "provided"
    assert offer.condition.text.startswith("As long as Islamabad")
    assert len(offer.statements) == 2 and offer.speaker and offer.speaker.state == "SAU"


def test_repeats_in_indirect_and_direct_speech_are_one_offer(say) -> None:
    reading = say(
        "Norway is ready to expand cooperation with Poland in energy, Norwegian energy minister Kari Dahl said. "
        '"We are prepared to deepen our energy cooperation with Poland without limits," Dahl told reporters.'
    )
    (offer,) = reading.offers
    assert len(offer.statements) == 2
    assert offer.speaker and offer.speaker.name == "Kari Dahl" and offer.speaker.role == "energy minister"
    assert offer.measure and offer.measure.text == "without limits"
    assert offer.domains == ["energy"]


@pytest.mark.parametrize(
    "second",
    [
        "Our approach to Brazil is the same.",
        "The same applies to Brazil.",
        "Our policy towards Brazil is no different.",
    ],
)
def test_a_like_offer_by_analogy_is_parallel(say, second: str) -> None:
    reading = say(
        f'"We are ready to expand trade with Chile to a new level. {second}" French trade minister Luc Morel said.'
    )
    chile, brazil = sorted(reading.offers, key=lambda o: o.target, reverse=True)
    assert (chile.source, chile.target) == ("FRA", "CHL")
    assert (brazil.source, brazil.target) == ("FRA", "BRA")
    assert chile.parallel == [brazil.id] and brazil.parallel_targets == ["CHL"]
    like = reading.statement(brazil.statement)
    assert like.like == chile.statement and like.text in second and like.quote


def test_mirroring_clause(say) -> None:
    reading = say("Qatar said it was open to expanding cooperation with Oman, mirroring its approach with Kuwait.")
    assert {(o.source, o.target) for o in reading.offers} == {("QAT", "OMN"), ("QAT", "KWT")}


def test_as_far_as(say) -> None:
    reading = say(
        '"As far as Mongolia is willing to go, we are ready to go that far," South Korean President '
        "Lee Jae-myung said in Seoul.",
        date="2025-09-01",
    )
    (offer,) = reading.offers
    assert (offer.source, offer.target) == ("KOR", "MNG")
    assert offer.condition and offer.condition.kind == "extent"
    assert offer.measure and offer.measure.text == "that far"
    assert offer.speaker and offer.speaker.role == "president"


def test_a_condition_in_the_next_sentence(say) -> None:
    reading = say(
        "Spain offered Morocco a wider fisheries partnership. The pace of this expansion will be decided by Rabat."
    )
    (offer,) = reading.offers
    assert offer.condition and offer.condition.text.startswith("The pace of this expansion")
    assert offer.condition.kind == "contingent"


def test_exchange_and_unless(say) -> None:
    reading = say(
        "China offered Zambia new loans in return for copper. Australia threatened to suspend aid to Fiji unless "
        "Suva holds elections."
    )
    loans = next(s for s in reading.statements if s.target == "ZMB")
    threat = next(s for s in reading.statements if s.target == "FJI")
    assert loans.condition and (loans.condition.kind, loans.condition.text) == ("exchange", "in return for copper")
    assert threat.event == "THREATEN" and threat.condition and threat.condition.kind == "unless"


def test_views_are_not_facts_and_not_offers(say) -> None:
    reading = say(
        "Analysts say that Kenya relies on China for loans. According to experts, Nairobi will seek closer ties with "
        "India. Economists believe that Uganda is ready to expand cooperation with Turkey."
    )
    assert {s.assessor for s in reading.statements} == {"analysts", "experts", "economists"}
    assert reading.offers == []


def test_unnamed_source_of_pressure(say) -> None:
    reading = say("Vietnam faces foreign pressure over its ties with Russia.")
    pressure = next(s for s in reading.statements if s.relation == "pressure")
    assert (pressure.source, pressure.target) == (None, "VNM")
    assert pressure.valence < 0


def test_pronouns_and_definite_phrases(say) -> None:
    reading = say(
        "Iraq said on Monday that it would sell more oil to Jordan. The country also relies on Turkey for water. "
        "Its ties with Syria are poor."
    )
    found = {(s.source, s.target, s.event or s.relation) for s in reading.statements}
    assert {("IRQ", "JOR", "AGREE"), ("IRQ", "TUR", "dependence"), ("IRQ", "SYR", "tie")} <= found


def test_he_is_the_person_last_spoken_of(say) -> None:
    reading = say(
        "Putin's spokesperson, Dmitry Peskov, met reporters. He said that Moscow was ready to resume talks with Kyiv.",
        date="2025-03-01",
    )
    (talks,) = [s for s in reading.statements if s.target == "UKR"]
    assert talks.event == "AGREE" and talks.speaker is not None
    assert talks.speaker.model_dump() == {
        "name": "Dmitry Peskov",
        "role": "spokesperson",
        "state": "RUS",
        "speaks_for": "Vladimir Putin",
    }


def test_reporter_and_speaker(say) -> None:
    reading = say("Xinhua reported that Chinese officials said Beijing would lend Laos 200 million dollars.")
    (loan,) = reading.statements
    assert (loan.source, loan.target, loan.event) == ("CHN", "LAO", "AGREE")
    assert loan.reporter == "Xinhua" and loan.speaker and loan.speaker.state == "CHN"
    assert loan.measure and loan.measure.text == "200 million dollars"


def test_one_statement_per_dyad_with_a_shared_group(say) -> None:
    reading = say("Canada imposed sanctions on Iran, Belarus and Myanmar.")
    assert {s.target for s in reading.statements} == {"IRN", "BLR", "MMR"}
    assert len({s.group for s in reading.statements}) == 1 and reading.statements[0].group
    assert len({(s.start, s.end) for s in reading.statements}) == 1


def test_historical_mode_needs_distance(say) -> None:
    text = "In 1994 Brazil bought tanks from Germany."
    assert say(text, date="2024-01-01").statements[0].mode == "historical"
    assert say(text, date="1995-01-01").statements[0].mode == "past"


@pytest.mark.parametrize(
    ("date", "name", "text"),
    [
        (
            "2003-05-01",
            "George W. Bush",
            "The United States held a summit with Japan. The President promised help to Japan.",
        ),
        (
            "2011-05-01",
            "Barack Obama",
            "The United States held a summit with Japan. The President promised help to Japan.",
        ),
        (
            "2018-05-01",
            "Donald Trump",
            "The United States held a summit with Japan. The President promised help to Japan.",
        ),
        (
            "2023-05-01",
            "Joe Biden",
            "The United States held a summit with Japan. The President promised help to Japan.",
        ),
        ("2007-05-01", "Manmohan Singh", "The Indian prime minister promised Nepal a loan."),
        ("2019-05-01", "Narendra Modi", "The Indian prime minister promised Nepal a loan."),
        ("2013-05-01", "Guido Westerwelle", "Germany's foreign minister promised Mali a loan."),
        ("2024-05-01", "Annalena Baerbock", "Germany's foreign minister promised Mali a loan."),
    ],
)
def test_the_date_decides_who_the_president_was(say, date: str, name: str, text: str) -> None:
    promise = next(s for s in say(text, date=date).statements if s.event == "AGREE")
    assert promise.speaker is not None and promise.speaker.name == name


def test_discount_and_its_change(say) -> None:
    reading = say("Turkey buys discounted Iranian oil. Discounts on Iranian oil are narrowing, Turkish refiners said.")
    discounts = [s for s in reading.statements if s.relation == "discount"]
    assert {(s.source, s.target) for s in discounts} == {("IRN", "TUR")}
    assert "less" in {s.change for s in discounts}
    assert all("energy" in s.domains for s in discounts)


def test_an_obligation_said_by_another_state_is_a_request(say) -> None:
    reading = say("French President Emmanuel Macron said that Turkey must respect its commitments.", date="2024-01-01")
    assert [(s.source, s.target, s.event) for s in reading.statements] == [("FRA", "TUR", "REQUEST")]


def test_non_alignment_is_autonomy_and_no_tie(say) -> None:
    reading = say("Pretoria insists on its non-alignment.")
    assert [(s.source, s.target, s.relation) for s in reading.statements] == [("ZAF", None, "autonomy")]


def test_shares_of_supply_are_dependence(say) -> None:
    reading = say("Algeria buys about 70 percent of its arms from Russia. Norway supplies most of Britain's gas.")
    found = {(s.source, s.target): s for s in reading.statements if s.relation == "dependence"}
    assert set(found) == {("DZA", "RUS"), ("GBR", "NOR")}
    assert found["DZA", "RUS"].measure and found["DZA", "RUS"].measure.text == "about 70 percent"
    assert found["GBR", "NOR"].domains == ["energy"]


def test_a_similar_offer_goes_to_the_same_state(say) -> None:
    reading = say("Chile offered Bolivia access to its ports, and Peru made a similar offer.")
    assert {(o.source, o.target) for o in reading.offers} == {("CHL", "BOL"), ("PER", "BOL")}
