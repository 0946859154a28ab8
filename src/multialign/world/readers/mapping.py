"""Aggregation: countries and industries of a World summed by a mapping, with accounts that still hold exactly.

Trade, inputs and value added are sums. A tariff is the average weighted by the value that it falls on (with export
tax), an export tax that weighted by trade, an elasticity that weighted by trade between countries. What a use pays for
its purchases is a sum too; since one tariff then stands for both uses, trade at producer prices moves a little between
them. Trade between two countries that become one is trade at home, and keeps its tariff as one on that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from multialign.errors import InputError, nearest
from multialign.world import groups
from multialign.world.model import World
from multialign.world.readers.cells import require_file, small_table
from multialign.world.readers.table import Finding

KINDS = ("country", "industry")
REST = "*"
"""In a mapping: whatever is not named."""
MAX_BYTES = 8 << 20


def aggregate(
    world: World,
    *,
    countries: Mapping[str, str] | None = None,
    industries: Mapping[str, str] | None = None,
) -> World:
    """The World with its countries and industries summed as the mappings say (old name -> new name).

    A mapping names every country (industry) of the world, by its label, by a group of states of which it is a member
    (label before group), or by ``*`` for whatever is not named; without a mapping they stay as they are. Raises
    InputError for a name that the world does not have, with the nearest, and for a label that is mapped to nothing or,
    by two groups, to two things.
    """
    return aggregate_with_findings(world, countries=countries, industries=industries)[0]


def aggregate_with_findings(
    world: World, *, countries: Mapping[str, str] | None = None, industries: Mapping[str, str] | None = None
) -> tuple[World, tuple[Finding, ...]]:
    """As `aggregate`, with what moved on the way."""
    c_new, c_of = places(world.countries, countries, "country")
    s_new, s_of = places(world.sectors, industries, "industry")
    names = ("intermediate_trade", "final_trade", "input_use", "value_added", "tariff", "export_tax", "final_use")
    arrays = {name: world.array(name) for name in (*names, "elasticity")}
    summed, findings = sum_arrays(arrays, c_of, len(c_new), s_of, len(s_new))
    given = {k: v for k, v in world.data.attrs.items() if k not in ("name", "accounts")}
    numbers: dict[str, Any] = dict(summed)
    out = World.from_arrays(
        c_new,
        s_new,
        **numbers,
        accounts="check" if world.balanced else "coefficients",
        name=f"{world.name}, aggregated",
        attrs=given,
    )
    return out, findings


def sum_arrays(
    arrays: Mapping[str, np.ndarray], c_of: np.ndarray, N: int, s_of: np.ndarray, S: int
) -> tuple[dict[str, np.ndarray], tuple[Finding, ...]]:
    """The arrays of a World summed: old country n becomes `c_of`[n] of N, old industry s `s_of`[s] of S.

    `value_added` and `final_use` may be absent. See the module's head for what is summed and what is averaged.
    """

    def total(a: np.ndarray, *axes: str) -> np.ndarray:
        for axis, kind in enumerate(axes):
            of, size = (c_of, N) if kind == "c" else (s_of, S)
            shape = (*a.shape[:axis], size, *a.shape[axis + 1 :])
            out = np.zeros(shape)
            np.add.at(np.moveaxis(out, axis, 0), of, np.moveaxis(a, axis, 0))
            a = out
        return a

    flow = ("c", "c", "s")
    m, f, t, e = (arrays[k] for k in ("intermediate_trade", "final_trade", "tariff", "export_tax"))
    value = (m + f) * (1.0 + e)
    plain, trade, border = (total(x, *flow) for x in (np.ones_like(m), m + f, value))
    export_tax = np.divide(total((m + f) * e, *flow), trade, out=total(e, *flow) / plain, where=trade > 0)
    tariff = np.divide(total(value * t, *flow), border, out=total(t, *flow) / plain, where=border > 0)
    paid_m, paid_f = (total(x * (1.0 + e) * (1.0 + t), *flow) for x in (m, f))
    wedge = (1.0 + export_tax) * (1.0 + tariff)
    out = {
        "intermediate_trade": paid_m / wedge,
        "final_trade": paid_f / wedge,
        "input_use": total(arrays["input_use"], "c", "s", "s"),
        "tariff": tariff,
        "export_tax": export_tax,
        "elasticity": _elasticity(arrays["elasticity"], m + f, s_of, S),
    }
    out |= {k: total(arrays[k], "c", "s") for k in ("value_added", "final_use") if k in arrays}
    moved = float(np.abs(out["intermediate_trade"] - total(m, *flow)).sum())
    whole = float((m + f).sum())
    if moved <= 1e-12 * whole:
        return out, ()
    text = "trade at producer prices moved between uses, since one tariff stands for several"
    return out, (Finding("moved_between_uses", text, 1, moved, moved / whole, "trade"),)


def _elasticity(theta: np.ndarray, trade: np.ndarray, s_of: np.ndarray, S: int) -> np.ndarray:
    abroad = trade.sum(axis=(0, 1)) - np.einsum("nns->s", trade)
    out = np.zeros(S)
    for k in range(S):
        here = s_of == k
        # Industries that nobody trades are weighed by their sales, and those without sales alike.
        weights = (abroad[here], trade.sum(axis=(0, 1))[here], np.ones(int(here.sum())))
        out[k] = np.average(theta[here], weights=next(w for w in weights if w.sum() > 0))
    return out


def places(labels: Sequence[str], mapping: Mapping[str, str] | None, kind: str) -> tuple[list[str], np.ndarray]:
    """New labels in the order of the old ones, and the new position of each old label. Errors as in `aggregate`."""
    if mapping is None:
        return list(labels), np.arange(len(labels))
    to: dict[str, str] = {}
    by_group: dict[str, tuple[str, str]] = {}
    for name, new in mapping.items():
        if not new:
            raise InputError(f"{kind} '{name}' is mapped to nothing", field=kind, hint="give a name in 'to'")
        if name == REST:
            continue
        if name in labels:
            to[name] = new
        elif kind == "country" and groups.is_group(name):
            for member in groups.members(name, field=kind):
                other, taken = by_group.setdefault(member, (name, new))
                if taken != new and member in labels and member not in mapping:
                    raise InputError(
                        f"{member} is in both {other} and {name}", field=kind, hint=f"name {member} by its own code"
                    )
        else:
            close = nearest(name, labels)
            hint = f"the nearest is {close}" if close else f"it has: {', '.join(labels[:8])}"
            raise InputError(f"'{name}' is not {_article(kind)} of this world", field=kind, hint=hint)
    for label in labels:
        if label in to:
            continue
        if label in by_group:
            to[label] = by_group[label][1]
        elif REST in mapping:
            to[label] = mapping[REST]
    left = [label for label in labels if label not in to]
    if left:
        more = f" and {len(left) - 1} more are" if len(left) > 1 else " is"
        raise InputError(
            f"{kind} {left[0]}{more} mapped to nothing", field=kind, hint="name all, or '*' for whatever is not named"
        )
    new_labels = list(dict.fromkeys(to[label] for label in labels))
    rank = {label: k for k, label in enumerate(new_labels)}
    return new_labels, np.array([rank[to[label]] for label in labels])


def _article(kind: str) -> str:
    return f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def read_mapping(path: str | Path) -> dict[str, dict[str, str] | None]:
    """Mappings by kind (``country``, ``industry``), None where the file has none of that kind.

    CSV with columns kind, from, to; or YAML with ``country:`` and ``industry:`` (or ``countries:``, ``industries:``)
    above pairs ``from: to``. Raises InputError naming file, line and what is right.
    """
    path = Path(path)
    require_file(path, MAX_BYTES)
    yaml_file = path.suffix.lower() in (".yaml", ".yml")
    out: dict[str, dict[str, str]] = {}
    for line, kind, old, new in _yaml_pairs(path) if yaml_file else _csv_pairs(path):
        kind = {"countries": "country", "industries": "industry", "sector": "industry"}.get(kind, kind)
        if kind not in KINDS:
            close = nearest(kind, KINDS)
            raise InputError(
                f"kind is '{kind}'",
                file=path,
                line=line,
                hint=f"the nearest is {close}" if close else f"right are {' and '.join(KINDS)}",
            )
        if not old or not new:
            raise InputError("an empty name", file=path, line=line, hint="'from' and 'to' are both names")
        if old in out.setdefault(kind, {}):
            raise InputError(f"{kind} '{old}' stands twice", file=path, line=line)
        out[kind][old] = new
    if not out:
        raise InputError("maps nothing", file=path, hint="columns are kind, from, to")
    return {kind: out.get(kind) for kind in KINDS}


def _csv_pairs(path: Path) -> list[tuple[int, str, str, str]]:
    rows = small_table(path, ("kind", "from", "to"), limit=100_000)
    return [(line, row["kind"].casefold(), row["from"], row["to"]) for line, row in rows]


def _yaml_pairs(path: Path) -> list[tuple[int, str, str, str]]:
    try:
        text = path.read_text(encoding="utf-8")
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text, Loader=yaml.SafeLoader)):
            raise InputError("uses YAML aliases (*name)", file=path, hint="write the values out; quote '*'")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except UnicodeDecodeError as cause:
        raise InputError("is not text in UTF-8", file=path) from cause
    except (yaml.YAMLError, RecursionError) as cause:
        mark = getattr(cause, "problem_mark", None)
        raise InputError("is not valid YAML", file=path, line=mark.line + 1 if mark else None) from cause
    wrong = InputError("is not a mapping", file=path, hint="write 'country:' and below it pairs such as 'FRA: EU'")
    if not isinstance(node, yaml.MappingNode):
        raise wrong
    out = []
    for kind, pairs in node.value:
        if not isinstance(pairs, yaml.MappingNode):
            raise wrong.at(line=kind.start_mark.line + 1)
        for old, new in pairs.value:
            if not (isinstance(old, yaml.ScalarNode) and isinstance(new, yaml.ScalarNode)):
                raise wrong.at(line=old.start_mark.line + 1)
            # The text as written: NO is Norway's neighbour's code, not a truth value.
            out.append((old.start_mark.line + 1, str(kind.value).casefold(), str(old.value), str(new.value)))
    return out
