"""Near-duplicates: found, linked and counted once, in whatever order they come."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
import pytest

from multialign.reading import Reading
from multialign.reading.record import Record, near, rows

FIRST = (
    "Norway offered to expand its energy cooperation with Poland on Tuesday, the foreign minister said in Oslo after a "
    "meeting with his Polish colleague. Norway signed a trade agreement with Finland in the same week. The ministers "
    "will meet again in spring, when the pipeline between the two states is to be opened by both heads of government."
)
REPRINT = FIRST.replace("on Tuesday", "on Wednesday").replace("in spring", "in early spring")
OTHER = "Norway condemned Belarus on Tuesday. Poland condemned Belarus too, and asked the European Union for help."

Say = Callable[..., Reading]


def test_likeness_by_hand() -> None:
    one, two = near.shingles("a b c d e"), near.shingles("A, b; c d f!")
    assert len(one) == 2 and len(one & two) == 1
    assert near.likeness(one, two) == 1 / 3
    assert near.shingles("two words") == near.shingles("Two... words") != near.shingles("other words")
    assert near.likeness(near.shingles(FIRST), near.shingles(REPRINT)) > near.LIKENESS


def test_candidates_are_found_as_often_as_the_formula_says() -> None:
    rng = np.random.default_rng(3)
    for likeness in (0.5, 0.7, 0.8):
        hits = 0
        for _ in range(400):
            values = rng.choice(2**32, 200, replace=False)
            shared = round(200 * 2 * likeness / (1 + likeness)) // 2
            one = frozenset(int(v) for v in values[:100])
            two = frozenset(int(v) for v in [*values[: 2 * shared // 2], *values[100 : 200 - shared]])
            s = near.likeness(one, two)
            hits += bool(set(near.buckets(one)) & set(near.buckets(two)))
        expected = 1 - (1 - s**near.ROWS) ** near.BANDS
        assert abs(hits / 400 - expected) < 0.08


def test_reprints_are_linked_and_counted_once(say: Say) -> None:
    with Record() as book:
        one, two = say(FIRST, date="2025-03-04", name="a"), say(REPRINT, date="2025-03-05", name="b")
        book.add_all([two, one, say(OTHER, date="2025-03-06", name="c")])
        pair = tuple(sorted((one.document.sha256, two.document.sha256)))
        assert book.stories() == [pair]
        assert [link[:2] for link in book.links()] == [pair] and book.links()[0][2] > near.LIKENESS
        assert len(book.statements(source="NOR", target="POL")) == 2 * len(one.between("NOR", "POL"))
        months = book.dyad("NOR", "POL").months
        assert [(m.month, m.documents) for m in months] == [("2025-03", 2)]
        assert months[0].cooperation == sum(s.valence > 0 for s in one.between("NOR", "POL"))
        info = book.info()
        assert (info["documents"], info["stories"]) == (3, 2)


def test_the_same_wording_a_year_later_is_news(say: Say) -> None:
    with Record() as book:
        book.add_all([say(FIRST, date="2024-03-04"), say(REPRINT, date="2025-03-05")])
        assert book.stories() == [] and sum(m.documents for m in book.dyad("NOR", "POL").months) == 2


@pytest.mark.parametrize("batch", [1, 3, 7])
def test_stories_do_not_depend_on_order_or_batches(say: Say, batch: int) -> None:
    base = say(FIRST, date="2025-03-04")
    words = FIRST.split()
    texts = [FIRST, OTHER]
    for k in range(0, 36, 4):  # a chain, each like the next, ends unlike
        changed = list(words)
        changed[: k + 1] = [f"w{i}" for i in range(k + 1)]
        texts.append(" ".join(changed))
    readings = []
    for k, text in enumerate(texts):
        document = base.document.model_copy(update={"text": text, "sha256": f"{k:064x}", "name": str(k)})
        readings.append(base.model_copy(update={"document": document, "statements": [], "offers": []}))
    seen = set()
    for seed in range(4):
        order = list(readings)
        random.Random(seed).shuffle(order)  # noqa: S311
        with Record() as book:
            for k in range(0, len(order), batch):
                book.add_rows([rows(r) for r in order[k : k + batch]])
            seen.add(tuple(book.stories()))
    assert len(seen) == 1 and len(seen.pop()[0]) == len(texts) - 1
