"""The embedded data is held against its checksums when it is read."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from multialign.errors import InputError
from multialign.world import codes, groups, panels, seal

ROOT = Path(__file__).resolve().parent.parent.parent


def test_the_data_is_sealed():
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "seal_data.py", "--check"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert "world_2022.nc" in seal.verify_all() and len(seal.verify_all()) > 15


@pytest.fixture
def spoilt(monkeypatch):
    """Make one file read as if it had been changed."""
    real = seal._read

    def spoil(name: str) -> None:
        monkeypatch.setattr(seal, "_read", lambda n: real(n) + b"\n" if n == name else real(n))
        for cached in (seal.sums, seal.verify, codes.countries, groups.groups, panels._elasticity_sets):
            getattr(cached, "cache_clear", lambda: None)()

    yield spoil
    monkeypatch.undo()
    for cached in (seal.sums, seal.verify, codes.countries, groups.groups, panels._elasticity_sets):
        getattr(cached, "cache_clear", lambda: None)()


@pytest.mark.parametrize(
    ("name", "use"),
    [
        ("countries.csv", codes.countries),
        ("country_groups.csv", groups.groups),
        ("trade_elasticities.csv", panels.elasticity_sets),
    ],
)
def test_a_changed_file_is_refused_when_it_is_read(spoilt, name, use):
    spoilt(name)
    with pytest.raises(InputError, match=f"{name}: is not as it was released"):
        use()


def test_a_changed_list_is_refused(spoilt):
    spoilt(seal.LIST)
    with pytest.raises(InputError, match="SHA256SUMS: is not as it was released"):
        seal.verify("countries.csv")
