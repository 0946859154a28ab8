"""`drill`: all scenes, one after another, and what came of them."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from multialign.errors import InputError, unknown
from multialign.sweep.cluster import has_dask
from multialign.sweep.drill import scenes
from multialign.sweep.drill.stage import Stage

SCENES: dict[str, tuple[Callable[[scenes.Play, int], scenes.Told], float, bool]] = {
    "sweep-killed": (scenes.sweep_killed, 0.4, False),
    "record-writer-killed": (scenes.writer_killed, 0.3, False),
    "workers-killed": (scenes.workers_killed, 0.15, True),
    "readers-killed": (scenes.readers_killed, 0.05, True),
    "scheduler-killed": (scenes.scheduler_killed, 0.1, True),
    "full-disk": (scenes.full_disk, 0.0, False),
    "two-at-once": (scenes.two_at_once, 0.0, False),
    "clock-set-back": (scenes.clock_set_back, 0.0, False),
}
"""Name -> the scene, its share of the kills, whether it needs Dask."""


class Scene(BaseModel):
    """One scene: what was done, what survived, and whether that is everything."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    did: str
    survived: str
    whole: bool
    seconds: float


class Drill(BaseModel):
    """All scenes of a drill."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int = 1
    kind: str = "drill"
    times: int
    seed: int
    scenes: tuple[Scene, ...]

    @property
    def whole(self) -> bool:
        """Whether nothing was lost in any scene."""
        return all(s.whole for s in self.scenes)

    def to_dict(self) -> dict[str, Any]:
        """The same as plain JSON."""
        return {**self.model_dump(mode="json"), "whole": self.whole}


def drill(
    times: int = 100,
    *,
    seed: int = 1,
    only: Sequence[str] | None = None,
    cases: int = 256,
    progress: Callable[[str, float], None] | None = None,
) -> Drill:
    """Kill, fill up and set back, and see what survives.

    Parameters
    ----------
    times: how many processes are killed in all, shared out among the scenes.
    seed: of the moments at which they are killed.
    only: names of scenes; by default all for which what they need is there.
    cases: of the sweep that is disturbed, a power of two.

    Raises InputError for a scene that is not known, or where the system cannot fork processes.
    """
    if not hasattr(os, "fork"):
        raise InputError("this system cannot fork processes", hint="run the drill on Linux or macOS")
    for name in only or ():
        if name not in SCENES:
            raise unknown("scene", name, list(SCENES), field="--only")
        if SCENES[name][2] and not has_dask():
            raise InputError("Dask is not installed", field=name, hint="pip install 'multialign[scale]'")
    chosen = [n for n, (_, _, dask) in SCENES.items() if (n in only if only else has_dask() or not dask)]
    folder = Path(tempfile.mkdtemp(prefix="multialign-drill-"))
    before = {name: os.environ.get(name) for name in ("MULTIALIGN_CACHE",)}
    os.environ["MULTIALIGN_CACHE"] = str(folder / "cache")
    stage = Stage(folder)
    told = progress or (lambda text, fraction: None)
    found = []
    try:
        play = scenes.Play(stage, random.Random(seed), cases)  # noqa: S311 - moments, not secrets
        told("undisturbed", 0.0)
        play.prepare()
        weight = sum(SCENES[n][1] for n in chosen)
        for k, name in enumerate(chosen):
            told(name, (k + 1) / (len(chosen) + 1))
            act, share, _ = SCENES[name]
            found.append(_one(name, act, play, max(1, round(times * share / weight)) if share else 0))
    finally:
        stage.close()
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
        shutil.rmtree(folder, ignore_errors=True)
    return Drill(times=times, seed=seed, scenes=tuple(found))


def _one(name: str, act: Callable[[scenes.Play, int], scenes.Told], play: scenes.Play, times: int) -> Scene:
    began = time.monotonic()
    try:
        did, survived = act(play, times)
        whole = True
    except AssertionError as lost:
        did, survived, whole = (act.__doc__ or "").strip().splitlines()[0], f"NOT ALL: {lost}", False
    return Scene(name=name, did=did, survived=survived, whole=whole, seconds=round(time.monotonic() - began, 1))
