import pytest

from multialign.errors import InputError
from multialign.ties import crude_from, crude_paid, crude_path

PUBLISHED = {  # year: price of Russian crude, all, others (USD a barrel), Russia's share of value (%)
    2022: (94.1, 97.1, 97.6, 14.8),
    2023: (74.6, 81.2, 85.2, 34.7),
    2024: (78.2, 79.8, 80.8, 37.2),
}


@pytest.mark.parametrize("year", PUBLISHED)
def test_prices_that_india_paid(year):
    russian, everyone, others, share = PUBLISHED[year]
    paid = crude_paid("IND", year)
    russia = paid.origin("RUS")
    assert russia.price == pytest.approx(russian, abs=0.05)
    assert paid.price == pytest.approx(everyone, abs=0.05)
    assert russia.others_price == pytest.approx(others, abs=0.05)
    assert 100 * russia.share_of_value == pytest.approx(share, abs=0.05)


def test_share_before_the_war():
    assert 100 * crude_paid("IND", 2021).origin("RUS").share_of_value == pytest.approx(0.9, abs=0.05)


def test_identities_of_price_discount_and_saving():
    paid = crude_paid("IND", 2024)
    assert sum(o.value for o in paid.origins) == pytest.approx(paid.value)
    assert sum(o.barrels for o in paid.origins) == pytest.approx(paid.barrels)
    assert sum(o.share_of_value for o in paid.origins) == pytest.approx(1.0)
    o = paid.origin("RUS")
    assert o.discount_to_others == pytest.approx(o.others_price - o.price)
    assert o.discount_to_brent == pytest.approx(paid.brent - o.price)
    assert o.saving_to_others == pytest.approx(o.discount_to_others * o.barrels)
    # The price of all is the average of both sides, weighted by barrels.
    blend = o.share_of_barrels * o.price + (1 - o.share_of_barrels) * o.others_price
    assert blend == pytest.approx(paid.price)


def test_path_and_trend():
    path = crude_path("IND", "RUS")
    assert [y.year for y in path.years] == list(range(2015, 2025))
    assert path.window == (2022, 2024)
    assert path.trend == "narrowing" and path.slope < -0.5
    assert path.latest_change == pytest.approx(path.years[-1].discount_to_others - path.years[-2].discount_to_others)
    assert path.latest_change < -7
    assert "2.6 less" in path.text and "narrowed" in path.text
    widening = crude_path("IND", "RUS", range(2022, 2024))
    assert widening.trend == "widening" and widening.window == (2022, 2023)


def test_a_wrong_weight_is_screened():
    paid = crude_paid("IND", 2023)
    malaysia, russia = paid.origin("MYS"), paid.origin("RUS")
    assert malaysia.credible is False and malaysia.price > 2 * paid.brent
    assert russia.credible is True
    assert russia.discount_screened == pytest.approx(russia.others_price_screened - russia.price)
    assert russia.discount_to_others - russia.discount_screened > 1.0


def test_the_union_as_buyer_buys_from_outside():
    paid = crude_paid("EU27", 2024)
    assert not {"DEU", "NLD", "FRA"} & {o.origin for o in paid.origins}
    assert paid.origin("NOR").share_of_value > 0.05


def test_no_purchase_is_no_error_on_the_path():
    path = crude_path("STP", "RUS")
    assert path.years == () and path.trend is None and path.window is None
    assert "no crude" in path.text


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: crude_paid("IND", 2009), "2010 to 2024"),
        (lambda: crude_paid("IND", "2020"), "2010 to 2024"),
        (lambda: crude_paid("INDI", 2020), "nearest known is 'IND'"),
        (lambda: crude_paid("ROW", 2020), "not a state"),
        (lambda: crude_path("IND", "IND"), "buyer"),
        (lambda: crude_path("EU27", "DEU"), "part of it"),
        (lambda: crude_path("IND", "OPAC"), "nearest known is 'OPEC'"),
        (lambda: crude_from("IND", "CHE"), "no crude from 'CHE' in 2024; it bought from: RUS"),
        (lambda: crude_path("IND", "RUS", window=1), "two years"),
        (lambda: crude_paid("IND", 2024).origin("CHE"), "no crude from 'CHE'"),
    ],
)
def test_errors(call, message):
    with pytest.raises(InputError, match=message):
        call()


def test_every_origin_has_its_name():
    paid = crude_paid("IND", 2023)
    assert [o.origin for o in paid.origins[:3]] == ["RUS", "IRQ", "SAU"]
    assert paid.origin("IRQ").name == "Iraq" and paid.buyer_name == "India"
    assert sum(o.value for o in paid.origins) == pytest.approx(140_000, rel=0.01)
    assert crude_paid("Iraq", 2023).buyer == "IRQ"  # states beyond the World can buy and sell crude, too


def test_saving_of_2023_is_near_seven_billion_and_far_less_after():
    by_year = {y.year: y for y in crude_path("IND", "RUS").years}
    assert by_year[2023].saving_to_others == pytest.approx(7000, rel=0.05)
    assert by_year[2024].saving_to_others < 0.3 * by_year[2023].saving_to_others


def test_intervals_hold_the_figure_and_come_from_the_scatter():
    from multialign.ties.crude_data import SIZES, scatter

    assert scatter().shape == (len(SIZES),)
    assert scatter()[0] > scatter()[3] > scatter()[-1] > 0.02  # large flows are recorded better
    for y in crude_path("IND", "RUS").years:
        assert y.discount_low < y.discount_to_others < y.discount_high
        assert y.saving_low == pytest.approx(y.discount_low * y.barrels)
    by_year = {y.year: y for y in crude_path("IND", "RUS").years}
    width = {t: y.discount_high - y.discount_low for t, y in by_year.items()}
    assert width[2023] < width[2019]  # 89 million tonnes against 3
    assert by_year[2023].discount_low > 0 > by_year[2024].discount_low


def test_the_usual_discount_is_of_the_years_before():
    russia = crude_paid("IND", 2023).origin("RUS")
    assert russia.usual_basis == "this buyer" and 0 < russia.usual_discount < 5
    assert russia.discount_beyond_usual == pytest.approx(russia.discount_to_others - russia.usual_discount)
    assert crude_paid("LKA", 2023).origins[0].usual_basis in ("this buyer", "all buyers")


def test_the_slope_has_an_interval():
    path = crude_path("IND", "RUS")
    assert path.slope_low < path.slope < path.slope_high
    assert any("Free on board" in line for line in crude_paid("IND", 2024).contains)


def test_look_ups_are_quick():
    import time

    crude_path("IND", "RUS"), crude_paid("IND", 2024)
    start = time.process_time()
    crude_path("CHN", "RUS")
    crude_paid("CHN", 2023)
    assert time.process_time() - start < 0.4  # two look-ups


def test_groups_buy_and_sell():
    opec = crude_from("IND", "OPEC", 2023)
    members = ("IRQ", "SAU", "ARE", "KWT", "NGA", "VEN", "IRN", "LBY", "DZA", "GAB", "COG", "GNQ")
    paid = {o.origin: o for o in crude_paid("IND", 2023).origins}
    from multialign.world.groups import members as of

    assert opec.value == pytest.approx(sum(paid[m].value for m in of("OPEC") if m in paid)) and set(members) >= {"IRQ"}
    g7 = crude_paid("G7", 2023)
    assert g7.buyer == "G7" and not {o.origin for o in g7.origins} & set(of("G7"))
    others = crude_path("DEU", "EU27")
    assert all(y.name == "European Union (other members)" for y in others.years)


def test_a_premium_is_called_one():
    path = crude_path("IND", "SAU", range(2022, 2025))
    if all(y.discount_to_others < 0 for y in path.years):
        assert "premium" in path.text and "discount" not in path.text


def test_wrong_and_missing_weights_are_mended():
    from multialign.ties import crude_data as data

    raw, mended = data.cube()[2, data.year_place(2023)], data.tonnage()[data.year_place(2023)]
    thailand, russia, india = (data.axis()[c] for c in ("THA", "RUS", "IND"))
    outside = [k for k in range(raw.shape[0]) if k != thailand]
    assert raw[thailand, outside].sum() > 3 * mended[thailand].sum() > 0  # recorded at a fifth of any price
    assert mended[india, russia] == pytest.approx(raw[india, russia], rel=0.01)
    assert (mended >= 0).all() and (mended.diagonal() == 0).all()
