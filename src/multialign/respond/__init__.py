"""How far to go: payoffs, pressure, calibration, the answer and its uncertainty.

The room itself can be called: ``multialign.respond(Question.of("IND", "RUS"))``.
"""

from multialign._room import callable_room
from multialign.respond.answer import answer_at, prepare, respond
from multialign.respond.model import Answer, answer_schema
from multialign.respond.question import Offer, Pressure, Question, Record
from multialign.respond.surface import Surface

__all__ = [
    "Answer",
    "Offer",
    "Pressure",
    "Question",
    "Record",
    "Surface",
    "answer_at",
    "answer_schema",
    "prepare",
    "respond",
]

callable_room(__name__, respond)
