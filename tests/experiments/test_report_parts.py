"""Reports and comparisons of folders that lack something: what is told in its place."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.batch.run import run_batch
from experiments.engine import Run
from experiments.report.compare import compare
from experiments.report.differences import meanings, unpaired
from experiments.report.page import report
from experiments.results.errors import ResultsError
from experiments.results.manifest import as_json, provenance, read_manifest
from experiments.study import Arm, Study
from model.schema.scenario import load_scenario
from tests.pages import Reader, folder_of


def changed(place: Path, **facts: object) -> str:
    """Change the manifest of a folder; return what its page says."""
    manifest = read_manifest(place) | facts
    (place / "manifest.json").write_bytes(as_json(manifest))
    return Reader(report(place).read_text(encoding="utf-8")).text


def test_a_scenario_of_another_version_still_has_a_page(made: Run, tmp_path: Path) -> None:
    place = folder_of("sensitivity", made, tmp_path / "old")
    (arm,) = read_manifest(place)["arms"]
    text = changed(place, arms=[arm | {"scenario": arm["scenario"] | {"weather": "fair"}}])
    assert "of another version of the model, which this one cannot read" in text
    assert meanings(arm["scenario"] | {"weather": "fair"}) == {}
    assert "points" in " ".join(meanings(arm["scenario"]).values())


def test_code_that_was_in_no_checkout_is_said_to_be_so(made: Run, tmp_path: Path) -> None:
    place = folder_of("run", made, tmp_path / "run")
    assert "the code was not in a git checkout" in changed(place, commit=None)
    assert "+: files differed from the commit" in changed(place, commit="0f" * 20 + "+")


def test_where_git_is_missing_a_result_has_no_commit(monkeypatch: pytest.MonkeyPatch) -> None:
    assert provenance()["commit"]
    monkeypatch.setenv("PATH", "")
    assert provenance()["commit"] is None


def test_an_experiment_without_common_settings_tells_none(made: Run, tmp_path: Path) -> None:
    place = folder_of("experiment", made, tmp_path / "run")
    assert "In all cells" in Reader(report(place).read_text(encoding="utf-8")).text
    about = read_manifest(place)["about"]
    assert "In all cells" not in changed(place, about=about | {"settings": {}})


def test_arms_without_a_scenario_are_refused(made: Run, tmp_path: Path) -> None:
    place = folder_of("run", made, tmp_path / "run")
    with pytest.raises(ResultsError, match="arms: must hold a scenario each"):
        changed(place, arms=[{"name": "one"}])


def test_studies_of_several_arms_are_compared_arm_by_arm(tmp_path: Path) -> None:
    def study(rate: float) -> Path:
        one = load_scenario("split_the_pie", {"time.horizon": 4})
        two = load_scenario("split_the_pie", {"time.horizon": 4, "talks.rate": rate})
        points = pd.DataFrame({"arm": ["one", "two"]})
        arms = Study("two", (Arm("one", one), Arm("two", two)), points, 3)
        return run_batch(arms, tmp_path / f"{rate}")

    told = compare(study(0.5), study(0.6), tmp_path / "page.html")
    rows = {row[0]: row[1:3] for section in told.sections for row in section.rows}
    assert rows["two.talks.rate"] == ("0.5", "0.6")
    assert "one.talks.rate" not in rows


def test_samples_that_never_vary_differ_by_exactly_their_difference() -> None:
    found = unpaired(np.full(9, 1.5), np.full(7, 4.0))
    assert tuple(found) == (2.5, 2.5, 2.5)
