"""Feeds: RSS 0.9 to 2.0 and Atom, parsed by defusedxml, which refuses entities and outside references."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date as Date
from email.utils import parsedate_to_datetime
from typing import Any

from multialign.errors import InputError
from multialign.reading.documents import find_date

MAX_ENTRIES = 500
"""Most entries of one feed that are taken."""


@dataclass(frozen=True)
class Entry:
    """One entry: `html` is what the feed carries of it, `whole` whether that is its full text."""

    title: str | None
    date: str | None
    link: str | None
    html: str
    whole: bool


def entries(raw: bytes, name: str) -> Iterator[Entry]:
    """The entries of a feed, as they stand in it. Raises InputError when it is no feed."""
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        root = fromstring(raw, forbid_dtd=False)
    except DefusedXmlException as error:
        problem = f"the feed defines entities or points outside ({type(error).__name__})"
        raise InputError(problem, hint="feeds are plain XML", file=name) from None
    except (ParseError, ValueError, LookupError, RecursionError) as error:
        raise InputError(f"a damaged feed ({error})", hint="RSS and Atom are read", file=name) from None
    if _tag(root) not in ("rss", "feed", "RDF"):
        raise InputError(f"no feed but <{_tag(root)[:40]}>", hint="RSS and Atom are read", file=name)
    found = 0
    for node in root.iter():
        if _tag(node) in ("item", "entry"):
            found += 1
            if found > MAX_ENTRIES:
                return
            yield _entry(node)


def _entry(node: Any) -> Entry:
    parts: dict[str, str] = {}
    link = None
    for child in node:
        tag = _tag(child)
        if tag == "link":
            target = child.get("href") or (child.text or "").strip()
            if target and (link is None or child.get("rel") == "alternate"):
                link = target
        elif tag not in parts:
            parts[tag] = "".join(child.itertext()).strip()
    full = parts.get("encoded") or parts.get("content") or ""
    short = parts.get("description") or parts.get("summary") or ""
    stamp = parts.get("pubDate") or parts.get("published") or parts.get("date") or parts.get("updated")
    html = full if len(full) >= len(short) else short
    return Entry(" ".join(parts.get("title", "").split()) or None, _date(stamp), link, html, bool(full))


def _tag(node: Any) -> str:
    return str(node.tag).rpartition("}")[2]


def _date(stamp: str | None) -> str | None:
    """RFC 822 (RSS) or ISO (Atom) date as ISO; None where it is neither."""
    if not stamp:
        return None
    try:
        return Date.fromisoformat(stamp[:10]).isoformat()
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(stamp[:60]).date().isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return find_date(stamp[:60])
