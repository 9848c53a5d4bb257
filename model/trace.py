"""A trace of one week: drafts, answers to offers and trials, votes at home, opinions heard.

It is off by default. Set `negotiation.trace = Trace()` before a step, and the agents and phases
record into it details that the store does not contain. A trace changes no state and draws no random
numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from model.arrays import Array, Mask


@dataclass(frozen=True)
class AnswerRecord:
    """The inputs and the result of a leader's answer to an offer, in the worlds in session (R,)."""

    side: int
    level: Array  # of the session: working level, ministers or leaders, see model.phases.talks
    worth: Array  # utility to the leader, including the wish to gain more than the other (points)
    legacy: Array  # additional utility of a comprehensive deal (points)
    reservation: Array  # points
    aspiration: Array  # of the leader's next offer (points)
    chance: Array  # probability that the package is ratified at home
    yes: Mask  # whether the offer is accepted
    gain: Array  # utility of the package to the leader's side (points)


@dataclass(frozen=True)
class TrialRecord:
    """What a leader considered when it answered a trial package, in the worlds in which one came.

    Each (R,): sent, whether it was sent; real, whether the channel speaks for its leader.
    """

    side: int
    sent: Mask
    real: Mask
    worth: Array  # utility to the leader, including a legacy (points)
    reservation: Array  # points
    chance: Array  # probability that the package is ratified at home, as the leader expects it
    warm: Mask


@dataclass(frozen=True)
class DraftRecord:
    """The draft of an offer by a side, in the worlds in session; packages are (issues, R)."""

    side: int
    level: Array  # of the session (R,)
    weights: Array  # factor by which each issue counts in the draft (issues, R)
    plain: Array  # the offer with the same aspiration if no priorities counted
    package: Array  # the offer of the model, which a player can replace


@dataclass(frozen=True)
class VoteRecord:
    """A vote at home on a package (issues, R): probability and random draw, each (R,).

    supports: probability that each group supports the package; payments: side payment that each
    group gets with it, in points (R,). Both are empty if groups do not vote.
    """

    side: int
    package: Array
    chance: Array
    drawn: Array  # the package passes if this is below the probability
    supports: Mapping[str, Array] = field(default_factory=dict)
    payments: Mapping[str, Array] = field(default_factory=dict)


@dataclass(frozen=True)
class Voice:
    """A person to whom an actor listens: weight in the mean (R,) and opinion (3, R)."""

    key: str
    share: Array
    opinion: Array


@dataclass(frozen=True)
class Hearing:
    """The opinions that an actor heard in a week, and its own private view (3, R)."""

    own: Array
    voices: tuple[Voice, ...]


@dataclass
class Trace:
    """The records of one week."""

    drafts: list[DraftRecord] = field(default_factory=list)
    answers: list[AnswerRecord] = field(default_factory=list)
    trials: list[TrialRecord] = field(default_factory=list)
    votes: list[VoteRecord] = field(default_factory=list)
    hearings: dict[str, Hearing] = field(default_factory=dict)

    def hear(
        self,
        key: str,
        own: Array,
        speakers: Sequence[str],
        weights: list[Array],
        opinions: list[Array],
        unheard: Array,
    ) -> None:
        """Record the speakers whom an actor heard, each with a weight (R,) and opinion (3, R).

        unheard: weight of what did not reach the actor, in whose place its own view counts (R,).
        """
        mass = unheard
        for weight in weights:
            mass = mass + weight
        shares = [weight / np.where(mass > 0.0, mass, 1.0) for weight in weights]
        rows = zip(speakers, shares, opinions, strict=True)
        voices = tuple(Voice(name, share, opinion.copy()) for name, share, opinion in rows)
        self.hearings[key] = Hearing(own, voices)

    def hear_street(
        self, key: str, street: Array, groups: Mapping[str, tuple[Array, Array]]
    ) -> None:
        """Add the groups that a leader hears, each with weight at home (R,) and opinion (3, R).

        street: total weight of the groups in the mean (R,); the other speakers share the rest.
        """
        before = self.hearings[key]
        voices = [Voice(one.key, (1.0 - street) * one.share, one.opinion) for one in before.voices]
        voices += [
            Voice(name, street * weight, opinion.copy())
            for name, (weight, opinion) in groups.items()
        ]
        self.hearings[key] = Hearing(before.own, tuple(voices))
