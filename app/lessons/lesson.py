"""Data classes of a lesson: text, a prediction, pictures, checks and a link, in order."""

from dataclasses import dataclass

from app.inputs.explore_url import Opened


@dataclass(frozen=True)
class Words:
    """Text as safe HTML."""

    html: str


@dataclass(frozen=True)
class Prediction:
    """The question to the learner. `right` counts from 0."""

    question: str
    choices: tuple[str, ...]
    right: int
    because: str
    measured: bool = False  # whether the page says that the checks below measure it


@dataclass(frozen=True)
class Picture:
    """A live picture of the mechanism. world: the world in the plane."""

    title: str
    opened: Opened
    sliders: tuple[str, ...]
    labels: tuple[str, ...]  # empty: the parameters' own
    show: tuple[str, ...]
    world: int
    sweep: bool


@dataclass(frozen=True)
class Check:
    """A claim on a measure, for two states with equal random numbers, or for one (expect: at)."""

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
        """Return the condition for the claim to hold."""
        return self.expect, self.least, self.value, self.tolerance

    @property
    def alone(self) -> bool:
        """Say whether the claim is on a single state with a value from theory."""
        return self.expect == "at"


@dataclass(frozen=True)
class Link:
    """A link to Explore."""

    text: str
    opened: Opened


type Part = Words | Prediction | Picture | Check | Link


@dataclass(frozen=True)
class Lesson:
    """A lesson. name: as in its URL; parts: in the order of the file; edition: of the model."""

    name: str
    title: str
    minutes: int
    about: str
    sources: tuple[str, ...]
    parts: tuple[Part, ...]
    edition: int = 2

    @property
    def prediction(self) -> Prediction:
        """Return the prediction; a lesson has exactly one."""
        return next(part for part in self.parts if isinstance(part, Prediction))

    @property
    def before(self) -> tuple[Part, ...]:
        """Return the parts that are shown before the learner commits."""
        return self.parts[: self.parts.index(self.prediction)]

    @property
    def after(self) -> tuple[Part, ...]:
        """Return the parts that are shown after the learner commits, without the final link."""
        rest = self.parts[self.parts.index(self.prediction) + 1 :]
        return tuple(part for part in rest if not isinstance(part, Link))

    @property
    def link(self) -> Link:
        """Return the link to Explore."""
        return next(part for part in self.parts if isinstance(part, Link))

    @property
    def checks(self) -> tuple[Check, ...]:
        """Return all claims."""
        return tuple(part for part in self.parts if isinstance(part, Check))
