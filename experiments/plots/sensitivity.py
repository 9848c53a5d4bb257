"""Plot which parameters matter: total and first-order indices with intervals, or screening."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.plots import style

MOST = 10  # parameters that a figure has room for


def tornado(table: pd.DataFrame, title: str, caption: str, free: bool) -> Figure:
    """Draw total and first-order Sobol indices of a measure, the largest total first.

    table: rows by parameter with total, first (and total_free, first_free, drawn if `free`), each
    with _low and _high; hollow marks then show indices that still include random variation.
    """
    mark = "_free" if free else ""
    has_total = "total" in table
    leading = ("total" if has_total else "first") + mark
    shown = table.sort_values(leading, ascending=False, kind="stable").head(MOST)
    figure = style.canvas(
        f"What matters most: {title}",
        "Share of the variance of the expected outcome that is due to each parameter",
        caption,
    )
    axes = style.panel(figure, 0.27, 0.17, 0.69, 0.69)
    if has_total:
        _bars(axes, shown, f"total{mark}", -0.19, style.BLUE, "total: with its interactions")
    _bars(axes, shown, f"first{mark}", 0.19 * has_total, style.AMBER, "first order: on its own")
    if free:
        places = [place - 0.19 * has_total for place in range(len(shown))]
        axes.plot(
            shown["total" if has_total else "first"],
            places,
            "D",
            markersize=7,
            markerfacecolor="white",
            markeredgecolor=style.INK,
            label=f"{'total' if has_total else 'first order'}, including random variation",
        )
    _rows(axes, list(shown.index))
    axes.set_xlim(min(0.0, axes.get_xlim()[0]), max(1.0, axes.get_xlim()[1]))
    axes.axvline(0.0, color=style.INK, linewidth=1)
    axes.set_xlabel("share of the variance, with 95 % interval", fontsize=style.TEXT)
    style.legend(axes)
    return figure


def screening(table: pd.DataFrame, title: str, unit: str, caption: str) -> Figure:
    """Draw Morris's mean absolute effects against their spread, and mark those that may be noise.

    table: rows by parameter with mu_star and sigma, each with _low and _high, and noise.
    """
    figure = style.canvas(
        f"Screening: {title}",
        "Right: the parameter matters. Top: its effect depends on the others, or changes sign",
        caption,
    )
    axes = style.panel(figure, 0.09, 0.17, 0.87, 0.69)
    seen = table["mu_star_low"] > table["noise"].fillna(0.0)
    _points(axes, table[seen], style.BLUE, "a parameter, with 95 % intervals")
    _points(axes, table[~seen], "white", "not distinguishable from random variation")
    _names(axes, (table[seen] if seen.any() else table).nlargest(MOST, "mu_star"))
    axes.set_xlim(0.0, 1.18 * float(table["mu_star_high"].max()) or 1.0)
    axes.set_ylim(0.0, 1.1 * float(table["sigma_high"].max()) or 1.0)
    step = "over the whole range of a parameter"
    axes.set_xlabel(f"mean absolute change {step} ({unit})", fontsize=style.TEXT)
    axes.set_ylabel(f"spread of this change ({unit})", fontsize=style.TEXT)
    axes.grid(color=style.PALE, alpha=0.6)
    style.legend(axes)
    return figure


def _points(axes: Axes, table: pd.DataFrame, fill: str, label: str) -> None:
    bars = [
        [table[name] - table[f"{name}_low"], table[f"{name}_high"] - table[name]]
        for name in ("mu_star", "sigma")
    ]
    axes.errorbar(
        table["mu_star"],
        table["sigma"],
        xerr=bars[0],
        yerr=bars[1],
        fmt="o",
        color=style.BLUE,
        markerfacecolor=fill,
        ecolor=style.PALE,
        markersize=9,
        label=label,
    )


def _names(axes: Axes, table: pd.DataFrame) -> None:
    """Write names beside points, from the top down, without overlap."""
    gap, reach = 0.045 * float(table["sigma_high"].max()), 0.3 * float(table["mu_star_high"].max())
    written: list[tuple[float, float]] = []
    for name, row in table.sort_values("sigma", ascending=False).iterrows():
        place, beside = float(row["sigma"]), float(row["mu_star"])
        for other, at in written:
            if abs(at - beside) < reach:
                place = min(place, other - gap)
        written.append((place, beside))
        axes.annotate(
            str(name),
            (beside, place),
            (10, 0),
            fontsize=style.SMALL,
            color=style.INK,
            va="center",
            textcoords="offset points",
        )


def _bars(
    axes: Axes, table: pd.DataFrame, name: str, shift: float, colour: str, label: str
) -> None:
    places = [place + shift for place in range(len(table))]
    axes.barh(places, table[name], height=0.36, color=colour, label=label)
    ends = [table[name] - table[f"{name}_low"], table[f"{name}_high"] - table[name]]
    axes.errorbar(
        table[name], places, xerr=ends, fmt="none", ecolor=style.INK, capsize=4, linewidth=1.5
    )


def _rows(axes: Axes, names: list[str]) -> None:
    axes.set_yticks(range(len(names)), names, fontsize=style.SMALL)
    axes.set_ylim(len(names) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color=style.PALE)
