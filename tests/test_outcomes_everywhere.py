"""Every declared outcome appears in every table, figure and page, so that shares sum to 100 %."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from app.explore import figures
from app.explore.findings import Findings
from app.lab.batch import Batch
from app.style import variables
from app.watch.picks import picks
from experiments.engine import Run, simulate
from experiments.factorial.sweep import DOMINANT, cell_shares, dominant, swept
from experiments.measures import shares_of_outcomes
from experiments.plots.gallery import gallery
from experiments.plots.outcomes import outcomes as outcomes_figure
from experiments.statistics import shares
from experiments.summary import outcome_section
from model.outcomes import OUTCOMES, outcome_keys, ranked
from tests.added_outcome import COLOUR, DARK, KEY, drawn

ROOT = Path(__file__).parents[1]
TITLE = "Scorched earth"
PLACES = [
    "outcomes figure", "Explore", "Explore, PNG", "Explore, differences",
    "CSV", "measures", "measures by name", "comparison", "comparison, moved", "sensitivity",
    "ablation", "laboratory",
]  # fmt: skip
EACH = 20  # worlds of the made run that end in each outcome


@pytest.fixture(scope="module")
def run() -> Run:
    """Return a run in which every declared outcome occurs in the same number of worlds."""
    run = simulate("february_2025", EACH * len(OUTCOMES), record=("tariff", "trust", "approval"))
    return replace(run, outcomes=run.outcomes.assign(outcome=outcome_keys() * EACH))


@pytest.fixture(scope="module")
def cells(run: Run) -> pd.DataFrame:
    return cell_shares(swept(run.scenario, dominant(run.scenario), 4, 1), list(DOMINANT))


@pytest.fixture(scope="module")
def added(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return what is shown of a run with one more outcome, which a process of its own declares."""
    command = [sys.executable, "-m", "tests.added_outcome", str(tmp_path_factory.mktemp("added"))]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    shown: dict[str, Any] = json.loads(done.stdout)
    return shown


def percentages(text: str) -> dict[str, float]:
    """Return the shares in the last table of outcomes in a text: `name  count  12.3 %`."""
    found: dict[str, float] = {}
    table = text[text.rindex("How the talks end") :].partition("any agreement")[0]
    for line in table.splitlines():
        match = re.match(r"^\W*([a-z][a-z ]+[a-z])\W+[\d,]+\W+([\d.]+) %", line)
        if match:
            found.setdefault(match[1].strip(), float(match[2]))
    return found


class TestEveryOutcomeOfARun:
    """A run that contains every declared outcome."""

    def test_the_table_of_the_main_job(self, run: Run, cells: pd.DataFrame) -> None:
        rows = {row[0]: row for row in outcome_section(run, cells).rows}
        assert set(rows) == {*outcome_keys(), "any agreement"}
        sizes = [int(rows[key][1]) for key in outcome_keys()]
        assert sizes == [EACH] * len(OUTCOMES)

    def test_the_bars_of_the_figure(self, run: Run, cells: pd.DataFrame) -> None:
        axes = gallery(run, cells)["outcomes"]().axes[0]
        assert drawn(axes) == pytest.approx([100 / len(OUTCOMES)] * len(OUTCOMES))
        labels = [label.get_text().replace("\n", " ") for label in axes.get_yticklabels()]
        assert labels == [outcome.title for outcome in ranked()]

    def test_a_figure_without_an_outcome_is_not_drawn(self, run: Run) -> None:
        table = shares(run.outcomes["outcome"], outcome_keys())
        with pytest.raises(ValueError, match="must be the declared ones"):
            outcomes_figure(table.drop("truce"), "")
        with pytest.raises(ValueError, match="must be the declared ones"):
            outcomes_figure(table.rename({"truce": "armistice"}), "")

    def test_the_bars_of_explore(self, run: Run) -> None:
        assert run.weeks is not None
        bars = figures.bars(Findings(run.scenario, run.seed, run.outcomes, {}))
        own = [bar for bar in bars if not bar["apart"]]
        assert [bar["name"] for bar in own] == [outcome.title for outcome in ranked()]
        assert sum(bar["share"] for bar in own) == pytest.approx(100)
        for bar in bars:
            assert variables().count(f"{bar['colour'][4:-1]}: #") == 2, "light and dark"

    def test_the_measures(self, run: Run) -> None:
        counted = np.array([one.of(run.outcomes) for one in shares_of_outcomes().values()])
        assert (counted.sum(axis=0) == 100).all()
        assert ((counted > 0).sum(axis=0) == 1).all()

    def test_the_lists_of_worlds(self, run: Run) -> None:
        batch = Batch(run.outcomes.assign(point=0, stream=0), [], [], {}, lambda *_: "")
        ends = batch.ends(0, 0)
        assert [row["outcome"] for row in ends] == [outcome.title for outcome in OUTCOMES]
        assert {outcome.title for outcome in OUTCOMES} <= {
            pick.name for pick in picks(run.outcomes)
        }


class TestAnAddedOutcome:
    """An outcome that is declared at run time and occurs in about 5 % of the worlds."""

    def test_it_occurs(self, added: dict[str, Any]) -> None:
        assert 2 <= added["share"] <= 10

    @pytest.mark.parametrize("place", PLACES)
    def test_shares_sum_to_one_hundred(self, added: dict[str, Any], place: str) -> None:
        values = added["shares"][place]
        assert sum(values) == pytest.approx(100, abs=0.4 if "differences" in place else 1e-6)
        assert any(value == pytest.approx(added["share"], abs=0.06) for value in values)

    def test_every_place_is_checked(self, added: dict[str, Any]) -> None:
        assert sorted(added["shares"]) == sorted(PLACES)

    @pytest.mark.parametrize("text", ["terminal", "summary"])
    def test_tables_in_words(self, added: dict[str, Any], text: str) -> None:
        table = percentages(added["texts"][text])
        assert set(table) == {*outcome_keys(), KEY}
        assert sum(table.values()) == pytest.approx(100, abs=0.4)
        assert table[KEY] == pytest.approx(added["share"], abs=0.06)

    def test_the_report(self, added: dict[str, Any]) -> None:
        page = re.sub(r"<[^>]+>", "\n", added["texts"]["report"])
        lines = [line.strip() for line in page.splitlines() if line.strip()]
        shown = {}
        for key in (*outcome_keys(), KEY):
            row = lines.index(key)
            shown[key] = float(lines[row + 2].replace("\xa0", " ").removesuffix(" %"))
        assert sum(shown.values()) == pytest.approx(100, abs=0.4)

    def test_chronicles_worlds_to_watch_and_colours(self, added: dict[str, Any]) -> None:
        assert f": {KEY}\n" in added["texts"]["chronicles"]
        assert TITLE in added["picks"]
        assert f"--end-scorched-earth: {COLOUR};" in added["texts"]["css"]
        assert f"--end-scorched-earth: {DARK};" in added["texts"]["css"]
