"""Every number of a scenario moves something, and may differ between worlds without harm.

All is tried at once: a world each for every number at its least and at its greatest value, all
other numbers as they are, and all with the random numbers of the same few worlds.
"""

import re
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pytest

from agents.roster import cast
from experiments.engine import build, simulate
from model.arrays import Mask
from model.negotiation import Negotiation
from model.records import outcome_columns
from model.rules.influence import graph_of
from model.schema.scenario import Scenario, load_scenario
from model.state.random_streams import RandomStreams
from model.state.store import Store, Values
from tests.bits import faults, unequal

SEEDS = 24
HURRIED: dict[str, Any] = {"time.horizon": 40, "talks.window": 10.0, "talks.rate": 0.6}


class People:
    """Find who is who in a scenario, so that the lists below need no names."""

    def __init__(self, setting: Scenario) -> None:
        graph, actors, groups = graph_of(setting), setting.actors, setting.constituencies
        self.setting = setting
        self.leaders = [side.leader for side in setting.sides.values()]
        self.advisers = {
            side: [key for key, one in actors.items() if (one.side, one.kind) == (side, "adviser")]
            for side in setting.sides
        }
        home = {
            key: {other for other in actors if actors[other].side == one.side}
            for key, one in actors.items()
        }
        self.hearing_nobody = [key for key in home if not home[key] & {*graph.predecessors(key)}]
        heard_by_nobody = [key for key in home if not home[key] & {*graph.successors(key)}]
        self.heard_by_nobody = [key for key in heard_by_nobody if key not in self.leaders]
        self.watching = [key for key, group in groups.items() if group.side not in setting.sides]
        self.whole = [key for key, issue in setting.issues.items() if issue.whole]
        self.unhurt = [
            key for key, group in groups.items() if not group.exposure or key in self.watching
        ]

    def deaf(self) -> list[str]:
        """Return one of each kind who hears nobody and is heard by somebody."""
        found: dict[str, str] = {}
        for key in self.hearing_nobody:
            if key not in self.heard_by_nobody:
                found.setdefault(self.setting.actors[key].kind, key)
        return list(found.values())


PEOPLE = People(load_scenario("february_2025"))
# What switches on mechanisms that the talks of 2025 do not use, and the numbers to be read then.
NEEDS: dict[str, tuple[dict[str, Any], str]] = {
    "steps are what zeuthen and micro read": (
        {"sides.US.offering": "zeuthen", "sides.CN.offering": "micro"},
        r"talks\.step",
    ),
    "a leader's consistency counts where home heeds threats in part": (
        {"ratification.foresight": 0.5},
        r"ratification\.consistency",
    ),
    "the noise of an offer counts where weights are learned from levels": (
        {"talks.ordinal": 0.0},
        r"talks\.weight_noise",
    ),
    "the access of a leader counts where no adviser leads the talks": (
        {f"sides.{side}.lead": "" for side in PEOPLE.setting.sides},
        rf"actors\.({'|'.join(PEOPLE.leaders)})\.access",
    ),
}
# What is seldom enough to be missed by few worlds, stirred so that it happens.
RARE: dict[str, tuple[dict[str, Any], str]] = {
    "gestures": (
        {"gestures.hazard": 0.3, "coercion.hazard": 0.0, "truce.scale": 0.0},
        r"gestures\.(size|patience|answer_odds|trust_weight)",
    ),
    "leaks": (
        {"channels.contact": 1.0, "channels.leak": 0.5},
        r"influence\.leak_hardens|channels\.leak_(half_life|cost)",
    ),
    "threats that fall due": (
        {"coercion.hazard": 0.3, "coercion.postponement": 0.0, "coercion.ultimatum": 0.0,
         "coercion.size_least": 0.01, "truce.scale": 0.0},
        r"sides\.CN\.audience_cost|coercion\.(foreseen_justification|at_once)"
        r"|actors\.(wendy_cutler|elon_musk)\.escalation",
    ),
    "truces": ({"truce.intercept": -2.0, "coercion.ultimatum": 0.0}, r"truce\.renewal"),
    "security issues, which leaders agree on": (
        {"summits.call": 0.5},
        r"issues\.peace_cooperation\.stakes\.allies"
        r"|actors\.(xi_jinping|he_lifeng|wang_wentao)"
        r"\.priorities\.(nuclear_security|peace_cooperation)",
    ),
    "threats of revocation": (
        {"coercion.hazard": 0.4, "coercion.revocation_share": 0.8, "coercion.control_share": 0.1,
         "coercion.postponement": 0.0, "truce.scale": 0.0, "coercion.leverage_share": 1.0},
        r"revocation\.congress",
    ),
    "an election soon": (
        {"events.1.week": 30},
        r"campaign\.(pain_weight|window)|events\.1\.(week|quota_change|threshold_change)",
    ),
    "the rest of the world stands together": ({"third.coordination": 1.0}, r"third\.leverage"),
    "calls between the leaders": (
        {"summits.call": 0.5}, r"sides\.CN\.personal|summits\.push"
    ),
    "controls for two years": ({"time.horizon": 104}, r"sides\.CN\.controls"),
    "sessions under a deal": (
        {"implementation.sessions": 1.0, "time.horizon": 104}, r"implementation\.settled"
    ),
    "incidents": ({"events.2.hazard": 0.2}, r"events\.2\.half_life"),
}  # fmt: skip
# What moves opinions and no outcome, and why.
FELT: dict[str, str] = {
    rf"actors\.({'|'.join(PEOPLE.heard_by_nobody)})\.(firmness|escalation|enforcement)": (
        "no opinion crosses from side to side"
    ),
}
# One hears each of these, and others more: outcomes of few worlds may show it or not.
FAINT = r"actors\.(zhu_min|matthew_turpin)\.escalation"
OWN = {"group_threshold"}  # drawn in every world, used or not
# What is there to be read, not to act: an amount says what a level means.
SAID = r"issues\.(?!purchases\.)\w+\.amount"
# What only the economy from exposures reads; its own tests move these.
REDUCED = r"economy\.unit_loss|sides\.\w+\.(exports|imports)_share"
# Who hears nobody of the own side is moved by nobody, whom no tariff hurts, needs no comfort, and
# the weight of a single observer does not change the mean of the observers, who have no vote.
IDLE = (
    rf"actors\.({'|'.join(PEOPLE.hearing_nobody)})\.susceptibility"
    rf"|constituencies\.({'|'.join(PEOPLE.watching)})\.(weight|threshold)|third\.weights"
    rf"|constituencies\.({'|'.join(PEOPLE.unhurt)})\.responsiveness"
    rf"|issues\.({'|'.join(PEOPLE.whole)})\.levels"  # a whole issue has two levels
    r"|issues\.(us|cn)_tariff_relief\.gain_factor"  # the worth of relief follows from pain
    rf"|actors\.({'|'.join(PEOPLE.heard_by_nobody)})\.priorities\.\w+"
)


class Moved(NamedTuple):
    """Say which outcomes and states a number moves."""

    outcomes: set[str]
    states: set[str]


@cache
def moved(name: str, pattern: str = ".*", **overrides: Any) -> dict[str, Moved]:
    """Return what each number that matches a pattern moves, at either end of its range."""
    setting = load_scenario(name, overrides)
    numbers = setting.parameters()
    tried: list[tuple[str, float]] = [("", 0.0)]
    for number in numbers.values():
        if re.fullmatch(pattern, number.name) and not number.built_in:
            high = number.value if number.name == "time.horizon" else number.high
            ends = {number.low, high} - {number.value}
            tried += [(number.name, end) for end in sorted(ends)]
    width = len(tried) * SEEDS
    sweep = {name: np.full(width, float(numbers[name].value)) for name, _ in tried[1:]}
    for place, (name, end) in enumerate(tried[1:], start=1):
        sweep[name][place * SEEDS : (place + 1) * SEEDS] = end
    streams = RandomStreams(3, np.tile(np.arange(SEEDS, dtype=np.intp), len(tried)))
    values = {name: number.value for name, number in numbers.items()}
    store = Store(width, values, setting.checked_sweep(sweep, width))
    return _watched(Negotiation(setting, cast, store, streams), [name for name, _ in tried])


def _watched(talks: Negotiation, names: list[str]) -> dict[str, Moved]:
    """Return what differs in any week from the first few worlds."""
    states = {name: np.zeros(len(names), dtype=bool) for name in talks.store.states}
    while True:
        for name, values in talks.store.arrays().items():
            states[name] |= _apart(values, len(names))
        if not talks.running:
            break
        talks.step()
    assert faults(talks) == []
    outcomes = {name: _apart(v, len(names)) for name, v in outcome_columns(talks).items()}
    found = {name: Moved(set(), set()) for name in names[1:]}
    for place, number in enumerate(names[1:], start=1):
        found[number].outcomes.update(key for key in outcomes if outcomes[key][place])
        found[number].states.update(key for key in states if states[key][place])
    return found


def _apart(values: Values, count: int) -> Mask:
    """Return which of `count` groups of worlds differ from the first group."""
    grouped = values.reshape(-1, count, SEEDS)
    first = grouped[:, [0]]
    same = (grouped == first) | ((grouped != grouped) & (first != first))  # a NaN is a NaN
    apart: Mask = ~same.all(axis=(0, 2))
    return apart


def listed() -> list[str]:
    """Return the numbers of the talks of 2025 that should move an outcome as these are."""
    needed = "|".join(pattern for _, pattern in NEEDS.values())
    rare = "|".join(pattern for _, pattern in RARE.values())
    left_out = "|".join([needed, rare, SAID, IDLE, FAINT, REDUCED, *FELT])
    found = []
    for name, number in load_scenario("february_2025").parameters().items():
        if number.built_in or re.fullmatch(left_out, name):
            continue
        found.append(name)
    return found


def february() -> dict[str, Moved]:
    """Return what the numbers of the talks of 2025 move."""
    return moved("february_2025", **HURRIED)


@pytest.mark.parametrize("name", listed())
def test_a_number_moves_an_outcome(name: str) -> None:
    assert february()[name].outcomes


@pytest.mark.parametrize("need", NEEDS)
def test_a_number_moves_an_outcome_where_its_mechanism_is_on(need: str) -> None:
    overrides, pattern = NEEDS[need]
    found = moved("february_2025", pattern, **HURRIED | overrides)
    assert found
    assert [name for name, what in found.items() if not what.outcomes] == []


@pytest.mark.parametrize("rare", RARE)
def test_a_number_moves_an_outcome_where_it_is_stirred(rare: str) -> None:
    overrides, pattern = RARE[rare]
    found = moved("february_2025", pattern, **HURRIED | overrides)
    assert found
    assert [name for name, what in found.items() if not what.outcomes] == []


@pytest.mark.parametrize("need", NEEDS)
def test_a_mechanism_that_is_off_reads_no_number(need: str) -> None:
    """Otherwise the parameter is in the wrong list, and its test is weaker than it could be."""
    found = february()
    named = [name for name in found if re.fullmatch(NEEDS[need][1], name)]
    assert named
    assert [name for name in named if found[name].outcomes | found[name].states - OWN] == []


@pytest.mark.parametrize("pattern", FELT)
def test_what_is_only_felt_moves_opinions(pattern: str) -> None:
    found = {name: what for name, what in february().items() if re.fullmatch(pattern, name)}
    assert found
    for name, what in found.items():
        assert "opinion" in what.states, name
        assert not what.outcomes, name


def test_a_faint_voice_moves_opinions() -> None:
    found = {name: what for name, what in february().items() if re.fullmatch(FAINT, name)}
    assert found
    assert all("opinion" in what.states for what in found.values())


def test_who_is_moved_by_nobody_moves_nothing() -> None:
    found = {name: what for name, what in february().items() if re.fullmatch(IDLE, name)}
    assert len(found) == len(
        [
            *PEOPLE.hearing_nobody,
            *PEOPLE.unhurt,
            *PEOPLE.whole,
            *PEOPLE.watching * 2,
            "third.weights",
            "us_tariff_relief",
            "cn_tariff_relief",
            *(
                issue
                for key in PEOPLE.heard_by_nobody
                for issue in PEOPLE.setting.actors[key].priorities
            ),
        ]
    )
    assert not any(
        what.outcomes | what.states - {"group_threshold", "voice", "weight"}
        for what in found.values()
    )


@pytest.mark.parametrize("person", PEOPLE.deaf())
def test_who_hears_somebody_is_moved(person: str) -> None:
    """One of each kind who hears nobody, given somebody to listen to."""
    content = load_scenario("february_2025", HURRIED).model_dump()
    side = PEOPLE.setting.actors[person].side
    speaker = next(key for key in PEOPLE.advisers[side] if key != person)
    content["edges"] |= {f"{speaker}>{person}": {"weight": 1.0, "source": "for this test"}}
    setting = Scenario.model_validate(content)
    none, all_ears = (
        simulate(setting, 4, sweep={f"actors.{person}.susceptibility": np.full(4, share)})
        for share in (0.0, 1.0)
    )
    assert unequal(none, all_ears)


def test_an_amount_is_what_a_level_means() -> None:
    for key, issue in load_scenario("february_2025").issues.items():
        twice = issue.model_copy(update={"amount": 2 * issue.amount})
        assert twice.say(0.5) == issue.say(1.0), key
        assert twice.say(1.0) != issue.say(1.0), key


EXPOSURES = [
    name for name, number in load_scenario("february_2025").parameters().items() if number.built_in
]


@pytest.mark.parametrize("name", EXPOSURES)
def test_an_exposure_is_felt(name: str) -> None:
    pains = []
    for value in (0.0, 5.0):
        talks = build(load_scenario("february_2025", {name: value}), 2)
        talks.run_for(2)
        pains.append(talks.store["pain"][:, 0])
    side = load_scenario("february_2025").constituencies[name.split(".")[1]].side
    group = list(talks.keys.groups).index(name.split(".")[1])
    assert pains[0][group] != pains[1][group]
    others = [row for row, card in enumerate(talks.setting.constituencies.values())
              if card.side != side]  # fmt: skip
    assert pains[0][others].tolist() == pains[1][others].tolist()


RULES = {
    "as it stands": {},
    "by steps, with votes": {
        "sides.US.offering": "zeuthen", "sides.US.ratification": "constituency",
        "sides.CN.offering": "micro", "sides.CN.ratification": "vote",
    },
    "in theory": {
        "sides.US.offering": "rubinstein", "sides.US.acceptance": "rubinstein",
        "sides.CN.offering": "tit_for_tat", "sides.CN.acceptance": "ac_next",
    },
    "early and late": {"sides.US.offering": "conceder", "sides.CN.offering": "linear"},
}  # fmt: skip


@pytest.mark.parametrize("name", ["february_2025", "classroom", "split_the_pie"])
@pytest.mark.parametrize("rules", RULES.values(), ids=list(RULES))
def test_any_numbers_may_meet(name: str, rules: dict[str, str]) -> None:
    """All numbers at random in their ranges, ends included: states stay possible in every week."""
    setting = load_scenario(name)
    sides = dict(zip(("US", "CN"), setting.sides, strict=True))
    chosen = {rule.replace(side, sides[side]): to for rule, to in rules.items() for side in sides
              if f".{side}." in rule}  # fmt: skip
    setting = load_scenario(name, chosen | {"time.stop_at_agreement": False})
    draw, worlds = np.random.default_rng(7), 60
    sweep = {}
    for number in setting.parameters().values():
        if not number.built_in and number.name != "time.horizon":
            share = np.clip(draw.uniform(-0.15, 1.15, worlds), 0.0, 1.0)
            values = number.low + (number.high - number.low) * share
            sweep[number.name] = np.floor(values) if number.integer else values
    low, high = sweep["enforcement.lowest"], sweep["enforcement.highest"]
    sweep |= {"enforcement.lowest": np.minimum(low, high),
              "enforcement.highest": np.maximum(low, high)}  # fmt: skip
    talks = build(setting, worlds, 1, sweep)
    for week in range(26):
        assert not faults(talks), week
        talks.step()
    assert talks.week == 26
