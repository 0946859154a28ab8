"""The reading itself: the stages in their order."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import chain, count
from pathlib import Path
from typing import Any

from multialign.errors import InputError
from multialign.reading import actors, documents, language, offers, quotes
from multialign.reading.actors import Mention
from multialign.reading.coref import Resolver
from multialign.reading.documents import Source
from multialign.reading.drafts import Draft, finish
from multialign.reading.memory import Memory
from multialign.reading.model import Document, Reading
from multialign.reading.nlp import Passage, parse
from multialign.reading.people import People
from multialign.reading.plan import Plan, plan
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


def read_many(sources: Iterable[Source]) -> Iterator[Reading | InputError]:
    """Readings of many documents, in order, parsed in one stream; for one that cannot be read, the error.

    Takes documents one by one and holds a few hundred paragraphs at a time.
    """
    refused: deque[tuple[int, InputError]] = deque()
    given = count(0)

    def plans() -> Iterator[Plan]:
        for source in sources:
            number = next(given)
            try:
                yield _plan(source, None)
            except InputError as error:
                refused.append((number, error))

    done = 0
    for prepared, passages in parse(plans()):
        while refused and refused[0][0] == done:
            yield refused.popleft()[1]
            done += 1
        yield _assemble(prepared, passages)
        done += 1
    for _, error in refused:
        yield error


def _read(source: Source, file: Path | None) -> Reading:
    ((prepared, passages),) = parse([_plan(source, file)])
    return _assemble(prepared, passages)


def _plan(source: Source, file: Path | None) -> Plan:
    """The document's plan. Raises InputError: not English, no state named."""
    language.require_english(source.text, file=file)
    prepared = plan(source)
    named = (m for part in prepared.parts for m in part.mentions)
    if not any(m.code in states() for m in chain(named, _anywhere(source))):
        raise InputError(
            "no state is named in the text",
            hint="an announcement names at least one state, its capital or one of its officials",
            file=file,
        )
    return prepared


def _anywhere(source: Source) -> Iterator[Mention]:
    """Actors of the text as a whole, for names that a cut between paragraphs divides."""
    yield from actors.find(source.text, source.date)


def _assemble(prepared: Plan, passages: list[Passage]) -> Reading:
    source = prepared.source
    memory = Memory(People(source.date))
    drafts: list[Draft] = []
    carried = False
    for passage in passages:
        if prepared.digest:
            memory, carried = Memory(People(source.date)), False
        found, carried = quotes.find(passage, carried)
        resolver = Resolver(passage, memory, found)
        sents = [sent for sent in passage.doc.sents if len(sent) <= MAX_SENTENCE]
        _meet(sents, resolver)
        for sent in sents:
            resolver.snapshots[sent.start] = memory.copy()
            _remember(sent, passage, resolver, memory)
        resolver.forget()
        assign_quotes(passage, found, resolver, memory)
        resolver.forget()
        reader = SentenceReader(passage, resolver, found, source.date)
        for sent in sents:
            drafts += reader.read(sent, [] if prepared.digest else drafts[-200:])
    statements = finish(drafts, source.text, source.date)
    return Reading(
        document=Document(
            name=source.name, title=source.title, date=source.date, sha256=source.sha256, language="en",
            text=source.text, n_sentences=prepared.n_sentences,
        ),
        statements=statements,
        offers=offers.find(statements),
        demands=offers.find(statements, "demand"),
        threats=offers.find(statements, "threat"),
    )  # fmt: skip


def _meet(sents: Iterable[Any], resolver: Resolver) -> None:
    """Meet the persons that a paragraph introduces before its quotes are given to speakers."""
    for sent in sents:
        for token in sent:
            if token.pos_ == "PROPN" and token.dep_ in _NAMING:
                resolver.one(token)
    resolver.forget()


_NAMING = frozenset({"nsubj", "appos", "nsubjpass", "pobj", "dobj", "conj"})


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
