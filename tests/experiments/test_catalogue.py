"""Every experiment of the catalogue loads, differs where it says it does, and runs small."""

import dataclasses
import re

import numpy as np
import pytest

from experiments.factorial.catalogue_index import catalogue, load, questions
from experiments.factorial.contrasts import Contrasts, columns, read_contrasts
from experiments.factorial.experiment import Experiment, Plan, plan
from experiments.factorial.findings import Finding
from experiments.measures import MEASURES
from experiments.results.errors import ResultsError
from experiments.study import run_study
from model.schema.scenario import load_scenario

EXPERIMENTS = catalogue()
MOST_CELLS = 18
WORLDS, WEEKS = 3, 30


@pytest.fixture(params=EXPERIMENTS, scope="module")
def experiment(request: pytest.FixtureRequest) -> Experiment:
    return EXPERIMENTS[request.param]


@pytest.fixture(scope="module")
def laid_out(experiment: Experiment) -> Plan:
    return plan(experiment)


@pytest.fixture(scope="module")
def small(experiment: Experiment) -> Contrasts:
    """Return an experiment run in a few worlds, for a few weeks in which a deal can be made."""
    quick = {"time.horizon": WEEKS, "talks.rate": 0.6} | dict(experiment.settings or {})
    short = plan(dataclasses.replace(experiment, settings=quick), WORLDS)
    outcomes = run_study(short.study)
    return read_contrasts(short, outcomes[columns(experiment)])


@pytest.fixture(scope="module")
def findings(experiment: Experiment, small: Contrasts) -> list[Finding]:
    return experiment.findings(small)


def test_the_ten_are_there() -> None:
    shipped = "tied_hands madman back_channel who_leads legacy_mistrust security_linkage"
    shipped += " audience_costs pntr_threat weak_economy kept_promises"
    assert set(shipped.split()) <= set(EXPERIMENTS)


def test_questions_are_known_without_importing_what_would_answer_them() -> None:
    assert questions() == {name: one.question for name, one in EXPERIMENTS.items()}


def test_an_unknown_name_is_told_with_the_nearest() -> None:
    with pytest.raises(ResultsError, match=r"madmen.*\n?.*madman"):
        load("madmen")


def test_is_named_as_its_module(experiment: Experiment) -> None:
    assert EXPERIMENTS[experiment.name] is experiment


def test_says_what_it_is_about(experiment: Experiment) -> None:
    for text in (experiment.title, experiment.question, experiment.hypothesis, experiment.expected):
        assert text.strip() == text != ""
    assert experiment.question.endswith("?")
    assert experiment.sources
    assert all(re.search(r"\b(18|19|20)\d\d\b", source) for source in experiment.sources)
    assert all(caveat.endswith(".") for caveat in experiment.caveats)


def test_factors_have_levels_that_differ(experiment: Experiment) -> None:
    for factor in experiment.factors.values():
        assert factor.title
        assert 2 <= len(factor.levels) <= 5
        assert len({level.label for level in factor.levels}) == len(factor.levels)
        settings = [tuple(sorted(level.settings.items())) for level in factor.levels]
        assert len(set(settings)) == len(settings)


def test_every_level_overrides_what_the_scenario_has(experiment: Experiment) -> None:
    base = load_scenario(experiment.scenario, experiment.settings)
    levels = [level for factor in experiment.factors.values() for level in factor.levels]
    for level in levels:  # one that is unknown or out of range raises ScenarioError
        load_scenario(experiment.scenario, dict(experiment.settings or {}) | dict(level.settings))
        assert set(level.settings) or level.label  # an empty level is the scenario as it is
    assert any(
        base.parameters()[name].value != value
        for level in levels
        for name, value in level.settings.items()
        if name in base.parameters()
    ) or any(name not in base.parameters() for level in levels for name in level.settings)


def test_cells_are_different_and_not_too_many(experiment: Experiment, laid_out: Plan) -> None:
    cells = laid_out.cells
    assert 2 <= len(cells) <= MOST_CELLS
    labels = {key: [level.label for level in f.levels] for key, f in experiment.factors.items()}
    for cell in cells:
        assert list(labels) == [key for key in labels if cell[key] in labels[key]]
        assert cell.keys() == labels.keys()
    met = {tuple(sorted(cell.items())) for cell in cells}
    assert len(met) == len(cells)
    for key, known in labels.items():  # no level is declared and never run
        assert {cell[key] for cell in cells} == set(known)


def test_cells_differ_in_what_is_run(laid_out: Plan) -> None:
    scenarios = {arm.name: arm.scenario.model_dump_json() for arm in laid_out.study.arms}
    points = laid_out.study.points
    rows = [
        (scenarios[str(row["arm"])], *(str(value) for value in row.drop("arm")))
        for _, row in points.iterrows()
    ]
    assert len(set(rows)) == len(points) == len(laid_out.cells) * len(laid_out.contexts)
    assert len(laid_out.contexts) == 9


def test_measures_are_known_and_payoffs_are_given_both_ways(experiment: Experiment) -> None:
    assert set(experiment.measures) <= set(MEASURES)
    assert len(set(experiment.measures)) == len(experiment.measures)
    assert {"terms_us", "utility_us"} <= set(experiment.measures)


def test_pictures_show_what_is_measured(experiment: Experiment, laid_out: Plan) -> None:
    assert experiment.pictures
    for picture in experiment.pictures:
        assert picture.measure in experiment.measures
        named = [picture.over, picture.by, picture.panel, *dict(picture.given)]
        factors = [name for name in named if name]
        assert picture.over
        assert set(factors) <= set(experiment.factors)
        assert len(set(factors)) == len(factors)
        shown = [c for c in laid_out.cells if all(c[k] == v for k, v in picture.given)]
        assert len({cell[picture.over] for cell in shown}) >= 2


def test_findings_are_claims_in_nine_contexts(
    experiment: Experiment, findings: list[Finding]
) -> None:
    assert 4 <= len(findings) <= 10
    assert any(finding.verdict != "built in" for finding in findings)
    assert len({finding.claim for finding in findings}) == len(findings)
    for finding in findings:
        assert len(finding.each) == 9
        assert finding.unit
        assert not finding.claim.endswith(".")
        assert finding.verdict != "built in" or finding.detail, finding.claim
        assert finding.sentence().startswith(finding.claim)
        for interval in (finding.effect, *finding.each):
            assert np.isnan(interval.low) or interval.low <= interval.estimate <= interval.high


def test_runs_give_every_measure_a_place(experiment: Experiment, small: Contrasts) -> None:
    shape = (len(small.cells), 9, WORLDS)
    assert set(small.values) == set(experiment.measures)
    assert all(values.shape == shape for values in small.values.values())
    assert not np.isnan(small.values["utility_us"]).any()
    assert len(small.table()) == len(small.cells) * 10 * len(experiment.measures)
