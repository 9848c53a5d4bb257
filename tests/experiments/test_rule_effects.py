"""The rules of the second edition: each has its numbers, and its effect is measured."""

import pandas as pd
import pytest

from experiments.rule_effects import ALONE, MISSING, rule_effects, rule_sections, work
from model.schema.declarations import dotted, leaves
from model.schema.scenario import Scenario, load_scenario
from model.schema.second_edition import RULES, changes, numbers_of, with_values

WORLDS = 12


@pytest.fixture(scope="module")
def setting() -> Scenario:
    return load_scenario("february_2025", {"time.horizon": 26})


@pytest.fixture(scope="module")
def table(setting: Scenario) -> pd.DataFrame:
    return rule_effects(setting, WORLDS, 1, engine="numpy")  # no program to record for each arm


def test_each_number_of_the_second_edition_belongs_to_one_rule(setting: Scenario) -> None:
    names = [
        dotted(leaf.place)
        for leaf in leaves(Scenario, setting.model_dump())
        if leaf.slot.first_edition is not None
    ]
    names += list(setting.first_edition)
    of = {name: [rule for rule in RULES if numbers_of(rule, [name])] for name in names}
    assert {name: rules for name, rules in of.items() if len(rules) != 1} == {}


def test_all_rules_together_are_the_second_edition(setting: Scenario) -> None:
    first = load_scenario("february_2025", {"time.horizon": 26, "edition": 1})
    every = {name: value for name, (_, value) in changes(setting).items()}
    assert with_values(first, {**every, "edition": 2}) == setting


def test_each_rule_has_both_effects_in_every_measure(table: pd.DataFrame) -> None:
    counts = table.groupby(["rule", "form"]).size()
    assert counts.nunique() == 1
    assert set(table["form"]) == {ALONE, MISSING}
    assert ((table["low"] <= table["estimate"]) & (table["estimate"] <= table["high"])).all()


def test_a_table_has_a_row_for_each_rule(setting: Scenario, table: pd.DataFrame) -> None:
    alone, missing = rule_sections(setting, table, 1)
    rules = list(dict.fromkeys(table["rule"]))
    assert [row[0].split()[0] for row in alone.rows] == rules
    assert [row[0].split()[0] for row in missing.rows] == rules


def test_the_work_counts_both_arms_of_each_rule(setting: Scenario, table: pd.DataFrame) -> None:
    assert work(setting, WORLDS) == 2 * table["rule"].nunique() * WORLDS * setting.time.horizon
