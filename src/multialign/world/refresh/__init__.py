"""Newer data from the publishers' own files, kept in the user's data folder beside the embedded data."""

from multialign.world.refresh.add import KINDS, add
from multialign.world.refresh.store import Entry, data_home, entries, remove
from multialign.world.refresh.world import own_world

__all__ = ["KINDS", "Entry", "add", "data_home", "entries", "own_world", "remove"]
