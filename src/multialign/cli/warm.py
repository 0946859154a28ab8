"""What every process of the fault drill needs, loaded once in the server that they are forked from.

A drill starts hundreds of processes; each is a process of its own, with its own memory and files, but spared the
seconds in which Python and the language model are loaded. Nothing here starts a thread or a device.
"""

import multialign.cli
import multialign.report.terminal.counting
import multialign.report.terminal.progress
import multialign.sweep.part
import multialign.sweep.run  # noqa: F401
from multialign.reading import bulk, inputs, nlp  # noqa: F401

nlp.pipeline()
