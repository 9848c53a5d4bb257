"""Trial packages: limits of the rule, and what an answer through a back channel changes."""

from collections.abc import Mapping
from typing import Any

import networkx as nx
import numpy as np
import pytest

from agents.conduct import Conduct
from agents.leader import Leader
from experiments.engine import build, simulate
from model.arrays import Array, Mask
from model.negotiation import Negotiation
from model.phases import talks
from model.phases.trials import carriers, explore
from model.rules.answers import answered_by_types
from model.rules.channels import routes, shaded
from model.rules.curves import felt
from model.rules.influence import Graph, graph_of
from model.rules.learning import NEVER_REFUSED, moments, resolves
from model.rules.offers import utility
from model.schema.scenario import load_scenario
from model.state.names import StateName
from model.state.state import DEAL
from tests.bits import unequal, unequal_states

OFTEN: dict[str, Any] = {
    "channels.contact": 1.0, "channels.access": 0.0, "channels.trial": 1.0, "channels.real": 1.0,
    "channels.leak": 0.0,
}  # fmt: skip
SURE = {f"edges.{edge}.weight": 1.0 for edge in ("elon_musk>han_zheng", "han_zheng>xi_jinping")}
SURE |= {f"edges.{edge}.weight": 1.0 for edge in ("han_zheng>elon_musk", "elon_musk>donald_trump")}
CERTAIN = {"sides.US.ratification": "certain", "sides.CN.ratification": "certain"}
OF_TRIALS = {
    "trial", "trial_sender", "trial_carrier", "trial_path", "trial_week", "trial_answer",
    "trial_warm", "trials", "warm_trials",
}  # fmt: skip
UNSURE: tuple[StateName, ...] = ("belief_variance", "type_belief", "type_margin")
BELIEFS = {"belief_shift", *UNSURE}
LEADERS = {"donald_trump": "US", "xi_jinping": "CN"}


def opened(overrides: Mapping[str, Any], weeks: int = 6, worlds: int = 60) -> Negotiation:
    """Return worlds after some weeks without trial packages, with all channels in contact."""
    setting = load_scenario("february_2025", {**OFTEN, **overrides})
    n = build(setting, worlds, seed=5)
    for _ in range(weeks):
        n.open_week()
        n.store["phase"] = np.where(n.store["phase"] == DEAL, 0.0, n.store["phase"])
        talks.talk(n)
        n.opened = False
    n.open_week()
    return n


def sent(n: Negotiation) -> Mask:
    """Return where a trial package arrives this week (R,)."""
    arrived: Mask = n.store["trial_week"] == n.week
    return arrived


def leader(n: Negotiation, side: int) -> Leader:
    """Return the leader of a side."""
    found = n.leaders[side]
    assert isinstance(found, Leader)
    return found


class TestLimits:
    """What the rule does at the ends of its numbers."""

    def test_without_trials_no_number_of_theirs_matters(self) -> None:
        off = {"channels.trial": 0.0, "time.horizon": 20, "channels.contact": 1.0}
        run = simulate(load_scenario("february_2025", off), 20, 1, record=("everything",))
        assert not run.outcomes["trials"].any()
        assert run.weeks is not None
        assert (run.weeks["trial_week"] == -1.0).all()

    def test_without_contact_the_chance_of_a_trial_changes_no_bit(self) -> None:
        quiet = {"channels.contact": 0.0, "time.horizon": 20}
        one, other = (
            simulate(load_scenario("february_2025", quiet | {"channels.trial": chance}), 20, 1)
            for chance in (0.0, 1.0)
        )
        assert not unequal(one, other)

    def test_a_path_of_weight_zero_never_delivers(self) -> None:
        broken = {"edges.elon_musk>han_zheng.weight": 0.0, "edges.han_zheng>elon_musk.weight": 0.0}
        run = simulate(
            load_scenario(
                "february_2025",
                OFTEN
                | broken
                | {"edges.former_diplomat>michael_pillsbury.weight": 0.0, "time.horizon": 20},
            ),
            30,
            1,
        )
        assert not run.outcomes["trials"].any()

    def test_a_path_of_full_weight_always_delivers(self) -> None:
        n = opened(SURE)
        for side in (0, 1):
            assert (carriers(n, n.leaders[side], n.leaders[1 - side]) >= 0.0).all()
        assert np.isin(n.keys.people[int(carriers(n, *n.leaders)[0])], ["elon_musk", "han_zheng"])

    def test_a_trial_has_no_audience_and_moves_no_clock(self) -> None:
        """Apart from the trial itself, it changes only what the sender believes."""
        n, before = opened(SURE), opened(SURE)
        explore(n)
        assert sent(n).any()
        assert "trials" in unequal_states(n, before)
        assert unequal_states(n, before) <= OF_TRIALS | BELIEFS
        for name in UNSURE:
            own, old = n.store[name], before.store[name]
            receiver = np.where(n.store["turn"] == 0.0, 1, 0)
            for side in (0, 1):
                hears = receiver == side
                assert np.array_equal(own[side][..., hears], old[side][..., hears]), name

    def test_no_issue_for_leaders_is_in_it_even_in_the_week_of_a_summit(self) -> None:
        n = opened(SURE)
        assert n.leaders_only.any()
        n.store["level"] = n.store.full(talks.SUMMIT)
        explore(n)
        found = n.store["trial"][n.leaders_only[:, 0]][:, sent(n)]
        assert found.size
        assert not found.any()
        assert (n.store["level"] == talks.SUMMIT).all()

    def test_the_priorities_of_the_drafter_shape_it(self) -> None:
        plain = opened(SURE | {"talks.drafting": 0.0})
        drafted = opened(SURE | {"talks.drafting": 0.0})
        drafted.drafted = True
        wanted = drafted.store["draft_lead"] + 0.0
        wanted[:, drafted.keys.issues.index("purchases")] *= 5.0
        drafted.store["draft_lead"] = wanted
        for n in (plain, drafted):
            explore(n)
        both = sent(plain) & sent(drafted)
        packages = np.stack([n.store["trial"][:, both] for n in (plain, drafted)])
        assert both.any()
        assert np.abs(packages[1] - packages[0]).max() > 0.05

    def test_none_is_sent_while_a_deal_is_in_force(self) -> None:
        n = opened(SURE)
        n.store["phase"] = n.store.full(DEAL)
        explore(n)
        assert not sent(n).any()

    def test_an_unbiased_intermediary_carries_what_the_sender_would_offer(self) -> None:
        asked, least = np.array([0.5, 0.1]), np.array([0.2, 0.3])
        assert shaded(asked, least, np.zeros(2)).tolist() == asked.tolist()
        assert shaded(asked, least, np.ones(2)).tolist() == [0.2, 0.1]


class TestAnswers:
    """Warm and cold answers, and what the sender learns from them."""

    def test_an_answer_is_warm_if_and_only_if_the_package_reaches_the_reservation(self) -> None:
        n = opened(SURE | CERTAIN | {"sides.US.legacy": 0.0})
        explore(n)
        for side in (0, 1):
            receiver = leader(n, side)
            own, _ = receiver.stakes()
            worth = utility(own, felt(n.store["trial"], receiver.bends().own))
            asked = sent(n) & (n.store["trial_sender"] == 1.0 - side)
            warm = worth >= receiver.mine("reservation")
            assert asked.any()
            assert np.array_equal(n.store["trial_answer"][asked] > 0.0, warm[asked])

    def test_a_channel_that_speaks_for_itself_answers_by_what_all_expect(self) -> None:
        n = opened(SURE | CERTAIN | {"channels.real": 0.0, "sides.US.legacy": 0.0})
        explore(n)
        receiver = leader(n, 1)
        public = utility(receiver.mine("public_gains"), felt(n.store["trial"], receiver.bend()))
        asked = sent(n) & (n.store["trial_sender"] == 0.0)
        assert asked.any()
        usual = public >= receiver.mine("expected")
        assert np.array_equal(n.store["trial_answer"][asked] > 0.0, usual[asked])

    def test_a_cold_answer_is_a_bound_on_the_reservation_value(self) -> None:
        """As the noise vanishes, types that would have answered warmly keep other reasons alone."""
        wanted = resolves(np.array([0.3])) - 1.0
        chances = np.full_like(wanted, 1.0 / len(wanted))
        offered, noise = np.array([0.1]), np.array([1e-9])
        sure, always = np.array([1.0]), np.array([True])
        least = np.full_like(wanted, NEVER_REFUSED)
        case = wanted, offered, noise, np.zeros(1)
        cold, _ = answered_by_types(chances, least, *case, ~always, sure, always)
        above = wanted >= offered
        assert above.any()
        assert not above.all()
        np.testing.assert_allclose(cold[~above] / cold[above][0], 0.1)
        warm, _ = answered_by_types(chances, least, *case, always, sure, always)
        assert not warm[above].any()  # a warm answer excludes them
        assert moments(cold, wanted)[0] > moments(chances, wanted)[0] > moments(warm, wanted)[0]

    def test_the_two_answers_average_to_what_was_believed(self) -> None:
        """Bayes: the belief is the mean of both posteriors, weighted by the chance of each."""
        wanted = resolves(np.array([0.3])) - 1.0
        chances = np.exp(-wanted) / np.exp(-wanted).sum()
        least = np.full_like(wanted, 0.4)
        one, always = np.array([0.5]), np.array([True])
        case = wanted, np.array([0.1]), np.array([0.2]), np.array([0.0])
        cold = answered_by_types(chances, least, *case, ~always, one, always)[0]
        warm = answered_by_types(chances, least, *case, always, one, always)[0]
        share = (chances - warm)[0] / (cold - warm)[0]
        assert 0.0 < share[0] < 1.0
        np.testing.assert_allclose(share * cold + (1.0 - share) * warm, chances)

    @pytest.mark.parametrize("types", [0.0, 1.0])
    def test_the_sender_expects_less_room_after_a_cold_answer_and_more_after_a_warm_one(
        self, types: float
    ) -> None:
        overrides = SURE | {"talks.types": types}
        n, before = opened(overrides, worlds=200), opened(overrides, worlds=200)
        explore(n)
        moved = n.store["belief_shift"] - before.store["belief_shift"]
        for side in (0, 1):
            asked = sent(n) & (n.store["trial_sender"] == side)
            warm = n.store["trial_answer"] > 0.0
            assert (moved[side][asked & warm] <= 1e-12).all()
            assert (moved[side][asked & ~warm] >= -1e-12).all()
            assert moved[side][asked & warm].min() < 0.0

    def test_nothing_is_learned_from_a_channel_that_is_not_believed(self) -> None:
        unbiased = SURE | {"channels.bias": 0.0}
        n, before = opened(unbiased), opened(unbiased)
        explore(n)
        assert sent(n).any()
        assert unequal_states(n, before) <= OF_TRIALS


class TestNextSession:
    """A package with a warm answer is the starting point of the next session."""

    def test_the_sender_offers_it(self) -> None:
        n = opened(SURE | CERTAIN | {"coercion.ultimatum": 0.0})
        explore(n)
        warm, package = n.store["trial_warm"] > 0.0, n.store["trial"]
        assert warm.any()
        n.store["level"] = n.store.full(talks.CABINET)
        talks.talk(n)
        np.testing.assert_allclose(n.store["table"][:, warm], package[:, warm], atol=1e-9)
        assert (n.store["from_trial"][warm] == 1.0).all()
        assert not n.store["from_trial"][~warm].any()
        assert not n.store["trial_warm"].any()  # it is open for one session

    def test_it_is_not_offered_below_the_reservation_value(self) -> None:
        n = opened(SURE | CERTAIN | {"coercion.ultimatum": 0.0})
        explore(n)
        warm = n.store["trial_warm"] > 0.0
        n.store["reservation"] = n.store["reservation"] + 5.0
        n.store["level"] = n.store.full(talks.CABINET)
        talks.talk(n)
        assert warm.any()
        assert not n.store["from_trial"].any()

    def test_the_same_package_is_not_tried_twice(self) -> None:
        n = opened(SURE | CERTAIN | {"channels.bias": 0.0})
        explore(n)
        n.store["trial_warm"] = n.store.zeros()
        once = n.store["trials"]
        explore(n)
        assert once.any()
        assert np.array_equal(n.store["trials"], once)

    def test_an_exposed_package_is_disowned(self) -> None:
        n = opened(SURE | {"channels.leak": 1.0})
        leaks = n.store["leaks"]
        explore(n)
        assert (n.store["leaks"] - leaks == sent(n)).all()
        assert n.store["trial_answer"][sent(n)].any()
        assert not n.store["trial_warm"].any()

    def test_deals_that_began_as_a_trial_package_are_counted(self) -> None:
        often = OFTEN | SURE | {"time.horizon": 52}
        run = simulate(load_scenario("february_2025", often), 60, 1)
        began = run.outcomes["trial_deal"].to_numpy(dtype=bool)
        assert began.any()
        assert (run.outcomes["deals"][began] > 0.0).all()
        assert (run.outcomes["trials"][began] > 0.0).all()
        assert run.outcomes["warm_trials"].dropna().between(0.0, 1.0).all()


class TestSeats:
    """A conduct decides on trial packages and on answers."""

    class Silent(Conduct):
        """Send nothing."""

        def entrust(self, seat: Leader, channel: str, wants: Mask) -> Mask:
            """Refuse every channel."""
            return ~(wants | ~wants)

    class Cold(Conduct):
        """Send the whole package through Musk alone, and answer coldly."""

        def entrust(self, seat: Leader, channel: str, wants: Mask) -> Mask:
            """Choose Musk."""
            return np.full(wants.shape, channel == "elon_musk")

        def trial(self, seat: Leader, package: Array) -> Array:
            """Give everything."""
            return np.ones_like(package)

        def answer_trial(self, seat: Leader, package: Array, warm: Mask) -> Mask:
            """Say no."""
            return ~(warm | ~warm)

    def run(self, seat: Conduct) -> Negotiation:
        """Return worlds in which the first side has a conduct of its own."""
        setting = load_scenario("february_2025", OFTEN | SURE | {"channels.trial": 0.5})
        n = build(setting, 30, seed=5, seats={"US": seat})
        n.step()
        return n

    def test_a_side_that_entrusts_nobody_sends_nothing(self) -> None:
        n = self.run(self.Silent())
        assert not (n.store["trial_sender"] == 0.0).any()

    def test_the_conduct_chooses_channel_package_and_answer(self) -> None:
        n = self.run(self.Cold())
        own = n.store["trial_sender"] == 0.0
        musk = n.keys.people.index("elon_musk")
        assert own.any()
        assert (n.store["trial_carrier"][musk, own] == 1.0).all()
        assert (n.store["trial_carrier"].sum(axis=0)[own] == 1.0).all()
        whole = n.store["trial"][:, own] == 1.0
        assert whole[~n.leaders_only[:, 0]].all()
        assert not whole[n.leaders_only[:, 0]].any()
        received = n.store["trial_sender"] == 1.0
        assert not n.store["trial_answer"][received].any()


class TestRoutes:
    """Paths from an actor of the sending side to the leader of the other."""

    def test_they_begin_on_the_side_that_sends(self) -> None:
        graph = graph_of(load_scenario("february_2025"))
        assert routes(graph, "elon_musk", LEADERS) == {
            "donald_trump": [["han_zheng", "elon_musk", "donald_trump"]],
            "xi_jinping": [["elon_musk", "han_zheng", "xi_jinping"]],
        }
        path = ["former_diplomat", "michael_pillsbury", "donald_trump"]
        assert routes(graph, "former_diplomat", LEADERS) == {"donald_trump": [path]}

    def test_a_carrier_without_a_tie_to_the_sender_has_none(self) -> None:
        graph: Graph = nx.DiGraph()
        for key, side in (("a", "A"), ("b", "B"), ("friend", "B")):
            graph.add_node(key, side=side)
        graph.add_edge("friend", "b")
        assert routes(graph, "friend", {"a": "A", "b": "B"}) == {}
