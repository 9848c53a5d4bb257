"""A chronicle and its world's row of outcomes tell the same: as many threats, truces, deals."""

from collections import Counter
from typing import Any

import numpy as np
import pytest

from experiments.engine import Run, simulate
from model.chronicle import Entry, Teller, story
from model.scenario import load_scenario

WORLDS = 40
SIDES = {"US": "us", "CN": "cn"}


@pytest.fixture(scope="module")
def run() -> Run:
    setting = load_scenario("february_2025", {"time.horizon": 80, "talks.window": 8.0})
    return simulate(setting, WORLDS, 2, record="everything")


@pytest.fixture(scope="module")
def told(run: Run) -> list[list[Entry]]:
    assert run.weeks is not None
    chronicles = []
    for world in range(WORLDS):
        alone = run.weeks.sel(world=world)
        history = {str(name): values.to_numpy() for name, values in alone.data_vars.items()}
        chronicles.append(Teller(run.scenario, history).tell())
    return chronicles


def _count(entries: list[Entry], *kinds: str, actor: str | None = None) -> int:
    return sum(entry.kind in kinds and actor in (None, entry.actor) for entry in entries)


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        ("executed", "execution"),
        ("backed_down", "backing down"),
        ("postponed", "postponement"),
        ("gestures", "gesture"),
        ("answers", "answer"),
        ("revoked", "revocation"),
    ],
)
def test_acts_of_a_side_are_as_many_as_its_row_says(
    run: Run, told: list[list[Entry]], column: str, kind: str
) -> None:
    for side, short in SIDES.items():
        row = run.outcomes[f"{column}_{short}"].to_list()
        assert [_count(entries, kind, actor=side) for entries in told] == row, side
    assert kind == "revocation" or sum(_count(entries, kind) for entries in told) > 0


def test_threats_are_as_many_as_the_row_says_with_what_the_scenario_announces(
    run: Run, told: list[list[Entry]]
) -> None:
    announced = Counter(event.side for event in run.scenario.events if event.kind == "tariff")
    for side, short in SIDES.items():
        row = run.outcomes[f"threats_{short}"].to_numpy()
        counts = np.array([_count(entries, "threat", actor=side) for entries in told])
        assert (counts == row - announced[side]).all(), side
        assert counts.sum() > 0


@pytest.mark.parametrize(
    ("column", "kinds"),
    [
        ("truces", ("truce",)),
        ("deals", ("deal",)),
        ("leaks", ("leak",)),
        ("summits", ("summit",)),
        ("sessions", ("offer", "summit")),
        ("involuntary_defections", ("involuntary defection",)),
    ],
)
def test_what_both_do_is_as_often_as_the_row_says(
    run: Run, told: list[list[Entry]], column: str, kinds: tuple[str, ...]
) -> None:
    counts = [_count(entries, *kinds) for entries in told]
    assert counts == run.outcomes[column].to_list()
    assert sum(counts) > 0


def test_the_first_deal_and_the_last_breach_are_dated_as_in_the_row(
    run: Run, told: list[list[Entry]]
) -> None:
    breaches = 0
    for world, entries in enumerate(told):
        row = run.outcomes.loc[world]
        deals = [entry.week for entry in entries if entry.kind == "deal"]
        ends = [entry for entry in entries if entry.kind == "end of the deal"]
        assert np.array_equal([deals[0] if deals else np.nan], [row["agreement_week"]], True)
        last = (ends[-1].week, ends[-1].actor) if ends else (np.nan, "")
        assert np.array_equal([last[0]], [row["broken_week"]], True)
        assert last[1] == row["broken_by"]
        breaches += len(ends)
    assert breaches > 0


def test_tariffs_told_lead_to_the_final_ones(run: Run, told: list[list[Entry]]) -> None:
    for side, short in SIDES.items():
        for world, entries in enumerate(told):
            moved = [e for e in entries if e.kind == "tariff" and e.actor == side]
            last = moved[-1].numbers["tariff"] if moved else run.scenario.sides[side].tariff
            final = run.outcomes.at[world, f"tariff_{short}_final"]
            assert last == pytest.approx(final, abs=0.005)


def test_weeks_are_in_order(told: list[list[Entry]]) -> None:
    for entries in told:
        weeks = [entry.week for entry in entries]
        assert weeks == sorted(weeks)


def test_a_story_says_how_it_ended(run: Run) -> None:
    for world in range(WORLDS):
        row: dict[str, Any] = {str(name): run.outcomes.at[world, name] for name in run.outcomes}
        sentence = story(run.scenario, row)
        assert str(row["outcome"]).lower() in sentence.lower()
        assert f"{100 * row['tariff_cn_final']:.0f} % (China)." in sentence
        assert ("broken in week" in sentence) == bool(np.isfinite(row["broken_week"]))
        assert ("truce" in sentence.partition("; in the end")[0].lower()) == bool(row["truces"])
