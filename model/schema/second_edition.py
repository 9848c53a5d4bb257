"""The rules of the second edition of the model, each with its numbers."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase

from model.schema.declarations import Leaf, dotted, leaves
from model.schema.reading import changed
from model.schema.scenario import Scenario, in_first_edition, restored


@dataclass(frozen=True)
class Rule:
    """A rule of the second edition: its meaning, and patterns of the names of its numbers."""

    meaning: str
    numbers: tuple[str, ...]


RULES: dict[str, Rule] = {
    "R1": Rule(
        "cost of no agreement at home",
        ("ratification.foresight", "ratification.consistency", "ratification.backlash"),
    ),
    "R2": Rule("a threat carries a demand", ("coercion.ultimatum",)),
    "R3": Rule(
        "learning by types and by the order of concessions",
        ("talks.types", "talks.private_spread", "talks.ordinal", "talks.order_noise"),
    ),
    "R4": Rule("holding out without a zone of agreement", ("talks.hold_out",)),
    "R5": Rule(
        "ratification by groups, moving win-sets, checks at home, side payments",
        (
            "sides.*.ratification",
            "constituencies.*",
            "events.*.quota_change",
            "events.*.threshold_change",
            "ratification.mobilisation",
            "ratification.shared_shift",
            "ratification.persistence",
            "ratification.insight",
            "ratification.consultation",
            "ratification.least_chance",
            "ratification.keep_clock",
            "ratification.payment*",
        ),
    ),
    "R6": Rule(
        "partial packages: rising costs, satiation, whole issues, steps",
        (
            "values.rising_cost",
            "values.satiation",
            "values.relief_satiation",
            "issues.*.whole",
            "issues.*.levels",
        ),
    ),
    "R7": Rule("own promises, guarantees, phases, renegotiation", ("implementation.*",)),
    "R8": Rule(
        "escalation: prepared answers, ladders, parts, truces that break",
        (
            "retaliation.ready",
            "coercion.in_truce",
            "coercion.ladder",
            "coercion.at_once",
            "coercion.size_most",
            "coercion.size_tail",
            "truce.*",
        ),
    ),
    "R9": Rule("exhaustion: pain speeds up concessions", ("talks.exhaustion",)),
    "R10": Rule("leaders foresee retaliation", ("coercion.expected_answer",)),
    "R12": Rule(
        "numbers that had no effect",
        (
            "coercion.foreseen_justification",
            "coercion.reputation",
            "compliance.tolerance_used",
            "economy.hardening_now",
            "influence.access",
            "channels.access",
            "channels.direct",
            "third.stakes",
            "third.weights",
        ),
    ),
    "R13": Rule(
        "stakes elicited for partial concessions, and revealed by the packages of the record",
        ("values.elicited_at", "issues.*.gain_factor", "issues.*.cost_factor"),
    ),
    "R14a": Rule(
        "drafts by the priorities of advisers",
        ("talks.drafting", "actors.*.priorities.*"),
    ),
    "R14c": Rule("compensation of groups at home", ("ratification.compensation*",)),
    "R14b": Rule("trial packages through back channels", ("channels.trial",)),
}


def numbers_of(rule: str, names: Iterable[str]) -> list[str]:
    """Return the names that belong to a rule."""
    patterns = RULES[rule].numbers
    return [name for name in names if any(fnmatchcase(name, pattern) for pattern in patterns)]


def changes(setting: Scenario) -> dict[str, tuple[object, object]]:
    """Return the values that differ between the editions of a scenario, by dotted name.

    Each is a pair: the value of the first edition, and that of the scenario.
    """
    before = {dotted(leaf.place): leaf.value for leaf in _leaves(in_first_edition(setting))}
    after = {dotted(leaf.place): leaf.value for leaf in _leaves(setting)}
    return {
        name: (before[name], value)
        for name, value in after.items()
        if name != "edition" and before[name] != value
    }


def with_values(setting: Scenario, values: Mapping[str, object]) -> Scenario:
    """Return a scenario with other values, by dotted name."""
    content = setting.model_dump(mode="json")
    places = {dotted(leaf.place): leaf.place for leaf in _leaves(setting)}
    for name, value in values.items():
        content = changed(content, places[name], value)
    return restored(content)


def _leaves(setting: Scenario) -> Iterator[Leaf]:
    return leaves(Scenario, setting.model_dump(mode="json"))
