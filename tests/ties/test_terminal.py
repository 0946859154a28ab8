import io

import pytest
from rich.console import Console

from multialign.report.terminal.ties import print_crude_paid, print_power, print_ties
from multialign.ties import crude_paid, ties
from multialign.ties.dependence import Dependence, Power


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
    assert "0.500" in text and "1.000" in text and "-" in text
