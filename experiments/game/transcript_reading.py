"""Reads transcripts that anybody may have written: checked, capped, all faults told at once."""

import json
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
from experiments.game.transcript import FORMAT, Transcript, standing
from experiments.results.errors import ResultsError
from model.schema.faults import fault
from model.schema.problems import Problem, ScenarioError, did_you_mean, where, written
from model.schema.scenario import Scenario

LARGEST = 500_000  # bytes: a long game with all moves in every week has 150,000
MOST_SEATS = 4
MOST_WEEKS = 520
MOST_SEED, MOST_WORLD = 2**64 - 1, 999_999
LONGEST_NAME = 40
ORDERS = {"answer", "deliver"}  # what holds before a seat has moved
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
    """What was done in a week, as far as it is not waiting; of week 0 the orders that held."""

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
    counsel: Annotated[list[Share], Field(min_length=3, max_length=3)] | None = None


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
    """Return a transcript from the text of its file; file: what its owner calls it.

    Whether the moves were within the rules shows when they are played (`resumed`). Raises
    ResultsError with all that is wrong.
    """
    if len(content) > LARGEST:
        why = f"it has {len(content):,} bytes, at most {LARGEST:,} are read"
        _refuse(file, [Problem("the file", "", why, REMEDY)])
    told = _parsed(content, file)
    problems: list[Problem] = []
    scenario = _scenario(told.get("scenario"), problems)
    try:
        whole = _File.model_validate(told)
    except ValidationError as error:
        problems = [*map(_problem, error.errors(include_url=False)), *problems]
        _refuse(file, problems)
    problems += _names(whole)
    if scenario:
        problems += _within(whole, scenario)
    if problems or scenario is None:
        _refuse(file, problems)
    moves = {key: _moves(whole, key, list(scenario.issues)) for key in whole.seats}
    return Transcript(
        scenario,
        whole.seed,
        whole.world,
        tuple(whole.seats),
        moves,
        whole.weeks,
        whole.outcome,
        whole.player,
        whole.program,
    )


def load_transcript(path: Path) -> Transcript:
    """Return the transcript in a file. Raises ResultsError."""
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except OSError as error:
        why = f"it cannot be read ({error.strerror})"
        raise ResultsError(path, [Problem("file", "", why, "Give another.")]) from error
    return read_transcript(content, str(path))


def _parsed(content: bytes | str, file: str) -> dict[str, Any]:
    """Return the file's content as a table, of this format."""

    def refuse(name: str) -> NoReturn:
        raise ValueError(f"{name} is no number that JSON knows")

    try:
        told = json.loads(content, parse_constant=refuse)
    except (ValueError, RecursionError) as error:
        why = f"cannot be read as JSON ({str(error) or 'too deep'})"
        _refuse(file, [Problem("the file", "", why, REMEDY)])
    found = told.get("format") if isinstance(told, dict) else None
    if not isinstance(told, dict) or found != FORMAT:
        why = f'must be "{FORMAT}": this is no transcript of a game, or of another version'
        _refuse(file, [Problem("format", written(found), why, REMEDY)])
    return told


def _refuse(file: str, problems: list[Problem]) -> NoReturn:
    raise ResultsError(Path(file), problems) from None


def _scenario(content: Any, problems: list[Problem]) -> Scenario | None:
    """Return the scenario that a transcript holds whole, checked as any scenario file is."""
    if not isinstance(content, dict):
        return None  # told with the rest
    found: list[Problem] = []
    try:
        return Scenario.model_validate_json(json.dumps(content))
    except ValidationError as error:
        for item in error.errors(include_url=False):
            crossed = item.get("ctx", {}).get("error")  # tables that contradict each other
            if isinstance(crossed, ScenarioError):
                found += crossed.problems
            elif item["loc"]:
                found.append(fault(item, Scenario))
            else:
                found.append(Problem("as a whole", "", item["msg"], REMEDY))
    problems += [replace(p, place=f"scenario {p.place}") for p in found]
    return None


def _problem(details: ErrorDetails) -> Problem:
    """Return what pydantic found as a problem in the words of the house."""
    place = details["loc"]
    shown = "" if details["type"] == "missing" else written(details["input"])
    why = {
        "missing": "it is missing",
        "extra_forbidden": "there is no such entry in a transcript",
        "string_unicode": "must be text",
    }.get(details["type"], details["msg"].replace("Input should", "must"))
    return Problem(where(place), shown, why, REMEDY)


def _names(whole: _File) -> Iterator[Problem]:
    if not whole.player.isprintable():
        yield Problem("player", written(whole.player), "must hold only letters and signs", REMEDY)
    if len(set(whole.seats)) < len(whole.seats):
        yield Problem("seats", ", ".join(whole.seats), "a seat is played once", REMEDY)
    for key in whole.moves:
        if key not in whole.seats:
            hint = did_you_mean(key[:60], whole.seats)
            yield Problem("moves", written(key), "nobody plays this seat", hint)


def _within(whole: _File, scenario: Scenario) -> Iterator[Problem]:
    """Tell what does not fit the scenario: seats, weeks, issues."""
    for key in whole.seats:
        try:
            if seat_of(scenario, key) != key:
                yield Problem("seats", written(key), "is a side", "Write the leader's key.")
        except ScenarioError as error:
            yield from error.problems
    horizon = scenario.time.horizon
    if whole.weeks > horizon:
        why = f"must be at most {horizon}, where the scenario ends"
        yield Problem("weeks", str(whole.weeks), why, REMEDY)
    for key, weeks in whole.moves.items():
        for name, week in weeks.items():
            if not (name.isascii() and name.isdecimal() and int(name[:9]) <= whole.weeks):
                why = f"a week of the game must be between 0 and {whole.weeks}"
                yield Problem(where(("moves", key)), written(name), why, REMEDY)
            elif int(name) == 0 and (wrong := week.model_fields_set - ORDERS):
                why = f"before the first week only {' and '.join(sorted(ORDERS))} hold"
                yield Problem(where(("moves", key, name)), ", ".join(sorted(wrong)), why, REMEDY)
            for issue in week.offer or ():
                if issue not in scenario.issues:
                    hint = did_you_mean(issue[:60], scenario.issues)
                    yield Problem(
                        where(("moves", key, name, "offer")),
                        written(issue),
                        "there is no such issue",
                        hint,
                    )


def _moves(whole: _File, key: str, issues: list[str]) -> dict[int, Moves]:
    """Return a seat's moves of every week, the standing orders carried on."""
    told = {int(name): week for name, week in whole.moves.get(key, {}).items()}
    last, moves = Moves(), {}
    for number in count():
        if number > whole.weeks:
            break
        week, wait = told.get(number), standing(last)
        last = wait if week is None else replace(wait, **_done(week, issues))
        moves[number] = last
    return moves


def _done(week: _Week, issues: list[str]) -> dict[str, Any]:
    """Return what was done in a week, by name."""
    done = {name: getattr(week, name) for name in week.model_fields_set}
    if done.get("offer") is not None:
        done["offer"] = tuple(done["offer"].get(issue, 0.0) for issue in issues)
    if "answer" in done and done["answer"] is None:
        done["answer"] = AS_MODEL
    if done.get("threat") is not None:
        done["threat"] = Order(**done["threat"].model_dump())
    if done.get("counsel") is not None:
        done["counsel"] = tuple(done["counsel"])
    return done
