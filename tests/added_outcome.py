"""Declare one more outcome, run the main job, and print as JSON the shares that every place shows.

`python -m tests.added_outcome FOLDER`, in a process of its own: modules read the declarations when
they are imported. test_outcomes_everywhere.py runs it and checks the shares.
"""

import json
import sys
from collections.abc import Mapping
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np

from model import outcomes

KEY, COLOUR, DARK = "scorched earth", "#8C510A", "#D8B365"
DIGITS = 9  # of 100, of which only worlds with a tariff that was changed have any
WORLDS, WEEKS = 200, 30


def declare() -> None:
    """Declare the outcome, before any module reads the declarations."""
    outcomes.OUTCOMES = (
        outcomes.Outcome(
            key=KEY,
            title="Scorched earth",
            definition="About one world in twenty, chosen by the digits of its tariff.",
            colour_light=COLOUR,
            colour_dark=DARK,
            is_deal=False,
            condition=lambda final: (np.floor(final.tariff * 1e7) % 100 - 40) // DIGITS == 0,
            rank=6,
        ),
        *outcomes.OUTCOMES,
    )


def drawn(axes: Any) -> list[float]:
    """Return the widths of the filled horizontal bars in axes, in percent."""
    from matplotlib.patches import Rectangle

    bars = [patch for patch in axes.patches if isinstance(patch, Rectangle) and patch.get_fill()]
    return [float(bar.get_width()) for bar in bars]


def in_figures(run: Any) -> dict[str, list[float]]:
    """Return the shares that the figure of the main job and the picture of Explore draw."""
    from app.explore import downloads, figures
    from app.explore.findings import findings_of, recorded
    from experiments.factorial.sweep import DOMINANT, cell_shares, dominant, swept
    from experiments.plots.gallery import gallery

    cells = cell_shares(swept(run.scenario, dominant(run.scenario), 4, 1), list(DOMINANT))
    shown = findings_of(run.scenario, run.seed, run.outcomes, recorded(run))
    return {
        "outcomes figure": drawn(gallery(run, cells)["outcomes"]().axes[0]),
        "Explore": [bar["share"] for bar in figures.bars(shown) if not bar["apart"]],
        "Explore, PNG": drawn(downloads.picture(shown, None, None).axes[0])[:-1],
        "Explore, differences": [
            float(row["after"].rstrip(" %"))
            for row in figures.changes(shown, shown)
            if row["name"] != "Any agreement"
        ],
    }


def in_tables(run: Any, folder: Path) -> dict[str, list[float]]:
    """Return the shares that tables, measures and lists show."""
    import pandas as pd

    from app.lab.batch import of_folder
    from experiments import ablation, measures
    from experiments.report import differences
    from experiments.report.folder import read_folder
    from experiments.results.folder import read_results
    from experiments.sensitivity.replicates import studied

    table = read_results(folder).outcomes
    text = pd.read_csv(StringIO(table.to_csv()))["outcome"].value_counts(normalize=True)

    def means(of: Mapping[str, Any]) -> list[float]:
        return [float(one.of(table).mean()) for one in of.values()]

    counted = [f"{name}, %" for name in outcomes.counted_together()]
    first = next(iter(run.scenario.sides))
    ends = of_folder(read_folder(folder), "x").ends(0, 0)
    moved = differences.transitions(folder, folder)
    return {
        "CSV": [100 * float(share) for share in text],
        "measures": means(measures.shares_of_outcomes()),
        "measures by name": means({n: measures.MEASURES[n] for n in outcomes.counted_together()}),
        "comparison": means(differences.outcome_measures()),
        "comparison, moved": [100 * float(moved.loc[k, k]) / len(table) for k in moved.index],
        "sensitivity": means(
            {name: one for name, one in studied(run.scenario).items() if name in moved.index}
        ),
        "ablation": [float(ablation.MEASURES[name](table, first).mean()) for name in counted],
        "laboratory": [100 * int(row["text"].split(" of ")[0]) / len(table) for row in ends],
    }


def words(folder: Path) -> dict[str, str]:
    """Return the texts that name outcomes: terminal, summary, report page, chronicles, CSS."""
    from app.style import variables
    from run import app

    out = StringIO()
    arguments = ["simulate", "february_2025", "--worlds", str(WORLDS), "--out", str(folder)]
    with redirect_stdout(out):
        app([*arguments, "--set", f"time.horizon={WEEKS}"], standalone_mode=False)
    return {
        "terminal": out.getvalue(),
        "summary": (folder / "summary.txt").read_text("utf-8"),
        "chronicles": (folder / "chronicles.txt").read_text("utf-8"),
        "report": (folder / "report.html").read_text("utf-8"),
        "css": variables(),
    }


def show(folder: Path) -> dict[str, Any]:
    """Return everything that is shown of a run in which the added outcome occurs."""
    from app.explore.findings import RECORD
    from app.watch.picks import picks
    from experiments.engine import simulate
    from model.schema.scenario import load_scenario

    texts = words(folder)
    scenario = load_scenario("february_2025", {"time.horizon": WEEKS})
    run = simulate(scenario, WORLDS, 1, record=RECORD)
    return {
        "share": 100 * float((run.outcomes["outcome"] == KEY).mean()),
        "shares": in_figures(run) | in_tables(run, folder),
        "picks": [pick.name for pick in picks(run.outcomes)],
        "texts": texts,
    }


if __name__ == "__main__":
    declare()
    sys.stdout.write(json.dumps(show(Path(sys.argv[1]))))
