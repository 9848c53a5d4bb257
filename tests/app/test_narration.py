"""Tests of the inspector's text: why an offer was refused, and facts about each kind of actor."""

from dataclasses import replace

import pytest

from app.watch import narration
from app.watch.trace import Answer, replay_week
from app.watch.trajectory import Trajectory, record_trajectory
from model.phases.talks import SUMMIT, WORKING
from model.schema.scenario import load_scenario

ASKED = Answer(0, int(SUMMIT), 0.5, 0.0, 0.2, 0.4, 0.9, False, 0.5)


@pytest.fixture(scope="module")
def talks() -> Trajectory:
    """Return a trajectory in which the first side receives an offer."""
    setting = load_scenario("february_2025", {"time.horizon": 12})
    return next(
        trajectory
        for trajectory in (record_trajectory(setting, 1, world) for world in range(9))
        if any(entry.kind == "offer" and entry.actor == "CN" for entry in trajectory.entries)
    )


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (replace(ASKED, yes=True), "That is enough."),
        (replace(ASKED, worth=0.1), "less than its reservation, so no deal is better"),
        (replace(ASKED, worth=0.3), "still hopes for more"),
        (replace(ASKED, worth=0.1, legacy=0.2), "still hopes for more"),
        (replace(ASKED, level=int(WORKING)), "nobody can conclude at working level"),
        (ASKED, "Its rule of acceptance asks for more."),
    ],
)
def test_reasons_for_answers(
    talks: Trajectory, monkeypatch: pytest.MonkeyPatch, answer: Answer, why: str
) -> None:
    leader = talks.scenario.sides["US"].leader
    (asked, *_) = (e.week for e in talks.entries if e.kind == "offer" and e.actor == "CN")
    simulated = replace(replay_week(talks, asked), answers=(answer,))
    monkeypatch.setattr(narration, "replay_week", lambda trajectory, week: simulated)
    text = narration.inspect(talks, talks.last, leader)["said"]
    assert f"it said {'yes' if answer.yes else 'no'}" in text
    assert why in text


def test_leaders_without_an_offer(talks: Trajectory) -> None:
    for card in talks.scenario.sides.values():
        assert narration.inspect(talks, 0, card.leader)["said"] == "It has received no offer yet."


def test_facts_by_kind_of_actor(talks: Trajectory) -> None:
    facts_by_kind = {
        kind: {key: dict(narration.inspect(talks, 6, key)["facts"]) for key in keys}
        for kind, keys in kinds(talks).items()
    }
    assert set(facts_by_kind) == {"leader", "adviser", "analyst", "constituency", "intermediary"}
    for facts in facts_by_kind["intermediary"].values():
        assert facts["In contact this week"] in ("yes", "no")
        assert "Speaks for its leader (hidden from all)" in facts
    leads = {card.lead for card in talks.scenario.sides.values()}
    for key, facts in facts_by_kind["adviser"].items():
        assert facts["Leads the talks"] == ("yes" if key in leads else "no")
    for key, facts in facts_by_kind["constituency"].items():
        at_home = talks.start.graph.nodes[key]["side"] in talks.scenario.sides
        assert ("Weight at home" in facts) == at_home


def kinds(talks: Trajectory) -> dict[str, list[str]]:
    """Return the actors of a trajectory by kind."""
    keys: dict[str, list[str]] = {}
    for key in talks.start.people:
        keys.setdefault(talks.start.graph.nodes[key]["kind"], []).append(key)
    return keys
