"""The record in the workbench, from the series to the sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("dash")

from multialign.app.pages import record as page
from multialign.app.pages import record_data as data
from multialign.errors import InputError
from tests.app.test_ask import TEXT, parts, words


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    from multialign.reading import read_text
    from multialign.reading.record import Record

    path = tmp_path / "record.duckdb"
    monkeypatch.setenv("MULTIALIGN_RECORD", str(path))
    with Record(path) as record:
        record.add(read_text(TEXT, name="one", date="2026-02-03"))
    return path


def test_from_the_series_to_the_sentence(here: Path) -> None:
    info = data.info()
    assert info["documents"] == 1 and "China and Kazakhstan" in words(page.held(info))
    dyad = data.series("CHN", "KAZ", 2.0)
    assert sum(m.cooperation for m in dyad.months) >= 1
    found = data.statements("CHN", "KAZ", "2026-02")
    assert found and data.statements("CHN", "KAZ", "2025-01") == []
    assert found[0]["text"] in words(page.listed(found, "2026-02"))
    shown = page.shown(found[0]["sha256"], found[0]["id"])
    assert "<script>alert('x')</script>" in words(shown)
    assert any(p["type"] == "Mark" and p["props"]["className"] == "offer" for p in parts(shown))


def test_the_file_is_free_for_others_between_looks(here: Path) -> None:
    from multialign.reading import read_text
    from multialign.reading.record import Record

    data.info()
    with Record(here) as record:
        record.add(read_text("Russia met India in Delhi.", name="two", date="2026-03-01"))
    assert data.info()["documents"] == 2


def test_what_is_missing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MULTIALIGN_RECORD", str(tmp_path / "deep" / "none.duckdb"))
    with pytest.raises(InputError, match="no record yet") as error:
        data.info()
    assert str(tmp_path) not in str(error.value)
    assert "multialign record add" in words(page.missing())
    (tmp_path / "none.txt").write_text("this is no record")
    monkeypatch.setenv("MULTIALIGN_RECORD", str(tmp_path / "none.txt"))
    with pytest.raises(InputError) as error:
        data.info()
    assert str(tmp_path) not in str(error.value)


def test_addresses(here: Path) -> None:
    assert page.choices_in("?one=CHN&two=KAZ&month=2026-02&smooth=4") == ["CHN", "KAZ", "2026-02", "4"]
    for bad in ("?one=XX&two=KAZ", "?one=CHN", "?one=CHN&two=KAZ&month=soon"):
        with pytest.raises(InputError):
            page.choices_in(bad)
    with pytest.raises(InputError):
        data.document("0" * 64)
