"""The job of `experiment`: run its cells in all contexts and judge its claims."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

from experiments.factorial.contrasts import Contrasts, columns, read_contrasts
from experiments.factorial.experiment import Experiment, Plan, plan
from experiments.factorial.findings import Finding
from experiments.jobs.base import Figures, RunStudy, Show, Stage, StudyJob, run_here
from experiments.measures import MEASURES
from experiments.report.page import report
from experiments.results.files import csv_text, writing
from experiments.results.folder import add_files, read_results
from experiments.results.layout import CELLS, FINDINGS, MANIFEST, REPORT, SUMMARY, parquet_tables
from experiments.results.manifest import read_manifest
from experiments.results.rocrate import write_manifest
from experiments.study import Study
from experiments.summary import Section, as_text, limits
from model.schema.scenario import load_scenario

KIND = "experiment"
VERDICTS = ("supported", "not supported", "built in")


class Judged(NamedTuple):
    """What the job computes: contrasts, findings on the claims, and the summary."""

    contrasts: Contrasts
    findings: list[Finding]
    text: str


@dataclass(frozen=True)
class ExperimentJob(StudyJob[Judged]):
    """Run an experiment in all contexts, and judge its claims.

    command: the command that repeats the job; worlds: in each cell and context, by default as the
    experiment says.
    """

    experiment: Experiment
    seed: int
    folder: Path
    command: str
    worlds: int | None = None
    run_study: RunStudy = run_here

    @cached_property
    def plan(self) -> Plan:
        """Return the plan, whose study describes the experiment.

        Raises ScenarioError if a level overrides something that the scenario does not have.
        """
        made = plan(self.experiment, self.worlds, self.seed)
        return replace(made, study=replace(made.study, kind=KIND, about=about(made)))

    def study(self) -> Study:
        """Return the study to run."""
        return self.plan.study

    def compute(self, show: Show, stage: Stage) -> Judged:
        """Run the study and judge the claims, and show the verdicts."""
        head = study_line(self.plan)
        show(head)
        self.run_study(self.study(), self.folder)
        with stage("findings", 1) as advance:
            results = read_results(self.folder, columns(self.experiment)[2:])
            contrasts = read_contrasts(self.plan, results.outcomes)
            findings = self.experiment.findings(contrasts)
            advance(1)
        judged = finding_section(self.experiment, findings)
        show(judged)
        note = str(self.study().about["limits"])
        size = self.study().size
        missing = size - len(results.outcomes)
        if missing:
            note = f"{missing:,} of {size:,} worlds failed and are left out. {note}"
        show(note)
        text = f"{as_text([judged, *cell_sections(contrasts)], head)}\n\n{note}\n"
        return Judged(contrasts, findings, text)

    def write(self, findings: Judged) -> list[Path]:
        """Write the findings, the means of the cells and the summary."""
        plain = [_plain(one.as_dict()) for one in findings.findings]
        texts = {
            FINDINGS: json.dumps(plain, indent=2, ensure_ascii=False, allow_nan=False) + "\n",
            CELLS: csv_text(findings.contrasts.table()),
            SUMMARY: findings.text,
        }
        return [*parquet_tables(self.folder), *add_files(self.folder, texts)]

    def figures(self, findings: Judged) -> Figures:
        """Return how to draw the verdicts and the pictures of the experiment."""
        from experiments.plots.experiment_gallery import experiment_gallery

        gallery = experiment_gallery(findings.contrasts, findings.findings, self.seed)
        return {name: figure for name, (_, figure) in gallery.items()}

    def finish(self, findings: Judged) -> list[Path]:
        """Write the titles of the figures into the manifest, and the report."""
        from experiments.plots.experiment_gallery import experiment_gallery

        gallery = experiment_gallery(findings.contrasts, findings.findings, self.seed)
        captions = {name: title for name, (title, _) in gallery.items()}
        cards = [name for name in captions if name.startswith(FINDINGS.removesuffix(".json"))]
        described = about(self.plan) | {"figures": captions, "cards": cards}
        with writing(self.folder):
            write_manifest(self.folder, read_manifest(self.folder) | {"about": described})
        return [self.folder / MANIFEST, report(self.folder)]


def run_all(jobs: Sequence[ExperimentJob], show: Show, stage: Stage) -> list[Path]:
    """Run several experiments one after the other, and show the number of verdicts of each.

    All plans and all folders are checked before the first experiment runs.
    """
    for job in jobs:
        job.check()
        with writing(job.folder.parent):
            pass
    paths = [path for job in jobs for path in job.run(show, stage)]
    rows: list[tuple[str, ...]] = []
    for job in jobs:
        kept = json.loads((job.folder / FINDINGS).read_text(encoding="utf-8"))
        verdicts = [one["verdict"] for one in kept]
        counts = (str(verdicts.count(verdict)) for verdict in VERDICTS)
        rows.append((job.experiment.name, *counts, str(job.folder / REPORT)))
    note = "Claims by verdict. Built in: follows from how a rule is written, and is not a finding."
    show(Section("What the experiments found", ("experiment", *VERDICTS, "report"), rows, note))
    return paths


def about(made: Plan) -> dict[str, Any]:
    """Return the description of an experiment for readers of the results, as plain values."""
    experiment = made.experiment
    texts = ("title", "question", "hypothesis", "expected", "scenario")
    factors = {
        key: {
            "title": factor.title,
            "levels": [
                {"label": one.label, "settings": dict(one.settings)} for one in factor.levels
            ],
        }
        for key, factor in experiment.factors.items()
    }
    return {name: getattr(experiment, name) for name in texts} | {
        "sources": list(experiment.sources),
        "caveats": list(experiment.caveats),
        "settings": dict(experiment.settings or {}),
        "limits": limits(load_scenario(experiment.scenario, experiment.settings)),
        "factors": factors,
        "cells": made.cells,
        "contexts": made.contexts,
        "measures": {
            name: {"title": MEASURES[name].title, "unit": MEASURES[name].unit}
            for name in experiment.measures
        },
    }


def study_line(made: Plan) -> str:
    """Return the sentence that describes what an experiment runs."""
    study, experiment = made.study, made.experiment
    return (
        f"Experiment {experiment.name} ({experiment.title}), scenario {experiment.scenario}: "
        f"{len(made.cells)} cells × {len(made.contexts)} contexts × {study.worlds:,} worlds = "
        f"{study.size:,} worlds, seed {study.seed}; "
        "world k uses the same random numbers in every cell"
    )


def finding_section(experiment: Experiment, findings: Sequence[Finding]) -> Section:
    """Return a table of the claims with verdicts and numbers."""
    rows: list[tuple[str, ...]] = [
        (
            one.claim,
            one.verdict,
            f"{one.effect.estimate:+.3g} {one.unit}",
            f"{one.effect.low:+.3g} to {one.effect.high:+.3g}",
            f"{one.held} of {len(one.each)}",
            one.detail,
        )
        for one in findings
    ]
    return Section(
        f"Findings: {experiment.title}",
        ("claim", "verdict", "effect", "95 % interval", "holds in", "details"),
        rows,
        f"Question: {experiment.question} Holds in: contexts of cost scale and window. Built in: "
        "follows from how a rule is written, and is not a finding. Numbers are assumptions.",
    )


def cell_sections(contrasts: Contrasts) -> list[Section]:
    """Return one table per measure: its mean in each cell over all contexts."""
    titles = [factor.title for factor in contrasts.experiment.factors.values()]
    sections = []
    for name in contrasts.values:
        rows: list[tuple[str, ...]] = []
        for cell in contrasts.cells:
            middle, low, high = contrasts.level(name, cell).all
            rows.append((*cell.values(), f"{middle:.3g}", f"{low:.3g} to {high:.3g}"))
        title = f"{MEASURES[name].title} ({MEASURES[name].unit})"
        sections.append(Section(title, (*titles, "mean", "95 % interval"), rows))
    note = (
        f"Over {contrasts.worlds:,} worlds in each of {len(contrasts.contexts)} contexts. All "
        "cells use the same random numbers: differences are more precise than these intervals."
    )
    return [section._replace(note=note) for section in sections]


def _plain(value: Any) -> Any:
    """Return a value for JSON: NaN becomes null."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return None if isinstance(value, float) and math.isnan(value) else value
