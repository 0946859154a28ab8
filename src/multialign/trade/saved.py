"""Results on disk: NetCDF, without loss."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jax.numpy as jnp
import numpy as np
import xarray as xr

from multialign.errors import InputError
from multialign.trade.economy import Economy
from multialign.trade.equations import Closure, Flows, Kernels, State
from multialign.trade.scenario import Scenario
from multialign.trade.shock import Shock
from multialign.trade.solution import Solution
from multialign.trade.solver import Solved

FORMAT = "multialign solution 1"


def save(s: Solution, path: str | Path) -> Path:
    """Write a result to a NetCDF file: what it is read by (`data`), and beside it all that it was made from."""
    path = Path(path)
    pieces: dict[str, Any] = {}
    for group, values in (
        ("economy", s.economy),
        ("shock", s.shock),
        ("kernels", s.kernels),
        ("state", s.solved.state),
        ("flows", s.solved.flows),
    ):
        pieces |= {f"{group}.{n}": v for n, v in values._asdict().items() if v is not None}
    pieces |= {f"residuals.{n}": v for n, v in s.solved.residuals.items()}
    raw = xr.Dataset()
    for name, value in pieces.items():
        a = np.asarray(value)
        raw[name] = (tuple(f"{name}_{i}" for i in range(a.ndim)), a.astype(np.int8) if a.dtype == bool else a)
    raw.attrs = {
        "format": FORMAT,
        "scenario": s.scenario.model_dump_json(),
        "closure": json.dumps(list(s.closure)),
        "worst": json.dumps(s.solved.worst),
        "steps": s.solved.steps,
        "countries": json.dumps(s.countries),
        "sectors": json.dumps(s.sectors),
    }
    parts = path.with_name(path.name + ".part")
    try:
        s.data.to_netcdf(parts, engine="h5netcdf")
        raw.to_netcdf(parts, engine="h5netcdf", group="made_from", mode="a")
        parts.replace(path)
    except OSError as cause:
        raise InputError(f"cannot be written: {cause.strerror or cause}", file=path) from cause
    finally:
        parts.unlink(missing_ok=True)
    return path


def load_solution(path: str | Path) -> Solution:
    """The result in a file of `Solution.save`. Raises InputError for any other file."""
    path = Path(path)
    if not path.is_file():
        raise InputError("is a folder" if path.is_dir() else "there is no such file", file=path)
    try:
        raw = xr.load_dataset(path, engine="h5netcdf", group="made_from")
    except (OSError, ValueError, KeyError) as cause:
        raise InputError("is not a saved result", file=path, hint="Solution.save writes them") from cause
    if raw.attrs.get("format") != FORMAT:
        raise InputError(f"is of the format {raw.attrs.get('format')!r}", file=path, hint=f"right is {FORMAT!r}")

    def group(name: str) -> dict[str, np.ndarray]:
        return {str(k).partition(".")[2]: v.values for k, v in raw.items() if str(k).startswith(name + ".")}

    shock = group("shock")
    kernels = {"V": None, **{n: jnp.asarray(a) for n, a in group("kernels").items()}}
    solved = Solved(
        State(**{n: jnp.asarray(a) for n, a in group("state").items()}),
        Flows(**{n: jnp.asarray(a) for n, a in group("flows").items()}),
        json.loads(raw.attrs["worst"]),
        int(raw.attrs["steps"]),
        group("residuals"),
    )
    return Solution(
        Scenario.model_validate_json(raw.attrs["scenario"]),
        Economy(**group("economy")),
        Shock(**{**shock, "open": shock["open"].astype(bool)}),
        Closure(*json.loads(raw.attrs["closure"])),
        Kernels(**kernels),  # type: ignore[arg-type]
        solved,
        json.loads(raw.attrs["countries"]),
        json.loads(raw.attrs["sectors"]),
    )
