"""Documents: from a string to text, paragraphs, a title and a date. Files are read in `inputs`.

Untrusted input: sizes are bounded before anything is read whole, and nothing in a document is ever executed.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from datetime import date as Date
from pathlib import Path

from multialign.errors import InputError

MAX_BYTES = 10 * 1024 * 1024
"""Largest file of text, and largest line or row of a table: 10 MB."""

MAX_TEXT = 1_250_000
"""Longest text read as one document, in characters: some 600 pages. It bounds the time and memory of a reading."""

MAX_PARAGRAPH = 2_500
"""Longest stretch parsed at once, in characters; longer paragraphs are cut at a sentence end or a blank. The parser
takes 64 such stretches together, which decides how much memory it needs."""

MAX_WORD = 200
"""Longest unbroken run of characters taken for a word; longer ones are passed over (tokenizers choke on them)."""

_MONTH_NAMES = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
                "november", "december")  # fmt: skip
_MONTHS = {name[:n]: i for i, name in enumerate(_MONTH_NAMES, start=1) for n in (3, 4, len(name))}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATES = (
    re.compile(r"\b(?P<y>(?:19|20)\d\d)-(?P<m>\d\d)-(?P<d>\d\d)\b"),
    re.compile(rf"\b(?P<d>\d{{1,2}})\s+(?P<mn>{_MONTH})\.?,?\s+(?P<y>(?:19|20)\d\d)\b", re.I),
    re.compile(rf"\b(?P<mn>{_MONTH})\.?\s+(?P<d>\d{{1,2}}),?\s+(?P<y>(?:19|20)\d\d)\b", re.I),
)


@dataclass(frozen=True)
class Paragraph:
    """A stretch of the text: `text` has blanks for line breaks, so offsets stay those of the document."""

    text: str
    start: int


@dataclass(frozen=True)
class Source:
    """A loaded document before it is parsed.

    `name` is what it is called, `origin` where exactly it was found (a path, ``path:line`` or an address), `medium`
    who published it, where the input says so.
    """

    name: str
    text: str
    title: str | None
    date: str | None
    sha256: str
    origin: str | None = None
    medium: str | None = None


def load(path: Path, *, date: str | None = None, title: str | None = None, name: str | None = None) -> Source:
    """Read one document from a file: plain text, Markdown, HTML, PDF or DOCX, each also gzipped.

    Raises
    ------
    InputError: no such file, a directory, larger than `MAX_BYTES` (only its size is looked at), empty, binary,
        damaged, or a table of many documents.
    """
    from multialign.reading import inputs

    return inputs.load(path, date=date, title=title, name=name)


def from_text(
    text: str,
    *,
    date: str | None = None,
    title: str | None = None,
    name: str | None = None,
    file: str | Path | None = None,
    found_date: str | None = None,
    origin: str | None = None,
    medium: str | None = None,
    most: int = MAX_TEXT,
) -> Source:
    """A document from a string.

    Characters that nobody sees (zero-width, text direction, soft hyphens) are taken out, other control characters
    become blanks or line breaks: they hide names from a reader and could steer a terminal.

    Parameters
    ----------
    date: ISO date, given by the user. found_date: one that the file's own properties hold; it counts when no date
    stands in the head of the text or in the name. most: most characters.

    Raises InputError when empty, too long, binary, or its date is not ISO.
    """
    if len(text) > most:
        raise InputError(
            f"the text has {len(text):,} characters; up to {most:,} are read as one document",
            hint="split it, or take every paragraph for a document",
            file=file,
        )
    if "\x00" in text:
        raise InputError("binary data (a NUL character)", hint="give plain text", file=file)
    text = clean(text)
    if not any(unicodedata.category(c)[0] in "LN" for c in text):
        raise InputError("the document is empty", hint="give the announcement's text", file=file)
    try:
        raw = text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InputError(
            f"not valid text (a lone surrogate at character {error.start})", hint="give UTF-8 text", file=file
        ) from None
    if date is not None:
        date = _iso(date, file)
    else:
        in_name = find_date(name.replace("_", "-")) if name else None
        date = find_date(text[:600]) or in_name or found_date
    return Source(
        name=_line(name) if name else "text",
        text=text,
        title=_line(title) if title is not None else find_title(text),
        date=date,
        sha256=hashlib.sha256(raw).hexdigest(),
        origin=origin,
        medium=medium,
    )


_UNSEEN = dict.fromkeys(
    [0xAD, 0x61C, 0x180E, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070),
     *range(0xFFF9, 0xFFFC), *range(0xE0000, 0xE0080)]
)  # fmt: skip
_CONTROLS = {code: " " for code in [*range(0x20), 0x7F, *range(0x80, 0xA0)] if chr(code) not in "\n\t"}
_BREAKS = dict.fromkeys([0x0B, 0x0C, 0x85, 0x2028, 0x2029], "\n")
_PLAIN = {**_CONTROLS, **_BREAKS, **_UNSEEN}


def _line(text: str) -> str:
    """A title or a name as one line of at most 300 characters."""
    return " ".join(clean(text.encode("utf-8", "replace").decode("utf-8")).split())[:300]


def clean(text: str) -> str:
    """`text` with ``\\n`` for every kind of line break, unseen and control characters taken out, blank ends cut off."""
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_PLAIN).strip()


def _iso(date: str, file: str | Path | None) -> str:
    try:
        return Date.fromisoformat(date).isoformat()
    except (ValueError, TypeError):
        raise InputError(f"'{date}' is not a date", hint="write it as 2026-03-31", field="date", file=file) from None


def find_date(head: str) -> str | None:
    """The first full date written in `head`, as ISO; None if there is none that exists in the calendar."""
    found = []
    for pattern in _DATES:
        for match in pattern.finditer(head):
            part = match.groupdict()
            month = int(part["m"]) if part.get("m") else _MONTHS[part["mn"].lower()]
            try:
                found.append((match.start(), Date(int(part["y"]), month, int(part["d"])).isoformat()))
                break
            except ValueError:
                continue
    return min(found)[1] if found else None


def find_title(text: str) -> str | None:
    """The first line that stands alone, is short and does not end as a sentence does."""
    for line in text.split("\n", 4)[:4]:
        line = line.strip()
        if not line or find_date(line) or line.lower().startswith("example text"):
            continue
        if len(line) <= 140 and line[-1] not in ".!?:;,\"”’'" and " " in line:
            return line
        return None
    return None


def paragraphs(text: str) -> list[Paragraph]:
    """Paragraphs in order, each at most `MAX_PARAGRAPH` characters.

    With blank lines in the text, they part the paragraphs; else a line break does, unless the line before it ends
    in the middle of a sentence (hard-wrapped text).
    """
    if re.search(r"\n[ \t]*\n", text):
        breaks = [(m.start(), m.end()) for m in re.finditer(r"\n[ \t]*\n\s*", text)]
    else:
        breaks = [(m.start() + 1, m.end()) for m in re.finditer(r"[.!?:”\"’)][ \t]*\n\s*", text)]
    out: list[Paragraph] = []
    start = 0
    for stop, after in [*breaks, (len(text), len(text))]:
        out.extend(_cut(text, start, stop))
        start = after
    return out


_RUN = re.compile(rf"[^ ]{{{MAX_WORD},}}")


def _cut(text: str, start: int, stop: int) -> list[Paragraph]:
    out = []
    while start < stop:
        end = min(stop, start + MAX_PARAGRAPH)
        if end < stop:
            window = text[start:end]
            cut = max(window.rfind(". "), window.rfind("\n"))
            cut = cut + 1 if cut > MAX_PARAGRAPH // 2 else window.rfind(" ")
            end = start + cut if cut > 0 else end
        piece = text[start:end]
        if piece.strip():
            lead = len(piece) - len(piece.lstrip())
            flat = _RUN.sub(lambda m: " " * len(m.group()), re.sub(r"\s", " ", piece.strip()))
            out.append(Paragraph(flat, start + lead))
        start = end
    return out
