"""Actors hear their own side, keep what they are, and settle where the graph says."""

import numpy as np
import pytest

from model.arrays import Array
from model.negotiation import Negotiation
from model.schema.scenario import load_scenario
from tests.oracles.influence import settled, weight_matrix
from tests.worlds import talks

LEADERS = ("donald_trump", "xi_jinping")
HEARD = {"influence.access": 0}  # all are heard by the weights of their edges alone


def counselled(negotiation: Negotiation, weeks: int) -> Array:
    """Return all opinions after weeks of counsel alone, without moods (people, 3, R)."""
    for _ in range(weeks):
        heard = [actor.counsel() for actor in negotiation.listeners]
        for actor, opinion in zip(negotiation.listeners, heard, strict=True):
            actor.opinion = opinion
    opinions: Array = negotiation.store["opinion"]
    return opinions


def theory(negotiation: Negotiation, weights: Array) -> Array:
    """Return where Friedkin and Johnsen (1990) have the opinions settle (people, 3)."""
    people = negotiation.keys.people
    actors = negotiation.setting.actors
    open_minds = [actors[key].susceptibility if key in actors else 0.0 for key in people]
    views = negotiation.store["conviction"][:, :, 0]
    columns = [settled(weights, np.array(open_minds), views[:, row]) for row in range(3)]
    return np.stack(columns, axis=1)


class TestCounsel:
    """Opinions that settle on the influence graph of February 2025."""

    def test_advisers_settle_where_the_graph_says(self) -> None:
        negotiation = talks(HEARD)
        people = negotiation.keys.people
        expected = theory(negotiation, weight_matrix(negotiation.graph, people))
        found = counselled(negotiation, 60)
        for row, key in enumerate(people):
            if key not in LEADERS:  # a leader also hears the street, see below
                np.testing.assert_allclose(found[row, :, 0], expected[row], atol=1e-9, err_msg=key)

    def test_so_do_leaders_who_are_deaf_to_the_street(self) -> None:
        negotiation = talks({"influence.street": 0, **HEARD})
        expected = theory(negotiation, weight_matrix(negotiation.graph, negotiation.keys.people))
        np.testing.assert_allclose(counselled(negotiation, 60)[:, :, 0], expected, atol=1e-9)

    def test_the_street_has_its_share_of_a_leader_s_ear(self) -> None:
        negotiation = talks({"influence.street": 0.4, **HEARD})
        people, cards = negotiation.keys.people, negotiation.setting.constituencies
        deaf = talks({"influence.street": 0}).graph
        weights = 0.6 * weight_matrix(deaf, people)
        for key in negotiation.setting.actors:
            if key not in LEADERS:
                weights[people.index(key)] /= 0.6
        for key, card in cards.items():
            if card.side in negotiation.keys.sides:
                leader = negotiation.setting.sides[card.side].leader
                share = negotiation.store["weight"][list(cards).index(key), 0]
                weights[people.index(leader), people.index(key)] = 0.4 * share
        expected = theory(negotiation, weights)
        np.testing.assert_allclose(counselled(negotiation, 60)[:, :, 0], expected, atol=1e-9)

    def test_opinions_stay_between_0_and_1_whatever_the_mood(self) -> None:
        negotiation = talks({"influence.rally_hardens": 1, "influence.pain_softens": 1})
        for size in (5.0, -5.0):
            negotiation.mood = {side: np.full((3, 3), size) for side in negotiation.keys.sides}
            opinions = counselled(negotiation, 3)
            assert np.all((opinions >= 0.0) & (opinions <= 1.0))

    def test_a_mood_moves_one_s_side_alone(self) -> None:
        calm, moved = counselled(talks(), 1), talks()
        moved.mood = {"US": np.full((3, 3), 0.05)}
        change = counselled(moved, 1) - calm
        for row, key in enumerate(moved.setting.actors):
            at_home = moved.setting.actors[key].side == "US"
            assert np.all(change[row] > 0.0) if at_home else not change[row].any(), key


class TestHearing:
    """Who is heard, and what remains where nobody is."""

    def test_nobody_hears_the_other_side(self) -> None:
        negotiation = talks()
        sides = negotiation.setting.actors
        for person in negotiation.listeners:
            assert {sides[key].side for key in negotiation.speakers(person.key)} <= {person.side}
        assert "donald_trump" in negotiation.graph.pred["xi_jinping"]
        assert "donald_trump" not in negotiation.speakers("xi_jinping")

    def test_who_hears_nobody_keeps_its_view(self) -> None:
        opinions = counselled(talks(), 5)
        negotiation = talks()
        row = negotiation.keys.people.index("zhu_min")
        assert not negotiation.speakers("zhu_min")
        np.testing.assert_allclose(opinions[row], negotiation.store["conviction"][row])

    @pytest.mark.parametrize(
        "overrides",
        [
            {"influence.confidence": 0},
            {
                f"edges.{name}.weight": 0
                for name in load_scenario("february_2025").edges
                if name.endswith(">donald_trump")
            },
        ],
        ids=["nobody near enough", "no weight"],
    )
    def test_so_does_who_listens_to_none_of_them(self, overrides: dict[str, float]) -> None:
        """It must not drift towards 0, as a mean over nobody would have it."""
        negotiation = talks({"influence.street": 0} | overrides)
        row = negotiation.keys.people.index("donald_trump")
        view = negotiation.store["conviction"][row].copy()
        np.testing.assert_allclose(counselled(negotiation, 5)[row], view)

    def test_bounded_confidence_leaves_out_who_is_too_far(self) -> None:
        """He Lifeng (.70) hears Wang Wentao (.65) at a bound of .1, and not Zhu Min (.35)."""
        negotiation = talks({"influence.confidence": 0.1, **HEARD})
        row = negotiation.keys.people.index("he_lifeng")
        firmness = counselled(negotiation, 1)[row, 0, 0]
        assert firmness == pytest.approx(0.7 * 0.65 + 0.3 * 0.70)

    def test_who_is_not_susceptible_does_not_move(self) -> None:
        negotiation = talks({"actors.donald_trump.susceptibility": 0})
        row = negotiation.keys.people.index("donald_trump")
        found = counselled(negotiation, 5)[row]
        np.testing.assert_array_equal(found, negotiation.store["conviction"][row])

    def test_a_leader_without_advisers_hears_the_street(self) -> None:
        negotiation = talks({"influence.street": 0.5}, name="split_the_pie")
        groups = negotiation.keys.people.index("first_people")
        negotiation.store.set_row("opinion", groups, np.ones((3, 3)))
        # half the ear hears 1, the other half hears nobody and so one's own view of .5
        opinion = counselled(negotiation, 1)[0, 0, 0]
        assert opinion == pytest.approx(0.7 * (0.5 * 1.0 + 0.5 * 0.5) + 0.3 * 0.5)


class TestStore:
    """The state of an actor is in the store."""

    def test_an_opinion_is_a_row_there(self) -> None:
        negotiation = talks()
        adviser = negotiation.people["scott_bessent"]
        adviser.opinion = np.full((3, 3), 0.123)
        assert np.all(negotiation.store["opinion"][adviser.row] == 0.123)
        assert np.sum(negotiation.store["opinion"] == 0.123) == 9

    def test_numbers_are_those_of_one_s_card(self) -> None:
        people = talks(sweep={"actors.peter_navarro.access": [0.1, 0.2, 0.3]}).people
        assert people["peter_navarro"].number("access").tolist() == [0.1, 0.2, 0.3]
        assert people["consumers"].of_group("weight").tolist() == [25.0] * 3
