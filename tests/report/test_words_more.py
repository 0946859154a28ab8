"""Sentences on replies, counter-offers, conditions and precision; silence where an answer has none."""

from __future__ import annotations

from pathlib import Path

from multialign.report import words_more
from multialign.report.draw_net import net_gain
from multialign.report.draw_power import who_hurts_whom
from multialign.report.sources import references, sources
from multialign.respond import Answer
from multialign.respond.model import Band, Condition, Indifference, Outbid, Reply
from multialign.ties import break_even, power


def band(middle: float) -> Band:
    return Band(median=middle, low=middle - 1, high=middle + 1)


def bare(answer: Answer) -> Answer:
    return answer.model_copy(
        update={"conditions": (), "indifferences": (), "outbids": (), "effects": (), "precision": None, "held": None}
    )


def test_silence(answer: Answer) -> None:
    plain = bare(answer)
    assert words_more.conditions(plain) == [] and words_more.indifferences(plain) == []
    assert words_more.effects(plain) == [] and words_more.outbids(plain) == [] and words_more.power_rows(plain) == []


def test_conditions_are_told_with_their_range(answer: Answer) -> None:
    def condition(outcome: str, low: float | None, high: float | None) -> Condition:
        return Condition(
            outcome=outcome, name="oil", label="the price of oil", unit="times", from_value=low, to_value=high,
            least=0.3, most=3.0, best_share=0.4,
        )  # fmt: skip

    told = words_more.conditions(
        answer.model_copy(
            update={
                "conditions": (
                    condition("all", 2.0, 3.0), condition("stay", 0.3, 1.5), condition("away", None, None),
                )
            }
        )
    )  # fmt: skip
    assert told[0] == "Going all the way is best in most draws if the price of oil is at least 2.0 times."
    assert told[1] == "Staying as today is best in most draws if the price of oil is at most 1.5 times."
    assert "at no value" in told[2] and "40 %" in told[2]


def test_replies_and_outbids(answer: Answer) -> None:
    reply = Reply(
        party="USA", name="United States", shares={"none": 0.2, "tariff": 0.5, "finance": 0.3},
        sizes={"tariff": band(25), "finance": band(10)}, equivalent=band(20), loss=band(2),
    )  # fmt: skip
    whole = answer.payoffs["all"].model_copy(update={"replies": (reply,)})
    outbid = Outbid(party="USA", name="United States", share=0.25, size=band(1), worth=band(3))
    found = answer.model_copy(update={"payoffs": {**answer.payoffs, "all": whole}, "outbids": (outbid,)})
    (told,) = words_more.replies(found)
    assert "an extra tariff of 25 points (24 to 26) in 50 % of the draws" in told and "payments" in told
    assert "outbids the offer in 25 % of the draws" in words_more.outbids(found)[0]


def test_break_evens_as_rows(answer: Answer) -> None:
    row = Indifference(
        name="oil", label="the price of oil", unit="times", value=band(3), share=0.5, better="above", always=0.1,
        never=0.4, least=0.3, most=3.0, today=band(1),
    )  # fmt: skip
    (told,) = words_more.indifferences(answer.model_copy(update={"indifferences": (row,)}))
    assert told == ("the price of oil", "3.0 times (2.0 to 4.0)", "better above it", "50 %")


def test_references_are_found_by_what_is_said() -> None:
    known = sources()
    marks = {
        r.goal: r.title for r in references("30 % of the energy that India bought in 2024 came from Russia", known)
    }
    assert len(marks) == 1 and "BACI" in next(iter(marks.values()))
    assert references("no number here", known) == ()
    assert [r.goal for r in references("Worth 0.3 % of its real income", known)] == ["method"]


def test_power_and_net_gain_figures(tmp_path: Path) -> None:
    figure = who_hurts_whom(power([("IND", "USA"), ("IND", "RUS")]), {"RUS": "offerer", "USA": "third"})
    assert figure is not None and figure.title.startswith("India would lose most by a break with the United States")
    assert len(figure.table.rows) == 2 and figure.panels[0].wide.count("<rect") == 4
    found = net_gain(break_even("IND", "RUS", "USA", elasticities=("median",)))
    assert found is not None and len(found.panels) == 2 and "paid for by a discount" in found.title
    signs = {c[0] for row in found.table.rows for c in row[1:]}
    assert signs >= {"+", "\u2212"}
