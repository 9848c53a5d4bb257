"""Golden runs: each shipped scenario gives what it gave in the first edition of the model.

Not a proof that the numbers are right, only that they are the same. Who changes the model on
purpose renews them with `python -m tests.test_golden`, or one with its name behind it, and explains
the difference.
"""

import argparse
import json
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from experiments.engine import simulate
from model.schema.reading import list_scenarios
from model.schema.scenario import load_scenario

FOLDER = Path(__file__).parent / "golden"
WORLDS, SEED = 8, 1
# What columns that the files do not contain are named or begin with
SECOND_EDITION = ("trials", "warm_trials", "trial_deal", "compensation_")
WITHIN = 1e-9  # processors and libraries differ in the last bits of exp


def found(name: str, engine: str = "numpy") -> dict[str, list[Any]]:
    """Return the outcomes of a scenario's first worlds, by column; what is none is null."""
    scenario = load_scenario(name, {"edition": 1})
    outcomes = simulate(scenario, WORLDS, SEED, engine=engine).outcomes
    return {str(column): [_plain(v) for v in outcomes[column]] for column in outcomes.columns}


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value
    number = float(value)
    return None if math.isnan(number) else number


def renew(names: Iterable[str]) -> None:
    """Write the golden runs of some scenarios, and remove those of scenarios that went."""
    for old in FOLDER.glob("*.json"):
        if old.stem not in list_scenarios():
            old.unlink()
    for name in names:
        lines = (f"{json.dumps(key)}: {json.dumps(row)}" for key, row in found(name).items())
        text = "{\n" + ",\n".join(lines) + "\n}\n"
        (FOLDER / f"{name}.json").write_text(text, encoding="utf-8")


def golden(name: str) -> dict[str, list[Any]]:
    """Read the golden run of a scenario."""
    read: dict[str, list[Any]] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return read


def differences(now: dict[str, list[Any]], before: dict[str, list[Any]]) -> dict[str, str]:
    """Return in words how each column differs, by column; nothing if none does."""
    found = {}
    for column, row in before.items():
        if column not in now:
            found[column] = "is no longer there"
        elif len(now[column]) != len(row):
            found[column] = f"has {len(now[column])} worlds, before {len(row)}"
        elif apart := [pair for pair in zip(row, now[column], strict=True) if not _close(*pair)]:
            found[column] = f"{len(apart)} of {len(row)} worlds differ, {_by(apart)}"
    found |= {column: "is new" for column in now if column not in before}
    if not found and list(now) != list(before):
        return {"all columns": "are in another order"}
    return found


def _by(apart: list[tuple[Any, Any]]) -> str:
    """Say by how much pairs of values before and now differ."""
    sizes = [abs(old - new) for old, new in apart if _number(old) and _number(new)]
    none = sum((old is None) != (new is None) for old, new in apart)
    if not sizes and not none:
        old, new = apart[0]
        return f"first {json.dumps(old)}, now {json.dumps(new)}"
    parts = [f"by {max(sizes):.3g} at most"] if sizes else []
    parts += [f"({none} between a number and none)"] if none else []
    return " ".join(parts)


def report(name: str, changed: dict[str, str]) -> str:
    """Return what a failure says: the columns, the sizes, and the command that renews the file."""
    count = f"{len(changed)} column" + ("s" if len(changed) > 1 else "")
    lines = [f"The golden run of {name} changed in {count}:"]
    lines += [f"  {column}: {how}" for column, how in changed.items()]
    lines += ["If this is on purpose, renew the file and explain the difference:"]
    return "\n".join([*lines, f"  python -m tests.test_golden {name}"])


def _number(value: Any) -> bool:
    return isinstance(value, float)


def _close(one: Any, other: Any) -> bool:
    if _number(one) and _number(other):
        return math.isclose(one, other, rel_tol=WITHIN, abs_tol=WITHIN)
    return bool(one == other)


def test_each_scenario_has_its_golden_run() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(list_scenarios())


@pytest.mark.parametrize("engine", ["numpy", "traced"])
@pytest.mark.parametrize("name", list_scenarios())
def test_it_gives_what_it_gave(name: str, engine: str) -> None:
    """Columns that the second edition has added are not compared."""
    now, before = found(name, engine), golden(name)
    first = {key: row for key, row in now.items() if not key.startswith(SECOND_EDITION)}
    changed = differences(first, before)
    assert not changed, report(name, changed)


def test_a_failure_names_columns_sizes_and_the_command() -> None:
    before: dict[str, list[Any]] = {
        "week": [1.0, 2.0, None],
        "word": ["a", "b", "c"],
        "gone": [1.0],
        "same": [0.5],
    }
    now: dict[str, list[Any]] = {
        "week": [1.0, 2.5, 3.0],
        "word": ["a", "x", "c"],
        "same": [0.5 + 1e-12],
        "new": [2.0],
    }
    text = report("classroom", differences(now, before))
    assert text.splitlines() == [
        "The golden run of classroom changed in 4 columns:",
        "  week: 2 of 3 worlds differ, by 0.5 at most (1 between a number and none)",
        '  word: 1 of 3 worlds differ, first "b", now "x"',
        "  gone: is no longer there",
        "  new: is new",
        "If this is on purpose, renew the file and explain the difference:",
        "  python -m tests.test_golden classroom",
    ]


def test_columns_in_another_order_are_a_difference() -> None:
    changed = differences({"b": [1.0], "a": [1.0]}, {"a": [1.0], "b": [1.0]})
    assert changed == {"all columns": "are in another order"}


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=renew.__doc__)
    asked.add_argument("scenario", nargs="?", choices=list(list_scenarios()), help="else all")
    one = asked.parse_args().scenario
    renew([one] if one else list_scenarios())
