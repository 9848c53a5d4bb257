"""The state is declared whole, begins as the scenario says, and privileges no side."""

import numpy as np
import pytest

from experiments.engine import build, fork
from model.negotiation import Negotiation
from model.schema.scenario import Scenario, load_scenario
from model.state.keys import STANCES, Keys
from model.state.random_streams import log_normal
from model.state.store import Store
from tests.worlds import talks

SETTING = load_scenario("february_2025")
MANY = 4000
NOT_YET = {  # what may be missing or boundless before there is an offer or a deal
    "aspiration",
    "support",
    "trial",
    "table",
    "offer",
    "first_seen",
    "best_seen",
    "agreement",
    "enforcement",
    "pareto_gap",
    "nash_gap",
    "compliance",
}


def swapped(setting: Scenario) -> Scenario:
    """Return the scenario with its sides in the other order."""
    content = setting.model_dump()
    content["sides"] = dict(reversed(content["sides"].items()))
    return Scenario.model_validate(content)


def in_c_order(store: Store) -> bool:
    """Return whether every state has the memory layout that rules expect."""
    return all(values.flags.c_contiguous for values in store.arrays().values())


class TestDeclared:
    """Every state says what it is."""

    def test_it_has_the_shape_of_its_dimensions_and_a_meaning(self) -> None:
        store, keys = talks().store, Keys(SETTING)
        for name, state in store.states.items():
            shape = (*(len(keys.names(dim)) for dim in state.dims), 3)
            assert store[name].shape == shape, name
            assert state.unit, name
            assert len(state.meaning) > 5, name

    def test_none_is_named_like_a_number_of_the_scenario_or_a_dimension(self) -> None:
        states = set(talks().store.states)
        dims = {"side", "issue", "agent", "group", "actor", "region", "stance", "shock"}
        dims |= {"world", "week"}
        assert not states & set(SETTING.parameters())
        assert not states & dims

    def test_only_what_is_not_there_yet_may_be_missing(self) -> None:
        for weeks in (0, 12):
            store = talks(weeks=weeks).store
            odd = {name for name, v in store.arrays().items() if not np.isfinite(v).all()}
            assert odd <= NOT_YET

    def test_it_stays_in_c_order(self) -> None:
        negotiation = talks(weeks=12)
        assert in_c_order(negotiation.store)
        assert in_c_order(negotiation.select(np.array([2, 0], dtype=np.intp)).store)
        assert in_c_order(fork(negotiation, 5, world=1).store)

    def test_keys_are_in_the_scenario_s_order(self) -> None:
        keys = Keys(SETTING)
        assert keys.names("side") == ["US", "CN"]
        assert keys.names("region") == ["US", "CN", "ROW"]
        assert keys.names("agent") == [*SETTING.actors, *SETTING.constituencies]
        assert keys.names("stance") == list(STANCES)


class TestStart:
    """Week 0."""

    def test_everybody_begins_with_their_own_opinion(self) -> None:
        negotiation = talks()
        opinion = negotiation.store["opinion"]
        np.testing.assert_array_equal(opinion, negotiation.store["conviction"])
        row = negotiation.keys.people.index("peter_navarro")
        assert opinion[row, :, 0].tolist() == [0.95, 0.95, 0.70]
        row = negotiation.keys.people.index("congress_hawks")
        assert opinion[row, :, 0].tolist() == [0.90] * 3

    def test_weights_at_home_add_up_to_one(self) -> None:
        negotiation = talks()
        for side in ("US", "CN"):
            at_home = [card.side == side for card in SETTING.constituencies.values()]
            np.testing.assert_allclose(negotiation.store["weight"][at_home].sum(axis=0), 1.0)

    def test_trust_begins_with_the_record(self) -> None:
        """Base (4, 1); the US remembers 10 observations at .57, China 5 at .5."""
        store = talks().store
        np.testing.assert_allclose(store["trust"][0], (4 + 5.7) / (5 + 10))
        np.testing.assert_allclose(store["trust"][1], (4 + 2.5) / (5 + 5))

    def test_issues_are_worth_the_stakes_at_home(self) -> None:
        """The purchases: .26 to the US, .13 to China, in a world like any other."""
        store = talks({"values.elicited_at": 1.0}).store
        place = list(SETTING.issues).index("purchases")
        np.testing.assert_allclose(store["public_worth"][:, place, 0], [0.26, -0.13], atol=0.01)

    def test_costs_are_scaled_and_gains_are_not(self) -> None:
        plain, dear = talks().store["public_worth"], talks({"values.cost_scale": 1.5}).store
        ratio = dear["public_worth"] / np.where(plain == 0.0, 1.0, plain)
        np.testing.assert_allclose(ratio[plain < 0.0], 1.5)
        np.testing.assert_allclose(ratio[plain > 0.0], 1.0)

    def test_weakness_hardens_structural_concessions_alone(self) -> None:
        soft = talks({"economy.hardening": 0}).store["public_worth"]
        hard = talks({"economy.hardening": 1}).store["public_worth"]
        changed = np.argwhere((hard != soft).all(axis=2))
        names = {(talks().keys.sides[i], list(SETTING.issues)[k]) for i, k in changed}
        assert names == {("CN", "investment"), ("CN", "overcapacity")}
        np.testing.assert_allclose((hard / np.where(soft == 0.0, 1.0, soft)).max(), 1.5)


@pytest.fixture(scope="module")
def many() -> Negotiation:
    """Return many worlds at their start."""
    return build("february_2025", worlds=MANY, seed=5)


class TestPrivate:
    """What is drawn once for each world."""

    def test_resolve_and_worth_are_right_on_average(self, many: Negotiation) -> None:
        store = many.store
        np.testing.assert_allclose(store["resolve"].mean(axis=1), 1.0, atol=0.02)
        np.testing.assert_allclose(np.log(store["resolve"]).std(axis=1), 0.30, atol=0.01)
        public = store["public_worth"]
        factor = np.where(public != 0.0, store["worth"] / np.where(public != 0.0, public, 1.0), 1.0)
        np.testing.assert_allclose(factor.mean(axis=2), 1.0, atol=0.03)
        assert factor.min() > 0.0

    def test_thresholds_elasticities_and_channels_spread_as_declared(
        self, many: Negotiation
    ) -> None:
        store = many.store
        np.testing.assert_allclose(store["group_threshold"].std(axis=1), 0.10, atol=0.005)
        assert np.median(store["elasticity"]) == pytest.approx(4.0, rel=0.02)
        np.testing.assert_allclose(store["real"].mean(axis=1), 0.5, atol=0.03)

    def test_it_comes_from_the_world_s_own_luck(self, many: Negotiation) -> None:
        few = build("february_2025", worlds=3, seed=5, first=7)
        expected = log_normal(few.streams.normal("resolve/CN", 0), np.full(3, 0.30))
        np.testing.assert_array_equal(few.store["resolve"][1], expected)
        for name in ("resolve", "worth", "group_threshold", "elasticity", "real"):
            np.testing.assert_array_equal(few.store[name], many.store[name][..., 7:10])

    def test_switched_off_it_is_what_all_expect_and_leaves_the_rest_alone(self) -> None:
        plain, off = talks().store, talks({"values.spread": 0}).store
        np.testing.assert_array_equal(off["worth"], off["public_worth"])
        for name in ("resolve", "group_threshold", "elasticity", "real"):
            np.testing.assert_array_equal(off[name], plain[name])


def test_every_number_as_a_constant_array_gives_the_same_bits() -> None:
    numbers = SETTING.parameters()
    sweep = {
        name: np.full(3, declared.value)
        for name, declared in numbers.items()
        if not declared.built_in
    }
    assert len(sweep) > 200
    once, swept = talks(weeks=12), talks(weeks=12, sweep=sweep)
    for name, values in once.store.arrays().items():
        np.testing.assert_array_equal(values, swept.store[name], err_msg=name)


@pytest.mark.parametrize("name", ["february_2025", "classroom"])
def test_the_order_of_the_sides_does_not_matter(name: str) -> None:
    """With the same side to begin, everything that happens is the same, seen from the other end."""
    setting = load_scenario(name, {"talks.rate": 1, "talks.window": 8})
    first, second = build(setting, worlds=20, seed=5), build(swapped(setting), worlds=20, seed=5)
    second.store["turn"] = np.ones(20)
    for _ in range(20):
        first.step()
        second.step()
    assert (first.store["agreement_week"] >= 0.0).any()
    assert (second.store["turn"] == 1.0 - first.store["turn"]).all()
    for name, state in first.store.states.items():
        if name in ("turn", "refused_by"):  # if both sides refuse, the first one is recorded
            continue
        values = second.store[name]
        if state.dims[:1] == ("side",):
            values = values[::-1]
        elif state.dims == ("region",):
            values = values[[1, 0, 2]]
        elif state.unit == "side":  # its row, or -1
            values = np.where(values < 0.0, values, 1.0 - values)
        np.testing.assert_allclose(values, first.store[name], atol=1e-9, err_msg=name)


def test_a_belief_of_almost_no_width_gives_a_finite_signal() -> None:
    spread = np.array([0.0, 5e-324, 1e-160, 1e-140, 1.0])
    sweep = {"talks.belief_spread": spread}
    negotiation = build("february_2025", spread.size, sweep=sweep)
    assert np.isfinite(negotiation.store["signal_variance"]).all()
