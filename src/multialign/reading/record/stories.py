"""Linking near-duplicates as documents come in: each story is a group held together by likenesses.

Groups are the connected components of 'is like': they do not depend on the order in which documents were added.
Of the links themselves only so many are kept as join the groups.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from multialign.reading.record.near import DAYS, LIKENESS, likeness, shingles

MOST_TRIED = 50
"""Most documents of one story that a new one is held against, in order of their hash."""


def link(db: Any, new: list[tuple[int, list[int]]]) -> None:
    """Enter new documents (number, buckets), already in `documents`, and join them to the stories that they print.

    Runs inside the caller's transaction.
    """
    numbers = [number for number, _ in new]
    db.execute("INSERT INTO stories SELECT n, n FROM (SELECT unnest(?::INTEGER[]) AS n)", [numbers])
    pairs = [(bucket, number) for number, buckets in new for bucket in buckets]
    db.execute(
        "INSERT INTO buckets SELECT unnest(?::BIGINT[]), unnest(?::INTEGER[])",
        [[bucket for bucket, _ in pairs], [number for _, number in pairs]],
    )
    candidates = db.execute(
        f"""
        WITH fresh AS (SELECT bucket, doc FROM buckets WHERE doc >= ?),
        pairs AS (
            SELECT DISTINCT b.doc AS one, f.doc AS two FROM fresh f JOIN buckets b USING (bucket) WHERE b.doc < f.doc
        )
        SELECT two, one, a.text, b.text FROM pairs
        JOIN documents a ON a.doc = one JOIN documents b ON b.doc = two JOIN stories ON stories.doc = one
        WHERE a.date IS NULL OR b.date IS NULL OR abs(a.date - b.date) <= {DAYS}
        QUALIFY row_number() OVER (PARTITION BY two, story ORDER BY a.sha256) <= {MOST_TRIED}
        ORDER BY two, a.sha256
        """,  # noqa: S608 - the package's own numbers
        [numbers[0]],
    ).fetchall()
    if not candidates:
        return
    known = sorted({number for two, one, _, _ in candidates for number in (one, two)})
    story = dict(
        db.execute("SELECT doc, story FROM stories WHERE doc IN (SELECT unnest(?::INTEGER[]))", [known]).fetchall()
    )
    joined: dict[int, int] = {}
    links = []
    for two, one, other, text in candidates:
        a, b = _root(joined, story[one]), _root(joined, story[two])
        if a == b:
            continue
        alike = likeness(_shingles(other), _shingles(text))
        if alike >= LIKENESS:
            links.append((one, two, alike))
            joined[max(a, b)] = min(a, b)
    if links:
        db.execute(
            "INSERT INTO links SELECT unnest(?::INTEGER[]), unnest(?::INTEGER[]), unnest(?::DOUBLE[])",
            [list(column) for column in zip(*links, strict=True)],
        )
        db.execute(
            "UPDATE stories SET story = m.new FROM (SELECT unnest(?::INTEGER[]) AS old, unnest(?::INTEGER[]) AS new) m "
            "WHERE story = m.old",
            [list(joined), [_root(joined, old) for old in joined]],
        )


def _root(joined: dict[int, int], story: int) -> int:
    while story in joined:
        story = joined[story]
    return story


@lru_cache(maxsize=2_048)
def _shingles(text: str) -> frozenset[int]:
    return shingles(text)
