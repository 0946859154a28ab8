"""Ask: a text, what it says, and the offers in it."""

from __future__ import annotations

import base64
import binascii
import itertools
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from dash import Dash, Input, Output, State, dcc, html, no_update

from multialign.app.layout import attributes, field, state_options, table
from multialign.errors import InputError, MultialignError
from multialign.reading import Offer, Reading, Statement, read_text
from multialign.report.names import name, spoken, with_names
from multialign.report.numbers import joined, plain
from multialign.respond import Question

MAX_TEXT = 100_000
"""Longest text read while somebody waits, characters; the command line reads longer ones."""
MAX_FILE = 400_000
_one_at_a_time = threading.Lock()


def layout() -> list[Any]:
    """The page."""
    return [
        html.H1("What does the announcement say?"),
        html.P(
            "Paste an announcement in English. The statements that states make to each other are marked in it, and "
            "the offers are listed. The text goes no further than this server."
        ),
        html.Div(
            [
                field(
                    "Text of the announcement",
                    dcc.Textarea(id="ask-text", rows=10, maxLength=MAX_TEXT, placeholder="Paste the text here"),
                    wide=True,
                ),
                html.Div(
                    [
                        field(
                            "State that must answer",
                            dcc.Dropdown(
                                id="ask-focal", options=state_options(union=False), placeholder="choose a state"
                            ),
                        ),
                        html.Div(
                            [
                                html.Button("Read the text", id="ask-go", className="primary"),
                                dcc.Upload(
                                    html.Button("Take a text file", className="quiet"),
                                    id="ask-file",
                                    accept=".txt,.md,text/plain",
                                    max_size=MAX_FILE,
                                ),
                            ],
                            className="buttons",
                        ),
                    ],
                    className="row",
                ),
            ],
            className="card form",
        ),
        html.P(id="ask-error", className="error", role="alert"),
        dcc.Loading(html.Div(id="ask-result", **attributes({"aria-live": "polite"})), delay_show=400),
    ]


def register(app: Dash) -> None:
    """Reading on the button or another state; a file's text goes into the text box first."""

    @app.callback(
        Output("ask-text", "value"),
        Output("ask-error", "children", allow_duplicate=True),
        Input("ask-file", "contents"),
        prevent_initial_call=True,
    )
    def take(contents: str | None) -> tuple[Any, str]:
        try:
            return (file_text(contents), "") if contents else (no_update, "")
        except MultialignError as error:
            return no_update, str(error)

    @app.callback(
        Output("ask-result", "children"),
        Output("ask-error", "children"),
        Input("ask-go", "n_clicks"),
        Input("ask-focal", "value"),
        State("ask-text", "value"),
        prevent_initial_call=True,
    )
    def read(clicks: int | None, focal: str | None, text: str | None) -> tuple[Any, str]:
        if not clicks:
            return no_update, ""
        try:
            return view(reading_of(text or ""), focal), ""
        except MultialignError as error:
            return None, str(error)


def file_text(contents: str) -> str:
    """The text in an upload (a data URL). Raises InputError for a file too long, broken, or not UTF-8 text."""
    if len(contents) > 2 * MAX_FILE:
        raise InputError(f"the file has more than {MAX_FILE // 1000} kB", hint="multialign read takes longer ones")
    head, _, body = contents.partition(",")
    try:
        if not head.endswith("base64"):
            raise binascii.Error
        return base64.b64decode(body, validate=True).decode("utf-8-sig")
    except (binascii.Error, UnicodeDecodeError):
        raise InputError("the file is not text in UTF-8", hint="save it as plain text, or paste the text") from None


def reading_of(text: str) -> Reading:
    """The reading of a text. Raises InputError as `read_text`, and for more than `MAX_TEXT` characters."""
    if not text.strip():
        raise InputError("there is no text yet", hint="paste the announcement, or take a file")
    if len(text) > MAX_TEXT:
        raise InputError(
            f"the text has {len(text):,} characters", hint=f"up to {MAX_TEXT:,} here; multialign read takes longer ones"
        )
    with _one_at_a_time:
        return _read(text)


@lru_cache(maxsize=4)
def _read(text: str) -> Reading:
    return read_text(text, name="pasted text")


@dataclass(frozen=True)
class Piece:
    """A stretch of text under the same statements. `ends`: those of them that end with it."""

    text: str
    ids: tuple[str, ...]
    ends: tuple[str, ...]


def pieces(text: str, statements: Sequence[Statement]) -> list[Piece]:
    """The text cut wherever a statement begins or ends; joined again, the pieces are the text."""
    cuts = sorted({0, len(text), *(s.start for s in statements), *(s.end for s in statements)})
    out = []
    for start, end in itertools.pairwise(cuts):
        over = [s for s in statements if s.start <= start and end <= s.end]
        out.append(Piece(text[start:end], tuple(s.id for s in over), tuple(s.id for s in over if s.end == end)))
    return out


def marked(reading: Reading) -> html.Div:
    """The text with its statements marked. Only text nodes and attributes are made: nothing in it is markup."""
    by_id = {s.id: s for s in reading.statements}
    offering = {i for o in reading.offers for i in o.statements}
    children: list[Any] = []
    for piece in pieces(reading.document.text, reading.statements):
        if not piece.ids:
            children.append(piece.text)
            continue
        labels = [html.A(i, href=f"#row-{i}", className="tag") for i in piece.ends]
        children.append(
            html.Mark(
                [piece.text, *labels],
                className="offer" if offering & set(piece.ids) else "said",
                title="\n".join(gist(by_id[i]) for i in piece.ids),
            )
        )
    return html.Div(children, className="document", lang="en")


def gist(s: Statement) -> str:
    """A statement in one line: its id, who to whom, what, in which mode and domains."""
    who = name(s.source) + (f" to {name(s.target)}" if s.target else "")
    return f"{s.id}: {who}: {what(s)} ({', '.join([s.mode, *s.domains])})"


def what(s: Statement) -> str:
    """The event or state of affairs, in small letters."""
    return (s.event or f"{s.relation}{' ' + s.change if s.change else ''}").lower()


def who_says(offer: Offer | Statement) -> str:
    """Speaker, or the one whose view it is."""
    if isinstance(offer, Statement) and offer.assessor:
        return offer.assessor
    if offer.speaker is None:
        return ""
    return ", ".join(p for p in (offer.speaker.name, offer.speaker.role) if p)


def view(reading: Reading, focal: str | None) -> html.Div:
    """What is shown of a reading: the question to the focal state, the offers, the marked text, the statements."""
    told = f" are marked ({len(reading.statements)} in all); each mark's number leads to its line below."
    return html.Div(
        [
            html.Div(asked(reading, focal), className="card ask"),
            html.H2("Offers"),
            offers_table(reading.offers) if reading.offers else html.P("The text holds no offer."),
            html.H2("The text"),
            html.P(
                [
                    html.Mark("Offers", className="offer"),
                    " and ",
                    html.Mark("other statements", className="said"),
                    told,
                ],
                className="legend",
            ),
            html.Div(marked(reading), className="card"),
            html.H2("Statements"),
            statements_table(reading.statements),
        ]
    )


def asked(reading: Reading, focal: str | None) -> list[Any]:
    """The question that the text puts to the focal state, with the way to its answer; else why there is none."""
    targets = list(dict.fromkeys(o.target for o in reading.offers))
    to_whom = f"Offers in it go to {joined([spoken(t) for t in targets])}." if targets else "It holds no offer at all."
    if not focal:
        return [html.P(f"Choose the state that must answer. {to_whom}")]
    try:
        question = Question.from_reading(reading, focal)
    except MultialignError as error:
        return [html.P(f"No question can be made of it: {error}", className="error")]
    if question is None:
        return [html.P(f"The text holds no offer to {spoken(focal)}. {to_whom}")]
    p = question.provenance
    facts = [
        ("Must answer", name(question.focal), ""),
        ("Offers", name(question.offerer), p.get("offerer", "")),
        ("Looks on", name(question.third), p.get("third", "")),
        ("How far", question.measure or "not said", ""),
        ("On condition", question.condition or "none said", ""),
        ("In", joined(question.domains), p.get("domains", "")),
        ("Like offers to", joined([name(c) for c in question.parallel]) or "nobody", ""),
    ]
    return [
        html.H2(f"How far should {spoken(question.focal)} go with {spoken(question.offerer)}?"),
        html.Dl([html.Div([html.Dt(t), html.Dd([d, _source(with_names(why, [focal]))])]) for t, d, why in facts]),
        dcc.Link("Find the answer", href=question_url(question), className="button primary"),
    ]


def _source(why: str) -> Any:
    return html.Small(f" ({why})") if why and why != "given" else ""


def question_url(question: Question) -> str:
    """The address under which the Answer page takes up a question."""
    parts = {"focal": question.focal, "offerer": question.offerer, "third": question.third}
    return "/answer?" + urlencode({**parts, "domains": ",".join(question.domains)}, safe=",")


def offers_table(offers: Sequence[Offer]) -> html.Div:
    """The offers, one a row."""
    head = [(h, False) for h in ("Offer", "From", "To", "Domains", "How far", "Condition", "Said by", "Words")]
    rows = [
        (
            o.id,
            name(o.source),
            name(o.target),
            ", ".join(o.domains) or "none named",
            o.measure.text if o.measure else "",
            o.condition.text if o.condition else "",
            who_says(o),
            html.Q(o.text),
        )
        for o in offers
    ]
    return table(head, rows, caption="Proposals of more of a tie; repeats are merged.")


def statements_table(statements: Sequence[Statement]) -> html.Div:
    """The statements, one a row that a mark in the text can point to."""
    head = [(h, False) for h in ("No.", "From", "To", "What", "Mode", "Domains", "Said by")] + [("Valence", True)]
    rows = [
        (
            s.id,
            name(s.source),
            name(s.target) if s.target else "",
            what(s),
            s.mode,
            ", ".join(s.domains),
            who_says(s),
            plain(s.valence, 1, sign=True),
        )
        for s in statements
    ]
    ids = [f"row-{s.id}" for s in statements]
    return table(head, rows, caption="Valence runs from -10 (armed attack) to +10 (aid).", ids=ids)
