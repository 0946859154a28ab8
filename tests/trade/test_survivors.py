"""Small mistakes that other tests let pass, found by changing the code (`scripts/mutate.py`)."""

from __future__ import annotations

import numpy as np

from multialign import ExportTax, Scenario, Tariff, solve
from multialign.trade.derivatives import point_of, results


def test_a_government_without_favourites_wants_real_income(small_world):
    """With all political weights one, what a tariff game maximises is real income, export taxes and all."""
    scenario = Scenario(
        instruments=(Tariff(importers=("A",), rate=0.3), ExportTax(exporters=("B",), rate=0.2)), elasticities="world"
    )
    found = solve(scenario, small_world, tolerance=1e-12)
    assert float(found.data["export_tax_revenue"].sel(country="B")) > 0
    point, offsets = point_of(found)
    both = [results(point.z, offsets, point, found.closure, True, of) for of in ("objective", "real_income")]
    np.testing.assert_allclose(*both, atol=1e-10)
