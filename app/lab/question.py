"""Convert the request of Experiments to a URL and back."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode

from app.inputs import results_index
from app.inputs.explore_url import LONGEST_ADDRESS, MOST_SEED, whole_number
from model.schema.problems import Problem, did_you_mean, written

PATH = "/experiments"
SIZES = (10, 20, 40)  # worlds in each cell and context of a small run
USUAL = 20
BEYOND = "More than that is a task for the command line: python run.py experiment."


@dataclass(frozen=True)
class Asked:
    """A small run of an experiment with its size and seed, or results, or two to compare."""

    experiment: str = ""
    worlds: int = USUAL
    seed: int = 1
    results: str = ""
    beside: str = ""


def address(asked: Asked) -> str:
    """Return the URL of a request.

    >>> address(Asked("tied_hands", seed=2)), address(Asked(results="a", beside="b"))
    ('/experiments?experiment=tied_hands&seed=2', '/experiments?results=a&beside=b')
    """
    pairs: dict[str, str] = {}
    if asked.results:
        pairs["results"] = asked.results
        if asked.beside:
            pairs["beside"] = asked.beside
    elif asked.experiment:
        pairs["experiment"] = asked.experiment
        if asked.worlds != USUAL:
            pairs["worlds"] = str(asked.worlds)
        if asked.seed != 1:
            pairs["seed"] = str(asked.seed)
    return f"{PATH}?{urlencode(pairs, quote_via=quote)}" if pairs else PATH


def read(
    search: str | None, experiments: Mapping[str, object]
) -> tuple[Asked, tuple[Problem, ...]]:
    """Return the closest valid request to a query string, with all problems of the string."""
    problems: list[Problem] = []
    pairs = dict(reversed(parse_qsl((search or "")[:LONGEST_ADDRESS], keep_blank_values=True)))
    for name in [name for name in pairs if name not in Asked.__dataclass_fields__]:
        problems.append(
            Problem(_short(name), _short(pairs[name]), "no such setting on this page", "Left out.")
        )
    listed = results_index.names()
    results = _known("results", pairs.get("results", ""), listed, problems)
    beside = _known("beside", pairs.get("beside", ""), listed, problems) if results else ""
    if results:
        return Asked(results=results, beside=beside), tuple(problems)
    name = _known("experiment", pairs.get("experiment", ""), experiments, problems)
    worlds = _whole("worlds", pairs.get("worlds", str(USUAL)), SIZES[0], SIZES[-1], USUAL, problems)
    seed = _whole("seed", pairs.get("seed", "1"), 0, MOST_SEED, 1, problems)
    return Asked(name, worlds, seed), tuple(problems)


def _known(
    parameter: str, name: str, known: Mapping[str, object] | list[str], problems: list[Problem]
) -> str:
    """Return a name if it is known, otherwise "" after adding a problem."""
    if not name or name in known:
        return name
    noun = "experiment" if parameter == "experiment" else "results folder"
    remedy = did_you_mean(name[:60], known) if known else "There is none yet."
    problems.append(Problem(parameter, _short(name), f"there is no such {noun}", remedy))
    return ""


def _whole(name: str, text: str, low: int, high: int, default: int, problems: list[Problem]) -> int:
    """Return the closest valid whole number."""
    wanted = whole_number(text)
    valid = default if wanted is None else min(max(wanted, low), high)
    if valid != wanted:
        why = f"must be a whole number between {low} and {high}"
        more = f" {BEYOND}" if name == "worlds" and wanted is not None else ""
        problems.append(Problem(name, _short(text), why, f"Opened: {valid}.{more}"))
    return valid


def _short(text: str) -> str:
    return written(text if len(text) <= 60 else f"{text[:57]}...")
