"""The server: who may talk to it, how much, and how it is started and stopped."""

from __future__ import annotations

import hmac
import ipaddress
import logging
import os
import secrets
import socket
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from dash import Dash, set_props
from flask import Flask, Request, Response, redirect, request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.serving import WSGIRequestHandler, make_server

from multialign.app import layout
from multialign.app.jobs import Jobs
from multialign.app.kept import Kept
from multialign.app.pages import answer, ask, record, scenario, scenario_data, world
from multialign.errors import InputError
from multialign.reading.record.place import VARIABLE

MAX_REQUEST = 2 << 20
"""Largest request body, bytes."""
MIN_TOKEN = 12
COOKIE = "multialign_session"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
OPEN = frozenset({"0.0.0.0", "::", ""})  # noqa: S104  (these are recognised so that they can be refused)
log = logging.getLogger("multialign.app")

INDEX = """<!DOCTYPE html>
<html lang="en">
<head>{%metas%}<title>{%title%}</title>
<meta name="color-scheme" content="light dark">{%favicon%}{%css%}</head>
<body>{%app_entry%}<div>{%config%}{%scripts%}{%renderer%}</div></body>
</html>"""


def is_loopback(host: str) -> bool:
    """Whether an address reaches this machine only."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def host_name(header: str) -> str:
    """The name in a Host header, without its port: ``'[::1]:8050'`` -> ``'::1'``."""
    header = header.strip().lower()
    if header.startswith("["):
        return header[1:].partition("]")[0]
    name, _, port = header.rpartition(":")
    return name if name and port.isdigit() else header


@dataclass(frozen=True)
class Guard:
    """Who may talk to the server.

    hosts: names that a Host header may bear, against DNS rebinding; None admits any, which is safe only with a token
    (another site's name carries no cookie of ours). token: the secret, given once as ``?token=``, which leaves a
    cookie for this run of the server, or with each request as ``Authorization: Bearer``. session: the cookie's value.
    """

    hosts: frozenset[str] | None
    token: str | None
    session: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)

    @classmethod
    def of(cls, host: str, token: str | None) -> Guard:
        """The guard for an address. Raises InputError for one open to others without a token, or a short token."""
        if token is None and not is_loopback(host):
            raise InputError(
                f"'{host}' can be reached by others",
                field="host",
                hint="give --token SECRET as well, or listen on 127.0.0.1",
            )
        if token is not None and len(token) < MIN_TOKEN:
            raise InputError(
                f"the token has {len(token)} characters", field="token", hint=f"at least {MIN_TOKEN}, hard to guess"
            )
        return cls(None if host in OPEN else LOOPBACK | {host.strip("[]").lower()}, token)

    def check(self, req: Request) -> Response | None:
        """None to let a request pass, else the answer that it gets: 400, 401, 403 or 413, or the cookie."""
        host = req.headers.get("Host", "")
        if self.hosts is not None and host_name(host) not in self.hosts:
            return _plain(400, "This server does not go by that name.")
        origin = req.headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc.lower() != host.strip().lower():
            return _plain(403, "Requests from other sites are refused.")
        if (req.content_length or 0) > MAX_REQUEST:
            return _plain(413, f"A request may have {MAX_REQUEST >> 20} MB.")
        return self._authorise(req) if self.token is not None else None

    def _authorise(self, req: Request) -> Response | None:
        given = req.args.get("token")
        if given is not None and req.method == "GET" and _same(given, self.token):
            reply: Response = redirect("/", 303)  # type: ignore[assignment]
            reply.set_cookie(COOKIE, self.session, httponly=True, samesite="Lax", secure=req.is_secure)
            return reply
        scheme, _, bearer = req.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer" and _same(bearer.strip(), self.token):
            return None
        if _same(req.cookies.get(COOKIE, ""), self.session):
            return None
        reply = _plain(401, "This workbench needs its token: open it once with ?token=... after the address.")
        reply.headers["WWW-Authenticate"] = "Bearer"
        return reply


def _same(given: str, right: str | None) -> bool:
    """Equality in a time that does not depend on where the two differ."""
    return hmac.compare_digest(given.encode("utf-8", "replace"), (right or "").encode("utf-8", "replace"))


def _plain(status: int, text: str) -> Response:
    return Response(text + "\n", status=status, mimetype="text/plain")


def make_app(
    host: str = "127.0.0.1", token: str | None = None, jobs: Jobs | None = None, kept: Kept | None = None
) -> Dash:
    """The workbench as a Dash app behind its guard, not yet served. Raises InputError as `Guard.of`."""
    guard = Guard.of(host, token)
    app = Dash(
        "multialign.app",
        assets_folder=str(Path(__file__).parent / "assets"),
        serve_locally=True,
        title="Multialign workbench",
        update_title=None,  # type: ignore[arg-type]
        index_string=INDEX,
        suppress_callback_exceptions=True,
        on_error=_failed,
    )
    app.layout = layout.shell([ask.layout(), answer.layout(), world.layout(), record.layout(), scenario.layout()])
    layout.register(app)
    ask.register(app)
    jobs = jobs if jobs is not None else Jobs()
    answer.register(app, jobs, kept if kept is not None else Kept())
    world.register(app, jobs)
    record.register(app)
    scenario.register(app, jobs)
    _protect(app.server, guard, app.csp_hashes())
    return app


def _protect(server: Flask, guard: Guard, hashes: Sequence[str]) -> None:
    """Put the guard before every request, and headers that keep pages to themselves on every reply."""
    server.config["MAX_CONTENT_LENGTH"] = MAX_REQUEST
    policy = "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' {' '.join(hashes)}",
            "style-src 'self' 'unsafe-inline'",  # plotly and Dash write styles into the page
            "img-src 'self' data: blob:",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'self'",
        )
    )

    def before() -> Response | None:
        return guard.check(request)

    def after(reply: Response) -> Response:
        reply.headers["Content-Security-Policy"] = policy
        reply.headers["X-Content-Type-Options"] = "nosniff"
        reply.headers["X-Frame-Options"] = "DENY"
        reply.headers["Referrer-Policy"] = "no-referrer"
        if not request.path.startswith(("/_dash-component-suites/", "/assets/")):
            reply.headers["Cache-Control"] = "no-store"
        return reply

    # First in line: Dash has put its own steps there, and none of them may see a request that is refused.
    server.before_request_funcs.setdefault(None, []).insert(0, before)
    server.after_request(after)
    server.register_error_handler(
        RequestEntityTooLarge, lambda _: _plain(413, f"A request may have {MAX_REQUEST >> 20} MB.")
    )


def _failed(error: Exception) -> None:
    """A fault of ours inside a callback: the details to the terminal, one line to the page."""
    log.error("a callback failed", exc_info=error)
    set_props("fault", {"children": "Something went wrong inside the workbench; its terminal shows the details."})


class _Quiet(WSGIRequestHandler):
    """No line for every request: it would put tokens into the terminal's history."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


def run(host: str, port: int, token: str | None, record_file: str | Path | None = None) -> None:
    """Serve until interrupted. Raises InputError as `Guard.of`, and when the port or the record cannot be had."""
    if record_file is not None:
        if not Path(record_file).is_file():
            raise InputError("there is no such file", file=record_file, field="record")
        os.environ[VARIABLE] = str(Path(record_file).resolve())
    jobs = Jobs()
    app = make_app(host, token, jobs)
    address = host.strip("[]")
    try:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        listener = socket.create_server((address, port), family=family)
    except (OSError, OverflowError) as cause:
        raise InputError(
            f"cannot listen on {host}:{port} ({getattr(cause, 'strerror', None) or cause})",
            field="port",
            hint="another program may have it; choose one with --port",
        ) from None
    with listener:
        server = make_server(address, port, app.server, threaded=True, request_handler=_Quiet, fd=listener.fileno())
        shown = f"[{address}]" if ":" in address else address
        secret = "?token=YOUR-TOKEN" if token is not None else ""
        print(
            f"Workbench at http://{shown}:{listener.getsockname()[1]}/{secret} (Ctrl-C stops it)",
            file=sys.stderr,
            flush=True,
        )
        threading.Thread(target=_warm_up, daemon=True).start()
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            pass
        finally:
            jobs.close()
            server.server_close()


def _warm_up() -> None:
    """Load the world and compile the solver while the user still reads the page."""
    from multialign.trade import Scenario

    try:
        scenario_data.solved(Scenario())
    except Exception:
        log.exception("warming up failed")
