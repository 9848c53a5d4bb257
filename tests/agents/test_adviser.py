"""An adviser's door to the leader decides how often the sides meet, if the adviser leads."""

import numpy as np
import pytest

from tests.worlds import talks


def test_who_leads_the_talks_opens_the_door() -> None:
    negotiation = talks()
    assert [leader.access()[0] for leader in negotiation.leaders] == [0.85, 0.80]
    assert negotiation.people["scott_bessent"].access[0] == 0.85
    alone = talks({"sides.US.lead": ""})
    assert alone.leaders[0].access()[0] == 1.0


@pytest.mark.parametrize(("share", "expected"), [(0.0, 0.9), (0.5, 0.6), (1.0, 0.3)])
def test_who_leads_the_talks_sets_a_share_of_the_firmness(share: float, expected: float) -> None:
    negotiation = talks({"talks.lead_weight": share, "talks.publicity": 0})
    for key, firmness in {"donald_trump": 0.9, "scott_bessent": 0.3}.items():
        negotiation.people[key].opinion = np.full((3, 3), firmness)
    np.testing.assert_allclose(negotiation.people["donald_trump"].firmness(), expected)


def test_before_an_audience_the_table_is_firmer_and_leaders_who_meet_speak_for_themselves() -> None:
    negotiation = talks({"talks.lead_weight": 1})
    leader = negotiation.people["donald_trump"]
    for key, firmness in {"donald_trump": 0.9, "scott_bessent": 0.3}.items():
        negotiation.people[key].opinion = np.full((3, 3), firmness)
    negotiation.store["deniable"] = np.array([0.0, 1.0, 0.0])
    negotiation.store["level"] = np.array([2.0, 2.0, 3.0])
    np.testing.assert_allclose(leader.firmness(), [0.35, 0.3, 0.95])
