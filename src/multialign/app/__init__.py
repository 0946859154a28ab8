"""The workbench in the browser: ask, answer, and try scenarios, on this machine alone unless told otherwise."""

from __future__ import annotations

from pathlib import Path

from multialign.errors import InputError

__all__ = ["serve"]


def serve(
    host: str = "127.0.0.1", port: int = 8050, token: str | None = None, record: str | Path | None = None
) -> None:
    """Serve the workbench until it is interrupted.

    Parameters
    ----------
    host: address to listen on. Another than loopback needs a token.
    port: TCP port.
    token: secret of at least 12 characters that every request must carry (see `server.Guard`).
    record: file that the page Record shows; by default as `multialign record` finds it.

    Raises InputError when dash is not installed, the record is not there, the address is open to others without a
    token, the token is too short, or the port cannot be had.
    """
    try:
        import dash  # noqa: F401
    except ImportError:
        raise InputError(
            "the workbench needs dash, which is not installed", hint="pip install 'multialign[app]'"
        ) from None
    from multialign.app.server import run

    run(host, port, token, record)
