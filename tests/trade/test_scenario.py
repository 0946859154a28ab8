"""Scenario files: what is read, and what is refused with which words."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import jsonschema
import numpy as np
import pytest
import yaml

from multialign import Discount, Embargo, ExportTax, Friction, InputError, Scenario, Tariff, load_world
from multialign.trade import base_economy, load_scenario, scenario_schema, solve_file
from multialign.trade.economy import economy
from multialign.trade.scenario import parse_scenario
from multialign.trade.shock import compile_shock
from multialign.world.codes import EU27
from multialign.world.load import elasticity

EXAMPLES = Path(__file__).resolve().parent.parent.parent / "examples" / "scenarios"

GOOD = """\
name: test
instruments:
  - kind: tariff
    importers: [USA]
    exporters: [IND]
    rate: 0.25
"""


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.yaml")), ids=lambda p: p.stem)
def test_examples_follow_the_schema_and_solve(path):
    jsonschema.validate(yaml.safe_load(path.read_text()), scenario_schema())
    result = solve_file(path)
    assert max(result.residuals.values()) < 1e-9
    assert result.welfare_pct.abs().max() > 0


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("rate: 0.25", "rat: 0.25", r"bad.yaml:\d+: instruments\[0\].rat.*nearest is 'rate'"),
        ("rate: 0.25", "rate: lots", r"bad.yaml:6: instruments\[0\].rate: found 'lots'"),
        ("rate: 0.25", "rate: -2", r"bad.yaml:6: instruments\[0\].rate: found -2"),
        ("kind: tariff", "kind: tarif", r"bad.yaml:3: .*kind is 'tarif'; the nearest is 'tariff'"),
        (
            "[IND]",
            "[INX]",
            r"bad.yaml:5: instruments\[0\].exporters: 'INX' is not a country.*'IND' \(India\)",
        ),
        ("rate: 0.25", "rate: 0.25\n    industries: [C99]", r"bad.yaml:7: .*'C99' is not an industry"),
        ("rate: 0.25", "rate: 0.25\n    industries: [enery]", r"nearest known is 'energy'"),
        (
            "name: test",
            "name: test\nelasticities: {C19: -3}",
            r"elasticity of C19 is -3; .* greater than zero",
        ),
        (
            "name: test",
            "name: test\nelasticities: CPP",
            r"'CPP' is not an elasticity set.*nearest known is 'CP'",
        ),
        ("name: test", "name: test\nelasticities: {C1: 3}", r"'C1' is not an industry known here"),
        ("name: test", "nam: test", r"nearest is 'name'"),
        ("[USA]", "[IND]", r"touches no flow"),
        ("name: test", "name: [", r"not valid YAML"),
        ("name: test", "name: &a x\ndescription: *a", r"aliases"),
    ],
)
def test_refused_with_place_and_hint(tmp_path, old, new, said):
    path = tmp_path / "bad.yaml"
    path.write_text(GOOD.replace(old, new))
    with pytest.raises(InputError, match=said):
        solve_file(path)


@pytest.mark.parametrize("text", ["", "just words", "- a\n- b", "!!python/object/apply:os.system [ls]"])
def test_not_a_scenario(text):
    with pytest.raises(InputError):
        parse_scenario(text, "x.yaml")


def test_missing_file(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        load_scenario(tmp_path / "none.yaml")


def union_shock(*instruments):
    world = load_world()
    eco = economy(world)
    shock, nothing = compile_shock(instruments, eco, world.countries, world.sectors), np.ones_like(eco.t)
    whole = SimpleNamespace(
        t=shock.everywhere("t", eco.t),
        e=shock.everywhere("e", eco.e),
        d=shock.everywhere("d", nothing),
        open=shock.everywhere("open", nothing).astype(bool),
    )
    return whole, eco, world.countries.index


@pytest.mark.parametrize(
    "sides",
    [
        {"importers": ("EU27",)},
        {"exporters": ("EU27",)},
        {"importers": ("EU27",), "exporters": ("DEU", "USA")},
        {"importers": ("FRA", "GBR"), "exporters": ("EU27",)},
        {"importers": ("EU27", "CHN"), "exporters": ("EU27", "USA")},
    ],
)
def test_the_union_named_as_one_leaves_trade_within_it_alone(sides):
    shock, eco, at = union_shock(
        Tariff(rate=0.25, **sides), ExportTax(rate=0.1, **sides), Friction(change=0.2, **sides), Embargo(**sides)
    )
    within = np.ix_([at(m) for m in EU27], [at(m) for m in EU27])
    np.testing.assert_array_equal(shock.t[within], eco.t[within])
    np.testing.assert_array_equal(shock.e[within], eco.e[within])
    assert (shock.d[within] == 1).all() and shock.open[within].all()
    assert (shock.t != eco.t).any() and not shock.open.all()
    pairs = {(n, i) for n in ("DEU", "GBR", "CHN") for i in ("USA", "FRA")}
    hit = {(n, i) for n, i in pairs if not shock.open[at(n), at(i)].any()}
    assert hit and ("DEU", "FRA") not in hit


def test_members_named_by_their_own_codes_are_touched():
    for importers in (("DEU",), ("DEU", "EU27")):
        shock, eco, at = union_shock(Tariff(importers=importers, exporters=("FRA", "USA"), rate=0.25))
        assert shock.t[at("DEU"), at("FRA"), 0] == eco.t[at("DEU"), at("FRA"), 0] + 0.25
        assert shock.t[at("ITA"), at("FRA"), 0] == 0.0
    shock, _, at = union_shock(Embargo(importers=("DEU",)))
    assert not shock.open[at("DEU"), at("FRA")].any()


def test_rates_are_added_put_in_the_place_of_others_or_multiplied():
    world = load_world()
    eco, cell = economy(world), (world.countries.index("IND"), world.countries.index("USA"), 0)
    assert eco.t[cell] > 0
    expected = {"add": eco.t[cell] + 0.4, "replace": 0.4, "scale": eco.t[cell] * 0.4}
    for mode, rate in expected.items():
        tariff = Tariff(importers=("IND",), exporters=("USA",), rate=0.4, mode=mode)
        shock = compile_shock([tariff], eco, world.countries, world.sectors)
        assert shock.everywhere("t", eco.t)[cell] == pytest.approx(rate)


def test_a_rate_that_would_give_more_than_everything_back_is_refused(small_world):
    eco = economy(small_world)
    twice = [Discount(importers=("B",), exporters=("C",), industries=("steel",), rate=0.6)] * 2
    shock = compile_shock(twice, eco, small_world.countries, small_world.sectors)
    assert shock.everywhere("e", eco.e)[1, 2, 1] == pytest.approx(0.4 * 0.4 - 1)  # each is off what is left
    for kind, what in ((Tariff, "tariff"), (ExportTax, "export tax")):
        low = [kind(importers=("B",), exporters=("C",), industries=("steel",), rate=-0.5, mode="add")] * 3
        with pytest.raises(InputError, match=rf"the {what} of B on steel from C comes to -1\.\d+.*above -1"):
            compile_shock(low, eco, small_world.countries, small_world.sectors)


def test_the_union_against_itself_touches_nothing():
    with pytest.raises(InputError, match=r"touches no flow.*nor with EU27"):
        union_shock(Tariff(importers=("EU27",), exporters=("DEU", "FRA"), rate=0.25))


def test_pairs_of_elasticities_lie_over_the_worlds_own():
    world = load_world()
    own = world.with_elasticity(np.full(len(world.sectors), 7.0))
    scenario = Scenario(elasticities={"C19": 3.0})
    theta = base_economy(own, scenario).theta
    assert theta[world.sectors.index("C19")] == 3.0 and (np.delete(theta, world.sectors.index("C19")) == 7.0).all()
    theta = base_economy(world, scenario).theta
    median = elasticity("median", world)
    median[world.sectors.index("C19")] = 3.0
    np.testing.assert_allclose(theta, median)
    for value in ("nan", "inf"):
        with pytest.raises(InputError, match=f"elasticity of C19 is {value}"):
            base_economy(world, Scenario(elasticities={"C19": float(value)}))
