"""The answer in sentences, by rule: the answer first, each number with its band, and plain where the draws differ."""

from __future__ import annotations

from multialign.reading.model import Reading
from multialign.report import numbers as n
from multialign.report.names import spoken, with_names
from multialign.report.words_more import KINDS
from multialign.respond.model import Answer, BreakEven, Choice, Depth, Payoff

NOTICEABLE_MINORITY = 0.15
"""Share of the draws from which a minority is named in the headline."""
LEAST_COST = 0.0005
"""Per cent of real income below which the cost of the reply is not told."""
ALIKE = 0.03
"""Minorities that differ by less are named together."""
MOVED = 0.02
"""A depth that differs from today's by less counts as staying (the same as in `respond`)."""
UNSURE = 0.005
"""Per cent of real income on both sides of zero from which the sign of a gain is called open."""
LEAST_KIND = 0.01
"""Share of the draws from which a kind of reply is named."""
ANSWERS = {"cut": "cutting all ties", "stay": "staying as today", "answer": "this answer", "all": "going all the way"}
WAYS = {"further": "going further", "stay": "staying as today", "back": "stepping back"}


def headline(answer: Answer) -> tuple[str, str]:
    """The answer in two sentences: what to do and how sure that is; what it is worth."""
    return _what_to_do(answer), _what_it_is_worth(answer)


def no_offer(reading: Reading, focal: str) -> tuple[str, str]:
    """The two sentences of a brief on a text that offers nothing to the focal state."""
    me, count = spoken(focal), len(reading.statements)
    first = f"The text holds no offer to {me}, so there is nothing for it to answer."
    about = sum(focal in (s.source, s.target) for s in reading.statements)
    what = f"{count} statement{'s' if count != 1 else ''}" if count else "no statement that could be coded"
    second = f"It holds {what}, {about if about else 'none'} of them on {me}" if count else f"It holds {what}"
    others = [o for o in reading.offers if o.target != focal]
    if others:
        pairs = n.joined([f"{spoken(o.source)} to {spoken(o.target)}" for o in others[:4]])
        second += f"; the offer{'s' if len(others) > 1 else ''} in it {'are' if len(others) > 1 else 'is'} from {pairs}"
    return first, n.sentence(second)


def _what_to_do(answer: Answer) -> str:
    q = answer.question
    known = {d: x for d, x in answer.depth.items() if x.known and (x.open or x.verdict == "back")}
    agreed = {v: [d for d, x in known.items() if x.verdict == v] for v in ("further", "stay", "back")}
    split = [d for d, x in known.items() if x.verdict == "open"]
    clauses = []
    if agreed["further"]:
        said = [_with_distance(d, known[d], len(agreed["further"])) for d in agreed["further"]]
        clauses.append(f"go further than today in {n.joined(said)}")
    if agreed["stay"]:
        clauses.append(f"stay as deep as today in {n.joined(agreed['stay'])}")
    if agreed["back"]:
        clauses.append(f"step back in {n.joined(agreed['back'])}")
    if not known:
        return (
            f"There are no data on any domain that {possessive_of(q.offerer)} offer opens, so no answer can be given."
        )
    if not clauses:
        return n.sentence(
            f"the draws do not agree on how far {spoken(q.focal)} should go with {spoken(q.offerer)}: "
            f"{_split(split, known)}"
        )
    text = f"{spoken(q.focal)} should {n.joined(clauses)} with {spoken(q.offerer)}"
    if split:
        return n.sentence(f"{text}; on the rest the draws do not agree: {_split(split, known)}")
    return n.sentence(f"{text}; {_how_sure(known)}")


def _with_distance(domain: str, x: Depth, many: int) -> str:
    if many > 2 or x.today >= 1.0:
        return domain

    def way(depth: float) -> float:
        return min(max((depth - x.today) / (1.0 - x.today), 0.0), 1.0)

    low, middle, high = (n.share(way(v)) for v in (x.low, x.pick, x.high))
    far = "all the way" if middle == "100 %" else f"{middle} of the way to 'without limits'"
    return f"{domain} ({far})" if low == high else f"{domain} ({far}; 80 % band {low} to {high})"


def _split(domains: list[str], depths: dict[str, Depth]) -> str:
    return n.joined([f"in {d} {_shares_of_ways(depths[d])}" for d in domains])


def _shares_of_ways(x: Depth) -> str:
    stay = max(1.0 - x.further - x.back, 0.0)
    ways = sorted((("further", x.further), ("stay", stay), ("back", x.back)), key=lambda w: -w[1])
    first, *rest = [w for w in ways if w[1] >= 0.005]
    text = f"{WAYS[first[0]]} is best in {n.share(first[1])} of the draws"
    return f"{text} and {n.joined([f'{WAYS[w]} in {n.share(v)}' for w, v in rest])}" if rest else text


def _minority(x: Depth) -> tuple[str, float]:
    """The most frequent way other than the verdict, and its share of the draws."""
    stay = max(1.0 - x.further - x.back, 0.0)
    ways = {"further": x.further, "stay": stay, "back": x.back}
    ways.pop(x.verdict, None)
    best = max(ways, key=lambda w: ways[w])
    return best, ways[best]


def _how_sure(known: dict[str, Depth]) -> str:
    least = max(known, key=lambda d: _minority(known[d])[1])
    way, size = _minority(known[least])
    if size >= NOTICEABLE_MINORITY:
        others = [_minority(x) for x in known.values()]
        if len(known) > 1 and all(w == way and size - v <= ALIKE for w, v in others):
            low = min(v for _, v in others)
            span = (
                n.share(size)
                if n.share(low) == n.share(size)
                else f"{n.share(low).removesuffix(' %')} to {n.share(size)}"
            )
            return f"{WAYS[way]} is best in {span} of the draws"
        where = f"least sure is {least}, where" if len(known) > 1 else "but"
        return f"{where} {WAYS[way]} is best in {n.share(size)} of the draws"
    if size < 0.005:
        return "all draws agree" if len(known) == 1 else "all draws agree, in every domain"
    return f"at least {n.share(1.0 - size)} of the draws agree" + ("" if len(known) == 1 else " in every domain")


def moves(answer: Answer) -> bool:
    """Whether the answer differs from staying as today in any domain."""
    return any(abs(x.pick - x.today) > MOVED for x in answer.depth.values())


def is_all(answer: Answer) -> bool:
    """Whether the answer is to go all the way in every domain that can be deepened."""
    far = answer.payoffs["all"].depths
    return moves(answer) and all(abs(x.pick - far[d]) <= MOVED for d, x in answer.depth.items())


def _what_it_is_worth(answer: Answer) -> str:
    q = answer.question
    whole, cut = _own(answer.payoffs["all"]), _own(answer.payoffs["cut"])
    income = f"of {possessive_of(q.focal)} real income a year"
    if is_all(answer):
        text = f"going all the way is worth {n.percent_band(whole.total)} {income}{_reply_clause(answer, 'all')}"
        return n.sentence(f"{text}; cutting all ties is worth {n.percent_band(cut.total)}")
    if moves(answer):
        own = _own(answer.payoffs["answer"])
        text = f"this is worth {n.percent_band(own.total)} {income}{_reply_clause(answer, 'answer')}"
        return n.sentence(
            f"{text}; going all the way is worth {n.percent_band(whole.total)}, cutting all ties "
            f"{n.percent_band(cut.total)}"
        )
    doubt = ", a loss or a gain" if whole.total.low < -UNSURE and whole.total.high > UNSURE else ""
    text = f"going all the way is worth {n.percent_band(whole.total)} {income}{doubt}{_reply_clause(answer, 'all')}"
    return n.sentence(f"{text}; cutting all ties is worth {n.percent_band(cut.total)}")


def _reply_clause(answer: Answer, key: str) -> str:
    choice, third = answer.payoffs[key], spoken(answer.question.third)
    if not replied(choice):
        return f", with {_next_to_nothing(answer, key)} expected from {third}"
    points = n.banded(choice.reply, unit=" points")
    if reply_kinds(answer, key) == ["tariff"]:
        return f", with an extra tariff of {points} expected from {third}"
    return f", with {_told_kinds(answer, key)} expected from {third}, as costly as an extra tariff of {points}"


def _own(choice: Choice) -> Payoff:
    return next(p for p in choice.payoffs if p.role == "focal")


def reply_kinds(answer: Answer, key: str) -> list[str]:
    """The kinds of reply that the third power chooses, the most frequent first; none where it does not reply.

    `Choice.reply` is the extra tariff that would cost the focal state as much: it is the reply itself only where this
    is ``["tariff"]``.
    """
    shares = next((r.shares for r in answer.payoffs[key].replies if r.party == answer.question.third), {})
    told = [(share, kind) for kind, share in shares.items() if kind != "none" and share >= LEAST_KIND]
    return [kind for _, kind in sorted(told, key=lambda x: -x[0])]


def _told_kinds(answer: Answer, key: str) -> str:
    """'an extra tariff or secondary sanctions on its energy trade'."""
    return n.joined([KINDS[kind] for kind in reply_kinds(answer, key)], last="or") or "a reply"


def _next_to_nothing(answer: Answer, key: str) -> str:
    """What is expected where the median reply costs less than half a point of tariff would."""
    return "next to no reply" if reply_kinds(answer, key) else "no reply"


def replied(choice: Choice) -> bool:
    """Whether the third power is expected to reply with what costs as much as half a point of tariff, or more."""
    return choice.reply.median >= 0.5


def possessive_of(code: str) -> str:
    """'India's', 'the United States''."""
    return n.possessive(spoken(code))


def depth_sentence(domain: str, x: Depth) -> str:
    """One domain's verdict with its shares of the draws."""
    if not x.known:
        return f"{domain.capitalize()}: no data for this pair; left as it is."
    now = f"depth {n.depth(x.today)} today"
    if not x.open and x.verdict == "stay":
        return f"{domain.capitalize()}: the offer does not open it; it stays as it is ({now})."
    heads = {
        "further": "go further",
        "stay": "stay as today",
        "back": "step back",
        "open": "the draws do not agree",
    }
    best = f"best {n.depth(x.median)} ({n.depth(x.low)} to {n.depth(x.high)})"
    note = f" Note: {x.note}." if x.note else ""
    return f"{domain.capitalize()}: {heads[x.verdict]}; {_shares_of_ways(x)}; {now}, {best}.{note}"


def worth_sentences(answer: Answer) -> list[str]:
    """What the answers are worth to whom, a sentence for each party, and what choosing well is worth."""
    out = []
    keys = ("answer", "all", "cut") if moves(answer) and not is_all(answer) else ("all", "cut")
    for role in ("focal", "offerer", "third"):
        said = []
        who = ""
        for key in keys:
            party = next((p for p in answer.payoffs[key].payoffs if p.role == role), None)
            if party is None:
                continue
            who = party.party
            said.append(f"{ANSWERS[key]} is worth {n.percent_band(party.total)}{_main_terms(party, answer)}")
        if said:
            out.append(n.sentence(f"for {spoken(who)}, {'; '.join(said)}"))
    g = answer.gain
    out.append(
        n.sentence(
            f"taking in each draw the depths that are best in that draw is worth {n.percent_band(g)} of "
            f"{possessive_of(answer.question.focal)} real income a year over staying as today"
        )
    )
    return out


def _main_terms(party: Payoff, answer: Answer) -> str:
    if party.role != "focal":
        return ""
    size = sorted((t for t in party.terms if abs(t.pct.median) >= 0.005), key=lambda t: -abs(t.pct.median))[:2]
    codes = answer.question.parties
    said = [f"{_with_article(with_names(t.label, codes))} {n.percent(t.pct.median, sign=True)}" for t in size]
    return f", above all through {n.joined(said)}" if said else ""


def _with_article(label: str) -> str:
    """A term's label inside a sentence: 'the reply of Russia'."""
    return f"the {label}" if label.startswith("reply") else label


def reply_sentences(answer: Answer) -> list[str]:
    """What the third power is expected to do, and what it costs the focal state."""
    third, me = spoken(answer.question.third), spoken(answer.question.focal)
    out = []
    if replied(answer.payoffs["answer"]):
        out.append(f"if {me} follows this answer, {third} is expected to {_reply(answer, 'answer')}")
    elif moves(answer) or not replied(answer.payoffs["all"]):
        out.append(f"if {me} follows this answer, {_next_to_nothing(answer, 'answer')} is expected from {third}")
    if not is_all(answer):
        out.append(
            f"if {me} went all the way, {third} would be expected to {_reply(answer, 'all')}"
            if replied(answer.payoffs["all"])
            else f"even if {me} went all the way, {_next_to_nothing(answer, 'all')} would be expected from {third}"
        )
    return [n.sentence(t) for t in out]


def _reply(answer: Answer, key: str) -> str:
    """'add 36 points (27 to 50) to its tariff on goods from India, which would cost India 0.28 % ...', or 'answer with
    trouble with payments and shipping or an extra tariff, which would cost India as much as 36 points of extra tariff
    on its goods, 0.28 % ...'."""
    choice, me = answer.payoffs[key], spoken(answer.question.focal)
    points = n.banded(choice.reply, unit=" points")
    cost = ""
    term = next((t for t in _own(choice).terms if t.name == "reaction"), None)
    if len(answer.question.all_pressures) > 1:  # the term holds what all of them do
        mine = next((r for r in choice.replies if r.party == answer.question.third), None)
        if mine is not None and mine.loss.median >= LEAST_COST:
            cost = f"{n.percent(mine.loss.median)} of its real income a year"
    elif term is not None and abs(term.pct.median) >= LEAST_COST:
        cost = f"{n.percent(abs(term.pct.median))} of its real income a year"
        if term.musd is not None:
            cost += f", {n.usd(abs(term.musd.median))}"
    if reply_kinds(answer, key) == ["tariff"]:
        text = f"add {points} to its tariff on goods from {me}" + (f", which would cost {me} {cost}" if cost else "")
    else:
        text = f"answer with {_told_kinds(answer, key)}, which would cost {me} as much as {points} of extra tariff"
        text += f" on its goods: {cost}" if cost else " on its goods"
    return f"{text} (100 points is the most that is considered)" if choice.reply.high >= 99.95 else text


def can_break_even(b: BreakEven) -> bool:
    """Whether any discount up to the whole price pays for any tariff; not where next to no crude is bought."""
    return any(p.discount_pct.median <= 100.0 for p in b.points)


def break_even_sentences(answer: Answer) -> list[str]:
    """The discount on crude that just pays for an extra tariff, and what today's discount pays for."""
    b, q = answer.break_even, answer.question
    if b is None:
        return []
    bought = f"{n.number(b.barrels)} million barrels a year that {spoken(q.focal)} buys from {spoken(q.offerer)}"
    if not can_break_even(b):
        return [
            n.sentence(f"no discount on crude could pay for an extra tariff: it would have to come out of the {bought}")
        ]
    payable = [p for p in b.points if p.discount_pct.median <= 100.0]
    point = min(payable, key=lambda p: abs(p.tariff_points - 25.0))
    usd = point.usd_per_barrel
    out = [
        f"an extra tariff of {point.tariff_points:.0f} points by {spoken(q.third)} uses up a discount of "
        f"{n.usd_a_barrel(usd.median)} ({n.plain(usd.low, 1)} to {n.plain(usd.high, 1)}) on the {bought}"
    ]
    if b.today is not None and b.today > 0:
        pays = tariff_paid_by(b, b.today)
        if pays is None:
            worth = f"pays for every tariff up to {b.points[-1].tariff_points:.0f} points"
        elif pays < 0.5:
            worth = "pays for an extra tariff of less than a point"
        else:
            worth = f"pays for an extra tariff of about {n.plain(pays, 0)} point{'s' if round(pays) != 1 else ''}"
        out.append(f"the discount of {b.year}, {n.usd_a_barrel(b.today)} below what other sellers were paid, {worth}")
    elif b.today is not None:
        out.append(
            f"in {b.year} there was no discount: crude from {spoken(q.offerer)} cost {n.usd_a_barrel(-b.today)} more "
            "than that of other sellers"
        )
    return [n.sentence(t) for t in out]


def tariff_paid_by(b: BreakEven, discount: float) -> float | None:
    """The extra tariff, points, whose median break-even is `discount` USD a barrel; None beyond the last point."""
    last_tariff, last_usd = 0.0, 0.0
    for p in b.points:
        usd = p.usd_per_barrel.median
        if usd >= discount:
            reach = (discount - last_usd) / (usd - last_usd) if usd > last_usd else 1.0
            return last_tariff + reach * (p.tariff_points - last_tariff)
        last_tariff, last_usd = p.tariff_points, usd
    return None


def mean_depth_today(answer: Answer) -> float:
    """The plain mean of today's depths over the domains."""
    return sum(x.today for x in answer.depth.values()) / max(len(answer.depth), 1)


def how_to_read(answer: Answer) -> str:
    """What a draw, a band and a depth are, for a reader who has never met them."""
    sets = len(answer.elasticity_sets)
    return (
        "Depth runs from 0 (no tie) to 1 (without limits). What no data give (how much autonomy is worth, how soon "
        f"{spoken(answer.question.third)} would react, how readily buyers change suppliers) is drawn "
        f"{answer.draws:,} times from ranges that fit what states do today and from {sets} published "
        f"set{'s' if sets != 1 else ''} of trade elasticities. Numbers are medians of these draws; the range in "
        "brackets, the 80 % band, holds eight of ten. Gains and losses are in % of real income a year, against "
        "staying "
        "as today."
    )


def why_third(answer: Answer) -> str:
    """Why this power is taken as the one that may answer back."""
    q = answer.question
    why = q.provenance.get("third", "")
    third = spoken(q.third)
    if why.startswith("text"):
        _, _, said = why.partition(": ")
        if said.startswith("presses"):
            return n.sentence(f"{third} is taken as the power that may answer back, as the text says that it presses "
                              f"{spoken(q.focal)}")  # fmt: skip
        return n.sentence(f"{third} is taken as the power that may answer back, as the text says that "
                          f"{spoken(q.focal)} relies on it")  # fmt: skip
    if why.startswith("ties"):
        return n.sentence(f"{third} is taken as the power that may answer back: of the great powers it buys most of "
                          f"what {spoken(q.focal)} sells abroad")  # fmt: skip
    return n.sentence(f"{third} was given as the power that may answer back")
