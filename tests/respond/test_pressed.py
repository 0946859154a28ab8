"""Who presses, when the text tells what was done or denied rather than threatens."""

from __future__ import annotations

import pytest

from multialign.reading import read_text
from multialign.respond import Question
from tests.respond.test_question import TEXT


@pytest.mark.parametrize(
    ("sentence", "third"),
    [
        ("Germany imposed sanctions on Turkey in March.", "DEU"),
        ("Germany did not impose sanctions on Turkey.", "USA"),
        ("Germany praised Turkey in March.", "USA"),
    ],
)
def test_what_was_done_counts_and_what_is_denied_does_not(sentence, third):
    """Without anyone who presses it is the power that the text says is relied on."""
    assert Question.from_reading(read_text(TEXT.format(pressure=sentence)), "TUR").third == third
