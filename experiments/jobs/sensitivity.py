"""The job of `sensitivity`: run a design, and find the parameters that decide.

How many samples, and how many worlds per point? The study runs samples x (numbers + 2) x worlds
for Sobol indices (with the second order, samples x (2 numbers + 2) x worlds), samples x
(numbers + 1) x worlds for Morris, and samples x worlds for a Latin hypercube. With the 18 numbers
that are varied by default in february_2025 (20 points per Sobol sample), about a million worlds are
512 samples x 96 worlds, 1,024 x 48 or 2,048 x 24: 983,040 each. An interval has two parts: more
samples narrow one, more worlds per point the other, because all points use the random numbers of
few worlds. In a test with 256 x 12 the second part was much larger (random numbers are 80 to 95 %
of the variance of a single world), so choose the first of the three. The last table of the study
shows which of the two would narrow its intervals. To screen many numbers, use Morris with 20 to 50
samples and 50 worlds per point; to look for regions, a Latin hypercube of 2,000 x 10.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pyarrow.parquet

from experiments.jobs.base import Figures, RunStudy, Show, Stage, StudyJob, run_here
from experiments.results import layout
from experiments.results.errors import ResultsError
from experiments.results.folder import add_files, add_tables, read_results
from experiments.results.layout import FAILED, MANIFEST, RUNS, SUMMARY, parquet_tables
from experiments.sensitivity.analysis import Analysis, Read, analysed
from experiments.sensitivity.designs import METHODS, Design
from experiments.sensitivity.indices import LEAST
from experiments.sensitivity.ranges import COMMAND_LINE, chosen
from experiments.sensitivity.replicates import studied
from experiments.sensitivity.sections import SECTIONS, span_section, study_line
from experiments.study import Arm, Study
from experiments.summary import as_text, limits
from model.schema.problems import Problem, ScenarioError, did_you_mean
from model.schema.scenario import Scenario

KIND = "sensitivity"


class Analysed(NamedTuple):
    """What the job computes: the analysis of the study, and the text that summarises it."""

    analysis: Analysis
    text: str


@dataclass(frozen=True)
class SensitivityJob(StudyJob[Analysed]):
    """Run a design over the parameters of a scenario, and find those that decide.

    samples: of the base sequence (Sobol: a power of two), trajectories (Morris), or points; worlds:
    at each point; command: the command that repeats the job; parameters: as in `ranges.chosen`, ""
    for the default set.
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
    run_study: RunStudy = run_here

    @cached_property
    def planned(self) -> tuple[Design, Study]:
        """Return the design and its study. Raises ScenarioError."""
        return planned(self)

    def study(self) -> Study:
        """Return the study to run."""
        return self.planned[1]

    def compute(self, show: Show, stage: Stage) -> Analysed:
        """Run the study and analyse it, and show its tables."""
        design, study = self.planned
        head = study_line(self.scenario.name, design, self.worlds)
        ranges = span_section(self.scenario.name, design)
        show(head)
        show(ranges)
        self.run_study(study, self.folder)
        read_results(self.folder, ())  # refuses files that have changed since
        analysis = analysis_of(self, design, reader(self.folder / RUNS), stage)
        sections = [section(analysis) for section in SECTIONS]
        for part in sections:
            show(part)
        show(limits(self.scenario))
        return Analysed(
            analysis, f"{as_text([ranges, *sections], head)}\n\n{limits(self.scenario)}\n"
        )

    def write(self, findings: Analysed) -> list[Path]:
        """Write the tables of the analysis and the summary."""
        add_tables(self.folder, tables(findings.analysis))
        paths = [*parquet_tables(self.folder), self.folder / MANIFEST]
        return paths + add_files(self.folder, {SUMMARY: findings.text})

    def figures(self, findings: Analysed) -> Figures:
        """Return how to draw each figure of the analysis."""
        from experiments.plots.sensitivity_gallery import sensitivity_gallery

        return sensitivity_gallery(findings.analysis)


def planned(job: SensitivityJob) -> tuple[Design, Study]:
    """Return the design and the study to run. Raises ScenarioError with all problems."""
    problems = []
    if job.method not in METHODS:
        hint = did_you_mean(job.method, METHODS)
        problems.append(Problem("--method", job.method, "no such method", hint))
    least = LEAST.get(job.method, 2)
    if job.samples < least:
        why = f"{job.method} needs at least {least}"
        problems.append(Problem("--samples", str(job.samples), why, "Choose more, such as 64."))
    if job.second_order and job.method != "sobol":
        why = f"a {job.method} design has no second order"
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


def analysis_of(job: SensitivityJob, design: Design, read: Read, stage: Stage) -> Analysis:
    """Return the analysis of a job's results. Raises ResultsError if too many worlds failed."""
    with stage("indices", len(studied(job.scenario))) as advance:
        try:
            return analysed(job.scenario, design, job.worlds, read, advance)
        except ValueError as error:
            remedy = f"See {FAILED}, and run the failed worlds again with --resume."
            problem = Problem(RUNS, "", f"too many worlds failed ({error})", remedy)
            raise ResultsError(job.folder, [problem]) from error


def reader(path: Path) -> Read:
    """Return a function that reads columns of a study's table from its file."""

    def read(columns: Sequence[str]) -> pd.DataFrame:
        table: pd.DataFrame = pyarrow.parquet.read_table(path, columns=list(columns)).to_pandas()
        return table

    return read


def tables(analysis: Analysis) -> dict[str, pd.DataFrame]:
    """Return the tables of an analysis by file name."""
    regions = [
        one.table.drop(columns="box").assign(
            outcome=name, explained=one.explained, everywhere=one.everywhere.estimate
        )
        for name, one in analysis.regions.items()
    ]
    kept = {
        layout.INDICES: analysis.indices.reset_index(),
        layout.CHANCE: analysis.chance.reset_index(),
        layout.REGIONS: pd.concat(regions, ignore_index=True) if regions else pd.DataFrame(),
        layout.CONVERGENCE: analysis.convergence,
        layout.SECOND_ORDER: analysis.second,
    }
    return {name: table for name, table in kept.items() if not table.empty}
