"""Sweeps: the same numbers however they are divided and by whom they are solved, and nothing lost on the way."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from multialign.errors import InputError, MultialignError
from multialign.sweep import load_plan, load_sweep, parse_plan, sweep
from multialign.sweep import run as running
from multialign.sweep.design import cases_of
from multialign.sweep.store import store
from multialign.trade import solve
from multialign.world import open_world

TABLES = ("cases", "countries", "output", "trade")


def files(place: Path) -> dict[str, bytes]:
    return {
        str(p.relative_to(place)): p.read_bytes() for p in sorted(place.rglob("*")) if p.is_file() and p.name[0] != "."
    }


@pytest.fixture(scope="module")
def plan(plan_file):
    return load_plan(plan_file)


@pytest.fixture(scope="module")
def whole(plan, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("sweep") / "whole"
    done = sweep(plan, out, workers=1)
    assert (done.cases, done.converged, done.parts, done.parts_done) == (20, 20, 4, 4)
    assert done.tables == {"cases": 20, "countries": 80, "output": 240, "trade": 320}
    return out


def test_numbers_are_those_of_single_solves(plan, whole, world_file):
    world = open_world(world_file)
    found = {t: load_sweep(whole, t).set_index("case") for t in TABLES}
    for number, scenario, values in cases_of(plan, 1):
        alone = solve(scenario, world, tolerance=1e-12)
        rows = found["countries"].loc[number]
        assert (rows["rate"] == values["instruments[0].rate"]).all() and (rows["scenario"] == scenario.name).all()
        income = rows.set_index("country")["real_income"]
        np.testing.assert_allclose(100 * (income - 1), alone.welfare_pct[income.index], atol=1e-7)
        trade = found["trade"].loc[number].set_index(["importer", "exporter"])["trade"].to_xarray()
        np.testing.assert_allclose(trade, alone.trade.sum("sector"), rtol=1e-7)
        output = found["output"].loc[number].set_index(["country", "sector"])["output"].to_xarray()
        want = alone.data["output"].sel(sector=output["sector"])
        np.testing.assert_allclose(output, want, rtol=1e-7)
    assert (found["cases"]["residual"] <= 1e-9).all()


@pytest.mark.parametrize("part", [3, 20])
def test_the_size_of_a_part_changes_nothing_beyond_the_tolerance(plan, whole, tmp_path, part):
    sweep(plan.model_copy(update={"part": part}), tmp_path / "other", workers=1)
    for table in TABLES:
        one, two = load_sweep(whole, table), load_sweep(tmp_path / "other", table)
        if table == "cases":
            one, two = (t.drop(columns=["residual", "steps"]) for t in (one, two))
        pd.testing.assert_frame_equal(one, two, rtol=1e-9, atol=0)


def test_a_cluster_gives_the_same_bytes(plan, whole, tmp_path):
    pytest.importorskip("distributed")
    done = sweep(plan, tmp_path / "cluster", workers=2)
    assert done.parts_done == 4
    assert files(tmp_path / "cluster") == files(whole)


def test_object_storage_gives_the_same_bytes(plan, whole):
    fsspec = pytest.importorskip("fsspec")
    sweep(plan, "memory://sweeps/one", workers=1)
    fs = fsspec.filesystem("memory")
    found = {p.removeprefix("/sweeps/one/"): fs.cat_file(p) for p in fs.find("/sweeps/one")}
    assert found == files(whole)
    assert sweep(plan, "memory://sweeps/one", workers=1).parts_done == 0
    pd.testing.assert_frame_equal(load_sweep("memory://sweeps/one"), load_sweep(whole))


def test_it_goes_on_where_it_stopped(plan, whole, tmp_path, monkeypatch):
    out = tmp_path / "stopped"
    make, made = running.make_part, []

    def stop_at_three(part, **more):
        if len(made) == 2:
            raise KeyboardInterrupt
        made.append(part)
        return make(part, **more)

    monkeypatch.setattr(running, "make_part", stop_at_three)
    with pytest.raises(KeyboardInterrupt):
        sweep(plan, out, workers=1)
    monkeypatch.undo()
    assert not (out / "manifest.json").exists()
    with pytest.raises(InputError, match="no finished sweep"):
        load_sweep(out)
    (out / "cases" / ".part-000002.parquet.x.part").write_bytes(b"half")  # what kill -9 leaves
    (out / "done" / "part-000001.json").write_bytes(b'{"part": 1, "pl')  # what a torn disk leaves
    done = sweep(plan, out, workers=1)
    assert done.parts_done == 3 and files(out) == files(whole)
    assert not list(out.rglob("*.part"))


def test_damage_is_mended(plan, whole, tmp_path):
    out = tmp_path / "damaged"
    sweep(plan, out, workers=1)
    short, same = out / "trade" / "part-000001.parquet", out / "countries" / "part-000002.parquet"
    short.write_bytes(short.read_bytes()[:100])
    same.write_bytes(bytes(len(same.read_bytes())))
    assert sweep(plan, out, workers=1).parts_done == 1
    assert sweep(plan, out, workers=1, thorough=True).parts_done == 1
    assert files(out) == files(whole)


def test_other_plans_do_not_mix(plan, whole):
    other = plan.model_copy(update={"tolerance": 1e-8})
    before = files(whole)
    with pytest.raises(InputError, match="another plan"):
        sweep(other, whole, workers=1)
    assert files(whole) == before


def test_two_at_one_place(plan, tmp_path):
    place = store(tmp_path / "held")
    with place.lock(), pytest.raises(InputError, match="another process is writing here"):
        sweep(plan, tmp_path / "held", workers=1)
    assert sweep(plan, tmp_path / "held", workers=1).parts_done == 4


def test_cases_that_cannot_be_are_marked(world_file, tmp_path):
    text = f"""
world: {world_file}
scenarios:
  - name: closed
    elasticities: world
    deficits: kept
    instruments:
      - {{kind: embargo, importers: [A]}}
      - {{kind: embargo, exporters: [A]}}
vary:
  - {{field: deficits, values: [kept, removed]}}
"""
    plan = parse_plan(text)
    done = sweep(plan, tmp_path / "gaps", workers=1)
    cases = load_sweep(tmp_path / "gaps", "cases").set_index("deficits")
    assert done.converged == 1
    assert cases["converged"].to_dict() == {"kept": False, "removed": True}
    assert "is kept" in cases.loc["kept", "problem"] and not cases.loc["removed", "problem"]
    assert np.isnan(cases.loc["kept", "residual"])
    assert set(load_sweep(tmp_path / "gaps")["deficits"]) == {"removed"}


def test_a_full_disk_is_said_and_nothing_is_half_written(plan, whole, tmp_path, monkeypatch):
    import errno
    import os

    out, real, count = tmp_path / "full", os.fsync, []

    def full(handle):
        count.append(1)
        if len(count) > 9:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(handle)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(MultialignError, match="No space left on device"):
        sweep(plan, out, workers=1)
    monkeypatch.undo()
    assert not list(out.rglob("*.part"))
    sweep(plan, out, workers=1)
    assert files(out) == files(whole)


def test_the_clock_does_not_matter(plan, whole, tmp_path):
    import os

    out = tmp_path / "clock"
    sweep(plan.model_copy(), out, workers=1)
    (out / "done" / "part-000003.json").unlink()
    for p in out.rglob("*"):
        os.utime(p, (4e9, 4e9))  # the clock was set back since
    assert sweep(plan, out, workers=1).parts_done == 1
    assert files(out) == files(whole)


def test_the_manifest_names_every_file(whole):
    body = json.loads((whole / "manifest.json").read_text())
    assert body["kind"] == "sweep-manifest" and body["version"] == 1 and len(body["files"]) == 16
    import hashlib

    for name, what in body["files"].items():
        assert hashlib.sha256((whole / name).read_bytes()).hexdigest() == what["sha256"]


def test_no_scheduler_is_said(plan, tmp_path, monkeypatch):
    pytest.importorskip("distributed")
    from multialign.sweep import cluster
    from multialign.sweep.archive import record_rows

    monkeypatch.setattr(cluster, "ANSWER", "1s")
    with pytest.raises(InputError, match=r"no scheduler answers at 'tcp://127\.0\.0\.1:9'"):
        sweep(plan, tmp_path / "none", scheduler="tcp://127.0.0.1:9")
    with pytest.raises(InputError, match="no scheduler answers"):
        next(record_rows([], scheduler="tcp://127.0.0.1:9"))
    with pytest.raises(InputError, match="0 processes"):
        sweep(plan, tmp_path / "none", workers=0)
    monkeypatch.setattr(cluster, "has_dask", lambda: False)
    with pytest.raises(InputError, match=r"Dask is not installed; pip install 'multialign\[scale\]'"):
        sweep(plan, tmp_path / "none", workers=2)
    assert sweep(plan, tmp_path / "alone").parts_done == 4  # one process does without
