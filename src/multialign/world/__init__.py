"""What is known: the `World`, its sources and its accounts."""

from multialign.world.load import load_world, open_world, save_world
from multialign.world.model import World

__all__ = ["World", "load_world", "open_world", "save_world"]
