"""What people see on paper: the brief, its figures and its words."""

from __future__ import annotations

from multialign.report.make import brief
from multialign.report.model import Brief, brief_schema

__all__ = ["Brief", "brief", "brief_schema"]
