"""Edge cases of URLs and lessons: too many changes, results with changes, missing numbers."""

import itertools
from pathlib import Path

import pytest

from app.inputs import explore_url, results_index
from app.inputs.scenario_store import ScenarioStore
from app.lessons import drawing
from app.lessons.drawing import ticks
from app.lessons.measuring import Answer
from app.lessons.words import html
from app.watch.address import wanted_of
from experiments.engine import simulate
from experiments.results.folder import write_results
from tests.app.teaching import SMALL, lesson_of


def test_links_with_too_many_changes_keep_the_first_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(explore_url, "MOST_CHANGES", 1)
    opened = explore_url.read(
        "scenario=classroom&talks.rate=0.3&values.cost_scale=2", ScenarioStore()
    )
    assert opened.state.changes == (("talks.rate", 0.3),)
    assert "a link may change 1 values" in str(opened.problems[0])


def test_results_folders_ignore_the_changes_of_a_link(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(results_index.VARIABLE, str(tmp_path))
    write_results(simulate("classroom", 6, 4), tmp_path / "mine")
    wanted = wanted_of("results=mine&world=3&talks.rate=0.3", ScenarioStore())
    assert (wanted.results, wanted.world) == ("mine", 3)
    assert wanted.opened.state.changes == ()
    assert "has its own scenario and seed" in str(wanted.problems[0])


def test_external_links_open_in_a_new_tab_without_referrer() -> None:
    made, wrong = html("[out](https://example.org/) and [in](/explore?worlds=40)")
    assert not wrong
    assert made.count('rel="noopener noreferrer"') == made.count('target="_blank"') == 1


def test_a_check_without_pairs_of_worlds(tmp_path: Path) -> None:
    (check,) = lesson_of(SMALL, tmp_path).checks
    none = Answer("Week", "weeks", None, None, None, 0, 40, False)
    assert drawing.verdict(check, none) == [
        "No pair of worlds has this number in both states: there is no result."
    ]


@pytest.mark.parametrize(("low", "high"), [(-0.1, 0.9), (-4.9, 15.1), (0.26, 0.99), (-7.0, 0.0)])
def test_five_even_ticks_cover_all_values(low: float, high: float) -> None:
    row = {"outer": (low, high), "inner": (low, high), "mark": low, "ghost": None}
    positions = ticks("points", [row])
    assert len(positions) == 5
    assert positions[0] <= min(low, 0.0)
    assert positions[-1] >= max(high, 0.0)
    steps = [b - a for a, b in itertools.pairwise(positions)]
    assert steps == pytest.approx([steps[0]] * 4)
