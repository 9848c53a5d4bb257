"""What a run says in words: the right numbers, never a share without interval and scenario."""

from dataclasses import replace

import numpy as np
import pandas as pd

from experiments.engine import Run
from experiments.factorial.sweep import ranges
from experiments.summary import (
    Section,
    as_text,
    consequence_section,
    content_section,
    headline,
    limits,
    outcome_section,
    sweep_section,
)
from model.schema.scenario import Scenario, load_scenario


def _rows(section: Section) -> dict[str, tuple[str, ...]]:
    return {row[0]: row[1:] for row in section.rows}


def test_the_headline_says_scenario_worlds_seed_and_start(made: Run) -> None:
    text = headline(made)
    for part in ("february_2025", "12 worlds", "seed 7", "8 weeks", "1 February 2025"):
        assert part in text


def test_outcomes_by_hand(made: Run) -> None:
    rows = _rows(outcome_section(made))
    assert rows["comprehensive deal"] == ("4", "33.3 %", "13.8 to 60.9 %")
    assert rows["truce"][:2] == ("0", "0.0 %")
    assert rows["any agreement"][:2] == ("6", "50.0 %")


def test_every_share_stands_beside_scenario_interval_and_sweep(
    made: Run, cells: pd.DataFrame
) -> None:
    section = outcome_section(made, cells)
    assert "february_2025" in section.title
    assert section.columns[-2:] == ("95 % interval", "over the sweep")
    assert all(len(row) == len(section.columns) for row in section.rows)
    assert "sweep" in section.note


def test_the_sweep_has_a_row_a_cost_scale_and_window(cells: pd.DataFrame) -> None:
    section = sweep_section("february_2025", cells)
    assert [row[:2] for row in section.rows] == [
        (cost, window) for cost in ("0.8", "1", "1.2") for window in ("13", "26", "52")
    ]
    assert "The same 5 worlds in each of 27 cells" in section.note
    low, high = 100 * ranges(cells).loc["stalemate"]
    assert f"stalemate {low:.0f} to {high:.0f} %" in section.note


def test_contents_are_sentences_with_units_at_the_median(made: Run) -> None:
    rows = _rows(content_section(made))
    key = next(words for words in rows if "bn dollars" in words)
    assert "China buys 100 bn dollars" in key
    assert rows[key] == ("100 to 100", "100 % (61 to 100)")
    assert rows["Access to technology: nothing, or almost nothing"] == ("0 to 0", "0 % (0 to 39)")


def test_without_agreements_the_words_say_so(made: Run) -> None:
    outcomes = made.outcomes.assign(outcome="stalemate", agreement_week=np.nan)
    none = replace(made, outcomes=outcomes)
    assert content_section(none).note == "No world ends with a deal in force."
    section = consequence_section(none)
    assert _rows(section)["weeks to agreement"] == ("-", "-")
    assert "0 of 12 worlds" in section.note


def test_consequences_by_hand(made: Run) -> None:
    section = consequence_section(made)
    rows = _rows(section)
    assert rows["weeks to agreement"][0] == "median 4 (2 to 7)"
    assert rows["real income, ROW"] == ("+0.000 %", "-0.090 % to +0.090 %")
    assert rows["tariff of US at the end"] == ("20.0 %", "10.0 % to 30.0 %")
    assert rows["involuntary defections"][0] == "0.25"
    assert "25.0 % of worlds" in section.note


def test_the_text_holds_every_word(made: Run) -> None:
    section = outcome_section(made)
    text = as_text([section], headline(made))
    assert all(word in text for row in section.rows for word in row)


def test_the_limits_name_what_is_announced_and_that_numbers_are_assumed(setting: Scenario) -> None:
    for part in (
        "10 points on all goods from China, by the United States, announced in week 0",
        "numbers are assumptions",
        "All mechanisms are switched on",
        "not a forecast",
    ):
        assert part in limits(setting)
    assert "announces nothing" in limits(load_scenario("classroom"))


def test_what_is_switched_off_is_named_beside_the_shares(made: Run) -> None:
    setting = load_scenario("february_2025", {"off": ["truce", "legacy"]})
    words = "Switched off: truce (truces); legacy (leaders value having signed a deal)"
    assert words in limits(setting)
    assert words in outcome_section(replace(made, scenario=setting)).note
    assert "All mechanisms" not in limits(setting)


def test_conduct_by_hand(made: Run) -> None:
    rows = _rows(consequence_section(made))
    assert rows["threats made by US"] == ("2.0", "2.0 to 2.0")
    assert rows["threats executed by CN"] == ("0.5", "0.0 to 1.0")
    assert rows["truces"][0] == "0.00"
    assert rows["deals"][0] == "0.67"
    assert rows["deals broken"][0] == "25.0 % (7.1 to 59.1) of 8 worlds with one"
    assert rows["compliance"] == ("75 %", "75 % to 75 %")


def test_without_deals_none_is_broken_and_nothing_complied_with(made: Run) -> None:
    none = replace(made, outcomes=made.outcomes.assign(deals=0.0, compliance=np.nan))
    assert not {"deals broken", "compliance"} & set(_rows(consequence_section(none)))


def test_a_scenario_without_an_economy_tells_no_incomes(made: Run) -> None:
    plain = replace(made, scenario=load_scenario("february_2025", {"economy.table": "none"}))
    names = [row[0] for row in consequence_section(plain).rows]
    assert names[0] == "weeks to agreement"
    assert not [name for name in names if "income" in name or "tariff" in name]
