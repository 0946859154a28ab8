"""A world of one's own: two countries, two industries, and a tariff that helps its maker and hurts the other.

python examples/python/small_world.py
"""

import numpy as np

from multialign import Scenario, Tariff, World, solve

COUNTRIES, INDUSTRIES = ["North", "South"], ["food", "machines"]

# [importer, exporter, industry], million USD: each mostly supplies itself, North sells machines, South sells food.
TRADE = np.array([[[60.0, 90.0], [30.0, 5.0]], [[5.0, 30.0], [80.0, 45.0]]])
# [country, input, using industry]: a fifth of each industry's sales goes into food, a tenth into machines.
SALES = TRADE.sum(axis=0)
INPUTS = np.stack([0.2 * SALES, 0.1 * SALES], axis=1)


def main() -> None:
    world = World.from_arrays(COUNTRIES, INDUSTRIES, trade=TRADE, input_use=INPUTS, elasticity=4.0)
    for rate in (0.0, 0.1, 0.2, 0.4):
        tariff = Tariff(importers=["North"], exporters=["South"], rate=rate)
        result = solve(Scenario(instruments=[tariff], elasticities="world"), world)
        gains = ", ".join(f"{c} {result.welfare_pct[c]:+.2f} %" for c in COUNTRIES)
        print(f"tariff {rate:4.0%}: {gains}")


if __name__ == "__main__":
    main()
