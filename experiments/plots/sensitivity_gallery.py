"""Build the figures of a sensitivity study by name, from its analysis."""

from collections.abc import Callable
from functools import partial

import pandas as pd
from matplotlib.figure import Figure

from experiments.plots.convergence import narrowing
from experiments.plots.regions import regions_figure
from experiments.plots.sensitivity import screening, tornado
from experiments.sensitivity.analysis import TITLES, Analysis
from experiments.sensitivity.designs import MORRIS
from experiments.sensitivity.sections import WANTED, shown


def sensitivity_gallery(found: Analysis) -> dict[str, Callable[[], Figure]]:
    """Return the drawing function of each figure by name; nothing is drawn until it is called."""
    figures: dict[str, Callable[[], Figure]] = {}
    for name in shown(found):
        figures[_file("decides", name)] = partial(_deciding, found, name)
        if name in found.regions and found.regions[name].tells:
            figures[_file("regions", name)] = partial(
                regions_figure, found.regions[name], found.measures[name].title, caption(found)
            )
    if not _widest(found).empty:
        figures["convergence"] = partial(_narrowing, found)
    return figures


def caption(found: Analysis) -> str:
    """Return the caption: the origin of a figure, and that its ranges are assumptions."""
    design = found.design
    points = len(design.points)
    return (
        f"Scenario {found.scenario.name} · seed {design.seed} · {points:,} design points x "
        f"{found.worlds} worlds = {points * found.worlds:,} worlds\n"
        "Means over the worlds of a point, with the same random numbers at all points; parameter "
        "ranges are assumptions"
    )


def _deciding(found: Analysis, name: str) -> Figure:
    measure = found.measures[name]
    if found.design.method == MORRIS:
        return screening(found.of(name), measure.title, measure.unit, caption(found))
    free = found.leading.endswith("_free")
    return tornado(found.of(name), measure.title, caption(found), free)


def _narrowing(found: Analysis) -> Figure:
    relative = found.design.method == MORRIS  # units differ: shares of the largest effect
    unit = "of the largest effect" if relative else "share of the variance"
    title = f"Convergence: widest interval, {TITLES[found.leading]}"
    table = _widest(found)
    return narrowing(table, "measure", "samples", title, unit, caption(found), WANTED)


def _widest(found: Analysis) -> pd.DataFrame:
    """Return the half-width of the widest interval of each measure shown, by samples."""
    if found.convergence.empty:
        return found.convergence
    table = found.convergence.dropna(subset=["half"])
    if found.design.method == MORRIS:
        top = table.groupby("measure")["estimate"].transform("max")
        table = table.assign(half=table["half"] / top)
    widest = table.groupby(["measure", "samples"], sort=False)["half"].max().reset_index()
    return widest[widest["measure"].isin(shown(found)) & (widest["half"] > 0.0)]


def _file(kind: str, measure: str) -> str:
    return f"{kind}_{measure.replace(',', '').replace(' ', '_').lower()}"
