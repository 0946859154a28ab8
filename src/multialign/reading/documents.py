"""Documents: from a file or a string to text, paragraphs, a title and a date.

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
"""Largest document that is read: 10 MB."""

MAX_PARAGRAPH = 8_000
"""Longest stretch parsed at once, in characters; longer paragraphs are cut at a sentence end or a blank."""

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
    """A loaded document before it is parsed."""

    name: str
    text: str
    title: str | None
    date: str | None
    sha256: str


def load(path: Path, *, date: str | None = None, title: str | None = None, name: str | None = None) -> Source:
    """Read a text file.

    Raises
    ------
    InputError: no such file, a directory, larger than `MAX_BYTES` (only its size is looked at), empty, binary,
        or not UTF-8 (UTF-16 with a byte-order mark is read too).
    """
    try:
        if path.is_dir():
            raise InputError("this is a directory", hint="give a text file", file=path)
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise InputError(
                f"the file has {size / 1e6:.1f} MB; documents up to {MAX_BYTES / 1e6:.1f} MB are read",
                hint="give the announcement alone, or split the file",
                file=path,
            )
        with path.open("rb") as handle:  # the size may change after stat: never read more than allowed
            raw = handle.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise InputError("no such file", hint="check the path", file=path) from None
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror or error})", file=path) from None
    if len(raw) > MAX_BYTES:
        raise InputError(f"more than {MAX_BYTES / 1e6:.1f} MB", hint="split the file", file=path)
    return from_text(_decode(raw, path), date=date, title=title, name=name or path.name, file=path)


def _decode(raw: bytes, path: Path) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return raw.decode("utf-16")
        except UnicodeDecodeError:
            raise InputError("not readable as UTF-16", hint="save it as UTF-8 text", file=path) from None
    if b"\x00" in raw:
        raise InputError(
            f"a binary file (a NUL byte at offset {raw.index(0)})", hint="give plain text in UTF-8", file=path
        )
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError(
            f"not UTF-8 text (byte 0x{raw[error.start]:02x} at offset {error.start})",
            hint="save it as UTF-8 text; PDF and Word files must be converted first",
            file=path,
            line=line,
        ) from None


def from_text(
    text: str,
    *,
    date: str | None = None,
    title: str | None = None,
    name: str | None = None,
    file: Path | None = None,
) -> Source:
    """A document from a string. Raises InputError when empty, too long, binary, or its date is not ISO."""
    if len(text) > MAX_BYTES:
        raise InputError(f"the text has {len(text):,} characters; up to {MAX_BYTES:,} are read", file=file)
    if "\x00" in text:
        raise InputError("binary data (a NUL character)", hint="give plain text", file=file)
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
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
        date = find_date(text[:600]) or (find_date(name.replace("_", "-")) if name else None)
    return Source(
        name=name or "text",
        text=text,
        title=title if title is not None else find_title(text),
        date=date,
        sha256=hashlib.sha256(raw).hexdigest(),
    )


def _iso(date: str, file: Path | None) -> str:
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
