"""Who may talk to the server, and how it is started."""

from __future__ import annotations

import builtins
import socket
from typing import Any

import pytest

pytest.importorskip("dash")

from multialign.app import serve
from multialign.app.server import COOKIE, MAX_REQUEST, Guard, host_name, is_loopback, make_app
from multialign.errors import InputError

TOKEN = "a-long-enough-secret"  # noqa: S105
HERE = {"Host": "127.0.0.1:8050"}


@pytest.fixture(scope="module")
def open_client() -> Any:
    return make_app().server.test_client()


@pytest.fixture
def closed_client() -> Any:
    return make_app("192.0.2.7", TOKEN).server.test_client(use_cookies=False)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "[::1]", "127.8.9.1"])
def test_loopback(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "example.org", "localhost.example.org", ""])  # noqa: S104
def test_other_addresses_need_a_token(host: str) -> None:
    with pytest.raises(InputError, match="--token"):
        Guard.of(host, None)
    assert Guard.of(host, TOKEN).token == TOKEN


def test_short_token_is_refused() -> None:
    with pytest.raises(InputError, match="at least 12"):
        Guard.of("0.0.0.0", "abc")  # noqa: S104


@pytest.mark.parametrize(
    ("header", "name"),
    [("localhost:8050", "localhost"), ("LOCALHOST", "localhost"), ("[::1]:80", "::1"), ("a.b:x", "a.b:x"), ("", "")],
)
def test_host_name(header: str, name: str) -> None:
    assert host_name(header) == name


def test_host_header(open_client: Any) -> None:
    assert open_client.get("/", headers=HERE).status_code == 200
    assert open_client.get("/", headers={"Host": "localhost:9000"}).status_code == 200  # a forwarded port
    for host in ("evil.example", "127.0.0.1.evil.example", "localhost:8050@evil.example", "evil.example:8050"):
        assert open_client.get("/", headers={"Host": host}).status_code == 400
        assert open_client.get("/_dash-layout", headers={"Host": host}).status_code == 400


def test_other_sites_are_refused(open_client: Any) -> None:
    for origin, status in (("http://evil.example", 403), ("null", 403), ("http://127.0.0.1:8050", 200)):
        assert open_client.get("/", headers={**HERE, "Origin": origin}).status_code == status


def test_size(open_client: Any) -> None:
    reply = open_client.post("/_dash-update-component", headers=HERE, data=b"x" * (MAX_REQUEST + 1))
    assert reply.status_code == 413


def test_headers_keep_the_page_to_itself(open_client: Any) -> None:
    reply = open_client.get("/", headers=HERE)
    assert "default-src 'self'" in reply.headers["Content-Security-Policy"]
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    page = reply.get_data(as_text=True)
    assert 'src="http' not in page and 'href="http' not in page
    assert 'lang="en"' in page and "/assets/workbench" in page


@pytest.mark.parametrize("path", ["/", "/answer", "/_dash-layout", "/_dash-dependencies", "/assets/workbench.css"])
def test_without_token_nothing_is_given(closed_client: Any, path: str) -> None:
    there = {"Host": "192.0.2.7:8050"}
    assert closed_client.get(path, headers=there).status_code == 401
    assert closed_client.get(f"{path}?token=wrong-wrong-wrong", headers=there).status_code == 401
    assert closed_client.get(path, headers={**there, "Authorization": "Bearer nonsense"}).status_code == 401
    assert closed_client.get(path, headers={**there, "Cookie": f"{COOKIE}={TOKEN}"}).status_code == 401
    assert closed_client.get(path, headers={**there, "Authorization": f"Bearer {TOKEN}"}).status_code == 200


def test_token_in_the_address_leaves_a_cookie(closed_client: Any) -> None:
    there = {"Host": "192.0.2.7:8050"}
    reply = closed_client.get(f"/?token={TOKEN}", headers=there)
    assert reply.status_code == 303 and reply.headers["Location"] == "/"
    cookie = reply.headers["Set-Cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and TOKEN not in cookie
    value = cookie.partition(";")[0]
    assert closed_client.get("/", headers={**there, "Cookie": value}).status_code == 200
    assert closed_client.post(f"/_dash-update-component?token={TOKEN}", headers=there).status_code == 401


def test_token_of_odd_letters_is_no_fault(closed_client: Any) -> None:
    assert closed_client.get("/?token=gehört-nicht-her", headers={"Host": "192.0.2.7"}).status_code == 401


def test_port_taken_is_one_clear_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(InputError, match="--port"):
        serve(port=taken.getsockname()[1])


def test_without_dash_the_hint_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def no_dash(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "dash":
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", no_dash)
    with pytest.raises(InputError, match=r"multialign\[app\]"):
        serve()


def test_layout_labels_every_input(open_client: Any) -> None:
    page = open_client.get("/_dash-layout", headers=HERE).get_json()
    controls, labels = set(), set()

    def walk(part: Any) -> None:
        if isinstance(part, list):
            for p in part:
                walk(p)
        elif isinstance(part, dict) and "props" in part:
            props = part["props"]
            if part["type"] in ("Dropdown", "Textarea", "Input"):
                controls.add(_as_written(props["id"]))
            if part["type"] == "Label":
                labels.add(props["htmlFor"])
            walk(props.get("children"))

    walk(page)
    assert len(controls) >= 10
    assert controls <= labels


def _as_written(given: Any) -> str:
    import json

    return given if isinstance(given, str) else json.dumps(given, sort_keys=True, separators=(",", ":"))


def test_unknown_addresses_show_a_page(open_client: Any) -> None:
    assert open_client.get("/nowhere", headers=HERE).status_code == 200
    assert open_client.get("/assets/../server.py", headers=HERE).status_code in (400, 404)
