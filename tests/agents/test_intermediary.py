"""Back channels make contact as often as they say, and tell only what is believed."""

from collections.abc import Mapping

import numpy as np
import pytest

from agents.intermediary import Intermediary
from experiments.engine import build
from model.arrays import Array
from model.negotiation import Negotiation
from model.phases.talks import probe
from model.schema.scenario import load_scenario
from tests.worlds import talks

ALWAYS = {"channels.contact": 1, "channels.real": 1, "channels.access": 0}
NORMAL = ALWAYS | {"talks.types": 0, "talks.resolve_spread": 0.9}  # a belief without types


def carrier(negotiation: Negotiation, key: str = "elon_musk") -> Intermediary:
    """Return a back channel."""
    found = negotiation.people[key]
    assert isinstance(found, Intermediary)
    return found


def learned(overrides: Mapping[str, float], worlds: int = 2000, week: int = 1) -> tuple[Array, ...]:
    """Return what the US believes after one call of Musk, its doubts before and after, the truth.

    Each (R,), in points: the shift of the belief, its variance before and after, and China's
    reservation beyond what all expect.
    """
    negotiation = build(load_scenario("february_2025", overrides), worlds=worlds, seed=5)
    store = negotiation.store
    before = store.row("belief_variance", 0).copy()
    carrier(negotiation).probe(week)
    truth = store.row("reservation", 1) - store.row("expected", 1)
    return store.row("belief_shift", 0), before, store.row("belief_variance", 0), truth


def test_contact_is_as_frequent_as_declared_and_counted() -> None:
    setting = load_scenario("february_2025", {"channels.access": 0})
    negotiation = build(setting, worlds=4000, seed=5)
    probe(negotiation)
    contact = negotiation.store["contact"]
    assert contact.mean() == pytest.approx(3 * 0.2, abs=0.03)  # three channels
    assert set(contact.tolist()) == {0.0, 1.0, 2.0, 3.0}


def test_where_there_is_no_contact_nothing_is_learned() -> None:
    shift, before, after, _ = learned({"channels.contact": 0.5, "channels.access": 0})
    silent = after == before
    assert silent.mean() == pytest.approx(0.5, abs=0.05)
    assert not shift[silent].any()
    assert shift[~silent].all()


def test_a_real_channel_tells_of_the_truth() -> None:
    shift, before, after, truth = learned(NORMAL)
    assert np.all(after < before)
    assert np.corrcoef(shift, truth)[0, 1] > 0.1
    share = 1.0 - after / before  # how far a signal is followed
    np.testing.assert_allclose((shift - share * truth).mean(), 0.0, atol=0.005)


def test_one_that_speaks_for_itself_tells_nothing_but_is_believed_alike() -> None:
    """Nobody knows which is which: the doubt shrinks as much, and the belief moves by noise."""
    shift, _, after, truth = learned(NORMAL | {"channels.real": 0})
    assert abs(np.corrcoef(shift, truth)[0, 1]) < 0.07
    assert np.array_equal(after, learned(NORMAL)[2])


def test_a_belief_about_types_follows_a_real_channel_and_is_calibrated() -> None:
    """The error of the belief is as large as its variance says."""
    shift, before, after, truth = learned(ALWAYS | {"talks.resolve_spread": 0.5})
    assert np.corrcoef(shift, truth)[0, 1] > 0.1
    assert after.mean() < before.mean()
    assert ((shift - truth) ** 2).mean() < (truth**2).mean()
    assert ((shift - truth) ** 2).mean() == pytest.approx(after.mean(), rel=0.2)


def test_if_no_channel_is_real_no_report_changes_a_belief_about_types() -> None:
    shift, before, after, _ = learned(ALWAYS | {"channels.real": 0})
    np.testing.assert_allclose(shift, 0.0, atol=1e-15)
    np.testing.assert_allclose(after, before)


def test_an_unbiased_one_is_not_believed() -> None:
    shift, before, after, _ = learned(ALWAYS | {"channels.bias": 0})
    assert not shift.any()
    assert np.array_equal(after, before)


def test_the_better_it_is_heard_the_more_it_teaches() -> None:
    edge = "edges.elon_musk>donald_trump.weight"
    doubts = [learned(ALWAYS | {edge: weight}, worlds=2)[2][0] for weight in (0.0, 0.4, 1.0)]
    before = learned(ALWAYS, worlds=2)[1][0]
    assert before == doubts[0] > doubts[1] > doubts[2]


def test_the_best_path_counts_in_each_world() -> None:
    """Musk is heard by Xi through Han Zheng; a second way counts where it is better."""
    sweep = {"edges.elon_musk>donald_trump.weight": [0.1, 0.5, 1.0]}
    negotiation = talks(sweep=sweep)
    ways = [
        ["elon_musk", "donald_trump"],
        ["elon_musk", "han_zheng", "xi_jinping"],  # .50 x .35
    ]
    np.testing.assert_allclose(carrier(negotiation).weight(ways), [0.175, 0.5, 1.0])


def test_each_tells_the_leaders_whom_it_reaches() -> None:
    negotiation = talks(ALWAYS)
    assert set(carrier(negotiation, "elon_musk").paths) == {0, 1}
    assert set(carrier(negotiation, "former_diplomat").paths) == {0}
    before = negotiation.store["belief_variance"].copy()
    carrier(negotiation, "former_diplomat").probe(1)
    change = before - negotiation.store["belief_variance"]
    assert np.all(change[0] > 0.0)
    assert not change[1].any()
