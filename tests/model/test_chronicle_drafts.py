"""The chronicle says who drafted an offer, whose priorities shaped it, and by which edges."""

from typing import Any

import numpy as np
import pytest

from agents.conduct import Conduct
from experiments.engine import Run, build, simulate
from model.arrays import Array
from model.chronicle import EventLog
from model.chronicle_drafts import Draft, draft_of, draft_route
from model.phases.talks import SUMMIT
from model.rules.drafts import largest_share
from model.schema.scenario import load_scenario
from model.trace import Trace

WEEKS = {"time.horizon": 30}


class Stubborn(Conduct):
    """Offers nothing, whatever the model drafts."""

    def offer(self, seat: Any, package: Array) -> Array:
        return np.zeros_like(package)


def logs(run: Run) -> list[EventLog]:
    assert run.weeks is not None
    found = []
    for world in range(len(run.outcomes)):
        alone = run.weeks.sel(world=world)
        history = {str(name): values.to_numpy() for name, values in alone.data_vars.items()}
        found.append(EventLog(run.scenario, history))
    return found


def offers(run: Run) -> list[tuple[EventLog, int, int, str]]:
    """Return each offer of a run: its log, its week, the row of its side, and its sentence."""
    sides = list(run.scenario.sides)
    return [
        (record, entry.week, sides.index(entry.actor), entry.text)
        for record in logs(run)
        for entry in record.tell()
        if entry.kind in ("offer", "summit")
    ]


def test_offers_name_their_drafter() -> None:
    run = simulate(load_scenario("february_2025", WEEKS), 8, 1, record="everything")
    named = 0
    for record, week, row, text in offers(run):
        card, draft = record.cards[row], draft_of(record, week, row)
        assert ("drafts it" in text) == (draft is not None)
        if draft:
            above = record.now("level", week) == SUMMIT
            assert draft.drafter == (card.leader if above else card.lead)
            actors = run.scenario.actors
            assert actors[draft.voice].side == actors[draft.drafter].side
            assert above or not run.scenario.issues[draft.issue].leaders_only
            named += 1
    assert named > 20


@pytest.mark.parametrize("numbers", [{"edition": 1}, {"talks.drafting": 0.0}])
def test_without_drafts_no_drafter_is_named(numbers: dict[str, Any]) -> None:
    run = simulate(load_scenario("february_2025", WEEKS | numbers), 4, 1, record="everything")
    found = offers(run)
    assert found
    assert not any("drafts it" in text for *_, text in found)


def test_an_offer_that_replaces_the_draft_names_no_drafter() -> None:
    setting = load_scenario("february_2025", WEEKS)
    run = simulate(setting, 4, 1, record="everything", seats={"US": Stubborn()})
    found = offers(run)
    assert any("drafts it" in text for *_, row, text in found if row == 1)
    assert not any("drafts it" in text for *_, row, text in found if row == 0)


def test_the_largest_share_follows_the_direction_of_the_sum() -> None:
    logs = np.log(np.array([[[4.0]], [[0.9]], [[0.1]]]))
    shares = np.array([[0.3], [0.5], [0.2]])
    assert largest_share(logs, shares, np.ones(1))[0, 0] == 2.0
    shares = np.array([[0.6], [0.3], [0.1]])
    assert largest_share(logs, shares, np.ones(1))[0, 0] == 0.0
    assert largest_share(logs, shares, np.zeros(1))[0, 0] == -1.0


def test_a_draft_goes_from_a_voice_to_the_leader_within_a_side() -> None:
    graph = build("february_2025", 1, 1).graph
    draft = Draft("scott_bessent", "wendy_cutler", "purchases")
    route = draft_route(graph, draft, "donald_trump")
    assert ("wendy_cutler", "jamieson_greer") in route
    assert ("jamieson_greer", "donald_trump") in route
    assert ("scott_bessent", "donald_trump") in route
    assert all(graph.has_edge(*edge) for edge in route)
    own = Draft("donald_trump", "donald_trump", "purchases")
    assert draft_route(graph, own, "donald_trump") == []


def test_a_trace_compares_a_draft_with_the_plain_offer() -> None:
    negotiation = build(load_scenario("february_2025"), 20, 1)
    records = []
    for _ in range(8):
        negotiation.trace = Trace()
        negotiation.step()
        records += negotiation.trace.drafts
    assert records
    assert all(record.plain.shape == record.package.shape for record in records)
    assert max(np.abs(record.package - record.plain).max() for record in records) > 0.01
