"""Who gains: the exact change of real income, and the first-order split that the published tables use."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from multialign.trade.economy import Economy


class Parts(NamedTuple):
    """Exact parts of the log change of real income; each (N,), adding up to it."""

    final: np.ndarray
    inputs: np.ndarray
    revenue: np.ndarray
    transfers: np.ndarray


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


def decompose(eco: Economy, levels: dict[str, np.ndarray]) -> Parts:
    """The exact decomposition of log real income, (N,) each, no term left over:

    log W^_n = sum_s alpha_ns (log c_ns - log P^f_ns)        final: goods cheaper than one's own
             + sum_s alpha_ns [(I - G_n)^-1 G_n (log c_n - log P^m_n)]_s        inputs: the same, through all rounds
             + log(I^_n / w^_n)        revenue, and transfers

    with G_n [s, k] = gamma_nks. Where a country makes a good itself, log c - log P is -(1/theta) times the log change
    of its own share in what it buys: the gains from trade of Arkolakis, Costinot & Rodriguez-Clare (2012), with
    input-output links as in Caliendo & Parro (2015), eq. (16). The last term is divided between revenue and transfers
    in proportion to their changes in units of the own wage (logarithmic mean weights).
    """
    log_c = levels["log_c"]
    final = (eco.alpha * (log_c - levels["log_P_f"])).sum(axis=1)
    Gamma = eco.gamma.transpose(0, 2, 1)
    rounds = np.linalg.solve(
        np.eye(log_c.shape[1]) - Gamma, np.einsum("nsk,nk->ns", Gamma, log_c - levels["log_P_m"])[:, :, None]
    )[:, :, 0]
    inputs = (eco.alpha * rounds).sum(axis=1)
    real, base = levels["I"] / levels["wage"], eco.I
    change = np.log(real / base)
    mean = np.where(np.abs(change) > 1e-12, (real - base) / np.where(change == 0, 1.0, change), base)
    transfers = (levels["transfer"] / levels["wage"] - eco.D) / mean
    return Parts(final, inputs, change - transfers, transfers)
