"""Declare the keys of the blocks of a lesson, and their valid values."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.inputs.explore_url import MOST_SEED, WORLDS

MOST_WORLDS = 500
USUAL_WORLDS = 200
MOST_SLIDERS = 3
MOST_SHOWN = 4
SHOWS = ("outcomes", "plane", "package", "tariffs", "trust", "approval", "incomes")
MEASURE = "measure:"

assert MOST_WORLDS <= WORLDS  # so that pictures cost no more than in Explore

type Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
type Change = dict[str, float | bool | str | list[str]]
type Worlds = Annotated[int, Field(ge=1, le=MOST_WORLDS)]
type Seed = Annotated[int, Field(ge=0, le=MOST_SEED)]


class Form(BaseModel):
    """A table of TOML; a field's description completes the sentence "must be ..."."""

    model_config = ConfigDict(extra="forbid", strict=True)


def _text(**more: Any) -> Any:
    return Field(description="a text between quotation marks, not empty", **more)


def _table(**more: Any) -> Any:
    return Field(description='a table of changes, { "talks.window" = 13 }', **more)


def _texts(what: str, least: int, most: int, **more: Any) -> Any:
    number = f"{least} to {most}" if least else f"at most {most}"
    return Field(
        description=f"a list of {number} {what}, each between quotation marks",
        min_length=least,
        max_length=most,
        **more,
    )


def _worlds() -> Any:
    return Field(default=USUAL_WORLDS, description=f"a whole number from 1 to {MOST_WORLDS}")


def _seed() -> Any:
    return Field(default=1, description="a whole number, 0 or more")


class HeadForm(Form):
    """The table between +++ at the top of a file."""

    title: Text = _text()
    minutes: int = Field(default=10, ge=1, le=60, description="a whole number from 1 to 60")
    about: Text = _text()
    edition: Literal[1, 2] = Field(default=2, description="1 or 2, an edition of the model")
    sources: list[Text] = _texts("sources", 1, 12)


class PredictionForm(Form):
    """The prediction that the learner makes."""

    question: Text = _text()
    choices: list[Text] = _texts("answers", 2, 5)
    right: int = Field(ge=1, description="the number of the right answer, counted from 1")
    because: Text = _text()
    measured: bool = Field(default=False, description="true or false")


class PictureForm(Form):
    """A live picture of the mechanism."""

    scenario: Text = _text()
    show: Text | list[Text] = Field(description="one name, or a list of names")
    title: Text = _text(default="")
    change: Change = _table(default={})
    sliders: list[Text] = _texts("names of parameters", 0, MOST_SLIDERS, default=[])
    labels: list[Text] = _texts("names", 0, MOST_SLIDERS, default=[])
    seed: Seed = _seed()
    worlds: Worlds = _worlds()
    world: int = Field(
        default=0, ge=0, lt=MOST_WORLDS, description="the number of a world, counted from 0"
    )
    sweep: bool = Field(default=False, description="true or false")


class CheckForm(Form):
    """A claim that is measured on the model."""

    claim: Text = _text()
    scenario: Text = _text()
    seed: Seed = _seed()
    worlds: Worlds = _worlds()
    a: Change = _table(default={})
    b: Change = _table(default={})
    labels: list[Text] = _texts("names", 2, 2, default=["before", "after"])
    measure: Text = _text()
    expect: Literal["rises", "falls", "same", "at"] = Field(
        description='"rises", "falls", "same" or "at"'
    )
    least: float = Field(default=0.0, ge=0, description="a number, 0 or more")
    value: float | None = Field(default=None, description="a number")
    tolerance: float | None = Field(default=None, ge=0, description="a number, 0 or more")


class ExploreForm(Form):
    """The link to Explore at the end."""

    scenario: Text = _text()
    change: Change = _table(default={})
    seed: Seed = _seed()
    worlds: int = Field(default=WORLDS, ge=1, le=2000, description="a whole number from 1 to 2000")
    text: Text = _text()


FORMS: dict[str, type[Form]] = {
    "prediction": PredictionForm,
    "picture": PictureForm,
    "check": CheckForm,
    "explore": ExploreForm,
}
# Minimum and maximum number of blocks of each kind.
COUNTS = {"prediction": (1, 1), "picture": (1, 2), "check": (1, 4), "explore": (1, 1)}
