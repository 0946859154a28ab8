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
    ("Russia does not rule out selling drones to Laos.", "RUS AGREE LAO hypothetical"),
    ("Peru plans to travel to Hanoi for talks.", "PER CONSULT VNM future"),
    ("Ghana condemned Togo's levy and demanded that it be scrapped.", "GHA REQUEST TGO past"),
    ("Oman offered to mediate between Chad and Niger, but both capitals declined.", "NER REJECT OMN past"),
    ("Belarus freed two Polish monks. In return, Poland lifted its sanctions.", "POL RETREAT BLR past"),
    ("Libya's coast guard was trained and equipped by Italy.", "ITA AID LBY past"),
    ("Half of Chilean exports go to China.", "CHL dependence CHN ongoing"),
    ("Chad sends most of its exports to France.", "TCD dependence FRA ongoing"),
    ("Nepal gets its fuel from India and is looking for other suppliers.", "NPL diversification None ongoing"),
    ("Brazil deeply regrets the decision of the European Union to restrict beef imports.", "BRA ACCUSE EU ongoing"),
    ("Jakarta will raise duties on European goods.", "IDN THREATEN EU future"),
    ("Cuba called the Peruvian charge baseless.", "CUB REJECT PER past"),
    ("Canada's premier repeated his allegation that Iranian agents had killed a man in Ottawa.", "CAN ACCUSE IRN past"),
    ("Talks between Kenya and Uganda have been suspended.", "KEN SANCTION UGA past"),
    ("Kenya and Uganda failed to reach an agreement on the lake.", "KEN REJECT UGA past"),
    ("Vietnam denied that it depends on China.", "VNM dependence CHN negated"),
    ("South Africa wants duty-free quotas from the United States.", "ZAF REQUEST USA ongoing"),
    ("Mali thanked Moscow for vetoing the French draft.", "RUS REJECT FRA past"),
    ("The Ministry of Foreign Affairs of Qatar received the Omani envoy.", "QAT CONSULT OMN past"),
    ("Thailand recalled its envoy. The Ministry condemned the laying of mines by Cambodia.", "THA ACCUSE KHM past"),
    ("Norway and Chile jointly pledged to train Ukrainian soldiers.", "NOR AGREE UKR past"),
    ("Nigeria lifted the sanctions that it had imposed on Niger.", "NGA RETREAT NER past"),
    ("Benin hopes that Niger will reopen the border.", "BEN REQUEST NER ongoing"),
    ("Neither Kenya nor Ethiopia has recognised Somaliland's offer to Chad.", "ETH SUPPORT TCD negated"),
    ("LIMA, 9 May 2024 - Chilean ministers thanked Japan.", "CHL SUPPORT JPN past"),
    ("Should Chile close the border, Peru will impose duties on Chilean wine.", "PER THREATEN CHL conditional"),
    ("Georgia said Russian soldiers had attacked its border post.", "RUS ASSAULT GEO past"),
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
        ("Asked whether India would halt imports from Russia, the envoy said no.", "IND THREATEN RUS"),
        ("Asked whether India would halt imports from Russia, the envoy said no.", "IND REQUEST"),
        ("Germany reviewed its ban on sending tanks to Kenya.", "DEU AID KEN"),
        ("Peru called on Chile to submit the case to the International Court of Justice.", "PER REQUEST ICJ"),
        ("US officials voiced concern about a sale of uranium to Iran.", "USA ACCUSE IRN"),
        ("Rome has cut its reliance on Russian gas.", "ITA SANCTION RUS"),
        ("China demanded an end to arms supplies to Japan.", "CHN ACCUSE JPN"),
        ("Turkey buys Russian oil and has refused to join Western sanctions.", "TUR SANCTION RUS"),
        ("Mali thanked Moscow for vetoing the French draft.", "MLI REJECT FRA"),
        ("The United States fined a Swiss bank for helping Iran.", "USA AID IRN"),
        ("A Brazilian diplomat said talks with Washington had not been broken off.", "None SANCTION USA"),
        ("South Africa wants duty-free quotas from the United States.", "ZAF THREATEN USA"),
        ("Norway and Chile jointly pledged to train Ukrainian soldiers.", "NOR AGREE CHL"),
        ("Benin hopes that Niger will reopen the border.", "BEN AGREE NER"),
        ("Hungary threatened to block a decision to open talks with Ukraine.", "HUN CONSULT UKR"),
        ("Togo ships its oil to Italy through a Greek pipeline.", "TGO AID GRC"),
        ("Beijing urged Seoul not to follow Washington.", "CHN REQUEST USA"),
        ("Peru met China and the US in Lima. Fiji warned both powers against war.", "FJI THREATEN PER"),
        ("Russia reserves the right to answer should Finland allow American arms on its soil.", "RUS REQUEST FIN"),
        ("Neither Kenya nor Chad would recognise Somalia.", "KEN AGREE SOM"),
        ("Hungary warned Ukraine. Kyiv said that it had met all conditions.", "UKR YIELD HUN"),
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


def test_anonymity_is_no_condition() -> None:
    text = "Kenya will lend Uganda money, an official said on condition of anonymity."
    (statement,) = read_text(text, date="2025-08-20").statements
    assert (statement.event, statement.mode, statement.condition) == ("AGREE", "future", None)


def test_a_condition_of_another_clause_is_left_out() -> None:
    text = "Peru rejected the Chilean charge and said Oman would be welcome once it had settled its debts."
    (statement,) = read_text(text, date="2025-08-20").statements
    assert (statement.event, statement.condition) == ("REJECT", None)


def test_a_semicolon_parts_two_speakers() -> None:
    text = "The US State Department approved a sale of radars to Taiwan; China vowed to answer."
    sale = next(s for s in read_text(text, date="2025-08-20").statements if s.target == "TWN")
    assert sale.speaker is None


def test_what_was_done_in_return_is_done() -> None:
    text = "Peru freed a Chilean sailor. In return, Chile lifted its sanctions on Peru."
    last = read_text(text, date="2025-08-20").statements[-1]
    assert (last.source, last.target, last.mode) == ("CHL", "PER", "past")
    assert last.condition is not None and last.condition.text == "In return"


def test_who_agrees_does_not_tell_what_went_before() -> None:
    text = "Colombia agreed to accept migrants after the White House threatened it with tariffs."
    threat = next(s for s in read_text(text, date="2025-08-20").statements if s.event == "THREATEN")
    assert threat.speaker is None


def test_a_hyphened_name_is_one_person() -> None:
    text = "South Korea's foreign minister Park Sang-chul warned Japan."
    (statement,) = read_text(text, date="1999-08-20").statements
    assert statement.speaker is not None and statement.speaker.name == "Park Sang-chul"


def test_palm_oil_is_no_energy() -> None:
    (statement,) = read_text("Kenya buys palm oil from Malaysia.", date="2025-08-20").statements
    assert statement.domains == ["trade"]
