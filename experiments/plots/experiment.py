"""Plot a measure over the levels of a factor, with lines for a second and panels for a third."""

import textwrap
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from experiments.factorial.contrasts import Contrasts, Effect
from experiments.factorial.experiment import Factor, Picture
from experiments.measures import MEASURES
from experiments.plots import style
from model.arrays import Array

ROOM, WIDE = 104, 122  # characters of a subtitle in one line, and in each of two lines
LINES = (
    (style.BLUE, "o", "-"),
    (style.VERMILION, "s", "--"),
    (style.GREEN, "^", "-."),
    (style.INK, "D", ":"),
    (style.PINK, "v", "-"),
    (style.AMBER, "P", "--"),
)  # markers and line styles differ too
LEFT, RIGHT, BETWEEN = 0.085, 0.975, 0.03  # shares of the figure's width
DODGE = 0.07  # share of the distance between levels, so that intervals do not overlap
TOP, FOOT = 0.825, 0.215  # of the panels, as shares of the figure's height
NAMES = {"values.cost_scale": "cost scale", "talks.window": "window (talk-weeks)"}


class Line(NamedTuple):
    """Effects over the levels of a factor; None if no cell has the level."""

    label: str
    effects: list[Effect | None]


def picture(contrasts: Contrasts, drawn: Picture, caption: str) -> Figure:
    """Draw one picture of an experiment.

    Thick lines: all contexts together, with the 95 % interval. Thin lines: each context. They show
    how much the dominant assumptions change the measure, and whether they reverse an effect.
    """
    factors, measure = contrasts.experiment.factors, MEASURES[drawn.measure]
    panels = [level.label for level in factors[drawn.panel].levels] if drawn.panel else [""]
    over, by = factors[drawn.over], factors[drawn.by] if drawn.by else None
    lines = {panel: _lines(contrasts, drawn, panel) for panel in panels}
    figure = style.canvas(measure.title, _subtitle(factors, drawn), caption)
    ends = _ends([line for every in lines.values() for line in every])
    width = (RIGHT - LEFT - BETWEEN * (len(panels) - 1)) / len(panels)
    top = TOP - (0.035 if by else 0.0) - (0.075 if drawn.panel else 0.0)
    for place, panel in enumerate(panels):
        left = LEFT + place * (width + BETWEEN)
        axes = style.panel(figure, left, FOOT, width, top - FOOT)
        _draw(axes, lines[panel])
        _scale(axes, over, width, ends, first=place == 0)
        if drawn.panel:
            words = f"{factors[drawn.panel].title}: {panel}"
            words = textwrap.fill(words, _letters(width, style.TEXT), max_lines=2)
            axes.set_title(words, fontsize=style.TEXT, weight="bold", color=style.INK, loc="left")
    figure.axes[0].set_ylabel(textwrap.fill(measure.unit, 36), fontsize=style.TEXT, color=style.INK)
    middle = (LEFT + RIGHT) / 2
    figure.text(middle, 0.125, over.title, fontsize=style.TEXT, color=style.INK, ha="center")
    _legend(figure, by, next((every for every in lines.values() if every), []), contrasts)
    return figure


def caption(contrasts: Contrasts, seed: int) -> str:
    """Return the caption of the figures of an experiment: scenario, seed, worlds and contexts."""
    contexts = " × ".join(
        f"{NAMES.get(name, name)} {', '.join(f'{value:g}' for value in values)}"
        for name, values in _levels(contrasts).items()
    )
    where = style.source(contrasts.experiment.scenario, seed, contrasts.worlds)
    return (
        f"{where} in each cell and context, all with the same random numbers\n"
        f"{len(contrasts.contexts)} contexts: {contexts}; numbers are assumptions"
    )


def _levels(contrasts: Contrasts) -> dict[str, list[float]]:
    return {
        name: sorted({context[name] for context in contrasts.contexts})
        for name in contrasts.contexts[0]
    }


def _subtitle(factors: Mapping[str, Factor], drawn: Picture) -> str:
    held = "; ".join(f"{factors[key].title}: {label}" for key, label in drawn.given)
    if held:
        words = f"Fixed: {held}"
        return words if len(words) <= ROOM else textwrap.fill(words, WIDE)
    return (
        "Intervals of the means; differences (see findings) are more precise: same random numbers"
    )


def _lines(contrasts: Contrasts, drawn: Picture, panel: str) -> list[Line]:
    """Return the lines of one panel; a combination without a cell leaves a gap."""
    factors = contrasts.experiment.factors
    found = []
    for label in [level.label for level in factors[drawn.by].levels] if drawn.by else [""]:
        given = dict(drawn.given)
        given |= {drawn.by: label} if drawn.by else {}
        given |= {drawn.panel: panel} if drawn.panel else {}
        effects = [
            _effect(contrasts, drawn.measure, given | {drawn.over: level.label})
            for level in factors[drawn.over].levels
        ]
        if any(effects):
            found.append(Line(label, effects))
    return found


def _effect(contrasts: Contrasts, measure: str, given: dict[str, str]) -> Effect | None:
    has = any(all(cell[key] == label for key, label in given.items()) for cell in contrasts.cells)
    return contrasts.level(measure, given) if has else None


def _ends(lines: Sequence[Line]) -> tuple[float, float]:
    """Return the limits of the vertical axis: the range of the data with a margin."""
    values = [
        value
        for line in lines
        for effect in line.effects
        if effect is not None
        for value in (*effect.all, *(one.estimate for one in effect.each))
    ]
    finite = np.array([value for value in values if np.isfinite(value)])
    if finite.size == 0:
        return 0.0, 1.0
    low, high = float(finite.min()), float(finite.max())
    air = 0.08 * (high - low) or 0.5
    return (0.0 if 0.0 <= low < 0.3 * high else low - air), high + air


def _draw(axes: Axes, lines: Sequence[Line]) -> None:
    for place, (line, (colour, mark, stroke)) in enumerate(zip(lines, LINES, strict=False)):
        shift = DODGE * (place - (len(lines) - 1) / 2)
        there = [(at, effect) for at, effect in enumerate(line.effects) if effect is not None]
        across = np.array([at for at, _ in there]) + shift
        for context in range(len(there[0][1].each)):
            thin = [effect.each[context].estimate for _, effect in there]
            axes.plot(across, thin, color=colour, linewidth=1.1, alpha=0.32, zorder=1)
        middle, low, high = np.array([effect.all for _, effect in there]).T
        axes.errorbar(
            across,
            middle,
            yerr=_spread(middle, low, high),
            color=colour,
            marker=mark,
            markersize=10,
            linestyle=stroke,
            linewidth=3,
            elinewidth=2.2,
            capsize=6,
            capthick=2.2,
            markeredgecolor="white",
            zorder=3,
        )


def _spread(middle: Array, low: Array, high: Array) -> Array:
    return np.nan_to_num(np.stack([middle - low, high - middle]))


def _scale(axes: Axes, over: Factor, width: float, ends: tuple[float, float], first: bool) -> None:
    number = len(over.levels)
    letters = max(5, _letters(width / number, style.SMALL))
    words = [textwrap.fill(level.label, letters, break_long_words=False) for level in over.levels]
    axes.set_xticks(range(number), words)
    axes.set_xlim(-0.45, number - 0.55)
    axes.set_ylim(*ends)
    axes.grid(axis="y", color=style.PALE)
    if not first:
        axes.tick_params(labelleft=False)


def _letters(width: float, size: float) -> int:
    """Return how many characters of a font size fit into a share of the figure's width."""
    return max(1, int(width * style.WIDTH * 72 / (0.6 * size)))


def _legend(figure: Figure, by: Factor | None, lines: Sequence[Line], contrasts: Contrasts) -> None:
    """Add a legend row for the lines, and another for thick and thin."""
    contexts: list[Artist] = [
        Line2D([], [], color=style.GREY, lw=3, label="all contexts together, 95 % interval"),
        Line2D(
            [], [], color=style.GREY, lw=1.2, label=f"each of {len(contrasts.contexts)} contexts"
        ),
    ]
    rows = [("", contexts)]
    if by:
        rows.append((f"{by.title}:", [_key(*each) for each in zip(lines, LINES, strict=False)]))
    for place, (words, marks) in enumerate(rows):
        height = TOP + 0.028 - 0.035 * place
        title = figure.text(0.03, height, words, fontsize=style.SMALL, color=style.INK, va="center")
        title.set_fontweight("bold")
        wide = title.get_window_extent().width / figure.bbox.width if words else 0.0
        figure.legend(
            handles=marks,
            loc="center left",
            bbox_to_anchor=(0.03 + wide + (0.01 if words else 0.0), height),
            ncols=len(marks),
            frameon=False,
            fontsize=style.SMALL,
            labelcolor=style.INK,
            columnspacing=1.4,
            handletextpad=0.5,
            borderaxespad=0.0,
            borderpad=0.0,
        )


def _key(line: Line, style: tuple[str, str, str]) -> Line2D:
    colour, mark, stroke = style
    words = textwrap.shorten(line.label, 34, placeholder=" …")
    return Line2D(
        [], [], color=colour, marker=mark, ls=stroke, lw=3, ms=9, mec="white", label=words
    )
