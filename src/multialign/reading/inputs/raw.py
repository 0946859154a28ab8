"""Bytes of a file: bounded, unpacked when gzipped, and made into text in the encoding that they are in."""

from __future__ import annotations

import codecs
import gzip
import io
import re
import zlib
from pathlib import Path

from multialign.errors import InputError
from multialign.reading.documents import MAX_BYTES

MAX_FILE = 50 * 1024 * 1024
"""Largest PDF, Word or HTML file that is opened: 50 MB; their text is bounded by `MAX_BYTES` like any other."""

_GZIP = b"\x1f\x8b"
_SAMPLE = 200_000
_MANY = 64
"""With this many bytes outside ASCII there is enough to tell one 8-bit encoding from another."""


def read_bytes(path: Path, most: int = MAX_FILE) -> bytes:
    """The bytes of a file, unpacked when it is gzipped; never more than `most`.

    Raises InputError: no such file, a directory, not readable, too large, damaged gzip.
    """
    try:
        if path.is_dir():
            raise InputError("this is a directory", hint="give a text file", file=path)
        if not path.is_file() and path.exists():
            raise InputError("not a regular file", hint="pipe it in, and give '-'", file=path)
        size = path.stat().st_size
        if size > most:
            raise too_large(size, most, path)
        with path.open("rb") as handle:  # the size may change after stat: never read more than allowed
            raw = handle.read(most + 1)
    except FileNotFoundError:
        raise InputError("no such file", hint="check the path", file=path) from None
    except (OSError, ValueError) as error:
        raise InputError(f"cannot be read ({getattr(error, 'strerror', None) or error})", file=path) from None
    if len(raw) > most:
        raise too_large(len(raw), most, path)
    return unpack(raw, path, most)


def too_large(size: int, most: int, file: str | Path) -> InputError:
    """The error for a file over its bound."""
    return InputError(
        f"the file has {size / 1e6:.1f} MB; documents up to {most / 1e6:.1f} MB are read",
        hint="give the announcement alone, or split the file",
        file=file,
    )


def unpack(raw: bytes, file: str | Path, most: int = MAX_FILE) -> bytes:
    """`raw`, unpacked when it is gzip; what it unpacks to is bounded by `most`."""
    if not raw.startswith(_GZIP):
        return raw
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(raw)) as packed:
            out = packed.read(most + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise InputError(f"damaged gzip data ({error})", hint="fetch or pack the file again", file=file) from None
    if len(out) > most:
        raise InputError(f"unpacks to more than {most / 1e6:.1f} MB", hint="split the file", file=file)
    return out


def decode(raw: bytes, file: str | Path, declared: str | None = None) -> str:
    """The text of `raw`, in the encoding that it is in.

    In this order: a byte-order mark; UTF-16 without one, known by its zero bytes; UTF-8; UTF-8 with a few damaged
    bytes (fewer than half of the good ones); what the file itself declares; with many bytes outside ASCII, the
    best guess of charset-normalizer; else Windows-1252, as browsers do.

    Raises InputError for binary data.
    """
    for mark, name in (
        (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"), (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):  # fmt: skip
        if raw.startswith(mark):
            try:
                return raw.decode(name)
            except UnicodeDecodeError:
                raise InputError(f"not readable as {name.upper()}", hint="save it as UTF-8 text", file=file) from None
    if b"\x00" in raw:
        wide = _wide(raw)
        if wide is None:
            raise InputError(
                f"a binary file (a NUL byte at offset {raw.index(0)})", hint="give plain text in UTF-8", file=file
            )
        return wide
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = f"byte 0x{raw[error.start]:02x} at offset {error.start}"
    controls = len(re.findall(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]", raw[:_SAMPLE]))
    if controls > len(raw[:_SAMPLE]) // 50:
        raise InputError(f"a binary file, not text ({place} is not UTF-8)", hint="give plain text in UTF-8", file=file)
    damaged = raw.decode("utf-8", "replace")
    good = len(re.findall(r"[^\x00-\x7f\ufffd]", damaged[:_SAMPLE]))
    if good > 2 * damaged[:_SAMPLE].count("\ufffd"):
        return damaged
    for guess in (declared, _guess(raw), "cp1252"):
        known = _try(raw, guess)
        if known is not None:
            return known
    return raw.decode("latin-1")


def _wide(raw: bytes) -> str | None:
    """UTF-16 without a mark: text in which nearly every second byte is zero."""
    sample = raw[:_SAMPLE]
    for name, zeros in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if len(raw) % 2 == 0 and zeros.count(0) > 0.7 * len(zeros):
            text = _try(raw, name)
            if text is not None and "\x00" not in text:
                return text
    return None


def _try(raw: bytes, name: str | None) -> str | None:
    """`raw` decoded as the encoding called `name`; None where that is no text encoding, or wrong."""
    try:
        if name is None or not codecs.lookup(name)._is_text_encoding:
            return None
        text = raw.decode(name)
    except (LookupError, UnicodeError, ValueError):
        return None
    return None if re.search(r"[\x80-\x84\x86-\x9f]", text) else text


def _guess(raw: bytes) -> str | None:
    sample = raw[:_SAMPLE]
    if len(re.findall(rb"[\x80-\xff]", sample)) < _MANY:
        return None
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    return best.encoding if best is not None else None


def is_small(raw: bytes, file: str | Path) -> bytes:
    """`raw`, when a text of that size is read at all."""
    if len(raw) > MAX_BYTES:
        raise too_large(len(raw), MAX_BYTES, file)
    return raw
