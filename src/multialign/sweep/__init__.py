"""Many scenarios at once: plans of grids, random and Sobol designs, solved on one process or a cluster."""

from multialign.sweep.plan import Design, Plan, Vary, load_plan, parse_plan, plan_schema
from multialign.sweep.results import load_sweep
from multialign.sweep.run import Sweep, sweep

__all__ = ["Design", "Plan", "Sweep", "Vary", "load_plan", "load_sweep", "parse_plan", "plan_schema", "sweep"]
