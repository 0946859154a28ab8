"""Sentences, numbers, names and marks."""

from __future__ import annotations

from itertools import pairwise

import pytest

from multialign.reading import read_text
from multialign.reading.model import Statement
from multialign.report import coding, words, words_more
from multialign.report import numbers as n
from multialign.report.marks import marked
from multialign.report.names import spoken, with_names
from multialign.report.svg import Drawing, spread, ticks
from multialign.respond.model import Answer, Band, Reply


def band(median: float, low: float, high: float) -> Band:
    return Band(median=median, low=low, high=high)


def with_depth(answer: Answer, **changes: dict[str, object]) -> Answer:
    """The answer with some fields of some domains replaced, and all domains opened and known."""
    depth = {
        d: x.model_copy(
            update={"open": True, "known": True, "further": 0.0, "back": 0.0, "verdict": "stay", "pick": x.today}
            | changes.get(d, {})
        )
        for d, x in answer.depth.items()
    }
    return answer.model_copy(update={"depth": depth})


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.8268, "0.83 %"), (-0.0161, "−0.016 %"), (12.34, "12 %"), (4.0e-11, "0 %"), (-0.0, "0 %"), (1.25, "1.2 %")],
)
def test_percent_keeps_two_digits_and_no_minus_zero(value: float, text: str) -> None:
    assert n.percent(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.2756, "28 %"), (0.0047, "0.5 %"), (0.0, "0 %"), (1.0, "100 %"), (0.9991, "99.9 %"), (0.0001, "under 0.1 %")],
)
def test_shares(value: float, text: str) -> None:
    assert n.share(value) == text


def test_bands_share_their_decimals() -> None:
    assert n.percent_band(band(-0.2018, -0.4473, 0.1711)) == "−0.20 % (−0.45 to +0.17 %)"
    assert n.banded(band(35.9, 26.6, 50.0), unit=" points") == "36 points (27 to 50)"
    assert n.percent_band(band(0.0, 0.0, 0.0)) == "0 %"


def test_money_and_lists_and_articles() -> None:
    assert n.usd(32313.2) == "USD 32 billion" and n.usd(-461.05) == "−USD 461 million"
    assert n.usd(1_250_000) == "USD 1.2 trillion" and n.usd_a_barrel(9.4) == "USD 9.4 a barrel"
    assert n.joined(["a", "b", "c"]) == "a, b and c" and n.joined([]) == ""
    assert n.a_or_an("offer") == "an offer" and n.a_or_an("European") == "a European"
    assert n.a_or_an("80 % band") == "an 80 % band" and n.a_or_an("United States tariff") == "a United States tariff"
    assert n.possessive("the United States") == "the United States'"


def test_names_stand_for_codes_with_their_article() -> None:
    assert spoken("USA") == "the United States" and spoken("IND") == "India"
    said = with_names("USA minds it, as IND's share in USA's imports shows; reply of United States", ("IND", "USA"))
    assert said == (
        "The United States minds it, as India's share in the United States' imports shows; reply of the United States"
    )


def test_headline_where_all_stay(answer: Answer) -> None:
    first, second = words.headline(with_depth(answer, energy={"further": 0.276}, trade={"further": 0.05}))
    assert first == (
        "India should stay as deep as today in trade, energy, arms, technology and diplomacy with Russia; least "
        "sure is "
        "energy, where going further is best in 28 % of the draws."
    )
    assert second.startswith("Going all the way is worth") and "cutting all ties is worth" in second and "to" in second


def test_headline_where_some_go_further(answer: Answer) -> None:
    further = {"verdict": "further", "further": 0.9, "today": 0.2, "pick": 0.6, "low": 0.4, "high": 1.0}
    changed = with_depth(answer, energy=further, arms={"verdict": "back", "back": 0.8})
    first, second = words.headline(changed)
    assert "go further than today in energy (50 % of the way to 'without limits'; 80 % band 25 % to 100 %)" in first
    assert "step back in arms" in first and second.startswith("This is worth")


def test_headline_is_honest_where_the_draws_differ(answer: Answer) -> None:
    split = {"verdict": "open", "further": 0.45, "back": 0.05}
    first, _ = words.headline(with_depth(answer, energy=split))
    assert "on the rest the draws do not agree: in energy staying as today is best in 50 % of the draws" in first
    assert "going further in 45 %" in first
    every = dict.fromkeys(answer.depth, split)
    first, _ = words.headline(with_depth(answer, **every))
    assert first.startswith("The draws do not agree on how far India should go with Russia")


def test_a_closed_domain_is_not_part_of_the_answer(answer: Answer) -> None:
    # The offer of the test's text opens energy and arms alone.
    first, _ = words.headline(answer)
    assert "technology" not in first and "energy" in first
    assert "does not open it" in words.depth_sentence("technology", answer.depth["technology"])


def test_break_even_reads_the_curve_backwards(answer: Answer) -> None:
    assert answer.break_even is not None
    point = answer.break_even.points[2]
    found = words.tariff_paid_by(answer.break_even, point.usd_per_barrel.median)
    assert found == pytest.approx(point.tariff_points)
    assert words.tariff_paid_by(answer.break_even, 1e6) is None
    half = words.tariff_paid_by(answer.break_even, answer.break_even.points[0].usd_per_barrel.median / 2)
    assert half == pytest.approx(answer.break_even.points[0].tariff_points / 2)


def replying(answer: Answer, **shares: float) -> Answer:
    """The answer with a third power that replies in these kinds, at a cost of 12 points of tariff."""
    cost = band(12.0, 8.0, 20.0)
    reply = Reply(party=answer.question.third, name="x", shares=shares, sizes={}, equivalent=cost, loss=band(1, 1, 1))
    mild = band(0.2, 0.0, 0.4)
    payoffs = {
        key: c.model_copy(update={"replies": (reply,), "reply": mild if key in ("stay", "answer") else cost})
        for key, c in answer.payoffs.items()
    }
    return answer.model_copy(update={"payoffs": payoffs})


def test_a_reply_is_told_as_what_it_is(answer: Answer) -> None:
    tariff = replying(answer, none=0.3, tariff=0.7)
    assert words.reply_kinds(tariff, "all") == ["tariff"]
    last = words.reply_sentences(tariff)[-1]
    assert "the United States would be expected to add 12 points (8 to 20) to its tariff on goods from India" in last
    mixed = replying(answer, none=0.1, tariff=0.3, finance=0.6)
    assert words.reply_kinds(mixed, "all") == ["finance", "tariff"]
    last = words.reply_sentences(mixed)[-1]
    assert "add" not in last and "to its tariff" not in last
    assert "answer with trouble with payments and shipping or an extra tariff, which would cost India as" in last
    secondary = replying(answer, secondary=1.0)
    for key, told in (("all", "secondary sanctions on its energy trade"), ("answer", "next to no reply")):
        clause = words._reply_clause(secondary, key)
        assert told in clause and "with an extra tariff" not in clause
    assert "as costly as an extra tariff of 12 points (8 to 20)" in words._reply_clause(secondary, "all")
    calm = replying(answer, none=1.0)
    assert words.reply_kinds(calm, "answer") == [] and "with no reply expected" in words._reply_clause(calm, "answer")


def test_of_several_powers_each_bears_the_cost_of_its_own_reply(answer: Answer) -> None:
    found = replying(answer, tariff=1.0)
    assert "of its real income a year" in words.reply_sentences(found)[-1]
    q = found.question
    two = q.model_copy(update={"pressures": (*q.all_pressures, q.all_pressures[0].model_copy(update={"by": "CHN"}))})
    both = words.reply_sentences(found.model_copy(update={"question": two}))[-1]
    assert "which would cost India 1.0 % of its real income a year" in both and "USD" not in both


def test_every_sentence_ends_and_names_no_code(answer: Answer) -> None:
    told = [
        *words.headline(answer),
        *words.worth_sentences(answer),
        *words.reply_sentences(answer),
        *words.break_even_sentences(answer),
        *words_more.cause_sentences(answer),
        words.why_third(answer),
        words.how_to_read(answer),
    ]
    assert len(told) > 8
    for sentence in told:
        assert sentence.endswith(".") and sentence[0] == sentence[0].upper()
        assert not any(code in sentence for code in ("IND", "RUS", "USA", "nan", "None", "  "))


def test_marks_keep_every_character_where_spans_overlap() -> None:
    text = "Russia and China will work together, India said.\n\nIt ended there."
    base = read_text("Russia threatened India with tariffs.\n").statements[0]

    def at(start: int, end: int, k: int) -> Statement:
        return base.model_copy(update={"id": f"s{k}", "start": start, "end": end, "text": text[start:end]})

    spans = [at(0, 35, 1), at(0, 16, 2), at(11, 47, 3), at(11, 35, 4), at(50, 58, 5)]
    paragraphs, left = marked(text, spans, [], "IND")
    assert left == 0 and ["".join(r.text for r in p.runs) for p in paragraphs] == text.split("\n\n")
    ends = [i for p in paragraphs for r in p.runs for i in r.ends]
    assert sorted(ends) == ["s1", "s2", "s3", "s4", "s5"]


def test_long_documents_are_shown_where_statements_stand() -> None:
    filler = "Nothing happens here at all. " * 100
    text = f"{filler}\n\nRussia threatened India with tariffs.\n\n{filler}" + "x" * 9000
    reading = read_text(text)
    paragraphs, left = marked(text, reading.statements, [], "IND", most=6000)
    shown = "".join(r.text for p in paragraphs for r in p.runs)
    assert "threatened" in shown and len(shown) <= 6000 and left > 0


def test_codings_are_plain_words() -> None:
    reading = read_text("Russia threatened India with tariffs. Russia is ready to sell more oil to India.\n")
    heads = [coding.who_does_what(s) for s in reading.statements]
    assert "Russia threatens India" in heads
    assert all("_" not in coding.coding(s) and "RUS" not in coding.coding(s) for s in reading.statements)


def test_ticks_cover_and_labels_keep_apart() -> None:
    marks = ticks(-0.15, 0.33, 5)
    assert marks[0] <= -0.15 and marks[-1] >= 0.33 and 0.0 in marks
    placed = spread([10, 11, 12, 100], 14, 0, 120)
    ordered = sorted(placed)
    assert all(b - a >= 13.99 for a, b in pairwise(ordered)) and max(placed) <= 120


def test_drawings_escape_their_words() -> None:
    d = Drawing(10, 10, uid="u", title="<t>", desc="a & b")
    d.text(0, 0, "<script>")
    assert "<script>" not in d.render() and "&lt;t&gt;" in d.render() and "a &amp; b" in d.render()
