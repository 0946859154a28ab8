"""Wordings of real announcements that a coder must get right, each reduced to one sentence of our own."""

from __future__ import annotations

import pytest

from multialign.reading import read_text

FOUND = [
    ("The White House approved the sale of F-16 jets to Ankara.", "USA AGREE TUR past"),
    (
        "If Paris lifts its export ban, Cairo is ready to rejoin the fighter programme.",
        "EGY AGREE FRA conditional",
    ),
    ("The Philippines accused China's navy of ramming its boats; Beijing rejected the charge.", "PHL ACCUSE CHN past"),
    ("The Philippines accused China's navy of ramming its boats; Beijing rejected the charge.", "CHN REJECT PHL past"),
    ("India will not bow to American pressure.", "USA pressure IND ongoing"),
    ("Talks with Japan on a fisheries pact are continuing, Russia's foreign minister said.", "RUS CONSULT JPN ongoing"),
    ("Brazil condemned the tariff that Donald Trump has imposed on its exports.", "USA SANCTION BRA past"),
    ("The duties Washington imposed on Indian goods hurt exporters.", "USA SANCTION IND past"),
    ("The agreement that Kenya signed with China was published.", "KEN SUPPORT CHN past"),
    ("Norway and Chile have yet to ratify their trade agreement.", "NOR SUPPORT CHL negated"),
    ("Turkey and Egypt co-hosted talks.", "TUR CONSULT EGY past"),
    ("China urged Canada to abandon its Cold War thinking.", "CHN REQUEST CAN past"),
    ("China, Serbia's largest partner, has sold it air defence missiles.", "CHN COOPERATE SRB past"),
    ("Poland and Germany settled their dispute over a mine.", "POL SUPPORT DEU past"),
    ("Turkey bought Russian missiles despite American pressure.", "USA pressure TUR ongoing"),
    ("Serbia will not join sanctions against Russia.", "SRB AGREE RUS future"),
    ("Georgia insists that Chad change its law.", "GEO REQUEST TCD ongoing"),
    ("Armenia imports most of its gas and wheat from Russia.", "ARM dependence RUS ongoing"),
    ("China restricted exports of gallium to Japan. Tokyo lodged a protest.", "JPN PROTEST CHN past"),
    (
        "Donald Trump said that Narendra Modi had assured him that India would buy more American gas.",
        "IND AGREE USA past",
    ),
]


@pytest.mark.parametrize(("text", "wanted"), FOUND, ids=[w for _, w in FOUND])
def test_it_is_found(text: str, wanted: str) -> None:
    reading = read_text(text, date="2025-08-20")
    found = {f"{s.source} {s.event or s.relation} {s.target} {s.mode}" for s in reading.statements}
    assert wanted in found, found


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("The EU stopped re-exporting goods to Russia.", "EU COOPERATE RUS"),
        ("Norway and Chile have yet to ratify their trade agreement.", "NOR SUPPORT CHL past"),
        ("China urged Canada to abandon its Cold War thinking.", "CHN REQUEST CAN historical"),
    ],
)
def test_it_is_not_claimed(text: str, never: str) -> None:
    reading = read_text(text, date="2025-08-20")
    found = [f"{s.source} {s.event or s.relation} {s.target} {s.mode}" for s in reading.statements]
    assert not any(f.startswith(never) for f in found), found


def test_arms_are_known_by_their_names() -> None:
    reading = read_text("Moscow offered to sell India additional S-400 batteries.", date="2025-08-20")
    (offer,) = reading.offers
    assert (offer.source, offer.target, offer.domains) == ("RUS", "IND", ["arms"])


def test_a_service_is_no_person() -> None:
    text = "Serbia has supplied ammunition to Ukraine, according to Russia's Foreign Intelligence Service."
    (statement,) = read_text(text, date="2025-08-20").statements
    assert statement.speaker is not None
    assert (statement.speaker.state, statement.speaker.name) == ("RUS", None)
