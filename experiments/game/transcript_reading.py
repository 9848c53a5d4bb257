"""Read transcript files from untrusted sources, check all entries, and report all errors."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from agents.roster import seat_of
from agents.script import AS_MODEL, Moves, Order
from experiments.game.rules import HIGHEST_ANSWER
from experiments.game.situation import LONGEST_FUSE
from experiments.game.transcript import FORMAT, PACKAGES, Transcript, standing_orders
from experiments.results.errors import ResultsError
from experiments.results.untrusted import parse_json
from model.schema.faults import fault
from model.schema.problems import (
    MOST,
    Problem,
    ScenarioError,
    at_most,
    did_you_mean,
    where,
    written,
)
from model.schema.scenario import Scenario, restored

LARGEST = 500_000  # bytes; a long game with all moves in every week has 150,000
MOST_SEATS = 4
MOST_WEEKS = 520
MOST_SEED, MOST_WORLD = 2**64 - 1, 999_999
LONGEST_NAME = 40
ORDERS = {"answer", "deliver"}  # standing orders, the only entries allowed in week 0
REMEDY = "Save it again from the debrief of the game."

type Share = Annotated[float, Field(ge=0, le=1)]
type Cell = bool | int | float | str | None


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class _Threat(_Part):
    kind: Literal["tariff", "control", "revocation"]
    size: Annotated[float, Field(ge=0, le=10)]
    fuse: Annotated[int, Field(ge=1, le=LONGEST_FUSE)]


class _Week(_Part):
    """Moves of a week that differ from waiting. In week 0, the standing orders."""

    offer: dict[str, Share] | None = None
    accept: bool = False
    threat: _Threat | None = None
    due: Literal["carry_out", "put_off", "back_down"] = "back_down"
    gesture: bool = False
    truce: bool = False
    call: bool = False
    answer: Annotated[float, Field(ge=0, le=HIGHEST_ANSWER)] | None = 1.0  # None: as the model
    deliver: Share = 1.0
    leave: bool = False
    renegotiate: bool = True
    counsel: Annotated[list[Share], Field(min_length=3, max_length=3)] | None = None
    channel: Annotated[str, Field(max_length=100)] = ""
    trial: dict[str, Share] | None = None
    drafter: Annotated[str, Field(max_length=100)] = ""


class _File(_Part):
    format: Literal["winset transcript 1"]
    program: Annotated[str, Field(max_length=100)] = ""
    player: Annotated[str, Field(max_length=LONGEST_NAME)] = ""
    seed: Annotated[int, Field(ge=0, le=MOST_SEED)]
    world: Annotated[int, Field(ge=0, le=MOST_WORLD)]
    seats: Annotated[list[str], Field(max_length=MOST_SEATS)]
    weeks: Annotated[int, Field(ge=0, le=MOST_WEEKS)]
    moves: dict[str, dict[str, _Week]]
    outcome: Annotated[dict[str, Cell], Field(max_length=400)] | None
    scenario: dict[str, Any]


def read_transcript(content: bytes | str, file: str = "the transcript") -> Transcript:
    """Return a transcript from the text of its file. file: its name in error messages.

    Does not check whether the moves follow the rules; `resume_game` does. Raises ResultsError
    with all problems.
    """
    if len(content) > LARGEST:
        why = f"it has {len(content):,} bytes, but at most {LARGEST:,} are read"
        _refuse(file, [Problem("the file", "", why, REMEDY)])
    entries = _parsed(content, file)
    problems: list[Problem] = []
    scenario = _scenario(entries.get("scenario"), problems)
    try:
        contents = _File.model_validate(entries)
    except ValidationError as error:
        wrong = error.errors(include_url=False)
        listed = [_problem(one) for one in wrong[:MOST]]
        problems = [*at_most(listed, len(wrong) - len(listed)), *problems]
        _refuse(file, problems)
    problems += _names(contents)
    if scenario:
        problems += _within(contents, scenario)
    if problems or scenario is None:
        _refuse(file, problems)
    moves = {key: _moves(contents, key, list(scenario.issues)) for key in contents.seats}
    return Transcript(
        scenario,
        contents.seed,
        contents.world,
        tuple(contents.seats),
        moves,
        contents.weeks,
        contents.outcome,
        contents.player,
        contents.program,
    )


def load_transcript(path: Path) -> Transcript:
    """Return the transcript in a file. Raises ResultsError."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        why = f"it cannot be read ({error.strerror})"
        raise ResultsError(path, [Problem("file", "", why, "Give another file.")]) from error
    return read_transcript(content, str(path))


def _parsed(content: bytes | str, file: str) -> dict[str, Any]:
    """Return the content of the file as a dict, after checking the format."""
    try:
        entries = parse_json(content)
    except ValueError as error:
        why = f"cannot be read as JSON ({error})"
        _refuse(file, [Problem("the file", "", why, REMEDY)])
    version = entries.get("format") if isinstance(entries, dict) else None
    if not isinstance(entries, dict) or version != FORMAT:
        why = f'must be "{FORMAT}": this is not a transcript of a game, or of another version'
        _refuse(file, [Problem("format", written(version), why, REMEDY)])
    return entries


def _refuse(file: str, problems: list[Problem]) -> NoReturn:
    raise ResultsError(Path(file), problems) from None


def _scenario(content: Any, problems: list[Problem]) -> Scenario | None:
    """Return the scenario in a transcript, checked like a scenario file. Appends to `problems`."""
    if not isinstance(content, dict):
        return None  # reported with the other entries
    errors: list[Problem] = []
    try:
        return restored(content)
    except ValidationError as error:
        for item in error.errors(include_url=False):
            conflict = item.get("ctx", {}).get("error")  # tables that contradict each other
            if isinstance(conflict, ScenarioError):
                errors += conflict.problems
            elif item["loc"]:
                errors.append(fault(item, Scenario))
            else:
                errors.append(Problem("as a whole", "", item["msg"], REMEDY))
    problems += [replace(p, place=f"scenario {p.place}") for p in errors]
    return None


def _problem(details: ErrorDetails) -> Problem:
    """Convert a pydantic error to a Problem with the wording of this project."""
    shown = "" if details["type"] == "missing" else written(details["input"])
    why = {
        "missing": "it is missing",
        "extra_forbidden": "there is no such entry in a transcript",
        "string_unicode": "must be text",
    }.get(details["type"], details["msg"].replace("Input should", "must"))
    return Problem(where(details["loc"] or ("the file",)), shown, why, REMEDY)


def _names(contents: _File) -> Iterator[Problem]:
    if not contents.player.isprintable():
        yield Problem(
            "player", written(contents.player), "must have only printable characters", REMEDY
        )
    if len(set(contents.seats)) < len(contents.seats):
        yield Problem("seats", ", ".join(contents.seats), "a seat may be listed only once", REMEDY)
    for key in contents.moves:
        if key not in contents.seats:
            hint = did_you_mean(key[:60], contents.seats)
            yield Problem("moves", written(key), "this seat is not played", hint)


def _within(contents: _File, scenario: Scenario) -> Iterator[Problem]:
    """Yield entries that do not fit the scenario: seats, weeks, issues."""
    for key in contents.seats:
        try:
            if seat_of(scenario, key) != key:
                yield Problem("seats", written(key), "is a side", "Write the leader's key.")
        except ScenarioError as error:
            yield from error.problems
    horizon = scenario.time.horizon
    if contents.weeks > horizon:
        why = f"must be at most {horizon}, the last week of the scenario"
        yield Problem("weeks", str(contents.weeks), why, REMEDY)
    for key, weeks in contents.moves.items():
        for name, week in weeks.items():
            if not (name.isascii() and name.isdecimal() and int(name[:9]) <= contents.weeks):
                why = f"a week of the game must be between 0 and {contents.weeks}"
                yield Problem(where(("moves", key)), written(name), why, REMEDY)
            elif int(name) == 0 and (wrong := week.model_fields_set - ORDERS):
                why = f"week 0 may contain only {' and '.join(sorted(ORDERS))}"
                yield Problem(where(("moves", key, name)), ", ".join(sorted(wrong)), why, REMEDY)
            yield from _packages(week, scenario, ("moves", key, name))


def _packages(week: _Week, scenario: Scenario, place: tuple[str, ...]) -> Iterator[Problem]:
    """Yield issues of packages that the scenario does not have."""
    for move in PACKAGES:
        for issue in getattr(week, move) or ():
            if issue not in scenario.issues:
                hint = did_you_mean(issue[:60], scenario.issues)
                yield Problem(where((*place, move)), written(issue), "there is no such issue", hint)


def _moves(contents: _File, key: str, issues: list[str]) -> dict[int, Moves]:
    """Return a seat's moves in every week, with standing orders carried forward."""
    weeks = {int(name): week for name, week in contents.moves.get(key, {}).items()}
    last, moves = Moves(), {}
    for number in count():
        if number > contents.weeks:
            break
        week, wait = weeks.get(number), standing_orders(last)
        last = wait if week is None else replace(wait, **_done(week, issues))
        moves[number] = last
    return moves


def _done(week: _Week, issues: list[str]) -> dict[str, Any]:
    """Return the moves of a week by name."""
    done = {name: getattr(week, name) for name in week.model_fields_set}
    for move in PACKAGES:
        if done.get(move) is not None:
            done[move] = tuple(done[move].get(issue, 0.0) for issue in issues)
    if "answer" in done and done["answer"] is None:
        done["answer"] = AS_MODEL
    if done.get("threat") is not None:
        done["threat"] = Order(**done["threat"].model_dump())
    if done.get("counsel") is not None:
        done["counsel"] = tuple(done["counsel"])
    return done
