"""Docstrings for the documentation site: their lists of parameters and attributes as Markdown lists.

Ours are plain text with headings as NumPy writes them, then ``name: what it is``, then paragraphs; the parsers for
NumPy's style would take the paragraphs for parameters.
"""

from __future__ import annotations

import re
from typing import Any

import griffe


def as_markdown(text: str) -> str:
    """A docstring with its lists marked, and what looks like an indented session of Python as code."""
    out: list[str] = []
    listed = False
    lines = text.splitlines()
    for k, line in enumerate(lines):
        ruled = k + 1 < len(lines) and re.fullmatch(r"-{3,}", lines[k + 1].strip()) is not None
        if ruled:
            out += [f"**{line.strip()}**", ""]
            listed = True
        elif re.fullmatch(r"-{3,}", line.strip()):
            continue
        elif listed and re.match(r"[\w, ]+: ", line):
            name, _, rest = line.partition(": ")
            out.append(f"- `{name}`: {rest}")
        elif not line.strip() and listed:
            listed = k + 1 < len(lines) and re.match(r"[\w, ]+: ", lines[k + 1]) is not None
            out.append(line)
        else:
            out.append(line)
    return re.sub(r"``([^`]+)``", r"`\1`", "\n".join(out))


class Docstrings(griffe.Extension):
    """Make every docstring Markdown as it is loaded."""

    def on_instance(self, *, obj: griffe.Object, **more: Any) -> None:
        if obj.docstring is not None:
            obj.docstring.value = as_markdown(obj.docstring.value)
