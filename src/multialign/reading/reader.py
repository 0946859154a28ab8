"""The reading itself: the stages in their order."""

from __future__ import annotations

from pathlib import Path

from multialign.errors import InputError
from multialign.reading import actors, documents, language, offers, quotes
from multialign.reading.coref import Memory, Resolver
from multialign.reading.documents import Source
from multialign.reading.drafts import Draft, finish
from multialign.reading.model import Document, Reading
from multialign.reading.nlp import Passage, parse
from multialign.reading.people import People
from multialign.reading.speech import assign_quotes
from multialign.reading.statements import SentenceReader
from multialign.reading.tables import states

MAX_SENTENCE = 300
"""Longest sentence read, in tokens. Longer ones are lists or noise, and their parses are no use."""


def read(source: str | Path, *, date: str | None = None, title: str | None = None, name: str | None = None) -> Reading:
    """Read a document: a file (`Path`, or a string that names one) or the text itself (a string with a line break
    or a sentence in it).

    Parameters
    ----------
    source: path of a UTF-8 text file of at most 10 MB, or the text.
    date: ISO date of the document; found in its head or file name when not given.
    title, name: how to call it; found in the text and the path when not given.

    Raises
    ------
    InputError: file missing, empty, binary or too large; not English; no state named in it; date not ISO.
    """
    if isinstance(source, Path) or _names_a_file(source):
        path = Path(source)
        return _read(documents.load(path, date=date, title=title, name=name), path)
    return read_text(source, date=date, title=title, name=name)


def read_text(text: str, *, date: str | None = None, title: str | None = None, name: str | None = None) -> Reading:
    """Read a text given as a string. See `read`."""
    return _read(documents.from_text(text, date=date, title=title, name=name), None)


def _names_a_file(source: str) -> bool:
    if "\n" in source or len(source) > 400 or not source.strip():
        return False
    stem = source.strip()
    return stem.count(" ") <= 6 and (stem.lower().endswith((".txt", ".md", ".text")) or _exists(stem))


def _exists(name: str) -> bool:
    try:
        return Path(name).exists()
    except (OSError, ValueError):
        return False


def _read(source: Source, file: Path | None) -> Reading:
    code = language.require_english(source.text, file=file)
    if not any(m.code in states() for m in actors.find(source.text)):
        raise InputError(
            "no state is named in the text",
            hint="an announcement names at least one state, its capital or one of its officials",
            file=file,
        )
    memory = Memory(People(source.date))
    drafts: list[Draft] = []
    carried = False
    sentences = 0
    for passage in parse(documents.paragraphs(source.text)):
        found, carried = quotes.find(passage, carried)
        resolver = Resolver(passage, memory, found)
        _meet(passage, resolver)
        for sent in passage.doc.sents:
            resolver.snapshots[sent.start] = memory.copy()
            if len(sent) <= MAX_SENTENCE:
                _remember(sent, passage, resolver, memory)
        resolver.forget()
        assign_quotes(passage, found, resolver, memory)
        resolver.forget()
        reader = SentenceReader(passage, resolver, found, source.date)
        for sent in passage.doc.sents:
            if len(sent) <= MAX_SENTENCE:
                drafts += reader.read(sent, drafts[-200:])
            sentences += 1
    statements = finish(drafts, source.text, source.date)
    return Reading(
        document=Document(
            name=source.name, title=source.title, date=source.date, sha256=source.sha256, language=code,
            text=source.text, n_sentences=sentences,
        ),
        statements=statements,
        offers=offers.find(statements),
    )  # fmt: skip


def _meet(passage: Passage, resolver: Resolver) -> None:
    """Meet the persons that a paragraph introduces before its quotes are given to speakers."""
    for token in passage.doc:
        if len(token.sent) > MAX_SENTENCE:
            continue
        if token.pos_ == "PROPN" and token.dep_ in ("nsubj", "appos", "nsubjpass", "pobj", "dobj", "conj"):
            resolver.one(token)
    resolver.forget()


def _remember(sent: object, passage: Passage, resolver: Resolver, memory: Memory) -> None:
    """What a sentence leaves in memory: states named, the person and the state it was about."""
    subject_state: str | None = None
    for token in sent:  # type: ignore[attr-defined]
        mention = passage.at.get(token.i)
        if mention is not None:
            memory.name(mention.code)
        if token.dep_ in ("nsubj", "nsubjpass") and token.pos_ in ("NOUN", "PROPN", "PRON"):
            for actor in resolver.one(token):
                if actor.name and actor.sector != "media":
                    memory.last_person = actor
                elif actor.code and actor.sector == "state" and subject_state is None:
                    subject_state = actor.code
        elif mention is not None and token.dep_ == "pobj" and token.head.i == token.sent.start:
            subject_state = subject_state or mention.code  # 'For India, ...': the topic
    if subject_state is not None:
        memory.focus = subject_state
    elif memory.focus is None and memory.recent:
        memory.focus = memory.recent[0]
