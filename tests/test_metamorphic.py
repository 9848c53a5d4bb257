"""What must not matter does not: names, order, units, mirrored sides, mechanisms switched off."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from experiments.engine import Run, build, finish
from model.schema.entries import Shock
from model.schema.scenario import Scenario, load_scenario
from tests.bits import same_bits, unequal

type Content = dict[str, Any]
type Change = Callable[[Content], None]

EVERYTHING = ("everything",)
SHOCKS = [card.model_dump() for _, card in load_scenario("february_2025").of_kind(Shock)]
HURRIED: dict[str, Any] = {"time.horizon": 14, "talks.window": 4.0, "talks.rate": 0.9}
VOTING: dict[str, Any] = HURRIED | {
    "sides.US.ratification": "constituency", "sides.CN.ratification": "vote",
    "sides.US.offering": "zeuthen", "sides.CN.offering": "micro", "talks.step": 0.3,
    "ratification.quota": 0.45,
}  # fmt: skip
PATIENT: dict[str, Any] = HURRIED | {
    "sides.US.offering": "rubinstein", "sides.CN.offering": "rubinstein",
    "sides.CN.acceptance": "rubinstein",
}  # fmt: skip
# Nothing is drawn, but for a channel's contact and what it says.
NO_SPREAD: dict[str, Any] = {
    "values.spread": 0.0, "talks.resolve_spread": 0.0, "talks.belief_spread": 0.0,
    "economy.elasticity_spread": 0.0, "ratification.group_threshold_spread": 0.0,
    "retaliation.spread": 0.0, "retaliation.generosity": 0.0, "channels.real": 1.0,
    "channels.contact": 0.0,
    "talks.rate": 1.0, "sides.US.ratification": "certain", "sides.CN.ratification": "certain",
}  # fmt: skip


def changed(setting: Scenario, change: Change) -> Scenario:
    """Return a scenario with its content changed."""
    content = setting.model_dump()
    change(content)
    return Scenario.model_validate(content)


def simulated(setting: Scenario, first: int = 0, worlds: int = 25) -> Run:
    """Return worlds in which this side makes the first offer."""
    talks = build(setting, worlds, seed=3, engine="numpy")  # faster for so few worlds
    talks.store["turn"] = np.full(talks.worlds, float(first))
    return Run(setting, 3, *finish(talks, EVERYTHING))


def february(*overrides: dict[str, Any]) -> Scenario:
    """Return the talks of 2025 in a hurry, with some numbers changed."""
    merged = dict(HURRIED)
    for override in overrides:
        merged |= override
    return load_scenario("february_2025", merged)


@pytest.fixture(scope="module")
def first() -> Run:
    """Return these talks with the rules of the first edition."""
    return simulated(february({"edition": 1}))


@pytest.fixture(scope="module")
def plain() -> Run:
    """Return these talks with nothing changed."""
    return simulated(february())


def reverse(table: str) -> Change:
    """Return the change that turns the order of a table round."""

    def change(content: Content) -> None:
        content[table] = dict(reversed(content[table].items()))

    return change


# States that hold the place of a side, 0 or 1 (-1 nobody): the mirror turns it.
SIDE_PLACES = {"turn", "asked_by", "broken_by", "refused_by", "trial_sender"}
ACTOR_PLACES = {"drafter_lead", "drafter_leader", "drafter_as_lead", "lead_actor"}  # rows of actors

SETTINGS = [
    pytest.param("classroom", {}, id="classroom"),
    pytest.param("split_the_pie", {"sides.first.patience": 0.7}, id="pie"),
    pytest.param("february_2025", NO_SPREAD, id="february without spread"),
    pytest.param("february_2025", HURRIED, id="february"),
    pytest.param("february_2025", VOTING, id="february by votes"),
    pytest.param("february_2025", PATIENT, id="february in theory"),
]


class TestMirror:
    """Nothing depends on which side a file names first, but who makes the first offer."""

    @pytest.mark.parametrize(("name", "overrides"), SETTINGS)
    def test_what_happens_is_the_same_seen_from_the_other_side(
        self, name: str, overrides: dict[str, Any]
    ) -> None:
        setting = load_scenario(name, overrides)
        seen = simulated(setting)
        mirrored = simulated(changed(setting, reverse("sides")), first=1)
        # the frontier is walked from its other end, so distances to it may differ by rounding
        turned_round = SIDE_PLACES | {"outcome"}
        assert unequal(seen, mirrored) - {"pareto_gap", "nash_gap"} <= turned_round
        assert unequal(seen, mirrored, within=1e-9) <= turned_round
        # a stalemate is called escalated by the tariff of the side that a file names first
        kinds = {"escalated stalemate": "stalemate"}
        assert (
            seen.outcomes["outcome"]
            .replace(kinds)
            .equals(mirrored.outcomes["outcome"].replace(kinds))
        )
        assert seen.weeks is not None
        assert mirrored.weeks is not None
        for state in SIDE_PLACES:
            told, turned = seen.weeks[state], mirrored.weeks[state]
            values = turned.to_numpy()
            expected = np.where(values < 0.0, values, 1.0 - values)
            if state == "refused_by":  # if both refuse, the side that a file names first is kept
                expected = np.where((values == 0.0) & (told == 0.0), 0.0, expected)
            np.testing.assert_array_equal(told.to_numpy(), expected, err_msg=state)
        assert seen.outcomes["agreement_week"].notna().any()

    @pytest.mark.parametrize("name", ["classroom", "split_the_pie", "february_2025"])
    def test_who_offers_first_does_matter(self, name: str) -> None:
        setting = load_scenario(name, NO_SPREAD if name == "february_2025" else None)
        agreed = [f"agreed_{issue}" for issue in setting.issues]
        assert unequal(simulated(setting), simulated(setting, first=1)) & {
            *agreed,
            "agreement_week",
        }

    def test_without_luck_names_do_not_matter(self) -> None:
        """The sides exchange names, and with them all that the model could tell them by."""
        setting = load_scenario("classroom")
        swap = {"north": "south", "south": "north"}

        def change(content: Content) -> None:
            content["sides"] = {swap[key]: side for key, side in content["sides"].items()}
            for table, entry in (
                ("actors", "side"),
                ("constituencies", "side"),
                ("issues", "owner"),
            ):
                for card in content[table].values():
                    card[entry] = swap[card[entry]]

        seen, renamed = simulated(setting).outcomes, simulated(changed(setting, change)).outcomes
        names = {
            column: column.replace("north", "?").replace("south", "north").replace("?", "south")
            for column in renamed.columns
        }
        assert seen.equals(renamed.rename(columns=names)[seen.columns])
        assert (seen["utility_north"] != seen["utility_south"]).all()


class TestUnits:
    """Points are no money: each side has its own, and nobody compares them."""

    FACTOR = 4.0  # a power of two, so that not a bit may change

    @pytest.mark.parametrize("side", ["US", "CN"])
    @pytest.mark.parametrize("rule", ["boulware", "tit_for_tat", "rubinstein"])
    def test_offers_do_not_depend_on_the_unit_of_a_side(self, side: str, rule: str) -> None:
        setting = february({
            "edition": 1, "values.rising_cost": 0.5, "values.satiation": 0.5,
            "sides.US.offering": rule, "sides.CN.offering": rule,
            # what is in points for both sides alike
            "enforcement.cost": 0.0, "ratification.hawk_bonus": 0.0, "talks.learning": False,
            "channels.contact": 0.0, "coercion.hazard": 0.0, "compliance.shortfall": 0.0,
            "summits.invitation": 0.0, "sides.US.winning": 0.0, "sides.CN.winning": 0.0,
            "sides.US.legacy": 0.0,
        })  # fmt: skip

        def scale(content: Content) -> None:
            groups = content["constituencies"]
            for issue in content["issues"].values():
                stakes = issue["stakes"]
                for key in stakes:
                    stakes[key] *= self.FACTOR if groups[key]["side"] == side else 1.0
            for number in ("kappa", "threshold", "threshold_spread"):
                content["sides"][side][number] *= self.FACTOR

        plain, scaled = simulated(setting), simulated(changed(setting, scale))
        points = {
            "aspiration", "belief_shift", "belief_variance", "best", "best_seen", "expected",
            "burden", "first_seen", "gains", "gap", "nash_gap", "net_stake", "pain_weight",
            "pareto_gap", "public_gains", "public_worth", "reservation", "stake", "utility",
            f"utility_{side.lower()}", "worth", "asked_from", "gains_in_full", "public_in_full",
            "signed_gains", "type_reservation", "gap_before",
        }  # fmt: skip
        assert unequal(plain, scaled) <= points
        assert plain.outcomes["agreement_week"].nunique() > 3
        column = f"utility_{side.lower()}"
        utility, larger = plain.outcomes[column], scaled.outcomes[column]
        assert same_bits((utility * self.FACTOR).to_numpy(), larger.to_numpy())


class TestOrder:
    """The order in which a file names people and issues is no part of the story."""

    @pytest.mark.parametrize("overrides", [HURRIED, VOTING], ids=["as it stands", "by votes"])
    def test_without_channels_the_order_of_people_changes_no_bit(
        self, overrides: dict[str, Any]
    ) -> None:
        setting = load_scenario("february_2025", overrides | {"channels.contact": 0.0})
        turned = simulated(changed(setting, reverse("actors")))
        assert unequal(simulated(setting), turned) <= ACTOR_PLACES

    @pytest.mark.parametrize("table", ["actors", "edges", "constituencies", "issues"])
    def test_sums_in_another_order_differ_by_rounding(self, table: str, plain: Run) -> None:
        other = simulated(changed(plain.scenario, reverse(table)))
        assert unequal(plain, other, within=1e-9) <= ACTOR_PLACES

    @pytest.mark.parametrize("name", ["classroom", "february_2025"])
    @pytest.mark.parametrize("place", [0, 1, -1])
    def test_an_issue_without_stakes_changes_nothing(self, name: str, place: int) -> None:
        setting = load_scenario(name, HURRIED)

        def add(content: Content) -> None:
            last = next(reversed(content["issues"].values()))
            empty = {
                **last, "stakes": {}, "title": "Nothing", "family": "security", "relieves": "",
                "third": False,
            }  # fmt: skip
            issues = list(content["issues"].items())
            issues.insert(len(issues) if place < 0 else place, ("nothing", empty))
            content["issues"] = dict(issues)

        plain, more = simulated(setting), simulated(changed(setting, add))
        assert not unequal(plain, more)
        assert more.outcomes["agreed_nothing"].dropna().eq(0.0).all()
        assert more.outcomes["agreement_week"].notna().any()

    def test_people_whom_nobody_hears_change_nothing(self, plain: Run) -> None:
        def add(content: Content) -> None:
            actors = content["actors"]
            loner = {**actors["zhu_min"], "firmness": 1.0, "title": "Unheard"}
            content["actors"] = {"unheard": loner, **actors}

        assert unequal(plain, simulated(changed(plain.scenario, add))) <= ACTOR_PLACES


# Two ways to switch a mechanism off, and the states in which they may differ.
OFF: dict[str, tuple[dict[str, Any], dict[str, Any], set[str]]] = {
    "a channel that never meets anybody, or is never believed nor arranges a session": (
        {"channels.contact": 0.0},
        {
            "channels.contact_lift": 0.0,
            "channels.bias": 0.0,
            "channels.deniable": 0.0,
            "channels.leak": 0.0,
        },
        {"contact", "contacted"},
    ),
    "without a lean a channel is not believed, nor if it always errs": (
        {"channels.bias": 0.0}, {"channels.error": 1.0}, set()
    ),
    "with an ear closed to the street it does not matter what the street wants": (
        {"influence.street": 0.0},
        {"influence.street": 0.0, "constituencies.consumers.firmness": 0.9},
        {"conviction", "opinion"},  # the street's own
    ),
    "a tariff forgiven, or answered by nothing": (
        {"retaliation.generosity": 1.0}, {"retaliation.proportion": 0.0}, set()
    ),
    "a tariff that may not be answered": (
        {"retaliation.generosity": 1.0, "coercion.hazard": 0.0, "revocation.hazard": 0.0},
        {"events.0.answered": False, "coercion.hazard": 0.0, "revocation.hazard": 0.0},
        set(),
    ),
    "an answer of nothing has no spread and no lag": (
        {"retaliation.proportion": 0.0},
        {"retaliation.proportion": 0.0, "retaliation.spread": 0.9, "retaliation.lag": 9},
        set(),
    ),
    "who knows all has nothing to learn": (
        {"talks.belief_spread": 0.0, "values.spread": 0.0, "talks.learning": False},
        {"talks.belief_spread": 0.0, "values.spread": 0.0, "talks.learning": True},
        set(),
    ),
    "noise is nothing to who does not learn": (
        {"talks.learning": False},
        {"talks.learning": False, "talks.rejection_noise": 0.9, "talks.weight_noise": 0.9},
        set(),
    ),
    "a lead adviser without a say, or none": (
        {
            "talks.lead_weight": 0.0,
            "actors.scott_bessent.access": 1.0,
            "actors.he_lifeng.access": 1.0,
        },
        {"sides.US.lead": "", "sides.CN.lead": ""},
        set(),
    ),
    "who does not foresee certain ratification has no threshold": (
        {
            "ratification.anticipation": 0.0,
            "sides.US.ratification": "certain",
            "sides.CN.ratification": "certain",
        },
        {
            "ratification.anticipation": 0.0,
            "sides.US.ratification": "certain",
            "sides.CN.ratification": "certain",
            "sides.US.threshold": 1.5,
            "ratification.hawk_bonus": 0.9,
            "ratification.target": 0.9,
        },
        set(),
    ),
    "without enforcement its price and its power are nothing": (
        {"enforcement.highest": 0.0},
        {"enforcement.highest": 0.0, "enforcement.cost": 0.9, "enforcement.snapback": 0.1},
        set(),
    ),
    "nothing seen, nothing kept": (
        {"sides.US.record_observations": 0.0},
        {"sides.US.record_observations": 0.0, "sides.US.record_kept": 0.1},
        set(),
    ),
    "pain that softens nobody is not told to anybody": (
        {"influence.pain_softens": 0.0},
        {"influence.pain_softens": 0.0, "constituencies.consumers.responsiveness": 1.0},
        set(),
    ),
    "approval decides nothing": (
        {"approval.speed": 0.0},
        {
            "approval.pain_slope": 0.9,
            "approval.speed": 0.9,
            "approval.rally_size": 0.3,
            "approval.deal_bonus": 0.4,
            "sides.US.approval": 0.1,
        },
        {"approval", "approval_us", "approval_cn"},
    ),
    "a tariff of nothing, or none": (
        {"events.0.size": 0.0}, {"events": SHOCKS}, set()
    ),
    "heard by nobody: all too far, or no weight": (
        # in peace: all are near whose firmness is driven to the end of its scale
        {
            "influence.confidence": 0.0,
            "channels.contact": 0.0,
            "coercion.hazard": 0.0,
            "revocation.hazard": 0.0,
        },
        {"channels.contact": 0.0, "edges": {}, "coercion.hazard": 0.0, "revocation.hazard": 0.0},
        set(),
    ),
}  # fmt: skip


# States of the second edition, which no rule of the first reads.
UNREAD = {"type_belief", "type_margin", "type_reservation", "order", "measured", "threshold_shift"}


def switched(overrides: dict[str, Any]) -> Scenario:
    """Return the talks of 2025 with some numbers changed, and perhaps without a table.

    The rules are those of the first edition; tests/model/schema/test_mechanisms.py switches off
    those of the second.
    """
    tables = {key: value for key, value in overrides.items() if "." not in key}
    numbers = {key: value for key, value in overrides.items() if "." in key}
    return changed(february({"edition": 1}, numbers), lambda content: content.update(tables))


@pytest.mark.parametrize(("one", "other", "apart"), OFF.values(), ids=list(OFF))
def test_a_mechanism_that_is_off_equals_its_neutral_value(
    one: dict[str, Any], other: dict[str, Any], apart: set[str], first: Run
) -> None:
    off, neutral = simulated(switched(one)), simulated(switched(other))
    assert unequal(off, neutral) - UNREAD == apart
    assert unequal(off, first), "it was off already"


def test_the_street_that_is_not_heard_moves_nobody() -> None:
    one, other, _ = OFF["with an ear closed to the street it does not matter what the street wants"]
    off, neutral = simulated(switched(one)).weeks, simulated(switched(other)).weeks
    assert off is not None
    assert neutral is not None
    actors = list(switched(one).actors)
    heard = [weeks["opinion"].sel(agent=actors).values for weeks in (off, neutral)]
    assert same_bits(*heard)
