"""What a text says, shown without trusting it."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("dash")

from plotly.utils import PlotlyJSONEncoder

from multialign.app.pages import ask
from multialign.app.pages.answer import from_search, question_of
from multialign.errors import InputError
from multialign.reading import Reading

TEXT = (
    "China is ready to expand energy cooperation with Kazakhstan without limits, said Lin Jian, a spokesperson for "
    "China's foreign ministry.\n\nRussia threatened Kazakhstan with sanctions. <script>alert('x')</script> "
    "<img src=x onerror=alert(1)> [link](javascript:alert(2))"
)


@pytest.fixture(scope="module")
def reading() -> Reading:
    return ask.reading_of(TEXT)


def parts(component: Any) -> list[dict[str, Any]]:
    """All components in a tree, as the browser gets them."""
    out: list[dict[str, Any]] = []

    def walk(part: Any) -> None:
        if isinstance(part, list):
            for p in part:
                walk(p)
        elif isinstance(part, dict) and "type" in part:
            out.append(part)
            walk(part["props"].get("children"))

    walk(json.loads(json.dumps(component, cls=PlotlyJSONEncoder)))
    return out


def words(component: Any) -> str:
    """The text of a tree."""

    def walk(part: Any) -> str:
        if isinstance(part, list):
            return "".join(walk(p) for p in part)
        if isinstance(part, dict):
            return walk(part.get("props", {}).get("children"))
        return "" if part is None else str(part)

    return walk(json.loads(json.dumps(component, cls=PlotlyJSONEncoder)))


def test_pieces_are_the_text(reading: Reading) -> None:
    cut = ask.pieces(reading.document.text, reading.statements)
    assert "".join(p.text for p in cut) == reading.document.text
    for s in reading.statements:
        assert "".join(p.text for p in cut if s.id in p.ids) == s.text
        assert sum(s.id in p.ends for p in cut) == 1


def test_hostile_text_stays_text(reading: Reading) -> None:
    shown = parts(ask.view(reading, "KAZ"))
    assert {p["type"] for p in shown} <= {
        "Div", "P", "H2", "Dl", "Dt", "Dd", "Small", "Link", "Mark", "A", "Q",
        "Table", "Caption", "Thead", "Tbody", "Tr", "Th", "Td",
        "Dropdown", "Label", "Fieldset", "Legend", "Checklist", "Summary", "Details", "Store",
    }  # fmt: skip
    assert "<script>alert('x')</script>" in words(ask.marked(reading))
    for p in shown:
        assert "dangerouslySetInnerHTML" not in p["props"] and "srcDoc" not in p["props"]
        href = p["props"].get("href", "#row-s")
        assert href.startswith(("#row-s", "/answer?"))


def test_question_of_the_text_leads_to_the_answer_page(reading: Reading) -> None:
    links = [p["props"]["href"] for p in parts(ask.asked(reading, "KAZ")) if p["type"] == "Link"]
    assert len(links) == 1
    question, _ = question_of(*from_search(links[0].partition("?")[2]))
    assert (question.focal, question.offerer, question.third) == ("KAZ", "CHN", "RUS")
    assert question.domains == ("energy",)


def test_no_offer_and_no_state_chosen(reading: Reading) -> None:
    assert "no offer to India" in words(ask.asked(reading, "IND"))
    assert "Choose the state" in words(ask.asked(reading, None))
    assert "not a country" in words(ask.asked(reading, "XYZ"))
    assert not [p for p in parts(ask.asked(reading, "IND")) if p["type"] == "Link"]


@pytest.mark.parametrize(
    ("text", "part"),
    [("  ", "no text"), ("x" * (ask.MAX_TEXT + 1), "100,001 characters"), ("Bonjour.", "English|state")],
)
def test_texts_that_cannot_be_read(text: str, part: str) -> None:
    with pytest.raises(InputError, match=part):
        ask.reading_of(text)


def test_files() -> None:
    def upload(raw: bytes) -> str:
        return "data:text/plain;base64," + base64.b64encode(raw).decode()

    assert ask.file_text(upload("Zürich is a city.".encode("utf-8-sig"))) == "Zürich is a city."
    page = b"<html><head><title>T</title></head><body><p>Russia met India.</p><script>x()</script></body></html>"
    assert "Russia met India." in ask.file_text(upload(page), "page.html")
    for bad in ("data:;base64,!!!", "nonsense", upload(b"\x89PNG\r\n\x1a\n" + b"0" * 50)):
        with pytest.raises(InputError):
            ask.file_text(bad, "x.txt")
    with pytest.raises(InputError, match="kB"):
        ask.file_text(upload(b"a" * 1_700_000))
    with pytest.raises(InputError, match="characters"):
        ask.file_text(upload(b"word " * 30_000))


@pytest.mark.parametrize("name", ask.EXAMPLES)
def test_examples_are_those_of_the_repository(name: str) -> None:
    there = Path(__file__).resolve().parents[2] / "examples" / "announcements" / f"{name}.txt"
    assert ask.example_text(name) == there.read_text(encoding="utf-8")
    assert ask.EXAMPLE_STATES[name] in {"KAZ", "VNM", "BRA"}
