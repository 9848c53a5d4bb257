"""Every world ends in exactly one outcome, by the definitions of the worked cases."""

import tomllib
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from model import outcomes
from model.outcomes import (
    FAMILIES,
    OUTCOMES,
    FinalState,
    Outcome,
    classify,
    comprehensive,
    counted_together,
    deal_keys,
    impossible,
    outcome_keys,
    ranked,
)
from model.schema.issues import FAMILIES as ISSUE_FAMILIES
from model.schema.scenario import load_scenario

CASES = tomllib.loads((Path(__file__).parents[1] / "cases" / "outcomes.toml").read_text("utf-8"))
ISSUES = load_scenario("february_2025").issues


@pytest.mark.parametrize("case", CASES["case"], ids=lambda case: case["why"])
def test_a_worked_case(case: dict[str, Any]) -> None:
    assert set(case["package"]) <= set(ISSUES)
    package = np.array([[case["package"].get(key, 0.0)] * 2 for key in ISSUES])
    families: list[str] = [card.family for card in ISSUES.values()]
    assert comprehensive(package, families).tolist() == [case["comprehensive"]] * 2


def test_every_family_of_issues_counts_somewhere() -> None:
    assert set(FAMILIES) == set(ISSUE_FAMILIES)


def test_worlds_are_judged_one_by_one() -> None:
    families = ["market access", "investment", "security", "money"]
    package = np.array([[1.0, 1.0], [1.0, 0.0], [1.0, 1.0], [1.0, 1.0]])
    assert comprehensive(package, families).tolist() == [True, False]


def expected(state: tuple[float, ...]) -> str:
    """Return the outcome in the order of precedence that the model states."""
    deal, whole, truce, decoupled, tariff = state
    if decoupled:
        return "decoupled"
    if deal:
        return "comprehensive deal" if whole else "mini deal"
    if truce:
        return "truce"
    return "escalated stalemate" if tariff >= 0.5 else "stalemate"


def test_each_state_of_affairs_has_one_outcome_and_each_outcome_is_reached() -> None:
    states = list(product(*[[False, True]] * 4, [0.499, 0.5]))
    columns = [np.array([state[place] for state in states]) for place in range(5)]
    keys = [OUTCOMES[number].key for number in classify(FinalState(*columns))]
    assert keys == [expected(state) for state in states]
    assert set(keys) == set(outcome_keys())


def test_the_last_outcome_applies_to_every_world() -> None:
    no = np.zeros(2, dtype=bool)
    state = FinalState(no, no, no, no, np.zeros(2))
    assert OUTCOMES[-1].condition(state).all()


def test_declarations_are_complete_and_differ() -> None:
    for name in ("key", "title", "definition", "rank", "colour_light", "colour_dark", "slug"):
        values = [getattr(outcome, name) for outcome in OUTCOMES]
        assert len(set(values)) == len(OUTCOMES), name
        assert "" not in values
    assert sorted(one.key for one in ranked()) == sorted(outcome_keys())
    counted = [key for keys in counted_together().values() for key in keys]
    assert sorted(counted) == sorted(outcome_keys())


def test_an_outcome_that_is_declared_applies_in_its_order(monkeypatch: pytest.MonkeyPatch) -> None:
    scorched = Outcome(
        key="scorched earth",
        title="Scorched earth",
        definition="The first side's tariff at 90 % or more.",
        colour_light="#8C510A",
        colour_dark="#D8B365",
        is_deal=True,
        condition=lambda final: final.tariff >= 0.9,
    )
    monkeypatch.setattr(outcomes, "OUTCOMES", (*OUTCOMES[:3], scorched, *OUTCOMES[3:]))
    no, deal = np.zeros(2, dtype=bool), np.array([True, False])
    number = classify(FinalState(deal, no, no, no, np.array([0.95, 0.95])))
    assert [outcome_keys()[row] for row in number] == ["mini deal", "scorched earth"]
    assert deal_keys() == ["comprehensive deal", "mini deal", "scorched earth"]
    assert counted_together()["scorched_earth"] == ["scorched earth"]


@pytest.mark.parametrize(
    ("name", "overrides", "excluded"),
    [
        ("february_2025", {}, ()),
        ("february_2025", {"off": ["truce"]}, ("truce",)),
        ("february_2025", {"off": ["threats"]}, ()),  # a scheduled tariff can still rise
        ("february_2025", {"economy.table": "none"}, ()),  # PNTR may still be revoked
        ("february_2025", {"economy.table": "none", "off": ["revocation"]}, ("decoupled",)),
        ("classroom", {}, ("decoupled", "truce", "escalated stalemate")),
        ("classroom", {"sides.north.tariff": 0.5}, ("decoupled", "truce")),
        ("classroom", {"off": []}, ("decoupled",)),
    ],
)
def test_what_a_scenario_rules_out(
    name: str, overrides: dict[str, Any], excluded: tuple[str, ...]
) -> None:
    assert impossible(load_scenario(name, overrides)) == excluded


def test_an_election_raises_no_tariff(tmp_path: Path) -> None:
    file = tmp_path / "votes.toml"
    event = 'title = "A vote"\nside = "US"\nkind = "election"\nweek = 2\nsource = "assumed"'
    head = 'extends = "february_2025"\nname = "votes"\ntitle = "Votes"\noff = ["threats"]'
    file.write_text(f"{head}\n[[events]]\n{event}\n")
    assert impossible(load_scenario(file)) == ("escalated stalemate",)
