"""Approval goes where pain and rally send it, and a rally fades by half in its half-life."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.rules.approval import approval, decay
from tests.pair import pair

SHARES = st.floats(0.0, 1.0)


@pytest.mark.parametrize("half_life", [1.0, 3.0, 7.0, 52.0])
def test_half_is_left_after_the_half_life(half_life: float) -> None:
    stock = pair(1.0)
    for _ in range(int(half_life)):
        stock = stock * decay(pair(half_life))
    np.testing.assert_allclose(stock, 0.5)


@settings(max_examples=30)
@given(SHARES, SHARES, st.floats(0.0, 4.0), SHARES, SHARES)
def test_it_settles_where_pain_and_rally_send_it(
    before: float, base: float, pain: float, rally: float, slope: float
) -> None:
    level = pair(before)
    for _ in range(120):
        level = approval(level, pair(base), pair(pain), pair(rally), pair(slope), pair(0.2))
        assert np.all((level >= 0.0) & (level <= 1.0))
    np.testing.assert_allclose(level, np.clip(base - slope * pain + rally, 0.0, 1.0), atol=1e-9)


def test_each_week_goes_the_same_part_of_the_way() -> None:
    level, gaps = pair(0.5), []
    for _ in range(3):
        gaps.append(float(level[0]) - 0.4)
        level = approval(level, pair(0.5), pair(2.0), pair(0.0), pair(0.05), pair(0.1))
    np.testing.assert_allclose(gaps, [0.1, 0.09, 0.081])


def test_without_speed_nothing_moves() -> None:
    still = approval(pair(0.37), pair(0.9), pair(3.0), pair(1.0), pair(0.5), pair(0.0))
    assert still.tolist() == [0.37, 0.37]
