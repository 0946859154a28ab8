"""The assumptions that an answer rests on, each with its value and its source, in plain words."""

from __future__ import annotations

import numpy as np

from multialign.respond import levers
from multialign.respond.axes import DENIED, FINANCE, SECONDARY
from multialign.respond.calibrate import Draws
from multialign.respond.model import Assumption
from multialign.respond.ranges import UNKNOWNS
from multialign.respond.surface import Surface
from multialign.ties.actors import actor


def assumptions(surface: Surface, draws: Draws) -> tuple[Assumption, ...]:
    """What must be granted for the answer to hold, in the order in which it matters to a reader."""
    q = surface.question
    i, j, k = q.focal, q.offerer, q.third
    given = dict.fromkeys(q.weights, "given by the user")
    share = surface.oil_share.get(j)
    discount = surface.discount[j]
    record = next((p.record for p in q.all_pressures if p.by == k), q.all_pressures[0].record)
    named = next((p for p in q.all_pressures if p.by == k), q.all_pressures[0])
    out = [
        Assumption(
            id="depth",
            text="A depth of 1 ('without limits') means: trade, energy and technology between the two double at given "
            "prices; arms reach the share that the deepest ties of today have, as far as the offerer's exports go; "
            "diplomacy means voting alike. A depth of 0 means none at all.",
            value=f"factor {levers.FULL_DEPTH_FACTOR:g}",
            source="Baier & Bergstrand (2007), Journal of International Economics 71; SIPRI; UN votes",
        ),
        Assumption(
            id="reach",
            text="Of what 'without limits' promises in trade, energy and technology only a part arrives: agreements "
            "differ widely in the trade that they create. Each draw takes a part from the range.",
            value=_pct(draws.reach),
            source=given.get("reach", "Head & Mayer (2014), Handbook of International Economics 4"),
        ),
        Assumption(
            id="base",
            text=f"The world economy is that of {surface.year}"
            + (f", with {j}'s share in {i}'s oil and gas imports as last observed" if share is not None else "")
            + ". Labour moves between industries, not between countries; trade deficits stay.",
            value=f"{100 * share:.1f} % of oil and gas" if share is not None else str(surface.year),
            source="OECD Inter-Country Input-Output tables; CEPII BACI",
        ),
        Assumption(
            id="elasticities",
            text="How readily buyers change suppliers is one of the published sets of elasticities, each as likely.",
            value=", ".join(surface.sets),
            source="see data sources",
        ),
        Assumption(
            id="oil",
            text="Gains and losses in energy are those of the base year times the price of oil now against then.",
            value="{1:.2f} ({0:.2f} to {2:.2f})".format(*np.quantile(draws.oil, [0.1, 0.5, 0.9])),
            source=given.get("oil", UNKNOWNS["oil"].source),
        ),
        Assumption(
            id="data",
            text="Effects on real income in trade, energy and technology are each off by a common factor.",
            value=f"{draws.data.min():.2f} to {draws.data.max():.2f}",
            source=UNKNOWNS["data"].source,
        ),
        Assumption(
            id="discount",
            text=f"At depth 1 {j}'s crude is again as cheap, next to other crude, as at its deepest discount since "
            f"2022; {j} bears the difference, and the rest of the lower price is easier trade."
            if discount[1] > 0
            else f"{j} grants no discount on energy beyond today's; deeper energy ties mean lower trade costs.",
            value=f"{100 * discount[1]:.1f} % of the price ({100 * discount[0]:.1f} to {100 * discount[2]:.1f})"
            if discount[1] > 0
            else "none",
            source="given"
            if any(o.discount is not None for o in q.all_offers)
            else "CEPII BACI, unit values by origin",
        ),
        Assumption(
            id="autonomy",
            text=f"What it would cost {i} in its own eyes to fall from evenly spread ties to one single partner; "
            "autonomy is lost as the Herfindahl index of its ties rises.",
            value=f"{draws.autonomy.min():.2g} to {draws.autonomy.max():.2g} % of real income",
            source=given.get(
                "autonomy",
                f"from {UNKNOWNS['autonomy'].low:g} to {UNKNOWNS['autonomy'].high:g} %, those "
                "under which today's ties make sense (see 'today')",
            ),
        ),
        Assumption(
            id="reply",
            text=f"{k} minds any rise of the tie above "
            + ("what it demands" if named.demand else "today's")
            + f", weighs what a reply costs itself against what it costs {i}, and answers with a {record.kind} of "
            f"{100 * record.size:.0f} % once mean depth has risen so far."
            if named.replies
            else f"{k} looks on and does not answer.",
            value=f"by {draws.step[:, 0].min():.2f} to {draws.step[:, 0].max():.2f}" if named.replies else "no reply",
            source="the reply on record is that of the United States to India, August 2025"
            + ("" if (i, k) == ("IND", "USA") else ", carried over to this case")
            + "; the step is assumed",
        ),
        Assumption(
            id="sanctions",
            text="Besides its tariff a third power may sell less technology, make payments and shipping between the "
            "two dearer, or do so for energy between focal state and offerer; each costs it at least so much that the "
            "reply on record was its choice.",
            value=f"up to {DENIED:.0%} of technology, {FINANCE:.0%} and {SECONDARY:.0%} on trade costs".replace(
                "%", " %"
            ),
            source="revealed preference; the upper end of the cost is assumed",
        ),
        Assumption(
            id="counter-offer",
            text=f"A third power may outbid: it eases its own trade with {i} if no tie deepens. What it would pay to "
            "undo the rise is at least what its reply on record cost it; each dollar that it gives costs it:",
            value=f"{draws.outbid.min():.2g} to {draws.outbid.max():.2g} USD"
            if any(p.counter_offer for p in q.all_pressures)
            else "no counter-offers",
            source="assumed",
        ),
        Assumption(
            id="today",
            text=f"Today's depths are best replies to today's terms: {i} wanted neither less nor more, or {j} would "
            "not go further (even chances in arms and diplomacy). The weight of the tie itself is one of "
            "those for which that holds.",
            value=f"at most {100 * UNKNOWNS['tie'].high:.0f} % of what the tie's trade is worth; "
            + (
                f"{100 * draws.kept:.0f} % of the draws fit"
                if not draws.unexplained
                else f"nothing explains today's depth in {', '.join(f'{d} ({c})' for c, d in draws.unexplained)}"
            ),
            source="revealed preference; the bound is assumed",
        ),
        Assumption(
            id="consent",
            text=f"{j} means what it says: in the domains that the offer opens it goes as far as {i} does."
            if q.all_offers[0].consent == "word"
            else f"{j} goes only as far as pays for itself: what happens is the lesser of what both want.",
            value=", ".join(q.domains),
            source=q.provenance.get("domains", "given"),
        ),
    ]
    for o in q.all_offers:
        unknown = [d for d, s in surface.standing[o.by].items() if not s.known]
        if unknown:
            out.append(
                Assumption(
                    id="no data",
                    text=f"There are no data on {i} and {actor(o.by).name} in these domains; they stay as they are.",
                    value=", ".join(unknown),
                    source="-",
                )
            )
    return tuple(out)


def _pct(x: np.ndarray) -> str:
    return f"{100 * x.min():.0f} % to {100 * x.max():.0f} %"
