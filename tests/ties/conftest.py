"""No test here sees data that the person running it has added."""

import pytest


@pytest.fixture(autouse=True)
def no_own_data(tmp_path, monkeypatch):
    monkeypatch.setenv("MULTIALIGN_DATA", str(tmp_path / "no-own-data"))
