"""Documents made to do harm: bounded time and memory, and one clear error or a reading."""

from __future__ import annotations

import gzip
import io
import json
import random
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from multialign.errors import InputError
from multialign.reading import bulk, read, read_text
from multialign.reading.documents import MAX_BYTES, Source, clean, from_text
from multialign.reading.inputs import Options, Refused, load, sources
from multialign.reading.inputs.convert import Converter
from multialign.reading.inputs.extract import extract
from multialign.reading.inputs.kinds import find_kind
from multialign.reading.inputs.raw import decode
from multialign.reading.model import Reading
from tests.reading.files import PAGE, SENTENCE, bomb, docx, pdf, put

LEAD = "The text of this report is as follows, and it is for the record. "
FUZZ = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


def seconds(start: float) -> float:
    return time.perf_counter() - start


def test_zip_bomb_is_refused_unopened(tmp_path: Path) -> None:
    path = put(tmp_path, "a.docx", bomb(400_000_000))
    assert path.stat().st_size < 1_000_000
    start = time.perf_counter()
    with pytest.raises(InputError, match=r"a\.docx: the Word file unpacks to more than is read \(400 MB\)"):
        read(path)
    assert seconds(start) < 5


def test_zip_that_lies_about_its_size(tmp_path: Path) -> None:
    raw = bytearray(bomb(60_000_000))
    for name in (b"PK\x01\x02", b"PK\x03\x04"):
        at = raw.find(name)
        place = at + (24 if name == b"PK\x01\x02" else 22)
        raw[place : place + 4] = (1_000).to_bytes(4, "little")
    start = time.perf_counter()
    with pytest.raises(InputError, match="Word file"):
        read(put(tmp_path, "a.docx", bytes(raw)))
    assert seconds(start) < 5


def test_entities_in_a_word_file_are_not_expanded(tmp_path: Path) -> None:
    good = docx("India met Peru.")
    entities = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 12))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            body = old.read(part)
            if part.filename == "word/document.xml":
                head, _, rest = body.decode().partition("?>")
                body = (
                    f'{head}?><!DOCTYPE x [<!ENTITY e0 "lol">{entities}]>{rest.replace("Peru", "Peru &e11;")}'.encode()
                )
            new.writestr(part.filename, body)
    start = time.perf_counter()
    try:
        assert len(load(put(tmp_path, "a.docx", out.getvalue())).text) < 10_000
    except InputError as error:
        assert "Word file" in str(error)
    assert seconds(start) < 5


def test_entities_in_a_feed_are_refused(tmp_path: Path) -> None:
    for body in (
        '<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">',
        '<!ENTITY a SYSTEM "file:///etc/passwd">',
    ):
        feed = (
            f"<?xml version='1.0'?><!DOCTYPE rss [{body}]><rss><channel><item><title>&a;</title></item></channel></rss>"
        )
        with pytest.raises(InputError, match="defines entities"):
            list(sources([put(tmp_path, "f.rss", feed)], Options(format="feed")))


def test_gzip_bombs(tmp_path: Path) -> None:
    packed = gzip.compress(b"India " * 20_000_000)
    with pytest.raises(InputError, match="unpacks to more than"):
        load(put(tmp_path, "a.txt.gz", packed))
    found = list(sources([put(tmp_path, "a.jsonl.gz", packed + gzip.compress(b'\n{"text": "India met Peru."}\n'))]))
    assert [type(f) for f in found] == [Refused, Source]
    assert "a.jsonl.gz:1: the line has more than" in str(found[0].error)  # type: ignore[union-attr]


def test_million_character_line_in_a_table(tmp_path: Path) -> None:
    rows = [{"text": LEAD + "India met Peru. " * 65_000}, {"text": "x" * MAX_BYTES}, {"text": SENTENCE}]
    path = put(tmp_path, "a.jsonl", "\n".join(json.dumps(r) for r in rows))
    found = list(sources([path]))
    assert [type(f) for f in found] == [Source, Refused, Source]


def test_a_text_too_long_for_one_document(tmp_path: Path) -> None:
    rows = [{"text": SENTENCE + "\n\n" + "India met Peru. " * 90_000}, {"text": SENTENCE}]
    path = put(tmp_path, "a.jsonl", "\n".join(json.dumps(r) for r in rows))
    whole = list(sources([path]))
    assert [type(f) for f in whole] == [Refused, Source]
    assert f"{path}:1: text: the text has 1,440,049 characters; up to 1,250,000 are read as one" in str(whole[0].error)  # type: ignore[union-attr]
    parts = list(sources([path], Options(paragraphs=True)))
    assert [type(f) for f in parts] == [Source, Refused, Source]
    assert str(parts[1].error).startswith(f"{path}:1#2: the text has 1,4")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "text",
    [
        LEAD + "India " + "a" * 1_000_000,
        LEAD + "India said: " + "“" * 10_000 + "We agree with China." + "”" * 10_000,
        LEAD + "India said: " + '"' * 10_001 + "We agree with China.",
        LEAD + "India said: " + "“‘" * 5_000 + "We agree with China." + "’”" * 5_000,
        LEAD + "\u202e" * 50_000 + "India met Peru.",
        LEAD + "India\u0301" * 20_000 + " met Peru.",
        LEAD + "India met Peru " + "\n" * 500_000 + ".",
        LEAD + "India " + "." * 300_000,
    ],
    ids=["long word", "nested quotes", "plain quotes", "mixed quotes", "right to left", "marks", "lines", "dots"],
)
def test_long_and_odd_texts(text: str) -> None:
    start = time.perf_counter()
    assert isinstance(read_text(text), Reading)
    assert seconds(start) < 20


def test_memory_is_bounded() -> None:
    program = (
        "import resource\nfrom multialign.reading import read_text\n"
        f"read_text({LEAD!r} + 'India, China, Peru, ' * 6_000)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    )
    pytest.importorskip("resource")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=200)
    unit = 1 if sys.platform == "darwin" else 1024
    assert int(done.stdout) * unit < 2e9


def test_unseen_characters_hide_nothing() -> None:
    hidden = "\ufeffIn\u200bdia\u200f con\u00addemned\u2069 \u202eChina\u202c.\u0007 \x1b[31mPeru\u2028praised Chile."
    reading = read_text(hidden)
    assert reading.document.text == "India condemned China.   [31mPeru\npraised Chile."
    assert {(s.source, s.target, s.event) for s in reading.statements} >= {("IND", "CHN", "ACCUSE")}
    assert all(reading.document.text[s.start : s.end] == s.text for s in reading.statements)


@pytest.mark.parametrize("kind", ["html", "pdf", "docx"])
def test_damaged_files(tmp_path: Path, kind: str) -> None:
    good = {"html": PAGE.format(charset="utf-8").encode(), "pdf": pdf(SENTENCE), "docx": docx(SENTENCE)}[kind]
    chance = random.Random(7)  # noqa: S311
    start = time.perf_counter()
    for case in range(12):
        raw = bytearray(good)
        if case % 3 == 0:
            del raw[chance.randrange(10, len(raw)) :]
        for _ in range(1 + case * 4):
            raw[chance.randrange(8, len(raw))] = chance.randrange(256)
        try:
            load(put(tmp_path, f"a.{kind}", bytes(raw)))
        except InputError as error:
            assert f"a.{kind}: " in str(error) and "\n" not in str(error)
    assert seconds(start) < 30


def test_pdf_with_loops(tmp_path: Path) -> None:
    loop = pdf(SENTENCE).replace(b"/Kids [3 0 R]", b"/Kids [2 0 R]")
    start = time.perf_counter()
    with pytest.raises(InputError, match=r"a\.pdf: "):
        load(put(tmp_path, "a.pdf", loop))
    assert seconds(start) < 35


def test_deeply_nested_page(tmp_path: Path) -> None:
    page = "<html><body>" + "<div>" * 50_000 + "India met Peru." + "</div>" * 50_000 + "</body></html>"
    start = time.perf_counter()
    try:
        assert "<" not in load(put(tmp_path, "a.html", page)).text
    except InputError as error:
        assert "a.html: " in str(error)
    assert seconds(start) < 35


def test_a_converter_that_hangs_or_dies_is_replaced() -> None:
    converter = Converter()
    try:
        page = PAGE.format(charset="utf-8").encode()
        assert SENTENCE in converter.convert(page, "html", "a").text
        process = converter._process
        assert process is not None
        process.kill()
        process.wait()
        assert SENTENCE in converter.convert(page, "html", "a").text
        slow = b"<html><body>" + b"<p>" + b"<a href=x>India</a> " * 2_000_000
        converter.seconds = 1
        start = time.perf_counter()
        with pytest.raises(InputError, match=r"slow: (could not be read within 1 seconds|needs more memory|no text)"):
            converter.convert(slow, "html", "slow")
        assert seconds(start) < 10
        converter.seconds = 30
        assert SENTENCE in converter.convert(page, "html", "a").text
    finally:
        converter.close()


def test_one_bad_document_does_not_stop_the_rest() -> None:
    items: list[Source | Refused] = [
        from_text(SENTENCE, name="good"),
        from_text("Le gouvernement de la France a condamné la Chine pour ses actes en mer de Chine.", name="french"),
        Refused(InputError("broken", file="f", line=3)),
        from_text("Nobody at all is named here, and that is that.", name="nobody"),
        from_text("India met Peru.", name="second"),
    ]
    found = list(bulk.readings(items, 1))
    assert sorted(r.document.name for r in found if isinstance(r, Reading)) == ["good", "second"]
    errors = " | ".join(str(r.error) for r in found if isinstance(r, Refused))
    assert "f:3: broken" in errors and "french: the text is in French" in errors and "nobody: no state" in errors


@given(st.binary(max_size=400))
@example(b"\xff\xfe\x00")
@example(b"\x00")
@example(b"\xef\xbb\xbf")
@example(b"\xfe\xff\xd8\x00")
@FUZZ
def test_any_bytes_decode_or_are_refused(raw: bytes) -> None:
    try:
        assert isinstance(decode(raw, "f"), str)
    except InputError as error:
        assert error.file == "f"


@given(st.binary(max_size=300), st.sampled_from(["a", "a.txt", "a.pdf", "a.html", "a.jsonl", "a.docx", "a.rss"]))
@FUZZ
def test_any_bytes_have_a_kind_or_are_refused(raw: bytes, name: str) -> None:
    try:
        find_kind(raw, name)
    except InputError as error:
        assert error.file == name


@given(st.text(max_size=300))
@example("\ud800")
@example("\u202e\u200b")
@FUZZ
def test_any_text_becomes_a_document_or_is_refused(text: str) -> None:
    try:
        source = from_text(text)
    except InputError:
        return
    assert source.text == clean(source.text) and source.text.encode()
    assert not any(ord(c) < 32 and c not in "\n\t" for c in source.text + source.name)


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.text() | st.integers(), st.lists, max_leaves=5),
       st.sampled_from(["text", "title", "date", "id", "source"]))  # fmt: skip
@FUZZ
def test_any_value_in_a_table(tmp_path_factory: pytest.TempPathFactory, value: object, column: str) -> None:
    row = {"text": SENTENCE, column: value}
    path = put(tmp_path_factory.mktemp("t"), "t.jsonl", json.dumps(row) + "\n" + json.dumps({"text": SENTENCE}))
    found = list(sources([path]))
    assert len(found) == 2 and isinstance(found[1], Source)
    if isinstance(found[0], Refused):
        assert str(found[0].error).startswith(f"{path}:1: ")


@given(st.sampled_from(["html", "fragment", "markdown", "text"]), st.binary(max_size=300) | st.text(max_size=300))
@FUZZ
def test_any_bytes_extract_or_are_refused(kind: str, content: bytes | str) -> None:
    raw = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    try:
        assert isinstance(extract(raw, kind, "f").text, str)
    except InputError as error:
        assert error.file == "f"


@given(st.lists(st.sampled_from(["India", " China", "'s", "“", "”", '"', ", ", ". ", "said ", "if ", "will ", "(",
                                 "\n\n", "condemned ", "both nations ", "\u200b", "We ", "Mr. ", "- ", "'", "\u202e"]),
                max_size=40))  # fmt: skip
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_string_of_words_reads(parts: list[str]) -> None:
    reading = read_text(LEAD + "India met Peru. " + "".join(parts))
    text = reading.document.text
    assert all(text[s.start : s.end] == s.text for s in reading.statements)
