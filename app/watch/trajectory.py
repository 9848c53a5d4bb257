"""The trajectory of one world: all states of all weeks. Any week can be replayed from it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any

import numpy as np

from agents.conduct import Conduct
from experiments.chronicles import chronicle
from experiments.engine import EVERYTHING, LEAST_WIDTH, Run, build, run_worlds
from model.arrays import Array
from model.chronicle import Entry
from model.negotiation import Negotiation
from model.schema.scenario import Scenario

STEPPED = "numpy"  # a week that is simulated again by `step` must give the same bits

type Progress = Callable[[int], None]


@dataclass(frozen=True)
class Snapshot:
    """All states at the end of one week, read-only, without the world axis."""

    week: int
    day: date
    states: Mapping[str, Array]

    def __getitem__(self, name: str) -> Array:
        """Return a state by name."""
        return self.states[name]

    def value(self, name: str, row: int | None = None) -> float:
        """Return one number of a state."""
        values = self.states[name]
        return float(values if row is None else values[row])


@dataclass(frozen=True, eq=False)
class Trajectory:
    """A world from start to end. A trajectory is equal only to itself.

    world: the number by which it was chosen; stream: the number of its random stream, which can
    differ from it in a results folder; record: each state by week (weeks + 1, ...), read-only.
    """

    scenario: Scenario
    seed: int
    world: int
    stream: int
    run: Run
    sentence: str
    entries: tuple[Entry, ...]
    record: Mapping[str, Array]
    start: Negotiation  # week 0; never stepped

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle the trajectory so that its arrays are read-only again in the other process."""
        values = {one.name: getattr(self, one.name) for one in fields(self)}
        return _unpickled, (values | {"record": dict(self.record)},)

    @property
    def last(self) -> int:
        """Return the week in which the world ended."""
        return int(self.record["weeks"][-1])

    def snapshot(self, week: int) -> Snapshot:
        """Return a week, from 0 (the start) to the last."""
        if not 0 <= week <= self.last:
            raise ValueError(f"week {week}: must be between 0 and {self.last}.")
        states = {name: values[week] for name, values in self.record.items()}
        day = self.scenario.start + timedelta(weeks=week)
        return Snapshot(week, day, MappingProxyType(states))

    def contacts(self, week: int) -> list[str]:
        """Return the back channels with a contact in a week."""
        made = self.record["contacted"][week]
        return [key for key, one in zip(self.start.keys.actors, made, strict=True) if one]

    def resume(self, week: int) -> Negotiation:
        """Return a negotiation in its state at the end of a week, ready to step."""
        store = self.start.store.select(np.arange(LEAST_WIDTH, dtype=np.intp))
        for name in store.states:
            store[name] = np.repeat(self.record[name][week][..., np.newaxis], LEAST_WIDTH, axis=-1)
        return Negotiation(self.scenario, self.start.cast, store, self.start.streams, week)


def record_trajectory(
    scenario: Scenario,
    seed: int,
    world: int,
    sweep: Mapping[str, Array] | None = None,
    stream: int | None = None,
    progress: Progress | None = None,
    seats: Mapping[str, Conduct] | None = None,
) -> Trajectory:
    """Simulate one world alone, and record all its states.

    sweep: swept parameters, (1,) each; stream: the number of its random stream, by default the
    world number; progress: called every week, may raise to stop; seats: the conduct of sides or
    persons that the model does not play, as in the transcript of a game.
    """
    number = world if stream is None else stream
    swept = scenario.checked_sweep(sweep or {}, 1)
    numbers, names = np.array([number], dtype=np.intp), np.array([world], dtype=np.intp)
    run = run_worlds(scenario, numbers, seed, swept, EVERYTHING, names, progress, seats, STEPPED)
    return _trajectory(run, world, number, build(scenario, 1, seed, swept, number, seats))


def record_trajectories(
    scenario: Scenario, seed: int, worlds: Sequence[int], progress: Progress | None = None
) -> list[Trajectory]:
    """Simulate several worlds of a scenario in one run. Each equals the world simulated alone."""
    numbers = np.unique(np.array(worlds, dtype=np.intp))
    run = run_worlds(scenario, numbers, seed, {}, EVERYTHING, numbers, progress, engine=STEPPED)
    assert run.weeks is not None  # all states are recorded
    trajectories = {}
    for world in numbers.tolist():
        alone = Run(scenario, seed, run.outcomes.loc[[world]], run.weeks.sel(world=[world]))
        trajectories[world] = _trajectory(
            alone, world, world, build(scenario, 1, seed, first=world)
        )
    return [trajectories[world] for world in worlds]


def _trajectory(run: Run, world: int, number: int, start: Negotiation) -> Trajectory:
    narrated = chronicle(run, world)
    assert run.weeks is not None  # all states are recorded
    alone = run.weeks.sel(world=world)
    record = {str(name): _frozen(values.to_numpy()) for name, values in alone.data_vars.items()}
    return Trajectory(
        run.scenario,
        run.seed,
        world,
        number,
        run,
        narrated.sentence,
        tuple(narrated.entries),
        MappingProxyType(record),
        start,
    )


def _unpickled(values: dict[str, Any]) -> Trajectory:
    for array in values["record"].values():
        array.flags.writeable = False
    return Trajectory(**values | {"record": MappingProxyType(values["record"])})


def _frozen(values: Array) -> Array:
    """Return a read-only copy."""
    copy = np.array(values, order="C")
    copy.flags.writeable = False
    return copy
