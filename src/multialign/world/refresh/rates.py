"""The user's own tariffs laid over the World's."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from multialign.world import panels


def own_rates(
    base: np.ndarray, countries: Sequence[str], sectors: Sequence[str], year: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rates (fractions) with the user's own in place of `base` where there are any, their years, and which they are.

    base: (N, N, S) [importer, exporter, industry]; year: its year. Of a pair and industry the user's latest year
    counts; rates for one industry go over those for all goods. All results (N, N, S).
    """
    from multialign.world import codes

    rates, years, own = base.copy(), np.full(base.shape, year), np.zeros(base.shape, dtype=bool)
    table = panels.tariffs()
    if table.empty:
        return rates, years, own
    c, s = ({name: k for k, name in enumerate(labels)} for labels in (countries, sectors))
    goods = np.array([s[x] for x in codes.industry_group("goods") if x in s], dtype=int)
    known = table[table["importer"].isin(c) & table["exporter"].isin(c)].sort_values("year")
    for whole in (True, False):
        rows = known[(known["sector"] == "goods") == whole]
        for row in rows.itertuples():
            k = goods if whole else ([s[str(row.sector)]] if row.sector in s else [])
            n, i = c[str(row.importer)], c[str(row.exporter)]
            if n != i:
                rates[n, i, k], years[n, i, k], own[n, i, k] = float(row.rate_pct) / 100.0, int(row.year), True
    return rates, years, own
