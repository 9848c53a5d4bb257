"""What a lesson is once it is read: text, a prediction, pictures, checks and a link, in order."""

from dataclasses import dataclass

from app.inputs.explore_url import Opened


@dataclass(frozen=True)
class Words:
    """Text as safe HTML."""

    html: str


@dataclass(frozen=True)
class Prediction:
    """What the learner is asked; right counts from 0."""

    question: str
    choices: tuple[str, ...]
    right: int
    because: str
    measured: bool = False  # say that the checks below measure it


@dataclass(frozen=True)
class Picture:
    """A picture to try the mechanism on; world: the one that the plane shows."""

    title: str
    opened: Opened
    sliders: tuple[str, ...]
    labels: tuple[str, ...]  # empty: the parameters' own
    show: tuple[str, ...]
    world: int
    sweep: bool


@dataclass(frozen=True)
class Check:
    """A claim on a measure, between two states with the same luck, or on one alone (expect: at)."""

    claim: str
    before: Opened
    after: Opened
    labels: tuple[str, ...]
    measure: str
    expect: str
    least: float
    value: float = 0.0
    tolerance: float = 0.0

    @property
    def demand(self) -> tuple[str, float, float, float]:
        """Return what must come out for the claim to hold."""
        return self.expect, self.least, self.value, self.tolerance

    @property
    def alone(self) -> bool:
        """Say whether the claim is on one state, of which theory knows the value."""
        return self.expect == "at"


@dataclass(frozen=True)
class Link:
    """The way into Explore."""

    text: str
    opened: Opened


type Part = Words | Prediction | Picture | Check | Link


@dataclass(frozen=True)
class Lesson:
    """A lesson; name: as its address writes it; parts: in the order of the file."""

    name: str
    title: str
    minutes: int
    about: str
    sources: tuple[str, ...]
    parts: tuple[Part, ...]

    @property
    def prediction(self) -> Prediction:
        """Return the prediction; a lesson has exactly one."""
        return next(part for part in self.parts if isinstance(part, Prediction))

    @property
    def before(self) -> tuple[Part, ...]:
        """Return what is told before the learner commits."""
        return self.parts[: self.parts.index(self.prediction)]

    @property
    def after(self) -> tuple[Part, ...]:
        """Return what unfolds once the learner has committed, without the link at the end."""
        rest = self.parts[self.parts.index(self.prediction) + 1 :]
        return tuple(part for part in rest if not isinstance(part, Link))

    @property
    def link(self) -> Link:
        """Return the way into Explore."""
        return next(part for part in self.parts if isinstance(part, Link))

    @property
    def checks(self) -> tuple[Check, ...]:
        """Return all claims."""
        return tuple(part for part in self.parts if isinstance(part, Check))
