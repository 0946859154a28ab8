"""Processes of the drill: started, watched and killed by their number."""

from __future__ import annotations

import os
import runpy
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any


@dataclass
class Stage:
    """A folder to work in, and the processes started there."""

    folder: Path
    started: list[BaseProcess] = field(default_factory=list)
    count: int = 0

    def __post_init__(self) -> None:
        self.context = get_context("forkserver")
        self.context.set_forkserver_preload(["multialign.cli.warm"])

    def start(self, work: Callable[..., Any], *args: Any, **more: Any) -> Actor:
        """Start a process that calls `work`; what it prints goes to files."""
        self.count += 1
        out = self.folder / "said" / f"{self.count:05d}"
        out.parent.mkdir(exist_ok=True)
        process = self.context.Process(target=_act, args=(str(out), work, args, more), daemon=False)
        process.start()
        self.started.append(process)
        return Actor(process, out)

    def command(self, *argv: str, most_bytes: int | None = None) -> Actor:
        """Start a command of multialign. `most_bytes`: no file may grow beyond."""
        return self.start(command, *argv, most_bytes=most_bytes)

    def close(self) -> None:
        """End all that still runs."""
        for process in self.started:
            if process.is_alive():
                process.kill()
                process.join(10)


@dataclass
class Actor:
    """One process: how it stands and what it said."""

    process: BaseProcess
    out: Path

    def kill(self) -> bool:
        """kill -9. False where it had ended by itself."""
        alive = self.process.is_alive()
        if alive:
            with suppress(ProcessLookupError):
                os.kill(int(self.process.pid or 0), signal.SIGKILL)
        self.process.join(30)
        return alive and self.process.exitcode == -signal.SIGKILL

    def wait(self, most: float = 600.0) -> int | None:
        """Its exit code; None where it was still at work after `most` seconds."""
        self.process.join(most)
        return self.process.exitcode

    def after(self, seconds: float) -> bool:
        """Let it work so long; whether it still does."""
        self.process.join(seconds)
        return self.process.is_alive()

    def error(self) -> str:
        """What it said on standard error."""
        path = self.out.with_suffix(".err")
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""


def _act(out: str, work: Callable[..., Any], args: tuple[Any, ...], more: dict[str, Any]) -> None:
    for number, suffix in ((1, ".out"), (2, ".err")):
        handle = os.open(f"{out}{suffix}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        os.dup2(handle, number)
        os.close(handle)
    sys.stdout, sys.stderr = os.fdopen(1, "w", closefd=False), os.fdopen(2, "w", closefd=False)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    code = 0
    try:
        work(*args, **more)
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else int(left.code is not None)
    except BaseException:
        traceback.print_exc()
        code = 70
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def command(*argv: str, most_bytes: int | None = None) -> None:
    """A command of multialign, in this process."""
    if most_bytes is not None:
        import resource

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))
    sys.argv = ["multialign", *argv]
    runpy.run_module("multialign.cli", run_name="__main__")


def scheduler(port: int) -> None:
    """A Dask scheduler on loopback."""
    import asyncio

    import dask
    from distributed import Scheduler

    async def serve() -> None:
        with dask.config.set({"distributed.scheduler.allowed-failures": 1_000}):
            async with Scheduler(host="127.0.0.1", port=port, dashboard=False, protocol="tcp") as it:
                await it.finished()

    asyncio.run(serve())


def worker(port: int, folder: str) -> None:
    """A Dask worker on loopback, with one thread; it ends when its scheduler does."""
    import asyncio

    os.environ["PJRT_NPROC"] = "1"
    from distributed import Worker

    async def serve() -> None:
        address = f"tcp://127.0.0.1:{port}"
        async with Worker(address, nthreads=1, local_directory=folder, dashboard=False, death_timeout=20) as it:
            await it.finished()

    asyncio.run(serve())


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def listening(port: int, most: float = 60.0) -> bool:
    """Wait until somebody listens on a port of loopback."""
    end = time.monotonic() + most
    while time.monotonic() < end:
        with socket.socket() as s, suppress(OSError):
            s.settimeout(1)
            s.connect(("127.0.0.1", port))
            return True
        time.sleep(0.05)
    return False
