import io

import pytest
from rich.console import Console

from multialign.report.terminal.break_even import print_break_even
from multialign.report.terminal.crude import print_crude_paid, print_crude_path, print_elasticity, print_response
from multialign.report.terminal.power import print_power
from multialign.report.terminal.ties import print_ties
from multialign.ties import Power, break_even, crude_elasticity, crude_paid, crude_path, if_discount, ties
from multialign.ties.dependence import Dependence


def shown(printer, value, width):
    out = io.StringIO()
    printer(value, Console(file=out, width=width, no_color=True))
    return out.getvalue()


@pytest.mark.parametrize("width", [80, 160])
def test_ties_show_units_accounts_and_direction(width):
    text = shown(print_ties, ties("IND", with_=["RUS", "USA", "CHN"]), width)
    for word in ("Imports", "Exports", "Balance", "Depth", "USD", "TIV", "observed", "estimated", "Herfindahl"):
        assert word in text
    assert "↑ +28.5" in text and "↓ -14.4" in text and "56,715" in text
    assert "…" not in text and max(map(len, text.splitlines())) <= width
    assert ("% of partner's" in text) == (width == 160)


def test_ties_without_figures_print():
    text = shown(print_ties, ties("TWN", with_=["USA", "AUT"]), 80)
    assert "no votes" in text.replace("\n", " ")


def test_crude_marks_prices_that_cannot_be():
    text = shown(print_crude_paid, crude_paid("IND", 2023), 80)
    assert "393.5?" in text and "not credible" in text and "…" not in text


def test_power_shows_both_sides():
    row = Dependence(
        state="AAA",
        partner="BBB",
        cut="all",
        industries=(),
        loss_pct=0.5,
        partner_loss_pct=1.0,
        loss_usd=10,
        partner_loss_usd=5,
        leverage=None,
    )
    text = shown(print_power, Power(world="w", elasticities="median", pairs=(row,)), 80)
    assert "0.500" in text and "1.000" in text and text.index("BBB") < text.index("AAA")  # who loses more stands first


@pytest.mark.parametrize("width", [80, 150])
def test_crude_year_by_year(width):
    text = shown(print_crude_path, crude_path("IND", "RUS", range(2022, 2025)), width)
    assert "94.1" in text and "+10.6" in text and "Saving" in text and "slope" in text
    assert ("6.5 to 14.7" in text) == (width == 150)
    assert "…" not in text


def test_crude_by_origin_says_what_it_contains():
    text = shown(print_crude_paid, crude_paid("IND", 2023), 150)
    assert "Iraq" in text and "freight" in text and "Grades differ" in text and "BACI" in text


def test_answers_and_estimates():
    text = shown(print_response, if_discount("IND", "RUS", 2.0), 120)
    assert "2 USD a barrel more off" in text and "Elasticity of substitution" in text
    text = shown(print_elasticity, crude_elasticity(), 100)
    for word in ("ppml", "combined", "embargo", "Published", "GTAP", "Caliendo"):
        assert word in text


def test_break_even_both_ways():
    text = shown(print_break_even, break_even("IND", "RUS", "USA", 0.25, equilibrium=False), 100)
    assert "32.6" in text and "observed" in text and "estimated" in text


def test_parts_are_shown_on_request():
    india = ties("IND", with_=["RUS"])
    out = io.StringIO()
    print_ties(india, Console(file=out, width=120, no_color=True), parts=True)
    assert "crude" in out.getvalue() and "intermediate" in out.getvalue() and "Tariffs on goods" in out.getvalue()
