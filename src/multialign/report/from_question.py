"""A brief on a question of one's own: a YAML file in the place of what a text says."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from multialign.reading import read
from multialign.reading.reader import read_text
from multialign.report import make
from multialign.report.model import Brief
from multialign.report.names import spoken
from multialign.report.numbers import joined
from multialign.report.write import check_folder, write_all
from multialign.respond import Question, respond
from multialign.respond.question_file import question_from_file


def brief_from_question(
    file: str | Path,
    article: str | Path | None = None,
    *,
    out: str | Path,
    progress: Callable[[str, float], None] | None = None,
    sets: tuple[str, ...] | None = None,
    draws: int | None = None,
    seed: int = 1,
) -> Brief:
    """Write a brief on the question in a YAML file; with the announcement's text where one is given.

    Without a text the document is the question itself in words. Arguments, files and errors otherwise as in `brief`.
    """
    report = progress or (lambda text, done: None)
    out = Path(out)
    check_folder(out, make.FILES)
    question = question_from_file(file)
    report("reading", 0.02)
    reading = read(article) if article is not None else read_text(in_words(question), name=Path(file).name)
    found = make._ties(reading, question.focal, question, None)
    answer = respond(
        question, sets=sets, draws=draws, seed=seed, progress=lambda text, done: report(text, 0.06 + 0.84 * done)
    )
    report("writing the brief", 0.95)
    result = make.assemble(
        reading, question.focal, question, found, answer, out,
        power=make._power(question.focal, found, None), net_gain=make._net_gain(question, None),
    )  # fmt: skip
    write_all(out, make.texts(result))
    report("done", 1.0)
    return result


def in_words(q: Question) -> str:
    """The question as a short text."""
    lines = ["A question put by hand", ""]
    for o in q.all_offers:
        lines.append(f"{spoken(o.by)} offers {spoken(q.focal)} closer ties in {joined(list(o.domains))}.")
    for p in q.all_pressures:
        does = "may answer" if p.replies or p.counter_offer else "looks on"
        lines.append(f"{spoken(p.by)} {does} if the ties of {spoken(q.focal)} deepen.")
    return "\n".join(line[:1].upper() + line[1:] for line in lines) + "\n"
