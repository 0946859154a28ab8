"""A parsed text as plain Python objects: words with their heads and children, sentences, stretches.

The rules look at each word's children, subtree and labels hundreds of times. spaCy makes a new object each time that a
token is asked for and looks every label up; here a word is one object for good, with its labels as strings. Names
follow spaCy's.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import Any, overload

_LABELS = ["ORTH", "TAG", "POS", "DEP", "LEMMA", "HEAD", "IDX", "SENT_START"]
_DIGITS = frozenset("0123456789")


class Word:
    """A word of a text: labels, place (`i` in the text, `idx` in its characters), head and children."""

    __slots__ = (
        "_subtree",
        "children",
        "dep_",
        "doc",
        "head",
        "i",
        "idx",
        "lemma_",
        "lower_",
        "pos_",
        "sent",
        "tag_",
        "text",
    )

    doc: Text
    head: Word
    sent: Stretch
    children: list[Word]
    ent_type_ = ""

    def __init__(self, doc: Text, i: int, idx: int, text: str, lower: str, lemma: str, pos: str, tag: str, dep: str):
        self.doc, self.i, self.idx, self.text, self.lower_ = doc, i, idx, text, lower
        self.lemma_, self.pos_, self.tag_, self.dep_ = lemma, pos, tag, dep
        self.children = []
        self._subtree: list[Word] | None = None

    @property
    def subtree(self) -> list[Word]:
        """The word and all below it, in order of the text."""
        if self._subtree is None:
            out, todo, seen = [], [self], 0
            while todo and seen <= len(self.doc):  # a parse has no cycles; bounded all the same
                word = todo.pop()
                seen += 1
                out.append(word)
                todo += word.children
            out.sort(key=lambda w: w.i)
            self._subtree = out
        return self._subtree

    @property
    def right_edge(self) -> Word:
        """The last word of the subtree."""
        return self.subtree[-1]

    @property
    def is_space(self) -> bool:
        """Whether it is white space."""
        return self.text.isspace()

    @property
    def like_num(self) -> bool:
        """Whether it is a number in digits."""
        return bool(_DIGITS & set(self.text)) and not any(c.isalpha() for c in self.text)

    def nbor(self, n: int = 1) -> Word:
        """The word `n` places on. Raises IndexError outside the text."""
        if self.i + n < 0:
            raise IndexError(n)
        return self.doc.words[self.i + n]

    def __len__(self) -> int:
        return len(self.text)

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        return f"{self.text}/{self.i}"


class Stretch:
    """Words `start` to `end` (exclusive) of a text: a sentence or any slice."""

    __slots__ = ("doc", "end", "start")

    def __init__(self, doc: Text, start: int, end: int):
        self.doc, self.start, self.end = doc, start, max(start, end)

    @property
    def words(self) -> list[Word]:
        """The words in it."""
        return self.doc.words[self.start : self.end]

    @property
    def start_char(self) -> int:
        """Offset of its first character in the text."""
        return self.doc.words[self.start].idx if self.end > self.start else 0

    @property
    def end_char(self) -> int:
        """Offset after its last character in the text."""
        if self.end <= self.start:
            return 0
        last = self.doc.words[self.end - 1]
        return last.idx + len(last.text)

    @property
    def text(self) -> str:
        """Its characters."""
        return self.doc.text[self.start_char : self.end_char]

    def __len__(self) -> int:
        return self.end - self.start

    def __iter__(self) -> Iterator[Word]:
        return iter(self.words)

    def __getitem__(self, i: int) -> Word:
        return self.words[i]


class Text:
    """A parsed text. `sents` are its sentences; `user_data` is for what readers want to remember of it."""

    def __init__(self, doc: Any) -> None:
        self.text: str = doc.text
        self.user_data: dict[str, Any] = {}
        self.words: list[Word] = []
        names, add, starts = _Names.of(doc.vocab.strings), self.words.append, []
        rows = doc.to_array(_LABELS).tolist() if len(doc) else []
        for i, (orth, tag, pos, dep, lemma, _, idx, start) in enumerate(rows):
            text, lower = names.word(orth)
            add(Word(self, i, idx, text, lower, names[lemma], names[pos], names[tag], names[dep]))
            if start == 1 or i == 0:
                starts.append(i)
        for word, row in zip(self.words, rows, strict=True):
            offset = row[5] if row[5] < 1 << 63 else row[5] - (1 << 64)  # heads are offsets, kept unsigned
            word.head = self.words[word.i + offset]
            if offset:
                word.head.children.append(word)
        self._part_at_semicolons()
        self.sents = [Stretch(self, a, b) for a, b in zip(starts, [*starts[1:], len(rows)], strict=True)]
        for sent in self.sents:
            for word in sent:
                word.sent = sent
        self._offsets = [w.idx for w in self.words]

    def _part_at_semicolons(self) -> None:
        """Two sentences with a semicolon between them: the first is no content of the second's verb."""
        for mark in self.words:
            if mark.text == ";":
                for word in mark.head.children:
                    if word.dep_ == "ccomp" and word.i < mark.i < mark.head.i:
                        word.dep_ = "parataxis"

    def inside(self, start: int, end: int) -> list[Word]:
        """The words that overlap characters `start` to `end`."""
        first = max(bisect_right(self._offsets, start) - 1, 0)
        return [w for w in self.words[first : bisect_left(self._offsets, end)] if w.idx + len(w.text) > start]

    def __len__(self) -> int:
        return len(self.words)

    def __iter__(self) -> Iterator[Word]:
        return iter(self.words)

    @overload
    def __getitem__(self, i: int) -> Word: ...
    @overload
    def __getitem__(self, i: slice) -> Stretch: ...
    def __getitem__(self, i: int | slice) -> Word | Stretch:
        if isinstance(i, slice):
            start, end, _ = i.indices(len(self.words))
            return Stretch(self, start, end)
        return self.words[i]


class _Names(dict[int, str]):
    """Strings of a vocabulary by their number, remembered; bounded."""

    LIMIT = 300_000
    _all: dict[int, _Names] = {}  # noqa: RUF012

    def __init__(self, strings: Any) -> None:
        super().__init__()
        self.strings = strings
        self._words: dict[int, tuple[str, str]] = {}

    @classmethod
    def of(cls, strings: Any) -> _Names:
        found = cls._all.get(id(strings))
        if found is None or found.strings is not strings:
            found = cls._all[id(strings)] = cls(strings)
        return found

    def __missing__(self, number: int) -> str:
        if len(self) > self.LIMIT:
            self.clear()
        self[number] = text = str(self.strings[number]) if number else ""
        return text

    def word(self, orth: int) -> tuple[str, str]:
        found = self._words.get(orth)
        if found is None:
            if len(self._words) > self.LIMIT:  # a text of invented words must not fill the memory
                self._words.clear()
            text = str(self.strings[orth])
            found = self._words[orth] = (text, text.lower())
        return found
