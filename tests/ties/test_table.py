"""All pairs at once, tariffs both ways, statements, evenness over time, and who leans on whom."""

import time

import numpy as np
import pandas as pd
import pytest

from multialign.errors import InputError
from multialign.ties import leaners, leaning, ties, ties_array, ties_table
from multialign.ties.table import COLUMNS
from multialign.world import load_world


@pytest.fixture(scope="module")
def table():
    return ties_table()


def row(table, state, partner, domain, item="all", period=None):
    found = table[(table["state"] == state) & (table["partner"] == partner) & (table["domain"] == domain)]
    found = found[found["item"] == item]
    if period is not None:
        found = found[found["period"] == period]
    assert len(found) == 1
    return found.iloc[0]


def test_every_ordered_pair_in_every_domain(table):
    assert list(table.columns) == list(COLUMNS)
    assert len(table) == 5 * 80 * 79
    assert not table.duplicated(["state", "partner", "domain", "item", "period"]).any()
    assert (table["state"].astype(str) != table["partner"].astype(str)).all()
    assert set(table["status"]) == {"observed", "estimated"} and table["source"].notna().all()


def test_it_says_what_the_look_up_says(table):
    india = ties("IND", with_=["RUS", "USA"])
    for partner in ("RUS", "USA"):
        for domain in ("trade", "energy", "arms", "technology"):
            one, tie = row(table, "IND", partner, domain), india.tie(partner, domain)
            assert one["imports"] == pytest.approx(tie.imports)
            assert one["share_of_imports"] == pytest.approx(tie.share_of_imports)
            assert one["depth"] == pytest.approx(tie.depth) and one["period"] == tie.period
            if tie.exports is None:
                assert np.isnan(one["exports"])
            else:
                assert one["exports"] == pytest.approx(tie.exports)
            if tie.change is not None:
                assert one["change"] == pytest.approx(tie.change.value)
        votes = row(table, "IND", partner, "diplomacy")
        assert votes["distance"] == pytest.approx(india.tie(partner, "diplomacy").distance)
        assert votes["depth"] == pytest.approx(india.tie(partner, "diplomacy").depth)
    assert row(table, "IND", "RUS", "energy")["tonnes"] > 1e8


def test_parts_and_history():
    energy = ties_table("energy", parts=True, history=True)
    crude = row(energy, "IND", "RUS", "energy", "crude", "2023")
    assert crude["share_of_imports"] == pytest.approx(0.347, abs=0.001)
    assert len(set(energy["period"])) == 10
    trade = ties_table("trade", parts=True)
    assert {"goods", "services", "intermediate", "final", "C26", "K"} <= set(trade["item"])
    pair = trade[(trade["state"] == "IND") & (trade["partner"] == "USA")].set_index("item")["imports"]
    assert (
        pair["goods"] + pair["services"]
        == pytest.approx(pair["all"])
        == pytest.approx(pair[["intermediate", "final"]].sum())
    )
    arms = ties_table("arms", history=True)
    shares = [
        row(arms, "IND", "RUS", "arms", period=p)["share_of_imports"] for p in ("2010-2014", "2015-2019", "2020-2024")
    ]
    assert shares == sorted(shares, reverse=True)


def test_the_whole_table_is_quick():
    ties_table()
    start = time.process_time()
    found = ties_table(parts=True, history=True)
    assert time.process_time() - start < 5 and len(found) > 900_000


def test_labelled_arrays():
    energy = ties_array("energy", parts=True)
    assert energy["imports"].dims == ("item", "period", "state", "partner")
    one = float(energy["imports"].sel(item="crude", period="2024", state="IND", partner="RUS"))
    assert one == pytest.approx(52_728, rel=1e-3)
    assert energy["exports"].sel(item="all", state="RUS", partner="IND", period="2024").item() == pytest.approx(
        energy["imports"].sel(item="all", state="IND", partner="RUS", period="2024").item()
    )
    votes = ties_array("diplomacy")
    assert votes["distance"].sel(state="IND", partner="RUS", period="2024") == votes["distance"].sel(
        state="RUS", partner="IND", period="2024"
    )
    with pytest.raises(InputError, match="nearest known is 'energy'"):
        ties_array("enrgy")


def test_tariffs_both_ways():
    found = ties("IND", with_=["USA", "EU27"]).tariffs
    assert [(t.importer, t.exporter) for t in found] == [
        ("IND", "USA"),
        ("USA", "IND"),
        ("IND", "EU27"),
        ("EU27", "IND"),
    ]
    levied, faced = found[:2]
    world = load_world()
    goods = [s for s in world.sectors if float(world.data["tariff"].sel(sector=s).max()) > 0]
    trade = world.trade.sel(importer="USA", exporter="IND", sector=goods)
    rate = world.data["tariff"].sel(importer="USA", exporter="IND", sector=goods)
    assert faced.weighted <= 100 * float((trade * rate).sum() / trade.sum()) + 1e-9
    assert levied.weighted > faced.weighted > 0 and faced.by_exports > 0
    assert faced.added is not None and faced.added_month == "2026-08" and levied.added is None
    assert max(p.value for p in faced.added_path) == pytest.approx(43.03)
    assert all(t.year == 2021 and t.source for t in found)


def test_statements_are_counted_both_ways():
    record = [
        {"date": "2025-12-01", "source": "RUS", "target": "IND", "valence": 6.0},
        {"date": "2025-12-02", "source": "IND", "target": "RUS", "valence": 3.0},
        {"date": "2025-12-03", "source": "IND", "target": "RUS", "valence": -2.0},
        {"date": "2024-01-01", "source": "RUS", "target": "IND", "valence": -1.0},
        {"date": None, "source": "RUS", "target": "IND", "valence": 9.0},
        {"date": "2025-12-01", "source": "DEU", "target": "IND", "valence": -4.0},
    ]
    found = ties("IND", with_=["RUS", "EU27"], record=record)
    years = found.tie("RUS", "diplomacy").statements
    assert [y.year for y in years] == [2024, 2025]
    now = years[-1]
    assert (now.cooperation, now.conflict, now.from_cooperation, now.from_conflict) == (1, 1, 1, 0)
    assert now.balance == pytest.approx(7 / 3)
    assert found.tie("EU27", "diplomacy").statements[0].from_conflict == 1  # a member speaks for the union
    assert ties("IND", with_=["RUS"]).tie("RUS", "diplomacy").statements is None
    with pytest.raises(InputError, match="has no column 'valence'"):
        ties("IND", with_=["RUS"], record=pd.DataFrame({"date": ["2025"], "source": ["RUS"], "target": ["IND"]}))
    with pytest.raises(InputError, match="found 'warm'"):
        ties("IND", with_=["RUS"], record=[{**record[0], "valence": "warm"}])


def test_evenness_and_concentration_over_time():
    summary = ties("IND", with_=["RUS"]).summary
    arms = next(e for e in summary.multi_alignment.by_domain if e.domain == "arms")
    assert arms.path[-1].evenness == pytest.approx(arms.evenness) and arms.path[-1].rank == arms.rank
    assert arms.change == pytest.approx(arms.path[-1].evenness - arms.path[-2].evenness) and arms.change > 0
    energy = next(e for e in summary.multi_alignment.by_domain if e.domain == "energy")
    assert energy.change == pytest.approx(energy.path[-1].evenness - energy.path[-6].evenness)
    held = {c.domain: c for c in summary.concentration}
    assert held["arms"].path[-1].value == pytest.approx(held["arms"].herfindahl)
    assert held["arms"].path[-1].value < held["arms"].path[-3].value  # India buys arms from more hands
    assert 1 <= held["arms"].rank <= held["arms"].of and held["trade"].path is None


def test_who_leans_on_china(table):
    found = leaners("CHN")
    assert found["lean"].is_monotonic_decreasing and len(found) == 79
    assert found[found["state"] == "RUS"]["lean"].item() > 0.1
    assert row(table, "RUS", "CHN", "trade")["lean"] == pytest.approx(-row(table, "CHN", "RUS", "trade")["lean"])


def test_deeper_ties_elsewhere_lessen_dependence():
    found = leaning("RUS", "CHN", "IND")
    assert found.before.loss_pct > found.after.loss_pct > 0
    assert found.after.share_of_exports < found.before.share_of_exports
    assert found.income_pct["RUS"] > 0 and found.income_pct["IND"] > 0
    assert "less" in found.text and found.to_dict()["kind"] == "leaning"
    assert found.before.leverage < 1 < 1 / found.before.leverage  # China loses far less than Russia
    with pytest.raises(InputError, match="overlap"):
        leaning("FRA", "EU27", "IND")
    with pytest.raises(InputError, match="factor"):
        leaning("RUS", "CHN", "IND", factor=0)


def test_a_long_table_of_one_state():
    found = ties("IND", with_=["RUS"]).to_frame()
    crude = found[(found["item"] == "crude") & (found["period"] == "2021")]
    assert crude["share_of_imports"].item() == pytest.approx(0.009, abs=0.0005)
    assert not found.duplicated(["partner", "domain", "item", "period"]).any()
