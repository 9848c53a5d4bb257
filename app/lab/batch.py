"""Find single worlds of a design: the worlds of a cell, their outcomes, and their links."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote

import pandas as pd

from app.inputs import explore_url
from app.lab.trial import Trial
from app.style import outcome_colour
from experiments.factorial.catalogue_index import catalogue
from experiments.factorial.experiment import Plan, named, plan
from experiments.plots.experiment import NAMES
from experiments.report.folder import Folder
from experiments.results.folder import read_results
from experiments.study import POINT
from model.outcomes import OUTCOMES
from model.schema.scenario import load_scenario

WATCH = "/watch"
SHOWN = 3  # linked worlds for each outcome
MOST_POINTS = 500  # points in a menu

type Row = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Batch:
    """Worlds by design point. `point` maps (cell, context) to the number of the point.

    table: one row for each world, with point, stream and outcome; link: returns the URL of a world
    from its number, point and stream, or "" if no URL can express it.
    """

    table: pd.DataFrame
    cells: list[str]
    contexts: list[str]
    point: Mapping[tuple[int, int], int]
    link: Callable[[int, int, int], str]
    last: int = -1  # the highest world number that can be typed, or -1
    named_by: str = ""  # titles of the factors whose levels name a cell

    def ends(self, cell: int, context: int) -> list[Row]:
        """Return one row for each outcome of a point, with links to the first worlds."""
        point = self.point.get((cell, context), -1)
        table = self.table[self.table[POINT] == point] if self.point else self.table
        rows = []
        for outcome in OUTCOMES:
            worlds = table[table["outcome"] == outcome.key]
            if len(worlds):
                rows.append(
                    {
                        "outcome": outcome.title,
                        "key": outcome.slug,
                        "colour": outcome_colour(outcome.key),
                        "text": f"{len(worlds):,} of {len(table):,}",
                        "links": [self._link(row) for row in worlds.head(SHOWN).itertuples()],
                    }
                )
        return rows

    def _link(self, row: Any) -> list[str]:
        world, point, stream = int(row.Index), int(row.point), int(row.stream)
        shown = world if self.last >= 0 else stream
        return [self.link(world, point, stream), f"world {shown:,}"]


def of_trial(made: Trial) -> Batch:
    """Return the worlds of a small run. World k of a cell uses stream k, and is watched alone."""
    laid = made.laid
    hrefs = cache(lambda point: _cell_link(laid, point))

    def link(_: int, point: int, stream: int) -> str:
        href: str = hrefs(point)
        return href and f"{href}&world={stream}"

    contexts = [context_words(one) for one in laid.contexts]
    cells, points = named(laid.cells), _points(laid)
    return Batch(made.outcomes, cells, contexts, points, link, named_by=_factors(laid))


def of_folder(folder: Folder, name: str) -> Batch:
    """Return the worlds of a results folder. Raises ResultsError if they cannot be read."""
    table = read_results(folder.place, ["outcome"]).outcomes
    laid = _laid(folder)
    last = int(folder.manifest["worlds"]) - 1

    def link(world: int, _: int, __: int) -> str:
        return f"{WATCH}?results={quote(name)}&world={world}"

    if laid:
        contexts = [context_words(one) for one in laid.contexts]
        cells, by_point = named(laid.cells), _points(laid)
        return Batch(table, cells, contexts, by_point, link, last, _factors(laid))
    points = min(int(folder.manifest.get("points", 1)), MOST_POINTS)
    cells = [f"point {point}" for point in range(points)] if points > 1 else []
    by_point = {(point, 0): point for point in range(len(cells))}
    return Batch(table, cells, [], by_point, link, last)


def context_words(context: Mapping[str, float]) -> str:
    """Return a context in words.

    >>> context_words({"values.cost_scale": 0.5, "talks.window": 13.0})
    'cost scale 0.5, window (talk-weeks) 13'
    """
    return ", ".join(f"{NAMES.get(name, name)} {value:g}" for name, value in context.items())


def _factors(laid: Plan) -> str:
    return " · ".join(factor.title for factor in laid.experiment.factors.values())


def _points(laid: Plan) -> dict[tuple[int, int], int]:
    pairs = zip(laid.cell.tolist(), laid.context.tolist(), strict=True)
    return {pair: point for point, pair in enumerate(pairs)}


def _laid(folder: Folder) -> Plan | None:
    """Return the plan of an experiment's folder, if the catalogue still has the same design."""
    experiment = catalogue().get(folder.name) if folder.kind == "experiment" else None
    if experiment is None:
        return None
    laid = plan(experiment, int(folder.manifest["worlds_per_point"]), int(folder.manifest["seed"]))
    same = laid.cells == folder.about.get("cells") and laid.contexts == folder.about.get("contexts")
    return laid if same else None


def _cell_link(laid: Plan, point: int) -> str:
    """Return the URL in Watch of the scenario of a point, or "" if no URL can express it."""
    experiment = laid.experiment
    settings = dict(experiment.settings or {})
    for key, label in laid.cells[int(laid.cell[point])].items():
        levels = experiment.factors[key].levels
        settings |= next(one.settings for one in levels if one.label == label)
    settings |= laid.contexts[int(laid.context[point])]
    own = load_scenario(experiment.scenario)
    changes = explore_url.differences(own, load_scenario(experiment.scenario, settings))
    if changes is None:
        return ""
    wanted = explore_url.State(
        experiment.scenario, tuple(sorted(changes.items())), seed=laid.study.seed
    )
    search = explore_url.address(wanted)
    return WATCH + (search or f"?scenario={quote(experiment.scenario)}")
