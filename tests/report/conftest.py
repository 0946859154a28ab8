"""A brief on a text made for these tests, with a real answer from few draws and one elasticity set."""

from __future__ import annotations

from pathlib import Path

import pytest

TEXT = """Russia proposes a wider partnership to India

MOSCOW, 4 December 2025. Russia is ready to expand its energy and defence cooperation with India without limits, provided that New Delhi signs a long-term oil contract, Kremlin spokesperson Dmitry Peskov said on Thursday.

"Our approach to China is the same," he told reporters. The United States threatened India with new tariffs on its exports. India buys much of its technology from the United States, and its trade with Russia is lopsided.
"""  # noqa: E501


@pytest.fixture(scope="session")
def article(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The text as a file."""
    path = tmp_path_factory.mktemp("text") / "announcement.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def made(article: Path, tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    """(Brief, folder, steps told): the whole way from the text to the files, once."""
    from multialign.report import brief

    out = tmp_path_factory.mktemp("briefs") / "new" / "folder"
    told: list[tuple[str, float]] = []
    result = brief(
        article,
        focal="India",
        out=out,
        sets=("FGO",),
        draws=40,
        progress=lambda text, done: told.append((text, done)),
    )
    return result, out, told


@pytest.fixture(scope="session")
def answer(made):  # type: ignore[no-untyped-def]
    """The answer in it."""
    return made[0].answer
