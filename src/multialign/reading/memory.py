"""What a document has said so far: persons, the state it is about, who was named last, who speaks."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from multialign.reading.people import Actor, People


@dataclass
class Memory:
    """What the document has said so far."""

    people: People
    focus: str | None = None
    recent: list[str] = field(default_factory=list)
    last_person: Actor | None = None
    last_speaker: Actor | None = None
    roles: dict[str, str] = field(default_factory=dict)

    def copy(self) -> Memory:
        """The memory as it stands; the persons stay shared."""
        return replace(self, recent=list(self.recent))

    def name(self, code: str) -> None:
        """A state was named: the most recent one."""
        if code in self.recent:
            self.recent.remove(code)
        self.recent.append(code)
        del self.recent[:-12]
