"""Worlds from users' own tables: readers of published layouts, aggregation, and what is mended on the way."""

from multialign.world.readers.build import build_file, build_world
from multialign.world.readers.icio import read_icio
from multialign.world.readers.long import read_long
from multialign.world.readers.mapping import aggregate, aggregate_with_findings, read_mapping
from multialign.world.readers.table import BuildReport, Finding, RawTable
from multialign.world.readers.wiod import read_wiod

__all__ = [
    "BuildReport",
    "Finding",
    "RawTable",
    "aggregate",
    "aggregate_with_findings",
    "build_file",
    "build_world",
    "read_icio",
    "read_long",
    "read_mapping",
    "read_wiod",
]
