"""The assumptions that an answer rests on, each with its value and its source, in plain words."""

from __future__ import annotations

from multialign.respond import calibrate, levers, reaction
from multialign.respond.calibrate import Draws
from multialign.respond.model import Assumption
from multialign.respond.question import Question
from multialign.respond.standing import Standing


def assumptions(
    question: Question,
    standing: dict[str, Standing],
    discount: float,
    crude_share: float | None,
    sets: tuple[str, ...],
    draws: Draws,
) -> tuple[Assumption, ...]:
    """What must be granted for the answer to hold, in the order in which it matters to a reader."""
    i, j, k = question.focal, question.offerer, question.third
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
            value=f"{calibrate.REACH[0]:.0%} to {calibrate.REACH[1]:.0%}".replace("%", " %"),
            source="Head & Mayer (2014), Handbook of International Economics 4",
        ),
        Assumption(
            id="base",
            text="The world economy is that of 2022"
            + (f", with {j}'s share in {i}'s oil and gas imports as last observed" if crude_share is not None else "")
            + ". Labour moves between industries, not between countries; trade deficits stay.",
            value=f"{100 * crude_share:.1f} % of oil and gas" if crude_share is not None else "2022",
            source="OECD Inter-Country Input-Output tables; CEPII BACI",
        ),
        Assumption(
            id="elasticities",
            text="How readily buyers change suppliers is one of the published sets of elasticities, each as likely.",
            value=", ".join(sets),
            source="see data sources",
        ),
        Assumption(
            id="discount",
            text=f"At depth 1 {j}'s crude is again as cheap, next to other crude, as at its deepest discount since "
            f"2022; {j} bears the difference, and the rest of the lower price is easier trade."
            if discount > 0
            else f"{j} grants no discount on energy beyond today's; deeper energy ties mean lower trade costs.",
            value=f"{100 * discount:.1f} % of the price" if discount > 0 else "none",
            source="CEPII BACI, unit values by origin",
        ),
        Assumption(
            id="autonomy",
            text=f"What it would cost {i} in its own eyes to fall from evenly spread ties to one single partner; "
            "autonomy is lost as the Herfindahl index of its ties rises.",
            value=f"{draws.kappa.min():.2g} to {draws.kappa.max():.2g} % of real income",
            source=f"from {calibrate.AUTONOMY[0]:g} to {calibrate.AUTONOMY[1]:g} %, those under which today's ties "
            "make sense (see the last but one)",
        ),
        Assumption(
            id="reply",
            text=f"{k} minds any rise of the tie above today's, weighs what a tariff costs itself against what it "
            f"costs {i}, and would answer with {100 * reaction.OBSERVED:.0f} points once mean depth has risen so far.",
            value=f"by {calibrate.STEP_TO_REPLY[0]:g} to {calibrate.STEP_TO_REPLY[1]:g}",
            source="the reply on record is that of the United States to India, August 2025"
            + ("" if (i, k) == ("IND", "USA") else ", carried over to this case")
            + "; the step is assumed",
        ),
        Assumption(
            id="today",
            text=f"Today's depths are best replies to today's terms: {i} wanted neither less nor more, or {j} would "
            "not go further (even chances in arms and diplomacy). The weight of the tie itself is one of "
            "those for which that holds.",
            value=f"at most {100 * calibrate.INTANGIBLE:.0f} % of what the tie's trade is worth; "
            + (
                f"{100 * draws.kept:.0f} % of the candidates fit"
                if not draws.unexplained
                else f"nothing explains today's depth in {', '.join(draws.unexplained)}"
            ),
            source="revealed preference; the bound is assumed",
        ),
        Assumption(
            id="consent",
            text=f"{j} means what it says: in the domains that the offer opens it goes as far as {i} does.",
            value=", ".join(question.domains),
            source=question.provenance.get("domains", "given"),
        ),
    ]
    unknown = [s.domain for s in standing.values() if not s.known]
    if unknown:
        out.append(
            Assumption(
                id="no data",
                text=f"There are no data on {i} and {j} in these domains; they stay as they are.",
                value=", ".join(unknown),
                source="-",
            )
        )
    return tuple(out)
