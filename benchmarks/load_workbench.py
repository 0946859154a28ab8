"""Fifty people at once on the workbench: each moves a slider of an answer, over and over.

    python benchmarks/load_workbench.py [--people 50] [--moves 12] [--pause 2.0]

A server of its own is started on loopback with a quick answer in it; each person is a thread that posts what the
browser posts when a slider moves, waits for the picture, thinks for a while, and moves again. Printed: errors, and
the time from a move to its answer. At the end the server is killed and started again; the answer must still be kept.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from typing import Any

ADDRESS = "/answer?focal=IND&offerer=RUS&third=USA&domains=trade,energy,arms&level=quick"
DEPTHS = ("trade", "energy", "arms", "technology", "diplomacy")


class Server:
    """A workbench in a process of its own."""

    def __init__(self, port: int, folder: str) -> None:
        self.port, self.folder = port, folder
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        env = {**os.environ, "MULTIALIGN_DATA": self.folder, "MULTIALIGN_CACHE": self.folder}
        command = [sys.executable, "-m", "multialign.cli", "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(command, env=env, stderr=subprocess.DEVNULL)
        for _ in range(600):
            try:
                if self.get("/_dash-layout")[0] == 200:
                    return
            except OSError:
                time.sleep(0.2)
        raise SystemExit("the server does not start")

    def kill(self) -> None:
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(30)

    def request(self, method: str, path: str, body: str | None = None) -> tuple[int, bytes]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            line.request(method, path, body, {"Content-Type": "application/json"} if body else {})
            reply = line.getresponse()
            return reply.status, reply.read()
        finally:
            line.close()

    def get(self, path: str) -> tuple[int, bytes]:
        return self.request("GET", path)

    def dependencies(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self.get("/_dash-dependencies")[1])
        return found

    def call(self, callback: dict[str, Any], values: dict[str, Any], changed: str) -> tuple[int, dict[str, Any]]:
        """Post a callback as the browser does."""

        def filled(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
            return [{**p, "value": values.get(f"{p['id']}.{p['property']}")} for p in parts]

        names = callback["output"].strip(".").split("...")
        outputs: Any = [
            {"id": part.rsplit(".", 1)[0], "property": part.rsplit(".", 1)[1].split("@")[0]} for part in names
        ]
        body = {
            "output": callback["output"],
            "outputs": outputs if callback["output"].startswith("..") else outputs[0],
            "inputs": filled(callback["inputs"]),
            "state": filled(callback["state"]),
            "changedPropIds": [changed],
        }
        status, reply = self.request("POST", "/_dash-update-component", json.dumps(body))
        return status, json.loads(reply) if status == 200 and reply else {}


def callback_with(found: list[dict[str, Any]], output: str, given: str) -> dict[str, Any]:
    """The callback that fills `output` and listens to `given`."""
    return next(
        c for c in found
        if output in c["output"] and any(f"{i['id']}.{i['property']}" == given for i in c["inputs"])
    )  # fmt: skip


def answer(server: Server) -> dict[str, Any]:
    """Ask the question and wait for its answer; what the page then holds."""
    found = server.dependencies()
    begin = callback_with(found, "answer-job.data", "url.search")
    watch = callback_with(found, "answer-shown.data", "answer-job.data")
    path, _, search = ADDRESS.partition("?")
    values = {"url.search": f"?{search}", "url.pathname": path, "answer-level.value": "quick"}
    _, reply = server.call(begin, values, "url.search")
    job = reply["response"]["answer-job"]["data"]
    for _ in range(1200):
        status, reply = server.call(watch, {"answer-job.data": job}, "answer-job.data")
        shown = reply.get("response", {}).get("answer-shown", {}).get("data")
        if status == 200 and shown and shown.get("live"):
            return dict(shown)
        time.sleep(0.25)
    raise SystemExit("no answer was found")


def person(server: Server, move: dict[str, Any], base: dict[str, Any], k: int, args: Any, out: list[Any]) -> None:
    """One person: moves a slider, waits for the picture, thinks."""
    time.sleep(args.pause * k / args.people)
    for n in range(args.moves):
        values = {**base, "live-energy.value": (7 * k + 13 * n) % 101, "live-tariff.value": (11 * k + 5 * n) % 101}
        began = time.perf_counter()
        try:
            status, reply = server.call(move, values, "live-energy.value")
            right = status == 200 and "<svg" in reply["response"]["live-map-svg"]["data"]
        except (OSError, KeyError, TypeError, ValueError):
            right = False
        out.append((time.perf_counter() - began, right))
        time.sleep(args.pause)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--moves", type=int, default=12)
    parser.add_argument("--pause", type=float, default=2.0, help="seconds that a person thinks between two moves")
    parser.add_argument("--port", type=int, default=8061)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server = Server(args.port, folder)
        server.start()
        try:
            shown = answer(server)
            move = callback_with(server.dependencies(), "live-map-svg.data", "live-energy.value")
            base: dict[str, Any] = {f"live-{d}.value": round(100 * shown["picks"][d]) for d in DEPTHS}
            base |= {"live-discount.value": 0, "live-tariff.value": -1, "live-embargo.value": []}
            base |= {f"live-{w}.value": 0 for w in ("autonomy", "tie", "step")}
            base |= {"live-start.data": {"key": shown["key"]}}
            out: list[tuple[float, bool]] = []
            people = [
                threading.Thread(target=person, args=(server, move, base, k, args, out)) for k in range(args.people)
            ]
            began = time.perf_counter()
            for p in people:
                p.start()
            for p in people:
                p.join()
            took = time.perf_counter() - began
            times = sorted(t for t, _ in out)
            wrong = sum(not right for _, right in out)
            print(f"{args.people} people, {len(out)} moves in {took:.0f} s, {wrong} errors")
            middle, late = statistics.median(times), times[int(0.95 * len(times))]
            print(f"from move to picture: median {middle:.3f} s, 95 % {late:.3f} s")
            server.kill()
            server.start()
            again = time.perf_counter()
            found = server.dependencies()
            listed = callback_with(found, "compare-picked.options", "url.pathname")
            _, reply = server.call(listed, {"url.pathname": "/answer"}, "url.pathname")
            kept = len(reply["response"]["compare-picked"]["options"])
            print(f"killed and started again: {kept} kept answer(s) there after {time.perf_counter() - again:.1f} s")
            if wrong or not kept or middle >= 0.5:
                raise SystemExit(1)
        finally:
            server.kill()


if __name__ == "__main__":
    main()
