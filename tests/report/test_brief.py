"""The brief from text to files."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import jsonschema
import pytest

from multialign import InputError
from multialign.report import Brief, brief, brief_schema
from multialign.report import make as maker
from multialign.report.write import check_folder, write_all


class Page(HTMLParser):
    """Tags, attributes, text and ids of a page; fails on tags that are closed out of order."""

    VOID = ("meta", "br", "line", "rect", "circle", "path", "link", "img", "input")

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag, attrs):  # type: ignore[no-untyped-def]
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in self.VOID or (tag in ("rect", "circle", "path") and not self.get_starttag_text().endswith("/>")):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):  # type: ignore[no-untyped-def]
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):  # type: ignore[no-untyped-def]
        assert self.open.pop() == tag

    def handle_data(self, data):  # type: ignore[no-untyped-def]
        self.words.append(data)


@pytest.fixture(scope="module")
def html(made) -> str:  # type: ignore[no-untyped-def]
    return (made[1] / "brief.html").read_text(encoding="utf-8")


def test_the_three_files_and_nothing_else(made) -> None:  # type: ignore[no-untyped-def]
    result, out, told = made
    assert sorted(p.name for p in out.iterdir()) == ["brief.html", "brief.json", "brief.md"]
    assert result.paths.html == out / "brief.html" and result.paths.html.is_file()
    assert sum(p.stat().st_size for p in out.iterdir()) < 3_000_000
    fractions = [done for _, done in told]
    assert fractions == sorted(fractions) and fractions[0] == 0.0 and fractions[-1] == 1.0


def test_the_question_comes_from_the_text(made) -> None:  # type: ignore[no-untyped-def]
    q = made[0].question
    assert (q.focal, q.offerer, q.third) == ("IND", "RUS", "USA")
    assert set(q.domains) == {"energy", "arms"} and q.measure == "without limits"
    assert list(made[0].ties.partners)[:2] == ["RUS", "USA"]
    assert {"CHN", "EU27"} <= set(made[0].ties.partners)


def test_json_fits_its_schema_and_reads_back(made) -> None:  # type: ignore[no-untyped-def]
    data = json.loads((made[1] / "brief.json").read_text(encoding="utf-8"))
    schema = brief_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(data, schema)
    assert (data["version"], data["kind"]) == (1, "brief")
    assert data["paths"] == {"html": "brief.html", "json": "brief.json", "markdown": "brief.md"}
    again = Brief.model_validate(data)
    assert again.answer == made[0].answer and again.statements == made[0].statements


def test_the_page_is_whole_and_loads_nothing(html: str) -> None:
    page = Page(html)
    assert not {"script", "link", "img", "iframe", "object", "embed", "base", "form"} & set(page.tags)
    for name, value in page.attributes:
        assert not name.startswith("on"), name
        if name in ("src", "href", "srcset", "action", "data", "xlink:href"):
            assert value is not None and value.startswith("#"), (name, value)
    assert not re.search(r"@import|url\(|javascript:", html)
    assert "default-src 'none'" in html


def test_ids_are_unique_and_links_lead_somewhere(html: str) -> None:
    page = Page(html)
    ids = [v for k, v in page.attributes if k == "id"]
    assert len(ids) == len(set(ids))
    goals = [v[1:] for k, v in page.attributes if k == "href" and v] + [
        v for k, v in page.attributes if k == "popovertarget"
    ]
    goals += [i for k, v in page.attributes if k == "aria-labelledby" and v for i in v.split()]
    assert goals and set(goals) <= set(ids)


def test_the_page_says_the_answer_and_marks_the_text(made, html: str) -> None:  # type: ignore[no-untyped-def]
    text = " ".join("".join(Page(html).words).replace("\u00a0", " ").split())
    for sentence in made[0].headline:
        assert sentence in text
    for heading in ("What was said", "Where the ties stand", "How far, in each domain", "What is assumed"):
        assert heading in text
    assert html.count("<mark class=") > len(made[0].statements)
    for s in made[0].statements:
        assert f'id="pop-{s.id}"' in html and f'popovertarget="pop-{s.id}"' in html
    for a in made[0].answer.assumptions:
        assert f"<b>{a.id}</b>" in html
    for s in made[0].sources:
        assert s.licence in text


def test_every_figure_has_words_for_those_who_cannot_see_it(html: str) -> None:
    for figure in ("ties", "accounts", "power", "crude", "payoffs", "depths", "break-even", "net-gain", "world"):
        part = html.split(f'id="fig-{figure}"')[1].split("</figure>")[0]
        assert "<figcaption>" in part and "Source:" in part and "<table>" in part
        drawings = part.split("<svg")[1:]
        assert drawings and all("<title id=" in d and "<desc id=" in d for d in drawings)
        assert "nan" not in part.lower().split("<table>")[0].replace("finance", "")


def test_numbers_lead_to_their_sources(made, html: str) -> None:  # type: ignore[no-untyped-def]
    goals = set(re.findall(r'<sup class="cite">.*?</sup>', html))
    linked = {g for part in goals for g in re.findall(r'href="#([^"]+)"', part)}
    assert {f"source-{k}" for k in range(1, len(made[0].sources) + 1)} >= linked - {"method"}
    assert "method" in linked and len(linked) >= 5
    for k in range(1, len(made[0].sources) + 1):
        assert f'<li id="source-{k}"><b>' in html
    part = html.split('<section id="ties">')[1].split("<figure")[0]
    assert all('class="cite"' in p for p in re.findall(r"<p>(?:(?!</p>).)*\d(?:(?!</p>).)*</p>", part))


def test_the_map_marks_the_parties(html: str) -> None:
    part = html.split('id="fig-world"')[1].split("</figure>")[0]
    assert part.count('class="land') > 2 * 76 and "<title>India: " in part
    assert part.count(" own") >= 2 * 3


def test_marks_tell_their_coding(made, html: str) -> None:  # type: ignore[no-untyped-def]
    from html import escape

    from multialign.report import coding

    for s in made[0].statements:
        assert escape(coding.coding(s)).replace("&#x27;", "&#39;") in html


def test_markdown_holds_the_answer_and_the_tables(made) -> None:  # type: ignore[no-untyped-def]
    text = (made[1] / "brief.md").read_text(encoding="utf-8")
    plain = text.replace("\\", "")
    for sentence in made[0].headline:
        assert sentence in plain
    assert "| energy |" in text and "## What would change the answer" in text
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    for line, following in pairwise(rows):
        if set(following) <= set("| -:"):
            assert len(re.findall(r"(?<!\\)\|", line)) == len(re.findall(r"(?<!\\)\|", following))


HOSTILE = """Russia courts India <script>alert(1)</script>

Russia is ready to expand "<img src=x onerror=alert(2)>" cooperation with India without limits </mark></blockquote>.
Russia said {{ 7 * 7 }} {% raw %} that it is ready to help India & [more](javascript:alert(3)) `code` | pipe.
# A heading? See https://example.org/x and <a href="https://example.org">this</a>.
"""


@pytest.fixture(scope="module")
def hostile(answer):  # type: ignore[no-untyped-def]
    from multialign.reading import read_text

    reading = read_text(HOSTILE, name='"><script>name</script>', title="<b>title</b>")
    question = answer.question
    found = maker._ties(reading, "IND", question, None)
    return maker.texts(maker.assemble(reading, "IND", question, found, answer, Path("x")))


def test_hostile_text_stays_text_in_the_page(hostile: dict[str, str]) -> None:
    page = Page(hostile["brief.html"])
    assert not {"script", "img", "b2"} & set(page.tags)
    assert all(v is None or not v.startswith("http") for k, v in page.attributes if k in ("href", "src"))
    assert not any(k.startswith("on") for k, _ in page.attributes)
    text = "".join(page.words)
    assert "<script>alert(1)</script>" in text and "{{ 7 * 7 }}" in text and " 49 " not in text


def test_hostile_text_stays_text_in_markdown(hostile: dict[str, str]) -> None:
    text = hostile["brief.md"]
    assert not re.search(r"(?<!\\)<(script|img|a|b)\b", text)
    assert not re.search(r"(?<!\\)\]\(", text) and "https://" not in text
    assert not re.search(r"^> # A heading", text, flags=re.M)


def test_no_offer_gives_a_brief_that_says_so(tmp_path: Path, article: Path) -> None:
    result = brief(article, focal="BRA", out=tmp_path / "b")
    assert result.answer is None and result.question is None
    assert result.headline[0].startswith("The text holds no offer to Brazil")
    assert "Russia to India" in result.headline[1]
    assert {"IND", "RUS"} <= set(result.ties.partners)
    data = json.loads((tmp_path / "b" / "brief.json").read_text(encoding="utf-8"))
    jsonschema.validate(data, brief_schema())
    page = (tmp_path / "b" / "brief.html").read_text(encoding="utf-8")
    Page(page)
    assert "Where the ties stand" in page and "What each answer is worth" not in page


def test_an_offerer_who_offers_nothing_is_an_error_that_names_who_does(tmp_path: Path, article: Path) -> None:
    with pytest.raises(InputError, match=r"no offer from China to India.*RUS \(Russia\)"):
        brief(article, focal="IND", offerer="CHN", out=tmp_path / "b")
    assert not (tmp_path / "b").exists()


def test_bad_folders_are_refused_before_the_text_is_read(tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("mine")
    with pytest.raises(InputError, match="is a file"):
        brief("no such text.txt", focal="IND", out=taken)
    with pytest.raises(InputError, match="cannot lie in a file"):
        brief("no such text.txt", focal="IND", out=taken / "below")
    (tmp_path / "b" / "brief.md").mkdir(parents=True)
    with pytest.raises(InputError, match="is a folder"):
        check_folder(tmp_path / "b", ("brief.md",))
    assert taken.read_text() == "mine"


def test_an_error_on_the_way_leaves_the_folder_as_it_was(
    tmp_path: Path, article: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "a" / "b"

    def broken(*_: object, **__: object) -> dict[str, str]:
        raise ValueError("no")

    monkeypatch.setattr(maker, "texts", broken)
    with pytest.raises(ValueError, match="no"):
        brief(article, focal="BRA", out=out)
    assert not (tmp_path / "a").exists()


def test_files_are_written_all_or_none(tmp_path: Path) -> None:
    (tmp_path / "one").write_text("old")
    with pytest.raises(UnicodeEncodeError):
        write_all(tmp_path, {"one": "new", "two": "\ud800"})
    assert [p.name for p in tmp_path.iterdir()] == ["one"] and (tmp_path / "one").read_text() == "old"
    with pytest.raises(UnicodeEncodeError):
        write_all(tmp_path / "x" / "y", {"two": "\ud800"})
    assert not (tmp_path / "x").exists()
    write_all(tmp_path, {"one": "new", "two": "2"})
    assert (tmp_path / "one").read_text() == "new" and len(list(tmp_path.iterdir())) == 2


def test_the_seed_article(shared: Path, tmp_path: Path, answer) -> None:  # type: ignore[no-untyped-def]
    from multialign.reading import read

    file = next((shared / "article").glob("*.txt"))
    reading = read(file)
    found = maker._ties(reading, "IND", answer.question, None)
    made = maker.assemble(reading, "IND", answer.question, found, answer, tmp_path)
    page = Page(maker.texts(made)["brief.html"])
    text = "".join(page.words)
    for paragraph in file.read_text(encoding="utf-8").split("\n"):
        words = re.sub(r"\W", "", re.sub(r"\d", "", paragraph))
        assert words in re.sub(r"\W", "", re.sub(r"\d", "", text))
