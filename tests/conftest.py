"""Shared fixtures: a small world, the embedded world, and the folder of published cases where it is at hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"


@pytest.fixture(scope="session", autouse=True)
def embedded_data_alone(tmp_path_factory):  # type: ignore[no-untyped-def]
    """No data that whoever runs the tests has added for themselves."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MULTIALIGN_DATA", str(tmp_path_factory.mktemp("no-own-data")))
        yield


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of validation cases; tests that need it are skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the folder of validation cases is not here")
    return SHARED


def random_world_arrays(seed: int, N: int = 4, S: int = 3) -> dict[str, np.ndarray]:
    """Arrays of a balanced random world, for World.from_arrays: trade by use, inputs, tariffs, elasticities."""
    rng = np.random.default_rng(seed)
    tariff = rng.uniform(0, 0.3, (N, N, S))
    tariff[np.arange(N), np.arange(N)] = 0.0
    trade_m = rng.uniform(1, 10, (N, N, S)) + 40 * np.eye(N)[:, :, None]
    trade_f = rng.uniform(1, 10, (N, N, S)) + 60 * np.eye(N)[:, :, None]
    bought = (trade_m * (1 + tariff)).sum(axis=1)
    sales = (trade_m + trade_f).sum(axis=0)
    use = bought[:, :, None] * (sales / sales.sum(axis=1, keepdims=True))[:, None, :]
    return {
        "intermediate_trade": trade_m,
        "final_trade": trade_f,
        "input_use": use,
        "tariff": tariff,
        "elasticity": rng.uniform(2, 8, S),
    }


@pytest.fixture(scope="session")
def small_world():  # type: ignore[no-untyped-def]
    from multialign import World

    return World.from_arrays(list("ABCD"), ["food", "steel", "code"], **random_world_arrays(1))
