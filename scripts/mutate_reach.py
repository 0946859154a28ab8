"""Which tests run which lines of a room, and which of them to run when one line is changed. For `scripts/mutate.py`.

As a pytest plugin (``-p mutate_reach``), by what the environment says:

- ``MUTATE_RECORD=folder``: every test runs under coverage in a context of its own, and so does each fixture that many
  tests share. With ``MUTATE_TRACED=1``, for rooms that JAX traces, it forgets before each test what it has traced, or
  only the first test to call a function would run its lines.
- ``MUTATE_ORDER=file``: of the tests found, only those in the file, in its order, each with the processor time that it
  may take; SIGPROF ends the process where that is not enough. Tests that the record does not know stay: a change may
  give them other names.

As a program it runs pytest on demand, in forks of a process that has already imported what the tests need from others:
for most mutants the imports take longer than the test that fails.
"""

from __future__ import annotations

import ast
import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import coverage
import pytest

FIXTURE = "fixture:"
OWN = ("multialign", "tests", "conftest", "mutate_reach", "__main__", "__mp_main__")
_folder = os.environ.get("MUTATE_RECORD")
_traced = os.environ.get("MUTATE_TRACED") == "1"
_order = os.environ.get("MUTATE_ORDER")
_tests: dict[str, dict[str, Any]] = {}
_fixtures: dict[str, float] = {}
_kept: dict[str, list[str]] = {}
_limits: dict[str, float] = {}
_context = [""]
_cover: coverage.Coverage | None = None
if _folder:
    _cover = coverage.Coverage(Path(_folder) / "lines", source_pkgs=["multialign"], config_file=False)
    _cover.start()  # before anything of the package is imported


def _forget() -> None:
    """What one test worked out and another would find: code that JAX traced, and lists and dictionaries of the package
    that start empty."""
    import jax

    jax.clear_caches()
    for name, module in list(sys.modules.items()):
        if name.startswith("multialign.") and module.__file__:
            if name not in _kept:
                tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
                made = [n for n in tree.body if isinstance(n, ast.Assign | ast.AnnAssign) and n.value]
                empty = [n for n in made if ast.unparse(n.value) in ("[]", "{}")]  # type: ignore[arg-type]
                _kept[name] = [ast.unparse(n.target if isinstance(n, ast.AnnAssign) else n.targets[0]) for n in empty]
            for target in _kept[name]:
                getattr(module, target).clear()


def _enter(context: str) -> float:
    _context.append(context)
    if _cover:
        _cover.switch_context(context)
    return time.monotonic()


def _leave() -> None:
    _context.pop()
    if _cover:
        _cover.switch_context(_context[-1])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """A context for the test; its time without the fixtures that others use too. Or a limit to its time."""
    if not _cover:
        signal.setitimer(signal.ITIMER_PROF, _limits.get(item.nodeid, 0.0))
        return (yield)
    if _traced:
        _forget()
    before, began = sum(_fixtures.values()), _enter(item.nodeid)
    try:
        return (yield)
    finally:
        _leave()
        seconds = time.monotonic() - began - (sum(_fixtures.values()) - before)
        _tests[item.nodeid] = {"seconds": seconds, "fixtures": list(getattr(item, "fixturenames", ()))}


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest) -> Iterator[None]:
    """A context for what many tests share."""
    if not _cover or fixturedef.scope == "function":
        return (yield)
    before, began = sum(_fixtures.values()), _enter(FIXTURE + fixturedef.argname)
    try:
        return (yield)
    finally:
        _leave()
        inner = sum(_fixtures.values()) - before
        name = fixturedef.argname
        _fixtures[name] = _fixtures.get(name, 0.0) + time.monotonic() - began - inner


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Choose and order."""
    if _order:
        told = json.loads(Path(_order).read_text(encoding="utf-8"))
        _limits.update(told["run"])
        rank = {name: k for k, name in enumerate(told["run"])}
        items[:] = [i for i in items if i.nodeid in rank or i.nodeid not in told["known"]]
        items.sort(key=lambda i: rank.get(i.nodeid, len(rank)))


def pytest_sessionfinish() -> None:
    """Write the record."""
    if _cover and _folder:
        _cover.stop()
        _cover.save()
        modules = [name for name in sys.modules if name.partition(".")[0] not in OWN]
        whole = {"tests": _tests, "fixtures": _fixtures, "modules": modules}
        (Path(_folder) / "tests.json").write_text(json.dumps(whole), encoding="utf-8")


@dataclass(frozen=True)
class Reach:
    """The record of a run of a room's tests: lines (file -> line -> contexts), tests, seconds of shared fixtures."""

    lines: dict[str, dict[int, list[str]]]
    tests: dict[str, dict[str, Any]]
    fixtures: dict[str, float]
    keeping: frozenset[str]
    """Shared fixtures made with the room's code: their values may remember what their first user had them work out."""

    @classmethod
    def load(cls, folder: Path, room: str) -> Reach:
        """The record in a folder, its files named as in the project."""
        data = coverage.CoverageData(str(folder / "lines"))
        data.read()
        files = [f for f in data.measured_files() if f"/multialign/{room}/" in f]
        lines = {f[f.rindex("src/multialign/") :]: data.contexts_by_lineno(f) for f in files}
        whole = json.loads((folder / "tests.json").read_text(encoding="utf-8"))
        keeping = {c for by_line in lines.values() for cs in by_line.values() for c in cs if c.startswith(FIXTURE)}
        return cls(lines, whole["tests"], whole["fixtures"], frozenset(c.removeprefix(FIXTURE) for c in keeping))

    def cost(self, test: str) -> float:
        """Seconds of a test that makes all its fixtures itself."""
        its = self.tests[test]
        return its["seconds"] + sum(self.fixtures.get(f, 0.0) for f in its["fixtures"])

    def runs(self, file: str, line: int, tree: ast.Module) -> list[str]:
        """The tests that a change of this line could fail, those first that run it, and of them the quickest.

        What runs on import (constants, defaults, decorators) may matter to every test.
        """
        first, last, on_import = statement_at(tree, line)
        by_line = self.lines.get(file, {})
        on_import = on_import or any("" in cs for n, cs in by_line.items() if first <= n <= last)
        contexts = {c for n, cs in by_line.items() if on_import or first <= n <= last for c in cs}
        direct = {t for t in self.tests if t in contexts or self._made_by(t, contexts)}
        shared = {f for t in direct for f in self.tests[t]["fixtures"] if f in self.keeping}
        more = {t for t in self.tests if on_import or shared & set(self.tests[t]["fixtures"])} - direct
        return sorted(direct, key=self.cost) + sorted(more, key=self.cost)

    def _made_by(self, test: str, contexts: set[str]) -> bool:
        return any(FIXTURE + f in contexts for f in self.tests[test]["fixtures"])


def statement_at(tree: ast.Module, line: int) -> tuple[int, int, bool]:
    """First and last line of the innermost statement on a line (of a block, its head alone); whether it runs on
    import."""
    best, inside = (line, line), False
    stack: list[tuple[ast.AST, bool]] = [(tree, False)]
    while stack:
        node, within = stack.pop()
        for child in ast.iter_child_nodes(node):
            low = min([getattr(child, "lineno", 0), *(d.lineno for d in getattr(child, "decorator_list", ()))])
            if isinstance(child, ast.stmt) and low <= line <= (child.end_lineno or low):
                body = getattr(child, "body", None)
                best = (low, max(low, body[0].lineno - 1) if body else child.end_lineno or low)
                inside = within
                function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
                stack.append((child, within or function))
            elif not isinstance(child, ast.stmt | ast.expr):
                stack.append((child, within))
    return *best, not inside


def serve() -> None:
    """Run pytest for each line of JSON on standard input (options, env, out: a file for what it says) in a fork; write
    its exit code on a line, that of a signal below zero."""
    for name in json.loads(sys.stdin.readline()):
        with suppress(BaseException):
            import_module(name)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if child == 0:
            out = os.open(asked["out"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            os.dup2(out, 1)
            os.dup2(out, 2)
            os.environ.update(asked["env"])
            sys.dont_write_bytecode = True
            code = 3
            with suppress(BaseException):
                code = int(pytest.main(asked["options"]))
            with suppress(BaseException):
                sys.stdout.flush()
            os._exit(code)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        answers.write(f"{code}\n")
        answers.flush()


if __name__ == "__main__":
    serve()
