"""How well the reader does: roots with the parties given, dyads found, statements where there are none, speed.

    python benchmarks/reading_accuracy.py [--part held-out|tune|both] [--speed] [--gold FOLDER]

The hand-coded sentences are read from ``../shared/gold`` and are not part of the project; what they measure is skipped
where they are absent. A hash of each sentence divides them: the part `held-out` was never looked at while the lexicon
was written. The sentences of ``reading/roots.tsv`` (source in [], target in {}) and ``reading/silent.txt`` are the
project's own; the latter say nothing between two states. Speed is that of one core.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import json
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy: one core

import numpy as np

from multialign.errors import InputError
from multialign.reading import Statement, actors, documents, nlp, read_text, tables
from multialign.reading.reader import read_many
from multialign.reading.roots import root_between

HERE = Path(__file__).resolve()
SHARED = HERE.parents[2] / "shared"
TUNED = 60
"""Of a hundred sentences so many are in the part that the lexicon was tuned on."""

ROOTS = ["AGREE", "CONSULT", "SUPPORT", "COOPERATE", "AID", "YIELD", "REQUEST", "ACCUSE", "REJECT", "THREATEN",
         "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"]  # fmt: skip
QUADRANT = {
    **dict.fromkeys(["AGREE", "CONSULT", "SUPPORT"], "verbal cooperation"),
    **dict.fromkeys(["COOPERATE", "AID", "YIELD"], "material cooperation"),
    **dict.fromkeys(["REQUEST", "ACCUSE", "REJECT", "THREATEN"], "verbal conflict"),
    **dict.fromkeys(["PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"], "material conflict"),
}
_MARK = re.compile(r"</?[st]>")
_OLD_ROOT = {"DEMAND": "REQUEST", "DISAPPROVE": "ACCUSE", "INVESTIGATE": "ACCUSE", "CONCEDE": "YIELD",
             "FIGHT": "ASSAULT"}  # fmt: skip
_OLD_CODE = {"JAP": "JPN", "ITL": "ITA", "VTN": "VNM"}
_ALIKE = [{"YIELD", "RETREAT"}, {"SANCTION", "COERCE"}]
"""Roots that the two editions of PLOVER divide differently."""


def part_of(sentence: str) -> str:
    """The part that a sentence belongs to: by a hash of its words, so that it never changes."""
    words = re.sub(r"[^a-z0-9]+", " ", sentence.lower()).strip()
    return "tune" if int(hashlib.sha256(words.encode()).hexdigest()[:8], 16) % 100 < TUNED else "held-out"


def unmarked(marked: str) -> tuple[str, dict[str, list[tuple[int, int]]]]:
    """The sentence without its marks, and the character spans of source (s) and target (t)."""
    text, at, spans, opened = "", 0, {"s": [], "t": []}, {}  # type: ignore[var-annotated]
    for mark in _MARK.finditer(marked):
        text, at, tag = text + marked[at : mark.start()], mark.end(), mark.group()
        if tag[1] == "/":
            spans[tag[2]].append((opened[tag[2]], len(text)))
        else:
            opened[tag[1]] = len(text)
    return text + marked[at:], spans


def tokens(doc: Any, spans: list[tuple[int, int]]) -> set[int]:
    """Indexes of the tokens that overlap the spans."""
    return {t.i for a, b in spans for t in doc if t.idx < b and t.idx + len(t) > a}


def code_roots(rows: list[dict[str, str]]) -> list[str | None]:
    """The reader's root for each sentence. PLOVER's fifteen of this set have no RETREAT: it counts as YIELD."""
    plain = [unmarked(r["marked_sentence"]) for r in rows]
    out = []
    for (_, spans), doc in zip(plain, nlp.pipeline().pipe([t for t, _ in plain]), strict=True):
        found = root_between(doc, tokens(doc, spans["s"]), tokens(doc, spans["t"]))
        out.append("YIELD" if found and found.event == "RETREAT" else found.event if found else None)
    return out


def own_roots() -> tuple[list[str], list[str | None], list[str]]:
    """The project's own sentences: root, root found, sentence."""
    gold, found, lines = [], [], []
    for line in (HERE.parent / "reading" / "roots.tsv").read_text(encoding="utf-8").splitlines():
        root, marked = line.split("\t")
        marked = marked.replace("[", "<s>").replace("]", "</s>").replace("{", "<t>").replace("}", "</t>")
        text, spans = unmarked(marked)
        doc = nlp.pipeline()(text)
        event = root_between(doc, tokens(doc, spans["s"]), tokens(doc, spans["t"]))
        gold.append(root)
        found.append("YIELD" if event and event.event == "RETREAT" else event.event if event else None)
        lines.append(text)
    return gold, found, lines


def report_own_roots() -> None:
    """Roots of the project's own sentences."""
    gold, found, _ = own_roots()
    mean, _ = macro_f1(gold, found, ROOTS)
    right = sum(g == f for g, f in zip(gold, found, strict=True))
    print(f"\nRoots in the project's own sentences: {right} of {len(gold)} right, macro-F1 {mean:.3f} (the lexicon was "
          "mended on them)")  # fmt: skip


def macro_f1(gold: Sequence[str], found: Sequence[str | None], labels: Sequence[str]) -> tuple[float, list[float]]:
    """Mean over the labels of F1, and F1 of each."""
    each = []
    for label in labels:
        hit = sum(g == label == f for g, f in zip(gold, found, strict=True))
        wrong = sum((g == label) != (f == label) for g, f in zip(gold, found, strict=True))
        each.append(2 * hit / (2 * hit + wrong) if hit + wrong else float("nan"))
    return float(np.nanmean(each)), each


def interval(gold: Sequence[str], found: Sequence[str | None], labels: Sequence[str], n: int = 1000) -> list[float]:
    """95 % bootstrap interval of macro-F1 over sentences, seed fixed."""
    draw = np.random.default_rng(7)
    scores = []
    for _ in range(n):
        take = draw.integers(0, len(gold), len(gold))
        scores.append(macro_f1([gold[i] for i in take], [found[i] for i in take], labels)[0])
    return [float(x) for x in np.percentile(scores, [2.5, 97.5])]


def report_roots(path: Path, parts: list[str]) -> None:
    """Root and quadrant, source and target given."""
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    for part in parts:
        chosen = [r for r in rows if part_of(r["sentence"]) == part]
        gold, found = [r["gold_root"] for r in chosen], code_roots(chosen)
        mean, each = macro_f1(gold, found, ROOTS)
        low, high = interval(gold, found, ROOTS)
        print(f"\nRoots, source and target given, part {part}: {len(chosen)} sentences")
        print(f"  macro-F1 of 15 roots   {mean:.3f}   [{low:.3f}, {high:.3f}]   to reach 0.80")
        quads = list(dict.fromkeys(QUADRANT.values()))
        four_gold, four_found = [QUADRANT[g] for g in gold], [QUADRANT.get(f or "") for f in found]
        mean, _ = macro_f1(four_gold, four_found, quads)
        low, high = interval(four_gold, four_found, quads)
        print(f"  macro-F1 of 4 classes  {mean:.3f}   [{low:.3f}, {high:.3f}]   to reach 0.90")
        print(f"  right                  {np.mean([g == f for g, f in zip(gold, found, strict=True)]):.3f}")
        print(f"  no root found          {sum(f is None for f in found)}")
        print_confusion(gold, found, each)


def print_confusion(gold: list[str], found: list[str | None], each: list[float]) -> None:
    """Rows are the gold roots, columns what the reader said."""
    count = Counter(zip(gold, found, strict=True))
    print("\n  " + " " * 10 + "".join(f"{r[:5]:>6}" for r in ROOTS) + "  none     F1")
    for label, f1 in zip(ROOTS, each, strict=True):
        cells = "".join(f"{count[label, r] or '.':>6}" for r in ROOTS)
        print(f"  {label:<10}{cells}{count[label, None] or '.':>6}  {f1:.2f}")


def report_marked_pairs(path: Path, parts: list[str]) -> None:
    """Pairs in the marked sentences, nothing given but the text: are the coded two states found, in this order?

    Only sentences whose spans name one actor each, not the same. A sentence may say more than was coded, so precision
    cannot be told from them.
    """
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    for part in parts:
        total = pair = turned = root = 0
        for r in rows:
            text, spans = unmarked(r["marked_sentence"])
            ends = [{m.code for a, b in spans[k] for m in actors.find(text[a:b])} for k in "st"]
            if part_of(r["sentence"]) != part or any(len(e) != 1 for e in ends) or ends[0] == ends[1]:
                continue
            total += 1
            (source,), (target,) = ends
            said = [s for s in _said(text) if s.event and {s.source, s.target} == {source, target}]
            here = [s for s in said if s.source == source]
            pair, turned = pair + bool(here), turned + bool(said and not here)
            root += any(s.event == r["gold_root"] or {s.event, r["gold_root"]} in _ALIKE for s in here)
        print(f"\nPairs in the marked sentences, part {part}: {total} between two actors of the gazetteer")
        print(f"  found {pair / total:.3f}, turned round {turned / total:.3f}, found with the root {root / total:.3f}")


def report_dyads(path: Path) -> None:
    """Pairs of different states in whole sentences, nothing given."""
    dyads: dict[str, set[tuple[str, str]]] = {}
    records = []
    for r in json.loads(path.read_text(encoding="utf-8"))[1:]:
        source, target = _codes(r.get("source")), _codes(r.get("target")) or _codes(r.get("source"))
        gold = {(a, b) for a in source for b in target if a != b}
        if gold and not {"NGO", "IMG"} & {*source, *target}:
            dyads.setdefault(r["text"], set()).update(gold)
            records.append((r["text"], gold, _OLD_ROOT.get(r["event"], r["event"])))
    print(f"\nDyads found in whole sentences: {len(records)} records between different states or organisations")
    for title, narrow in (("with the coded event", True), ("of all statements", False)):
        hit = missed = wrong = root = 0
        for text, gold, event in records:
            said = [s for s in read_text(text).statements if s.event]
            like = [s for s in said if s.event == event or {s.event, event} in _ALIKE]
            pairs = {(s.source, s.target) for s in (like if narrow and like else said)}
            got = {g for g in gold if any(_is(p, g) for p in pairs)}
            hit, missed = hit + len(got), missed + len(gold) - len(got)
            wrong += sum(not any(_is(p, g) for g in dyads[text]) for p in pairs)
            root += any(_is((s.source, s.target), g) for s in like for g in gold)
        precision, recall = hit / (hit + wrong), hit / (hit + missed)
        f1 = 2 * precision * recall / (precision + recall)
        print(f"  {title:<22} precision {precision:.3f}  recall {recall:.3f}  F1 {f1:.3f}   to reach 0.85")
    print(f"  dyad and root right in {root} of {len(records)} records. The lexicon was tuned on this set.")


def _codes(actors: Any) -> list[str]:
    return [_OLD_CODE.get(a["code"], a["code"]) for a in actors] if isinstance(actors, list) else []


def _is(pair: tuple[str | None, str | None], gold: tuple[str, str]) -> bool:
    return all(p == g or (g == "IGO" and p is not None and p not in tables.states()) for p, g in zip(pair, gold,
                                                                                            strict=True))  # fmt: skip


def _said(text: str) -> list[Statement]:
    try:
        return read_text(text).statements
    except InputError:  # no state is named
        return []


def report_silence() -> None:
    """Statements claimed where nothing is said between two states."""
    lines = [x for x in (HERE.parent / "reading" / "silent.txt").read_text(encoding="utf-8").splitlines() if x]
    false = [(s.source, s.target, s.event or s.relation, line) for line in lines for s in _said(line)]
    print(f"\nFalse statements: {len(false)} in {len(lines)} sentences that have none, {len(false) / len(lines):.3f}"
          "   to reach 0.05")  # fmt: skip
    for item in false:
        print("  ", *item)


def report_speed(path: Path, documents_read: int = 300) -> None:
    """Sentences a second of processor time, on news, once the model is loaded and as many other documents are read.

    The first thousands of sentences take longer: every word is looked up in the model's tables for the first time.
    """
    sources = []
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for i, line in enumerate(file):
            if i % 14 == 0:
                d = json.loads(line)
                sources.append(documents.from_text(d["text"], date=d["date"], name=d["id"], title=d["title"]))
    before, sources = sources[1::2][:documents_read], sources[::2][:documents_read]
    list(read_many(before))
    paragraphs = [p.text for s in sources for p in documents.paragraphs(s.text)][:1500]
    start = time.process_time()
    sentences = sum(sum(1 for _ in doc.sents) for doc in nlp.pipeline().pipe(paragraphs, batch_size=nlp.BATCH))
    parsed = sentences / (time.process_time() - start)
    start = time.process_time()
    readings = [r for r in read_many(sources) if not isinstance(r, Exception)]
    seconds = time.process_time() - start
    total = sum(r.document.n_sentences for r in readings)
    items = sum(len(documents.paragraphs(s.text)) for s in sources)
    print(f"\nSpeed on one core: {parsed:,.0f} sentences/s parsed; {total / seconds:,.0f} sentences/s and "
          f"{items / seconds:,.0f} paragraphs/s of news read")  # fmt: skip


def main() -> int:
    """Print the tables."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--part", choices=["held-out", "tune", "both"], default="both")
    options.add_argument("--gold", type=Path, default=SHARED / "gold", help="folder of the hand-coded sentences")
    options.add_argument("--corpus", type=Path, default=SHARED / "corpus" / "current_events.jsonl.gz")
    options.add_argument("--speed", action="store_true", help="measure the speed too")
    given = options.parse_args()
    report_silence()
    report_own_roots()
    marked, records = given.gold / "PLV_train.tsv", given.gold / "PLOVER_GSR_CAMEO.json"
    if marked.is_file():
        parts = ["tune", "held-out"] if given.part == "both" else [given.part]
        report_roots(marked, parts)
        report_marked_pairs(marked, parts)
    if records.is_file():
        report_dyads(records)
    if not marked.is_file() and not records.is_file():
        print(f"\nNo hand-coded sentences in {given.gold}: roots and dyads are not measured.")
    if given.speed and given.corpus.is_file():
        report_speed(given.corpus)
    return 0


if __name__ == "__main__":
    sys.exit(main())
