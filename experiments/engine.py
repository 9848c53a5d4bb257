"""The engine: build, simulate and fork many worlds of a scenario."""

import gc
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import ArrayLike

from agents.conduct import Conduct
from agents.roster import seated
from experiments.engines import NUMPY, States, Used, program_for, run_program
from model.arrays import Array, Index
from model.negotiation import Negotiation
from model.records import Recorder, coordinates, outcome_columns
from model.schema.mechanisms import neutral
from model.schema.scenario import Scenario, load_scenario
from model.state.random_streams import RandomStreams, branch_key
from model.state.store import Store
from model.tracing.program import Program

CHUNK = 6000  # worlds in one negotiation: more cost memory and gain little
LEAST_WIDTH = 2  # arrays of one world are summed in another order
MANY_DONE = 0.5  # finished worlds are dropped when they are more than this share
EVERYTHING = "everything"
SEATED = "Somebody else than the model sits in a seat."

type Progress = Callable[[int], None]


@dataclass(frozen=True)
class Run:
    """Simulated worlds: a table of outcomes, and the states that were recorded by week.

    engine: the engine that ran them, "numpy" or "traced"; reason: why it was NumPy.
    """

    scenario: Scenario
    seed: int
    outcomes: pd.DataFrame
    weeks: xr.Dataset | None = None
    sweep: dict[str, Array] = field(default_factory=dict)
    engine: str = ""
    reason: str = ""


def build(
    scenario: Scenario | str,
    worlds: int = 1,
    seed: int = 1,
    sweep: Mapping[str, ArrayLike] | None = None,
    first: int = 0,
    seats: Mapping[str, Conduct] | None = None,
    engine: str = "auto",
) -> Negotiation:
    """Return a negotiation at week 0 with the worlds `first` to `first + worlds - 1`.

    A single world is built twice, because arrays have at least two worlds.

    Args:
        scenario: A scenario, or the name of one.
        worlds: Number of worlds.
        seed: Random seed.
        sweep: Parameters by dotted name, each an array over worlds.
        first: Number of the first world.
        seats: Conducts by side, leader or lead adviser, for seats in which the model does not move.
        engine: The engine that `finish` and forks use (`step` always uses NumPy).

    Raises:
        ScenarioError: The scenario or the sweep has problems.
    """
    setting = _scenario(scenario)
    numbers = _numbers(first, worlds)
    swept = setting.checked_sweep(sweep or {}, worlds)
    negotiation = _build(setting, numbers, seed, swept, seats)
    negotiation.engine = NUMPY if seats and engine == "auto" else engine
    return negotiation


def simulate(
    scenario: Scenario | str,
    worlds: int = 1000,
    seed: int = 1,
    sweep: Mapping[str, ArrayLike] | None = None,
    record: Sequence[str] | str = (),
    first: int = 0,
    progress: Progress | None = None,
    seats: Mapping[str, Conduct] | None = None,
    engine: str = "auto",
) -> Run:
    """Simulate worlds of a scenario to their end.

    The same scenario, seed and world number always give the same world, no matter how many other
    worlds are simulated with it. Worlds that end early keep their last state in the records.

    Args:
        scenario: A scenario, or the name of one.
        worlds: Number of worlds.
        seed: Random seed.
        sweep: Parameters by dotted name, each an array of length `worlds`.
        record: States to record by week: "tariff", "trust", ...; "everything" for all.
        first: Number of the first world.
        progress: Called with the number of world-weeks simulated since the last call.
        seats: Conducts by side, leader or lead adviser, for seats in which the model does not move
            (see agents.conduct).
        engine: "traced" runs the recorded program of the week, "numpy" runs the agents, "auto" runs
            the program if there is one (see docs/how_a_week_runs.md).

    Raises:
        ScenarioError: The scenario or the sweep has problems.
    """
    setting = _scenario(scenario)
    numbers = _numbers(first, worlds)
    swept = setting.checked_sweep(sweep or {}, worlds)
    return run_worlds(setting, numbers, seed, swept, record, numbers, progress, seats, engine)


def run_worlds(
    setting: Scenario,
    streams: Index,
    seed: int,
    sweep: Mapping[str, Array],
    record: Sequence[str] | str = (),
    names: Index | None = None,
    progress: Progress | None = None,
    seats: Mapping[str, Conduct] | None = None,
    engine: str = "auto",
) -> Run:
    """Simulate worlds with given random streams (worlds,) to their end.

    Streams can repeat: worlds of the same stream use the same random numbers, even if their swept
    parameters differ. The sweep is not checked: contiguous arrays (worlds,). names: the numbers of
    the worlds in the tables, by default 0, 1, ...
    """
    numbers = np.arange(streams.size, dtype=np.intp) if names is None else names
    tables, records = [], []
    used = Used(NUMPY, SEATED) if seats and engine == "auto" else Used("", "")
    engine = used.engine or engine
    for start in range(0, streams.size, CHUNK):
        part = slice(start, start + CHUNK)
        chosen = {name: values[part] for name, values in sweep.items()}
        negotiation = _build(setting, streams[part], seed, chosen, seats)
        table, weeks = finish(negotiation, record, numbers[part], progress, engine)
        used = used if used.engine else negotiation.used
        engine = used.engine  # all chunks by the same one
        tables.append(table)
        records.append(weeks)
        del negotiation
        if streams.size > CHUNK:
            gc.collect()  # models are cyclic, and large
    kept = [weeks for weeks in records if weeks is not None]
    return Run(setting, seed, pd.concat(tables), _joined(kept), dict(sweep), *used)


def finish(
    negotiation: Negotiation,
    record: Sequence[str] | str = (),
    numbers: Index | None = None,
    progress: Progress | None = None,
    engine: str | None = None,
) -> tuple[pd.DataFrame, xr.Dataset | None]:
    """Run a negotiation to its end; return its outcomes and its records.

    numbers: the numbers of the worlds in the tables, by default 0, 1, ... Records begin at the
    current week; earlier weeks are empty. engine: by default that of `build`; `negotiation.used`
    then contains the engine that ran, and why.
    """
    names = np.arange(negotiation.worlds, dtype=np.intp) if numbers is None else numbers
    weeks = int(negotiation.store["time.horizon"].max())
    recorder = _recorder(record, negotiation, weeks, names.size)
    if recorder:
        recorder.write(negotiation.week, negotiation.store, np.arange(names.size, dtype=np.intp))
    if negotiation.opened and negotiation.running:
        negotiation.step()
        if recorder:
            recorder.write(
                negotiation.week, negotiation.store, np.arange(names.size, dtype=np.intp)
            )
    program, negotiation.used = program_for(negotiation, engine or negotiation.engine)
    if program is None:
        table = _stepped(negotiation, recorder, names, progress)
    else:
        table = _traced(negotiation, program, recorder, names, progress)
    return table, _dataset(recorder, negotiation, names) if recorder else None


def _stepped(
    negotiation: Negotiation, recorder: Recorder | None, names: Index, progress: Progress | None
) -> pd.DataFrame:
    """Run a negotiation week by week; ended worlds are dropped once they are many."""
    places = np.arange(names.size, dtype=np.intp)
    tables = []
    while negotiation.running:
        negotiation.step()
        if recorder:
            recorder.write(negotiation.week, negotiation.store, places)
        if progress:
            progress(places.size)
        done = negotiation.finished()[: places.size]
        if negotiation.running and done.mean() > MANY_DONE:
            tables.append(_table(negotiation, names[places], done))
            if recorder:
                recorder.rest(negotiation.week, places[done])
            negotiation, places = negotiation.select(_padded(np.flatnonzero(~done))), places[~done]
    tables.append(_table(negotiation, names[places], np.ones(places.size, dtype=bool)))
    if recorder:
        recorder.rest(negotiation.week, places)
    return pd.concat(tables).sort_index()


def _traced(
    negotiation: Negotiation,
    program: Program,
    recorder: Recorder | None,
    names: Index,
    progress: Progress | None,
) -> pd.DataFrame:
    """Run a negotiation by its program, one block of worlds after another."""
    lock = threading.Lock()  # several threads may run blocks

    def after(week: int, states: States, places: Index) -> None:
        if recorder:
            recorder.write(week, states, places)
        if progress:
            with lock:
                progress(places.size)

    def at_end(week: int, places: Index) -> None:
        if recorder:
            recorder.rest(week, places)

    wanted = after if recorder or progress else None
    run_program(program, negotiation, names.size, None, wanted, at_end)
    return _table(negotiation, names, np.ones(names.size, dtype=bool))


def fork(negotiation: Negotiation, worlds: int = 500, world: int = 0, salt: int = 0) -> Negotiation:
    """Copy one world many times, with new random numbers from the current week on.

    Values that are drawn once per world (resolve, issue values, ...) are copied.

    Args:
        negotiation: The negotiation that contains the world.
        worlds: Number of copies.
        world: Position of the world in the negotiation.
        salt: Another value gives other random numbers.

    Raises:
        ValueError: There is no such world.
    """
    if not 0 <= world < negotiation.worlds:
        raise ValueError(f"world {world}: must be between 0 and {negotiation.worlds - 1}.")
    source = negotiation.streams
    branch = branch_key(source.branch, int(source.numbers[world]), negotiation.week, salt)
    store = negotiation.store.select(_padded(np.full(_count(worlds), world, dtype=np.intp)))
    streams = RandomStreams(source.seed, _padded(np.arange(worlds, dtype=np.intp)), branch)
    futures = Negotiation(
        negotiation.setting, negotiation.cast, store, streams, negotiation.week, negotiation.opened
    )
    futures.engine = negotiation.engine
    return futures


def _scenario(scenario: Scenario | str) -> Scenario:
    return load_scenario(scenario) if isinstance(scenario, str) else scenario


def _numbers(first: int, worlds: int) -> Index:
    if first < 0:
        raise ValueError(f"first {first}: must not be negative.")
    return np.arange(first, first + _count(worlds), dtype=np.intp)


def _count(worlds: int) -> int:
    if worlds < 1:
        raise ValueError(f"worlds {worlds}: must be at least 1.")
    return worlds


def _padded(index: Index) -> Index:
    return np.repeat(index, LEAST_WIDTH) if index.size == 1 else index


def _build(
    setting: Scenario,
    numbers: Index,
    seed: int,
    sweep: Mapping[str, Array],
    seats: Mapping[str, Conduct] | None = None,
) -> Negotiation:
    padded = _padded(np.arange(numbers.size, dtype=np.intp))
    values = {name: declared.value for name, declared in setting.parameters().items()}
    off = neutral(setting.off, list(setting.sides))
    values |= off
    sweep = {name: array for name, array in sweep.items() if name not in off}
    swept = {name: np.ascontiguousarray(array[padded]) for name, array in sweep.items()}
    store = Store(padded.size, values, swept)
    who = seated(setting, seats or {})
    return Negotiation(setting, who, store, RandomStreams(seed, numbers[padded]))


def _recorder(
    record: Sequence[str] | str, negotiation: Negotiation, weeks: int, worlds: int
) -> Recorder | None:
    names = [record] if isinstance(record, str) else list(record)
    names = list(negotiation.store.states) if EVERYTHING in names else names
    return Recorder(names, negotiation.store, weeks, worlds) if names else None


def _table(negotiation: Negotiation, names: Index, chosen: np.ndarray) -> pd.DataFrame:
    columns = {name: v[: names.size][chosen] for name, v in outcome_columns(negotiation).items()}
    return pd.DataFrame(columns, index=pd.Index(names[chosen], name="world"))


def _joined(records: Sequence[xr.Dataset]) -> xr.Dataset | None:
    """Join the records of all chunks, and repeat their last states up to the last week."""
    if len(records) < 2:
        return records[0] if records else None
    last = max(int(weeks.sizes["week"]) for weeks in records)
    whole = [weeks.reindex(week=np.arange(last), method="pad", copy=False) for weeks in records]
    return xr.concat(whole, dim="world", data_vars="all", join="exact")


def _dataset(recorder: Recorder, negotiation: Negotiation, names: Index) -> xr.Dataset:
    arrays, dims = {}, set()
    for name, state in recorder.states.items():
        attributes = {"units": state.unit, "long_name": state.meaning}
        arrays[name] = (("week", *state.dims, "world"), recorder.values[name], attributes)
        dims |= set(state.dims)
    weeks = next(iter(recorder.values.values())).shape[0]
    coords = {"week": np.arange(weeks), "world": names} | coordinates(negotiation, sorted(dims))
    return xr.Dataset(arrays, coords)
