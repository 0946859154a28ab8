"""What markets do: instruments, the world's equilibrium, and who gains."""

from multialign.trade.instruments import Discount, Embargo, ExportTax, Friction, Subsidy, Tariff
from multialign.trade.scenario import Scenario, load_scenario, scenario_schema
from multialign.trade.solution import Solution
from multialign.trade.solve import after, base_economy, solve, solve_file

__all__ = [
    "Discount",
    "Embargo",
    "ExportTax",
    "Friction",
    "Scenario",
    "Solution",
    "Subsidy",
    "Tariff",
    "after",
    "base_economy",
    "load_scenario",
    "scenario_schema",
    "solve",
    "solve_file",
]
