"""Another negotiation by scenario file alone: it runs, speaks its own words, and fails at home."""

import re
from functools import cache
from typing import Any

import pandas as pd
import pytest

from app.explore import dials
from app.inputs.explore_url import read
from app.inputs.scenario_store import ScenarioStore
from experiments.chronicles import as_file, examples
from experiments.engine import Run, simulate
from experiments.jobs.main import RECORD
from experiments.summary import as_text, consequence_section, content_section, outcome_section
from model.chronicle import story
from model.outcomes import impossible, outcome_keys
from model.schema.reading import list_scenarios
from model.schema.scenario import load_scenario
from tests.documents import ROOT

NAME = "brexit_2017"
WORLDS = 160
FOREIGN = re.compile(
    r"\b(US|USA|China|Chinese|America\w*|United States|Congress|Washington|Beijing|PNTR|tariffs?"
    r"|dollars?|soy\w*|export controls?|trade war)\b"
)
SWITCHES = re.compile(r"Switched off: .*?numbers are assumptions\.", re.DOTALL)
ERG = "issues.access.stakes.european_research_group"


@cache
def outcomes(**overrides: float) -> pd.DataFrame:
    """Return what comes of the same worlds under other numbers; a dot is written as __."""
    changed = {name.replace("__", "."): value for name, value in overrides.items()}
    return simulate(load_scenario(NAME, {"edition": 1} | changed), WORLDS, 1).outcomes


@pytest.fixture(scope="module")
def run() -> Run:
    return simulate(load_scenario(NAME, {"edition": 1}), 60, 1, record=RECORD)


def agreed(found: pd.DataFrame) -> "pd.Series[bool]":
    return found["agreement_week"].notna()


def test_it_is_listed_and_rests_on_no_other_scenario() -> None:
    assert NAME in list_scenarios()
    assert load_scenario(NAME).extends == ""


def test_words_of_the_scenario_are_its_own() -> None:
    setting = load_scenario(NAME)
    texts = [setting.title, setting.description]
    texts += [card.title for card in setting.sides.values()]
    texts += [card.title for card in setting.actors.values()]
    texts += [card.title for card in setting.constituencies.values()]
    texts += [issue.say(0.5) for issue in setting.issues.values()]
    texts += [f"{issue.title}, {issue.unit}" for issue in setting.issues.values()]
    texts += [edge.channel for edge in setting.edges.values()]
    assert [text for text in texts if FOREIGN.search(text)] == []


def test_stories_and_chronicles_say_nothing_of_another_case(run: Run) -> None:
    rows = run.outcomes.to_dict("records")
    told = [story(run.scenario, {str(key): value for key, value in row.items()}) for row in rows]
    told.append(as_file(run, examples(run)))
    assert [sentence for sentence in told if FOREIGN.search(sentence)] == []
    assert any("ailed at home in the United Kingdom" in sentence for sentence in told)


def test_tables_say_nothing_of_another_case(run: Run) -> None:
    sections = [outcome_section(run), content_section(run), consequence_section(run)]
    text = SWITCHES.sub("", as_text(sections, ""))
    assert FOREIGN.findall(text) == []
    assert "threats made" not in text
    assert "Impossible by the rules of this scenario: decoupled, truce" in text


def test_what_cannot_come_does_not(run: Run) -> None:
    excluded = impossible(run.scenario)
    assert excluded == ("decoupled", "truce", "escalated stalemate")
    assert set(run.outcomes["outcome"]) <= set(outcome_keys()) - set(excluded)
    assert impossible(load_scenario("february_2025")) == ()
    loud = load_scenario(NAME, {"off": ["truce"]})
    assert impossible(loud) == ("decoupled", "truce")


def test_what_explore_offers_to_move_does_something() -> None:
    """No control of the dozen is of an economy or of threats that this scenario does not have."""
    names = [dial.name for dial in dials.matter(read(f"scenario={NAME}", ScenarioStore()))]
    assert not [n for n in names if n.startswith(("economy.", "coercion.", "truce."))]
    assert not [n for n in names if n.endswith(".kappa")]
    assert {"ratification.quota", "sides.EU.threshold", "sides.UK.threshold"} <= set(names)


def test_ratification_fails_sometimes_and_in_the_kingdom() -> None:
    found = outcomes()
    failed = found["involuntary_defections"] > 0
    assert 0.5 < failed.mean() < 1.0
    assert 0.02 < agreed(found).mean() < 0.6
    refused = found.loc[failed & ~agreed(found), "refused_by"]
    assert (refused == "UK").mean() > 0.9


def test_a_larger_win_set_at_home_brings_more_home() -> None:
    """Putnam 1988: the larger the win-set, the likelier an agreement, the rarer a defection."""
    small, large = outcomes(), outcomes(ratification__quota=0.827)
    assert agreed(large).mean() > agreed(small).mean() + 0.1
    fewer = (small["involuntary_defections"] - large["involuntary_defections"]).mean()
    assert fewer > 0.3


def test_a_hurdle_at_home_that_is_foreseen_pays_at_the_table_and_costs_agreements() -> None:
    """Schelling 1960: who must bring home more gets more, where there still is an agreement."""
    free: dict[str, Any] = {"ratification__quota": 0.5, "ratification__anticipation": 1.0}
    low, high = outcomes(**free), outcomes(**free, sides__UK__threshold=0.4)
    both = agreed(low) & agreed(high)
    assert both.sum() > 50
    assert (high["utility_uk"] - low["utility_uk"])[both].mean() > 0.05
    assert (high["utility_eu"] - low["utility_eu"])[both].mean() < -0.05
    assert agreed(high).mean() < agreed(low).mean()


def test_an_agreement_that_hard_leavers_gain_by_passes_more_often() -> None:
    more = outcomes(**{ERG.replace(".", "__"): 0.9})
    assert agreed(more).mean() > agreed(outcomes()).mean() + 0.2


def test_the_document_tells_what_the_worlds_say() -> None:
    """Its headline shares, of 1,000 worlds with seed 1, are those of the model as it stands."""
    text = (ROOT / "docs" / "another_negotiation.md").read_text(encoding="utf-8")
    found = simulate(load_scenario(NAME, {"edition": 1}), 1000, 1).outcomes
    shares = {
        "ratified in the end": agreed(found).mean(),
        "failed at home": (found["involuntary_defections"] > 0).mean(),
    }
    for words, share in shares.items():
        told = re.search(rf"{words} \| ([\d.]+) %", text)
        assert told, words
        assert float(told[1]) == pytest.approx(100 * share, abs=0.3), words
