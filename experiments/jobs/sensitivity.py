"""The work of `sensitivity`: lay out a design, run it, tell which numbers decide, keep and draw it.

How many samples, how many worlds a point? The study runs samples x (numbers + 2) x worlds for
Sobol indices (with the second order, samples x (2 numbers + 2) x worlds), samples x (numbers + 1) x
worlds for Morris, samples x worlds for a Latin hypercube. With the 18 numbers that are varied by
default in february_2025 (20 points a Sobol sample) about a million worlds are 512 samples x 96
worlds, 1,024 x 48 or 2,048 x 24: 983,040 each. An interval has two parts: more samples narrow one,
more worlds a point the other, for all points share the luck of few worlds. Tried with 256 x 12, the
second was the larger one by far (luck is 80 to 95 % of the variance of a single world), so of the
three take the first. The study's last table says which of the two would narrow its intervals. To
screen many numbers: Morris with 20 to 50 samples and 50 worlds a point; to look for regions: a
Latin hypercube of 2,000 x 10.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd
import pyarrow.parquet

from experiments.jobs.main import FIGURES, SUMMARY, Show, Stage
from experiments.results.errors import ResultsError
from experiments.results.files import writing
from experiments.results.folder import add_files, add_tables, read_results
from experiments.results.manifest import MANIFEST, RUNS
from experiments.sensitivity.analysis import Analysis, Read, analysed
from experiments.sensitivity.designs import METHODS, Design
from experiments.sensitivity.indices import LEAST
from experiments.sensitivity.ranges import COMMAND_LINE, chosen
from experiments.sensitivity.replicates import studied
from experiments.sensitivity.sections import SECTIONS, span_section, study_line
from experiments.study import Arm, Study
from experiments.summary import Section, as_text, limits
from model.schema.problems import Problem, ScenarioError, did_you_mean
from model.schema.scenario import Scenario

type Run = Callable[[Study, Path], Path]

KIND = "sensitivity"


@dataclass(frozen=True)
class SensitivityJob:
    """What a sensitivity study is asked for; command is what would do it again.

    samples: of the base sequence (Sobol: a power of two), trajectories (Morris), or points; worlds:
    at each point; parameters: as in `spans.chosen`, "" for the default set.
    """

    scenario: Scenario
    method: str
    samples: int
    worlds: int
    seed: int
    folder: Path
    command: str
    parameters: str = ""
    second_order: bool = False


def planned(job: SensitivityJob) -> tuple[Design, Study]:
    """Return the design and the study to run. Raises ScenarioError with what is wrong."""
    problems = []
    if job.method not in METHODS:
        hint = did_you_mean(job.method, METHODS)
        problems.append(Problem("--method", job.method, "no such method", hint))
    least = LEAST.get(job.method, 2)
    if job.samples < least:
        why = f"{job.method} needs at least {least}"
        problems.append(Problem("--samples", str(job.samples), why, "Give more, such as 64."))
    if job.second_order and job.method != "sobol":
        why = f"a {job.method} design knows none"
        problems.append(Problem("--second-order", "", why, "Use --method sobol."))
    try:
        ranges = chosen(job.scenario, job.parameters)
    except ScenarioError as error:
        problems += error.problems
    if problems:
        raise ScenarioError(COMMAND_LINE, problems)
    more = {"second_order": True} if job.second_order else {}
    design = METHODS[job.method](ranges, job.samples, job.seed, **more)
    about = {
        "method": job.method,
        "samples": job.samples,
        "second_order": job.second_order,
        "block": design.block,
        "numbers": [asdict(span) for span in ranges],
    }
    arm = Arm(job.scenario.name, job.scenario)
    study = Study(
        f"{job.scenario.name} {job.method}",
        (arm,),
        design.points,
        job.worlds,
        job.seed,
        kind=KIND,
        about=about,
    )
    return design, study


def sensitivity_job(job: SensitivityJob, run: Run, show: Show, stage: Stage) -> list[Path]:
    """Do the job; tell each part through `show` when it is known; return the files written.

    run(study, folder): runs a study into a folder, such as `batch.run.run_batch` with a runner.

    Raises:
        ScenarioError: the design cannot be made; found before anything is run.
        ResultsError: the folder cannot be used, or too many worlds failed.
    """
    design, study = planned(job)
    show(study_line(job.scenario.name, design, job.worlds))
    show(span_section(job.scenario.name, design))
    run(study, job.folder)
    read_results(job.folder, ())  # refuses what was changed since
    found = analysis_of(job, design, reader(job.folder / RUNS), stage)
    sections = [section(found) for section in SECTIONS]
    for part in sections:
        show(part)
    show(limits(job.scenario))
    return _keep(job, found, sections, stage)


def analysis_of(job: SensitivityJob, design: Design, read: Read, stage: Stage) -> Analysis:
    """Return what the results of a job's design say. Raises ResultsError: too little was lived."""
    with stage("indices", len(studied(job.scenario))) as advance:
        try:
            return analysed(job.scenario, design, job.worlds, read, advance)
        except ValueError as error:
            remedy = "See failed.csv, and run what failed again with --resume."
            problem = Problem(RUNS, "", f"too many worlds failed ({error})", remedy)
            raise ResultsError(job.folder, [problem]) from error


def reader(path: Path) -> Read:
    """Return who reads single columns of a study's table from its file."""

    def read(columns: Sequence[str]) -> pd.DataFrame:
        table: pd.DataFrame = pyarrow.parquet.read_table(path, columns=list(columns)).to_pandas()
        return table

    return read


def tables(found: Analysis) -> dict[str, pd.DataFrame]:
    """Return what is kept of an analysis, by file name."""
    regions = [
        one.table.drop(columns="box").assign(
            outcome=name, explained=one.explained, everywhere=one.everywhere.estimate
        )
        for name, one in found.regions.items()
    ]
    kept = {
        "indices.parquet": found.indices.reset_index(),
        "chance.parquet": found.chance.reset_index(),
        "regions.parquet": pd.concat(regions, ignore_index=True) if regions else pd.DataFrame(),
        "convergence.parquet": found.convergence,
        "second_order.parquet": found.second,
    }
    return {name: table for name, table in kept.items() if not table.empty}


def _keep(
    job: SensitivityJob, found: Analysis, sections: Sequence[Section], stage: Stage
) -> list[Path]:
    """Write tables, words and figures; return their paths."""
    from experiments.plots import style  # matplotlib is slow to import: the words come before
    from experiments.plots.sensitivity_gallery import sensitivity_gallery

    head = study_line(job.scenario.name, found.design, job.worlds)
    told = as_text([span_section(job.scenario.name, found.design), *sections], head)
    figures = sensitivity_gallery(found)
    add_tables(job.folder, tables(found))
    paths = [*sorted(job.folder.glob("*.parquet")), job.folder / MANIFEST]
    paths += add_files(job.folder, {SUMMARY: f"{told}\n\n{limits(job.scenario)}\n"})
    with writing(job.folder / FIGURES), stage("figures", len(figures)) as advance:
        for name, figure in figures.items():
            paths += style.save(figure(), job.folder / FIGURES, name)
            advance(1)
    return paths
