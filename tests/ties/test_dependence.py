import jsonschema
import pytest

from multialign.errors import InputError
from multialign.ties import Power, dependence, power
from multialign.trade import Embargo, Scenario, solve
from multialign.world import load_world
from multialign.world.codes import EU27


@pytest.fixture(scope="module")
def table():
    return power(["IND", "RUS", "CHN"])


def test_losses_are_those_of_an_embargo_both_ways(table):
    scenario = Scenario(
        instruments=(Embargo(importers=("IND",), exporters=("RUS",)), Embargo(importers=("RUS",), exporters=("IND",)))
    )
    welfare = solve(scenario, load_world()).welfare_pct
    found = table.pairs[0]
    assert (found.state, found.partner) == ("IND", "RUS")
    assert found.loss_pct == pytest.approx(-welfare["IND"])
    assert found.partner_loss_pct == pytest.approx(-welfare["RUS"])
    assert found.leverage == pytest.approx(welfare["RUS"] / welfare["IND"])
    assert found.loss_usd > 0 and found.partner_loss_usd > 0


def test_every_pair_once_and_the_larger_hurts_more(table):
    assert [(p.state, p.partner) for p in table.pairs] == [("IND", "RUS"), ("IND", "CHN"), ("RUS", "CHN")]
    for p in table.pairs[1:]:
        assert p.loss_pct > p.partner_loss_pct > 0 and p.leverage < 1


def test_leverage_turns_over_with_the_pair(table):
    back = dependence("RUS", "IND")
    assert back.leverage == pytest.approx(1 / table.pairs[0].leverage, rel=1e-6)


def test_one_side_and_one_industry_cost_less_than_all(table):
    whole = table.pairs[0]
    sales = dependence("RUS", "IND", cut="sales", industries=["energy"])
    purchases = dependence("IND", "RUS", cut="purchases", industries=["energy"])
    assert sales.loss_pct == pytest.approx(purchases.partner_loss_pct, abs=1e-9)
    assert 0 < purchases.loss_pct < whole.loss_pct
    assert sales.industries == ("energy",)


def test_the_union_is_weighed_by_income():
    found = dependence("IND", "EU27", cut="purchases", industries=["C28"])
    members = solve(
        Scenario(instruments=(Embargo(importers=("IND",), exporters=("EU27",), industries=("C28",)),)), load_world()
    )
    names = list(EU27)
    assert found.partner_loss_usd == pytest.approx(-members.welfare_usd[names].sum(), rel=1e-6)
    assert -members.welfare_pct[names].max() <= found.partner_loss_pct <= -members.welfare_pct[names].min()


def test_table_and_json(table):
    frame = table.to_frame()
    assert len(frame) == 3 and {"loss_pct", "partner_loss_pct", "leverage"} <= set(frame.columns)
    data = table.to_dict()
    assert (data["version"], data["kind"]) == (1, "power")
    jsonschema.validate(data, Power.model_json_schema(mode="serialization"))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: power(["IND"]), "names no pair"),
        (lambda: power([]), "names no pair"),
        (lambda: power([("IND", "RUS", "CHN")]), "not a pair"),
        (lambda: power([("IND", "RUSS")]), "nearest known is 'RUS'"),
        (lambda: power([("IND", "IND")]), "itself"),
        (lambda: dependence("FRA", "EU27"), "part of the other"),
        (lambda: dependence("IND", "RUS", cut="sale"), "'sales'"),  # type: ignore[arg-type]
        (lambda: dependence("IND", "RUS", industries=["oil"]), "oil"),
    ],
)
def test_errors(call, message):
    with pytest.raises(InputError, match=message):
        call()


def test_the_matrix_is_kept_and_made_again_when_the_world_changes(tmp_path, monkeypatch):
    import multialign.trade

    states = ["IND", "RUS", "CHN"]
    first = power(states, cache=tmp_path)
    assert len(list(tmp_path.glob("power-*.json"))) == 1
    solved = []
    real = multialign.trade.solve_many
    monkeypatch.setattr(multialign.trade, "solve_many", lambda *a, **k: solved.append(1) or real(*a, **k))
    assert power(states, cache=tmp_path) == first and not solved  # found again
    world = load_world()
    other = world.with_elasticity(world.array("elasticity") * 1.1)
    assert power(states, other, cache=tmp_path, elasticities="world").pairs != first.pairs and len(solved) == 1
    power(states, cache=tmp_path, cut="sales")
    assert len(solved) == 2 and len(list(tmp_path.glob("power-*.json"))) == 3
    kept = next(tmp_path.glob("power-*.json"))
    for file in tmp_path.glob("power-*.json"):
        file.write_bytes(b"broken")
    assert power(states, cache=tmp_path) == first and len(solved) == 3  # a damaged file is made again
    assert kept.exists()
