"""A reading as a whole: JSON and its schema, the examples, the terminal, speed and hostile input."""

from __future__ import annotations

import io
import json
import time
from pathlib import Path

import jsonschema
import pytest
from rich.console import Console

from multialign.reading import Reading, read, read_text, reading_schema
from multialign.report.terminal.reading import print_reading

EXAMPLES = sorted((Path(__file__).resolve().parents[2] / "examples" / "announcements").glob("*.txt"))
STATEMENT_KEYS = {
    "id", "source", "target", "source_role", "target_role", "event", "relation", "mode",
    "change", "domains", "valence", "speaker", "reporter",
    "assessor", "condition", "measure", "quote", "like", "group", "date", "sentence", "start", "end", "text",
}  # fmt: skip


@pytest.fixture(scope="module")
def examples() -> dict[str, Reading]:
    return {path.stem: read(path) for path in EXAMPLES}


def test_there_are_three_examples_marked_as_such() -> None:
    assert len(EXAMPLES) == 3
    for path in EXAMPLES:
        text = path.read_text(encoding="utf-8")
        assert text.startswith("Example text, written for Multialign")
        assert 150 <= len(text.split()) <= 350


def test_examples_validate_against_the_schema(examples: dict[str, Reading]) -> None:
    schema = reading_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    for reading in examples.values():
        out = json.loads(reading.to_json())
        jsonschema.validate(out, schema)
        assert out == reading.to_dict()
        assert (out["version"], out["kind"]) == (1, "reading")
        assert list(out) == ["version", "kind", "document", "statements", "offers", "demands", "threats"]
        assert all(set(s) == STATEMENT_KEYS for s in out["statements"])
        assert Reading.model_validate(out) == reading


def test_example_of_viet_nam(examples: dict[str, Reading]) -> None:
    reading = examples["viet-nam-usa"]
    assert reading.document.date == "2026-03-12" and reading.document.title
    offer = reading.offers[0]
    assert (offer.source, offer.target, offer.parallel_targets) == ("USA", "VNM", ["IDN"])
    assert offer.domains == ["trade", "technology"]
    assert offer.condition and offer.condition.kind == "provided"
    assert offer.speaker and offer.speaker.name == "Laura Bennett"
    found = {(s.source, s.target, s.event or s.relation) for s in reading.statements}
    assert {
        ("VNM", "USA", "SUPPORT"), ("CHN", "VNM", "REQUEST"), ("CHN", "VNM", "THREATEN"), ("VNM", "CHN", "dependence"),
        ("VNM", "CHN", "imbalance"), ("USA", "VNM", "pressure"), ("VNM", "USA", "dependence"),
        ("VNM", "USA", "CONSULT"), ("VNM", None, "autonomy"), ("VNM", "RUS", "tie"),
    } <= found  # fmt: skip


def test_example_of_kazakhstan(examples: dict[str, Reading]) -> None:
    reading = examples["kazakhstan-china"]
    offer = reading.offers[0]
    assert (offer.source, offer.target, offer.parallel_targets) == ("CHN", "KAZ", ["UZB"])
    assert offer.domains == ["energy", "arms"] and offer.measure and offer.measure.text == "without limits"
    found = {(s.source, s.target, s.event or s.relation, s.assessor) for s in reading.statements}
    assert {
        ("RUS", "KAZ", "THREATEN", None), ("KAZ", "RUS", "dependence", None),
        ("KAZ", "RUS", "diversification", "analysts"),
        ("KAZ", "CHN", "imbalance", None), ("KAZ", "CHN", "discount", None), ("CHN", "KAZ", "CONSULT", None),
    } <= found  # fmt: skip


def test_example_without_an_offer(examples: dict[str, Reading]) -> None:
    reading = examples["brazil-argentina-no-offer"]
    assert reading.offers == []
    found = {(s.source, s.target, s.event or s.relation) for s in reading.statements}
    assert {
        ("BRA", "ARG", "CONSULT"), ("ARG", "BRA", "SANCTION"), ("BRA", "ARG", "ACCUSE"), ("BRA", "ARG", "REJECT"),
        ("ARG", "BRA", "REJECT"), ("BRA", "ARG", "SANCTION"), ("URY", "BRA", "REQUEST"),
    } <= found  # fmt: skip


def test_reading_is_the_same_every_time(examples: dict[str, Reading]) -> None:
    assert read(EXAMPLES[0]).to_json() == examples[EXAMPLES[0].stem].to_json()


def test_every_span_is_exact(examples: dict[str, Reading]) -> None:
    for reading in examples.values():
        for item in (*reading.statements, *reading.offers):
            for span in filter(None, (item, item.measure, item.condition)):
                assert reading.document.text[span.start : span.end] == span.text != ""


def test_terminal(examples: dict[str, Reading]) -> None:
    out = io.StringIO()
    print_reading(examples["viet-nam-usa"], Console(file=out, width=160))
    text = out.getvalue()
    assert text.index("Offer o1") < text.index("in the text")
    assert "United States to Viet Nam" in text and "the like to Indonesia" in text
    out = io.StringIO()
    print_reading(examples["brazil-argentina-no-offer"], Console(file=out, width=160))
    assert "No offer is made in this text." in out.getvalue()
    out = io.StringIO()
    reading = read_text("[bold] news [/bold]\n\nBrazil condemned Peru.", name="[link=x]", title="[red]title[/red]")
    print_reading(reading, Console(file=out, width=160))
    assert "[red]title[/red]" in out.getvalue()


def test_reads_in_seconds(examples: dict[str, Reading]) -> None:
    text = EXAMPLES[-1].read_text(encoding="utf-8")
    start = time.perf_counter()
    read_text(text)
    assert time.perf_counter() - start < 1.0


def test_time_is_linear_in_size() -> None:
    paragraph = "India signed a trade agreement with Chile. China warned Japan that it would impose sanctions.\n\n"

    def seconds(n: int) -> float:
        start = time.perf_counter()
        assert len(read_text(paragraph * n).statements) == 2 * n
        return time.perf_counter() - start

    seconds(20)
    assert seconds(400) < 12 * seconds(100)


@pytest.mark.parametrize(
    "text",
    [
        "India " + "a" * 1_000_000,
        "India said: " + "“" * 20_000 + "We agree with China." + "”" * 20_000,
        "India " + "and China " * 5_000 + "signed a treaty.",
        "India and " * 3_000,
        "India said: " + "“ we " * 5_000 + "agree with China." + " ”" * 5_000,
        "If India agrees, " * 2_000 + "China will agree.",
        "“" + "India's " * 5_000 + "ties with China",
        "India\n" * 20_000,
        "(" * 30_000 + "India" + ")" * 30_000,
    ],
    ids=lambda text: repr(text[:14]),
)
def test_hostile_input_is_bounded(text: str) -> None:
    start = time.perf_counter()
    reading = read_text("The text of this report is as follows, and it is for the record. " + text)
    assert time.perf_counter() - start < 20
    assert len(reading.statements) <= 20_000
