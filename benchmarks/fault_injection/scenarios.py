"""Puts spoilt scenarios to the program: each is refused in words, or it is heard whole and runs."""

import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.fault_injection.mutations import write_mutated
from benchmarks.fault_injection.tally import LONG, Tally, Verdict, tallied
from experiments.chronicles import as_file, examples
from experiments.engine import simulate
from model.schema.declarations import Declaration
from model.schema.problems import ScenarioError
from model.schema.reading import read
from model.schema.scenario import Scenario, load_scenario

REFUSED, ACCEPTED = "refused in words", "accepted, and ran"
WEEKS = 26  # that accepted ones are lived at most, so that 2,000 are done in minutes


def try_scenarios(numbers: range) -> Tally:
    """Put spoilt scenarios to the program, one after the other."""
    with tempfile.TemporaryDirectory() as place:
        return tallied(numbers, lambda number: judged(write_mutated(number, Path(place))))


def judged(path: Path) -> Verdict:
    """Return whether a file was refused or accepted, and what was wrong with that.

    What is no ScenarioError is a traceback to the reader, whatever its kind.
    """
    try:
        setting = load_scenario(path)
    except ScenarioError as error:
        return REFUSED, list(_words_amiss(error))
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
        return "traceback", [f"{type(error).__name__}: {error!s:.200}"]
    faults = [*_out_of_range(setting), *_unheard(read(path), setting.model_dump(), ())]
    try:
        _live(path)
    except ScenarioError as error:
        faults.append(f"accepted and then refused: {error!s:.300}")
    except Exception as error:  # noqa: BLE001 - as above
        faults.append(f"accepted, then {type(error).__name__}: {error!s:.200}")
    return ACCEPTED, faults


def _live(path: Path) -> None:
    """Run two worlds of a scenario and tell them."""
    setting = load_scenario(path)
    weeks = min(setting.time.horizon, WEEKS)
    run = simulate(load_scenario(path, {"time.horizon": weeks}), 2)
    as_file(run, examples(run))
    numbers = run.outcomes.select_dtypes("number")
    if np.isinf(numbers.to_numpy(dtype=np.float64)).any():
        raise ArithmeticError("an outcome is infinite")
    if run.outcomes.columns.duplicated().any():
        raise LookupError("two outcomes of one name")


def _words_amiss(error: ScenarioError) -> Iterator[str]:
    """Say what a message lacks: place and reason of each problem, a length that can be read."""
    if not error.problems or not all(one.place and one.why for one in error.problems):
        yield f"a message without place or reason: {error!s:.200}"
    if len(str(error)) > LONG:
        yield f"a message of {len(str(error)):,} characters: {error!s:.200}"


def _out_of_range(setting: Scenario) -> Iterator[str]:
    """Say which numbers of an accepted scenario are not within what is declared."""
    known: Mapping[str, Declaration] = setting.parameters()
    for name, one in known.items():
        if not one.low <= one.value <= one.high or (one.integer and one.value != int(one.value)):
            yield f"accepted {name} = {one.value}"


def _unheard(content: Any, heard: Any, place: tuple[str, ...]) -> Iterator[str]:
    """Say what stands in an accepted file and not, with the same value, in the scenario."""
    if isinstance(content, dict) and isinstance(heard, dict):
        for key, value in content.items():
            if key not in heard:
                yield f"silently left out {'.'.join((*place, key))}"
            else:
                yield from _unheard(value, heard[key], (*place, key))
    elif isinstance(content, list) and isinstance(heard, list) and len(content) == len(heard):
        for number, (value, other) in enumerate(zip(content, heard, strict=True)):
            yield from _unheard(value, other, (*place, str(number)))
    elif content != heard or isinstance(content, bool) != isinstance(heard, bool):
        yield f"{'.'.join(place)} reads {content!r:.60}, but {heard!r:.60} was taken"
