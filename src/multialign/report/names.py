"""Who is meant: names for the codes of states and organisations, as they stand in a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable

from multialign.reading.tables import names as reading_names
from multialign.reading.tables import states as reading_states
from multialign.ties.actors import names as tie_names

_ARTICLE = ("United ", "European ", "Netherlands", "Philippines", "Bahamas", "Gambia", "Maldives")


def name(code: str | None) -> str:
    """The English name of a state's or organisation's code; the code itself where it is not known."""
    if code is None:
        return "nobody named"
    return tie_names().get(code) or reading_names().get(code) or code


def spoken(code: str | None) -> str:
    """The name inside a sentence, with its article: 'India', 'the United States', 'the World Bank'."""
    text = name(code)
    if text.startswith(_ARTICLE):
        return f"the {text}"
    organisation = code in reading_names() and code not in reading_states()
    return f"the {text}" if organisation and " " in text else text


def tie_code(code: str) -> str | None:
    """The code under which the ties know an actor that the reader names; None where there are no data on it."""
    code = "EU27" if code == "EU" else code
    return code if code in tie_names() else None


def with_names(text: str, codes: Iterable[str]) -> str:
    """`text` with the codes of some parties replaced by their names, and names given their article."""
    for code in codes:
        said = spoken(code)
        text = re.sub(rf"\b{re.escape(code)}\b", said, text)
        if said != name(code):
            text = re.sub(rf"(?<!the )(?<!The )\b{re.escape(name(code))}\b", said, text)
        if said.endswith("s"):
            text = text.replace(f"{said}'s", f"{said}'")
        capital = said[:1].upper() + said[1:]
        text = re.sub(rf"(^|[.:!?] ){re.escape(said)}", rf"\g<1>{capital}", text)
    return text
