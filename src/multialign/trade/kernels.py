"""The arrays on which the equations work: those of a base year, made once, and what a scenario makes of them."""

from __future__ import annotations

from typing import NamedTuple

import jax
import numpy as np

from multialign.trade.economy import Economy
from multialign.trade.equations import Array, Coefficients, Kernels, Patch
from multialign.trade.shock import Shock
from multialign.trade.solver import base_state


class Prepared(NamedTuple):
    """An Economy made ready for the solver. coefficients and kernels: of the base year, on the device; unit: million
    USD in one unit of the solver; uses: 2, or 1 where both uses have the same trade shares; trade: (N, N, S) of the
    base year [importer, exporter, s], million USD at producer prices; start: where a solve starts, the base year."""

    coefficients: Coefficients
    kernels: Kernels
    unit: float
    uses: int
    trade: np.ndarray
    start: Array


_KEPT: list[tuple[Economy, Prepared]] = []
_MOST = 6


def prepare(eco: Economy) -> Prepared:
    """The Economy ready for the solver. The last few are kept, so that scenarios on one base year share the work."""
    for known, ready in _KEPT:
        if known is eco or all(a is b for a, b in zip(known, eco, strict=True)):
            return ready
    ready = _prepare(eco)
    _KEPT.insert(0, (eco, ready))
    del _KEPT[_MOST:]
    return ready


def _prepare(eco: Economy) -> Prepared:
    unit = float(np.sum(eco.wL))
    same = bool(np.array_equal(eco.pi_m, eco.pi_f))
    own = np.einsum("nns->ns", eco.pi_m)
    eye = np.eye(eco.v.shape[1])
    inside_P = np.linalg.inv(eye - own[:, :, None] * eco.gamma.transpose(0, 2, 1))
    inside_Y = np.linalg.inv(eye - own[:, :, None] * eco.gamma)
    coefficients = Coefficients(
        v=eco.v.T,
        alpha=eco.alpha.T,
        gamma=eco.gamma,
        theta=eco.theta,
        wL=eco.wL / unit,
        D=eco.D / unit,
        Y=eco.Y.T / unit,
        X=eco.I / unit,
        inside_P=inside_P,
        inside_Y=inside_Y,
    )
    on_device = jax.device_put(Coefficients(*(np.ascontiguousarray(a) for a in coefficients)))
    trade = (eco.pi_m * eco.E_m[:, None] + eco.pi_f * eco.E_f[:, None]) / ((1.0 + eco.t) * (1.0 + eco.e))
    return Prepared(on_device, _on_device(base_kernels(eco)), unit, 1 if same else 2, trade, base_state(on_device))


def base_kernels(eco: Economy) -> Kernels:
    """The kernels of the base year, as NumPy arrays."""
    to_seller = 1.0 / ((1.0 + eco.e) * (1.0 + eco.t))
    shares = (eco.pi_m,) if np.array_equal(eco.pi_m, eco.pi_f) else (eco.pi_m, eco.pi_f)
    return Kernels(
        _rows(shares),
        _rows([pi * to_seller for pi in shares]),
        _rows([pi * to_seller * eco.e for pi in shares]) if eco.e.any() else None,
    )


def _rows(by_use: tuple[np.ndarray, ...] | list[np.ndarray]) -> np.ndarray:
    """(N, N, S) [n, i, s] for each use -> (S, U N, N) [s, (u, n), i]"""
    N, _, S = by_use[0].shape
    out = np.empty((S, len(by_use) * N, N))
    for u, a in enumerate(by_use):
        out[:, u * N : (u + 1) * N] = a.transpose(2, 0, 1)
    return out


def _on_device(k: Kernels) -> Kernels:
    return jax.device_put(k)


class Cells(NamedTuple):
    """Kernels on the pairs that a scenario touches, new and base. (U, P, S) each."""

    K: np.ndarray
    Q: np.ndarray
    V: np.ndarray
    K0: np.ndarray
    Q0: np.ndarray
    V0: np.ndarray


def cells(shock: Shock, eco: Economy, uses: int) -> Cells:
    """(8) K = pi [d (1 + e')/(1 + e) (1 + t')/(1 + t)]^-theta, and what of it reaches seller and treasury, cell by
    cell."""
    n, i = shock.n, shock.i
    pi = np.stack([eco.pi_m[n, i], eco.pi_f[n, i]][:uses]) if n.size else np.zeros((uses, 0, eco.theta.size))
    t0, e0 = eco.t[n, i], eco.e[n, i]
    log_change = np.log(shock.d) + np.log1p(shock.e) - np.log1p(e0) + np.log1p(shock.t) - np.log1p(t0)
    K = pi * np.where(shock.open, np.exp(-eco.theta * log_change), 0.0)
    seller, seller0 = 1.0 / ((1.0 + shock.e) * (1.0 + shock.t)), 1.0 / ((1.0 + e0) * (1.0 + t0))
    return Cells(K, K * seller, K * (seller * shock.e), pi, pi * seller0, pi * (seller0 * e0))


def kernels(shock: Shock, eco: Economy) -> Kernels:
    """The kernels under a shock, on the device."""
    ready = prepare(eco)
    if shock.n.size == 0:
        return ready.kernels
    new = cells(shock, eco, ready.uses)
    N = eco.v.shape[0]
    base = ready.kernels
    taxed = base.V is not None or bool(shock.e.any())
    K, Q = np.array(base.K), np.array(base.Q)
    V = (np.zeros_like(K) if base.V is None else np.array(base.V)) if taxed else None
    for u in range(ready.uses):
        for kernel, cell in ((K, new.K), (Q, new.Q), (V, new.V)):
            if kernel is not None:
                kernel[:, u * N + shock.n, shock.i] = cell[u].T
    return _on_device(Kernels(K, Q, V))


MOST_PAIRS = 256
"""Scenarios that touch more pairs than this get kernels of their own."""


def patch(shock: Shock, eco: Economy, pairs: int, taxed: bool) -> Patch | None:
    """What a shock adds to the base year's kernels, in a Patch for `pairs` pairs, (S, U pairs) cells; None where it
    touches more, or takes away nearly all that some buyer buys: the difference of two sums would then lose digits."""
    ready = prepare(eco)
    P = shock.n.size
    if pairs < P:
        return None
    c = cells(shock, eco, ready.uses)
    N, S = eco.v.shape
    lost = np.zeros((ready.uses, N, S))
    for u in range(ready.uses):
        np.add.at(lost[u], shock.n, c.K0[u] - np.minimum(c.K[u], c.K0[u]))
    if lost.max(initial=0.0) > 0.999:
        return None
    row, col = np.zeros((ready.uses, pairs), dtype=np.int32), np.zeros((ready.uses, pairs), dtype=np.int32)
    row[:, :P] = shock.n + N * np.arange(ready.uses)[:, None]
    col[:, :P] = shock.i

    def laid_out(change: np.ndarray) -> np.ndarray:
        out = np.zeros((S, ready.uses, pairs))
        out[:, :, :P] = change.transpose(2, 0, 1)
        return out.reshape(S, -1)

    return Patch(
        row.ravel(),
        col.ravel(),
        laid_out(c.K - c.K0),
        laid_out(c.Q - c.Q0),
        laid_out(c.V - c.V0) if taxed else None,
    )
