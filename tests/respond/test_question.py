"""From words to questions: what a text says becomes the question; what it does not say is filled in and marked so."""

from __future__ import annotations

import pytest

from multialign.reading import read_text
from multialign.respond import Question

TEXT = """\
Turkey and Russia spoke in Ankara on 3 May 2024. Russia is ready to expand energy cooperation with Turkey without
limits, if Turkey pays in roubles, Russian Foreign Minister Sergey Lavrov said. {pressure} Turkey relies on the United
States for technology.
"""


def question(pressure="", focal="TUR", offerer=None):
    return Question.from_reading(read_text(TEXT.format(pressure=pressure)), focal, offerer)


def test_offer_becomes_the_question():
    q = question()
    assert (q.focal, q.offerer) == ("TUR", "RUS")
    assert q.domains == ("energy",)
    assert "limits" in q.measure and "roubles" in q.condition
    assert q.provenance["offerer"].startswith("text, ")


def test_who_presses_in_the_text_is_the_third_power():
    q = question("Germany threatened Turkey with sanctions.")
    assert q.third == "DEU" and "presses" in q.provenance["third"]


def test_a_threat_says_with_what_and_over_what():
    q = question("The United States threatened Turkey with tariffs over its energy imports.")
    (p,) = q.all_pressures
    assert p.by == "USA" and p.replies == ("tariff",)
    assert q.provenance["pressure[0].replies"].startswith("text, ")


def test_else_the_power_relied_on_in_the_text():
    q = question()
    assert q.third == "USA" and "relies" in q.provenance["third"]


def test_offers_of_two_powers_compete():
    q = question("China is ready to expand trade with Turkey, Chinese Foreign Minister Wang Yi said.")
    assert [o.by for o in q.all_offers] == ["RUS", "CHN"]
    assert q.provenance["offers[1].by"].startswith("text, ")
    alone = question(
        "China is ready to expand trade with Turkey, Chinese Foreign Minister Wang Yi said.", offerer="CHN"
    )
    assert alone.offerer == "CHN"


@pytest.mark.parametrize("focal", ["DEU", "IND"])
def test_no_offer_no_question(focal):
    assert question(focal=focal) is None
    assert question(offerer="CHN") is None
