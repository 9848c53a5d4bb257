"""Build the five figures of the main job by name, from a run and its sweep."""

from collections.abc import Callable

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from experiments.engine import Run, build, simulate
from experiments.factorial.sweep import PRIVATE, ranges
from experiments.plots import style
from experiments.plots.agreed import Track, agreed
from experiments.plots.influence_graph import influence_graph
from experiments.plots.outcomes import outcomes
from experiments.plots.tariffs import tariffs
from experiments.plots.utility_plane import utility_plane
from experiments.statistics import shares
from model.arrays import Array
from model.outcomes import deal_keys, outcome_keys
from model.schema.scenario import Scenario

OFF_NAMED = 3  # a caption names at most this many switched-off mechanisms
PLANE_WORLDS = 200  # worlds simulated for the utility plane


def gallery(run: Run, cells: pd.DataFrame) -> dict[str, Callable[[], Figure]]:
    """Return the drawing function of each figure by name; nothing is drawn until it is called.

    run: with the tariff recorded; cells: the outcome shares in each cell of its sweep.
    """
    if run.weeks is None or "tariff" not in run.weeks:
        raise ValueError("the figures need a run with its tariff recorded by week")
    tariff, setting = run.weeks["tariff"], run.scenario
    sides, titles = list(setting.sides), [side.title for side in setting.sides.values()]
    caption = style.source(setting.name, run.seed, len(run.outcomes))
    limit = f"{_off(setting)}; numbers are assumptions"
    cell_worlds = int(cells["worlds"].max())
    number = int(cells["worlds"].sum() // cell_worlds // cells["outcome"].nunique())
    figures = {
        "outcomes": lambda: outcomes(
            shares(run.outcomes["outcome"], outcome_keys()),
            f"{caption}; sweep: cost scale × window × talk rate, "
            f"{number} cells of {cell_worlds:,} worlds\n{limit}",
            ranges(cells),
        ),
        "tariffs": lambda: tariffs(tariff, setting.start, titles, f"{caption}\n{limit}"),
        "agreed": lambda: agreed(tracks(run), titles, caption),
        "utility_plane": lambda: utility_plane(
            *central_worths(setting, run.seed),
            titles,
            f"Scenario {setting.name} · seed {run.seed} · {PLANE_WORLDS:,} worlds with issue "
            "values and resolve at their centres; medians",
            build(setting).store["bend"][:, :, 0],
        ),
        "influence_graph": lambda: influence_graph(
            build(setting).graph, sides, titles, f"Scenario {setting.name}"
        ),
    }
    if not tariff.any():  # a scenario without tariffs
        del figures["tariffs"]
    return figures


def _off(setting: Scenario) -> str:
    """Return the caption text on switched-off mechanisms, by name only if they are few."""
    few = len(setting.off) <= OFF_NAMED
    names = ", ".join(setting.off) if few else f"{len(setting.off)} mechanisms"
    return f"Switched off: {names}" if setting.off else "All mechanisms on"


def tracks(run: Run) -> list[Track]:
    """Return the levels of each issue in the agreements of a run."""
    sides = list(run.scenario.sides)
    return [
        Track(
            issue.title,
            sides.index(issue.owner),
            issue.amount,
            issue.unit,
            run.outcomes[f"agreed_{key}"].dropna().to_numpy(dtype=np.float64),
        )
        for key, issue in run.scenario.issues.items()
    ]


def central_worths(setting: Scenario, seed: int) -> tuple[Array, Array, Array]:
    """Return gains (2, K), reservation (2,) and agreements (n, 2) of worlds without private draws.

    In the run itself, each world has its own frontier. Here, issue values and resolve are at their
    centres, so one frontier is enough. Gains and reservation values are medians over the worlds
    whose only deal is in force, each in the week of its deal; if there are none, over all worlds
    in the last week.
    """
    flat = {name: np.zeros(PLANE_WORLDS) for name in PRIVATE}
    run = simulate(setting, PLANE_WORLDS, seed, flat, record=("gains", "reservation"))
    if run.weeks is None:
        raise ValueError("nothing was recorded")
    signed = run.outcomes["outcome"].isin(deal_keys()) & (run.outcomes["deals"] == 1.0)
    found = run.outcomes[signed]  # worth and week of a world's only deal, still in force
    if found.empty:
        chosen = run.weeks.isel(week=-1)
    else:
        week = found["agreement_week"].to_xarray().astype(int)
        chosen = run.weeks.sel(world=found.index.to_numpy()).sel(week=week)
    middle = chosen.median("world")
    names = [f"utility_{side.lower()}" for side in setting.sides]
    return (
        middle["gains"].transpose("side", "issue").to_numpy(),
        middle["reservation"].to_numpy(),
        found[names].to_numpy(dtype=np.float64),
    )
