"""Draw the share of each outcome as a bar, with its 95 % interval and its range in the sweep."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from experiments.plots import style
from model.arrays import Array
from model.outcomes import ranked

LONG = 10  # letters in a title from which it is set on two lines


def outcomes(shares: pd.DataFrame, caption: str, across: pd.DataFrame | None = None) -> Figure:
    """Draw the share of worlds in each outcome.

    shares: rows by outcome with share, low, high (`statistics.shares`), one for each declared
    outcome; across: the same rows with the lowest and highest share over the cells of the sweep.
    Raises ValueError if the rows are not the declared outcomes.
    """
    order = ranked()
    if set(shares.index) != {outcome.key for outcome in order}:
        raise ValueError(f"outcomes {sorted(shares.index)}: must be the declared ones")
    figure = style.canvas(
        "How the talks end",
        "Share of simulated worlds at the horizon; not a forecast: it depends on assumptions",
        caption,
    )
    axes = style.panel(figure, 0.19, 0.17, 0.66, 0.69)
    for row, outcome in enumerate(order):
        table = shares.loc[outcome.key, ["share", "low", "high"]]
        _bar(axes, row, 100 * table.to_numpy(dtype=float), outcome.colour_light)
        if across is not None:
            ends = 100 * across.loc[outcome.key, ["lowest", "highest"]].to_numpy(dtype=float)
            axes.plot(
                ends,
                [row + 0.37] * 2,
                color=style.GREY,
                linewidth=4,
                solid_capstyle="butt",
                label="range over the sweep (assumptions)" if row == 0 else None,
            )
    axes.set_yticks(range(len(order)), [_lines(one.title) for one in order], fontsize=style.TEXT)
    axes.set_ylim(len(order) - 0.4, -0.55)
    axes.set_xlim(0, 100)
    axes.set_xlabel("share of worlds (%)", fontsize=style.TEXT, color=style.INK)
    axes.grid(axis="x", color=style.PALE)
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    style.legend(axes)
    return figure


def _bar(axes: Axes, row: int, percent: Array, colour: str) -> None:
    """Draw one bar with its interval, and write the numbers beside it.

    percent: share and the two ends of its interval (3,).
    """
    share, low, high = percent
    axes.barh(row, share, height=0.52, color=colour)
    axes.errorbar(
        share,
        row,
        xerr=[[share - low], [high - share]],
        color=style.INK,
        capsize=6,
        linewidth=2,
        capthick=2,
        label="95 % interval (chance)" if row == 0 else None,
    )
    text, transform = f"{share:.1f} %\n{low:.1f} to {high:.1f}", axes.get_yaxis_transform()
    axes.text(
        1.02, row, text, fontsize=style.TEXT, color=style.INK, va="center", transform=transform
    )


def _lines(title: str) -> str:
    r"""Return a title on two lines if it is long.

    >>> _lines("Comprehensive deal"), _lines("Mini deal")
    ('Comprehensive\ndeal', 'Mini deal')
    """
    return title.replace(" ", "\n", 1) if len(title) > LONG else title
