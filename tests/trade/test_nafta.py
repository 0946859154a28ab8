"""The engine against the published effects of NAFTA (Caliendo & Parro 2015, Table 2, and the original programs)."""

from __future__ import annotations

import numpy as np
import pytest

from multialign import Scenario, World
from multialign.trade import base_economy, solve
from multialign.trade.shock import shock_of_arrays

# terms + volume, terms of trade, volume of trade, real wage; % (trade balanced first)
BALANCED = {
    "Mexico": (1.3121, -0.4118, 1.7239, 1.7153),
    "Canada": (-0.0638, -0.1081, 0.0443, 0.3228),
    "USA": (0.0848, 0.0435, 0.0412, 0.1124),
}
# with the observed deficits kept, to the digits published
KEPT = {"Mexico": 1.17, "Canada": -0.04, "USA": 0.08}


@pytest.fixture(scope="module")
def nafta(shared):
    z = np.load(shared / "validation" / "cp2015" / "cp2015_nafta.npz")
    world = World.from_arrays(
        [str(r) for r in z["regions"]],
        [str(s) for s in z["sectors"]],
        trade=z["trade"] / 1e6,
        input_use=z["intermediate"] / 1e6,
        final_use=z["final"] / 1e6,
        value_added=z["value_added"] / 1e6,
        tariff=z["tariff_baseline"],
        elasticity=z["theta"],
        accounts="coefficients",
    )
    return world, z["tariff_nafta"]


def effects(nafta, deficits):
    world, tariff = nafta
    scenario = Scenario(name="NAFTA", deficits=deficits, elasticities="world")
    eco = base_economy(world, scenario)
    return solve(scenario, world, base=eco, shock=shock_of_arrays(eco, t=tariff))


def test_published_table_with_trade_balanced(nafta):
    result = effects(nafta, "removed")
    for country, (welfare, terms, volume, real_wage) in BALANCED.items():
        row = result.data.sel(country=country)
        assert float(row.terms_of_trade) == pytest.approx(terms, abs=5e-5)
        assert float(row.volume_of_trade) == pytest.approx(volume, abs=5e-5)
        assert float(row.terms_of_trade + row.volume_of_trade) == pytest.approx(welfare, abs=5e-5)
        assert float(row.wage / row.price_index) * 100 - 100 == pytest.approx(real_wage, abs=5e-5)


def test_published_welfare_with_deficits_kept(nafta):
    result = effects(nafta, "kept")
    for country, welfare in KEPT.items():
        row = result.data.sel(country=country)
        assert round(float(row.terms_of_trade + row.volume_of_trade), 2) == welfare
