"""Plot the influence graph: the sides left and right, intermediaries in the middle."""

import textwrap
from collections.abc import Sequence
from typing import Any, NamedTuple

import networkx as nx
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.markers import MarkerStyle
from matplotlib.patches import FancyArrowPatch
from matplotlib.path import Path

from experiments.plots import style


class Mark(NamedTuple):
    """How a kind of agent is drawn: its marker, the marker's size in points, and its column.

    The column is for the first side, as a share of the figure's width. The second side is mirrored.
    """

    marker: str
    size: int
    column: float


# How each kind is drawn, defined only here; the app's graph draws the same marks.
MARKS = {
    "leader": Mark("*", 30, 0.43),
    "adviser": Mark("o", 17, 0.33),
    "analyst": Mark("D", 14, 0.245),
    "intermediary": Mark("h", 19, 0.5),
    "constituency": Mark("s", 16, 0.165),
}
LOWEST, HIGHEST = 0.19, 0.89  # ends of a column; below it, the row of nodes without a side
FOOT = 0.07


class Spot(NamedTuple):
    """The position of a node, as shares of the figure."""

    x: float
    y: float


def influence_graph(
    graph: "nx.DiGraph[Any]", sides: Sequence[str], titles: Sequence[str], caption: str
) -> Figure:
    """Draw the graph: colour is the side, shape the kind, line width the weight of an edge.

    graph: nodes with title, side, kind; edges speaker -> listener with weight. sides: the keys of
    the two sides; nodes of any other side are drawn at the bottom.
    """
    figure = style.canvas(
        "Who listens to whom",
        "Arrows point from the speaker to the listener; wider arrows have more weight",
        caption,
    )
    axes = figure.add_axes((0.0, 0.06, 1.0, 0.82))
    axes.set_axis_off()
    axes.set_xlim(0, 1)
    axes.set_ylim(-0.03, 1.0)
    spots = layout(graph, sides)
    colours = {key: _colour(graph.nodes[key]["side"], sides) for key in graph}
    heaviest = max((data["weight"] for *_, data in graph.edges(data=True)), default=1.0) or 1.0
    for speaker, listener, data in sorted(graph.edges(data=True), key=lambda edge: edge[:2]):
        _arrow(axes, spots[speaker], spots[listener], colours[speaker], data["weight"] / heaviest)
    for key, spot in spots.items():
        kind = graph.nodes[key]["kind"]
        axes.plot(
            *spot,
            marker=MARKS[kind].marker,
            markersize=MARKS[kind].size,
            color=colours[key],
            markeredgecolor="white",
            markeredgewidth=1.5,
            zorder=3,
        )
        _label(axes, spot, graph.nodes[key]["title"], kind)
    for side, title in enumerate(titles):
        axes.text(
            0.03 + 0.94 * side,
            0.975,
            title,
            fontsize=style.TEXT + 2,
            weight="bold",
            color=style.SIDES[side],
            ha="right" if side else "left",
            va="center",
        )
    _legend(axes, {graph.nodes[key]["kind"] for key in graph})
    return figure


def outline(mark: Mark, scale: float) -> str:
    """Return a mark as an SVG path around its centre; scale: pixels per point.

    >>> outline(Mark("s", 2, 0.0), 1.0)
    'M-1.0 1.0L1.0 1.0L1.0 -1.0L-1.0 -1.0z'
    """
    style = MarkerStyle(mark.marker)
    path = style.get_path().transformed(style.get_transform())
    letters = {Path.MOVETO: "M", Path.LINETO: "L", Path.CURVE4: "C", Path.CLOSEPOLY: "z"}
    parts = []
    for points, code in path.iter_segments():
        pairs = mark.size * scale * points.reshape(-1, 2) * (1, -1)
        told = " ".join(f"{x:.1f} {y:.1f}" for x, y in pairs + 0.0)
        parts.append("z" if code == Path.CLOSEPOLY else letters[code] + told)
    return "".join(parts)


def layout(graph: "nx.DiGraph[Any]", sides: Sequence[str]) -> dict[Any, Spot]:
    """Return the position of every node: a column per kind, always the same for the same graph."""
    groups: dict[tuple[str, int], list[Any]] = {}
    for key in sorted(graph, key=str):
        node = graph.nodes[key]
        side = sides.index(node["side"]) if node["side"] in sides else len(sides)
        groups.setdefault((node["kind"], side), []).append(key)
    spots: dict[Any, Spot] = {}
    for (kind, side), keys in groups.items():
        if side >= len(sides):
            spots |= {
                key: Spot(0.3 + 0.4 * share, FOOT)
                for key, share in zip(keys, _spread(len(keys)), strict=True)
            }
            continue
        low, high = LOWEST, HIGHEST
        if kind == "analyst":  # between the advisers, so that their names do not overlap
            gap = (HIGHEST - LOWEST) / max(1, len(groups.get(("adviser", side), [])) - 1)
            low, high = LOWEST + gap / 2, HIGHEST - gap / 2
        elif kind == "intermediary":  # the first side's above the leaders, the second's below
            low, high = ((0.66, 0.84), (LOWEST, 0.37))[side]
        column = MARKS[kind].column if side == 0 else 1 - MARKS[kind].column
        spots |= {
            key: Spot(column, low + (high - low) * share)
            for key, share in zip(keys, _spread(len(keys)), strict=True)
        }
    return spots


def _spread(count: int) -> list[float]:
    """Return `count` positions from top to bottom, a single one in the middle.

    >>> _spread(1), _spread(3)
    ([0.5], [1.0, 0.5, 0.0])
    """
    return [0.5] if count == 1 else [float(place) for place in np.linspace(1, 0, count)]


def _colour(side: str, sides: Sequence[str]) -> str:
    return style.SIDES[sides.index(side)] if side in sides else style.OBSERVER


def _arrow(axes: Axes, start: Spot, end: Spot, colour: str, weight: float) -> None:
    """Draw an edge, curved so that opposite edges, and edges in one column, do not overlap."""
    bend = 0.28 if abs(start.x - end.x) < 0.01 else 0.08
    axes.add_patch(
        FancyArrowPatch(
            start,
            end,
            connectionstyle=f"arc3,rad={bend}",
            arrowstyle="-|>",
            shrinkA=10,
            shrinkB=14,
            mutation_scale=9 + 9 * weight,
            linewidth=0.9 + 4.1 * weight,
            color=colour,
            alpha=0.4 + 0.3 * weight,
            zorder=1,
        )
    )


def _label(axes: Axes, spot: Spot, title: str, kind: str) -> None:
    """Write a node's name: beside the outer columns, below all other nodes."""
    if kind == "constituency" and spot.y > FOOT:
        left = spot.x < 0.5
        axes.text(
            spot.x + (-0.014 if left else 0.014),
            spot.y,
            textwrap.fill(title, 17),
            fontsize=style.SMALL,
            color=style.INK,
            ha="right" if left else "left",
            va="center",
            zorder=4,
            linespacing=0.95,
        )
        return
    leader = kind == "leader"
    axes.text(
        spot.x,
        spot.y - (0.042 if leader else 0.03),
        textwrap.fill(title, 9 if leader else 18, break_long_words=False),
        fontsize=style.SMALL,
        color=style.INK,
        ha="center",
        va="top",
        zorder=4,
        linespacing=0.95,
        weight="bold" if leader else "normal",
        bbox={"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 0.8},
    )


def _legend(axes: Axes, kinds: set[str]) -> None:
    marks = [
        Line2D(
            [],
            [],
            marker=MARKS[kind].marker,
            markersize=min(MARKS[kind].size, 15),
            color=style.GREY,
            linestyle="none",
            label=kind,
        )
        for kind in MARKS
        if kind in kinds
    ]
    axes.legend(
        handles=marks,
        loc="lower center",
        bbox_to_anchor=(0.5, 0.93),
        ncols=len(marks),
        fontsize=style.SMALL,
        frameon=False,
        labelcolor=style.INK,
        columnspacing=1.4,
        handletextpad=0.3,
    )
