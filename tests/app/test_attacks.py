"""What others might try: hostile texts, addresses, uploads, paths and sites."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("dash")

from werkzeug.serving import make_server

from multialign.app.kept import Kept
from multialign.app.pages import live_page, record, scenario, world
from multialign.app.pages.answer import from_search, question_of
from multialign.app.pages.ask import example_text, file_text
from multialign.app.server import MAX_REQUEST, make_app
from multialign.errors import InputError

HERE = {"Host": "127.0.0.1:8050"}


@pytest.fixture(scope="module")
def client() -> Any:
    return make_app().server.test_client()


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    server = make_server("127.0.0.1", 0, make_app().server, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join(10)


def test_a_gigabyte_is_refused_before_it_is_read(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.putrequest("POST", "/_dash-update-component")
    connection.putheader("Content-Type", "application/json")
    connection.putheader("Content-Length", str(1 << 30))
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()


def test_a_body_without_end_is_refused(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        head = "POST /_dash-update-component HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        line.sendall((head + "Transfer-Encoding: chunked\r\n\r\n").encode())
        chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
        sent = 0
        try:
            while sent < 4 * MAX_REQUEST:
                line.sendall(chunk)
                sent += 0x10000
        except OSError:
            pass  # hung up on
        line.settimeout(20)
        try:
            said = line.recv(64)
        except OSError:
            said = b""
    assert not said or b"200" not in said.split(b"\r\n")[0]


@pytest.mark.parametrize(
    "path",
    [
        "/assets/../server.py",
        "/assets/..%2f..%2fserver.py",
        "/assets/%2e%2e/%2e%2e/server.py",
        "/assets/....//server.py",
        "/_dash-component-suites/dash/../../../../etc/passwd",
        "/_dash-component-suites/dash/dcc/..%2f..%2f__init__.py",
        "/../../etc/passwd",
        "//etc/passwd",
    ],
)
def test_paths_lead_nowhere_else(client: Any, path: str) -> None:
    reply = client.get(path, headers=HERE)
    text = reply.get_data(as_text=True)
    assert "root:" not in text and "def make_app" not in text and "import" not in text.split("<title>")[0]


@pytest.mark.parametrize("name", ["../../etc/passwd", "0" * 15 + "/", "g" * 16, "", "0123456789abcdef.json", "a" * 17])
def test_kept_answers_are_named_by_digits_alone(tmp_path: Path, name: str) -> None:
    kept = Kept(tmp_path / "answers")
    (tmp_path / "secret.json").write_text("{}")
    assert kept.get(name) is None
    kept.drop(name)
    kept.drop("../secret")
    assert (tmp_path / "secret.json").is_file()


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "http://127.0.0.1:1", "null", "http://localhost.evil.example"]
)
def test_other_sites_cannot_send(client: Any, origin: str) -> None:
    for path in ("/_dash-update-component", "/"):
        reply = client.post(path, data="{}", headers={**HERE, "Origin": origin, "Content-Type": "application/json"})
        assert reply.status_code == 403


def test_a_form_of_another_site_does_nothing(client: Any) -> None:
    """A plain form carries no Origin in old browsers; then its type is not what a callback takes."""
    reply = client.post("/_dash-update-component", data={"output": "x"}, headers=HERE)
    assert reply.status_code >= 400


@pytest.mark.parametrize(
    "search",
    [
        "?focal=<script>alert(1)</script>&offerer=RUS",
        "?focal=IND&offerer=RUS&third=" + "A" * 5000,
        "?focal=IND&focal=USA&offerer=%00",
        "?focal=IND&offerer=RUS&domains=" + ",".join(["energy"] * 400),
        "?" + "&".join(f"x{k}=1" for k in range(500)),
        "?focal=" + "%f0%9f%92%a9" * 600,
        "?focal=IND&offerer=RUS&level=endless",
    ],
)
def test_made_up_questions_are_refused_in_one_line(search: str) -> None:
    with pytest.raises(InputError) as error:
        question_of(*from_search(search))
    assert "\n" not in str(error.value) and len(str(error.value)) < 800


@pytest.mark.parametrize(
    ("read", "search"),
    [
        (scenario.form_of, "?i=tariff:USA:IND:goods:1e999"),
        (scenario.form_of, "?i=tariff:USA:IND:goods:25:steal"),
        (scenario.form_of, "?i=war"),
        (scenario.form_of, "?" + "&".join(["i=tariff:USA:IND:goods:1"] * 9)),
        (scenario.form_of, "?i=tariff:USA:IND:goods:25&elasticities=/etc/passwd"),
        (scenario.form_of, "?" + "x" * 7000),
        (world.choices_in, "?measure=../../etc"),
        (world.choices_in, "?measure=trade&item=B99"),
        (world.choices_in, "?measure=trade&state=XXX"),
        (world.choices_in, "?measure=trade&group=NOBODY"),
        (record.choices_in, "?one=IND&two='; DROP TABLE documents; --"),
        (record.choices_in, "?one=IND&two=RUS&month=2026-13"),
        (record.choices_in, "?one=IND&two=RUS&smooth=1e9"),
    ],
)
def test_made_up_states_are_refused_in_one_line(read: Any, search: str) -> None:
    with pytest.raises(InputError) as error:
        read(search)
    assert "\n" not in str(error.value)


def test_made_up_sliders_are_refused() -> None:
    start = [0] * 10 + [[]]
    for field in ("d.energy=101", "discount=nan", "tariff=-2", "w.autonomy=abc"):
        with pytest.raises(InputError):
            live_page.values_in(f"?{field}", start)
    assert live_page.values_in("?embargo=energy,moon,<b>", start)[-1] == ["energy"]


def test_uploads_are_looked_at_not_believed() -> None:
    with pytest.raises(InputError):
        file_text("data:application/pdf;base64," + "JVBERi0=", "../../../../etc/cron.d/x.pdf")
    with pytest.raises(InputError):
        file_text("data:text/plain;base64," + "A" * 4_000_000)
    for name in ("../server", "/etc/passwd", "nothing"):
        with pytest.raises(InputError):
            example_text(name)


def test_a_callback_with_garbage_says_nothing_of_the_inside(client: Any) -> None:
    for body in ("{}", "[]", "null", json.dumps({"output": "..x..", "inputs": [{"id": "__proto__"}]}), "\x00"):
        reply = client.post("/_dash-update-component", data=body, headers={**HERE, "Content-Type": "application/json"})
        text = reply.get_data(as_text=True)
        assert reply.status_code != 200 and "Traceback" not in text and "site-packages" not in text
