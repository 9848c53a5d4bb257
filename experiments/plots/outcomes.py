"""Plot how the worlds end: a bar per outcome, with its 95 % interval and range over the sweep."""

import pandas as pd
from matplotlib.figure import Figure

from experiments.plots import style

NAMES = {
    "comprehensive deal": "Comprehensive\ndeal",
    "mini deal": "Mini deal",
    "truce": "Truce",
    "stalemate": "Stalemate",
    "escalated stalemate": "Escalated\nstalemate",
    "decoupled": "Decoupled",
}


def outcomes(shares: pd.DataFrame, caption: str, across: pd.DataFrame | None = None) -> Figure:
    """Draw the share of worlds in each outcome.

    shares: rows by outcome with share, low, high (`statistics.shares`); across: the same rows with
    lowest and highest share over the cells of the sweep. Shares always have an interval.
    """
    figure = style.canvas(
        "How the talks end",
        "Share of simulated worlds at the horizon; not a forecast: it depends on assumptions",
        caption,
    )
    axes = style.panel(figure, 0.19, 0.17, 0.66, 0.69)
    names = [name for name in NAMES if name in shares.index]
    for place, name in enumerate(names):
        share, low, high = 100 * shares.loc[name, ["share", "low", "high"]].to_numpy(dtype=float)
        axes.barh(place, share, height=0.52, color=style.OUTCOME[name])
        axes.errorbar(
            share,
            place,
            xerr=[[share - low], [high - share]],
            color=style.INK,
            capsize=6,
            linewidth=2,
            capthick=2,
            label="95 % interval (random variation)" if place == 0 else None,
        )
        if across is not None:
            least, most = 100 * across.loc[name, ["lowest", "highest"]].to_numpy(dtype=float)
            axes.plot(
                [least, most],
                [place + 0.37] * 2,
                color=style.GREY,
                linewidth=4,
                solid_capstyle="butt",
                label="range over the sweep (assumptions)" if place == 0 else None,
            )
        words, beside = f"{share:.1f} %\n{low:.1f} to {high:.1f}", axes.get_yaxis_transform()
        size, ink = style.TEXT, style.INK
        axes.text(1.02, place, words, fontsize=size, color=ink, va="center", transform=beside)
    axes.set_yticks(range(len(names)), [NAMES[name] for name in names], fontsize=style.TEXT)
    axes.set_ylim(len(names) - 0.4, -0.55)
    axes.set_xlim(0, 100)
    axes.set_xlabel("share of worlds (%)", fontsize=style.TEXT, color=style.INK)
    axes.grid(axis="x", color=style.PALE)
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    style.legend(axes)
    return figure
