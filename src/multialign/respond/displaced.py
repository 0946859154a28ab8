"""Where a good goes that some buyers refuse: a mark-down finds others, each as far as it minds leaning on one seller.

A demand system of constant elasticity multiplies shares, so that a tie next to nothing stays next to nothing at any
price that is seen. Here crude is one good, wherever it is from, and what keeps a buyer from taking all of it from the
cheapest seller is what the answer's own payoff has: concentration. Then a mark-down adds to shares.
"""

from __future__ import annotations

import numpy as np

from multialign.ties.flows import DOMAINS

MOST = 1e3
"""Largest mark-down, or mark-up, that is tried, as a part of the price: beyond any in which a buyer is still moved."""


def wanted(
    share: np.ndarray,
    others: np.ndarray,
    bill: np.ndarray,
    autonomy: np.ndarray,
    markdown: float,
    most: np.ndarray | None = None,
) -> np.ndarray:
    """(A13) The seller's share in each buyer's imports of the good that is best for the buyer at a mark-down. (N,)

    share: before it. others: Herfindahl index of the buyer's other sellers among themselves. bill: what the buyer
    spends on the good abroad, % of its income. autonomy: kappa, % of real income. markdown: of the seller's price
    against the others', a part of it. most: the largest share that each buyer lets one seller have, where there is such
    a ceiling; nobody is held below its share before.

    A buyer gains markdown x bill x share and loses kappa / D times concentration (A4). Whatever made the share before
    the best one (freight, grades, contracts) goes on counting, so both are taken against it.
    """
    slope = len(DOMAINS) * bill / (2.0 * autonomy * (1.0 + others))
    ceiling = 1.0 if most is None else np.maximum(most, share)
    return np.asarray(np.clip(share + markdown * slope, 0.0, ceiling))


def cleared(
    share: np.ndarray,
    others: np.ndarray,
    bill: np.ndarray,
    autonomy: np.ndarray,
    demand: np.ndarray,
    kept: np.ndarray,
    free: np.ndarray,
    sold: float,
    most: np.ndarray | None = None,
) -> tuple[np.ndarray, float]:
    """Tonnes by buyer once the mark-down has found a taker for all that is sold, and that mark-down. (N,), a number.

    share, others, bill, autonomy, most: as in `wanted`. demand: each buyer's imports of the good; kept: the part of
    the year in which the law lets it buy; free: (N,) bool, who follows the price; the others keep their share. sold:
    tonnes. Where all that the free would take is less than `sold`, all of that is bought.
    """

    def bought(markdown: float) -> np.ndarray:
        taken = np.where(free, wanted(share, others, bill, autonomy, markdown, most), share)
        return np.asarray(demand * kept * taken)

    low, high = -MOST, MOST
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if bought(middle).sum() < sold else (low, middle)
    return bought(high), high
