"""Yardsticks that the engine is timed and checked against; see docs/explanation/benchmarks.md."""
