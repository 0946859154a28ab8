"""Pages of a reading and of the record: escaped, self-contained, reachable, true to what they show."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from multialign.reading import Reading, read, read_text
from multialign.reading.record import Dyad, Record
from multialign.report.draw_record import draw, record_svg
from multialign.report.reading_page import reading_html, source_hash
from multialign.report.record_page import record_html

EXAMPLES = Path(__file__).resolve().parents[2] / "examples" / "announcements"
VOID = {"meta", "br", "img", "link", "input", "hr"}


class Page(HTMLParser):
    """Tags in order of nesting, ids, attributes, and the text of marks and labels apart."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.shown = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID and tag not in ("rect", "line", "path", "circle"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("rect", "line", "path", "circle"):
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "section" in self.open and "button" not in self.open and "p" in self.open:
            self.shown += data


@pytest.fixture(scope="module")
def reading() -> Reading:
    return read(EXAMPLES / "viet-nam-usa.txt")


def test_every_statement_is_marked_and_reachable(reading: Reading) -> None:
    page = Page(reading_html(reading))
    assert page.open == []
    buttons = [a for tag, a in page.tags if tag == "button"]
    cards = {a["id"] for tag, a in page.tags if "popover" in a}
    assert [b["id"] for b in buttons] == [f"l-{s.id}" for s in sorted(reading.statements, key=lambda s: s.end)]
    assert all(b["popovertarget"] in cards and b["aria-label"] for b in buttons)
    over = {i for tag, a in page.tags if tag == "mark" and a.get("data-over") for i in str(a["data-over"]).split()}
    assert over == {s.id for s in reading.statements}
    ids = [a["id"] for _, a in page.tags if "id" in a]
    assert len(ids) == len(set(ids))
    shown, text = ("".join(t.split()) for t in (page.shown, reading.document.text))
    assert text in shown, "the text stands on the page whole and in order"


def test_policy_names_the_page_s_own_script_and_style(reading: Reading) -> None:
    text = reading_html(reading)
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    assert policy is not None
    allowed = policy[1].replace("&#39;", "'")
    for tag in ("script", "style"):
        blocks = re.findall(rf"<{tag}>(.*?)</{tag}>", text, flags=re.S)
        assert len(blocks) == 1 and f"{tag}-src '{source_hash(blocks[0])}'" in allowed
    assert "default-src 'none'" in allowed and "unsafe" not in allowed
    assert not re.search(r"(src|href)=\"(?!#)", text) and "url(" not in text and "@import" not in text
    assert "prefers-color-scheme: dark" in text and 'lang="en-GB"' in text


def test_documents_are_escaped() -> None:
    hostile = (
        '<script>alert(1)</script> "><img src=x onerror=alert(2)> India condemned China </mark></p><b>. '
        "India's 'offer' & more: India is ready to trade with <i>Peru</i> if {{ 7 * 7 }}."
    )
    text = reading_html(read_text(hostile, title="</title><script>x", name='"><b>'))
    page = Page(text)
    assert page.open == []
    assert [tag for tag, _ in page.tags].count("script") == 1
    assert not {"img", "i"} & {tag for tag, _ in page.tags}
    assert "onerror" not in {k for _, a in page.tags for k in a} and "49" not in page.shown


def test_a_reading_without_statements() -> None:
    page = Page(reading_html(read_text("The committee in India met on Monday.")))
    assert page.open == [] and not [1 for tag, _ in page.tags if tag == "button"]


@pytest.fixture(scope="module")
def dyad() -> Dyad:
    with Record() as book:
        for month in range(1, 13):
            book.add(read_text(f"Norway condemned Poland for the {month}th time.", date=f"2023-{month:02d}-03"))
        book.add(read_text("Norway signed a trade agreement with Poland.", date="2024-02-29"))
        return book.dyad("NOR", "POL")


def test_svg_stands_alone(dyad: Dyad) -> None:
    root = ElementTree.fromstring(record_svg(dyad))  # noqa: S314 - made here
    assert root.tag.endswith("svg")
    text = record_svg(dyad)
    assert "prefers-color-scheme: dark" in text and "http" not in text.replace("http://www.w3.org/2000/svg", "")
    bars = [e for e in root.iter() if e.tag.endswith("rect")]
    assert len(bars) == 13 and all(float(b.get("height", 0)) > 0 for b in bars)
    said = "".join(root.itertext())
    assert "Norway and Poland" in said and "Jan 2023: 0 cooperation, 1 conflict, in 1 documents" in said


def test_record_page(dyad: Dyad) -> None:
    strong = [
        {"what": "ACCUSE", "valence": -3.0, "date": "2023-01-03", "source": "NOR", "target": "POL", "text": "<b>x</b>",
         "document": "<d>", "mutual": True, "start": 0, "end": 3}
    ]  # fmt: skip
    text = record_html(dyad, strong)
    page = Page(text)
    assert page.open == [] and "script" not in {tag for tag, _ in page.tags} and "d" not in {t for t, _ in page.tags}
    assert "NOR ‹› POL" in text and text.count("<tr><td>2023-") == 12 and "default-src &#39;none&#39;" in text


def test_drawing_an_empty_and_a_short_span(dyad: Dyad) -> None:
    none = Dyad("NOR", "POL", None, None, 2.0, 0, 0, 0, ())
    assert "no month between these dates" in draw(none)
    one = Dyad("NOR", "POL", None, None, 2.0, 0, 1, 0, dyad.months[:1])
    ElementTree.fromstring(draw(one))  # noqa: S314 - made here


@pytest.mark.parametrize("sheets", [("marks.css", "brief.css"), ("marks.css", "figure.css"), ("reading.css",)])
def test_every_colour_that_a_sheet_uses_is_set(sheets: tuple[str, ...]) -> None:
    from importlib import resources

    folder = resources.files("multialign.report") / "templates"
    css = "".join((folder / sheet).read_text(encoding="utf-8") for sheet in sheets)
    depth, loose, inside = 0, "", ""
    for sign in css:
        depth += (sign == "{") - (sign == "}")
        assert depth >= 0
        if depth:
            inside += sign
        else:
            loose += sign
    assert depth == 0 and "--" not in loose, "a colour is set outside of any rule"
    used, set_ = set(re.findall(r"var\((--[\w-]+)", css)), set(re.findall(r"(--[\w-]+):", inside))
    assert used <= set_, used - set_
