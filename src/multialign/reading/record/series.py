"""Series of the record: cooperation and conflict between two states by month, counted and smoothed.

Counted are statements of either state towards the other, by the sign of their valence, in the oldest print of each
story; views of analysts and what is told of ten years ago are left out. One wording that says the same of both ('the
two sign') is two statements, one each way, and counts once.

The number of documents differs from month to month, so counts are set against it. With c_m statements and n_m documents
in month m, the smoothed rate per 1,000 documents at month t is the ratio of two kernel sums,

    r_t = 1000 * sum_m K((m - t) / h) c_m / sum_m K((m - t) / h) n_m,    K(x) = exp(-x^2 / 2), |x| <= 4,

so that a month counts by what it holds, and months without documents count nothing (a Nadaraya-Watson estimate with
weights n_m; Wand and Jones 1995, ch. 5). h is the bandwidth in months. The kernel looks both ways: a turn shows up to
2h before it happens.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import date as Date
from typing import Any

import numpy as np

from multialign.errors import InputError

BANDWIDTH = 2.0
"""Bandwidth of the kernel, in months."""

PER = 1_000
"""Rates are per this many documents."""

COUNTED = "NOT is_view AND mode <> 'historical'"

_SAID = f"""
SELECT sha256, date, least(source, target) AS one, greatest(source, target) AS two, coalesce(event, relation) AS what,
       min(id) AS id, avg(valence) AS valence, bool_or(source < target) AS forth, bool_or(source > target) AS back
FROM statements SEMI JOIN firsts USING (sha256)
WHERE source IS NOT NULL AND target IS NOT NULL AND {COUNTED}
GROUP BY sha256, date, one, two, what, body->'$.start', body->'$.end'
"""  # noqa: S608
"""What is counted: a row for each wording about two states. `forth`: the first by code acts, `back`: the other."""


@dataclass(frozen=True)
class Month:
    """One month of a dyad.

    `documents` of the whole record; `cooperation`, `conflict`: statements above and below zero; `valence`: their sum.
    `..._rate` per 1,000 documents, smoothed; None where no document lies within four bandwidths.
    """

    month: str
    documents: int
    cooperation: int
    conflict: int
    valence: float
    cooperation_rate: float | None
    conflict_rate: float | None


@dataclass(frozen=True)
class Dyad:
    """Two states over time, month after month without gaps. `one_to_two`, `two_to_one`: statements each way."""

    one: str
    two: str
    since: str | None
    until: str | None
    bandwidth: float
    one_to_two: int
    two_to_one: int
    undated: int
    months: tuple[Month, ...]

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready dict."""
        body = asdict(self) | {"months": [asdict(m) for m in self.months]}
        kernel = {"name": "gaussian", "bandwidth_months": body.pop("bandwidth"), "per_documents": PER}
        return {"version": 1, "kind": "dyad", **body, "kernel": kernel}


def smooth(counts: Any, documents: Any, bandwidth: float) -> Any:
    """Smoothed rates per 1,000 documents, of shape (months,); NaN where no document is near.

    Parameters
    ----------
    counts, documents: of shape (months,), consecutive months. bandwidth: in months, > 0.
    """
    counts, documents = np.asarray(counts, float), np.asarray(documents, float)
    if not len(counts):
        return counts
    reach = min(int(np.ceil(4 * bandwidth)), max(len(counts) - 1, 0))
    away = np.arange(-reach, reach + 1)
    kernel = np.where(np.abs(away) <= 4 * bandwidth, np.exp(-((away / bandwidth) ** 2) / 2), 0.0)
    above = np.convolve(counts, kernel)[reach : reach + len(counts)]
    below = np.convolve(documents, kernel)[reach : reach + len(counts)]
    return PER * np.divide(above, below, out=np.full(len(counts), np.nan), where=below > 0)


def dyad(db: Any, one: str, two: str, since: Date | None, until: Date | None, bandwidth: float) -> Dyad:
    """The monthly series of two states between two days, both included.

    Months run from the first to the last document of the record, or as `since` and `until` say; smoothing sees the
    months outside too. Raises InputError for equal states, an end before the beginning, a bandwidth not above zero, and
    a record without dates.
    """
    if one == two:
        raise InputError(f"'{one}' twice", hint="a dyad is two states")
    if since and until and since > until:
        raise InputError(f"from {since} until {until}", hint="give an end that is no earlier", field="until")
    if not 0 < bandwidth <= 120:
        raise InputError(f"{bandwidth:g} months", hint="give a bandwidth above 0, up to 120", field="bandwidth")
    documents = {
        (d.year, d.month): int(n)
        for d, n in db.execute(
            "SELECT date_trunc('month', date), count(*) FROM firsts WHERE date IS NOT NULL GROUP BY 1"
        ).fetchall()
    }
    if not documents:
        raise InputError("no dated document in the record", hint="add documents with their dates")
    found = db.execute(
        "SELECT date_trunc('month', date), sum((valence > 0)::INT), sum((valence < 0)::INT), sum(valence), "  # noqa: S608
        f"sum(forth::INT), sum(back::INT) FROM ({_SAID}) WHERE one = least(?, ?) AND two = greatest(?, ?) GROUP BY 1",
        [one, two, one, two],
    ).fetchall()
    first, last = _number(*min(documents)), _number(*max(documents))
    warm, cold, sums = (np.zeros(last - first + 1) for _ in range(3))
    ways, undated = [0, 0], 0
    low = max(first, _number(since.year, since.month)) if since else first
    high = min(last, _number(until.year, until.month)) if until else last
    for stamp, good, bad, total, forth, back in found:
        if stamp is None:
            undated += int(good + bad)
            continue
        k = _number(stamp.year, stamp.month)
        warm[k - first] += good
        cold[k - first] += bad
        sums[k - first] += total
        if low <= k <= high:
            ways[0] += int(forth)
            ways[1] += int(back)
    if one > two:
        ways.reverse()
    n = np.array([documents.get(_parts(k), 0) for k in range(first, last + 1)])
    rates = smooth(warm, n, bandwidth), smooth(cold, n, bandwidth)
    months = tuple(
        Month(
            "{:04d}-{:02d}".format(*_parts(k)), int(n[i]), int(warm[i]), int(cold[i]), round(float(sums[i]), 2),
            *(None if np.isnan(r[i]) else round(float(r[i]), 4) for r in rates),
        )
        for k in range(low, high + 1)
        for i in [k - first]
    )  # fmt: skip
    span = since.isoformat() if since else None, until.isoformat() if until else None
    return Dyad(one, two, *span, bandwidth, ways[0], ways[1], undated, months)


def _number(year: int, month: int) -> int:
    return 12 * year + month - 1


def _parts(number: int) -> tuple[int, int]:
    return number // 12, number % 12 + 1


def peaks(db: Any, one: str | None, two: str | None, most: int) -> list[dict[str, Any]]:
    """Months of a dyad (of every dyad where none is named), those with the largest sum of |valence| first.

    Each with its counts, how often each root or relation was coded, and the five strongest statements' places.
    """
    pair = "" if one is None else "AND one = least(?, ?) AND two = greatest(?, ?)"
    strong = "ORDER BY abs(valence) DESC, sha256, id"
    found = db.execute(
        "SELECT one, two, strftime(date, '%Y-%m'), sum((valence > 0)::INT), sum((valence < 0)::INT), sum(valence), "  # noqa: S608
        f"sum(abs(valence)) AS weight, list(what {strong}), list(sha256 {strong})[:5], list(id {strong})[:5] "
        f"FROM ({_SAID}) WHERE date IS NOT NULL {pair} GROUP BY 1, 2, 3 ORDER BY weight DESC, 1, 2, 3 LIMIT ?",
        [*([one, two, one, two] if one is not None else []), most],
    ).fetchall()
    return [
        {
            "one": a, "two": b, "month": month, "cooperation": int(good), "conflict": int(bad),
            "valence": round(float(total), 2), "weight": round(float(weight), 2),
            "roots": {r: roots.count(r) for r in sorted(set(roots), key=lambda r: (-roots.count(r), r))},
            "strongest": [{"sha256": s, "id": i} for s, i in zip(hashes, ids, strict=True)],
        }
        for a, b, month, good, bad, total, weight, roots, hashes, ids in found
    ]  # fmt: skip


def strongest(db: Any, one: str, two: str, since: Date | None, until: Date | None, most: int) -> list[dict[str, Any]]:
    """The statements of a dyad with the largest |valence|, latest first among equals, each with its place.

    One wording about both is listed once, as `mutual`. Of statements in the same words the latest stands for all.
    """
    found = db.execute(
        "SELECT s.sha256, s.id, d.name, strftime(s.date, '%Y-%m-%d'), source, target, "  # noqa: S608
        "coalesce(event, relation) AS what, mode, valence, "
        "min(source) OVER wording <> max(source) OVER wording, s.body "
        "FROM statements s SEMI JOIN firsts USING (sha256) JOIN documents d USING (sha256) "
        f"WHERE list_sort([source, target]) = list_sort([?, ?]) AND {COUNTED} "
        "AND (?::DATE IS NULL OR s.date >= ?) AND (?::DATE IS NULL OR s.date <= ?) "
        "WINDOW wording AS (PARTITION BY s.sha256, what, s.body->'$.start', s.body->'$.end') "
        "QUALIFY row_number() OVER (PARTITION BY what, lower(json_extract_string(s.body, '$.text')) "
        "ORDER BY s.date DESC NULLS LAST, s.sha256, length(s.id), s.id) = 1 "
        "ORDER BY abs(valence) DESC, s.date DESC NULLS LAST, s.sha256, length(s.id), s.id LIMIT ?",
        [one, two, since, since, until, until, most],
    ).fetchall()
    keys = ("sha256", "id", "document", "date", "source", "target", "what", "mode", "valence", "mutual")
    out = []
    for *values, body in found:
        said = json.loads(body)
        out.append(dict(zip(keys, values, strict=True)) | {k: said[k] for k in ("start", "end", "text")})
    return out


def info(db: Any) -> dict[str, Any]:
    """Counts of what the record holds, its first and last date, and the twenty dyads most spoken of."""
    one = db.execute(
        "SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM firsts), (SELECT count(*) FROM statements), "
        "(SELECT count(*) FROM offers WHERE kind = 'offer'), "
        "(SELECT min(date) FROM documents), (SELECT max(date) FROM documents), "
        "(SELECT count(*) FROM documents WHERE date IS NULL), (SELECT count(DISTINCT sha256) FROM statements)"
    ).fetchone()
    dyads = db.execute(
        "SELECT least(source, target), greatest(source, target), count(*) AS n, avg(valence) "  # noqa: S608
        "FROM statements SEMI JOIN firsts USING (sha256) "
        f"WHERE source IS NOT NULL AND target IS NOT NULL AND {COUNTED} "
        "GROUP BY 1, 2 ORDER BY n DESC, 1, 2 LIMIT 20"
    ).fetchall()
    keys = ("documents", "stories", "statements", "offers", "first", "last", "undated", "documents_with_statements")
    out = dict(zip(keys, one, strict=True))
    out |= {k: out[k].isoformat() if out[k] else None for k in ("first", "last")}
    out["dyads"] = [{"one": a, "two": b, "statements": int(n), "valence": round(float(v), 3)} for a, b, n, v in dyads]
    return out
