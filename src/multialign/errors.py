"""What goes wrong, said once and kindly.

Every error that a user can cause is a `MultialignError`. The command line prints it as one line and leaves with
its `exit_code`; in Python it is an ordinary exception whose parts (file, line, field, value) can be read.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from pathlib import Path


class MultialignError(Exception):
    """Base of all errors raised on purpose. `exit_code` is what the command line leaves with."""

    exit_code = 1


class InputError(MultialignError):
    """Something given by the user cannot be used.

    The message reads ``file:line: field: what was found; what would be right``, each part where it is known.

    Parameters
    ----------
    problem: what is wrong, naming the value found.
    hint: what would be right, with the nearest right name where there is one.
    file, line, field: where it was found.
    """

    exit_code = 2

    def __init__(
        self,
        problem: str,
        *,
        hint: str | None = None,
        file: str | Path | None = None,
        line: int | None = None,
        field: str | None = None,
    ) -> None:
        self.problem, self.hint, self.file, self.line, self.field = problem, hint, file, line, field
        super().__init__(str(self))

    def __str__(self) -> str:
        place = ""
        if self.file is not None:
            place = f"{self.file}:{self.line}: " if self.line is not None else f"{self.file}: "
        elif self.line is not None:
            place = f"line {self.line}: "
        field = f"{self.field}: " if self.field else ""
        hint = f"; {self.hint}" if self.hint else ""
        return f"{place}{field}{self.problem}{hint}"

    def at(self, *, file: str | Path | None = None, line: int | None = None, field: str | None = None) -> InputError:
        """The same error with its place filled in where it was not known before."""
        return type(self)(
            self.problem,
            hint=self.hint,
            file=self.file if self.file is not None else file,
            line=self.line if self.line is not None else line,
            field=self.field if self.field is not None else field,
        )


class InfeasibleError(InputError):
    """What is asked can have no answer, whatever the numbers: a good that nobody is left to sell, trade that cannot
    balance."""


class ConvergenceError(MultialignError):
    """A solve did not reach its tolerance; no numbers are returned."""

    exit_code = 3


def nearest(found: str, known: Iterable[str] | Mapping[str, str]) -> str | None:
    """The known name closest to `found`, or None when nothing is close.

    With a mapping (code -> name), both codes and names are compared and ``'CODE' (name)`` is returned.
    """
    if isinstance(known, Mapping):
        spelled = {**{name.casefold(): code for code, name in known.items()}}
        spelled.update({code.casefold(): code for code in known})
        hits = difflib.get_close_matches(found.casefold(), list(spelled), n=1, cutoff=0.5)
        if not hits:
            return None
        code = spelled[hits[0]]
        return f"'{code}' ({known[code]})"
    folded = {k.casefold(): k for k in known}
    hits = difflib.get_close_matches(found.casefold(), list(folded), n=1, cutoff=0.5)
    return f"'{folded[hits[0]]}'" if hits else None


def unknown(kind: str, found: str, known: Iterable[str] | Mapping[str, str], **place: object) -> InputError:
    """An `InputError` for a name that is not known, with the nearest right one."""
    known = known if isinstance(known, Mapping) else list(known)
    close = nearest(found, known)
    if close:
        hint = f"the nearest known is {close}"
    else:
        names = list(known)
        shown = ", ".join(names[:8]) + (f" ... ({len(names)} in all)" if len(names) > 8 else "")
        hint = f"known are: {shown}"
    article = "an" if kind[0] in "aeio" else "a"
    return InputError(f"'{found}' is not {article} {kind} known here", hint=hint, **place)  # type: ignore[arg-type]
