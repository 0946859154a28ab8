"""Whom India depends on and who depends on China: looked up, and solved for.

python examples/python/who_leans_on_whom.py
"""

from multialign.ties import leaners, leaning, ties

india = ties("IND", with_=["RUS", "USA", "CHN", "EU27"], dependence=True)
for cut in india.dependence:
    name = india.partners[cut.partner]
    print(f"without {name}: India {-cut.loss_pct:+.2f} %, {name} {-cut.partner_loss_pct:+.2f} %")

m = india.summary.multi_alignment
print(f"multi-alignment {m.overall:.2f}, rank {m.rank} of {m.of}")

top = leaners("CHN").head(5)
print("lean on China:", ", ".join(f"{s} {100 * x:+.0f}" for s, x in zip(top["state"], top["lean"], strict=True)))
print(leaning("RUS", "CHN", deeper_with="IND").text)
