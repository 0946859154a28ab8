"""Documents of every kind: what is taken from them, and from tables, folders and standard input."""

from __future__ import annotations

import gzip
import io
import json
import sys
from pathlib import Path

import duckdb
import pytest

from multialign.errors import InputError
from multialign.reading import read
from multialign.reading.documents import Source
from multialign.reading.inputs import Options, Refused, columns, load, sources, total
from tests.reading.files import MORE, PAGE, SENTENCE, docx, pdf, put


def found(*paths: str | Path, **options: object) -> tuple[list[Source], list[str]]:
    """Documents and error lines."""
    items = list(sources(paths, Options(**options)))  # type: ignore[arg-type]
    return [i for i in items if isinstance(i, Source)], [str(i.error) for i in items if isinstance(i, Refused)]


def test_html_gives_the_main_text_alone(tmp_path: Path) -> None:
    source = load(put(tmp_path, "page.html", PAGE.format(charset="utf-8")))
    assert SENTENCE in source.text and "a new beginning for São Paulo." in source.text
    for other in ("India", "invaded", "Peru", "Imprint", "color", "<", "Home"):
        assert other not in source.text
    assert source.title == "Two states sign" and source.date == "2024-05-03"


def test_html_in_the_encoding_that_it_declares_and_in_one_that_it_does_not(tmp_path: Path) -> None:
    for name, charset, encoding in (
        ("a.html", "iso-8859-1", "latin-1"),
        ("b.html", "utf-8", "latin-1"),  # it lies
        ("c.html", "windows-1251", "utf-8"),  # it lies
        ("d.html", "no-such-thing", "cp1252"),
        ("e.html", "utf-8", "utf-16"),
    ):
        path = put(tmp_path, name, PAGE.format(charset=charset).encode(encoding))
        assert "São Paulo" in load(path).text, name


def test_page_without_an_article_gives_its_visible_text(tmp_path: Path) -> None:
    page = "<html><head><title>T</title></head><body><div>India met Peru.</div><script>x</script></body></html>"
    source = load(put(tmp_path, "a.htm", page))
    assert source.text == "India met Peru." and source.title == "T"
    with pytest.raises(InputError, match="no text is found on the page"):
        load(put(tmp_path, "b.htm", "<html><body><script>India met Peru.</script></body></html>"))


def test_pdf(tmp_path: Path) -> None:
    path = put(tmp_path, "a.pdf", pdf("Brazil signed a trade agree-", "ment with Argentina.", "12"))
    source = load(path)
    assert source.text == SENTENCE
    assert source.title == "A title" and source.date == "2023-06-07"
    assert load(path, date="2020-01-02", title="Mine").title == "Mine"


def test_docx(tmp_path: Path) -> None:
    source = load(put(tmp_path, "a.docx", docx("BRASILIA, 3 May 2024.", SENTENCE, cell="India condemned China.")))
    assert source.text == f"BRASILIA, 3 May 2024.\n\n{SENTENCE}\n\nIndia condemned China."
    assert source.title == "A title" and source.date == "2024-05-03"
    assert load(put(tmp_path, "b.docx", docx(SENTENCE))).date is None  # the library's own stamp is no date


def test_markdown(tmp_path: Path) -> None:
    text = (
        "---\ntitle: 'A *title*'\ndate: 2024-05-03\nother: !!python/object:x\n---\n# Head\n\nBrazil **signed** a "
        "[trade agreement](http://x.org) with\n*Argentina*.\n\n```\nIndia condemned China.\n```\n\n> - `Peru`\n"
    )
    source = load(put(tmp_path, "a.md", text))
    assert source.text == "Head\n\nBrazil signed a trade agreement with\nArgentina.\n\nPeru"
    assert (source.title, source.date) == ("A *title*", "2024-05-03")
    assert load(put(tmp_path, "b.md", "# Head\n\nIndia met Peru.")).title == "Head"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_encoding_of_text_is_found(tmp_path: Path, encoding: str) -> None:
    text = f"{SENTENCE} “Café”, they said."
    assert load(put(tmp_path, "a.txt", text.encode(encoding))).text == text


def test_other_encodings_with_enough_to_go_by(tmp_path: Path) -> None:
    russian = "Россия и Индия подписали соглашение о торговле, заявил министр иностранных дел. " * 5
    for encoding in ("cp1251", "koi8-r"):
        path = put(tmp_path, "a.txt", russian.encode(encoding))
        with pytest.raises(InputError, match="the text is in Russian"):
            read(path)


def test_a_few_damaged_bytes_do_not_change_the_encoding(tmp_path: Path) -> None:
    text = f"{SENTENCE} São Tomé, Curaçao, Réunion, Åland, Würzburg, Łódź and Málaga sent words. "
    raw = text.encode() + b"\xff" + b" And more."
    assert load(put(tmp_path, "a.txt", raw)).text == text + "\ufffd And more."


def test_gzip(tmp_path: Path) -> None:
    for name, content in (
        ("a.txt.gz", SENTENCE.encode()),
        ("a.pdf.gz", pdf(SENTENCE)),
        ("a.docx.gz", docx(SENTENCE)),
        ("a.html.gz", PAGE.format(charset="utf-8").encode()),
        ("unnamed", SENTENCE.encode()),
    ):
        assert SENTENCE in load(put(tmp_path, name, gzip.compress(content))).text
    lines = put(tmp_path, "t.jsonl.gz", gzip.compress(json.dumps({"text": SENTENCE}).encode()))
    assert [s.text for s in found(lines)[0]] == [SENTENCE]


def test_kind_is_seen_whatever_the_name(tmp_path: Path) -> None:
    assert load(put(tmp_path, "a.txt", pdf(SENTENCE))).text == SENTENCE
    assert load(put(tmp_path, "b.txt", docx(SENTENCE))).text == SENTENCE
    assert "Home" not in load(put(tmp_path, "c", PAGE.format(charset="utf-8"))).text
    for name, content, what in (
        ("a.pdf", b"India met Peru.", "not a PDF file"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 50, "an old Word"),
        ("a.rtf", rb"{\rtf1 India}", "a rich-text file"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 20, "a picture"),
        ("a.xml", b"<?xml version='1.0'?><a>India</a>", "an XML file that is no feed"),
        ("a.csv", b"text,date\nIndia met Peru.,2024-01-02", "a CSV table; write it as JSON Lines"),
        ("a.json", b'[{"text": "India met Peru."}]', "JSON that is not one object a line"),
        ("a.zip", b"PK\x03\x04" + b"\0" * 50, "damaged Word file"),
    ):
        with pytest.raises(InputError, match=what) as error:
            load(put(tmp_path, name, content))
        assert str(tmp_path / name) in str(error.value)


LINES = [
    b'{"text": "India condemned China.", "date": "2024-01-02T10:00:00Z", "id": 7, "title": "T", "source": "M"}',
    b"{broken",
    b"",
    b"[1]",
    b'{"body": "India condemned China."}',
    b'{"text": "India \\ud800 condemned China."}',
    b'{"text": "China warned Japan.", "date": "soon"}',
    b'{"text": null}',
    b'{"text": "\xff"}',
    b"[" * 100_000,
    b'{"text": "China warned Japan.", "date": "3 May 2024", "title": 1.5}',
]


@pytest.mark.parametrize("packed", [False, True])
def test_json_lines_refuse_the_bad_and_read_the_rest(tmp_path: Path, packed: bool) -> None:
    raw = b"\n".join(LINES)
    path = put(tmp_path, "t.jsonl", gzip.compress(raw) if packed else raw)
    good, bad = found(path)
    assert [(s.name, s.date, s.title, s.medium) for s in good] == [
        ("7", "2024-01-02", "T", "M"),
        ("t.jsonl:11", "2024-05-03", "1.5", None),
    ]
    assert good[0].origin == f"{path}:1"
    expected = {
        2: "not JSON (Expecting property name",
        4: "not an object but a list",
        5: "text: is not there; the row has body; name the column",
        6: "text: not valid text (a lone surrogate at character 6)",
        7: "date: 'soon' is not a date",
        8: "text: is null, not a text",
        9: "not UTF-8 (byte 0xff at column 11)",
        10: "not JSON",
    }
    assert len(bad) == len(expected)
    for line, (number, what) in zip(bad, expected.items(), strict=True):
        assert line.startswith(f"{path}:{number}: ") and what in line


def test_truncated_gzip_keeps_what_was_whole(tmp_path: Path) -> None:
    rows = b"".join(json.dumps({"text": f"India met Peru {i} times."}).encode() + b"\n" for i in range(20_000))
    good, bad = found(put(tmp_path, "t.jsonl.gz", gzip.compress(rows)[:-2_000]))
    assert 1_000 < len(good) < 20_000
    assert len(bad) == 1 and "the rest cannot be read" in bad[0]


def test_columns_are_mapped(tmp_path: Path) -> None:
    path = put(tmp_path, "t.jsonl", b'{"body": "India met Peru.", "when": "2024-01-02", "link": "u"}')
    mapped = columns(["text=body", "date=when", "id=link"])
    good, _ = found(path, columns=mapped)
    assert (good[0].text, good[0].date, good[0].name) == ("India met Peru.", "2024-01-02", "u")
    with pytest.raises(InputError, match=r"column: 'txt' is not .*nearest known is 'text'"):
        columns(["txt=body"])
    with pytest.raises(InputError, match="maps nothing"):
        columns(["text"])


def test_parquet(tmp_path: Path) -> None:
    path = tmp_path / "odd [name]*.parquet"
    query = (
        "SELECT * FROM (VALUES ('India met Peru.', DATE '2024-01-02', 1), (NULL, NULL, 2), "
        "('Peru met India.', NULL, 3)) t(text, date, id)"
    )
    duckdb.sql(query).write_parquet(str(path))
    good, bad = found(path)
    assert [(s.name, s.date) for s in good] == [("1", "2024-01-02"), ("3", None)]
    assert bad == [f"{path}:2: text: is null, not a text"]
    packed = put(tmp_path, "t.parquet.gz", gzip.compress(path.read_bytes()))
    assert [s.name for s in found(packed)[0]] == ["1", "3"]
    with pytest.raises(InputError, match="no column 'body'; the table has text, date, id"):
        found(path, columns={"text": "body"})
    with pytest.raises(InputError, match="a damaged Parquet file"):
        found(put(tmp_path, "u.parquet", b"PAR1" + b"x" * 100 + b"PAR1"))


def test_folder_by_suffix_in_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.md", "a/c.jsonl", ".hidden.txt", ".git/x.txt", "picture.png", "a/data.csv", "bad.pdf"):
        put(tmp_path, name, '{"text": "India met Peru."}' if name.endswith("jsonl") else f"India met {name}.")
    (tmp_path / "loop").symlink_to(tmp_path)
    good, bad = found(tmp_path)
    assert [s.name for s in good] == ["b.txt", "c.jsonl:1", "z.md"]
    assert len(bad) == 1 and "not a PDF file" in bad[0]
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=r"no document in this folder; files of these kinds are read: \.atom"):
        found(tmp_path / "empty")


def test_paragraphs_as_documents(tmp_path: Path) -> None:
    path = put(tmp_path, "2024-01-02.txt", "India met Peru.\n\n---\n\nPeru met Chile on 5 May 2023.")
    good, _ = found(path, paragraphs=True)
    assert [(s.name, s.date) for s in good] == [("2024-01-02.txt#1", "2023-05-05"), ("2024-01-02.txt#2", "2023-05-05")]


@pytest.mark.parametrize(
    ("content", "names"),
    [
        (b"India met Peru.", ["standard input"]),
        (gzip.compress(b"India met Peru."), ["standard input"]),
        (b'{"text": "India met Peru."}\n{"text": "Peru met India."}\n', ["-:1", "-:2"]),
        (gzip.compress(b'{"text": "India met Peru."}\n'), ["-:1"]),
        (pdf(SENTENCE), ["standard input"]),
    ],
    ids=["text", "packed text", "lines", "packed lines", "pdf"],
)
def test_standard_input(monkeypatch: pytest.MonkeyPatch, content: bytes, names: list[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    assert [s.name for s in found("-")[0]] == names


def test_feed_from_a_file(tmp_path: Path) -> None:
    rss = (
        "<?xml version='1.0'?><rss version='2.0'><channel><title>c</title><item><title>One</title>"
        "<link>https://e.org/1</link>"
        "<pubDate>Fri, 03 May 2024 10:00:00 GMT</pubDate><description>&lt;p&gt;India met &lt;b&gt;Peru&lt;/b&gt;."
        "&lt;script&gt;x&lt;/script&gt;&lt;/p&gt;</description></item><item><title>Two</title></item></channel></rss>"
    )
    good, bad = found(put(tmp_path, "f.rss", rss))
    assert [(s.name, s.title, s.date, s.text, s.origin) for s in good] == [
        ("One", "One", "2024-05-03", "India met Peru.", "https://e.org/1")
    ]
    assert len(bad) == 1 and bad[0].startswith(f"{tmp_path / 'f.rss'}:2: ")
    atom = (
        "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>A</title><updated>2024-05-03T00:00:00Z</updated>"
        f"<content type='html'>&lt;p&gt;{MORE}&lt;/p&gt;</content></entry></feed>"
    )
    assert found(put(tmp_path, "f.xml", atom))[0][0].date == "2024-05-03"
    with pytest.raises(InputError, match="many documents, where one is asked for"):
        load(tmp_path / "f.xml")


def test_how_many_there_will_be(tmp_path: Path) -> None:
    lines = b'{"text": "India met Peru."}\n' * 7
    for name, content in (("a.jsonl", lines), ("b.jsonl.gz", gzip.compress(lines)), ("c.txt", b"x"), ("d/e.md", b"x")):
        put(tmp_path, name, content)
    assert total([tmp_path], Options()) == 16 and total([tmp_path / "a.jsonl"], Options()) == 7
    assert total(["-"], Options()) is total([tmp_path], Options(paragraphs=True)) is None
    assert total([put(tmp_path, "f.parquet", b"PAR1")], Options()) is None
