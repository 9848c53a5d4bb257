"""Golden runs: each shipped scenario gives what it gave before, so that no change goes unseen.

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

FOLDER = Path(__file__).parent / "golden"
WORLDS, SEED = 8, 1
WITHIN = 1e-9  # processors and libraries differ in the last bits of exp


def found(name: str) -> dict[str, list[Any]]:
    """Return the outcomes of a scenario's first worlds, by column; what is none is null."""
    outcomes = simulate(name, WORLDS, SEED).outcomes
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


def test_each_scenario_has_its_golden_run() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(list_scenarios())


@pytest.mark.parametrize("name", list_scenarios())
def test_it_gives_what_it_gave(name: str) -> None:
    golden = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    now = found(name)
    assert list(now) == list(golden)
    apart = [column for column, row in golden.items() if not _close(now[column], row)]
    assert not apart


def _close(now: list[Any], golden: list[Any]) -> bool:
    return len(now) == len(golden) and all(
        one == other
        if not (isinstance(one, float) and isinstance(other, float))
        else math.isclose(one, other, rel_tol=WITHIN, abs_tol=WITHIN)
        for one, other in zip(now, golden, strict=True)
    )


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=renew.__doc__)
    asked.add_argument("scenario", nargs="?", choices=list(list_scenarios()), help="else all")
    one = asked.parse_args().scenario
    renew([one] if one else list_scenarios())
