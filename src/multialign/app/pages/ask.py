"""Ask: a text, what it says, and the offers in it."""

from __future__ import annotations

import base64
import binascii
import itertools
import re
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from dash import Dash, Input, Output, State, ctx, dcc, html, no_update

from multialign.app.layout import attributes, field, state_options, table
from multialign.app.pages.asked import details_of, editor, question_of, question_url
from multialign.errors import InputError, MultialignError, unknown
from multialign.reading import Offer, Reading, Statement, read_text
from multialign.reading.documents import load
from multialign.report.names import name, spoken, with_names
from multialign.report.numbers import joined, plain
from multialign.respond import Question

MAX_TEXT = 100_000
"""Longest text read while somebody waits, characters; the command line reads longer ones."""
MAX_FILE = 1_000_000
EXAMPLES = {
    "kazakhstan-china": "China's offer to Kazakhstan",
    "viet-nam-usa": "The United States' offer to Viet Nam",
    "brazil-argentina-no-offer": "Brazil and Argentina: a text without an offer to Brazil",
}
EXAMPLE_STATES = {"kazakhstan-china": "KAZ", "viet-nam-usa": "VNM", "brazil-argentina-no-offer": "BRA"}
_one_at_a_time = threading.Lock()


def layout() -> list[Any]:
    """The page."""
    examples = [{"label": title, "value": name} for name, title in EXAMPLES.items()]
    return [
        html.H1("What does the announcement say?"),
        html.P(
            "Paste an announcement in English, drop a file, or take an example. The statements that states make to "
            "each other are marked in it, and the offers are listed. The text goes no further than this server."
        ),
        html.Div(
            [
                field(
                    "Text of the announcement",
                    dcc.Textarea(id="ask-text", rows=10, maxLength=MAX_TEXT, placeholder="Paste the text here"),
                    wide=True,
                ),
                dcc.Upload(
                    html.Button("Drop a file here, or choose one", className="quiet drop"),
                    id="ask-file",
                    accept=".txt,.md,.html,.htm,.pdf,.docx,text/plain",
                    max_size=MAX_FILE,
                    className="dropzone",
                    className_active="dropzone over",
                ),
                html.Div(
                    [
                        field("Example", dcc.Dropdown(id="ask-example", options=examples, placeholder="choose one")),
                        field(
                            "State that must answer",
                            dcc.Dropdown(
                                id="ask-focal", options=state_options(union=False), placeholder="choose a state"
                            ),
                        ),
                    ],
                    className="row",
                ),
                html.Div([html.Button("Read the text", id="ask-go", className="primary")], className="buttons"),
            ],
            className="card form",
        ),
        html.P(id="ask-error", className="error", role="alert"),
        dcc.Loading(html.Div(id="ask-result", **attributes({"aria-live": "polite"})), delay_show=400),
    ]


def register(app: Dash) -> None:
    """Reading on the button or another state; a file's or an example's text goes into the text box first."""

    @app.callback(
        Output("ask-text", "value"),
        Output("ask-focal", "value"),
        Output("ask-error", "children", allow_duplicate=True),
        Input("ask-file", "contents"),
        Input("ask-example", "value"),
        State("ask-file", "filename"),
        prevent_initial_call=True,
    )
    def take(contents: str | None, example: str | None, filename: str | None) -> tuple[Any, Any, str]:
        try:
            if ctx.triggered_id == "ask-example":
                return (example_text(example), EXAMPLE_STATES[example], "") if example else (no_update, no_update, "")
            return (file_text(contents, filename or "file"), no_update, "") if contents else (no_update, no_update, "")
        except MultialignError as error:
            return no_update, no_update, str(error)

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

    @app.callback(
        Output("ask-find", "href"),
        Output("ask-edit-error", "children"),
        Input("ask-offerer", "value"),
        Input("ask-third", "value"),
        Input("ask-domains", "value"),
        Input("ask-rivals", "value"),
        State("ask-focal", "value"),
        State("ask-details", "data"),
        prevent_initial_call=True,
    )
    def edit(offerer: Any, third: Any, domains: Any, rivals: Any, focal: Any, details: Any) -> tuple[Any, str]:
        try:
            question, _ = question_of(focal, offerer, third, domains, rivals=rivals, details=details)
        except MultialignError as error:
            return no_update, str(error)
        return question_url(question), ""


def example_text(name: str) -> str:
    """One of the examples that come with the workbench. Raises InputError for a name that is none."""
    if name not in EXAMPLES:
        raise unknown("example", str(name)[:40], EXAMPLES, field="example")
    return files("multialign.app").joinpath("examples", f"{name}.txt").read_text(encoding="utf-8")


def file_text(contents: str, filename: str = "file.txt") -> str:
    """The text in an upload (a data URL): plain text, Markdown, HTML, PDF or DOCX, by what it holds.

    Raises InputError for a file too long, broken, or of another kind.
    """
    if len(contents) > 2 * MAX_FILE:
        raise InputError(f"the file has more than {MAX_FILE // 1000} kB", hint="multialign read takes longer ones")
    head, _, body = contents.partition(",")
    try:
        if not head.endswith("base64"):
            raise binascii.Error
        raw = base64.b64decode(body, validate=True)
    except binascii.Error:
        raise InputError("the upload is damaged", hint="choose the file again, or paste the text") from None
    name = re.sub(r"[^A-Za-z0-9._-]", "_", filename)[-60:].lstrip(".") or "file"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(raw)
        try:
            source = load(path)
        except InputError as error:
            raise InputError(error.problem, hint=error.hint, file=name) from None
    if len(source.text) > MAX_TEXT:
        raise InputError(
            f"the file holds {len(source.text):,} characters",
            hint=f"up to {MAX_TEXT:,} here; multialign read takes longer ones",
        )
    return source.text


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
    """The text of a reading with its statements marked, offers apart."""
    offering = {i for o in reading.offers for i in o.statements}
    return marked_text(reading.document.text, reading.statements, offering)


def marked_text(text: str, statements: Sequence[Statement], strong: set[str], links: bool = True) -> html.Div:
    """A text with its statements marked, those in `strong` apart. Only text nodes and attributes are made: nothing in
    it is markup. `links`: whether a mark's number leads to its line in the table below."""
    by_id = {s.id: s for s in statements}
    children: list[Any] = []
    for piece in pieces(text, statements):
        if not piece.ids:
            children.append(piece.text)
            continue
        labels = [_label(i, links) for i in piece.ends]
        children.append(
            html.Mark(
                [piece.text, *labels],
                className="offer" if strong & set(piece.ids) else "said",
                title="\n".join(gist(by_id[i]) for i in piece.ids),
            )
        )
    return html.Div(children, className="document", lang="en")


def _label(statement: str, links: bool) -> Any:
    if links:
        return html.A(statement, href=f"#row-{statement}", className="tag")
    return html.Span(statement, className="tag")


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
        *(("Competes", name(o.by), p.get(f"offers[{k}].by", "")) for k, o in enumerate(question.all_offers) if k),
        *(
            ("May reply", name(t.by), p.get(f"pressure[{k}].by" if k else "third", ""))
            for k, t in enumerate(question.all_pressures)
        ),
        ("How far", question.measure or "not said", ""),
        ("On condition", question.condition or "none said", ""),
        ("In", joined(question.domains), p.get("domains", "")),
        ("Like offers to", joined([name(c) for c in question.parallel]) or "nobody", ""),
    ]
    return [
        html.H2(f"How far should {spoken(question.focal)} go with {spoken(question.offerer)}?"),
        html.Dl(
            [html.Div([html.Dt(t), html.Dd([d, _source(with_names(why, question.parties))])]) for t, d, why in facts]
        ),
        editor(question),
        dcc.Store(id="ask-details", data=details_of(question)),
        dcc.Link("Find the answer", id="ask-find", href=question_url(question), className="button primary"),
    ]


def _source(why: str) -> Any:
    return html.Small(f" ({why})") if why and why != "given" else ""


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
    head = [(h, False) for h in ("No.", "From", "To", "What", "Mode", "Domains", "Said by")] + [("Tone", True)]
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
    return table(head, rows, caption="Tone runs from −10 (armed attack) to +10 (aid).", ids=ids)
