"""Where theory has a closed form, the whole engine reaches it: limits 1 to 4 and 7 to 9.

The rules alone are held to the same forms in tests/model; here they meet beliefs, clocks, weeks,
ratification and many worlds. A sweep is a grid of games, a world each.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import pandas as pd
import pytest
from numpy.typing import ArrayLike
from scipy.optimize import brentq

from experiments.engine import build, finish, simulate
from model.arrays import Array
from model.rules.solutions import frontier, nash
from model.schema.scenario import load_scenario
from model.sides import SIDES

GAMES = 60
TINY = 1e-12


def rules(name: str, offering: str, acceptance: str) -> dict[str, Any]:
    """Return overrides that give both sides of a scenario these rules."""
    return {
        f"sides.{side}.{rule}": chosen
        for side in load_scenario(name).sides
        for rule, chosen in (("offering", offering), ("acceptance", acceptance))
    }


def pairs(values: ArrayLike) -> tuple[Array, Array]:
    """Return all pairs of some values, as two arrays over worlds."""
    first, second = np.meshgrid(values, values)
    return first.ravel(), second.ravel()


def played(
    name: str,
    overrides: Mapping[str, Any],
    sweep: Mapping[str, ArrayLike],
    worlds: int,
    first: int = 0,
) -> tuple[pd.DataFrame, Array]:
    """Return what comes of games that this side opens, and the Nash point (2, R) of each."""
    game = build(load_scenario(name, overrides), worlds, sweep=sweep)
    game.store["turn"] = np.full(worlds, float(first))
    gains, floor = game.store["gains"], game.store["reservation"]
    point = nash(frontier(gains[0], gains[1]), floor)
    outcomes, _ = finish(game)
    return outcomes, point


def drawn_games() -> dict[str, Array]:
    """Return stakes of the classroom's groups drawn at random, a game a world."""
    draw = np.random.default_rng(20250201)
    names = [name for name in load_scenario("classroom").parameters() if ".stakes." in name]
    return {name: draw.uniform(-1.0, 1.0, GAMES) for name in names}


class TestAlternatingOffers:
    """Rubinstein (1982): the first proposer gets (1 - d2) / (1 - d1 d2), at once."""

    @pytest.mark.parametrize("opener", SIDES)
    def test_share_of_the_first_proposer(self, opener: int) -> None:
        d1, d2 = pairs([0.0, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 0.9999])
        sweep = {"sides.first.patience": d1, "sides.second.patience": d2}
        outcomes, _ = played("split_the_pie", {}, sweep, d1.size, opener)
        share = (1 - d2) / (1 - d1 * d2) if opener == 0 else d1 * (1 - d2) / (1 - d1 * d2)
        assert outcomes["agreed_share"].to_numpy() == pytest.approx(share, abs=TINY)
        assert (outcomes["agreed_pie"] == 1.0).all()
        assert (outcomes["agreement_week"] == 1.0).all()
        assert outcomes["utility_first"].to_numpy() == pytest.approx(share, abs=TINY)
        assert outcomes["utility_second"].to_numpy() == pytest.approx(1 - share, abs=TINY)
        assert (outcomes["pareto_gap"] < TINY).all()

    def test_with_equal_patience_the_first_gets_one_part_in_one_and_d(self) -> None:
        outcomes = simulate("split_the_pie", 2).outcomes
        assert outcomes["agreed_share"].tolist() == pytest.approx([1 / 1.9] * 2, abs=TINY)

    def test_in_short_periods_rates_of_impatience_decide(self) -> None:
        """The share goes to r2 / (r1 + r2), its distance in proportion to the period."""
        periods = np.array([0.4, 0.2, 0.1, 0.01, 0.002])
        for r1, r2 in ((0.3, 0.1), (0.1, 0.3), (0.2, 0.2), (1.0, 0.15)):
            sweep = {
                "sides.first.patience": np.exp(-r1 * periods),
                "sides.second.patience": np.exp(-r2 * periods),
            }
            share = simulate("split_the_pie", periods.size, sweep=sweep).outcomes["agreed_share"]
            apart = np.abs(share.to_numpy() - r2 / (r1 + r2))
            assert apart[-1] < 0.002 * max(r1, r2)
            assert apart[1:] / apart[:-1] == pytest.approx(periods[1:] / periods[:-1], rel=0.1)

    def test_with_several_issues_patience_leads_to_the_nash_point(self) -> None:
        """Its distance is in proportion to 1 - d, and nothing is left on the table."""
        overrides = rules("classroom", "rubinstein", "rubinstein")
        impatience = np.array([0.02, 0.01, 0.005, 0.0005])
        apart = []
        for each in impatience:
            waits = {f"sides.{s}.patience": np.full(GAMES, 1 - each) for s in ("north", "south")}
            outcomes, _ = played("classroom", overrides, drawn_games() | waits, GAMES)
            assert (outcomes["agreement_week"] == 1.0).all()
            assert (outcomes["pareto_gap"] < 1e-9).all()
            apart.append(outcomes["nash_gap"].to_numpy())
        inside = apart[0] > 1e-9  # elsewhere the Nash point is a corner, and reached
        assert inside.sum() > 10
        for before, after, ratio in zip(
            apart, apart[1:], impatience[1:] / impatience[:-1], strict=False
        ):
            assert (after[~inside] < 1e-9).all()
            assert after[inside] / before[inside] == pytest.approx(ratio, rel=0.05)


def shape(rule: str, exponent: Array) -> Array:
    """Return the exponent by which a rule concedes."""
    if rule == "linear":
        return np.ones_like(exponent)
    return np.maximum(exponent, 1.0 / exponent) if rule == "conceder" else exponent


class TestTimeTactics:
    """Faratin et al. (1998): with exponents bA, bB they agree at t^(1/bA) + t^(1/bB) = 1."""

    WINDOW = 120.0

    @pytest.mark.parametrize(
        ("first", "second"),
        [
            ("boulware", "boulware"),
            ("boulware", "linear"),
            ("linear", "linear"),
            ("conceder", "boulware"),
            ("conceder", "conceder"),
        ],
    )
    def test_when_and_where_they_meet(self, first: str, second: str) -> None:
        overrides = rules("split_the_pie", "boulware", "ac_next") | {
            "sides.first.offering": first,
            "sides.second.offering": second,
            "actors.first_leader.susceptibility": 0.0,  # nobody moves their firmness
            "actors.second_leader.susceptibility": 0.0,
            "talks.mirror": 0.0,
            "talks.window": self.WINDOW,
            "time.horizon": 130,
        }
        firm = pairs([0.0, 0.2, 0.5, 0.7, 1.0])
        leaders = ("actors.first_leader.firmness", "actors.second_leader.firmness")
        for base in (0.5, 1.0):
            sweep = dict(zip(leaders, firm, strict=True)) | {"talks.exponent": np.full(25, base)}
            outcomes, _ = played("split_the_pie", overrides, sweep, 25)
            exponents = [
                shape(rule, base * np.exp(-2.0 * (firmness - 0.5)))
                for rule, firmness in zip((first, second), firm, strict=True)
            ]
            meet = np.array([self.meeting(*powers) for powers in zip(*exponents, strict=True)])
            weeks = outcomes["agreement_week"].to_numpy()
            assert np.abs(weeks - meet * self.WINDOW).max() <= 2.0
            share = 1.0 - meet ** (1.0 / exponents[0])
            assert outcomes["agreed_share"].to_numpy() == pytest.approx(share, abs=0.012)

    @staticmethod
    def meeting(first: float, second: float) -> float:
        """Return the root of t^(1/first) + t^(1/second) = 1."""
        root: float = brentq(lambda t: t ** (1 / first) + t ** (1 / second) - 1.0, 0.0, 1.0)
        return root

    def test_equal_exponents(self) -> None:
        assert self.meeting(0.5, 0.5) == pytest.approx(2.0**-0.5)


class TestSteps:
    """Rules that concede by steps end within a step of where theory has them end."""

    @pytest.mark.parametrize("opener", SIDES)
    def test_zeuthen_ends_near_the_nash_product(self, opener: int) -> None:
        """On a straight stretch of the frontier the product is short by the step squared."""
        steps = np.array([0.1, 0.05, 0.03, 0.02, 0.01, 0.007, 0.004])
        overrides = rules("classroom", "zeuthen", "ac_next") | {"time.horizon": 400}
        sweep = {"talks.step": steps}
        outcomes, point = played("classroom", overrides, sweep, steps.size, opener)
        product = outcomes["utility_north"] * outcomes["utility_south"] / (point[0] * point[1])
        least = point.min(axis=0)
        assert (product >= 1.0 - (steps / least) * (steps / least)).all()
        assert (product <= 1.0 + TINY).all()
        assert (outcomes["agreement_week"].diff().dropna() > 0).all()

    @pytest.mark.parametrize("step", [0.05, 0.02])
    def test_zeuthen_leaves_no_side_a_step_short_of_nash(self, step: float) -> None:
        overrides = rules("classroom", "zeuthen", "ac_next")
        overrides |= {"time.horizon": 400, "talks.step": step}
        outcomes, point = played("classroom", overrides, drawn_games(), GAMES)
        worth = outcomes[["utility_north", "utility_south"]].to_numpy().T
        both_gain = point.min(axis=0) > step
        assert both_gain.sum() > 20
        assert outcomes["agreement_week"][both_gain].notna().all()
        assert (worth >= point - step - TINY)[:, both_gain].all()
        assert (outcomes["pareto_gap"][both_gain] < 1e-9).all()

    @pytest.mark.parametrize("opener", SIDES)
    def test_two_micros_meet_in_the_middle(self, opener: int) -> None:
        """Of a pie in n steps each concedes half; if n is odd, one of them half a step more."""
        steps = np.arange(4, 104)
        overrides = rules("split_the_pie", "micro", "ac_next") | {"time.horizon": 120}
        sweep = {"talks.step": 1.0 / steps}
        outcomes, _ = played("split_the_pie", overrides, sweep, steps.size, opener)
        apart = np.abs(outcomes["agreed_share"].to_numpy() - 0.5) * steps
        assert apart == pytest.approx(np.where(steps % 2, 0.5, 0.0), abs=1e-9)
        assert (outcomes["agreement_week"].to_numpy() == steps + 1).all()


class TestCertainRatification:
    """With thresholds that are sure and foreseen, a deal lies in both win-sets, if they meet.

    A threshold that is wholly foreseen is the side's reservation, so it is the point from which the
    sides share the rest; the Nash point over it then lies within the win-sets as it is.
    """

    FORESEEN: ClassVar[dict[str, Any]] = {
        "edition": 1,
        "ratification.anticipation": 1.0,
        "ratification.hawk_bonus": 0.0,
        "sides.first.ratification": "pivot",
        "sides.second.ratification": "pivot",
        "sides.first.threshold_spread": 0.0,
        "sides.second.threshold_spread": 0.0,
    }
    THRESHOLDS = pairs([0.0, 0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9])

    def sweep(self) -> dict[str, Array]:
        """Return all pairs of thresholds."""
        names = ("sides.first.threshold", "sides.second.threshold")
        return dict(zip(names, self.THRESHOLDS, strict=True))

    @pytest.mark.parametrize("patience", [0.5, 0.9, 0.9999])
    def test_the_rest_is_shared_by_patience(self, patience: float) -> None:
        first, second = self.THRESHOLDS
        overrides = self.FORESEEN | {f"sides.{s}.patience": patience for s in ("first", "second")}
        outcomes, point = played("split_the_pie", overrides, self.sweep(), first.size)
        overlap = first + second <= 1.0 + TINY
        assert 0 < overlap.sum() < overlap.size
        assert (outcomes["agreement_week"].notna() == overlap).all()
        share = (first + (1.0 - first - second) / (1.0 + patience))[overlap]
        agreed = outcomes["agreed_share"][overlap].to_numpy()
        assert agreed == pytest.approx(share, abs=TINY)
        clipped = np.minimum(np.maximum(point[0], first), 1.0 - second)[overlap]
        assert np.abs(agreed - clipped).max() <= (1.0 - patience) / (1.0 + patience) / 2.0 + TINY
        assert (outcomes["involuntary_defections"] == 0.0).all()

    @pytest.mark.parametrize(
        ("offering", "acceptance"),
        [("boulware", "ac_combi"), ("micro", "ac_next"), ("zeuthen", "ac_next")],
    )
    def test_other_rules_stay_in_the_win_sets_too(self, offering: str, acceptance: str) -> None:
        first, second = self.THRESHOLDS
        overrides = self.FORESEEN | rules("split_the_pie", offering, acceptance)
        overrides |= {"time.horizon": 80, "talks.window": 20.0, "talks.step": 0.025}
        outcomes, _ = played("split_the_pie", overrides, self.sweep(), first.size)
        overlap = first + second <= 1.0 + TINY
        assert (outcomes["agreement_week"].notna() == overlap).all()
        agreed = outcomes["agreed_share"].to_numpy()[overlap]
        assert (agreed >= first[overlap] - TINY).all()
        assert (agreed <= 1.0 - second[overlap] + TINY).all()
        assert (outcomes["involuntary_defections"] == 0.0).all()

    def test_a_threshold_that_nobody_foresees_fails_at_home(self) -> None:
        overrides = self.FORESEEN | {"ratification.anticipation": 0.0}
        sweep = {"sides.first.threshold": [0.5, 0.55]}  # the share is 1 / 1.9
        outcomes, _ = played("split_the_pie", overrides, sweep, 2)
        assert outcomes["agreement_week"].notna().tolist() == [True, False]
        assert outcomes["involuntary_defections"][1] == 26  # week after week
