"""The tariff for sale is the one that a government paid by industries would choose."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

from tests.oracles.protection import protection

SHARES = st.floats(0.05, 0.95)
WEIGHTS = st.floats(1.0, 50.0)
RATIOS = st.floats(0.1, 3.0)
ELASTICITIES = st.floats(0.5, 5.0)


def tariff(
    organised: bool, share: float, benevolence: float, ratio: float, elasticity: float
) -> float:
    """Return the tariff of one sector in the first of two equal worlds."""
    numbers = (np.full(2, number) for number in (share, benevolence))
    sector = (np.full((1, 2), number) for number in (ratio, elasticity))
    return float(protection(np.full((1, 2), organised), *numbers, *sector)[0, 0])


@pytest.mark.parametrize("organised", [True, False])
@given(share=SHARES, benevolence=WEIGHTS, supply=st.floats(0.1, 0.8), slope=st.floats(0.5, 2.0))
def test_the_tariff_is_the_best_that_a_paid_government_can_set(
    organised: bool, share: float, benevolence: float, supply: float, slope: float
) -> None:
    """World price 1, supply y = supply x p, demand 1 + slope (2 - p), imports the difference."""

    def imports(price: float) -> float:
        return 1.0 + slope * (2.0 - price) - supply * price

    def loss(price: float) -> float:
        profit = supply * price * price / 2
        revenue = (price - 1.0) * imports(price)
        surplus = (1.0 + slope * (2.0 - price)) ** 2 / (2 * slope)
        public = revenue + surplus
        lobbied = organised * profit + share * public  # what the organised would pay for
        return -(lobbied + benevolence * (profit + public))

    autarky = (1.0 + 2.0 * slope) / (slope + supply)
    price = minimize_scalar(loss, bounds=(0.05, autarky), options={"xatol": 1e-10}).x
    if price > autarky - 1e-3:
        return  # nothing is imported any more
    ratio = supply * price / imports(price)
    elasticity = (slope + supply) * price / imports(price)
    found = tariff(organised, share, benevolence, ratio, elasticity)
    assert found == pytest.approx(price - 1.0, abs=1e-5)


@given(SHARES, WEIGHTS, RATIOS, ELASTICITIES)
def test_the_organised_are_protected_and_the_others_pay(
    share: float, benevolence: float, ratio: float, elasticity: float
) -> None:
    assert tariff(True, share, benevolence, ratio, elasticity) > 0.0
    assert -1.0 < tariff(False, share, benevolence, ratio, elasticity) < 0.0


@given(SHARES, RATIOS, ELASTICITIES, st.booleans())
def test_a_benevolent_government_trades_freely(
    share: float, ratio: float, elasticity: float, organised: bool
) -> None:
    assert tariff(organised, share, 1e9, ratio, elasticity) == pytest.approx(0.0, abs=1e-7)


def test_lobbies_of_everybody_and_lobbies_of_nobody_cancel() -> None:
    assert tariff(True, 1.0, 2.0, 1.0, 1.0) == 0.0
    assert tariff(False, 0.0, 2.0, 1.0, 1.0) == 0.0


@given(SHARES, WEIGHTS, RATIOS, ELASTICITIES)
def test_protection_grows_with_output_and_falls_with_elasticity_and_benevolence(
    share: float, benevolence: float, ratio: float, elasticity: float
) -> None:
    before = tariff(True, share, benevolence, ratio, elasticity)
    assert tariff(True, share, benevolence, 1.1 * ratio, elasticity) >= before
    assert tariff(True, share, benevolence, ratio, 1.1 * elasticity) <= before
    assert tariff(True, share, 1.1 * benevolence, ratio, elasticity) <= before


def test_no_tariff_is_high_enough_where_the_pull_is_too_strong() -> None:
    assert tariff(True, 0.2, 0.3, 5.0, 1.0) == np.inf


def test_worlds_do_not_touch_one_another() -> None:
    rng = np.random.default_rng(25)
    organised, sector = rng.random((3, 300)) < 0.5, rng.uniform(0.5, 2.0, (2, 3, 300))
    share, benevolence = rng.uniform(0.1, 0.9, 300), rng.uniform(1.0, 9.0, 300)
    whole = protection(organised, share, benevolence, *sector)
    assert whole.flags.c_contiguous
    part = protection(organised[:, 7:10], share[7:10], benevolence[7:10], *sector[..., 7:10])
    np.testing.assert_array_equal(whole[:, 7:10], part)
