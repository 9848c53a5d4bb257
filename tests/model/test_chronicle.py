"""A chronicle and its world's row of outcomes tell the same: as many threats, truces, deals."""

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments.chronicles import KINDS
from experiments.engine import Run, simulate
from model.chronicle import Entry, EventLog, story
from model.schema.entries import ScheduledTariff
from model.schema.scenario import load_scenario

WORLDS = 40
SIDES = {"US": "us", "CN": "cn"}


@pytest.fixture(scope="module")
def run() -> Run:
    numbers = {
        "time.horizon": 80, "talks.window": 8.0, "compliance.snapback": 0.1,
        "implementation.review": 8.0, "implementation.second_phase": 1.0,
        "implementation.renegotiation": 1.0,
    }  # fmt: skip
    setting = load_scenario("february_2025", numbers)
    return simulate(setting, WORLDS, 2, record="everything")


@pytest.fixture(scope="module")
def told(run: Run) -> list[list[Entry]]:
    assert run.weeks is not None
    chronicles = []
    for world in range(WORLDS):
        alone = run.weeks.sel(world=world)
        history = {str(name): values.to_numpy() for name, values in alone.data_vars.items()}
        chronicles.append(EventLog(run.scenario, history).tell())
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
    announced = Counter(event.side for _, event in run.scenario.of_kind(ScheduledTariff))
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


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        ("implementations", "implementation"),
        ("reviews", "review"),
        ("renegotiations", "renegotiation"),
        ("second_phases", "second phase"),
        ("trials", "trial package"),
    ],
)
def test_what_happens_in_a_deal_is_as_often_as_the_state_counts(
    run: Run, told: list[list[Entry]], state: str, kind: str
) -> None:
    assert run.weeks is not None
    counts = [_count(entries, kind) for entries in told]
    assert counts == run.weeks[state].isel(week=-1).to_numpy().tolist()
    assert sum(counts) > 0 or kind == "second phase"  # which is rare
    assert {entry.kind for entries in told for entry in entries} <= set(KINDS)


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


ENDED: dict[str, Any] = {
    **dict.fromkeys(("involuntary_defections", "deals", "truces", "deal_weeks"), 0.0),
    **{f"{name}_{side}": 0.0 for name in ("revoked", "delivered_sum") for side in ("us", "cn")},
    **{"tariff_us_final": 0.0, "tariff_cn_final": 0.0, "outcome": "stalemate"},
    **{"refused_by": "", "last_deal": "", "broken_by": ""},
    **dict.fromkeys(("agreement_week", "broken_week", "enforcement"), np.nan),
}
DEAL = {"deals": 1.0, "last_deal": "mini deal", "agreement_week": 31.0}


@pytest.mark.parametrize(
    ("happened", "sentence"),
    [
        ({}, "Stalemate."),
        ({"tariff_us_final": 0.31},
         "Stalemate with tariffs of 31 % (United States) and 0 % (China)."),
        ({"revoked_us": 1.0, "outcome": "decoupled"},
         "Normal trade relations ended by the United States; in the end decoupled."),
        ({"truces": 2.0}, "2 truces; in the end a stalemate."),
        ({"involuntary_defections": 1.0, "refused_by": "CN"},
         "Failed at home in China; in the end a stalemate."),
        (DEAL, "Mini deal in week 31; in the end a stalemate."),
        (DEAL | {"outcome": "escalated stalemate"},
         "Mini deal in week 31; in the end an escalated stalemate."),
        (DEAL | {"deals": 2.0},
         "First deal in week 31, 2 in all, the last a mini deal; in the end a stalemate."),
        (DEAL | {"broken_week": 70.0, "broken_by": "CN", "deal_weeks": 10.0,
                 "delivered_sum_cn": 6.0},
         "Mini deal in week 31, broken in week 70 after China fell short by 40 %;"
         " in the end a stalemate."),
        (DEAL | {"broken_week": 70.0, "broken_by": "US", "revoked_us": 1.0},
         "Mini deal in week 31, broken in week 70, normal trade relations ended by the United"
         " States; in the end a stalemate."),
    ],
)  # fmt: skip
def test_a_story_tells_what_happened_and_nothing_else(
    happened: dict[str, Any], sentence: str
) -> None:
    assert story(load_scenario("february_2025"), ENDED | happened) == sentence


def rare_week(run: Run, **rises: Any) -> list[Entry]:
    """Return the entries of a week in which only these states rise."""
    assert run.weeks is not None
    still = {name: np.zeros_like(v.isel(world=0, week=0)) for name, v in run.weeks.items()}
    week = {name: rises.get(str(name), value) for name, value in still.items()}
    history = {str(name): [still[name], np.asarray(week[name], float)] for name in still}
    return EventLog(run.scenario, history).tell()


def test_the_end_of_normal_trade_relations_ends_a_deal_in_these_words(run: Run) -> None:
    told = rare_week(run, revoked=[1.0, 0.0], broken_week=1.0, broken_by=0.0, tariff=[0.3, 0.0])
    kinds = {entry.kind: entry.text for entry in told}
    assert kinds["revocation"] == "Congress ends normal trade relations with China."
    assert kinds["end of the deal"] == (
        "The deal ends: the United States ended normal trade relations; tariffs snap back."
    )
    short = rare_week(run, broken_week=1.0, broken_by=1.0, delivered_sum=[8.0, 6.0], deal_weeks=8.0)
    assert [e.text for e in short] == ["The deal ends: China delivered 75 % of what was due."]
    assert short[0].numbers == {"delivered": 0.75}


@pytest.mark.parametrize(
    ("answer", "pending", "end"),
    [
        (0.0, 0.0, "The answer is cold."),
        (1.0, 1.0, "The answer is warm."),
        (1.0, 0.0, "The answer is warm. It becomes known, and both sides disown it."),
    ],
)
def test_a_trial_package_is_told_with_its_carrier_path_and_answer(
    run: Run, answer: float, pending: float, end: str
) -> None:
    carrier = [float(key == "elon_musk") for key in run.scenario.actors]
    package = [0.0] * len(run.scenario.issues)
    states = {"trial": package, "trial_answer": answer, "trial_warm": pending}
    (entry,) = rare_week(run, trials=1.0, trial_sender=1.0, trial_carrier=carrier, **states)
    assert (entry.kind, entry.actor) == ("trial package", "CN")
    assert entry.text == (
        "Elon Musk carries a trial package of China (from Han Zheng to Elon Musk to Donald Trump): "
        f"nothing. {end}"
    )
    assert entry.numbers == {"warm": answer}


def test_a_second_phase_is_told_with_the_whole_deal(run: Run) -> None:
    agreement = [0.5] + [0.0] * (len(run.scenario.issues) - 1)
    (entry,) = rare_week(run, second_phases=1.0, agreement=agreement)
    assert entry.kind == "second phase"
    assert entry.text == (
        "Both sides ratify a second phase of the deal, which now says: The United States lifts 50 %"
        " of the tariffs added since 2018."
    )


def test_an_election_is_told_in_its_week_alone(tmp_path: Path) -> None:
    file = tmp_path / "votes.toml"
    event = 'title = "A vote"\nside = "north"\nkind = "election"\nweek = 2\nsource = "assumed"'
    file.write_text(
        f'extends = "classroom"\nname = "votes"\ntitle = "Votes"\n[[events]]\n{event}\n'
    )
    history = {"happened": np.zeros((4, 0)), "leaks": np.zeros(4), "quota": np.zeros((4, 2))}
    event_log = EventLog(load_scenario(file), history)
    told = [[entry.text for entry in event_log.events(week)] for week in (1, 2, 3)]
    assert told == [[], ["A vote."], []]


def test_sides_are_named_as_their_scenario_names_them(tmp_path: Path) -> None:
    file = tmp_path / "named.toml"
    north = (
        'title = "League"\narticle = "the"\nlegislature = "The diet"\nrevocable = "free passage"'
    )
    file.write_text(
        f'extends = "classroom"\nname = "named"\ntitle = "Named"\n[sides.north]\n{north}\n'
    )
    setting = load_scenario(file)
    alone = simulate(setting, 1, 1, record="everything")
    told = rare_week(alone, backed_down=[1.0, 1.0], revoked=[1.0, 0.0], tariff=[0.25, 0.0])
    assert [entry.text for entry in told] == [
        "The League backs down from its threat.",
        "The diet ends free passage with South.",
        "South backs down from its threat.",
        "The tariff of the League rises by 25.0 points to 25.0 %.",
    ]
    threats = rare_week(alone, threats=[1.0, 1.0], threat_kind=[3.0, 2.0], threat_weeks=[4.0, 1.0])
    assert [entry.text for entry in threats] == [
        "The League threatens to end free passage, due in 4 weeks.",
        "South threatens export controls, due in 1 week.",
    ]
    row = ENDED | {f"revoked_{side}": 0.0 for side in ("north", "south")}
    row |= {f"tariff_{side}_final": 0.0 for side in ("north", "south")}
    refused = row | {"involuntary_defections": 1.0, "refused_by": "north"}
    assert story(setting, refused) == "Failed at home in the League; in the end a stalemate."
