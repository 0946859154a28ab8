"""Worlds from files: the embedded one, and users' own in the same NetCDF layout."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from multialign.errors import InputError, unknown
from multialign.world import panels, seal
from multialign.world.model import AXES, World

MAX_BYTES = 2 << 30
NEEDED = ("intermediate_trade", "final_trade", "input_use", "tariff", "export_tax", "elasticity")
OPTIONAL = ("value_added", "final_use")


@cache
def manifest() -> dict[str, Any]:
    """What the embedded world was built from: sources, editions, licences, checksum and the build's own report."""
    return dict(json.loads(seal.text("world_manifest.json")))


@cache
def load_world() -> World:
    """The embedded world: 2022, 80 countries and the rest of the world, 50 industries.

    Its file is checked against the manifest's checksum and its accounts are checked, once per process. Raises
    InputError where the installed file was changed.
    """
    with as_file(files("multialign.world").joinpath("data", "world_2022.nc")) as path:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if digest != manifest()["sha256"]:
            raise InputError(
                f"checksum is {digest[:12]}..., the manifest says {manifest()['sha256'][:12]}...",
                file=path,
                hint="the installed data was changed; install multialign again",
            )
        return open_world(path)


def open_world(path: str | Path, *, tolerance: float = 1e-6) -> World:
    """A World from a NetCDF file with the arrays and axes of `model.AXES`.

    `value_added` and `final_use` may be absent (they are then what the accounts leave over). Raises InputError,
    naming the file, for a file that is not NetCDF, lacks an array, or whose accounts miss by more than `tolerance`.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError("there is no such file", file=path)
    if path.stat().st_size > MAX_BYTES:
        raise InputError(
            f"is {path.stat().st_size >> 20} MiB", file=path, hint=f"at most {MAX_BYTES >> 20} MiB are read"
        )
    try:
        with xr.open_dataset(path, engine="h5netcdf") as source:
            data = source.load()
    except (OSError, ValueError, KeyError) as cause:
        raise InputError(
            "is not a NetCDF-4 file that can be read", file=path, hint="World files are written by save_world"
        ) from cause
    for name in NEEDED:
        if name not in data:
            present = [str(v) for v in data.data_vars]
            raise InputError(f"has no array '{name}'", file=path, hint=f"it has: {', '.join(present) or 'none'}")
        if data[name].dims != AXES[name]:
            raise InputError(f"axes are {data[name].dims}", file=path, field=name, hint=f"right is {AXES[name]}")
    for axis in {a for n in NEEDED for a in AXES[n]}:
        if axis not in data.coords:
            raise InputError(f"axis '{axis}' has no labels", file=path, hint="each axis needs a coordinate")
    countries = [str(c) for c in data["importer"].values]
    for axis in ("exporter", "country"):
        if [str(c) for c in data[axis].values] != countries:
            raise InputError(f"labels of '{axis}' differ from those of 'importer'", file=path)
    sectors = [str(s) for s in data["sector"].values]
    if [str(s) for s in data["input"].values] != sectors:
        raise InputError("labels of 'input' differ from those of 'sector'", file=path)
    given = {n: data[n].values for n in NEEDED + OPTIONAL if n in data}
    try:
        return World.from_arrays(
            countries,
            sectors,
            **given,
            accounts=str(data.attrs.get("accounts", "check")),
            tolerance=tolerance,
            name=str(data.attrs.get("name", path.stem)),
            attrs={k: v for k, v in data.attrs.items() if k not in ("name", "accounts")},
        )
    except InputError as error:
        raise error.at(file=path) from error


def save_world(world: World, path: str | Path) -> None:
    """Write a World as NetCDF, whole or not at all."""
    path = Path(path)
    part = path.with_name(path.name + ".part")
    try:
        world.data.to_netcdf(part, engine="h5netcdf")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def elasticity(name: str, world: World) -> np.ndarray:
    """Trade elasticities of one published set for the industries of a world. Shape (sector,).

    `name` is a column of ``trade_elasticities.csv`` or ``median`` (of the published sets, industry by industry).
    Raises InputError for an unknown set, or an industry that the table does not cover.
    """
    table = panels.elasticity_sets()
    if name != "median" and name not in table:
        raise unknown("elasticity set", name, ["median", *table])
    for s in world.sectors:
        if s not in table.index:
            raise InputError(
                f"industry '{s}' is not in the published sets",
                field="elasticity",
                hint="they cover the embedded world's industries; the set 'world' takes those of the world itself",
            )
    rows = table.loc[world.sectors]
    return (rows.median(axis=1) if name == "median" else rows[name]).to_numpy(copy=True)


def elasticity_sets() -> list[str]:
    """Names of the published sets of trade elasticities."""
    return list(panels.elasticity_sets())
