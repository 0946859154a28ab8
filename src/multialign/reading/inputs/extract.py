"""The text of one document of each kind, with the title and the date that its own properties give.

HTML, PDF and DOCX are read by libraries of some size, so `convert` calls these functions in a process of its own,
whose time and memory are bounded.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from dataclasses import dataclass
from datetime import date as Date
from html.parser import HTMLParser
from typing import Any

from multialign.errors import InputError
from multialign.reading.documents import MAX_BYTES
from multialign.reading.inputs.raw import decode

MAX_PAGES = 2_000
"""Most pages of a PDF that are read."""

MAX_UNPACKED = 100 * 1024 * 1024
"""Most bytes that the parts of a DOCX may unpack to: 100 MB ..."""

_BLANK = Date(2013, 12, 23)
"""The day that python-docx stamps on files that say no day themselves."""

MAX_XML = 20 * 1024 * 1024
"""... and most of any one part that is XML: 20 MB."""


@dataclass(frozen=True)
class Extract:
    """What a file holds: its text, and its title and date (ISO) where its properties name them."""

    text: str
    title: str | None = None
    date: str | None = None


def extract(raw: bytes, kind: str, name: str) -> Extract:
    """The text of `raw`. Raises InputError for damaged, locked or empty files."""
    return _BY_KIND[kind](raw, name)


def text(raw: bytes, name: str) -> Extract:
    """Plain text."""
    return Extract(decode(raw, name))


def markdown(raw: bytes, name: str) -> Extract:
    """Markdown without its marks: headings, paragraphs, list items and cells; code and pictures are left out."""
    from markdown_it import MarkdownIt

    body = decode(raw, name).replace("\r\n", "\n")
    title, date = None, None
    front = re.match(r"---\n(.{0,5000}?)\n---\n", body, re.S)
    if front:
        body = body[front.end() :]
        said = dict(re.findall(r"^(title|date):[ \t]*(.+?)[ \t]*$", front[1], re.M))
        title = said.get("title", "").strip("'\"") or None
        date = _day(said.get("date", "").strip("'\""))
    blocks: list[str] = []
    heading = False
    for token in MarkdownIt("commonmark").enable("table").parse(body):
        if token.type == "inline":
            words = "".join(_inline(t) for t in token.children or ()).strip()
            if heading and title is None:
                title = words
            if words:
                blocks.append(words)
        heading = token.type == "heading_open" and token.tag == "h1"
    return Extract("\n\n".join(blocks), title, date)


def _inline(token: Any) -> str:
    if token.type in ("text", "code_inline"):
        return str(token.content)
    return "\n" if token.type in ("softbreak", "hardbreak") else ""


_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.I)


def html(raw: bytes, name: str) -> Extract:
    """The main text of a page, without menus, scripts and comments (trafilatura), one block for each paragraph.

    A page in which no main text is found gives all its visible text.
    """
    from trafilatura import bare_extraction

    found = _DECLARED.search(raw[:4096])
    page = decode(raw, name, found[1].decode("ascii") if found else None)
    title, date, body = None, None, ""
    document: Any = bare_extraction(page, include_comments=False, with_metadata=True) if page.strip() else None
    if document is not None:
        title, date = document.title, _day(document.date)
        body = "\n\n".join(line for line in (document.text or "").split("\n") if line.strip())
    if len(body) < 40:
        whole, own_title = _visible(page)
        title = title or own_title
        body = whole if len(whole) > len(body) else body
    if not body.strip():
        raise InputError("no text is found on the page", hint="save the article itself", file=name)
    return Extract(body, title, date)


def fragment(raw: bytes, name: str) -> Extract:
    """All visible text of a piece of HTML in UTF-8, such as an entry of a feed."""
    text, title = _visible(raw.decode("utf-8", "replace"))
    if not text:
        raise InputError("no text in it", hint="with --fetch, the page that it points to is read", file=name)
    return Extract(text, title)


def _visible(page: str) -> tuple[str, str | None]:
    """Visible text, block by block, and title."""
    parser = _Visible()
    parser.feed(page)
    parser.close()
    blocks = (" ".join(block.split()) for block in "".join(parser.parts).split("\n"))
    return "\n\n".join(block for block in blocks if block), parser.title.strip() or None


class _Visible(HTMLParser):
    """The visible text of a page: what stands outside of scripts and styles, blocks on lines of their own."""

    _HIDDEN = frozenset({"script", "style", "template", "noscript", "svg", "iframe", "object", "textarea", "select"})
    _BLOCKS = frozenset(
        {"p", "div", "br", "li", "tr", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "section", "article", "main",
         "blockquote", "pre", "table", "ul", "ol", "dl", "dd", "dt", "header", "footer", "nav", "aside", "title"}
    )  # fmt: skip

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.title = ""
        self._hidden: list[str] = []
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self._HIDDEN:
            self._hidden.append(tag)
        self._in_title = tag == "title"
        if tag in self._BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if self._hidden and tag == self._hidden[-1]:
            self._hidden.pop()
        self._in_title = False
        if tag in self._BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data
        elif not self._hidden:
            self.parts.append(data.replace("\n", " "))


def pdf(raw: bytes, name: str) -> Extract:
    """The text of a PDF, page by page, without page numbers and lines that stand on most pages."""
    from pypdf import PdfReader
    from pypdf.errors import DependencyError

    try:
        reader = PdfReader(io.BytesIO(raw))
        if reader.is_encrypted and not reader.decrypt(""):
            raise InputError("the PDF is locked with a password", hint="save it without one", file=name)
        n_pages = len(reader.pages)
        if n_pages > MAX_PAGES:
            raise InputError(f"the PDF has {n_pages:,} pages; up to {MAX_PAGES:,} are read", file=name)
        pages: list[list[str]] = []
        size = 0
        for page in reader.pages:
            lines = page.extract_text().split("\n")
            size += sum(len(line) for line in lines)
            if size > MAX_BYTES:
                raise InputError(f"the PDF holds more than {MAX_BYTES / 1e6:.1f} MB of text", file=name)
            pages.append(lines)
        info = reader.metadata
        title = str(info.title) if info and info.title else None
        created = _created(info)
    except (InputError, MemoryError):
        raise
    except DependencyError:
        raise InputError("the PDF is encrypted", hint="save it without a password", file=name) from None
    except Exception as error:  # a damaged file can fail anywhere in the library
        raise InputError(
            f"a damaged PDF ({type(error).__name__}: {str(error)[:80]})", hint="save it anew, or as text", file=name
        ) from None
    body = _unwrapped(pages)
    if not body.strip():
        raise InputError("the PDF holds no text (pictures of pages?)", hint="give a PDF with text in it", file=name)
    return Extract(body, title, created)


def _created(info: Any) -> str | None:
    try:
        return info.creation_date.date().isoformat() if info and info.creation_date else None
    except (ValueError, AttributeError):
        return None


_PAGE_NUMBER = re.compile(r"\W*(?:page\s*)?\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?\W*", re.I)


def _unwrapped(pages: list[list[str]]) -> str:
    """Pages as one text: running heads and page numbers left out, words parted at a line's end joined."""
    edges = Counter(line.strip() for lines in pages for line in {*lines[:2], *lines[-2:]})
    running = {line for line, n in edges.items() if n >= 3 and n > len(pages) / 2}
    kept = [
        "\n".join(x for x in lines if x.strip() not in running and not _PAGE_NUMBER.fullmatch(x.strip() or "x"))
        for lines in pages
    ]
    return re.sub(r"(?<=[a-z])-\n(?=[a-z])", "", "\n".join(kept))


def docx(raw: bytes, name: str) -> Extract:
    """The text of a Word file: paragraphs and table cells in order."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise InputError(f"a damaged Word file ({error})", hint="save it anew", file=name) from None
    if not any(p.filename == "word/document.xml" for p in parts):
        raise InputError("a ZIP archive that is no Word file", hint="unpack it first", file=name)
    # the sizes may lie, but no part is ever unpacked beyond the size that it states
    large = max((p.file_size for p in parts if p.filename.endswith((".xml", ".rels"))), default=0)
    if sum(p.file_size for p in parts) > MAX_UNPACKED or large > MAX_XML or len(parts) > 5_000:
        raise InputError(
            f"the Word file unpacks to more than is read ({sum(p.file_size for p in parts) / 1e6:.0f} MB)",
            hint="save the text alone",
            file=name,
        )
    try:
        from docx import Document
        from docx.table import Table

        document = Document(io.BytesIO(raw))
        blocks: list[str] = []
        for block in document.iter_inner_content():
            if isinstance(block, Table):
                blocks += [cell.text for row in block.rows for cell in row.cells]
            else:
                blocks.append(block.text)
        properties = document.core_properties
        title = properties.title or None
        stamp = properties.modified or properties.created
        date = stamp.date().isoformat() if stamp and stamp.date() != _BLANK else None
    except MemoryError:
        raise
    except Exception as error:  # a damaged file can fail anywhere in the library
        raise InputError(
            f"a damaged Word file ({type(error).__name__}: {str(error)[:80]})", hint="save it anew", file=name
        ) from None
    return Extract("\n\n".join(b for b in blocks if b.strip()), title, date)


def _day(text: str | None) -> str | None:
    """The date that a string of at least ten characters begins with, as ISO; None for anything else."""
    try:
        return Date.fromisoformat((text or "")[:10]).isoformat()
    except ValueError:
        return None


_BY_KIND = {"text": text, "markdown": markdown, "html": html, "fragment": fragment, "pdf": pdf, "docx": docx}
