"""Going through inputs: what each is, and the documents in it."""

from __future__ import annotations

import gzip
import io
import os
import re
import sys
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from multialign.errors import InputError
from multialign.reading.documents import MAX_BYTES, Source, from_text
from multialign.reading.inputs import feeds, fetch, raw, tables
from multialign.reading.inputs.convert import convert
from multialign.reading.inputs.kinds import SUFFIXES, TABLES, Kind, find_kind, suffix_kind
from multialign.reading.inputs.options import Options, Refused

_HEAD = 8_192
_TEXTS = frozenset({"text", "markdown"})
_PLAIN = Options()
MAX_FILES = 1_000_000
"""Most files of a folder that are gone through."""


def load(
    path: str | Path,
    *,
    date: str | None = None,
    title: str | None = None,
    name: str | None = None,
    options: Options = _PLAIN,
) -> Source:
    """One document from one file (or, with ``options.fetch``, address). Raises InputError when it cannot be read,
    and when it is a table or feed of many."""
    options = replace(options, date=date or options.date, title=title or options.title)
    if fetch.is_url(str(path)):
        return _from_url(str(path), options, name)
    path = Path(path)
    kind, body = _one(path, options)
    if kind in TABLES:
        raise InputError(
            f"a {kind} of many documents, where one is asked for",
            hint="read it by the command line, or with multialign.reading.inputs.sources",
            file=path,
        )
    return _document(body, kind, name or path.name, str(path), options)


def sources(paths: Iterable[str | Path], options: Options = _PLAIN) -> Iterator[Source | Refused]:
    """Every document of the inputs, in order: of a folder, files by name; of a table, rows as they stand.

    Parameters
    ----------
    paths: files, folders, ``-`` for standard input, and, with ``options.fetch``, addresses.

    Raises InputError for an input that is not there or cannot be opened. What goes wrong inside a folder, a table or
    a feed is a `Refused`, and the rest goes on.
    """
    for path in paths:
        for found in _documents(path, options):
            if options.paragraphs and isinstance(found, Source):
                yield from _parts(found)
            else:
                yield found


def _documents(path: str | Path, options: Options) -> Iterator[Source | Refused]:
    name = str(path)
    if name == "-":
        yield from _stream(options)
    elif fetch.is_url(name):
        yield from _address(name, options)
    elif Path(path).is_dir():
        yield from _folder(Path(path), options)
    else:
        yield from _file(Path(path), options)


def _parts(source: Source) -> Iterator[Source | Refused]:
    """The paragraphs of a document, each as a document; those without a letter are passed over."""
    number = 0
    for part in re.split(r"\n[ \t]*\n", source.text):
        if any(c.isalnum() for c in part):
            number += 1
            origin = f"{source.origin or source.name}#{number}"
            try:
                found = from_text(
                    part, date=source.date, title=source.title, name=f"{source.name}#{number}", file=origin
                )
            except InputError as error:
                yield Refused(error)
                continue
            yield replace(found, date=source.date, origin=origin if source.origin else None, medium=source.medium)


def _folder(folder: Path, options: Options) -> Iterator[Source | Refused]:
    """Files of a folder and its folders, by name; hidden ones and links to folders are passed over."""
    seen = 0
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(f for f in folders if not f.startswith("."))
        for file in sorted(files):
            kind = suffix_kind(file)
            if file.startswith(".") or kind is None:
                continue
            seen += 1
            if seen > MAX_FILES:
                yield Refused(InputError(f"more than {MAX_FILES:,} files; the rest is left", file=folder))
                return
            try:
                yield from _file(Path(here) / file, replace(options, format=None))
            except InputError as error:
                yield Refused(error)
    if not seen:
        known = " ".join(sorted(SUFFIXES))
        raise InputError("no document in this folder", hint=f"files of these kinds are read: {known}", file=folder)


def _file(path: Path, options: Options) -> Iterator[Source | Refused]:
    kind = _kind_of(path, options)
    if kind == "jsonl":
        opened = gzip.open if _is_packed(path) else open
        with opened(path, "rb") as handle:
            yield from tables.jsonl(handle, str(path), options)  # type: ignore[arg-type]
    elif kind == "parquet":
        reader = tables.packed_parquet if _is_packed(path) else tables.parquet
        yield from reader(path, str(path), options)
    elif kind == "feed":
        yield from _feed(raw.read_bytes(path, MAX_BYTES), str(path), None, options)
    else:
        _, body = _one(path, options, kind)
        yield _document(body, kind, path.name, str(path), options)


def _kind_of(path: Path, options: Options) -> Kind:
    try:
        if not path.is_file():
            raw.read_bytes(path)  # says what is wrong
        with path.open("rb") as handle:
            head = handle.read(_HEAD)
        if head[:2] == b"\x1f\x8b":
            with gzip.open(path, "rb") as packed:
                head = packed.read(_HEAD)
    except InputError:
        raise
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise InputError(f"damaged gzip data ({error})", hint="pack the file again", file=path) from None
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror or error})", file=path) from None
    return find_kind(head, str(path), options.format)


def _is_packed(path: Path) -> bool:
    with path.open("rb") as handle:
        return handle.read(2) == b"\x1f\x8b"


def _one(path: Path, options: Options, kind: Kind | None = None) -> tuple[Kind, bytes]:
    """Kind and bytes of a file; texts are bounded more narrowly, by their size alone, unread."""
    kind = kind or _kind_of(path, options)
    if kind in TABLES:
        return kind, b""
    return kind, raw.read_bytes(path, MAX_BYTES if kind in _TEXTS else raw.MAX_FILE)


def _document(body: bytes, kind: str, name: str, origin: str, options: Options) -> Source:
    found = convert(body, kind, origin)
    title = options.title or found.title
    # what a page says of itself is when it was published; what an office file says is when it was last saved
    date = options.date or (found.date if kind in ("html", "markdown") else None)
    return from_text(
        found.text, date=date, title=title, name=name, file=origin, found_date=found.date, origin=origin,
        most=options.most,
    )  # fmt: skip


def _stream(options: Options) -> Iterator[Source | Refused]:
    """Standard input: a table line by line, anything else whole, within the bounds of a file."""
    stream = sys.stdin.buffer
    handle = io.BufferedReader(stream, _HEAD) if not hasattr(stream, "peek") else stream  # type: ignore[type-var]
    head = handle.peek(_HEAD)[:_HEAD]
    if head[:2] != b"\x1f\x8b" and find_kind(head, "-", options.format) == "jsonl":
        yield from tables.jsonl(handle, "-", options)  # type: ignore[arg-type]
        return
    body = handle.read(raw.MAX_FILE + 1)
    if len(body) > raw.MAX_FILE:
        raise raw.too_large(len(body), raw.MAX_FILE, "-")
    body = raw.unpack(body, "-")
    kind = find_kind(body[:_HEAD], "-", options.format)
    yield from _bytes(body, kind, "standard input", "-", options)


def _bytes(body: bytes, kind: Kind, name: str, origin: str, options: Options) -> Iterator[Source | Refused]:
    """Documents of an input that is in memory."""
    if kind == "jsonl":
        yield from tables.jsonl(io.BytesIO(body), origin, options)
    elif kind == "feed":
        yield from _feed(raw.is_small(body, origin), origin, origin if fetch.is_url(origin) else None, options)
    elif kind == "parquet":
        raise InputError("a Parquet file", hint="give it as a file", file=origin)
    else:
        if kind in _TEXTS:
            raw.is_small(body, origin)
        yield _document(body, kind, name, origin, options)


def _address(url: str, options: Options) -> Iterator[Source | Refused]:
    found = _fetched(url, options)
    yield from _bytes(found.raw, _url_kind(found, options), _url_name(found.url), found.url, options)


def _from_url(url: str, options: Options, name: str | None = None) -> Source:
    found = _fetched(url, options)
    kind = _url_kind(found, options)
    if kind in TABLES:
        raise InputError(f"a {kind} of many documents, where one is asked for", file=url)
    return _document(found.raw, kind, name or _url_name(found.url), found.url, options)


def _fetched(url: str, options: Options) -> fetch.Fetched:
    if not options.fetch:
        raise InputError("an address is fetched only when asked for", hint="add --fetch", file=url)
    return fetch.fetch(url)


def _url_kind(found: fetch.Fetched, options: Options) -> Kind:
    kind = find_kind(found.raw[:_HEAD], found.url.partition("?")[0], options.format)
    return "html" if kind == "text" and found.content_type in ("text/html", "application/xhtml+xml") else kind


def _url_name(url: str) -> str:
    parts = urlsplit(url)
    return parts.path.rstrip("/").rpartition("/")[2] or parts.hostname or "page"


def _feed(body: bytes, name: str, base: str | None, options: Options) -> Iterator[Source | Refused]:
    """The entries of a feed, each a document; one that only announces a page gives the page, when it may be fetched."""
    for number, entry in enumerate(feeds.entries(body, name), start=1):
        origin = f"{name}:{number}"
        link = urljoin(base, entry.link) if base and entry.link else entry.link
        try:
            if options.fetch and not entry.whole and link and fetch.is_url(link):
                page = fetch.fetch(link, trusted=False)
                source = _document(page.raw, _url_kind(page, _PLAIN), _url_name(link), page.url, _PLAIN)
                yield replace(source, title=entry.title or source.title, date=entry.date or source.date)
            else:
                text = convert(entry.html.encode("utf-8", "replace"), "fragment", origin).text
                yield from_text(
                    text, date=entry.date, title=entry.title, name=entry.title or origin, file=origin,
                    origin=link or origin,
                )  # fmt: skip
        except InputError as error:
            yield Refused(error.at(file=origin))
