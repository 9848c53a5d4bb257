"""Load mutated scenarios: each must be refused with a message, or be read completely and run."""

import tempfile
import warnings
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.fault_injection.mutations import write_mutated
from benchmarks.fault_injection.tally import LONG, Tally, Verdict, tally_cases
from experiments.chronicles import as_file, examples
from experiments.engine import simulate
from model.schema.declarations import Declaration
from model.schema.problems import ScenarioError
from model.schema.reading import read
from model.schema.scenario import Scenario, load_scenario

REFUSED, ACCEPTED = "refused with a message", "accepted and run"
WEEKS = 26  # largest number of simulated weeks, so that 2,000 cases take minutes


def try_scenarios(numbers: range) -> Tally:
    """Load the mutated scenarios with these numbers. Warnings of old names are not faults."""
    with tempfile.TemporaryDirectory() as temporary, warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        folder = Path(temporary)
        simulate(load_scenario("classroom", {"time.horizon": 2}), 2)  # warm-up: compiles the engine
        return tally_cases(numbers, lambda number: judge_scenario(write_mutated(number, folder)))


def judge_scenario(path: Path) -> Verdict:
    """Return whether a file was refused or accepted, with the faults of the response.

    Any exception other than ScenarioError counts as a traceback.
    """
    try:
        setting = load_scenario(path)
    except ScenarioError as error:
        return REFUSED, list(_message_faults(error))
    except Exception as error:  # noqa: BLE001 - any exception is a fault to report
        return "traceback", [f"{type(error).__name__}: {error!s:.200}"]
    faults = [*_out_of_range(setting), *_ignored(read(path), setting.model_dump(), ())]
    try:
        _simulate(path)
    except ScenarioError as error:
        faults.append(f"accepted and then refused: {error!s:.300}")
    except Exception as error:  # noqa: BLE001 - as above
        faults.append(f"accepted, then {type(error).__name__}: {error!s:.200}")
    return ACCEPTED, faults


def _simulate(path: Path) -> None:
    """Simulate two worlds of a scenario and write their chronicles."""
    setting = load_scenario(path)
    weeks = min(setting.time.horizon, WEEKS)
    run = simulate(load_scenario(path, {"time.horizon": weeks}), 2)
    as_file(run, examples(run))
    numbers = run.outcomes.select_dtypes("number")
    if np.isinf(numbers.to_numpy(dtype=np.float64)).any():
        raise ArithmeticError("an outcome is infinite")
    if run.outcomes.columns.duplicated().any():
        raise LookupError("two outcomes of one name")


def _message_faults(error: ScenarioError) -> Iterator[str]:
    """Yield what is wrong with a message: no place or reason of a problem, or too long."""
    if not error.problems or not all(one.place and one.why for one in error.problems):
        yield f"a message without place or reason: {error!s:.200}"
    if len(str(error)) > LONG:
        yield f"a message of {len(str(error)):,} characters: {error!s:.200}"


def _out_of_range(setting: Scenario) -> Iterator[str]:
    """Yield the parameters of an accepted scenario that are out of their declared range."""
    known: Mapping[str, Declaration] = setting.parameters()
    for name, one in known.items():
        if not one.low <= one.value <= one.high or (one.integer and one.value != int(one.value)):
            yield f"accepted {name} = {one.value}"


def _ignored(content: Any, loaded: Any, path: tuple[str, ...]) -> Iterator[str]:
    """Yield entries of an accepted file that are missing in the scenario or have another value."""
    if isinstance(content, dict) and isinstance(loaded, dict):
        for key, value in content.items():
            if key not in loaded:
                yield f"silently ignored {'.'.join((*path, key))}"
            else:
                yield from _ignored(value, loaded[key], (*path, key))
    elif isinstance(content, list) and isinstance(loaded, list) and len(content) == len(loaded):
        for number, (value, other) in enumerate(zip(content, loaded, strict=True)):
            yield from _ignored(value, other, (*path, str(number)))
    elif content != loaded or isinstance(content, bool) != isinstance(loaded, bool):
        yield f"{'.'.join(path)} is {content!r:.60}, but {loaded!r:.60} was loaded"
