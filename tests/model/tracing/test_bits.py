"""The traced engine gives a world the same bits whatever runs beside it, and however it is run."""

from functools import partial

import numpy as np
import pytest

from experiments import engine
from experiments.engine import Run, simulate
from model.schema.scenario import load_scenario
from model.tracing import machine
from tests.bits import unequal

SETTING = load_scenario("february_2025", {"time.horizon": 40, "talks.window": 9.0})
WIDE = 3000
RECORD = ("tariff", "offer", "trust", "opinion", "belief_shift")


@pytest.fixture(scope="module")
def wide() -> Run:
    return simulate(SETTING, WIDE, record=RECORD, engine="traced")


@pytest.mark.parametrize("worlds", [1, 2, 3, 7, 64, 700])
def test_at_any_width(wide: Run, worlds: int) -> None:
    few = simulate(SETTING, worlds, record=RECORD, engine="traced", first=WIDE - worlds)
    assert not unequal(few, wide)


@pytest.fixture
def blocks(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "run", partial(machine.run, **request.param))


@pytest.mark.parametrize(
    "blocks",
    [{"block": 1, "workers": 1}, {"block": 17, "workers": 1}, {"block": 64, "workers": 4}],
    indirect=True,
    ids=str,
)
@pytest.mark.usefixtures("blocks")
def test_at_any_block_size_and_number_of_threads(wide: Run) -> None:
    assert not unequal(simulate(SETTING, 150, record=RECORD, engine="traced"), wide)


def test_in_one_thread_as_in_many(wide: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(machine.THREADS, "1")
    assert not unequal(simulate(SETTING, WIDE, record=RECORD, engine="traced"), wide)


def test_swept_or_constant(wide: Run) -> None:
    names = [
        number
        for number in SETTING.parameters().values()
        if not (number.integer or number.built_in) and number.name != "time.horizon"
    ]
    sweep = {number.name: np.full(20, float(number.value)) for number in names}
    swept = simulate(SETTING, 20, sweep=sweep, record=RECORD, engine="traced")
    assert not unequal(swept, wide)


def test_across_the_seams_of_chunks(wide: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "CHUNK", 13)
    assert not unequal(simulate(SETTING, 40, record=RECORD, engine="traced"), wide)
