"""From flows at basic prices to arrays whose accounts hold: signs, tariffs, costs above sales."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from multialign.errors import ConvergenceError, InputError
from multialign.world.ras import ras
from multialign.world.readers.table import Finding

LEAST_VALUE_ADDED = 0.01
"""Part of its sales that an industry keeps as value added when its inputs would cost more than it sells."""


def without_negatives(
    final: np.ndarray, countries: Sequence[str], sectors: Sequence[str]
) -> tuple[np.ndarray, list[Finding]]:
    """Final flows, (N, N, S), with those below zero set to zero.

    All final uses of a flow count together, so that stocks drawn down first meet consumption and investment; only where
    they exceed these is the sum negative. What is set to zero counts as sold all the same, out of this year's value
    added instead of last year's stocks.
    """
    negative = final < 0
    if not negative.any():
        return final, []
    n, i, s = (int(x) for x in np.unravel_index(int(np.argmin(final)), final.shape))
    moved = float(-final[negative].sum())
    kept = np.where(negative, 0.0, final)
    where = f"{sectors[s]} from {countries[i]} to {countries[n]}: {final[n, i, s]:.4g}"
    text = "final use below zero (stocks drawn down by more than is consumed and invested) set to zero"
    whole = float(kept.sum())
    share = moved / whole if whole else 0.0
    return kept, [Finding("negative_final_use", text, int(negative.sum()), moved, share, "final use", where)]


def with_tariffs(
    inputs: np.ndarray, intermediate: np.ndarray, tariff: np.ndarray | None
) -> tuple[np.ndarray, list[Finding]]:
    """Inputs at purchaser prices, (N, S, S): each good's raised by the average tariff that the country pays on it.

    Every industry of a country buys a good from the same mix of origins, as in the model, so it pays the same tariff.
    inputs: (N, S, S) at basic prices. intermediate, tariff: (N, N, S) [importer, exporter, industry].
    """
    bought = inputs.sum(axis=2)
    paid = (intermediate * (1.0 if tariff is None else 1.0 + tariff)).sum(axis=1)
    ratio = np.divide(paid, bought, out=np.ones_like(paid), where=bought > 0)
    if tariff is None:
        return inputs * ratio[:, :, None], []  # takes away what rounding has left between the two sums
    duty = float((intermediate * tariff).sum())
    text = "tariffs on inputs, taken out of value added"
    share = duty / float(bought.sum()) if bought.any() else 0.0
    return inputs * ratio[:, :, None], [Finding("tariffs_on_inputs", text, 1, duty, share, "input use")]


def with_value_added(
    inputs: np.ndarray, sales: np.ndarray, countries: Sequence[str], sectors: Sequence[str]
) -> tuple[np.ndarray, list[Finding]]:
    """Inputs, (N, S, S), under which no industry's inputs cost more than its sales, (N, S).

    An industry without value added gets `LEAST_VALUE_ADDED` of its sales; its excess inputs move to the country's other
    industries in proportion to what their value added allows. The country's purchases of each good stay (RAS on rows
    and columns). Raises InputError where a country's inputs together cost about as much as all that it sells.
    """
    made = sales - inputs.sum(axis=1)
    if (made >= 0).all():
        return inputs, []
    out, moved, worst = inputs.copy(), 0.0, (0.0, "")
    for n in map(int, np.flatnonzero((made < 0).any(axis=1))):
        target = made[n].copy()
        short = made[n] < 0
        target[short] = LEAST_VALUE_ADDED * sales[n, short]
        excess = float((target - made[n])[short].sum())
        room = np.where(short, 0.0, np.maximum(made[n] - LEAST_VALUE_ADDED * sales[n], 0.0))
        if room.sum() <= excess:
            raise InputError(
                f"inputs of {countries[n]} cost {float(inputs[n].sum()):,.0f} of "
                f"{float(sales[n].sum()):,.0f} million USD of sales",
                field="value added",
                hint="nothing is left to earn; mend the table, or merge the country with another",
            )
        target -= excess * room / room.sum()
        try:
            out[n] = ras(inputs[n].T, sales[n] - target, inputs[n].sum(axis=1), tolerance=1e-12).T
        except ConvergenceError as cause:
            raise InputError(
                f"inputs of {countries[n]} cannot be moved so that every industry has value added",
                field="value added",
                hint="mend the table, or merge industries",
            ) from cause
        moved += excess
        k = int(np.argmin(made[n]))
        worst = min(worst, (float(made[n, k]), f"{countries[n]}, {sectors[k]}: {made[n, k]:.4g}"))
    text = "inputs above sales, moved to the country's other industries"
    count, share = int((made < 0).sum()), moved / float(inputs.sum())
    return out, [Finding("negative_value_added", text, count, moved, share, "input use", worst[1])]
