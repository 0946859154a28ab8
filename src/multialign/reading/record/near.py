"""Near-duplicates: the same article, printed twice with small changes.

A text is the set of its shingles (every four words in a row, letters and digits only, in lower case). Two texts are
one story when their Jaccard likeness |A & B| / |A | B| reaches `LIKENESS` and their dates, where both have one, lie at
most `DAYS` apart: the same wording a year later is a custom, not a reprint.

Candidates are found by MinHash with banding (Broder 1997; Indyk and Motwani 1998): 64 minima in 16 bands of 4, so that
a pair of likeness s is looked at with probability 1 - (1 - s^4)^16: 0.988 at 0.7, 0.9998 at 0.8. The likeness itself is
then computed from the texts, so no pair is linked by chance.
"""

from __future__ import annotations

import re
import zlib
from functools import cache
from typing import Any

import numpy as np

SHINGLE = 4
"""Words in a shingle."""

LIKENESS = 0.7
"""Jaccard likeness from which two texts are one story."""

DAYS = 30
"""Most days between two prints of one story."""

BANDS, ROWS = 16, 4
_WORD = re.compile(r"[^\W_]+")
_MOST_WORDS = 20_000
_SEED = 20_260_101


def shingles(text: str) -> frozenset[int]:
    """Hashes (32 bits) of the shingles of a text; of a text under four words, one for the whole."""
    words = [w.encode("utf-8", "replace") for w in _WORD.findall(text.lower())[:_MOST_WORDS]]
    if len(words) <= SHINGLE:
        return frozenset({zlib.crc32(b" ".join(words))})
    return frozenset(zlib.crc32(b" ".join(words[i : i + SHINGLE])) for i in range(len(words) - SHINGLE + 1))


def likeness(one: frozenset[int], two: frozenset[int]) -> float:
    """Jaccard likeness of two sets, 0 to 1."""
    return len(one & two) / len(one | two)


@cache
def _factors() -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    rng = np.random.default_rng(_SEED)
    odd = rng.integers(0, 2**63, (BANDS * ROWS, 1), dtype=np.uint64) * np.uint64(2) + np.uint64(1)
    return odd, rng.integers(0, 2**63, (BANDS * ROWS, 1), dtype=np.uint64)


def buckets(found: frozenset[int]) -> list[int]:
    """The bucket (63 bits) of each band: texts that share one are candidates.

    Minima are taken over multiply-shift hashes (Dietzfelbinger et al. 1997) of the shingles.
    """
    values = np.fromiter(found, dtype=np.uint64, count=len(found))
    odd, add = _factors()
    lowest = np.full(BANDS * ROWS, np.iinfo(np.uint64).max, dtype=np.uint64)
    for k in range(0, len(values), 4_096):  # bounds the memory for long texts
        lowest = np.minimum(lowest, ((odd * values[k : k + 4_096] + add) >> np.uint64(32)).min(axis=1))
    mixed = np.arange(1, BANDS + 1, dtype=np.uint64)
    for row in lowest.reshape(BANDS, ROWS).T:
        mixed = (mixed ^ row) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
    return [int(b) >> 1 for b in mixed]
