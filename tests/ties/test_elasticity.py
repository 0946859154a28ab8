"""The elasticity between origins: what is shipped, whether it can be made again, and how well it forecasts."""

import warnings

import numpy as np
import pytest

from multialign.errors import InputError
from multialign.ties import crude_data as data
from multialign.ties import crude_elasticity, if_discount, if_sanction, if_tariff_threat
from multialign.ties import redistribution as spread
from multialign.ties.embargoes import embargoed, ever_refused
from multialign.ties.estimate import combined, flow_table, with_zeros


def test_what_is_shipped_says_how_it_was_made():
    e = crude_elasticity()
    assert [x.method for x in e.estimates] == ["ppml", "ppml", "embargo", "combined"]
    assert e.used == "combined, 2015-2024" and e.low < e.sigma < e.high
    assert e.estimate("combined", 2024).sigma == e.sigma
    for x in e.estimates:
        assert x.se > 0 and x.low < x.sigma < x.high and x.flows > 100
    assert "pyfixest" in e.software and "BACI" in e.made_from
    assert e.sanction.refused_pct < -95  # an embargo ends nearly all of it
    assert e.sanction.displaced_pct > 0 > e.sanction.displaced_discount_pct  # what is left is cheaper, and bought


def test_published_figures_stand_beside():
    e = crude_elasticity()
    by_name = {p.name: p.sigma for p in e.published}
    assert by_name["CP"] == pytest.approx(14.53) and by_name["GTAP"] == 10.4
    assert all(p.source for p in e.published)
    assert e.estimate("ppml", 2024).sigma < min(by_name.values()) < e.sigma < max(by_name.values())
    assert e.estimate("embargo", 2024).sigma > e.sigma > np.median(list(by_name.values()))  # drawn upwards


def test_combined_by_hand():
    prior = np.log([p.sigma for p in crude_elasticity().published])
    nothing = combined(np.array([0.5, 1e6, -0.02, 1e4]), (2015, 2024), 1)  # evidence that says nothing
    assert nothing.sigma == pytest.approx(np.exp(prior.mean()), rel=0.01)
    sure = combined(np.array([0.8, 0.001, -0.1, 1e-5]), (2015, 2024), 1)  # evidence that says all: 0.8 / 0.1
    assert sure.sigma == pytest.approx(8.0, rel=0.01) and sure.high - sure.low < 0.5


def test_all_estimates_can_be_made_again():
    pytest.importorskip("pyfixest")
    from multialign.ties import estimate_crude

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        again = estimate_crude()
    for a, b in zip(again.estimates, crude_elasticity().estimates, strict=True):
        assert (a.method, a.years) == (b.method, b.years)
        assert a.sigma == pytest.approx(b.sigma, rel=1e-3, abs=1e-3)


def test_zeros_are_put_in_for_pairs_that_trade():
    table = flow_table(2019, 2021)
    full = with_zeros(table)
    assert len(full) == 3 * len(table[["buyer", "origin"]].drop_duplicates())
    assert full["tonnes"].sum() == pytest.approx(table["tonnes"].sum())
    with pytest.raises(InputError, match="2010 to 2024"):
        flow_table(2005, 2020)


def test_embargoes_by_law():
    assert embargoed("DEU", "RUS", 2021) == 0 and embargoed("DEU", "RUS", 2023) == 1
    assert embargoed("DEU", "RUS", 2022) == pytest.approx(27 / 365)
    assert embargoed("HUN", "RUS", 2023) == 0 and embargoed("USA", "RUS", 2022) == pytest.approx(254 / 365)
    assert embargoed("IND", "RUS", 2023) == 0 and embargoed("FRA", "IRN", 2014) == 1
    assert ever_refused("GBR", "RUS", 2024) and not ever_refused("CHN", "RUS", 2024)


@pytest.fixture(scope="module")
def errors():
    e = crude_elasticity()
    middle = float(np.median([p.sigma for p in e.published]))
    sigmas = {"ppml": e.estimate("ppml", 2021).sigma, "published": middle, "no price": 0.0}
    return {(x.model, x.year): x for x in spread.compare("RUS", (2022, 2023, 2024), sigmas)}


def mean(errors, model):
    return np.mean([errors[model, year].misplaced for year in (2022, 2023, 2024)])


def test_the_estimate_beats_fixed_shares_out_of_sample(errors):
    """Fitted on 2015-2021; given the prices, embargoes and sales of the year. See docs/explanation/crude.md."""
    for model in ("ppml, by custom", "ppml"):
        for year in (2022, 2023, 2024):
            assert errors[model, year].misplaced < errors["fixed shares", year].misplaced
        for year in (2023, 2024):
            assert errors[model, year].misplaced < errors["fixed shares, embargoes", year].misplaced
        assert mean(errors, model) < mean(errors, "fixed shares, embargoes") < mean(errors, "fixed shares")
    assert mean(errors, "ppml") < mean(errors, "by size")


def test_the_forecast_is_far_from_good_and_we_say_so(errors):
    # Nobody's shares before 2022 tell that India would take two fifths of Russian crude.
    for model in ("ppml", "published", "by size", "fixed shares, embargoes"):
        assert errors[model, 2023].misplaced > 0.3
        assert errors[model, 2023].shares["IND"] < 0.2 < errors[model, 2023].actual["IND"]
    # In the embargo's first year, which had three weeks of it, fixed shares do as well.
    assert errors["ppml", 2022].misplaced > errors["fixed shares, embargoes", 2022].misplaced - 0.01
    # What beats fixed shares is what buyers need and the law, hardly the price.
    for year in (2022, 2023, 2024):
        assert errors["ppml", year].misplaced == pytest.approx(errors["no price", year].misplaced, abs=0.005)
    # Once a trade has turned, it stays: who knows last year's shares does far better.
    assert errors["last year's", 2024].misplaced < 0.05


def test_earlier_embargoes_speak_for_the_larger_elasticity():
    """Iran 2012-2014 and 2019, from the years before; nothing of 2022 is in it."""
    e = crude_elasticity()
    sigmas = {"ppml": e.estimate("ppml", 2021).sigma, "published": float(np.median([p.sigma for p in e.published]))}
    for years, base in (((2012, 2013, 2014), (2010, 2011)), ((2019,), (2016, 2017))):
        for year in years:
            found = {x.model: x.misplaced for x in spread.compare("IRN", (year,), sigmas, base)}
            assert found["published"] < found["ppml"] < found["fixed shares, embargoes"]


def test_the_market_clears_and_nobody_buys_against_the_law():
    found = spread.forecast("RUS", 2023, 10.0)
    assert found.sum() == pytest.approx(spread.volumes("RUS", 2023).sum(), rel=1e-6)
    place = data.axis()
    assert found[place["DEU"]] == 0 and found[place["CHN"]] > 0
    with pytest.raises(InputError, match="later year"):
        spread.forecast("RUS", 2020, 10.0)
    with pytest.raises(InputError, match="several states"):
        spread.forecast("OPEC", 2023, 10.0)


def test_what_is_displaced_seeks_demand():
    """By hand: two buyers, one refuses; what it took goes to the other two by what they take elsewhere."""
    share, demand = np.array([0.5, 0.25, 0.0]), np.array([100.0, 80.0, 40.0])
    free, still = np.array([0.0, 1.0, 1.0]), np.zeros(3)
    found = spread.placed(share, still, demand, free, 70.0, 5.0)
    assert found == pytest.approx([0.0, 20 + 50 * 60 / 100, 50 * 40 / 100])
    short = spread.placed(share, still, demand, np.ones(3), 35.0, 5.0)  # less is sold than wanted: all get less
    assert short.sum() == pytest.approx(35.0) and (short[:2] < share[:2] * demand[:2]).all()


def test_a_discount_sells_more_and_its_end_less():
    more, less = if_discount("IND", "RUS", 3.0), if_discount("IND", "RUS", -3.0)
    assert more.share_after.central > more.share > less.share_after.central
    assert more.share_after.low < more.share_after.central < more.share_after.high  # by elasticity
    assert abs(more.short_run - more.share) < 0.01 < more.share_after.central - more.share
    # By hand: odds x (price ratio) ^ -sigma.
    e = crude_elasticity().sigma
    price = 78.182
    odds = more.share / (1 - more.share) * ((price - 3) / price) ** -e
    assert more.share_after.central == pytest.approx(odds / (1 + odds), rel=1e-4)
    with pytest.raises(InputError, match="leaves a price"):
        if_discount("IND", "RUS", 90.0)
    with pytest.raises(InputError, match="no crude from"):
        if_discount("IND", "NZL", 1.0)


def test_a_threat_is_a_cost_on_each_barrel():
    found = if_tariff_threat("IND", "RUS", 0.25, 87_900, probability=0.1)
    assert found.price_change == pytest.approx(0.1 * 0.25 * 87_900 / found.barrels)
    assert found.share_after.central < found.share
    with pytest.raises(InputError, match="probability"):
        if_tariff_threat("IND", "RUS", 0.25, 1000, probability=2.0)


def test_when_others_refuse_the_rest_take_it_cheaper():
    found = if_sanction("RUS", ("CHN",), "IND")
    assert found.share_after.central > found.share and found.price_change < 0
    assert found.share_after.low == pytest.approx(found.share_after.high, rel=1e-6)  # the law places it, not the price
    assert found.share_after.central < 0.7  # all others under no embargo take their part
    with pytest.raises(InputError, match="among those who refuse"):
        if_sanction("RUS", ("IND",), "IND")
