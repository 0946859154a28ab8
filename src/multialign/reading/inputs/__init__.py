"""Documents from wherever they are: files of many kinds, tables, folders, standard input, feeds and addresses.

``load`` takes one document from one file; ``sources`` goes through any number of inputs and yields a `Source` for
each document and a `Refused` for each that cannot be read, in a fixed order.
"""

from __future__ import annotations

from multialign.reading.inputs.kinds import KINDS, SUFFIXES
from multialign.reading.inputs.options import FIELDS, Options, Refused, columns
from multialign.reading.inputs.total import total
from multialign.reading.inputs.walk import load, sources

__all__ = ["FIELDS", "KINDS", "SUFFIXES", "Options", "Refused", "columns", "load", "sources", "total"]
