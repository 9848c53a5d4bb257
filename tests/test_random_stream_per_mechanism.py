"""Each mechanism has its own random streams: switching one off changes no other."""

from typing import Any

import numpy as np
import pytest

from experiments.engine import Run, build, simulate
from model.arrays import Array
from model.state.random_streams import RandomStreams
from tests.bits import same_bits, unequal
from tests.test_metamorphic import HURRIED, SHOCKS, february, simulated, switched

SWITCHES: tuple[dict[str, Any], ...] = (
    {"talks.learning": False},
    {"channels.contact": 0.0},
    {"influence.street": 0.0},
    {"retaliation.generosity": 1.0},
    {"values.spread": 0.0},
    {"economy.elasticity_spread": 0.0},
    {"events": SHOCKS},
    {"talks.rate": 0.1},
    {"sides.US.ratification": "certain"},
    {"economy.table": "none"},
)
# What is drawn for good or by week, and which switch alone may change it. The rules are those of
# the first edition: in the second, groups and channels also react to how the talks go.
DRAWN = {
    "resolve": (),
    "group_threshold": (),
    "real": (),
    "elasticity": ("economy.elasticity_spread",),
    "worth": ("values.spread",),
    "contact": ("channels.contact",),
}


@pytest.fixture(scope="module")
def plain() -> Run:
    """Return talks in a hurry with nothing switched."""
    return simulated(february({"edition": 1}))


class TestRandomStreams:
    """Each mechanism has its own random streams, which no other mechanism changes."""

    @pytest.fixture
    def draws(self, monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, int], Array]:
        """Return all that is drawn, by purpose and week, from now on."""
        drawn: dict[tuple[str, int], Array] = {}
        uniform = RandomStreams.uniform

        def listening(streams: RandomStreams, purpose: str, week: int) -> Array:
            values = uniform(streams, purpose, week)
            drawn[purpose, week] = values.copy()
            return values

        monkeypatch.setattr(RandomStreams, "uniform", listening)
        return drawn

    @pytest.mark.parametrize("switch", SWITCHES, ids=lambda switch: next(iter(switch)))
    def test_it_is_the_same_without_a_mechanism(
        self, switch: dict[str, Any], draws: dict[tuple[str, int], Array], plain: Run
    ) -> None:
        build(plain.scenario, 25, 3).run_for(HURRIED["time.horizon"])
        before = dict(draws)
        draws.clear()
        without = simulate(switched(switch), 25, 3, record=list(DRAWN), engine="numpy")
        shared = before.keys() & draws.keys()
        assert len(shared) > 100
        assert all(same_bits(before[key], draws[key]) for key in shared)
        changed_by = {name for name, switches in DRAWN.items() if set(switch) & set(switches)}
        assert unequal(plain, without) & set(DRAWN) == changed_by

    def test_two_purposes_share_no_number(self, draws: dict[tuple[str, int], Array]) -> None:
        simulate(february({"edition": 1}), 25, 3, engine="numpy")
        numbers = np.concatenate(list(draws.values()))
        assert np.unique(numbers).size == numbers.size
