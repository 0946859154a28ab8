"""How states stand to each other: ties by domain, what they amount to, and who can hurt whom.

The room itself can be called: ``multialign.ties("IND", with_=["RUS"])``.
"""

from multialign._room import callable_room
from multialign.ties.break_even import break_even
from multialign.ties.break_even_model import BreakEven, break_even_schema
from multialign.ties.build import frontier_share, ties
from multialign.ties.crude import CrudeOrigin, CrudePaid, CrudePath, crude_from, crude_paid, crude_path
from multialign.ties.crude_response import CrudeResponse, crude_schema, if_discount, if_sanction, if_tariff_threat
from multialign.ties.dependence import Dependence, dependence
from multialign.ties.elasticity import CrudeElasticity, crude_elasticity
from multialign.ties.estimate import estimate_crude
from multialign.ties.leaning import Leaning, leaning
from multialign.ties.power import Power, power
from multialign.ties.records import Tie, Ties, ties_schema
from multialign.ties.summary import alignment_table
from multialign.ties.table import leaners, ties_array, ties_table

__all__ = [
    "BreakEven",
    "CrudeElasticity",
    "CrudeOrigin",
    "CrudePaid",
    "CrudePath",
    "CrudeResponse",
    "Dependence",
    "Leaning",
    "Power",
    "Tie",
    "Ties",
    "alignment_table",
    "break_even",
    "break_even_schema",
    "crude_elasticity",
    "crude_from",
    "crude_paid",
    "crude_path",
    "crude_schema",
    "dependence",
    "estimate_crude",
    "frontier_share",
    "if_discount",
    "if_sanction",
    "if_tariff_threat",
    "leaners",
    "leaning",
    "power",
    "ties",
    "ties_array",
    "ties_schema",
    "ties_table",
]

callable_room(__name__, ties)
