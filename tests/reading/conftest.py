"""What the tests of the reading room share."""

from __future__ import annotations

import pytest

from multialign.reading import Reading, read_text


@pytest.fixture(scope="session")
def say():
    """Read a short text, each text once per session."""
    done: dict[str, Reading] = {}

    def reading(text: str, **options: str) -> Reading:
        key = text + repr(options)
        if key not in done:
            done[key] = read_text(text, **options)
        return done[key]

    return reading
