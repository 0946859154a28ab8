"""What a file is: by its first bytes where they say so, else by its name, else by a look inside."""

from __future__ import annotations

import json
import re
from typing import Literal, get_args

from multialign.errors import InputError, unknown

Kind = Literal["text", "markdown", "html", "pdf", "docx", "jsonl", "parquet", "feed"]
KINDS: tuple[str, ...] = get_args(Kind)

SUFFIXES: dict[str, Kind] = {
    ".txt": "text", ".text": "text", ".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html",
    ".xhtml": "html", ".pdf": "pdf", ".docx": "docx", ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet",
    ".rss": "feed", ".atom": "feed",
}  # fmt: skip
"""Files that a folder is searched for; each also with ``.gz`` after it."""

TABLES = frozenset({"jsonl", "parquet", "feed"})
"""Kinds that hold many documents."""

_FOREIGN = (
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Word, Excel or PowerPoint file", "save it as .docx or PDF"),
    (b"{\\rtf", "a rich-text file", "save it as .docx, PDF or plain text"),
    (b"\x89PNG", "a picture", "give the text"),
    (b"\xff\xd8\xff", "a picture", "give the text"),
    (b"BZh", "packed with bzip2", "unpack it, or pack it with gzip"),
    (b"\xfd7zXZ", "packed with xz", "unpack it, or pack it with gzip"),
    (b"\x28\xb5\x2f\xfd", "packed with zstd", "unpack it, or pack it with gzip"),
)
_TABLES = {"csv": "a CSV table", "tsv": "a TSV table", "json": "JSON that is not one object a line"}
_HTML = re.compile(rb"\s*(?:<!--.{0,2000}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_FEED = re.compile(rb"\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,2000}?-->\s*)*<(?:rss|feed|rdf:RDF)\b", re.I | re.S)


def suffix_kind(name: str) -> Kind | None:
    """What the name of a file says that it is, ``.gz`` left out of account; None for other names."""
    name = name.lower().removesuffix(".gz")
    dot = name.rfind(".")
    return SUFFIXES.get(name[dot:]) if dot >= 0 else None


def find_kind(head: bytes, name: str, wanted: str | None = None) -> Kind:
    """What a file is.

    Parameters
    ----------
    head: its first bytes (some thousand), unpacked. name: its name. wanted: what the user says it is.

    Raises InputError for kinds that are not read, and for a `wanted` that is not known.
    """
    if wanted is not None:
        if wanted not in KINDS:
            raise unknown("format", wanted, KINDS, field="format")
        return wanted  # type: ignore[return-value]
    said = suffix_kind(name)
    if head.lstrip()[:5] == b"%PDF-" or (said == "pdf" and b"%PDF-" in head[:1024]):
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return "docx"
    if head.startswith(b"PAR1"):
        return "parquet"
    for magic, what, hint in _FOREIGN:
        if head.startswith(magic):
            raise InputError(what, hint=hint, file=name)
    if _FEED.match(head):
        return "feed"
    if head.lstrip()[:5] == b"<?xml" and said not in ("html", "markdown"):
        if _HTML.search(head):
            return "html"
        raise InputError("an XML file that is no feed", hint="RSS and Atom feeds are read", file=name)
    if said in ("pdf", "docx", "parquet"):
        raise InputError(f"not a {said.upper()} file, whatever its name says", hint="check how it was saved", file=name)
    if said in ("text", "feed", None) and _HTML.match(head):
        return "html"
    if said is None and _is_json_line(head):
        return "jsonl"
    foreign = _TABLES.get(name.lower().removesuffix(".gz").rpartition(".")[2]) if said is None else None
    if foreign:
        raise InputError(foreign, hint="write it as JSON Lines, an object with 'text' a line, or Parquet", file=name)
    return "text" if said in ("feed", None) else said


def _is_json_line(head: bytes) -> bool:
    if head.lstrip()[:1] != b"{":
        return False
    line, _, rest = head.lstrip().partition(b"\n")
    try:
        return isinstance(json.loads(line), dict) or not rest
    except (ValueError, RecursionError):
        return False
