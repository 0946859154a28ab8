"""The fault drill: real processes killed in the middle of their work, disks that fill up, clocks that go back.

`drill` does the work twice: once undisturbed, and once with everything going wrong. What is there at the end must be
the same. Nothing outside a folder of its own is touched, and only processes that it started are killed.
"""

from multialign.sweep.drill.run import SCENES, Drill, Scene, drill

__all__ = ["SCENES", "Drill", "Scene", "drill"]
