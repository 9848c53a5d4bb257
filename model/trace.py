"""A trace of one week: answers to offers, votes at home, and what each actor heard.

It is off by default. Set `negotiation.trace = Trace()` before a step, and the agents and phases
record into it what the store does not keep. A trace changes no state and draws no numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from model.arrays import Array, Mask


@dataclass(frozen=True)
class AnswerRecord:
    """What a leader weighed when it answered an offer: arrays over the worlds in session (R,)."""

    side: int
    level: Array  # working level, ministers or leaders: model.phases.talks
    worth: Array  # as it counts to this leader: own gain, and gain above the other's (points)
    legacy: Array  # worth of a comprehensive deal as such (points)
    reservation: Array  # points
    aspiration: Array  # what the leader would ask for itself next (points)
    chance: Array  # that the package is ratified at home, as the leader sees it
    yes: Mask
    gain: Array  # what the package is worth to the leader's side (points)


@dataclass(frozen=True)
class VoteRecord:
    """A vote at home on a package (issues, R): the chance to pass and the number drawn (R,)."""

    side: int
    package: Array
    chance: Array
    drawn: Array  # the package passes where this is below the chance


@dataclass(frozen=True)
class Voice:
    """Somebody whom an actor hears: the share of the hearing (R,) and the opinion (3, R)."""

    key: str
    share: Array
    opinion: Array


@dataclass(frozen=True)
class Hearing:
    """What an actor heard in a week, beside its own private view (3, R)."""

    own: Array
    voices: tuple[Voice, ...]


@dataclass
class Trace:
    """Collect what happens in one week."""

    answers: list[AnswerRecord] = field(default_factory=list)
    votes: list[VoteRecord] = field(default_factory=list)
    hearings: dict[str, Hearing] = field(default_factory=dict)

    def hear(
        self, key: str, own: Array, speakers: Sequence[str], weights: list[Array], said: list[Array]
    ) -> None:
        """Record whom an actor heard: one weight (R,) and one opinion (3, R) a speaker."""
        mass = np.zeros(own.shape[-1])
        for weight in weights:
            mass = mass + weight
        shares = [weight / np.where(mass > 0.0, mass, 1.0) for weight in weights]
        voices = zip(speakers, shares, said, strict=True)
        heard = tuple(Voice(name, share, opinion.copy()) for name, share, opinion in voices)
        self.hearings[key] = Hearing(own, heard)

    def hear_street(
        self, key: str, street: Array, groups: Mapping[str, tuple[Array, Array]]
    ) -> None:
        """Record the groups that a leader hears, by key: weight at home (R,), opinion (3, R).

        street: the share of the hearing that goes to them (R,); the others share the rest.
        """
        before = self.hearings[key]
        voices = [Voice(one.key, (1.0 - street) * one.share, one.opinion) for one in before.voices]
        voices += [
            Voice(key, street * weight, said.copy()) for key, (weight, said) in groups.items()
        ]
        self.hearings[key] = Hearing(before.own, tuple(voices))
