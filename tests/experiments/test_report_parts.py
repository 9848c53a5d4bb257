"""Reports and comparisons of incomplete folders."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.batch.run import run_batch
from experiments.engine import Run
from experiments.report.compare import compare
from experiments.report.differences import meanings, unpaired_difference
from experiments.report.page import report
from experiments.results.errors import ResultsError
from experiments.results.manifest import as_json, provenance, read_manifest
from experiments.study import Arm, Study
from model.schema.scenario import load_scenario
from tests.pages import Reader, folder_of


def changed(folder: Path, **facts: object) -> str:
    """Change the manifest of a folder and return the text of its page."""
    manifest = read_manifest(folder) | facts
    (folder / "manifest.json").write_bytes(as_json(manifest))
    return Reader(report(folder).read_text(encoding="utf-8")).text


def test_a_scenario_of_another_version_has_a_page(made: Run, tmp_path: Path) -> None:
    folder = folder_of("sensitivity", made, tmp_path / "old")
    (arm,) = read_manifest(folder)["arms"]
    text = changed(folder, arms=[arm | {"scenario": arm["scenario"] | {"weather": "fair"}}])
    assert "by another version of the model and cannot be read" in text
    assert meanings(arm["scenario"] | {"weather": "fair"}) == {}
    assert "points" in " ".join(meanings(arm["scenario"]).values())


def test_a_missing_or_changed_commit_is_reported(made: Run, tmp_path: Path) -> None:
    folder = folder_of("run", made, tmp_path / "run")
    assert "the code was not in a git checkout" in changed(folder, commit=None)
    assert "+: files differed from the commit" in changed(folder, commit="0f" * 20 + "+")


def test_without_git_a_result_has_no_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    assert provenance()["commit"]
    monkeypatch.setenv("PATH", "")
    assert provenance()["commit"] is None


def test_an_experiment_without_common_settings_does_not_list_any(made: Run, tmp_path: Path) -> None:
    folder = folder_of("experiment", made, tmp_path / "run")
    assert "In all cells" in Reader(report(folder).read_text(encoding="utf-8")).text
    about = read_manifest(folder)["about"]
    assert "In all cells" not in changed(folder, about=about | {"settings": {}})


def test_arms_without_a_scenario_are_refused(made: Run, tmp_path: Path) -> None:
    folder = folder_of("run", made, tmp_path / "run")
    with pytest.raises(ResultsError, match=r"arms\.0\.scenario: it is missing"):
        changed(folder, arms=[{"name": "one"}])


def test_studies_of_several_arms_are_compared_arm_by_arm(tmp_path: Path) -> None:
    def study(rate: float) -> Path:
        one = load_scenario("split_the_pie", {"time.horizon": 4})
        two = load_scenario("split_the_pie", {"time.horizon": 4, "talks.rate": rate})
        points = pd.DataFrame({"arm": ["one", "two"]})
        arms = Study("two", (Arm("one", one), Arm("two", two)), points, 3)
        return run_batch(arms, tmp_path / f"{rate}")

    comparison = compare(study(0.5), study(0.6), tmp_path / "page.html")
    rows = {row[0]: row[1:3] for section in comparison.sections for row in section.rows}
    assert rows["two.talks.rate"] == ("0.5", "0.6")
    assert "one.talks.rate" not in rows


def test_constant_samples_have_an_exact_difference() -> None:
    result = unpaired_difference(np.full(9, 1.5), np.full(7, 4.0))
    assert tuple(result) == (2.5, 2.5, 2.5)
