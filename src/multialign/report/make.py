"""From an announcement to its brief: read, ask, look up, answer, write."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from multialign import __version__
from multialign.errors import InputError
from multialign.reading import Reading, read
from multialign.report import words
from multialign.report.model import Brief, Paths
from multialign.report.names import name, spoken, tie_code
from multialign.report.numbers import joined
from multialign.report.sources import sources
from multialign.report.write import check_folder, write_all
from multialign.respond import Answer, Question
from multialign.respond import respond as answer_to
from multialign.ties import BreakEven, Power, Ties, break_even
from multialign.ties import power as power_of
from multialign.ties import ties as look_up
from multialign.ties.actors import actor
from multialign.world.codes import GREAT_POWERS, country

if TYPE_CHECKING:
    from multialign.world import World

Progress = Callable[[str, float], None]
FILES = ("brief.html", "brief.json", "brief.md")
MOST_PARTNERS = 5


def brief(
    article: str | Path,
    *,
    focal: str,
    offerer: str | None = None,
    out: str | Path,
    world: World | None = None,
    progress: Progress | None = None,
    sets: Sequence[str] | None = None,
    draws: int = 200,
    seed: int = 1,
) -> Brief:
    """Read an announcement, answer it for one state, and write ``brief.html``, ``brief.json`` and ``brief.md``.

    Parameters
    ----------
    article: path of the announcement, an English text file (or the text itself, as in `read`).
    focal: the state that must answer, ISO3 code or name.
    offerer: who offers; by default as the text says.
    out: folder for the three files, made where it is missing; each is written whole or not at all.
    world, sets, draws, seed: as in `respond`.
    progress: called with a text and the fraction done.

    Where the text holds no offer to `focal`, the brief says so and shows what the text does hold.
    Raises InputError for a bad text, state or folder, or an `offerer` who offers nothing in the text;
    ConvergenceError when a solve fails. Nothing is written then.
    """
    report = progress or (lambda text, done: None)
    out = Path(out)
    check_folder(out, FILES)
    me = country(focal, field="focal")
    given = actor(offerer, field="offer").code if offerer else None
    report("reading the text", 0.0)
    reading = read(article)
    question = _question(reading, me, given, article, world)
    report("looking up the ties", 0.04)
    found = _ties(reading, me, question, world)
    answer = None
    if question is not None:
        answer = answer_to(
            question,
            world=world,
            sets=sets,
            draws=draws,
            seed=seed,
            progress=lambda text, done: report(text, 0.06 + 0.84 * done),
        )
    report("cutting ties", 0.91)
    lost = _power(me, found, world)
    report("weighing discount and tariff", 0.94)
    net = _net_gain(question, world)
    report("writing the brief", 0.97)
    result = assemble(reading, me, question, found, answer, out, power=lost, net_gain=net)
    write_all(out, texts(result))
    report("done", 1.0)
    return result


def assemble(
    reading: Reading,
    focal: str,
    question: Question | None,
    ties: Ties,
    answer: Answer | None,
    out: Path,
    *,
    power: Power | None = None,
    net_gain: BreakEven | None = None,
) -> Brief:
    """The Brief from its parts; nothing is computed or written."""
    return Brief(
        made_by=f"multialign {__version__}",
        focal=focal,
        focal_name=name(focal),
        headline=words.headline(answer) if answer else words.no_offer(reading, focal),
        document=reading.document,
        statements=tuple(reading.statements),
        offers=tuple(reading.offers),
        question=question,
        ties=ties,
        power=power,
        answer=answer,
        net_gain=net_gain,
        sources=sources(),
        paths=Paths(html=out / FILES[0], json_=out / FILES[1], markdown=out / FILES[2]),
    )


def texts(brief: Brief) -> dict[str, str]:
    """File name -> text of the three forms of a brief."""
    import json

    from multialign.report.figures import figures
    from multialign.report.html import to_html
    from multialign.report.markdown import to_markdown

    drawn = figures(brief.ties, brief.answer, brief.power, brief.net_gain)
    return {
        FILES[0]: to_html(brief, drawn),
        FILES[1]: json.dumps(brief.to_dict(), indent=1, ensure_ascii=False, allow_nan=False) + "\n",
        FILES[2]: to_markdown(brief, drawn),
    }


def from_reading(reading: Reading, focal: str, answer: Answer, world: World | None = None) -> str:
    """The HTML of the brief on an answer that is there already; nothing is written."""
    found = _ties(reading, focal, answer.question, world)
    q = answer.question
    lost, net = _power(focal, found, world), _net_gain(q, world)
    made = assemble(reading, focal, q, found, answer, Path("brief"), power=lost, net_gain=net)
    return texts(made)[FILES[0]]


def _power(focal: str, ties: Ties, world: World | None) -> Power | None:
    """What the focal state and each partner of the brief lose if their trade stops."""
    try:
        return power_of([(focal, p) for p in ties.partners], world, cache=world is None)
    except InputError:
        return None  # a partner that this world does not have


def _net_gain(question: Question | None, world: World | None) -> BreakEven | None:
    """The focal state's gain over the offerer's discount and the third power's tariff, where they trade crude."""
    if question is None:
        return None
    try:
        return break_even(question.focal, question.offerer, question.third, world=world, elasticities=("median",))
    except InputError:
        return None  # no crude between the two, or none at a credible price


def _question(
    reading: Reading, focal: str, offerer: str | None, article: str | Path, world: World | None
) -> Question | None:
    """The question that the text puts, or None; an `offerer` who offers nothing is an error."""
    wanted = offerer
    if offerer is not None:
        # The reader's own code where it differs (EU for EU27).
        wanted = next((o.source for o in reading.offers if tie_code(o.source) == offerer and o.target == focal), None)
        if wanted is None:
            raise _no_such_offer(reading, focal, offerer, article)
    chosen = [o for o in reading.offers if o.target == focal and (wanted is None or o.source == wanted)]
    known = [o for o in chosen if tie_code(o.source) is not None]
    if chosen and not known:
        who = joined([spoken(o.source) for o in chosen])
        raise InputError(
            f"the offer comes from {who}, on whom the world has no data",
            file=_file(article),
            field="offer",
            hint="an answer can be given to the 80 states of the embedded world and to the European Union",
        )
    reading = reading.model_copy(
        update={"offers": [o.model_copy(update={"source": tie_code(o.source)}) for o in known]}
    )
    return Question.from_reading(reading, focal, None, world) if known else None


def _no_such_offer(reading: Reading, focal: str, offerer: str, article: str | Path) -> InputError:
    """The error that says who does offer something in the text."""
    to_me = sorted({o.source for o in reading.offers if o.target == focal})
    others = sorted({(o.source, o.target) for o in reading.offers if o.target != focal})
    if to_me:
        hint = f"to {name(focal)} the text has offers from: {', '.join(f'{c} ({name(c)})' for c in to_me)}"
    elif others:
        hint = f"the text has offers of {joined([f'{name(a)} to {name(b)}' for a, b in others])}"
    else:
        hint = "the text has no offer at all; leave --offer out for a brief on what it does say"
    return InputError(
        f"the text has no offer from {name(offerer)} to {name(focal)}", file=_file(article), field="offer", hint=hint
    )


def _file(article: str | Path) -> str | Path | None:
    return article if isinstance(article, Path) or "\n" not in article else None


def _ties(reading: Reading, focal: str, question: Question | None, world: World | None) -> Ties:
    """Ties to offerer, third power and the other great powers; without a question to the states that the text names
    with the focal state, then to any that it names, then to the great powers."""
    if question is not None:
        wanted = [question.offerer, question.third, *GREAT_POWERS]
    else:
        beside = [c for s in reading.statements if focal in (s.source, s.target) for c in (s.source, s.target)]
        named = [c for s in reading.statements for c in (s.source, s.target)]
        wanted = [
            *(c for c in (tie_code(c) for c in (*beside, *named) if c is not None) if c is not None),
            *GREAT_POWERS,
        ]
    taken = set(actor(focal).members)
    partners: list[str] = []
    for code in wanted:
        if code in partners:
            continue
        members = set(actor(code).members)
        if members & taken:
            continue  # the state itself, or a union that one of those before is in
        taken |= members
        partners.append(code)
    return look_up(focal, with_=partners[:MOST_PARTNERS] or None, world=world)
