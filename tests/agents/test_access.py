"""Access counts for all: who is heard, who makes contact, and whether leaders call each other."""

from typing import Any

import numpy as np
import pytest

from agents.constituency import Constituency
from experiments.engine import build
from model.arrays import Array
from model.negotiation import Negotiation
from model.phases.talks import direct_contact, probe
from model.schema.scenario import Scenario, load_scenario
from tests.worlds import talks

TIE = "edges.donald_trump>xi_jinping.weight"


def heard(overrides: dict[str, Any], listener: str = "jamieson_greer") -> tuple[Array, Array]:
    """Return what an adviser hears in the first week and its own view, both (3, R)."""
    person = talks(overrides).people[listener]
    view = person.view()
    return person.hear(view), view


@pytest.mark.parametrize("access", [0.0, 0.3, 1.0])
def test_a_speaker_without_full_access_leaves_room_for_the_own_view(access: float) -> None:
    """Greer hears Wendy Cutler alone."""
    number = {"actors.wendy_cutler.access": access}
    mixed, own = heard({**number, "influence.access": 1.0})
    full, _ = heard({**number, "influence.access": 0.0})
    np.testing.assert_allclose(mixed, access * full + (1.0 - access) * own)
    assert not np.allclose(full, own)


def test_an_intermediary_makes_contact_as_its_access_allows() -> None:
    numbers = {"channels.contact": 0.3, "channels.access": 1.0}
    negotiation = build(load_scenario("february_2025", numbers), worlds=4000, seed=5)
    probe(negotiation)
    store = negotiation.store
    for key in ("elon_musk", "han_zheng", "former_diplomat"):
        row = negotiation.people[key].row
        expected = 0.3 * 2.0 * store.of("actors", key, "access")[0]
        assert store.row("contacted", row).mean() == pytest.approx(expected, abs=0.02), key


@pytest.mark.parametrize(("direct", "weight"), [(0.0, 1.0), (1.0, 0.0), (1.0, 1.0), (0.4, 0.5)])
def test_an_edge_between_the_leaders_gives_direct_contact(direct: float, weight: float) -> None:
    numbers = {"channels.direct": direct, TIE: weight}
    negotiation = build(load_scenario("february_2025", numbers), worlds=4000, seed=5)
    assert direct_contact(negotiation).mean() == pytest.approx(direct * weight, abs=0.03)


class TestObservers:
    """What a deal is worth to those who watch."""

    @staticmethod
    def stance(negotiation: Negotiation, level: float) -> Array:
        """Return the stance abroad when a deal with all issues at a level is in force (R,)."""
        store = negotiation.store
        store["agreement"] = np.full_like(store["agreement"], level)
        for group in negotiation.groups:
            group.opinion = group.complain()
        return negotiation.stance_abroad()

    def test_a_deal_that_serves_them_makes_them_less_firm(self) -> None:
        for slope in (0.0, 0.2):
            negotiation = talks({"third.stakes": slope})
            none, deal = self.stance(negotiation, np.nan), self.stance(negotiation, 0.5)
            allies = negotiation.people["allies"]
            assert isinstance(allies, Constituency)
            np.testing.assert_allclose(allies.worth_of_deal(), 0.5 * (0.5 + 0.2))
            np.testing.assert_allclose(none - deal, slope * 0.5 * (0.5 + 0.2))

    @pytest.mark.parametrize(("share", "expected"), [(0.0, 0.5), (1.0, 0.3 * 0.8 + 0.7 * 0.2)])
    def test_their_weights_weigh_their_stance(self, share: float, expected: float) -> None:
        content = load_scenario("february_2025", {"third.weights": share}).model_dump()
        allies = content["constituencies"]["allies"]
        content["constituencies"]["allies"] = allies | {"firmness": 0.8, "weight": 30.0}
        content["constituencies"]["rest"] = allies | {"firmness": 0.2, "weight": 70.0}
        negotiation = build(Scenario.model_validate(content), worlds=2)
        for group in negotiation.groups:
            group.opinion = group.complain()
        np.testing.assert_allclose(negotiation.stance_abroad(), expected)
