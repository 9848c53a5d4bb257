"""The work of `experiment`: run its cells in all contexts, judge its claims, keep and draw them."""

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from experiments.factorial.contrasts import Contrasts, columns, read_contrasts
from experiments.factorial.experiment import Experiment, Plan, plan
from experiments.factorial.findings import Finding
from experiments.jobs.main import FIGURES, SUMMARY, Show, Stage
from experiments.measures import MEASURES
from experiments.report.page import REPORT, report
from experiments.results.files import writing
from experiments.results.folder import add_files, read_results
from experiments.results.manifest import MANIFEST, read_manifest
from experiments.results.rocrate import write_manifest
from experiments.study import Study
from experiments.summary import Section, as_text, limits
from model.schema.scenario import load_scenario

KIND = "experiment"
FINDINGS, CELLS = "findings.json", "cells.csv"
VERDICTS = ("supported", "not supported", "built in")

type Run = Callable[[Study, Path], Path]


@dataclass(frozen=True)
class ExperimentJob:
    """What an experiment is asked for; command is what would do it again.

    worlds: in each cell and context, by default as the experiment says.
    """

    experiment: Experiment
    seed: int
    folder: Path
    command: str
    worlds: int | None = None


def planned(job: ExperimentJob) -> Plan:
    """Return the plan of a job, its study told what it is part of.

    Raises ScenarioError if a level overrides what the scenario does not have.
    """
    laid = plan(job.experiment, job.worlds, job.seed)
    return replace(laid, study=replace(laid.study, kind=KIND, about=about(laid)))


def about(laid: Plan) -> dict[str, Any]:
    """Return what a reader of the results must know of an experiment, as plain values."""
    experiment = laid.experiment
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
        "cells": laid.cells,
        "contexts": laid.contexts,
        "measures": {
            name: {"title": MEASURES[name].title, "unit": MEASURES[name].unit}
            for name in experiment.measures
        },
    }


def experiment_job(job: ExperimentJob, run: Run, show: Show, stage: Stage) -> list[Path]:
    """Do the job; tell each part through `show` when it is known; return the files written.

    run(study, folder): runs a study into a folder, such as `batch.run.run_batch` with a runner.

    Raises:
        ScenarioError: the experiment cannot be laid out; found before anything is run.
        ResultsError: the folder cannot be used, or holds something else.
    """
    laid = planned(job)
    show(study_line(laid))
    run(laid.study, job.folder)
    with stage("findings", 1) as advance:
        found = read_results(job.folder, columns(job.experiment)[2:])
        contrasts = read_contrasts(laid, found.outcomes)
        findings = job.experiment.findings(contrasts)
        advance(1)
    missing = laid.study.size - len(found.outcomes)
    judged = finding_section(job.experiment, findings)
    show(judged)
    words = str(laid.study.about["limits"])
    if missing:
        words = f"{missing:,} of {laid.study.size:,} worlds failed and are left out. {words}"
    show(words)
    head = study_line(laid)
    text = f"{as_text([judged, *cell_sections(contrasts)], head)}\n\n{words}\n"
    return _keep(job, laid, contrasts, findings, text, stage)


def experiments_job(
    jobs: Sequence[ExperimentJob], run: Run, show: Show, stage: Stage
) -> list[Path]:
    """Do several jobs one after the other, each into its own folder; tell all verdicts at the end.

    Every experiment is laid out, and every folder tried, before the first is run.
    """
    for job in jobs:
        planned(job)
        with writing(job.folder.parent):
            pass
    paths = [path for job in jobs for path in experiment_job(job, run, show, stage)]
    rows: list[tuple[str, ...]] = []
    for job in jobs:
        kept = json.loads((job.folder / FINDINGS).read_text(encoding="utf-8"))
        verdicts = [one["verdict"] for one in kept]
        counts = (str(verdicts.count(verdict)) for verdict in VERDICTS)
        rows.append((job.experiment.name, *counts, str(job.folder / REPORT)))
    note = "Claims by verdict. Built in: follows from how a rule is written, and is no finding."
    show(Section("What the experiments found", ("experiment", *VERDICTS, "report"), rows, note))
    return paths


def study_line(laid: Plan) -> str:
    """Return the sentence that says what an experiment runs."""
    study, experiment = laid.study, laid.experiment
    return (
        f"Experiment {experiment.name} ({experiment.title}), scenario {experiment.scenario}: "
        f"{len(laid.cells)} cells × {len(laid.contexts)} contexts × {study.worlds:,} worlds = "
        f"{study.size:,} worlds, seed {study.seed}; world k meets the same luck in every cell"
    )


def finding_section(experiment: Experiment, findings: Sequence[Finding]) -> Section:
    """Return the claims with verdict and numbers, a row each."""
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
        f"What was found: {experiment.title}",
        ("claim", "verdict", "effect", "95 % interval", "holds in", "beside it"),
        rows,
        f"Asked: {experiment.question} Holds in: contexts of cost scale and window. Built in: "
        "follows from how a rule is written, and is no finding. Numbers are assumptions.",
    )


def cell_sections(contrasts: Contrasts) -> list[Section]:
    """Return a table a measure: its mean in each cell, over all contexts together."""
    titles = [factor.title for factor in contrasts.experiment.factors.values()]
    found = []
    for name in contrasts.values:
        rows: list[tuple[str, ...]] = []
        for cell in contrasts.cells:
            middle, low, high = contrasts.level(name, cell).all
            rows.append((*cell.values(), f"{middle:.3g}", f"{low:.3g} to {high:.3g}"))
        title = f"{MEASURES[name].title} ({MEASURES[name].unit})"
        found.append(Section(title, (*titles, "mean", "95 % interval"), rows))
    note = (
        f"Over {contrasts.worlds:,} worlds in each of {len(contrasts.contexts)} contexts. All "
        "cells use the same random numbers: differences are more precise than these intervals."
    )
    return [section._replace(note=note) for section in found]


def _keep(
    job: ExperimentJob,
    laid: Plan,
    contrasts: Contrasts,
    findings: Sequence[Finding],
    text: str,
    stage: Stage,
) -> list[Path]:
    """Write findings, cells, words, figures and report, and vouch for all but the last two."""
    from experiments.plots import style  # matplotlib is slow to import: the words come before
    from experiments.plots.experiment_gallery import experiment_gallery

    told = [_plain(one.as_dict()) for one in findings]
    words = {
        FINDINGS: json.dumps(told, indent=2, ensure_ascii=False, allow_nan=False) + "\n",
        CELLS: contrasts.table().to_csv(index=False, lineterminator="\n"),
        SUMMARY: text,
    }
    figures = experiment_gallery(contrasts, findings, job.seed)
    paths = [*sorted(job.folder.glob("*.parquet")), *add_files(job.folder, words)]
    with writing(job.folder / FIGURES), stage("figures", len(figures)) as advance:
        captions = {}
        for name, (title, figure) in figures.items():
            paths += style.save(figure(), job.folder / FIGURES, name)
            captions[name] = title
            advance(1)
        cards = [name for name in figures if name.startswith(FINDINGS.removesuffix(".json"))]
        told_of = about(laid) | {"figures": captions, "cards": cards}
        write_manifest(job.folder, read_manifest(job.folder) | {"about": told_of})
    return [*paths, job.folder / MANIFEST, report(job.folder)]


def _plain(value: Any) -> Any:
    """Return a value as JSON can hold it: no number is null."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return None if isinstance(value, float) and math.isnan(value) else value
