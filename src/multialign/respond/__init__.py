"""How far to go: payoffs, pressure, calibration, the answer and its uncertainty.

The room itself can be called: ``multialign.respond(Question.of("IND", "RUS"))``.
"""

from multialign._room import callable_room
from multialign.respond.answer import respond
from multialign.respond.model import Answer, answer_schema
from multialign.respond.question import Question

__all__ = ["Answer", "Question", "answer_schema", "respond"]

callable_room(__name__, respond)
