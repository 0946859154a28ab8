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
    trade: np.ndarray,
    trade_new: np.ndarray,
    c_hat: np.ndarray,
    tariff: np.ndarray,
    income: np.ndarray,
    export_tax: np.ndarray,
    export_tax_new: np.ndarray,
    friction: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Terms of trade and volume of trade (N,), as fractions of base income.

    trade, trade_new: (N, N, S) [importer n, exporter i, s] at producer prices before and after, million USD in one
    numeraire; c_hat: (N, S) change of unit costs; tariff: (N, N, S) base rates; export_tax, export_tax_new: (N, N, S)
    rates before and after; friction: (N, N, S) iceberg cost, ratio to the base year.

    With q_nis = c^_is (1+e'_nis) / (1+e_nis), the change of the price at the exporter's border, and B = X (1+e),
    B' = X' (1+e') the flows at that price:

    tot_n = (1/I_n) [sum over n's exports of B (q - 1) - sum over n's imports of B (q d - 1)],
    vot_n = (1/I_n) [sum over n's imports of t (B' - B q d) + sum over n's exports of e (X' - X c^)].

    The resources that a friction uses up are the importer's loss and stand in its terms of trade. With tariffs alone
    this is Caliendo & Parro (2015), eq. (15). An embargo is no small change: of what it costs, only the revenue
    on the flow that ends is counted.
    """
    c = c_hat[None, :, :]
    q = c * (1.0 + export_tax_new) / (1.0 + export_tax)
    border, border_new = trade * (1.0 + export_tax), trade_new * (1.0 + export_tax_new)
    arriving = border * q * friction
    terms = (border * (q - 1.0)).sum(axis=(0, 2)) - (arriving - border).sum(axis=(1, 2))
    volume = (tariff * (border_new - arriving)).sum(axis=(1, 2)) + (export_tax * (trade_new - trade * c)).sum(
        axis=(0, 2)
    )
    return terms / income, volume / income
