"""How far to go: payoffs, pressure, calibration, the answer and its uncertainty.

The room itself can be called: ``multialign.respond(Question.of("IND", "RUS"))``.
"""

from multialign._room import callable_room
from multialign.respond.answer import answer_at, answer_with_surface, prepare, respond
from multialign.respond.build import solve_at
from multialign.respond.changes import changed
from multialign.respond.choice import Board
from multialign.respond.model import Answer, answer_schema
from multialign.respond.play import board_of
from multialign.respond.question import Offer, Pressure, Question, Record
from multialign.respond.surface import Surface

__all__ = [
    "Answer",
    "Board",
    "Offer",
    "Pressure",
    "Question",
    "Record",
    "Surface",
    "answer_at",
    "answer_schema",
    "answer_with_surface",
    "board_of",
    "changed",
    "prepare",
    "respond",
    "solve_at",
]

callable_room(__name__, respond)
