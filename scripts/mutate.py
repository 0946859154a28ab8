"""Mutation testing on a sample: does a test fail when the code is wrong?

    python scripts/mutate.py trade --n 100 --seed 1 --out trade.jsonl
    python scripts/mutate.py trade --again trade.jsonl --out after.jsonl     # its survivors, against today's tests

A mutant is the program with one small change: another operator, a comparison turned, a number moved, a condition
negated, a statement left out, a value returned as None. Mutants are drawn at random from all that a room's modules
allow; for each, the room's tests run in a copy of the project until one fails. A mutant is killed, survives, or runs
out of time (it counts as killed: somebody notices). Survivors are printed with their place, to be looked at: they are
harmless, or a test is missing.

First all tests run once under coverage, which says which of them run which line (`mutate_reach.py`). A mutant needs
only those that run its line, the quickest first; where none does, it has survived.

The tools for whole runs (mutmut, cosmic-ray) try every mutant; on two processors that is days.
"""

from __future__ import annotations

import argparse
import ast
import copy
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from multialign._cache import user_cache
from mutate_reach import Reach

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "multialign"

TESTS = {
    "trade": ["tests/trade"],
    "respond": ["tests/respond"],
    "sweep": ["tests/sweep/test_plan.py", "tests/sweep/test_sweep.py"],
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Pow: ast.Mult,
    ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr,
}  # fmt: skip
COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.GtE, ast.LtE: ast.Gt, ast.Gt: ast.LtE, ast.GtE: ast.Lt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip


OPTIONS = ["-q", "-x", "-n", "0", "--no-header", "-p", "no:cacheprovider", "-p", "mutate_reach", "--hypothesis-seed=1"]


@dataclass(frozen=True)
class Mutant:
    """One change: in which file and line, what it was and what it is."""

    file: str
    line: int
    kind: str
    was: str
    now: str


Made = tuple[Mutant, Callable[[], str]]


def mutants(path: Path) -> Iterator[Made]:
    """All mutants of a module, each with what makes its source when it is wanted."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typed = _annotations(tree)
    nodes = [n for n in ast.walk(tree) if id(n) not in typed]
    for node in nodes:
        for kind, new in _variants(node):
            shown = [" ".join(ast.unparse(n).split())[:90] for n in (node, new)]
            mutant = Mutant(str(path.relative_to(ROOT)), getattr(node, "lineno", 0), kind, *shown)
            yield mutant, partial(_source, tree, node, new)


def _annotations(tree: ast.AST) -> set[int]:
    """Nodes that run for nobody: annotations, docstrings, messages of errors."""
    skipped: set[int] = set()
    for node in ast.walk(tree):
        parts = [getattr(node, "annotation", None), getattr(node, "returns", None)]
        if isinstance(node, ast.Raise):
            parts.append(node.exc)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            parts.append(node)
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            parts.append(node)
        for part in parts:
            if part is not None:
                skipped |= {id(n) for n in ast.walk(part)}
    return skipped


def _variants(node: ast.AST) -> list[tuple[str, ast.AST]]:
    """What a node may turn into."""
    out: list[tuple[str, ast.AST]] = []

    def changed(kind: str, **fields: object) -> None:
        new = copy.copy(node)
        for name, value in fields.items():
            setattr(new, name, value)
        out.append((kind, new))

    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        changed("operator", op=OPERATORS[type(node.op)]())
    elif isinstance(node, ast.Compare) and type(node.ops[0]) in COMPARISONS:
        changed("comparison", ops=[COMPARISONS[type(node.ops[0])](), *node.ops[1:]])
    elif isinstance(node, ast.BoolOp):
        changed("boolean", op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.Not):
        out.append(("sign", node.operand))
    elif isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool):
        changed("number", value=node.value + 1 if isinstance(node.value, int) else node.value * 2 + 0.1)
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        changed("switch", value=not node.value)
    elif isinstance(node, ast.If | ast.While | ast.IfExp):
        changed("condition", test=ast.UnaryOp(ast.Not(), node.test))
    elif isinstance(node, ast.Return) and node.value is not None:
        changed("return", value=ast.Constant(None))
    elif isinstance(node, ast.AugAssign) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)):
        out.append(("left out", ast.Pass()))
    return out


def _source(tree: ast.Module, old: ast.AST, new: ast.AST) -> str:
    class Swap(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> ast.AST:
            if node is old:
                return ast.copy_location(new, old)
            return super().generic_visit(node)

    # children are shared between the trees, and only the one node is replaced, for as long as the text is made
    return ast.unparse(ast.fix_missing_locations(Swap().visit(_shallow(tree, old))))


def _shallow(tree: ast.Module, target: ast.AST) -> ast.Module:
    """A copy of the tree in which `target` is still itself."""
    return copy.deepcopy(tree, {id(target): target})


class Bench:
    """A copy of the project in which a room's tests are run, and what is known of them."""

    def __init__(self, folder: Path, room: str, tests: list[str], record: Path) -> None:
        self.copied, self.record, self.room = folder, record.resolve(), room
        for name in ("src", "tests", "benchmarks", "examples", "scripts"):
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", folder)
        # compiled once, and made anew where the content, not the time, differs: no mutant is mistaken for another
        by_content = ["--invalidation-mode", "checked-hash", "src"]
        subprocess.run([sys.executable, "-m", "compileall", "-q", *by_content], cwd=folder, check=True)
        # what JAX compiles is kept under its content, small programs too
        self.env = os.environ | {"PYTHONPATH": os.pathsep.join(str(folder / d) for d in ("src", "scripts"))}
        self.env |= {"MULTIALIGN_CACHE": str(folder / "cache"), "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0"}
        self.env |= {"JAX_COMPILATION_CACHE_DIR": f"{user_cache() or folder}/mutants"}
        if not (record / "tests.json").exists():
            record.mkdir(exist_ok=True)
            self._learn(tests)
        self.reach = Reach.load(record, room)
        self.server = subprocess.Popen(
            [sys.executable, "-m", "mutate_reach"],
            cwd=folder, env=self.env, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        self._tell(json.loads((record / "tests.json").read_text(encoding="utf-8"))["modules"])
        calm = record / "calm"
        if not calm.exists() and self.run(sorted(self.reach.tests, key=self.reach.cost)):
            sys.exit(f"the tests fail without any change, in the order of their cost\n{self.said()[-3000:]}")
        calm.touch()

    def _learn(self, tests: list[str]) -> None:
        """Run all tests once under coverage."""
        sources = [p.read_text(encoding="utf-8") for p in (self.copied / "src/multialign" / self.room).rglob("*.py")]
        traced = "1" if any("jax" in text for text in sources) else ""
        env = self.env | {"MUTATE_RECORD": str(self.record), "MUTATE_TRACED": traced}
        command = [sys.executable, "-m", "pytest", *OPTIONS, *tests]
        done = subprocess.run(command, cwd=self.copied, env=env, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"the tests fail without any change\n{done.stdout[-3000:]}")

    def _tell(self, what: object) -> None:
        assert self.server.stdin  # noqa: S101 - a pipe
        self.server.stdin.write(json.dumps(what) + "\n")
        self.server.stdin.flush()

    def run(self, chosen: list[str]) -> int:
        """Run these tests in this order until one fails: pytest's exit code, or minus a signal's number."""
        limits = {name: 30 + 3 * self.reach.cost(name) for name in chosen}
        order = self.copied / "order.json"
        order.write_text(json.dumps({"run": limits, "known": list(self.reach.tests)}), encoding="utf-8")
        files = list(dict.fromkeys(name.partition("::")[0] for name in chosen))
        env = {"MUTATE_ORDER": str(order)}
        self._tell({"options": [*OPTIONS, *files], "env": env, "out": str(self.copied / "said")})
        assert self.server.stdout  # noqa: S101 - a pipe
        return int(self.server.stdout.readline())

    def said(self) -> str:
        """What pytest wrote."""
        return (self.copied / "said").read_text(encoding="utf-8", errors="replace")

    def judge(self, mutant: Mutant, text: str) -> dict[str, object]:
        """What became of a mutant (killed, survived, out of time), by which test, of how many, in which time."""
        file, began = self.copied / mutant.file, time.monotonic()
        before = file.read_text(encoding="utf-8")
        chosen = self.reach.runs(mutant.file, mutant.line, ast.parse(before))
        file.write_text(text, encoding="utf-8")
        code = self.run(chosen) if chosen else 0
        file.write_text(before, encoding="utf-8")
        by = (
            [x.split(" - ")[0] for x in self.said().splitlines() if x.startswith(("FAILED ", "ERROR "))] if code else []
        )
        return {
            **asdict(mutant),
            "came": "out of time" if code == -signal.SIGPROF else "killed" if code else "survived",
            "by": by[0].partition(" ")[2] if by else "",
            "tests": len(chosen),
            "seconds": round(time.monotonic() - began, 1),
        }


Tried = tuple[Made | None, dict[str, object]]


def drawn(everything: list[Made], n: int, seed: int, again: Path | None) -> list[Tried]:
    """What to try: a random sample, or an earlier one, of which only the survivors are tried anew, wherever their lines
    are by now."""
    if again is None:
        return [(m, {}) for m in random.Random(seed).sample(everything, min(n, len(everything)))]  # noqa: S311
    out: list[Tried] = []
    for row in map(json.loads, again.read_text(encoding="utf-8").splitlines()):
        its = [row[k] for k in ("file", "kind", "was", "now")]
        same = [m for m in everything if [m[0].file, m[0].kind, m[0].was, m[0].now] == its]
        same.sort(key=lambda m: abs(m[0].line - row["line"]))
        out.append((same[0] if same and row["came"] == "survived" else None, row))
    return out


def main() -> None:
    """Draw, try, count."""
    parser = argparse.ArgumentParser(description="Mutation testing on a random sample.")
    parser.add_argument("room", choices=TESTS)
    parser.add_argument("--n", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--again", type=Path, help="instead of a sample: such a file as --out writes, its survivors anew"
    )
    parser.add_argument("--only", nargs="*", help="modules, such as equations shock")
    parser.add_argument("--tests", nargs="*", help="tests, where not all of the room's")
    parser.add_argument("--record", type=Path, help="folder to keep which test runs which line, or to take it from")
    parser.add_argument("--seconds", type=float, help="start no further mutant after so long")
    parser.add_argument(
        "--out", type=Path, help="JSON lines, a mutant and what became of it each; gone on with if there"
    )
    given = parser.parse_args()
    modules = [p for p in sorted((PACKAGE / given.room).rglob("*.py")) if not given.only or p.stem in given.only]
    everything = [m for p in modules for m in mutants(p)]
    sample = drawn(everything, given.n, given.seed, given.again)
    there = given.out.read_text(encoding="utf-8").splitlines() if given.out and given.out.exists() else []
    counts = Counter(json.loads(line)["came"] for line in there)
    print(f"{len(everything)} mutants in {len(modules)} modules of {given.room}; {len(sample)} drawn", flush=True)
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        tests = given.tests or TESTS[given.room]
        bench = Bench(Path(folder) / "project", given.room, tests, given.record or Path(folder) / "record")
        began = time.monotonic()
        for made, row in sample[len(there) :]:
            if given.seconds and time.monotonic() - began > given.seconds:
                break
            if made:
                row = {"room": given.room, "of": len(everything), "seed": given.seed, **row}
                row |= bench.judge(made[0], made[1]()) | ({"line": row["line"]} if "line" in row else {})
            counts[str(row["came"])] += 1
            if given.out:
                with given.out.open("a", encoding="utf-8") as handle:
                    handle.write(json.dumps(row) + "\n")
            if row["came"] == "survived":
                print("survived {tests} tests: {file}:{line} {kind}: {was}  ->  {now}".format(**row), flush=True)
        bench.server.terminate()
    tried = counts.total()
    noticed = tried - counts["survived"]
    print(f"{noticed} of {tried} noticed ({noticed / max(tried, 1):.0%}): {dict(counts)}")


if __name__ == "__main__":
    main()
