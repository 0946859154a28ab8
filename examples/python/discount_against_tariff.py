"""At which discount on Russian crude would India not mind an extra United States tariff? Solved exactly, by bisection.

python examples/python/discount_against_tariff.py
"""

from multialign import Discount, Scenario, Tariff, load_world, solve

WORLD = load_world()


def india(tariff: float, discount: float) -> float:
    """India's change of real income, %, under both."""
    instruments: list = [Tariff(importers=["USA"], exporters=["IND"], industries=["goods"], rate=tariff)]
    if discount > 0:
        instruments.append(Discount(importers=["IND"], exporters=["RUS"], industries=["B06"], rate=discount))
    return float(solve(Scenario(instruments=instruments), WORLD).welfare_pct["IND"])


def main() -> None:
    print("extra tariff   discount that pays for it (2022's trade)")
    for tariff in (0.01, 0.025, 0.05):
        low, high = 0.0, 0.6
        while high - low > 0.001:
            middle = (low + high) / 2
            low, high = (middle, high) if india(tariff, middle) < 0 else (low, middle)
        print(f"{tariff:12.1%}   {high:.1%} of the price")


if __name__ == "__main__":
    main()
