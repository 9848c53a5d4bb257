"""Comparisons of results: paired and unpaired differences, refused input, and escaped names."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from experiments.engine import Run, simulate
from experiments.measures import MEASURES
from experiments.report import differences as numbers
from experiments.report.compare import compare
from experiments.results.errors import ResultsError
from experiments.results.files import file_sha256
from experiments.results.folder import write_results
from experiments.results.manifest import as_json, read_manifest
from experiments.statistics import paired_difference
from model.schema.scenario import load_scenario
from tests.pages import ABOUT, CLAIMS, HOSTILE, Reader, finding

WORLDS, SHORT = 40, {"time.horizon": 20, "talks.window": 8}


def _write(place: Path, seed: int = 1, worlds: int = WORLDS, **more: float) -> Path:
    settings = SHORT | {name.replace("__", "."): value for name, value in more.items()}
    return write_results(simulate(load_scenario("february_2025", settings), worlds, seed), place)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    place = tmp_path_factory.mktemp("compared")
    return {
        "a": _write(place / "a"),
        "dear": _write(place / "dear", values__cost_scale=1.1),
        "fewer": _write(place / "fewer", worlds=25, values__cost_scale=1.1),
        "other seed": _write(place / "other", seed=2, values__cost_scale=1.1),
    }


def test_a_run_compared_with_itself_has_no_differences(
    folders: dict[str, Path], tmp_path: Path
) -> None:
    made = compare(folders["a"], folders["a"], tmp_path / "same.html")
    ends, rest, moved, scenario, made_by = made.sections
    assert {row[1] for row in [*ends.rows, *rest.rows]} == {"0"}
    assert {row[2] for row in [*ends.rows, *rest.rows]} == {"0 to 0"}
    assert "40 of 40 worlds have the same outcome" in moved.note
    assert scenario.note == made_by.note == "No difference."
    assert "0 have a 95 % interval that excludes 0." in made.headline


def test_worlds_with_the_same_random_numbers_are_paired(
    folders: dict[str, Path], tmp_path: Path
) -> None:
    measures = numbers.common_measures(folders["a"], folders["dear"])
    left, right = (numbers.read_worlds(folders[name], measures) for name in ("a", "dear"))
    paired = numbers.differences(left, right, measures, paired=True)
    apart = numbers.differences(left, right, measures, paired=False)
    expected = paired_difference(left["peak_us"], right["peak_us"])
    assert paired["peak_us"].change == expected
    assert expected.high - expected.low < np.subtract(*apart["peak_us"].change[:0:-1])
    made = compare(folders["a"], folders["dear"], tmp_path / "pairs.html")
    assert "Both used the same random numbers (seed 1): 40 worlds" in made.headline
    scenario = next(one for one in made.sections if one.title == "Scenario")
    ((name, first, second, meaning),) = scenario.rows
    assert (name, first, second) == ("values.cost_scale", "1.0", "1.1")
    assert meaning


def test_only_common_worlds_are_paired(folders: dict[str, Path], tmp_path: Path) -> None:
    made = compare(folders["a"], folders["fewer"], tmp_path / "fewer.html")
    assert "25 worlds are compared" in made.headline
    assert {row[5] for row in made.sections[0].rows} == {"25"}


def test_results_with_other_seeds_are_not_paired(folders: dict[str, Path], tmp_path: Path) -> None:
    made = compare(folders["a"], folders["other seed"], tmp_path / "apart.html")
    assert "The seeds differ (1 and 2)" in made.headline
    assert "Outcomes of the same worlds" not in [one.title for one in made.sections]
    assert ("seed", "1", "2") in made.sections[-1].rows


def test_the_page_is_written_to_the_first_folder(folders: dict[str, Path]) -> None:
    path = compare(folders["a"], folders["dear"]).path
    assert path == folders["a"] / "compare_dear.html"
    page = Reader(path.read_text(encoding="utf-8"))
    assert page.ids == ["outcomes", "moved", "measures", "asked", "cite", "again_A", "again_B"]
    assert not page.loaded
    assert page.tags.count("svg") == 2 * 6  # a strip per outcome, with a diamond


def test_transitions_between_outcomes_are_counted(folders: dict[str, Path]) -> None:
    counts = numbers.transitions(folders["a"], folders["dear"])
    assert int(counts.to_numpy().sum()) == WORLDS
    tables = [pd.read_parquet(folders[name] / "runs.parquet") for name in ("a", "dear")]
    for result, table in zip((counts.sum(axis=1), counts.sum()), tables, strict=True):
        expected = table["outcome"].value_counts()
        assert result[result > 0].to_dict() == expected.to_dict()


def test_design_points_are_averaged_within_a_random_stream(tmp_path: Path, made: Run) -> None:
    write_results(made, tmp_path / "a")
    table = pd.read_parquet(tmp_path / "a" / "runs.parquet")
    table["point"], table["stream"] = np.arange(12) // 4, np.arange(12) % 4
    table.to_parquet(tmp_path / "a" / "runs.parquet")
    manifest = read_manifest(tmp_path / "a")
    manifest["files"]["runs.parquet"] = file_sha256(tmp_path / "a" / "runs.parquet")
    (tmp_path / "a" / "manifest.json").write_bytes(as_json(manifest))
    result = numbers.read_worlds(tmp_path / "a", {"truces": MEASURES["truces"]})
    assert list(result.index) == [0, 1, 2, 3]
    deal = numbers.read_worlds(tmp_path / "a", {"deal": MEASURES["deal"]})["deal"]
    assert deal.to_list() == pytest.approx([200 / 3, 200 / 3, 100 / 3, 100 / 3])


def _experiment(place: Path, made: Run, verdicts: tuple[str, ...], name: str = "small") -> Path:
    write_results(made, place)
    manifest = read_manifest(place) | {
        "kind": "experiment",
        "name": name,
        "about": ABOUT["experiment"],
    }
    (place / "manifest.json").write_bytes(as_json(manifest))
    claims = [
        finding(verdict) | {"claim": f"Claim {n} {HOSTILE}"} for n, verdict in enumerate(verdicts)
    ]
    (place / "findings.json").write_text(json.dumps(claims))
    return place


def test_claims_are_listed_side_by_side(tmp_path: Path, made: Run) -> None:
    one = _experiment(tmp_path / "one", made, CLAIMS)
    other = _experiment(tmp_path / "other", made, ("supported", "supported"))
    result = compare(one, other)
    assert "1 of 2 common claims" in result.headline
    section = result.sections[0]
    assert [row[-1] for row in section.rows] == ["same", "differs", "only in one"]
    assert section.rows[2][3:5] == ("-", "-")
    page = Reader(result.path.read_text(encoding="utf-8"))
    assert HOSTILE in page.text
    assert "script" not in page.tags


def test_invalid_pairs_of_folders_are_refused(
    tmp_path: Path, made: Run, folders: dict[str, Path]
) -> None:
    one = _experiment(tmp_path / "one", made, CLAIMS)
    other = _experiment(tmp_path / "other", made, CLAIMS, name="another")
    none = _experiment(tmp_path / "none", made, ())
    cases = [
        (folders["a"], one, None, "kind = run and experiment: results of two kinds"),
        (one, other, None, "experiment = small and another: two experiments make different claims"),
        (one, none, None, "the two have no claim in common"),
        (folders["a"], folders["a"], tmp_path / "x.parquet", "must be an HTML file"),
        (tmp_path / "p", tmp_path / "q", None, r"has 2 problems:\n.*p folder.*\n.*q folder"),
    ]
    for first, second, out, message in cases:
        with pytest.raises(ResultsError, match=message):
            compare(first, second, out)
    assert not list(tmp_path.rglob("compare_*"))


def test_no_common_measure_is_refused(
    folders: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(numbers, "common_measures", lambda first, second: {})
    with pytest.raises(ResultsError, match="no measure in common"):
        compare(folders["a"], folders["dear"], tmp_path / "x.html")


def test_unpaired_shares_use_the_score_interval_and_means_welch() -> None:
    rng = np.random.Generator(np.random.Philox(key=[1, 2]))
    one, other = rng.normal(size=30), rng.normal(1.0, 2.0, size=50)
    welch = stats.ttest_ind(other, one, equal_var=False).confidence_interval()
    assert numbers.unpaired_difference(one, other)[1:] == pytest.approx((welch.low, welch.high))
    first, second = np.repeat([100.0, 0.0], [56, 14]), np.repeat([100.0, 0.0], [48, 32])
    result = numbers.unpaired_difference(second, first)  # Newcombe 1998, table II: 56/70 less 48/80
    assert result[1:] == pytest.approx((5.24, 33.39), abs=0.01)
    nothing = np.zeros(20)
    assert numbers.unpaired_difference(nothing, nothing).high > 0.0


def test_differing_entries_are_listed_and_shortened() -> None:
    rows = numbers.differing_entries(
        {"a": [1, 2], "b": "x" * 500, "c": True}, {"a": [1, 3], "b": "", "c": True}
    )
    assert rows[0] == ("a", "1, 2", "1, 3")
    assert len(rows[1][1]) == 160
    assert rows[1][2] == "nothing"
    assert len(rows) == 2
