"""Operators: words that do something to the event that they govern ('ready to', 'refused to', 'called for')."""

from __future__ import annotations

from typing import Any

from multialign.reading import frames, lexicon
from multialign.reading.lexicon import lemma_of


def operator(token: Any) -> str | None:
    """What a word does to the event that it governs (`commit`, `refuse`, `ask` ...), or None."""
    lemma, table_ = lemma_of(token), lexicon.operators()
    if token.pos_ in ("NOUN", "PROPN"):
        return table_.get((lemma, "noun"))
    if token.lower_ == "expected" and frames.children(token, "auxpass"):
        return "commit"
    if token.pos_ == "ADJ" or token.dep_ == "acomp":
        return table_.get((token.lower_, "adj")) or (table_.get((lemma, "verb")) if token.pos_ == "VERB" else None)
    if token.pos_ in ("VERB", "AUX"):
        if lemma == "set" and frames.particle(token):
            return None
        if lemma == "work" and not frames.children(token, "xcomp"):
            return None  # 'work with X on ...'
        if lemma == "look" and any(c.lower_ == "forward" for c in token.children):
            return "commit"
        if lemma == "call" and _no_demand(token):
            return None
        if lemma == "insist":
            return "ask" if wished(token) else None
        if lemma in _TELLING and not any(frames.infinitive(c) for c in frames.children(token, "xcomp", "ccomp")):
            return None
        if token.lower_ in ("set", "prepared", "committed", "opposed") and token.dep_ in ("acomp", "ROOT"):
            return table_.get((token.lower_, "adj"))
        return table_.get((lemma, "verb"))
    return None


def wished(verb: Any) -> bool:
    """Whether a verb's clause says what should be: 'insists that Y change its law' (and not 'that Y changes it')."""
    for clause in frames.children(verb, "ccomp"):
        subject = frames.children(clause, "nsubj", "nsubjpass")
        bare = clause.tag_ in ("VB", "VBP") or any(c.lower_ == "be" for c in frames.children(clause, "aux", "auxpass"))
        if bare and subject and subject[0].tag_ in ("NN", "NNP") and not frames.children(subject[0], "conj"):
            return not any(c.tag_ == "MD" for c in clause.children)
    return False


_TELLING = frozenset({"tell", "advise", "remind", "instruct", "direct", "encourage"})


def asks_a_question(verb: Any) -> bool:
    """'Asked whether X would halt imports, he said ...': wants to know, demands nothing."""
    return verb.lemma_ == "ask" and any(
        m.lower_ in ("whether", "if") or m.tag_ in ("WRB", "WP")
        for c in frames.children(verb, "ccomp", "advcl")
        for m in c.children
        if m.i > verb.i
    )


def _no_demand(call: Any) -> bool:
    """'Called off', 'called out', and a call by telephone ('called X to congratulate him')."""
    if any(c.lower_ in ("off", "out", "up") for c in call.children):
        return True
    asked = {p for p, o in frames.prepositions(call) if not lexicon.is_temporal(o)} & {"on", "upon", "for"}
    return bool(frames.children(call, "dobj")) and not asked
