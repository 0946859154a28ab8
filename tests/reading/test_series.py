"""Monthly series: counted and smoothed as the formula says."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from multialign.errors import InputError
from multialign.reading import Reading
from multialign.reading.record import Record
from multialign.reading.record.series import smooth

Say = Callable[..., Reading]


def test_smoothing_by_hand() -> None:
    c, n, h = [0, 2, 1, 0, 0], [4, 4, 0, 8, 2], 1.5
    for t, got in enumerate(smooth(c, n, h)):
        weights = [math.exp(-(((m - t) / h) ** 2) / 2) for m in range(5)]
        assert got == pytest.approx(1000 * np.dot(weights, c) / np.dot(weights, n))


def test_smoothing_keeps_a_constant_rate_and_leaves_gaps_open() -> None:
    n = np.array([5, 1, 0, 0, 7, 3])
    assert smooth(0.25 * n, n, 2.0) == pytest.approx(np.full(6, 250.0))
    far = smooth(np.r_[1, np.zeros(30)], np.r_[1, np.zeros(30)], 1.0)
    assert far[4] == pytest.approx(1000) and np.isnan(far[5]) and np.isnan(far[30])
    assert smooth([], [], 2.0).shape == (0,)


def test_dyad_by_month(say: Say) -> None:
    with Record() as book:
        book.add_all(
            [
                say("Norway signed a trade agreement with Poland.", date="2024-11-30"),
                say("Poland condemned Norway. Norway condemned Belarus.", date="2025-01-15"),
                say("Analysts say that Poland relies on Norway. Finland met Chile.", date="2025-01-16"),
                say("Poland condemned Norway and Chile."),
            ]
        )
        dyad = book.dyad("nor", "POL", bandwidth=1.0)
        assert [(m.month, m.documents, m.cooperation, m.conflict) for m in dyad.months] == [
            ("2024-11", 1, 1, 0),
            ("2024-12", 0, 0, 0),
            ("2025-01", 2, 0, 1),
        ]
        assert (dyad.one_to_two, dyad.two_to_one, dyad.undated) == (1, 1, 1)
        assert dyad.months[0].cooperation_rate == pytest.approx(1000 / (1 + 2 * math.exp(-2)), abs=1e-4)
        assert book.dyad("POL", "NOR").one_to_two == 1
        late = book.dyad("NOR", "POL", since="2025", until="2025-01")
        assert [m.month for m in late.months] == ["2025-01"]
        assert book.dyad("NOR", "POL", since="2026").months == ()
        out = dyad.to_dict()
        assert (out["version"], out["kind"], out["kernel"]["bandwidth_months"]) == (1, "dyad", 1.0)
        peaks = book.peaks(most=2)
        assert {(p["one"], p["two"], p["month"]) for p in peaks} == {
            ("NOR", "POL", "2024-11"),
            ("BLR", "NOR", "2025-01"),
        }
        strong = book.strongest("NOR", "POL")
        assert abs(strong[0]["valence"]) == max(abs(s["valence"]) for s in strong)
        document = book.document(strong[0]["sha256"])
        assert document["text"][strong[0]["start"] : strong[0]["end"]] == strong[0]["text"]
        for bad in ({"bandwidth": 0}, {"bandwidth": 1e9}, {"since": "soon"}, {"until": "2025-13"}):
            with pytest.raises(InputError):
                book.dyad("NOR", "POL", **bad)
        with pytest.raises(InputError, match="a dyad is two states"):
            book.dyad("NOR", "nor")


def test_no_dates(say: Say) -> None:
    with Record() as book:
        book.add(say("Poland condemned Norway."))
        with pytest.raises(InputError, match="no dated document"):
            book.dyad("NOR", "POL")


def test_a_mutual_act_counts_once(say: Say) -> None:
    with Record() as book:
        book.add(say("Norway and Poland signed a trade agreement. Poland praised Norway.", date="2025-01-15"))
        assert {(s.source, s.target) for _, s in book.statements()} == {("NOR", "POL"), ("POL", "NOR")}
        for one, two in (("NOR", "POL"), ("POL", "NOR")):
            dyad = book.dyad(one, two)
            assert (dyad.months[0].cooperation, dyad.months[0].valence) == (2, 8.0)
            ways = {one: dyad.one_to_two, two: dyad.two_to_one}
            assert ways == {"NOR": 1, "POL": 2}
        (peak,) = book.peaks()
        assert (peak["cooperation"], peak["weight"], peak["roots"]) == (2, 8.0, {"SUPPORT": 2})
        assert [(s["mutual"], s["text"][:6]) for s in book.strongest("NOR", "POL")] == [
            (True, "Norway"),
            (False, "Poland"),
        ]
