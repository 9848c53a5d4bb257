"""The work of `sensitivity`, from design to figures, small and through the real batch."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from experiments.batch.run import run_batch
from experiments.jobs.sensitivity import (
    SensitivityJob,
    analysis_of,
    planned,
    reader,
    tables,
)
from experiments.plots.regions import regions_figure
from experiments.plots.sensitivity import screening, tornado
from experiments.plots.sensitivity_gallery import sensitivity_gallery
from experiments.results.errors import ResultsError
from experiments.results.folder import read_results
from experiments.results.layout import RUNS
from experiments.sensitivity.analysis import analysed
from experiments.sensitivity.designs import morris, sobol
from experiments.sensitivity.discovery import regions
from experiments.sensitivity.indices import indices
from experiments.sensitivity.replicates import (
    by_point,
    columns_of,
    completed,
    studied,
    whole_blocks,
)
from experiments.sensitivity.sections import (
    WANTED,
    convergence_section,
    index_section,
    region_section,
    shown,
)
from experiments.study import Study, run_study
from experiments.summary import Section
from model.schema.problems import ScenarioError
from model.schema.scenario import Scenario, load_scenario
from tests.experiments.closed_forms import unit

PARAMETERS = "talks.window=4:16,talks.rate,retaliation.lag=1:4"
SIZES = {"sobol": (64, 3), "morris": (50, 3), "lhs": (128, 3)}


def run(study: Study, folder: Path) -> Path:
    return run_batch(study, folder, width=1000)


@contextmanager
def stage(title: str, total: int) -> Iterator[Callable[[int], None]]:
    done: list[int] = []
    yield done.append
    assert sum(done) == total, title


@pytest.fixture(scope="session")
def brief() -> Scenario:
    return load_scenario("february_2025", {"time.horizon": 16})


@pytest.fixture(scope="session")
def jobs(
    tmp_path_factory: pytest.TempPathFactory,
) -> dict[str, tuple[SensitivityJob, list[str | Section], list[Path]]]:
    """Do the whole work once for each method."""
    found = {}
    small = load_scenario("classroom", {"time.horizon": 40})  # few measures, so few figures
    for method, (samples, worlds) in SIZES.items():
        folder = tmp_path_factory.mktemp("results") / method
        job = SensitivityJob(
            small,
            method,
            samples,
            worlds,
            1,
            folder,
            "again",
            PARAMETERS,
            run_study=run,
        )
        told: list[str | Section] = []
        found[method] = (job, told, job.run(told.append, stage))
    return found


@pytest.mark.parametrize("method", SIZES)
def test_the_work_is_done_whole(
    method: str, jobs: dict[str, tuple[SensitivityJob, list[str | Section], list[Path]]]
) -> None:
    job, told, paths = jobs[method]
    assert all(path.stat().st_size > 0 for path in paths)
    names = {path.name for path in paths}
    assert {"indices.parquet", "chance.parquet", "convergence.parquet", "summary.txt"} <= names
    assert {"decides_weeks_to_agreement.png", "convergence.svg"} <= names
    results = read_results(job.folder, ())
    assert results.manifest["kind"] == "sensitivity"
    assert "summary.txt" in results.manifest["files"]
    assert results.manifest["about"]["method"] == method
    assert len(results.manifest["about"]["numbers"]) == 3
    table = pd.read_parquet(job.folder / "indices.parquet")
    assert len(table) == 3 * len(studied(job.scenario))
    sections = [part for part in told if isinstance(part, Section)]
    assert len(sections) == 5
    assert all(len(row) == len(part.columns) for part in sections for row in part.rows)
    text = (job.folder / "summary.txt").read_text()
    assert all(part.title in text for part in sections)
    assert "all points use the same random numbers" in text


def test_doing_it_again_gives_the_same_bytes(
    jobs: dict[str, tuple[SensitivityJob, list[str | Section], list[Path]]],
) -> None:
    job, _, paths = jobs["lhs"]
    before = {path: path.read_bytes() for path in paths}
    assert job.run(lambda part: None, stage) == paths
    assert before == {path: path.read_bytes() for path in paths}


def test_what_is_read_from_files_is_what_was_run(
    jobs: dict[str, tuple[SensitivityJob, list[str | Section], list[Path]]],
) -> None:
    job, _, _ = jobs["morris"]
    design, study = planned(job)
    table = run_study(study)
    here = analysed(job.scenario, design, job.worlds, lambda columns: table[list(columns)])
    there = analysed(job.scenario, design, job.worlds, reader(job.folder / RUNS))
    pd.testing.assert_frame_equal(here.indices, there.indices)
    pd.testing.assert_frame_equal(here.chance, there.chance)


def test_failed_worlds_cost_their_block_and_too_many_stop_the_work(brief: Scenario) -> None:
    job = SensitivityJob(brief, "sobol", 64, 2, 1, Path("nowhere"), "", PARAMETERS)
    design, study = planned(job)
    table = run_study(study)
    torn = table[table["point"] != 7]
    found = analysed(brief, design, 2, lambda columns: torn[list(columns)])
    assert found.left_out == 1
    with pytest.raises(ValueError, match="whole blocks"):
        analysed(brief, design, 2, lambda columns: table[table["point"] < 4][list(columns)])


def test_a_study_of_one_world_a_point_says_that_luck_is_in_it(brief: Scenario) -> None:
    design, study = planned(SensitivityJob(brief, "sobol", 16, 1, 1, Path("x"), "", PARAMETERS))
    table = run_study(study)
    found = analysed(brief, design, 1, lambda columns: table[list(columns)])
    assert found.leading == "total"
    assert "one world per point cannot show it" in index_section(found).note


def test_the_second_order_is_kept(brief: Scenario) -> None:
    job = SensitivityJob(brief, "sobol", 16, 2, 1, Path("x"), "", PARAMETERS, True)
    design, study = planned(job)
    table = run_study(study)
    found = analysed(brief, design, 2, lambda columns: table[list(columns)])
    assert (tables(found)["second_order.parquet"].groupby("measure").size() == 3).all()


def test_all_that_is_wrong_is_told_before_any_work(brief: Scenario, tmp_path: Path) -> None:
    def never(study: Study, folder: Path) -> Path:
        raise AssertionError("nothing must be run")

    job = SensitivityJob(brief, "sobl", 1, 2, 1, tmp_path / "x", "", "talks.windw", True, never)
    with pytest.raises(ScenarioError) as caught:
        job.run(lambda part: None, stage)
    text = str(caught.value)
    assert "the command line has 4 problems" in text
    for part in ('Did you mean "sobol"?', "--samples = 1", "--second-order", "talks.window"):
        assert part in text
    odd = replace(job, method="sobol", samples=100, parameters="", second_order=False)
    with pytest.raises(ScenarioError, match="64 or 128 would do"):
        odd.run(lambda part: None, stage)
    assert not (tmp_path / "x").exists()


def test_a_folder_of_something_else_is_left_as_it_was(brief: Scenario, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    job = SensitivityJob(brief, "lhs", 64, 2, 1, tmp_path, "", PARAMETERS)
    with pytest.raises(ResultsError, match="something else"):
        job.run(lambda part: None, stage)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_every_figure_is_drawn_without_what_it_can_do_without() -> None:
    design = sobol(unit(3), 64, 1)
    common = np.where(design.points["a"] > 0.5, 1.0, 0.0)[:, None] * np.ones((1, 2))
    assert figure_size(regions_figure(regions(design, common), "A deal", "caption")) > 0
    assert figure_size(tornado(indices(design, common[:, :1]), "A deal", "caption", False)) > 0
    steps = morris(unit(3), 10, 1)
    effects = indices(steps, steps.points[["a"]].to_numpy())
    assert figure_size(screening(effects, "A deal", "points", "caption")) > 0


def figure_size(figure: Figure) -> int:
    content = io.BytesIO()
    figure.savefig(content, format="png")
    return len(content.getvalue())


@pytest.mark.parametrize("name", ["classroom", "split_the_pie", "trade_war_2018"])
def test_other_scenarios_have_their_measures(name: str) -> None:
    scenario = load_scenario(name, {"time.horizon": 8})
    job = SensitivityJob(scenario, "lhs", 64, 2, 1, Path("nowhere"), "")
    design, study = planned(job)
    table = run_study(study)
    for measure in studied(scenario).values():
        assert np.isfinite(measure.of(table)).all(), measure.title
    assert columns_of(studied(scenario))[:3] == ["point", "stream", "outcome"]
    assert whole_blocks(
        by_point(np.ones(len(table)), completed(table), len(design.points), 2), 1
    ).shape == (64, 1, 2)


def test_only_regions_that_tell_are_told_and_drawn(
    jobs: dict[str, tuple[SensitivityJob, list[str | Section], list[Path]]],
) -> None:
    job = jobs["lhs"][0]
    design, _ = planned(job)
    found = analysed(job.scenario, design, job.worlds, reader(job.folder / RUNS))
    (deal,) = shown(found)
    common = np.where(design.points["talks.window"] > 8.0, 1.0, 0.0)[:, None] * np.ones((1, 2))
    corner, none = regions(design, common), regions(design, np.ones((len(common), 2)))
    assert corner.tells
    told = replace(found, regions={deal: corner})
    rows = region_section(told).rows
    assert rows[0][:3] == (deal, "everywhere", "100 %")
    assert len(rows) == 1 + len(corner.table)
    assert rows[1][3].startswith("100 % (")  # of the worlds of the best region
    drawn = [draw for name, draw in sensitivity_gallery(told).items() if "regions" in name]
    assert len(drawn) == 1
    assert figure_size(drawn[0]()) > 0
    silent = replace(found, regions={deal: none})
    assert not region_section(silent).rows
    assert not [name for name in sensitivity_gallery(silent) if "regions" in name]


def test_a_design_that_is_large_enough_is_said_to_be(
    jobs: dict[str, tuple[SensitivityJob, list[str | Section], list[Path]]],
) -> None:
    job = jobs["lhs"][0]
    design, _ = planned(job)
    found = analysed(job.scenario, design, job.worlds, reader(job.folder / RUNS))
    column = found.leading

    def enough(half: float) -> set[str]:
        table = found.indices.assign(**{f"{column}_high": found.indices[column] + half})
        return {row[-1] for row in convergence_section(replace(found, indices=table)).rows}

    assert enough(0.9 * WANTED) == enough(0.0) == {"yes"}
    assert enough(float("nan")) == {"-"}
    assert all(words.startswith("no: about ") for words in enough(2.0 * WANTED))


def test_where_no_measure_varies_nothing_converges_and_nothing_is_drawn_of_it(
    jobs: dict[str, tuple[SensitivityJob, list[str | Section], list[Path]]],
) -> None:
    job = jobs["lhs"][0]
    design, _ = planned(job)
    found = analysed(job.scenario, design, job.worlds, reader(job.folder / RUNS))
    flat = replace(found, convergence=pd.DataFrame())
    assert convergence_section(flat).note == "No measure varies."
    assert "convergence" not in sensitivity_gallery(flat)


def test_too_many_failed_worlds_are_told_with_the_way_on(
    jobs: dict[str, tuple[SensitivityJob, list[str | Section], list[Path]]],
) -> None:
    job = jobs["sobol"][0]
    design, study = planned(job)
    few = run_study(replace(study, points=study.points.head(4)))
    with pytest.raises(ResultsError, match=r"too many worlds failed(.|\n)*--resume"):
        analysis_of(job, design, lambda columns: few[list(columns)], stage_that_breaks)


@contextmanager
def stage_that_breaks(title: str, total: int) -> Iterator[Callable[[int], None]]:
    yield lambda amount: None
