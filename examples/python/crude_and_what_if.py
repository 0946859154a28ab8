"""What India paid for Russian crude, what that saved, and what it would buy at another discount.

python examples/python/crude_and_what_if.py
"""

from multialign.ties import break_even, crude_path, if_discount

path = crude_path("IND", "RUS", range(2021, 2025))
for y in path.years:
    print(f"{y.year}: {y.price:.1f} USD against {y.others_price:.1f}, saved {y.saving_to_others:,.0f} million USD")

more = if_discount("IND", "RUS", 2.0)
print(f"2 USD more off: {100 * more.share:.1f} % of barrels becomes {100 * more.share_after.central:.1f} %")

for point in break_even("IND", "RUS", "USA", [0.1, 0.25, 0.5], equilibrium=False).points:
    print(f"a tariff of {100 * point.tariff:.0f} points is paid for by {point.accounting_usd:.1f} USD a barrel")
