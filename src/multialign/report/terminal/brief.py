"""What a brief says, and where its files are, on a terminal."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape

from multialign.report import content
from multialign.report.model import Brief


def print_brief(brief: Brief, console: Console) -> None:
    """The question, the answer in two sentences, the verdict by domain, and the files."""
    console.print(f"[bold]{escape(content.title(brief))}[/]\n", highlight=False)
    first, *rest = brief.headline
    console.print(escape(first), style="bold", highlight=False)
    for sentence in rest:
        console.print(escape(sentence), highlight=False)
    for g in content.glance(brief):
        console.print(f"  {g.domain:<11}{escape(g.text)}", highlight=False)
    console.print()
    for path in (brief.paths.html, brief.paths.json_, brief.paths.markdown):
        console.print(str(path), highlight=False, markup=False, soft_wrap=True)
