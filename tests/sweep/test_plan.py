"""Plans: what is read, what is refused and where, and the points of a design."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from multialign.errors import InputError
from multialign.sweep import Design, Plan, Vary, load_plan, parse_plan, plan_schema
from multialign.sweep.design import BLOCK, cases_of, unit_points, values_at
from multialign.trade import Scenario, Tariff

BASE = Scenario(instruments=(Tariff(importers=("USA",), exporters=("IND",), rate=0.1),))
RATE = Vary(field="instruments[0].rate", name="rate", low=0.0, high=0.5)


def test_a_grid_holds_every_combination_once(plan_file):
    plan = load_plan(plan_file)
    assert (plan.points, plan.cases, plan.parts) == (10, 20, 4)
    cases = [c for part in range(plan.parts) for c in cases_of(plan, part)]
    assert [n for n, _, _ in cases] == list(range(20))
    assert len({(s.name, v["instruments[0].rate"], v["elasticities.food"]) for _, s, v in cases}) == 20
    for _, scenario, values in cases:
        assert scenario.instruments[0].rate == values["instruments[0].rate"]
        assert scenario.elasticities == {"food": values["elasticities.food"]}
    rates = [v["instruments[0].rate"] for _, _, v in cases[:5]]
    np.testing.assert_allclose(rates, np.linspace(0, 0.4, 5))  # what shares a base economy stands together


@pytest.mark.parametrize("kind", ["random", "sobol"])
def test_points_do_not_depend_on_how_they_are_cut(kind):
    n = 4096
    vary = (RATE, Vary(field="elasticities", values=("median", "CP", "FGO")))
    plan = Plan(scenarios=(BASE,), vary=vary, design=Design(kind=kind, n=n, seed=3))
    whole = unit_points(plan, 0, n)
    assert whole.shape == (n, 2) and (whole >= 0).all() and (whole < 1).all()
    cuts = [0, 1, 7, BLOCK - 1, BLOCK, BLOCK + 1, 3000, n]
    pieces = np.concatenate([unit_points(plan, a, b) for a, b in pairwise(cuts)])
    assert np.array_equal(whole, pieces)
    drawn = values_at(plan, 0, n)
    assert abs(np.mean([v["instruments[0].rate"] for v in drawn]) - 0.25) < 0.01
    counts = np.unique([v["elasticities"] for v in drawn], return_counts=True)[1]
    assert (np.abs(counts / n - 1 / 3) < 0.03).all()
    other = plan.model_copy(update={"design": Design(kind=kind, n=n, seed=4)})
    assert not np.array_equal(unit_points(other, 0, n), whole)


def test_a_sobol_design_is_even():
    plan = Plan(
        scenarios=(BASE,), vary=(RATE, RATE.model_copy(update={"name": "b"})), design=Design(kind="sobol", n=256)
    )
    points = unit_points(plan, 0, 256)
    counts = np.histogram2d(*points.T, bins=16, range=[[0, 1], [0, 1]])[0]
    assert (counts == 1).all()  # a (0, 8, 2)-net: one point in each of 16 x 16 cells


def test_log_ranges():
    vary = Vary(field="instruments[0].rate", low=0.01, high=1.0, steps=3, log=True)
    plan = Plan(scenarios=(BASE,), vary=(vary,))
    np.testing.assert_allclose([v["instruments[0].rate"] for v in values_at(plan, 0, 3)], [0.01, 0.1, 1.0])


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("name: small", "nam: small", 2, "'nam' is not a field here; the nearest is 'name'"),
        ("instruments[0].rate", "instruments[3].rate", 16, "there is no instruments.3"),
        ("instruments[0].rate", "instruments[0].rat", 16, "the nearest is 'rate'"),
        ("instruments[0].rate", "instrument[0].rate", 16, "not a field that can vary; the nearest is 'instruments'"),
        ("high: 0.4", "high: -0.4", 16, "a range needs 'low' less than 'high'"),
        ("low: 0.0, high: 0.4", "low: -2.0, high: 0.4", 16, "greater than -1"),
        (", steps: 5", "", 16, "give 'steps'"),
        ("values: [3, 6]", "values: [3, CP]", 17, "numbers and names"),
        ("name: theta", "name: rate", 17, "a second column 'rate'"),
        ("wage", "wag", 18, "the nearest is 'wage'"),
        ("part: 6", "part: 0", 19, "found 0"),
        ("kind: friction", "kind: fiction", 14, "the nearest is 'friction'"),
        ("part: 6", "design: {kind: sobol, n: 100}", 19, "near 100 are 64 and 128"),
        ("part: 6", "design: {kind: random}", 19, "a random design needs 'n'"),
        ("part: 6", "part: &x 6", None, None),
        ("part: 6", "part: [", 20, "not valid YAML"),
        ("rate: 0.1}\n  - name: both", "rate: !!python/name:os.system x}\n  - name: both", None, "not valid YAML"),
    ],
)
def test_mistakes_have_their_place(plan_text, tmp_path, old, new, line, said):
    assert old in plan_text
    path = tmp_path / "p.yaml"
    path.write_text(plan_text.replace(old, new, 1), encoding="utf-8")
    if said is None:
        load_plan(path)
        return
    with pytest.raises(InputError) as caught:
        load_plan(path)
    assert said in str(caught.value) and caught.value.file == path
    if line is not None:
        assert caught.value.line == line


def test_scenarios_from_files(tmp_path):
    (tmp_path / "s.yaml").write_text("name: mine\ninstruments:\n  - {kind: embargo, importers: [A]}\n")
    plan = parse_plan("scenarios: [s.yaml]\n", tmp_path / "p.yaml")
    assert plan.scenarios[0].name == "mine" and plan.cases == 1
    with pytest.raises(InputError, match=r"p\.yaml:2: scenarios\[0\]: there is no file.*t\.yaml"):
        parse_plan("scenarios:\n  - t.yaml\n", tmp_path / "p.yaml")


def test_schema_is_a_schema():
    import jsonschema

    jsonschema.Draft202012Validator.check_schema(plan_schema())
