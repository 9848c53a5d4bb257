"""Figures of worlds that were made up, counted by hand."""

from typing import Any

import numpy as np
import pytest

from experiments.diagnose.bargaining import bargaining, longest_same_offer
from experiments.diagnose.conflict import conflict
from experiments.diagnose.home import home
from experiments.diagnose.observe import Observed
from model.state.state import DEAL, TALKS, TRUCE
from tests.experiments.diagnose.made_up import ISSUES, SETTING, by_week, made_up

MEETS, SILENT = 2.0, 0.0


def figure(figures: Any, key: str) -> float:
    return float(figures[key].estimate().estimate)


def packages(*levels: float) -> Any:
    """Return a package for each week whose first issue has a level, all others 0."""
    table = np.zeros((len(levels), ISSUES, 1))
    table[:, 0, 0] = levels
    return table


def failures() -> Observed:
    """Return 30 weeks: agreements in weeks 1, 4 and 5, of which the first two fail at home.

    Side 0 proposes in weeks 1 and 4 and side 1 in week 5. Side 0 faces a threat in week 4.
    """
    level, agreed, turn, failed, deals = (np.zeros((30, 1)) for _ in range(5))
    refused = np.zeros((30, 2, 1))
    level[[0, 3, 4]], agreed[[0, 3, 4]], turn[4] = MEETS, 1.0, 1.0
    failed[0:], failed[3:] = 1.0, 2.0
    refused[0, 0] = refused[3, 1] = 1.0
    deals[4:] = 1.0
    pressed = np.zeros((30, 2, 1))
    pressed[3, 0] = 0.1
    return made_up(
        30, level=level, agreed=agreed, turn=turn, failures=failed, refused=refused,
        deals=deals, pressed=pressed, broken_week=-1.0,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("fails_under_threat", 1.0),
        ("fails_otherwise", 0.5),
        ("fails_difference", 0.5),
        ("failures_per_package", 2 / 3),
        ("own_proposal_failures", 0.5),
        ("renewed_within_13_weeks", 1.0),
        ("agreed_again_within_13_weeks", 1.0),
        ("deal_within_26_weeks", 1.0),
    ],
)
def test_failures_at_home(key: str, value: float) -> None:
    assert figure(home(failures()), key) == pytest.approx(value)


def test_a_failure_near_the_end_has_no_follow_up() -> None:
    late = made_up(
        5, level=MEETS, agreed=by_week(1, 0, 0, 0, 0), failures=1.0, refused=1.0, broken_week=-1.0
    )
    assert np.isnan(figure(home(late), "renewed_within_13_weeks"))
    assert figure(home(late), "own_proposal_failures") == 1.0


def test_second_deal_after_a_breach() -> None:
    worlds = made_up(2, 3, broken_week=np.array([1.0, 1.0, -1.0]), deals=np.array([2.0, 1.0, 3.0]))
    assert figure(home(worlds), "second_deal_after_breach") == 0.5


def test_offers_by_a_side_without_hope() -> None:
    worlds = made_up(
        4, level=by_week(MEETS, MEETS, MEETS, SILENT), turn=by_week(0, 0, 1, 1),
        room=np.array([True, False])[None, :, None],
    )  # fmt: skip
    assert figure(bargaining(worlds), "sees_no_room") == pytest.approx(1 / 3)


def test_levels_of_deals() -> None:
    """Two deals: one in week 1, another in week 3, and only then are levels counted."""
    levels = np.full((3, ISSUES, 1), np.nan)
    levels[0, :, 0] = 0.0
    levels[0, :3, 0] = (1.0, 0.5, 0.999)
    levels[1] = levels[0]
    levels[2, :, 0] = 0.25
    figures = bargaining(made_up(3, agreement=levels, deals=by_week(1, 1, 2)))
    divisible = [not card.whole for card in SETTING.issues.values()]
    assert divisible[1]
    assert figure(figures, "interior_levels") == pytest.approx(
        (1 + sum(divisible)) / (2 * sum(divisible))
    )
    tariff = [card.tariff for card in SETTING.issues.values()]
    assert tariff[:2] == [True, True]
    assert figure(figures, "tariff_lifted_in_full") == 0.5
    assert figure(figures, "tariff_relief_level") == pytest.approx((1.0 + 0.5 + 0.25 + 0.25) / 4)
    others = ISSUES - 2
    assert figure(figures, "other_level") == pytest.approx((0.999 + others * 0.25) / (2 * others))


def test_the_longest_time_of_one_offer() -> None:
    level = np.full((9, 1), MEETS)
    level[3] = SILENT
    turn = by_week(0, 1, 0, 0, 0, 0, 1, 0, 0)
    table = packages(0.5, 0.5, 0.505, 0.9, 0.5, 0.8, 0.5, 0.8, 0.8)
    worlds = made_up(9, level=level, turn=turn, table=table)
    assert longest_same_offer(worlds).tolist() == [5.0]  # side 1: weeks 2 and 7
    failed = by_week(0, 0, 1, 1, 1, 1, 1, 1, 1)
    broken = made_up(9, level=level, turn=turn, table=table, failures=failed)
    assert longest_same_offer(broken).tolist() == [3.0]  # side 0: weeks 6 to 9
    assert np.isnan(longest_same_offer(made_up(3))).all()


def test_truces_that_end_with_a_tariff() -> None:
    phase = np.stack([by_week(TRUCE, TALKS, TRUCE, DEAL), by_week(TRUCE, TRUCE, TALKS, TALKS)], 1)
    tariff = np.zeros((4, 2, 2))
    tariff[1:, 0, 0] = 0.1  # the first world: the truce of week 1 ends with a tariff
    worlds = made_up(4, 2, phase=phase[..., 0], tariff=tariff)
    assert figure(conflict(worlds), "truces_ended_by_a_tariff") == 0.5


def test_sessions_under_a_threat() -> None:
    kind = np.zeros((4, 2, 1))
    kind[2:, 1] = 1.0
    worlds = made_up(4, level=by_week(MEETS, SILENT, MEETS, MEETS), threat_kind=kind)
    assert figure(conflict(worlds), "sessions_under_threat") == pytest.approx(1.0 - 0.5)


def test_weeks_with_a_deal_have_no_chance_of_a_session() -> None:
    worlds = made_up(4, phase=by_week(TALKS, TALKS, DEAL, DEAL), level=by_week(2, 0, 0, 0))
    assert figure(bargaining(worlds), "sessions_under_a_deal") == 0.0
    assert worlds.open_to_talk[:, 0].tolist() == [True, True, False, False]


def test_worlds_that_have_ended_have_no_sessions() -> None:
    worlds = made_up(3, level=MEETS, running=np.array([[True], [True], [False]]))
    assert worlds.sessions[:, 0].tolist() == [True, True, False]


def test_what_trust_moves_by() -> None:
    worlds = made_up(2, trust=np.array([[0.4], [0.2]]) * np.ones((2, 2, 1)))
    assert figure(bargaining(worlds), "trust_moved") == pytest.approx(0.3)


def test_worlds_with_a_trial_package() -> None:
    worlds = made_up(3, 4, trials=np.array([[0, 0, 0, 0], [0, 1, 0, 0], [0, 1, 0, 2]]))
    assert figure(bargaining(worlds), "worlds_with_a_trial") == 0.5
