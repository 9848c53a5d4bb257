"""Trust follows what was seen, forgets towards its base, and settles where theory says."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.rules.trust import remember, trust
from tests.oracles.trust import settled_trust
from tests.pair import pair

COUNTS = st.floats(0.1, 50.0)
SHARES = st.floats(0.0, 1.0)


def simulated(compliance: float, memory: float, kept: float, broken: float, weeks: int) -> float:
    """Return the trust after weeks of one compliance, with the counts starting at their base."""
    one, other = pair(kept), pair(broken)
    for _ in range(weeks):
        one = remember(one, pair(kept), pair(memory), pair(compliance))
        other = remember(other, pair(broken), pair(memory), pair(1.0 - compliance))
    return float(trust(one, other)[0])


@settings(max_examples=30)
@given(SHARES, st.floats(0.0, 0.9), COUNTS, COUNTS)
def test_constant_compliance_settles_at_the_closed_form(
    compliance: float, memory: float, kept: float, broken: float
) -> None:
    settled = settled_trust(compliance, memory, kept, broken)
    assert simulated(compliance, memory, kept, broken, 250) == pytest.approx(settled, abs=1e-9)


def test_whoever_forgets_nothing_ends_with_what_was_seen() -> None:
    assert settled_trust(0.57, 1.0, 4.0, 1.0) == 0.57
    assert simulated(0.57, 1.0, 4.0, 1.0, 2_000) == pytest.approx(0.57, abs=1e-3)


def test_without_news_only_the_excess_over_the_base_fades() -> None:
    count = pair(9.0)
    for _ in range(3):
        count = remember(count, pair(4.0), pair(0.5), pair(0.0))
    assert count.tolist() == [4.0 + 5.0 / 8.0] * 2
    assert remember(pair(4.0), pair(4.0), pair(0.5), pair(0.0)).tolist() == [4.0, 4.0]


@pytest.mark.parametrize(("observations", "expected"), [(0, 0.80), (10, 0.647), (50, 0.591)])
def test_the_more_the_agreement_of_2020_counts_the_lower_is_trust(
    observations: int, expected: float
) -> None:
    """Bown 2022: 57 % of the promised purchases were made; base Beta(4, 1)."""
    found = trust(pair(4.0 + 0.57 * observations), pair(1.0 + 0.43 * observations))
    np.testing.assert_allclose(found, expected, atol=5e-4)


@given(COUNTS, COUNTS, st.floats(0.01, 10.0))
def test_trust_rises_with_what_is_kept_and_falls_with_what_is_broken(
    kept: float, broken: float, more: float
) -> None:
    before = trust(pair(kept), pair(broken))
    assert np.all((before > 0.0) & (before < 1.0))
    assert np.all(trust(pair(kept + more), pair(broken)) > before)
    assert np.all(trust(pair(kept), pair(broken + more)) < before)
