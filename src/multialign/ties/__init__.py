"""How states stand to each other: ties by domain, what they amount to, and who can hurt whom.

The room itself can be called: ``multialign.ties("IND", with_=["RUS"])``.
"""

from multialign._room import callable_room
from multialign.ties.build import frontier_share, ties
from multialign.ties.crude import CrudePaid, CrudePath, crude_paid, crude_path
from multialign.ties.dependence import Dependence, Power, dependence, power
from multialign.ties.records import Tie, Ties, ties_schema

__all__ = [
    "CrudePaid",
    "CrudePath",
    "Dependence",
    "Power",
    "Tie",
    "Ties",
    "crude_paid",
    "crude_path",
    "dependence",
    "frontier_share",
    "power",
    "ties",
    "ties_schema",
]

callable_room(__name__, ties)
