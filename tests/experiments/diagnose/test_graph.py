"""The report on the influence graph: centrality beside the effect of removing actors and edges."""

import numpy as np
import pytest

from experiments.diagnose.effects import removals
from experiments.diagnose.graph import centrality, edge_removals, edge_work
from experiments.diagnose.sections import removal_section
from experiments.engine import simulate
from experiments.statistics import paired_difference
from model.schema.scenario import load_scenario

SHORT = {"time.horizon": 26, "talks.rate": 0.6}
SETTING = load_scenario("february_2025", SHORT)
WORLDS = 12


def test_influence_of_a_side_sums_to_one() -> None:
    found = centrality(SETTING)
    for side in SETTING.sides:
        shares = [found[key] for key, card in SETTING.actors.items() if card.side == side]
        assert min(shares) >= 0.0
        assert sum(shares) == pytest.approx(1.0)


@pytest.mark.parametrize("name", ["three_advisers", "trade_war_2018"])
def test_influence_follows_the_closed_form(name: str) -> None:
    """The row of the leader in (I - L W)^-1 (I - L), by a matrix of the edges within a side."""
    setting = load_scenario(name)
    keys, found = list(setting.actors), centrality(setting)
    heard = np.zeros((len(keys), len(keys)))
    for edge, card in setting.edges.items():
        speaker, listener = (keys.index(key) for key in edge.split(">"))
        if setting.actors[keys[speaker]].side == setting.actors[keys[listener]].side:
            heard[listener, speaker] = card.weight
    mass = heard.sum(axis=1, keepdims=True)
    heard = heard / np.where(mass > 0.0, mass, 1.0)
    susceptible = [card.susceptibility for card in setting.actors.values()]
    open_to = np.diag(np.where(mass[:, 0] > 0.0, susceptible, 0.0))
    exact = np.linalg.solve(np.eye(len(keys)) - open_to @ heard, np.eye(len(keys)) - open_to)
    for side in setting.sides.values():
        row = exact[keys.index(side.leader)]
        for key, share in zip(keys, row, strict=True):
            assert share == pytest.approx(found[key] if share > 0.0 else 0.0)


def test_an_edge_is_removed_by_its_weight() -> None:
    passed: list[int] = []
    found = {one.removed: one for one in edge_removals(SETTING, WORLDS, 1, passed.append)}
    assert list(found) == list(SETTING.edges)
    assert sum(passed) == edge_work(SETTING, WORLDS)
    edge = "scott_bessent>donald_trump"
    without = load_scenario("february_2025", SHORT | {f"edges.{edge}.weight": 0.0})
    tables = [simulate(one, WORLDS, 1).outcomes for one in (SETTING, without)]
    made, left = (np.where(table["agreement_week"].notna(), 1.0, 0.0) for table in tables)
    assert found[edge].agreement == pytest.approx(paired_difference(made, left, 0.99))
    assert found[edge].influence > found["wendy_cutler>jamieson_greer"].influence > 0.0
    assert found["donald_trump>xi_jinping"].influence == 0.0


def test_contents_are_compared_in_worlds_with_both_deals() -> None:
    found = removals(SETTING, 40, 1, influence=centrality(SETTING))
    for one in found:
        assert (set(one.content) == set(SETTING.issues)) == (one.pairs > 1)
        assert one.moved is None or one.moved in SETTING.issues
        assert 0.0 <= one.influence <= 1.0
    section = removal_section(SETTING, "Without one actor", found)
    assert len(section.rows) == len(found)
    assert section.rows[0][1] == f"{100.0 * max(one.influence for one in found):.1f} %"
