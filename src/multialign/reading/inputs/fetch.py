"""Fetching an address, when the user asks for it: http and https alone, with bounds on size, time and redirects.

What the user typed may lead anywhere. What a page or a feed leads to (redirects, links) may not lead from the open
net to this machine or its network: the address that a connection really reached is looked at, not its name.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from multialign import __version__
from multialign.errors import InputError
from multialign.reading.inputs.raw import unpack

MAX_FETCHED = 20 * 1024 * 1024
"""Most bytes of one answer: 20 MB."""

TIMEOUT = 10.0
"""Longest wait for a connection or for the next bytes, in seconds."""

DEADLINE = 60.0
"""Longest that one address may take in all, in seconds."""


@dataclass(frozen=True)
class Fetched:
    """An answer: its bytes, the kind that its header claims, and the address that it came from in the end."""

    raw: bytes
    content_type: str
    url: str


def is_url(name: str) -> bool:
    """Whether a name is an address: letters, then ``://``."""
    scheme, sign, _ = name.partition("://")
    return bool(sign) and scheme.isalpha() and len(scheme) > 1


def fetch(url: str, *, trusted: bool = True, deadline: float = DEADLINE) -> Fetched:
    """What stands at an address.

    Parameters
    ----------
    trusted: the user typed it, so that it may lie on this machine or network; a link found in a document may not.

    Raises InputError: not http(s), no answer, too large, too slow, too many redirects, an error answer.
    """
    _check(url)
    sockets: list[socket.socket] = []
    opener = urllib.request.OpenerDirector()  # bare: no files, no FTP
    for handler in (
        urllib.request.ProxyHandler(), urllib.request.HTTPDefaultErrorHandler(), urllib.request.HTTPErrorProcessor(),
        _Redirects(), _Plain(trusted, sockets), _Secure(trusted, sockets),
    ):  # fmt: skip
        opener.add_handler(handler)
    request = urllib.request.Request(  # noqa: S310 - the scheme was checked
        url, headers={"User-Agent": f"multialign/{__version__}", "Accept-Encoding": "gzip"}
    )
    late = threading.Event()

    def stop() -> None:
        late.set()
        for sock in sockets:
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(deadline, stop)
    timer.start()
    try:
        with opener.open(request, timeout=TIMEOUT) as answer:
            body = bytearray()
            while block := answer.read1(1 << 16):
                body += block
                if len(body) > MAX_FETCHED:
                    raise InputError(f"more than {MAX_FETCHED / 1e6:.0f} MB", hint="fetch it yourself", file=url)
            kind = answer.headers.get_content_type()
            where = answer.geturl()
    except InputError as error:
        raise error.at(file=url) from None
    except urllib.error.HTTPError as error:
        raise InputError(
            f"the server answers {error.code} ({error.reason})", hint="check the address", file=url
        ) from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        if late.is_set():
            raise InputError(f"not there within {deadline:g} seconds", hint="try again later", file=url) from None
        reason = getattr(error, "reason", None) or error
        raise InputError(
            f"cannot be fetched ({reason})", hint="check the address and the connection", file=url
        ) from None
    finally:
        timer.cancel()
    if late.is_set():
        raise InputError(f"not there within {deadline:g} seconds", hint="try again later", file=url)
    return Fetched(unpack(bytes(body), url, MAX_FETCHED), kind, where)


def _check(url: str) -> None:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - raises when it is no number
    except ValueError as error:
        raise InputError(f"no address ({error})", file=url) from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InputError(
            f"'{parts.scheme}' addresses are not fetched", hint="give one that begins with https://", file=url[:200]
        )


class _Redirects(urllib.request.HTTPRedirectHandler):
    max_redirections = 5

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        _check(newurl)
        new = super().redirect_request(req, fp, code, msg, headers, newurl)
        if new is not None:
            same = urlsplit(newurl).hostname == urlsplit(req.full_url).hostname
            new.led = not same or getattr(req, "led", False)  # type: ignore[attr-defined]
        return new


def _open_net(sock: socket.socket, host: str) -> None:
    """Raise unless the other end of a connection lies on the open net."""
    address = str(sock.getpeername()[0]).partition("%")[0]
    if not ipaddress.ip_address(address).is_global:
        sock.close()
        raise InputError(f"leads to this machine or its network ({host})", hint="such links are not followed")


def _connection(kind: type[http.client.HTTPConnection], guarded: bool, sockets: list[socket.socket]) -> Any:
    class Connection(kind):  # type: ignore[misc, valid-type]
        def connect(self) -> None:
            super().connect()
            sockets.append(self.sock)
            if guarded:
                _open_net(self.sock, self.host)

    return Connection


class _Plain(urllib.request.HTTPHandler):
    def __init__(self, trusted: bool, sockets: list[socket.socket]) -> None:
        super().__init__()
        self.trusted, self.sockets = trusted, sockets

    def http_open(self, req: Any) -> Any:
        guarded = _guarded(req, self.trusted)
        return self.do_open(_connection(http.client.HTTPConnection, guarded, self.sockets), req)


class _Secure(urllib.request.HTTPSHandler):
    def __init__(self, trusted: bool, sockets: list[socket.socket]) -> None:
        self.context = ssl.create_default_context()
        super().__init__(context=self.context)
        self.trusted, self.sockets = trusted, sockets

    def https_open(self, req: Any) -> Any:
        guarded = _guarded(req, self.trusted)
        kind = _connection(http.client.HTTPSConnection, guarded, self.sockets)
        return self.do_open(kind, req, context=self.context)


def _guarded(req: Any, trusted: bool) -> bool:
    """Whether the other end must lie on the open net; behind a proxy that is the proxy's affair."""
    return not req.has_proxy() and (not trusted or getattr(req, "led", False))
