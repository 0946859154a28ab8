"""What markets do: instruments, the world's equilibrium, and who gains."""

from multialign.trade.derivatives import friends_and_enemies, gradient
from multialign.trade.games import TariffGame, cooperative_tariffs, nash_tariffs, optimal_tariffs
from multialign.trade.instruments import Discount, Embargo, ExportTax, Friction, Subsidy, Tariff
from multialign.trade.many import solve_many
from multialign.trade.saved import load_solution
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
    "TariffGame",
    "after",
    "base_economy",
    "cooperative_tariffs",
    "friends_and_enemies",
    "gradient",
    "load_scenario",
    "load_solution",
    "nash_tariffs",
    "optimal_tariffs",
    "scenario_schema",
    "solve",
    "solve_file",
    "solve_many",
]
