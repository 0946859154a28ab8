"""Attribution: who says a statement, who reports it, whose view it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from multialign.reading import frames
from multialign.reading.coref import Resolver
from multialign.reading.memory import Memory
from multialign.reading.nlp import Passage
from multialign.reading.people import Actor
from multialign.reading.quotes import Quote, covering, speaker_token, speech_verbs
from multialign.reading.tables import words

_CONTENT = words("speech.content")
_SCENE = frozenset({"after", "before", "because", "since", "when", "while", "as"})


@dataclass(frozen=True)
class Attribution:
    """`speaker` says it, `reporter` passes it on, `assessor` holds it as a view. `via` is the verb of saying."""

    speaker: Actor | None = None
    reporter: str | None = None
    assessor: str | None = None
    via: Any = None


def assign_quotes(passage: Passage, quotes: list[Quote], resolver: Resolver, memory: Memory) -> None:
    """Find the speaker of each quote; a quote without one goes on with the speaker before it."""
    previous: Actor | None = None
    for quote in quotes:
        token = speaker_token(passage, quotes, quote)
        speaker = None
        if token is not None:
            found = resolver.actors(token)
            speaker = next((a for a in found if a.code or a.name or a.sector == "assessor"), None)
        if speaker is None and quote.speech:
            speaker = previous or (memory.last_speaker if _opens(passage, quote) else None)
        resolver.quote_speakers[quote] = speaker
        if speaker is not None:
            previous = speaker
            memory.last_speaker = speaker


def _opens(passage: Passage, quote: Quote) -> bool:
    return quote.start <= 2 or passage.doc.text[: quote.start].strip(' "“«') == ""


def attribute(token: Any, resolver: Resolver, quotes: list[Quote]) -> Attribution:
    """Who says what rests on `token`: the quote's speaker, then the verbs of saying above it, nearest first."""
    quote = covering(quotes, token)
    chain: list[tuple[Actor, Any]] = []
    said_by = resolver.quote_speakers.get(quote) if quote is not None else None
    if quote is not None and said_by is not None and quote.speech:
        chain.append((said_by, None))
    verbs = speech_verbs()
    previous = token
    aside = False
    path = list(frames.climb(token))
    for position, head in enumerate(path):
        if position == 0:
            continue
        outer = frames.misplaced(previous)
        if outer is not None and head is not outer and outer in path:
            if head.i == outer.i:
                previous = head
            continue  # the parser hung a clause too low: what lies between does not say it
        aside = aside or (previous.dep_ == "advcl" and _sets_scene(previous))
        if aside and head.pos_ in ("VERB", "AUX") and previous.dep_ in ("xcomp", "advcl"):
            previous = head
            continue  # 'agreed to accept them after Z threatened it': nobody says what Z did
        lemma = head.lemma_.lower()
        inside = quote is not None and covering(quotes, head) is quote
        if head.pos_ in ("VERB", "AUX") and lemma in verbs and _is_content(previous, head, verbs[lemma]) and not inside:
            for subject in frames.subjects(head):
                if token in list(subject.subtree) and subject is not head:
                    continue
                actors = resolver.actors(subject)
                if actors:
                    chain.append((actors[0], head))
                    break
        if head.pos_ == "NOUN" and lemma in ("comment", "remark", "statement", "claim", "announcement", "assessment"):
            owners = [a for p in frames.children(head, "poss") for a in resolver.actors(p)]
            if owners:
                chain.append((owners[0], head))
        previous = head
    chain += _according(token, resolver)
    return _sort(chain)


def _sets_scene(clause: Any) -> bool:
    return any(c.dep_ in ("mark", "advmod") and c.lower_ in _SCENE for c in clause.children)


def _is_content(child: Any, verb: Any, kind: str) -> bool:
    """Whether `child` is what `verb` says, not who says it or when."""
    if child.i < verb.i and any(t.text == ";" for t in verb.doc[child.i : verb.i]):
        return False  # 'X approved the sale; Y vowed to answer'
    if child.dep_ == "conj" or (kind == "assess" and child.dep_ == "xcomp"):
        return False
    if child.dep_ == "prep":
        return child.lower_ in ("as", "about", "of", "on", "that", "by", "for")
    if child.dep_ == "advcl":
        return any(c.dep_ == "mark" and c.lower_ == "that" for c in child.children)
    return child.dep_ in _CONTENT


def _according(token: Any, resolver: Resolver) -> list[tuple[Actor, Any]]:
    """'According to analysts, ...' and '..., in the view of economists'."""
    out = []
    for t in token.sent:
        if t.lower_ != "according":
            continue
        for inner in t.subtree:
            if inner.dep_ == "pobj" and inner.head.lower_ == "to":
                actors = resolver.actors(inner)
                if actors:
                    out.append((actors[0], t))
                break
    return out


def _sort(chain: list[tuple[Actor, Any]]) -> Attribution:
    speaker: Actor | None = None
    reporter: str | None = None
    assessor: str | None = None
    via = None
    kinds = speech_verbs()
    for actor, verb in chain:
        if actor.sector == "assessor":
            assessor = assessor or _named(actor)
            if actor.name:
                speaker = speaker or actor
        elif actor.sector == "media":
            reporter = reporter or _named(actor)
        elif speaker is None and (actor.code or actor.name):
            if verb is not None and kinds.get(verb.lemma_.lower()) == "assess" and not actor.name and not actor.code:
                continue
            speaker, via = actor, verb
    return Attribution(speaker, reporter, assessor, via)


def _named(actor: Actor) -> str:
    return actor.name or (actor.text or actor.role or "").lower() or (actor.role or "")
