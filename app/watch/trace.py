"""Lives one week of a film again beside a witness, who tells why people said what they said."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from app.watch.trajectory import Trajectory
from model.arrays import Array
from model.negotiation import Negotiation
from model.outcomes import comprehensive
from model.rules.offers import utility

KEPT = 16  # weeks lived again that are remembered, of all films
FIRMNESS = 0  # row of the opinions that bargaining looks at most


@dataclass(frozen=True)
class Answer:
    """What a leader weighed when it was offered a package; worths in points."""

    side: int
    level: int
    worth: float  # as it counts to this leader: own gain, and gain above the other's
    legacy: float  # worth of a comprehensive deal as such
    reservation: float
    aspiration: float  # what it would ask for itself next
    chance: float  # that its own side would ratify the package
    yes: bool
    gain: float  # what the package is worth to its side


@dataclass(frozen=True)
class View:
    """What a package is to one group: its worth and threshold in points, weight and support 0-1."""

    key: str
    title: str
    weight: float
    worth: float
    threshold: float
    support: float

    @property
    def against(self) -> bool:
        """Say whether the group is rather against it than for it."""
        return self.support < 0.5


@dataclass(frozen=True)
class Home:
    """A package before one side's home; worth, threshold and spread in points, the rest shares."""

    side: int
    mode: str
    worth: float
    threshold: float
    spread: float
    quota: float
    views: tuple[View, ...]
    chance: float
    drawn: float

    @property
    def passed(self) -> bool:
        """Say whether the package was ratified."""
        return self.drawn < self.chance

    @property
    def support(self) -> float:
        """Return the weighted support of the groups."""
        return sum(view.weight * view.support for view in self.views)


@dataclass(frozen=True)
class Pull:
    """By how much somebody, or something, moves an actor's firmness (0 to 1)."""

    title: str
    amount: float


@dataclass(frozen=True)
class WeekTrace:
    """A week lived again: the negotiation at its end, answers given, votes at home."""

    week: int
    negotiation: Negotiation
    answers: tuple[Answer, ...]
    homes: tuple[Home, ...]


@lru_cache(KEPT)
def replay_week(trajectory: Trajectory, week: int) -> WeekTrace:
    """Live a week again, 1 to the last; it must come out as the film shows it.

    The last few are remembered: a vote or a refusal is told in all weeks that follow it.
    """
    negotiation = trajectory.resume(week - 1)
    answers: list[Answer] = []
    homes: list[Home] = []
    for leader in negotiation.leaders:
        leader.answer = _hearing(leader, leader.answer, answers)
        leader.ratify = _voting(leader, leader.ratify, week, homes)
    negotiation.step()
    return WeekTrace(week, negotiation, tuple(answers), tuple(homes))


def support(trajectory: Trajectory, week: int) -> tuple[Home, ...]:
    """Return what each side's home would make of the package on the table, as of a week."""
    package = trajectory.record["table"][week]
    if np.isnan(package).any():
        return ()
    negotiation = trajectory.resume(week)
    wide = np.repeat(package[:, np.newaxis], negotiation.store.width, axis=-1)
    return tuple(_home(leader, wide, leader.ratify(wide), 1.0) for leader in negotiation.leaders)


def pulls(trajectory: Trajectory, trace: WeekTrace, key: str) -> list[Pull]:
    """Return what moves somebody's firmness away from its conviction, the strongest first.

    An opinion is one's private view (conviction and the mood of the side) moved towards those whom
    one hears (Friedkin and Johnsen 1990), so that conviction and all pulls add up to it.
    """
    negotiation = trace.negotiation
    person: Any = negotiation.people[key]
    store = negotiation.store
    conviction = float(store["conviction"][person.row][FIRMNESS][0])
    if person.kind == "constituency":
        moved = float(person.opinion[FIRMNESS][0]) - float(person.number("firmness")[0])
        return [Pull("Pain since the start", moved)]
    own = float(np.clip(conviction + _mood(negotiation, person.side), 0.0, 1.0))
    found = [Pull("Mood of the side: pain, rally, mistrust, events", own - conviction)]
    street = float(store["influence.street"][0]) if person.kind == "leader" else 0.0
    openness = float(person.number("susceptibility")[0])
    for title, share, opinion in _heard(trajectory, trace, person, street):
        found.append(Pull(title, openness * share * (opinion - own)))
    return sorted(found, key=lambda pull: -abs(pull.amount))


def _heard(
    trajectory: Trajectory, trace: WeekTrace, person: Any, street: float
) -> list[tuple[str, float, float]]:
    """Return whom somebody heard: title, share of the hearing, firmness of what was said."""
    negotiation, before = trace.negotiation, trajectory.record["opinion"][trace.week - 1]
    graph, people = negotiation.graph, negotiation.people
    bound = float(negotiation.store["influence.confidence"][0])
    mine = float(before[person.row][FIRMNESS])
    weights = {}
    for key in person.speakers:
        said = float(before[people[key].row][FIRMNESS])
        near = abs(mine - said) <= bound
        weights[key] = near * float(negotiation.store[f"edges.{key}>{person.key}.weight"][0])
    mass = sum(weights.values())
    heard = [
        (
            graph.nodes[key]["title"],
            (1.0 - street) * weight / mass,
            float(before[people[key].row][FIRMNESS]),
        )
        for key, weight in weights.items()
        if weight > 0.0
    ]
    if street > 0.0:
        for key in person.at_home:
            group: Any = people[key]
            share, said = street * float(group.weight[0]), float(group.opinion[FIRMNESS][0])
            heard.append((group.title, share, said))
    return heard


def _mood(negotiation: Negotiation, side: str) -> float:
    mood = negotiation.mood.get(side)
    return 0.0 if mood is None else float(mood[FIRMNESS][0])


def _hearing(
    leader: Any, answer: Callable[[Array], Any], found: list[Answer]
) -> Callable[[Array], Any]:
    """Return an answer that is the same, and noted with what stood behind it."""

    def traced(package: Array) -> Any:
        said = answer(package)
        own, theirs = leader.stakes()
        asked = leader.aspire(own, theirs, leader.store["clock"] + 1.0)
        worth = float(utility(own, package)[0])
        whole = bool(comprehensive(package, leader.negotiation.families)[0])
        legacy = 0.5 * float(leader.of_side("legacy")[0]) if whole else 0.0
        found.append(
            Answer(
                side=leader.side_row,
                level=int(leader.store["level"][0]),
                worth=worth,
                legacy=legacy,
                reservation=float(leader.mine("reservation")[0]),
                aspiration=float(asked[0]),
                chance=float(leader.ratify(package)[0]),
                yes=bool(said[0]),
                gain=float(utility(leader.mine("gains"), package)[0]),
            )
        )
        return said

    return traced


def _voting(
    leader: Any, ratify: Callable[[Array], Array], week: int, found: list[Home]
) -> Callable[[Array], Array]:
    """Return a vote that is the same, and noted with the luck that decides it."""

    def traced(package: Array) -> Array:
        chance = ratify(package)
        drawn = float(leader.drawn(f"ratify/{leader.side}", week)[0])
        if float(leader.store["agreed"][0]) > 0.0:
            found.append(_home(leader, package, chance, drawn))
        return chance

    return traced


def _home(leader: Any, package: Array, chance: Array, drawn: float) -> Home:
    views = []
    for group in leader.negotiation.groups_of(leader.side_row):
        worth = leader.worth_to(group, package)
        views.append(
            View(
                key=group.key,
                title=group.title,
                weight=float(leader.store.row("weight", group.group)[0]),
                worth=float(worth[0]),
                threshold=float(leader.store.row("group_threshold", group.group)[0]),
                support=float(group.support(worth)[0]),
            )
        )
    return Home(
        side=leader.side_row,
        mode=leader.setting.sides[leader.side].ratification,
        worth=float(utility(leader.mine("gains"), package)[0]),
        threshold=float(leader.ratification_threshold()[0]),
        spread=float(leader.of_side("threshold_spread")[0]),
        quota=float(leader.parameter("ratification.quota")[0]),
        views=tuple(sorted(views, key=lambda view: -view.weight)),
        chance=float(chance[0]),
        drawn=drawn,
    )
