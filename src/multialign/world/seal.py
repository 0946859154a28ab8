"""The embedded data is what was released: every file is held against its checksum when it is first read.

``data/SHA256SUMS`` lists the files, one a line as `sha256sum` writes them; `SEAL`, here in the code, is the checksum of
that list. Who changes a file must change the list, and who changes the list must change this code: damage and careless
edits are found out. It is no signature: who can change the code can change the seal; for that there are the
checksums and signatures of the release itself. `scripts/seal_data.py` makes both anew.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files

from multialign.errors import InputError

SEAL = "edcf928ecbae24ffa5426aff4f878ee8f17bc9288c5b9d0b1c62b1f04f11171b"
LIST = "SHA256SUMS"


@cache
def sums() -> dict[str, str]:
    """File name -> SHA-256. Raises InputError where the list is not the one that was released."""
    body = _read(LIST)
    if hashlib.sha256(body).hexdigest() != SEAL:
        raise _changed(LIST)
    lines = (line.split("  ", 1) for line in body.decode("utf-8").splitlines())
    return {name: digest for digest, name in lines}


@cache
def verify(name: str) -> None:
    """Hold one file against its checksum, once per process. Raises InputError where it was changed."""
    if hashlib.sha256(_read(name)).hexdigest() != sums().get(name):
        raise _changed(name)


def verify_all() -> tuple[str, ...]:
    """Hold all files against their checksums; their names. Raises InputError for the first that was changed."""
    for name in sums():
        verify.__wrapped__(name)
    return tuple(sums())


def text(name: str) -> str:
    """A data file's text, checked."""
    verify(name)
    return _read(name).decode("utf-8")


def _read(name: str) -> bytes:
    try:
        return files("multialign.world").joinpath("data", name).read_bytes()
    except FileNotFoundError:
        raise InputError("is missing", file=name, hint="install multialign again") from None


def _changed(name: str) -> InputError:
    return InputError(
        "is not as it was released: its checksum differs", file=name, hint="install multialign again; who "
        "builds the data anew runs scripts/seal_data.py"
    )  # fmt: skip
