"""Mutation testing on a sample: does a test fail when the code is wrong?

    python scripts/mutate.py trade --n 60 --seed 1
    python scripts/mutate.py respond --n 30

A mutant is the program with one small change: another operator, a comparison turned, a number moved, a condition
negated, a statement left out, a value returned as None. Mutants are drawn at random from all that a room's modules
allow; for each, the room's tests run in a copy of the project until one fails. A mutant is killed, survives, or runs
out of time (it counts as killed: somebody notices). Survivors are printed with their place, to be looked at: they are
harmless, or a test is missing.

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
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

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


@dataclass(frozen=True)
class Mutant:
    """One change: in which file and line, what it was and what it is."""

    file: str
    line: int
    kind: str
    was: str
    now: str


def mutants(path: Path) -> Iterator[Callable[[], tuple[Mutant, str]]]:
    """All mutants of a module, each to be made with its source when it is wanted."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typed = _annotations(tree)
    nodes = [n for n in ast.walk(tree) if id(n) not in typed]
    for place, node in enumerate(nodes):
        for variant in _variants(node):
            yield partial(_made, path, tree, nodes, place, variant)


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


def _made(
    path: Path, tree: ast.Module, nodes: list[ast.AST], place: int, variant: tuple[str, ast.AST]
) -> tuple[Mutant, str]:
    kind, new = variant
    old = nodes[place]

    class Swap(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> ast.AST:
            if node is old:
                return ast.copy_location(new, old)
            return super().generic_visit(node)

    # children are shared between the trees, and only the one node is replaced, for as long as the text is made
    whole = Swap().visit(copy.copy(_shallow(tree, old)))
    text = ast.unparse(ast.fix_missing_locations(whole))
    line = getattr(old, "lineno", 0)
    shown = [" ".join(ast.unparse(n).split())[:90] for n in (old, new)]
    return Mutant(str(path.relative_to(ROOT)), line, kind, *shown), text


def _shallow(tree: ast.Module, target: ast.AST) -> ast.Module:
    """A copy of the tree in which `target` is still itself."""
    return copy.deepcopy(tree, {id(target): target})


def judge(copied: Path, mutant: Mutant, text: str, tests: list[str], limit: float) -> str:
    """killed, survived or out of time."""
    file = copied / mutant.file
    before = file.read_text(encoding="utf-8")
    file.write_text(text, encoding="utf-8")
    env = os.environ | {"PYTHONPATH": str(copied / "src"), "PYTHONDONTWRITEBYTECODE": "1", "HYPOTHESIS_SEED": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "-x", "--no-header", "-p", "no:cacheprovider", *tests]
    try:
        done = subprocess.run(command, cwd=copied, env=env, capture_output=True, text=True, timeout=limit, check=False)
    except subprocess.TimeoutExpired:
        return "out of time"
    finally:
        file.write_text(before, encoding="utf-8")
    return "survived" if done.returncode == 0 else "killed"


def main() -> None:
    """Draw, try, count."""
    parser = argparse.ArgumentParser(description="Mutation testing on a random sample.")
    parser.add_argument("room", choices=TESTS)
    parser.add_argument("--n", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*", help="modules, such as equations shock")
    parser.add_argument("--tests", nargs="*", help="tests, where not all of the room's")
    parser.add_argument("--first", nargs="*", default=[], help="quick tests, to be tried before all of them")
    parser.add_argument("--seconds", type=float, help="start no further mutant after so long")
    parser.add_argument("--out", type=Path, help="write every mutant and what became of it, as JSON lines")
    given = parser.parse_args()
    tests = given.tests or TESTS[given.room]
    modules = [p for p in sorted((PACKAGE / given.room).rglob("*.py")) if not given.only or p.stem in given.only]
    everything = [m for p in modules for m in mutants(p)]
    sample = random.Random(given.seed).sample(everything, min(given.n, len(everything)))  # noqa: S311
    print(f"{len(everything)} mutants in {len(modules)} modules of {given.room}; trying {len(sample)}", flush=True)
    counts: dict[str, int] = {}
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copied = Path(folder)
        for name in ("src", "tests", "benchmarks", "examples", "scripts"):
            shutil.copytree(ROOT / name, copied / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", copied)
        began = time.monotonic()
        calm = judge(
            copied, Mutant(str(modules[0].relative_to(ROOT)), 0, "", "", ""), modules[0].read_text(), tests, 1e5
        )
        if calm != "survived":
            sys.exit("the tests fail without any change")
        limit = 3 * (time.monotonic() - began) + 30
        began = time.monotonic()
        for make in sample:
            mutant, text = make()
            if given.seconds and time.monotonic() - began > given.seconds:
                break
            came = judge(copied, mutant, text, given.first, limit) if given.first else "survived"
            if came == "survived":
                came = judge(copied, mutant, text, tests, limit)
            counts[came] = counts.get(came, 0) + 1
            if given.out:
                with given.out.open("a", encoding="utf-8") as handle:
                    handle.write(json.dumps({**asdict(mutant), "came": came}) + "\n")
            if came == "survived":
                print(
                    f"survived: {mutant.file}:{mutant.line} {mutant.kind}: {mutant.was}  ->  {mutant.now}", flush=True
                )
    tried = sum(counts.values())
    noticed = tried - counts.get("survived", 0)
    print(f"{noticed} of {tried} noticed ({noticed / max(tried, 1):.0%}): {counts}")


if __name__ == "__main__":
    main()
