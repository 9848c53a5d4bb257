"""Watch highlights the edges by which a draft reaches its leader, and explains it."""

import pytest

from app.watch import narration, scenes
from app.watch.trace import replay_week
from app.watch.trajectory import Trajectory, record_trajectory
from model.schema.issues import SLIGHT
from model.schema.scenario import load_scenario


@pytest.fixture(scope="module")
def short() -> Trajectory:
    return record_trajectory(load_scenario("february_2025", {"time.horizon": 12}), 1, 1)


def test_edges_of_drafts_are_highlighted(short: Trajectory) -> None:
    drawn = {(row["from"], row["to"]) for row in scenes.edges(short)}
    found = 0
    for entry in short.entries:
        if entry.kind == "offer":
            side = scenes.place_of(short, entry.actor)
            draft = scenes.draft_by(short, entry.week, side)
            rows = [row for row in scenes.lit(short, entry.week) if row["kind"] == "draft"]
            assert bool(rows) == (draft is not None)
            assert {(row["from"], row["to"]) for row in rows} <= drawn
            if draft:
                leader = short.scenario.sides[entry.actor].leader
                assert (draft.drafter, leader) in {(row["from"], row["to"]) for row in rows}
                found += 1
    assert found


def test_the_inspector_says_how_priorities_moved_the_offer(short: Trajectory) -> None:
    entry = next(entry for entry in short.entries if entry.kind == "offer")
    card = short.scenario.sides[entry.actor]
    facts = dict(narration.inspect(short, entry.week, card.lead)["facts"])
    moved = replay_week(short, entry.week).drafts[scenes.place_of(short, entry.actor)]
    assert abs(moved).max() > SLIGHT
    assert "points" in facts["How priorities move this week's offer"]
    assert facts["Priorities"]
    silent = next(week for week in range(1, 12) if not short.record["level"][week])
    assert "How priorities move this week's offer" not in dict(
        narration.inspect(short, silent, card.lead)["facts"]
    )
