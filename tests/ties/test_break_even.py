"""The discount that pays for a tariff: arithmetic by hand, and an equilibrium that really breaks even."""

import json

import numpy as np
import pytest

from multialign.errors import InputError
from multialign.ties import break_even, crude_paid
from multialign.ties.break_even import flow_as_given, goods_exports
from multialign.world import load_world


@pytest.fixture(scope="module")
def india():
    return break_even("IND", "RUS", "USA", (0.1, 0.25, 0.5), elasticities=("median",))


def test_accounting_is_the_arithmetic_of_the_docs(india):
    # docs/explanation/crude.md: 87.9 billion USD of goods x 25 % = 21.97 billion; over 674.4 million barrels 32.6 USD.
    assert india.exports == pytest.approx(87_900, abs=50) and india.barrels == pytest.approx(674.4, abs=0.1)
    point = india.points[1]
    assert point.bill == pytest.approx(0.25 * india.exports)
    assert point.accounting_usd == pytest.approx(0.25 * india.exports / india.barrels) == pytest.approx(32.6, abs=0.05)
    assert point.accounting_pct == pytest.approx(100 * point.accounting_usd / india.price)


def test_equilibrium_differs_and_says_why(india):
    point, why = india.points[1], india.general
    assert 5 < point.ge_usd < 0.6 * point.accounting_usd
    assert 0.2 < why.loss_per_bill < 0.7 and 0.6 < why.worth_per_dollar < 1.4
    half = india.points[2]
    assert half.ge_usd < 2 * point.ge_usd  # the loss grows less than the tariff: exports leave


def test_at_the_break_even_nothing_is_gained_or_lost(india):
    """The equilibrium solved anew with both, at the discount that was found by interpolation."""
    from multialign.trade import Discount, Scenario, Tariff, base_economy, solve

    world, inside = load_world(), (("IND",), ("RUS",), ("USA",))
    value = india.barrels * india.price
    base = flow_as_given(base_economy(world, Scenario()), inside, value, world)
    rate = india.points[1].ge_usd / india.price
    tariff = Tariff(importers=("USA",), exporters=("IND",), industries=("goods",), rate=0.25)
    alone = solve(Scenario(instruments=(tariff,)), world, base=base).welfare_usd["IND"]
    both = (Discount(importers=("IND",), exporters=("RUS",), industries=("B06",), rate=rate), tariff)
    net = solve(Scenario(instruments=both), world, base=base).welfare_usd["IND"]
    assert alone < -5000 and abs(net) < 0.05 * abs(alone)


def test_the_map_agrees_with_the_curve(india):
    net = india.to_xarray()
    assert net.dims == ("reckoning", "discount", "tariff") and net.sizes["discount"] == net.sizes["tariff"] == 11
    column = net.sel(reckoning="general").sel(tariff=0.25, method="nearest").values
    crossing = np.interp(0.0, column, net["discount"].values)
    assert crossing == pytest.approx(india.points[1].ge_usd, rel=0.05)
    account = net.sel(reckoning="accounting", discount=0.0).sel(tariff=0.25, method="nearest")
    assert float(account) == pytest.approx(-india.points[1].bill)
    assert (np.diff(net.sel(reckoning="general").values, axis=0) > 0).all()  # more discount, more gain
    assert (np.diff(net.sel(reckoning="general").values, axis=1) < 0).all()


def test_it_is_json_and_a_table(india):
    data = json.loads(json.dumps(india.to_dict(), allow_nan=False))
    assert (data["version"], data["kind"]) == (1, "break_even")
    table = india.to_frame()
    assert list(table["tariff"]) == [0.1, 0.25, 0.5] and table["ge_usd"].is_monotonic_increasing
    assert any("observed" in n for n in india.notes) and any("estimated" in n for n in india.notes)


def test_any_three_parties_by_accounting():
    found = break_even("CHN", "SAU", "EU27", 0.1, equilibrium=False)
    paid = crude_paid("CHN").origin("SAU")
    assert found.points[0].accounting_usd == pytest.approx(0.1 * goods_exports("CHN", "EU27") / paid.barrels)
    assert found.general is None and found.map is None and found.points[0].ge_usd is None
    with pytest.raises(InputError, match="has no map"):
        found.to_xarray()
    iraq = break_even("IND", "IRQ", "USA", 0.1, elasticities=("median",))
    assert iraq.general is None and any("Iraq is not in the World" in n for n in iraq.notes)


def test_given_volume_and_exports():
    base = break_even("IND", "RUS", "USA", 0.25, equilibrium=False)
    half = break_even("IND", "RUS", "USA", 0.25, barrels=base.barrels / 2, equilibrium=False)
    assert half.points[0].accounting_usd == pytest.approx(2 * base.points[0].accounting_usd)
    less = break_even("IND", "RUS", "USA", 0.25, exports=base.exports / 4, absorbed=0.5, equilibrium=False)
    assert less.points[0].accounting_usd == pytest.approx(base.points[0].accounting_usd / 8)


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (("IND", "RUS", "RUS"), {}, "overlaps"),
        (("IND", "RUS", "IND"), {}, "overlaps"),
        (("DEU", "RUS", "EU27"), {}, "overlaps"),
        (("INDI", "RUS", "USA"), {}, "nearest known is 'IND'"),
        (("IND", "NZL", "USA"), {}, "no crude from 'NZL'"),
        (("IND", "RUS", "USA"), {"tariffs": -0.1}, "tariffs: is -0.1"),
        (("IND", "RUS", "USA"), {"tariffs": 25}, "0.25 for 25 points"),
        (("IND", "RUS", "USA"), {"tariffs": ()}, "names no tariff"),
        (("IND", "RUS", "USA"), {"absorbed": 0.0}, "absorbed"),
        (("IND", "RUS", "USA"), {"barrels": -1.0}, "barrels"),
        (("IND", "RUS", "USA"), {"barrels": 5000.0, "elasticities": ("median",)}, "give fewer"),
    ],
)
def test_errors(arguments, options, message):
    with pytest.raises(InputError, match=message):
        break_even(*arguments, **options)
