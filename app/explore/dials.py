"""Make the controls of Explore from the declarations of a scenario: sliders, choices, switches."""

import math
from dataclasses import asdict, dataclass, field
from typing import Any

from app.inputs.explore_url import HORIZON, OFF, Opened, Value, options
from app.inputs.scenario_store import MOST_WEEKS
from model.rules.bargaining import ACCEPTANCE, OFFERING
from model.rules.ratification import MODES
from model.schema.declarations import Declaration
from model.schema.mechanisms import MECHANISMS
from model.schema.parameters import ASSUMPTION, NO_UNIT
from model.schema.scenario import Scenario

# The dozen that matter: in february_2025 each was halved and raised by half in the same 300 worlds,
# and these moved most worlds to another outcome (kappa stands for political_horizon, its equal).
# {0} and {1} are the sides.
MATTER = {
    "values.cost_scale": "Cost of concessions",
    "talks.window": "Talk-weeks until they concede",
    "talks.rate": "How often they meet",
    "sides.{0}.kappa": "Cost of waiting: {0}",
    "sides.{1}.kappa": "Cost of waiting: {1}",
    "economy.elasticity": "Trade elasticity",
    "values.spread": "Doubt about values",
    "coercion.hazard": "Appetite for threats",
    "coercion.size": "Size of threats",
    "truce.intercept": "Readiness for a truce",
    "sides.{0}.record_kept": "Trust: {1} keeps its word",
    "sides.{0}.threshold": "Hurdle at home: {0}",
}
# Some do nothing in a scenario without an economy, or that switches their mechanism off by itself;
# others of the same weight at home and at the table then take their places.
IDLE_WITHOUT = {
    "sides.{0}.kappa": "economy",
    "sides.{1}.kappa": "economy",
    "economy.elasticity": "economy",
    "coercion.hazard": "threats",
    "coercion.size": "threats",
    "truce.intercept": "truce",
}
INSTEAD = {
    "sides.{1}.threshold": "Hurdle at home: {1}",
    "ratification.quota": "Share of the groups that must agree",
    "ratification.anticipation": "How far leaders foresee the vote",
    "talks.exponent": "When they concede",
    "talks.resolve_spread": "Doubt about resolve",
    "enforcement.cost": "Cost of enforcement",
}
LEADS = {"sides.{0}.lead": "Who leads the talks: {0}", "sides.{1}.lead": "Who leads the talks: {1}"}
FINE = 60  # about so many steps has a slider
TITLES = {"edges": "Who listens to whom", "third": "The rest of the world"}
RULES = ("offering", "acceptance", "ratification")


@dataclass(frozen=True)
class Dial:
    """One control, as the page shows it; `kind` is number, choice or switch."""

    kind: str
    name: str
    label: str
    section: str  # a heading above it, where a group has several
    unit: str
    meaning: str
    range: str
    source: str
    assumed: bool
    changed: bool
    values: tuple[float, ...] = ()  # where a slider can stand
    place: int = 0  # where it stands
    own: int = 0  # where the scenario's own value stands
    options: tuple[tuple[str, str], ...] = ()  # of a choice: what is written, what is shown
    value: str = ""  # of a choice or a switch
    texts: tuple[str, ...] = field(default=())  # the values as words

    def row(self) -> dict[str, Any]:
        """Return the control as plain data for the browser."""
        return asdict(self)


def nice(value: float) -> float:
    """Return the least of 1, 2 or 5 times a power of ten that is not below a value.

    >>> nice(0.07), nice(1.2), nice(5.0)
    (0.1, 2.0, 5.0)
    """
    power = 10.0 ** math.floor(math.log10(value))
    return float(f"{next(m for m in (1, 2, 5, 10) if m * power >= value * (1 - 1e-9)) * power:.6g}")


def span(declared: Declaration) -> tuple[float, float]:
    """Return the part of a declared range that a slider covers: all, unless it dwarfs the value.

    >>> span(Declaration("a", 0.02, "-", 0, 1, "", "", False, False))
    (0, 0.1)
    >>> span(Declaration("a", 0.3, "-", 0, 1, "", "", False, False))
    (0, 1)
    """
    low, high, size = declared.low, declared.high, abs(declared.value)
    if size == 0 or size > (high - low) / 8:
        return low, high
    return max(low, -nice(4 * size)) if low < 0 else low, min(high, nice(4 * size))


def grid(declared: Declaration, value: float) -> tuple[float, ...]:
    """Return where a slider can stand: even steps, the scenario's own value, and the present one.

    >>> grid(Declaration("a", 0.31, "-", 0, 1, "", "", False, False), 0.31)[:3]
    (0.0, 0.02, 0.04)
    """
    low, high = span(declared)
    if declared.name == HORIZON:
        high = MOST_WEEKS
    step = nice((high - low) / FINE) if high > low else 1.0
    step = max(1.0, step) if declared.integer else step
    start = math.ceil(low / step)
    steps = {round(k * step, 10) for k in range(start, math.floor(high / step + 1e-9) + 1)}
    return tuple(sorted(steps | {float(low), float(high), float(declared.value), float(value)}))


def matter(opened: Opened) -> list[Dial]:
    """Return the controls that matter most, in order."""
    sides = list(opened.scenario.sides)
    titles = [side.title for side in opened.scenario.sides.values()]
    known = opened.own.parameters()
    chosen = [
        _choice(opened, name.format(*sides), label.format(*titles)) for name, label in LEADS.items()
    ]
    return chosen + [
        _slider(opened, known[name.format(*sides)], label.format(*titles))
        for name, label in _dozen(opened.own).items()
    ]


def sliders(scenario: Scenario) -> list[str]:
    """Return the names of the numbers that matter most, each of which has a slider."""
    sides = list(scenario.sides)
    return [name.format(*sides) for name in _dozen(scenario)]


def _dozen(scenario: Scenario) -> dict[str, str]:
    """Return the names and labels of the dozen that matter, those that do nothing replaced."""
    absent = {*scenario.off} | ({"economy"} if scenario.economy.table == "none" else set())
    spare = iter(INSTEAD.items())
    return dict(
        next(spare) if IDLE_WITHOUT.get(name) in absent else (name, label)
        for name, label in MATTER.items()
    )


def groups(scenario: Scenario) -> dict[str, str]:
    """Return the folded groups by key, each with its title."""
    tables = dict.fromkeys(name.partition(".")[0] for name in scenario.parameters())
    titled = {key: TITLES.get(key, key.capitalize()) for key in tables}
    return {OFF: "Mechanisms: switch them off", "rules": "Rules by which the sides act"} | titled


def group(opened: Opened, key: str) -> list[Dial]:
    """Return the controls of one folded group; none if there is no such group."""
    if key == OFF:
        return [_switch(opened, name) for name in MECHANISMS]
    if key == "rules":
        return [
            _choice(opened, f"sides.{side}.{rule}", rule.capitalize(), card.title)
            for side, card in opened.own.sides.items()
            for rule in RULES
        ]
    found = opened.own.parameters()
    return [
        _slider(opened, declared, _label(name), _section(opened.own, name))
        for name, declared in found.items()
        if name.partition(".")[0] == key
    ]


def switched(opened: Opened, name: str) -> tuple[str, ...]:
    """Return the mechanisms that are off once one is switched over."""
    off = set(opened.scenario.off) ^ {name}
    return tuple(key for key in MECHANISMS if key in off)


def shown(value: float) -> str:
    """Return a number to six significant digits, with a true minus sign.

    >>> shown(0.207), shown(-5.0), shown(500000.0)
    ('0.207', '−5', '500,000')
    """
    text = f"{value:,.0f}" if value == round(value) and abs(value) < 1e15 else f"{value:.6g}"
    return text.replace("-", "−")


def _slider(opened: Opened, declared: Declaration, label: str, section: str = "") -> Dial:
    name = declared.name
    value = float(opened.state.changed.get(name, declared.value))  # type: ignore[arg-type]
    values = grid(declared, value)
    unit = "" if declared.unit == NO_UNIT else declared.unit
    return Dial(
        kind="number",
        name=name,
        label=label,
        section=section,
        unit=unit,
        meaning=declared.meaning,
        range=f"{shown(declared.low)} to {shown(declared.high)}",
        source=declared.source,
        assumed=ASSUMPTION in declared.source or "judgement" in declared.source,
        changed=name in opened.state.changed,
        values=values,
        place=values.index(value),
        own=values.index(float(declared.value)),
        texts=tuple(map(shown, values)),
    )


def _choice(opened: Opened, name: str, label: str, section: str = "") -> Dial:
    _, side, rule = name.split(".")
    listed = options(name, opened.own) or []
    present: Value = getattr(opened.scenario.sides[side], rule)
    own: Value = getattr(opened.own.sides[side], rule)
    actors = opened.own.actors
    leader = actors[opened.own.sides[side].leader].title
    titles = {key: actors[key].title if key in actors else key or leader for key in listed}
    return Dial(
        kind="choice",
        name=name,
        label=label,
        section=section,
        unit="",
        meaning=(type(opened.own.sides[side]).model_fields[rule].description or "")
        + _ruled(rule, str(present)),
        range=", ".join(titles.values()),
        source=opened.own.sides[side].source,
        assumed=ASSUMPTION in opened.own.sides[side].source,
        changed=name in opened.state.changed,
        options=tuple(
            (key, f"{title} (as in the scenario)" if key == own else title)
            for key, title in titles.items()
        ),
        value=str(present),
        texts=(titles.get(str(own), str(own)),),
    )


def _ruled(rule: str, present: str) -> str:
    """Return what the rule that is chosen does, after the meaning of the choice; "" of a person.

    >>> _ruled("offering", "linear")
    '; linear: concede in proportion to the time used: boulware with an exponent of 1'
    """
    if rule not in RULES:
        return ""
    if rule == "ratification":
        said = MODES[present]
    else:
        said = (OFFERING[present] if rule == "offering" else ACCEPTANCE[present]).__doc__ or ""
    first = said.partition("\n")[0].rstrip(".")
    return f"; {present}: {first[0].lower()}{first[1:]}"


def _switch(opened: Opened, name: str) -> Dial:
    card, off = MECHANISMS[name], opened.scenario.off
    numbers = ", ".join(f"{place} = {value:g}" for place, value in card.neutral.items())
    return Dial(
        kind="switch",
        name=name,
        label=name.replace("_", " ").capitalize(),
        section="",
        unit="",
        meaning=card.meaning,
        range="on or off",
        source=f"off is {numbers}",
        assumed=False,
        changed=(name in off) != (name in opened.own.off),
        value="off" if name in off else "on",
    )


def _label(name: str) -> str:
    return name.rpartition(".")[2].replace("_", " ").capitalize()


def _section(scenario: Scenario, name: str) -> str:
    """Return the entry that a number belongs to, as its scenario titles it."""
    table, *middle, _ = name.split(".")
    if not middle:
        return ""
    entry = getattr(scenario, table)
    card = entry[int(middle[0])] if isinstance(entry, list) else entry.get(middle[0])
    title = getattr(card, "title", middle[0])
    return ": ".join([title, *middle[1:]])
