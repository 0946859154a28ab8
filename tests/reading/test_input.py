"""What cannot be read, and what is said about it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from multialign.errors import InputError
from multialign.reading import read, read_text
from multialign.reading.documents import MAX_BYTES, find_date, find_title, paragraphs
from multialign.reading.language import detect

GOOD = "India signed a trade agreement with Chile."


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read(tmp_path / "nothing.txt")
    with pytest.raises(InputError, match="no such file"):
        read("nothing-here.txt")


def test_directory(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="directory"):
        read(tmp_path)


@pytest.mark.parametrize("content", [b"", b"  \n\n\t ", b"...\n---"])
def test_empty_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(content)
    with pytest.raises(InputError, match="empty") as error:
        read(path)
    assert str(path) in str(error.value)


def test_binary_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"India\x00and China")
    with pytest.raises(InputError, match="NUL byte at offset 5"):
        read(path)
    path.write_bytes(bytes(range(1, 256)) * 20)
    with pytest.raises(InputError, match=r"a\.txt: a binary file, not text \(byte 0x80 at offset 127 is not UTF-8\)"):
        read(path)


def test_large_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "big.txt"
    with path.open("wb") as handle:
        handle.truncate(50 * 1024 * 1024)
    start = time.perf_counter()
    with pytest.raises(InputError, match=r"52\.4 MB; documents up to 10\.5 MB"):
        read(path)
    assert time.perf_counter() - start < 0.5
    with pytest.raises(InputError, match="characters"):
        read_text("a " * MAX_BYTES)


def test_no_state() -> None:
    with pytest.raises(InputError, match="no state is named"):
        read_text("The committee met on Monday and adopted the report of the working group.")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Le président russe a proposé à la France d'élargir la coopération dans le domaine de l'énergie.", "French"),
        ("Россия готова расширять сотрудничество с Индией без ограничений, заявил Песков.", "Russian"),
        ("Die Bundesregierung hat Indien eine engere Zusammenarbeit in der Verteidigung angeboten.", "German"),
        ("El gobierno de México rechazó la propuesta de Estados Unidos sobre los aranceles al acero.", "Spanish"),
        ("O Brasil e a Argentina assinaram um acordo comercial.", "Portuguese"),
        ("China condena a Estados Unidos por los aranceles", "Spanish"),
        ("中国和印度在北京签署了新的贸易协议。", "Chinese"),
        ("روسيا والصين توقعان اتفاقا جديدا للطاقة", "Arabic"),
        ("Nederland stuurt opnieuw tanks naar Oekraïne.", "Dutch"),
        ("Việt Nam và Hoa Kỳ đã ký một thỏa thuận hợp tác về công nghệ bán dẫn tại Hà Nội.", "Vietnamese"),
    ],
)
def test_other_languages_are_named(text: str, language: str) -> None:
    with pytest.raises(InputError, match=language):
        read_text(text)


@pytest.mark.parametrize(
    "text",
    [
        "India rejects offer.",
        "Kazakhstan-China pipeline talks",
        "Putin visits Hanoi",
        "Erdogan, Sisi meet in Ankara",
        "Côte d'Ivoire experiences a major political crisis. (Al Jazeera)",
        "2016 Turkish coup d'état attempt",
        "Príncipe's Fradique de Menezes tests positive. (Diário do Nordeste)",
        "Kosovo visited by Boris Tadić. (Welle)",
        "Mount Agung, a volcano in Indonesia's Bali province, erupts.",
        "United States v. Norton, et al.",
    ],
)
def test_short_english_texts_pass(text: str) -> None:
    assert detect(text) == "en"


def test_bad_date() -> None:
    with pytest.raises(InputError, match="'yesterday' is not a date"):
        read_text(GOOD, date="yesterday")


def test_text_and_path_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "2026-01-09-note.txt"
    path.write_text("﻿" + GOOD.replace(" ", "\r\n", 1), encoding="utf-8")
    reading = read(str(path))
    assert reading.document.name == path.name and reading.document.date == "2026-01-09"
    assert reading.document.text.startswith("India\nsigned")
    assert read(GOOD).statements[0].source == "IND"
    assert read(path, name="x", title="T", date="2020-02-03").document.title == "T"


def test_utf16(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(GOOD.encode("utf-16"))
    assert read(path).document.text == GOOD


def test_surrogates() -> None:
    with pytest.raises(InputError, match="lone surrogate"):
        read_text(GOOD + "\ud800")


@pytest.mark.parametrize(
    ("head", "date"),
    [
        ("HANOI, 12 March 2026. The", "2026-03-12"),
        ("Sept. 3, 2025 - The", "2025-09-03"),
        ("On 2024-02-30 or 2024-02-29", "2024-02-29"),
        ("In 2024 the", None),
        ("announcement-2023-05-06.txt", "2023-05-06"),
    ],
)
def test_find_date(head: str, date: str | None) -> None:
    assert find_date(head) == date


def test_find_title() -> None:
    assert find_title("Brazil and Argentina meet\n\nBUENOS AIRES, 1 May 2024. They met.") == "Brazil and Argentina meet"
    assert find_title("Brazil met Argentina.\nMore.") is None


def test_paragraphs_keep_offsets() -> None:
    wrapped = "India and China met\nin Delhi on Monday.\n\nThey agreed\nto meet again."
    parts = paragraphs(wrapped)
    assert [p.text for p in parts] == ["India and China met in Delhi on Monday.", "They agreed to meet again."]
    lines = "India met China.\nThey agreed.\nNothing\nmore."
    assert [p.text for p in paragraphs(lines)] == ["India met China.", "They agreed.", "Nothing more."]
    for text in (wrapped, lines, "word " * 9000):
        for p in paragraphs(text):
            assert text[p.start : p.start + len(p.text)].replace("\n", " ") == p.text
