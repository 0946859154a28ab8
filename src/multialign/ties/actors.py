"""Who a tie is between: single states, the European Union as one, and other groups of states."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from multialign.errors import InputError
from multialign.world import codes, groups

EU = "EU27"
_WITH_ARTICLE = ("United ", "European ", "Netherlands", "Philippines")
_EU_SPELLINGS = {"eu27", "eu", "euu", "european union", "the european union"}


@cache
def order() -> MappingProxyType[str, int]:
    """Code -> place on the axes of every matrix of ties (the embedded world's order, ROW last)."""
    return MappingProxyType({code: n for n, code in enumerate(codes.countries())})


@cache
def names() -> Mapping[str, str]:
    """Code -> name of everybody that a tie can be with: the 80 states and the European Union."""
    known = {code: name for code, name in codes.countries().items() if code != "ROW"}
    return MappingProxyType({**known, EU: "European Union"})


@dataclass(frozen=True)
class Actor:
    """A state, the European Union, or another group of states. `members` are places on the axes (see `order`)."""

    code: str
    name: str
    members: tuple[int, ...]

    @property
    def spoken(self) -> str:
        """The name inside a sentence: with its article where it takes one."""
        return spoken_name(self.code, self.name)

    @property
    def single(self) -> bool:
        """Whether it is one state."""
        return len(self.members) == 1

    def without(self, other: Actor) -> Actor:
        """This actor less the members of another: the EU, seen from a member, is the other 26."""
        rest = tuple(m for m in self.members if m not in other.members)
        if rest == self.members:
            return self
        return Actor(self.code, f"{self.name} (other members)", rest)


def spoken_name(code: str, name: str) -> str:
    """A name inside a sentence: with its article where it takes one."""
    first, _, more = name.partition(" ")
    a_group = bool(more) and code not in names() and groups.is_group(code) and not first.isupper()
    return f"the {name}" if a_group or name.startswith(_WITH_ARTICLE) else name


def actor(code: str, *, field: str = "state", group: bool = False) -> Actor:
    """The actor of an ISO3 code, an English name, or ``EU27``; with `group` also any other group of states that
    `world.groups` knows, at its present members or those of a day (``BRICS``, ``EU@2019-06-30``).

    Raises InputError for ROW, which is nobody's state, for a code that is not known, with the nearest, and for a group
    where none is taken or none of whose members is in the embedded world.
    """
    if not isinstance(code, str) or not code.strip():
        raise InputError(
            f"{code!r} is not a country code", field=field, hint="give an ISO3 code such as 'IND', or 'EU27'"
        )
    text = code.strip()
    if text.casefold() in _EU_SPELLINGS:
        return Actor(EU, names()[EU], tuple(order()[m] for m in codes.EU27))
    if text.casefold() in ("row", codes.countries()["ROW"].casefold()):
        raise InputError(
            "'ROW' is the rest of the world together, not a state",
            field=field,
            hint="give one of the 80 states, or 'EU27'",
        )
    if text.upper() in names() or text.casefold() in {n.casefold() for n in names().values()}:
        iso3 = codes.country(text)
        return Actor(iso3, names()[iso3], (order()[iso3],))
    if groups.is_group(text):
        if not group:
            raise InputError(
                f"'{text}' is a group of states", field=field, hint="a single state, or 'EU27', is needed here"
            )
        return _group(text, field)
    known = {**names(), **(groups.group_names() if group else {})}
    raise codes.unknown("country or group" if group else "country", text, known, field=field)


def group_label(text: str, field: str) -> tuple[str, str, tuple[str, ...]]:
    """Code, name and members (ISO3) of a group by any of its spellings, with its day where one is given."""
    found, members = groups.group(text, field=field), groups.members(text, field=field)
    day = text.partition("@")[2].strip()
    return (f"{found.code}@{day}", f"{found.name} ({day})", members) if day else (found.code, found.name, members)


def _group(text: str, field: str) -> Actor:
    code, name, members = group_label(text, field)
    places = tuple(sorted(order()[m] for m in members if m in order()))
    if not places:
        raise InputError(f"no member of '{text}' is in the embedded world", field=field, hint="give another group")
    return Actor(code, name, places)


def partners(state: Actor, with_: Iterable[str]) -> tuple[Actor, ...]:
    """The partners asked for, each once, in the order given.

    Raises InputError for an unknown one, for the state itself, or for a part of it.
    """
    given = [with_] if isinstance(with_, str) else list(with_)
    if not given:
        raise InputError("names no partner", field="with_", hint="leave it out for the great powers")
    out: dict[str, Actor] = {}
    for code in given:
        partner = actor(code, field="with_", group=True)
        if partner.code == state.code:
            raise InputError(
                f"'{code}' is the state itself", field="with_", hint=f"give partners other than {state.code}"
            )
        rest = partner.without(state)
        if not rest.members or set(partner.members) < set(state.members):
            raise InputError(f"'{code}' is a part of {state.code}", field="with_", hint="give partners outside it")
        out[partner.code] = rest
    return tuple(out.values())
