"""Statements: everything found in a sentence put together, each tied to its stretch of the text.

The stages of a reading run in this order, sentence by sentence: conditions, states of affairs, events, visits,
analogies. A stage marks the tokens that it has read, so that one wording is not read twice.
"""

from __future__ import annotations

import re
from typing import Any

from multialign.reading import analogies, conditions, frames, parties, relations, visits
from multialign.reading.affairs import State
from multialign.reading.clauses import (
    aimed_at,
    alleged,
    clausal_below,
    denied,
    depth,
    discussed,
    forbidden,
    in_question,
    is_owed,
    no,
    refused,
    span_top,
)
from multialign.reading.coref import Resolver
from multialign.reading.domains import domains_in
from multialign.reading.drafts import BREAK, Draft, trim
from multialign.reading.events import VERBAL, Coded, Coder, coming_is_owed, may_tell
from multialign.reading.implied import implied
from multialign.reading.model import Condition, Measure
from multialign.reading.modes import mode_of
from multialign.reading.nlp import Passage
from multialign.reading.people import Actor
from multialign.reading.plan import refers
from multialign.reading.quotes import Quote, covering
from multialign.reading.speech import Attribution, attribute, speech_verbs
from multialign.reading.tables import SECTORS, words
from multialign.reading.targets import drawn, reciprocal, sources, targets

_SYMMETRIC = frozenset({"CONSULT", "COOPERATE", "AGREE", "SUPPORT"})
_FOR_OTHERS = frozenset({"mediate", "broker", "facilitate", "arbitrate"})
_NEEDS_NO_TARGET = frozenset({"autonomy", "diversification"})
_CONDITIONAL = frozenset({"AGREE", "THREATEN", "YIELD", "COOPERATE", "AID", "SUPPORT", "CONSULT", "RETREAT"})
"""Events that a condition makes conditional; others keep their mode beside it."""
_NO_FACT = frozenset({"refuse", "deny", "threaten", "leave open"})
"""Operators under which nothing is done, whether or not the text says to whom it was refused or threatened."""
_HANGING = _CONDITIONAL | {"REJECT", "SANCTION", "REQUEST"}
SPORT = re.compile(
    r"\b(?:goals?|tournament|championships?|semi-?finals?|quarter-?finals?|the final|grand final|world cup|"
    r"olympics?|innings|wickets?|league|medals?|penalt(?:y|ies) shoot|shoot-?out|grand prix|world series|super bowl|"
    r"cricket|football|soccer|rugby|tennis|hockey|basketball|baseball|chess|marathon|sets to|qualif(?:y|ies|ier)|"
    r"eurovision|striker|midfielder|goalkeeper|footballer|friendly match|test match|playoffs?|champions?|title)\b",
    re.I,
)
"""Words of contests, in which states are beaten without harm."""
_UNTOLD = (alleged, aimed_at, discussed, forbidden, in_question)
_CONTEST = words("statements.contest")
_JOINT = words("statements.joint")
_DRAWING = words("statements.drawing")


class SentenceReader:
    """Reads the sentences of one passage into drafts."""

    def __init__(self, passage: Passage, resolver: Resolver, quotes: list[Quote], date: str | None) -> None:
        self.passage, self.resolver, self.quotes, self.date = passage, resolver, quotes, date
        self.coder = Coder(lambda t: bool(resolver.codes(t, things=True)))
        self.text = passage.doc.text
        self.condition_spans: list[tuple[int, int]] = []

    def read(self, sent: Any, before: list[Draft]) -> list[Draft]:
        """Drafts of one sentence, in order of finding. `before` holds those of the document so far."""
        named = any(i in self.passage.at for i in range(sent.start, sent.end)) or refers(sent.text)
        if not (named or any(t.text in self.resolver.document.people.known for t in sent if t.pos_ == "PROPN")):
            return []  # nobody is named or meant
        found_conditions = conditions.conditions(sent)
        self.condition_spans = [(c.start, c.end) for c in found_conditions]
        outside = {
            t.i for c in found_conditions for t in sent if c.start <= t.idx < c.end and c.kind != "exchange"
        }  # fmt: skip
        taken: set[int] = set()
        drafts: list[Draft] = []
        drafts += self._events(sent, outside, taken, found_conditions, before)
        drafts += self._visits(sent, taken)
        drafts += self._relations(sent, taken)
        drafts += self._analogies(sent, drafts, before)
        self._hang(found_conditions, drafts, before, sent)
        return drafts

    # events ---------------------------------------------------------------------------------------------------

    def _events(
        self, sent: Any, outside: set[int], taken: set[int], found: list[conditions.Found], before: list[Draft]
    ) -> list[Draft]:
        out: list[Draft] = []
        telling = [t for t in sent if t.i not in self.passage.at and t.i not in outside and may_tell(t)]
        if any(t.lemma_.lower() in _CONTEST for t in telling) and SPORT.search(sent.text):
            telling = [t for t in telling if t.lemma_.lower() not in _CONTEST]
        for token in sorted(telling, key=lambda t: (depth(t), t.i)):
            if token.i in taken:
                continue
            coded = self.coder.code(token)
            if coded is None:
                coded = parties.obligation(token, self.resolver, self.quotes)
            if coded is not None and coded.operator != "oblige" and coming_is_owed(coded.top):
                coded = parties.obligation(token, self.resolver, self.quotes)
            if coded is None or self._is_speech_only(coded) or self._belongs_to_another(coded, taken):
                continue
            if coded.operator != "oblige" and is_owed(coded.top):
                continue
            if any(f(coded.top) for f in _UNTOLD) or refused(coded.top, taken):
                continue
            made = self._event(coded, sent, outside, found, before + out)
            if made or coded.operator in _NO_FACT:
                taken |= coded.indexes
                out += made
        return out

    def _belongs_to_another(self, coded: Coded, taken: set[int]) -> bool:
        """Event nouns inside an event already read ('talks' of 'agreed to hold talks')."""
        return coded.top.pos_ in ("NOUN", "PROPN") and any(t.i in taken for t in coded.trail)

    def _is_speech_only(self, coded: Coded) -> bool:
        """A verb of saying with a clause of its own is attribution, unless an operator made it an act."""
        top = coded.top
        if top.lemma_.lower() not in speech_verbs() or coded.operator is not None:
            return False
        if any(o.i in coded.indexes for o in frames.objects(top)):
            return False  # 'reiterated its demand that ...'
        return bool(frames.children(top, "ccomp")) and coded.event not in ("REJECT", "ACCUSE")

    def _event(
        self, coded: Coded, sent: Any, outside: set[int], found: list[conditions.Found], before: list[Draft]
    ) -> list[Draft]:
        said = attribute(coded.top, self.resolver, self.quotes)
        if coded.operator == "oblige":
            doers = [said.speaker] if said.speaker else []
            others = [c for s in frames.subjects(coded.top) for c in self.resolver.codes(s)]
        elif coded.operator == "rule out":
            doers, others = [said.speaker] if said.speaker else [], []
        elif coded.top.lemma_.lower() in _DRAWING and coded.event in ("ACCUSE", "PROTEST", "REJECT", "SUPPORT"):
            doers, others = drawn(coded, self.resolver)
        else:
            doers, others = sources(coded, self.resolver), []
        if coded.event == "CONSULT":
            doers = [a for a in doers if a.sector != "people"]  # who travels on no state's behalf
        who = list(dict.fromkeys(a.code for a in doers if a.code))
        if coded.top.pos_ in ("NOUN", "PROPN") and not who:
            who, others = parties.of_noun(coded, said, self.resolver)
        if not who and not parties.unnamed(coded):
            return []
        if not who and (both := parties.both_sides(coded, self.resolver)):
            who, others = both, both
        if coded.top.lemma_.lower() == "accept" and len(who) > 1:
            others = implied(coded, set(who), found, before, sent, self.passage, self.resolver)
        mutual = coded.event in _SYMMETRIC or (coded.event == "REJECT" and coded.top.lemma_ == "fail")
        together = mutual and coded.top.lemma_.lower() not in _FOR_OTHERS
        if len(who) > 1 and together and not others:
            others = targets(coded, self.resolver, set(who), outside)
            joint = coded.top.lemma_ in _JOINT and not parties.faced(coded, others, self.resolver)
            if not others or joint or reciprocal(coded, elsewhere=True):
                others = list(who)
        others = others or targets(coded, self.resolver, set(who), outside)
        if not others:
            others = implied(coded, set(who), found, before, sent, self.passage, self.resolver)
        others = [o for o in others if o not in who or len(who) > 1]
        doing: list[str | None] = [*who] or [None]
        pairs = [(a, b) for a in doing for b in others if a != b]
        number, above = self._number(sent), {t.i for t in frames.climb(coded.top)}
        same = {  # 'met to discuss', 'shelled a town, killing two': one act, said twice
            (d.source, d.target) for d in before if d.sentence == number and d.event == coded.event and d.top.i in above
        }  # fmt: skip
        return self._draft_all(coded, [p for p in pairs if p not in same], said, doers, sent)

    def _draft_all(
        self, coded: Coded, pairs: list[tuple[Any, str]], said: Attribution, doers: list[Actor], sent: Any
    ) -> list[Draft]:
        if not pairs:
            return []
        top = span_top(coded.top)
        start, end = self._span(top, coded.trail, sent)
        if said.speaker is None and coded.event in VERBAL and not said.assessor:
            person = next((a for a in doers if a.name), None)
            said = Attribution(person, said.reporter, said.assessor, said.via) if person else said
        words = self.text[start:end]
        mode = mode_of(coded.top, conditional=False, negated=coded.negated, date=self.date, words=words)
        mode = "hypothetical" if coded.operator == "leave open" else mode
        drafts = [self._draft(a, b, coded.event, None, mode, start, end, coded.top, said) for a, b in pairs]
        sides = self._roles(coded, doers)
        for d in drafts:
            d.trail, d.echo = coded.indexes, coded.echo
            d.source_role, d.target_role = sides.get(d.source), sides.get(d.target)
        return drafts

    def _roles(self, coded: Coded, doers: list[Actor]) -> dict[str | None, str]:
        """Who acts for each party, where the text says so ('soldiers', 'a company'): code -> sector."""
        out: dict[str | None, str] = {}
        below = [a for part in coded.trail for t in part.subtree if t.pos_ in ("NOUN", "PROPN")
                 for a in self.resolver.one(t)]  # fmt: skip
        for actor in (*doers, *below):
            if actor.code and actor.sector in SECTORS:
                out.setdefault(actor.code, actor.sector)
        return out

    # states of affairs ------------------------------------------------------------------------------------------

    def _relations(self, sent: Any, taken: set[int]) -> list[Draft]:
        out: list[Draft] = []
        for state in relations.find(sent, self.resolver):
            if state.relation == "tie" and state.top.i in taken:
                continue
            if state.relation == "tie" and any(d.relation == "imbalance" and d.top is state.top for d in out):
                continue
            if state.target is None and state.relation not in _NEEDS_NO_TARGET:
                continue
            start, end = self._state_span(state, sent)
            said = attribute(state.top, self.resolver, self.quotes)
            negated = frames.negated(state.top) or (state.top.pos_ == "NOUN" and no(state.top)) or denied(state.top)
            mode = mode_of(state.top, conditional=False, negated=negated, date=self.date,
                           words=self.text[start:end])  # fmt: skip
            if mode == "past" and state.top.pos_ in ("NOUN", "PROPN", "ADJ"):
                mode = "ongoing"  # 'valued its ties': the verb is past, the tie stands
            if state.relation == "pressure" and state.evidence[0].lemma_.lower() in relations.RESIST:
                mode = "ongoing"  # 'will not bow to pressure': it is there
            draft = self._draft(state.source, state.target, None, state.relation, mode, start, end, state.top, said)
            draft.change = state.change
            out.append(draft)
        return out

    def _state_span(self, state: State, sent: Any) -> tuple[int, int]:
        if len(state.evidence) > 1:
            tokens = [t for e in state.evidence for t in (e, *frames.children(e, "amod", "advmod", "compound"))]
            return min(t.idx for t in tokens), max(t.idx + len(t) for t in tokens)
        top = state.evidence[0]
        verb = top.head if top.dep_ == "conj" else top
        if verb.dep_ == "acl" and verb.head.pos_ == "NOUN" and top.pos_ == "VERB":
            start, end = self._span(top, (state.top,), sent)
            owner = [verb.head, *(t for p in frames.children(verb.head, "poss", "amod") for t in p.subtree)]
            return self._clip(min(start, *(t.idx for t in owner)), end, top)
        if top.pos_ in ("NOUN", "PROPN"):
            tokens = [t for t in top.subtree if not clausal_below(t, top)]
            start, end = min(t.idx for t in tokens), max(t.idx + len(t) for t in tokens)
            return self._clip(start, end, top)
        return self._span(top, (state.top,), sent)

    # visits -----------------------------------------------------------------------------------------------------

    def _visits(self, sent: Any, taken: set[int]) -> list[Draft]:
        out = []
        for visit in visits.find(sent, self.resolver):
            if visit.noun.i in taken:
                continue
            taken.add(visit.noun.i)
            first, last = min(t.idx for t in visit.tokens), max(t.idx + len(t) for t in visit.tokens)
            start, end = self._clip(first, last, visit.noun)
            said = attribute(visit.noun, self.resolver, self.quotes)
            mode = "future"
            if not visit.coming:
                mode = mode_of(
                    visit.noun,
                    conditional=False,
                    negated=frames.negated(visit.noun),
                    date=self.date,
                    words=self.text[start:end],
                )
            pairs = [(a, b) for a in visit.sources for b in visit.targets if a != b]
            out += [self._draft(a, b, "CONSULT", None, mode, start, end, visit.noun, said) for a, b in pairs]
        return out

    # analogies and conditions -----------------------------------------------------------------------------------

    def _analogies(self, sent: Any, here: list[Draft], before: list[Draft]) -> list[Draft]:
        out = []
        for analogy in analogies.find(sent, self.resolver):
            pool = here if analogy.within else [*before[-40:], *here]
            models = [
                d for d in pool
                if d.event is not None and d.target and d.source not in analogy.targets
                and (not analogy.sources or d.source in analogy.sources) and d.target not in analogy.targets
            ]  # fmt: skip
            if not models:
                continue
            speech = covering(self.quotes, analogy.top)
            spoken = [d for d in models if d.quote] if speech is not None and speech.speech else []
            models = spoken or models
            models = [d for d in models if not d.echo] or models
            models = [d for d in models if d.event in ("AGREE", "COOPERATE", "SUPPORT", "REJECT", "THREATEN")] or models
            model = models[0] if analogy.within else models[-1]
            start, end = self._span(analogy.top, (analogy.top,), sent)
            said = attribute(analogy.top, self.resolver, self.quotes)
            for target in analogy.targets:
                draft = self._draft(
                    model.source, target, model.event, None, _mode_alike(model.mode), start, end, analogy.top, said
                )
                draft.like, draft.measure = model, draft.measure or model.measure
                draft.domains = draft.domains or model.domains
                out.append(draft)
        return out

    def _hang(self, found: list[conditions.Found], drafts: list[Draft], before: list[Draft], sent: Any) -> None:
        """Attach each condition to the events of its clause; one about 'the pace of this' to the offer before it."""
        for c in found:
            condition = self._condition(c)
            promises = [
                d for d in drafts if d.event in _HANGING and d.like is None and not (c.start <= d.top.idx < c.end)
            ]
            about = c.kind == "contingent" and c.head is not None
            if c.kind == "contingent" and not promises and about:
                last = [d for d in before if d.event == "AGREE" and d.sentence >= self._number(sent) - 2]
                promises = last[-1:]
            root = frames.clause_root(c.head) if c.head is not None else None
            same = [
                d for d in promises
                if root is not None and (c.head.i in d.trail or frames.clause_root(d.top).i == root.i)
            ]  # fmt: skip
            open_ = [d for d in promises if d.mode != "past" or d.event in ("AGREE", "THREATEN")]
            if not same and open_:
                nearest = min(open_, key=lambda d: abs(d.top.idx - c.start))
                same = [d for d in open_ if d.top is nearest.top]
            for d in same:
                if d.condition is None:
                    d.condition = condition
                    if c.kind == "exchange" and d.mode == "past" and d.event not in ("AGREE", "THREATEN"):
                        continue  # 'reopened its border in return': done
                    if d.mode in ("ongoing", "future", "past", "hypothetical") and d.event in _CONDITIONAL:
                        d.mode = "conditional"

    def _condition(self, c: conditions.Found) -> Condition:
        start, end = c.start + self.passage.start, c.end + self.passage.start
        return Condition(text="", start=start, end=end, kind=c.kind)  # type: ignore[arg-type]

    def _number(self, sent: Any) -> int:
        return self.passage.sentence_index(sent[0])

    # spans ------------------------------------------------------------------------------------------------------

    def _span(self, top: Any, trail: tuple[Any, ...], sent: Any) -> tuple[int, int]:
        start, end = conditions.extent(top, sent)
        for t in trail:
            start, end = min(start, t.idx), max(end, t.idx + len(t))
        first, last = min(t.idx for t in trail), max(t.idx + len(t) for t in trail)
        for match in BREAK.finditer(self.text, start, end):
            if match.end() <= first:
                start = match.end()
            elif match.start() >= last:
                end = match.start()
                break
        return self._clip(start, end, trail[0])

    def _clip(self, start: int, end: int, token: Any) -> tuple[int, int]:
        quote = covering(self.quotes, token)
        if quote is not None and quote.speech:
            start, end = max(start, quote.start), min(end, quote.end)
        return trim(self.text, start, end)

    def _draft(
        self, source: str | None, target: str | None, event: str | None, relation: str | None, mode: str,
        start: int, end: int, top: Any, said: Attribution,
    ) -> Draft:  # fmt: skip
        quote = covering(self.quotes, top)
        measure = conditions.measures(self.text, start, end, self.condition_spans)
        base = self.passage.start
        return Draft(
            source=source, target=target, event=event, relation=relation, mode=mode,
            start=start + base, end=end + base, top=top, said=said,
            measure=Measure(text="", start=measure[0] + base, end=measure[1] + base) if measure else None,
            quote=bool(quote and quote.speech), domains=domains_in(self.text[start:end]),
            sentence=self.passage.sentence_index(top),
        )  # fmt: skip


def _mode_alike(mode: str) -> str:
    """What is said 'likewise' stands now; only denial, future and supposition carry over."""
    return mode if mode in ("negated", "future", "hypothetical") else "ongoing"
