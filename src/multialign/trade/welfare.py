"""Who gains: the exact change of real income, and the first-order split that the published tables use."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class Welfare(NamedTuple):
    """All (N,), per country.

    real_income: I^/P^, ratio of real income to the base year's (exact).
    equivalent_variation: million USD at base prices: what would have made the country as well off in the base year.
    terms_of_trade, volume_of_trade: the first-order split, as fractions of base income.
    """

    real_income: np.ndarray
    equivalent_variation: np.ndarray
    terms_of_trade: np.ndarray
    volume_of_trade: np.ndarray


def exact(
    income_hat: np.ndarray, log_P_f: np.ndarray, alpha: np.ndarray, income: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Real income (ratio) and equivalent variation (million USD), each (N,).

    With Cobb-Douglas final demand, W^_n = I^_n / prod_s (P^f_ns)^alpha_ns, and EV_n = I_n (W^_n - 1).
    Source: Caliendo & Parro (2015), eq. (14) in its exact form.
    """
    real = income_hat / np.exp((alpha * log_P_f).sum(axis=1))
    return real, income * (real - 1.0)


def first_order(
    trade: np.ndarray, trade_new: np.ndarray, c_hat: np.ndarray, tariff: np.ndarray, income: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Terms of trade and volume of trade (N,), as fractions of base income.

    trade, trade_new: (N, N, S) [importer n, exporter i, s] at producer prices before and after, million USD in one
    numeraire; c_hat: (N, S) change of unit costs; tariff: (N, N, S) base rates.

    tot_n = (1/I_n) sum_is [X_nis (c^_ns - 1) - M_nis (c^_is - 1)], vot_n = (1/I_n) sum_is t_nis M_nis (M^_nis - c^_is).
    Source: Caliendo & Parro (2015), eq. (15).
    """
    dc = c_hat - 1.0
    exports = (trade.sum(axis=0) * dc).sum(axis=1)
    imports = np.einsum("nis,is->n", trade, dc)
    volume = (tariff * (trade_new - trade * c_hat[None, :, :])).sum(axis=(1, 2))
    return (exports - imports) / income, volume / income
