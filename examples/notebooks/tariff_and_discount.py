"""A tariff on India, a discount from Russia: which discount pays for which tariff? `marimo edit` opens it."""

import marimo

app = marimo.App()


@app.cell
def _():
    import marimo as mo

    mo.md(
        """
        # A US tariff on India against a Russian discount

        The United States puts a tariff on Indian goods; Russia sells crude below its price. What does each do to
        India's real income, and where do they cancel?
        """
    )
    return (mo,)


@app.cell
def _():
    from multialign import Discount, Scenario, Tariff, solve_many

    tariffs, discounts = (0.0, 0.1, 0.25, 0.5), (0.05, 0.1, 0.2)
    scenarios = [
        Scenario(
            name=f"{tariff} {discount}",
            instruments=(
                Tariff(importers=("USA",), exporters=("IND",), industries=("goods",), rate=tariff),
                Discount(importers=("IND",), exporters=("RUS",), industries=("B06",), rate=discount),
            ),
        )
        for tariff in tariffs
        for discount in discounts
    ]
    found = solve_many(scenarios)
    return discounts, found, tariffs


@app.cell
def _(discounts, found, tariffs):
    import pandas as pd

    india = 100 * (found["real_income"].sel(country="IND").values.reshape(len(tariffs), len(discounts)) - 1)
    table = pd.DataFrame(india, index=pd.Index(tariffs, name="tariff"), columns=pd.Index(discounts, name="discount"))
    table.round(3)
    return (table,)


@app.cell
def _(mo, table):
    enough = [f"{rate:.0%}" for rate in table.index if table.loc[rate].iloc[-1] > 0]
    mo.md(f"A discount of 20 % pays for these tariffs: {', '.join(enough) or 'none'}. Numbers are % of real income.")
    return


if __name__ == "__main__":
    app.run()
