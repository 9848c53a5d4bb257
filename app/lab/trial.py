"""Run the small version of an experiment: cells with few worlds, verdicts, pictures."""

import base64
import io
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd
from matplotlib.figure import Figure

from experiments.factorial.contrasts import Contrasts, read_contrasts
from experiments.factorial.experiment import Experiment, Plan, plan
from experiments.factorial.findings import Finding
from experiments.jobs.factorial import cell_sections, finding_section
from experiments.measures import MEASURES
from experiments.plots import style
from experiments.plots.experiment_gallery import experiment_gallery
from experiments.report.blocks import Cards, Facts, Items, Part, Table, Words
from experiments.report.kinds import card, tally
from experiments.study import run_study
from experiments.summary import Section, as_text

FEW = (
    "With so few worlds, “not supported” may only mean too few worlds: open the results of the "
    "whole experiment, or run it, before you believe either verdict."
)

type Report = Callable[[int], None]
type Picture = tuple[
    str, Callable[[], str]
]  # a title, and a function that returns the URL of the image


@dataclass(frozen=True, eq=False)
class Trial:
    """The results of a small run."""

    laid: Plan
    outcomes: pd.DataFrame
    contrasts: Contrasts
    findings: list[Finding]


def trial(laid: Plan, report: Report) -> Trial:
    """Run an experiment by its plan. `report` gets the simulated world-weeks, and may raise."""
    outcomes = run_study(laid.study, report)
    contrasts = read_contrasts(laid, outcomes)
    return Trial(laid, outcomes, contrasts, laid.experiment.findings(contrasts))


def described(experiment: Experiment) -> list[Part]:
    """Return the question, the expectation and the design of an experiment."""
    laid = plan(experiment, 1)
    asked = [
        ("Hypothesis", experiment.hypothesis),
        ("What the literature expects", experiment.expected),
        ("Design", size_words(laid)),
        ("Measured", "; ".join(MEASURES[name].title for name in experiment.measures)),
    ]
    rows: list[tuple[str, ...]] = [
        (factor.title, level.label, ", ".join(f"{k} = {v}" for k, v in level.settings.items()))
        for factor in experiment.factors.values()
        for level in factor.levels
    ]
    factors = Section(
        "", ("factor", "level", "what it sets"), [(*r[:2], r[2] or "-") for r in rows]
    )
    return [
        Part("asked", experiment.title, [Facts(asked)]),
        Part("design", "Factors and levels", [Table(factors)]),
        Part("sources", "Sources", [Items(list(experiment.sources))]),
        Part("caveats", "Caveats", [Items(list(experiment.caveats))]),
    ]


def size_words(laid: Plan) -> str:
    """Return the size of an experiment in words, with the values of the contexts."""
    names = " × ".join(
        f"{name} {', '.join(f'{v:g}' for v in dict.fromkeys(c[name] for c in laid.contexts))}"
        for name in laid.contexts[0]
    )
    return (
        f"Scenario {laid.experiment.scenario}; {len(laid.cells)} cells of "
        f"{len(laid.experiment.factors)} factors, each in {len(laid.contexts)} contexts ({names})"
    )


def results(made: Trial) -> list[Part]:
    """Return the claims with their verdicts, and the tables of a small run."""
    cards = [card(one.as_dict()) for one in made.findings]
    tables = [Table(section, folded=True) for section in cell_sections(made.contrasts)]
    return [
        Part("findings", "Findings of this small run", [Words([FEW, tally(cards)]), Cards(cards)]),
        Part("tables", "The cells", list(tables)),
    ]


def pictures(made: Trial) -> list[Picture]:
    """Return the pictures of a small run, which are drawn on demand."""
    drawn = experiment_gallery(made.contrasts, made.findings, made.laid.study.seed)
    return [
        (title, lambda draw=draw: image(draw()))  # type: ignore[misc]
        for name, (title, draw) in drawn.items()
        if not name.startswith("findings")  # these are in the cards
    ]


def words(made: Trial) -> str:
    """Return all results of a small run as text."""
    study, experiment = made.laid.study, made.laid.experiment
    head = (
        f"A small run of {experiment.name}: {study.worlds} worlds in each cell and context, seed "
        f"{study.seed}. Only a trial."
    )
    sections = [finding_section(experiment, made.findings), *cell_sections(made.contrasts)]
    return as_text(sections, head) + "\n"


def image(figure: Figure) -> str:
    """Return a figure as a data URL."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=style.DPI)
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"
