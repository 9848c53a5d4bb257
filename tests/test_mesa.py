"""The negotiation is a good citizen of Mesa: its own tools run it, and find everybody in it."""

from typing import Any

import mesa
import numpy as np
import pytest

from agents.adviser import Adviser
from agents.constituency import Constituency
from agents.intermediary import Intermediary
from agents.leader import Leader
from experiments.engine import build, fork
from model.negotiation import Negotiation
from model.schema.scenario import load_scenario
from tests.bits import faults, unequal_states

KINDS = {"leader": Leader, "adviser": Adviser, "analyst": Adviser, "intermediary": Intermediary}
HURRIED: dict[str, Any] = {"time.horizon": 12, "talks.window": 4.0, "talks.rate": 0.9}


def hurried(worlds: int = 5, **numbers: Any) -> Negotiation:
    """Return twelve weeks in which much happens."""
    return build(load_scenario("february_2025", HURRIED | numbers), worlds, seed=3)


def test_mesa_finds_everybody_by_class() -> None:
    talks = hurried()
    assert isinstance(talks, mesa.Model)
    assert len(talks.agents) == 28
    found = {
        kind: {agent.key for agent in talks.agents_by_type[kind]} for kind in talks.agent_types
    }
    setting = talks.setting
    cast = {key: KINDS[card.kind] for key, card in setting.actors.items()}
    cast |= dict.fromkeys(setting.constituencies, Constituency)
    assert found == {kind: {k for k in cast if cast[k] is kind} for kind in set(cast.values())}
    assert all(isinstance(agent, mesa.Agent) for agent in talks.agents)
    assert {agent.key for agent in talks.agents} == set(talks.graph.nodes)
    assert sorted(agent.unique_id for agent in talks.agents) == list(range(1, 29))


def test_mesa_runs_it() -> None:
    talks, stepped = hurried(), hurried()
    talks.run_for(5)
    for _ in range(5):
        stepped.step()
    assert (talks.week, talks.steps, talks.time) == (5, 5, 5.0)
    assert not unequal_states(talks, stepped)


def test_it_runs_itself_to_the_end() -> None:
    talks = hurried()
    talks.run_model()
    assert (talks.week, talks.running) == (12, False)


@pytest.mark.parametrize("go_on", ["step", "run_for"])
def test_nothing_happens_after_the_end(go_on: str) -> None:
    talks, ended = hurried(), hurried()
    for negotiation in (talks, ended):
        negotiation.run_for(12)
        assert negotiation.running is False
    talks.step() if go_on == "step" else talks.run_for(100)
    assert talks.week == 12
    assert not unequal_states(talks, ended)


def test_it_ends_when_all_worlds_have() -> None:
    sweep = {"time.horizon": [3, 7, 5]}
    talks = build(load_scenario("february_2025", HURRIED), 3, 3, sweep)
    running = []
    while talks.running:
        talks.step()
        running.append((~talks.finished()).tolist())
    assert len(running) == 7
    assert running[2] == [False, True, True]
    assert running[5] == [False, True, False]
    assert talks.store["weeks"].tolist() == [3.0, 7.0, 5.0]


def test_mesa_collects_from_it() -> None:
    talks = hurried(edition=1)
    collector = mesa.DataCollector(
        model_reporters={
            "week": "week",
            "tariff": lambda model: float(model.store["tariff"][0].mean()),
            "deals": lambda model: int((model.store["phase"] > 0.0).sum()),
        },
        agent_reporters={"firmness": lambda agent: float(agent.opinion[0].mean())},
        agenttype_reporters={Constituency: {"pain": lambda group: float(group.pain.mean())}},
    )
    collector.collect(talks)
    while talks.running:
        talks.step()
        collector.collect(talks)
    model = collector.get_model_vars_dataframe()
    assert model["week"].tolist() == list(range(13))
    assert model["tariff"].iloc[:2].tolist() == pytest.approx([0.207, 0.307])
    assert model["deals"].iloc[-1] > 0
    assert collector.get_agent_vars_dataframe().shape == (13 * 28, 1)
    pain = collector.get_agenttype_vars_dataframe(Constituency)["pain"].groupby("Step").mean()
    assert pain.loc[0] < pain.loc[1] < pain.loc[2]  # the first tariff sinks in


def test_mesa_luck_plays_no_part() -> None:
    talks, disturbed = hurried(), hurried()
    disturbed.reset_rng(99)
    while talks.running:
        talks.step()
        for chance in (disturbed.random, disturbed.rng):
            chance.random()
        disturbed.agents.shuffle(inplace=True)
        disturbed.step()
    assert not unequal_states(talks, disturbed)


def test_names_that_mesa_owns_are_left_to_it() -> None:
    talks, plain = hurried(), mesa.Model(rng=0)
    for name in ("steps", "time", "random", "rng", "scenario"):
        assert type(getattr(talks, name)) is type(getattr(plain, name)), name
    own = {"pos", "step", "scenario", "rng", "random", "model", "unique_id"}
    for agent in talks.agents:
        assert not own & set(vars(type(agent)))
    assert not {"opinion", "pain", "trust"} & set(vars(next(iter(talks.agents))))


def test_states_stay_contiguous_and_possible_in_all_weeks() -> None:
    talks = hurried(worlds=40)
    assert not faults(talks)
    while talks.running:
        talks.step()
        assert not faults(talks), talks.week
        chosen = talks.select(np.array([3, 3, 17, 0], dtype=np.intp))
        assert not faults(chosen)
        assert not faults(fork(talks, 3, world=5))
    groups = talks.setting.constituencies.values()
    for side in talks.keys.sides:
        rows = [row for row, group in enumerate(groups) if group.side == side]
        np.testing.assert_allclose(talks.store["weight"][rows].sum(axis=0), 1.0, rtol=1e-14)
