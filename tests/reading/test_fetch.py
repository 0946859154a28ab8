"""Addresses: fetched only when asked for, within bounds, and never from the open net into this machine."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from multialign.errors import InputError
from multialign.reading.documents import Source
from multialign.reading.inputs import Options, Refused, fetch, load, sources
from tests.reading.files import PAGE, SENTENCE

ASKED = Options(fetch=True)


class Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        host = f"http://127.0.0.1:{self.server.server_port}"  # type: ignore[attr-defined]
        pages = {
            "/page": ("text/html; charset=utf-8", PAGE.format(charset="utf-8").encode()),
            "/note.txt": ("text/plain", b"India met Peru."),
            "/feed": (
                "application/rss+xml",
                f"<rss><channel><item><title>Full</title><description>India met Peru.</description></item>"
                f"<item><title>Linked</title><link>{host}/page</link><description>short</description></item>"
                f"<item><title>Other</title><link>file:///etc/passwd</link></item></channel></rss>".encode(),
            ),
        }
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", host.replace("127.0.0.1", "localhost") + "/note.txt")
            self.end_headers()
        elif self.path == "/file":
            self.send_response(302)
            self.send_header("Location", "file:///etc/passwd")
            self.end_headers()
        elif self.path == "/round":
            self.send_response(302)
            self.send_header("Location", "/round")
            self.end_headers()
        elif self.path in ("/slow", "/large"):
            self.send_response(200)
            self.end_headers()
            try:
                for _ in range(400):
                    self.wfile.write(b"a" if self.path == "/slow" else b"India met Peru. " * 50_000)
                    time.sleep(0.05 if self.path == "/slow" else 0)
            except OSError:
                pass
        elif self.path in pages:
            kind, body = pages[self.path]
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(body)
        else:
            self.send_error(404)

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_not_unless_asked(site: str) -> None:
    with pytest.raises(InputError, match="an address is fetched only when asked for; add --fetch"):
        list(sources([f"{site}/page"]))


def test_page_and_text(site: str) -> None:
    source = load(f"{site}/page", options=ASKED)
    assert SENTENCE in source.text and "Home" not in source.text and source.origin == f"{site}/page"
    assert load(f"{site}/note.txt", options=ASKED).text == "India met Peru."


def test_feed_does_not_lead_back_into_this_machine(site: str) -> None:
    found = list(sources([f"{site}/feed"], ASKED))
    assert [f.text for f in found if isinstance(f, Source)] == ["India met Peru."]
    errors = [str(f.error) for f in found if isinstance(f, Refused)]
    assert len(errors) == 2
    assert "leads to this machine or its network (127.0.0.1)" in errors[0]
    assert "'file' addresses are not fetched" in errors[1]


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("/nothing", "the server answers 404"),
        ("/away", "leads to this machine or its network"),
        ("/file", "file:///etc/passwd' is not allowed"),
        ("/round", "the server answers 302"),
        ("/large", "more than 21 MB"),
    ],
)
def test_refused(site: str, path: str, what: str) -> None:
    with pytest.raises(InputError, match=what) as error:
        fetch.fetch(site + path)
    assert site in str(error.value)


def test_deadline(site: str) -> None:
    start = time.perf_counter()
    with pytest.raises(InputError, match="not there within 1 seconds"):
        fetch.fetch(f"{site}/slow", deadline=1)
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize("url", ["ftp://e.org/x", "file:///etc/passwd", "http://", "http://e.org:x/", "data://text"])
def test_other_addresses(url: str) -> None:
    with pytest.raises(InputError, match=r"addresses are not fetched|no address"):
        fetch.fetch(url)
    with pytest.raises(InputError, match="cannot be fetched"):
        fetch.fetch("http://127.0.0.1:1/")
