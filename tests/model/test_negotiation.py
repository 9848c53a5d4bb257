"""A week is opened and closed once; worlds are chosen between weeks; a schedule is kept."""

from pathlib import Path

import numpy as np
import pytest

from experiments.engine import build
from model.negotiation import Negotiation
from model.phases import talks, tariffs
from model.phases.stock import take_stock
from model.schema.scenario import load_scenario
from model.state.names import StateName
from tests.quiet import ACTING, CN, US, quiet


def dated(folder: Path, event: str) -> Negotiation:
    """Return talks of two worlds in which only this event happens."""
    file = folder / "dated.toml"
    card = f'title = "dated"\nside = "US"\nsource = "assumed"\n{event}'
    file.write_text(
        f'extends = "february_2025"\nname = "dated"\ntitle = "Dated"\n[[events]]\n{card}\n'
    )
    off = [name for name in ACTING if name not in ("summits", "retaliation")]
    numbers = {"summits.call": 0.0, "summits.invitation": 0.0, "retaliation.generosity": 0.0}
    return build(load_scenario(file, {"edition": 1} | numbers | {"off": off}), 2)


def test_a_week_that_has_not_begun_cannot_be_closed() -> None:
    n = quiet()
    names: tuple[StateName, ...] = ("tariff", "approval", "clock", "opinion")
    store = {name: n.store[name].copy() for name in names}
    n.close_week()
    assert n.week == 0
    for name, before in store.items():
        np.testing.assert_array_equal(n.store[name], before)


def test_a_week_is_opened_once() -> None:
    n = quiet()
    n.open_week()
    n.open_week()
    assert n.week == 1
    n.close_week()
    n.close_week()
    n.step()
    assert n.week == 2


def test_worlds_are_chosen_between_weeks() -> None:
    n = quiet()
    n.open_week()
    with pytest.raises(RuntimeError, match="week 1 has begun"):
        n.select(np.array([0]))
    n.close_week()
    assert n.select(np.array([2, 0])).worlds == 2


def test_leaders_meet_when_it_is_planned(tmp_path: Path) -> None:
    n = dated(tmp_path, 'kind = "summit"\nweek = 3')
    found = []
    for week in (2, 3, 4):
        n.week = week
        found.append(talks.summit(n).tolist())
    assert found == [[False, False], [True, True], [False, False]]


@pytest.mark.parametrize("answered", [True, False])
def test_a_planned_tariff_is_answered_only_if_it_may_be(tmp_path: Path, answered: bool) -> None:
    word = str(answered).lower()
    n = dated(tmp_path, f'kind = "tariff"\nweek = 3\nsize = 0.2\nanswered = {word}')
    start = n.store["tariff"].copy()
    n.week = 3
    tariffs.bring_into_force(n)
    np.testing.assert_allclose(n.store["tariff"][US], start[US] + 0.2)
    np.testing.assert_array_equal(n.store["tariff"][CN], start[CN])
    assert (n.store["answers"][CN] == float(answered)).all()
    assert ((n.store["pending"][CN] > 0.0) == answered).all()


def test_weeks_with_little_trade_are_counted_until_there_is_more() -> None:
    n = quiet(3)
    start = n.store["trade_start"]
    found = []
    for shares in ((0.39, 0.39, 0.40), (0.2, 0.5, 0.0), (0.0, 0.1, 1.0)):
        n.store["trade_level"] = start * np.array(shares)
        take_stock(n)
        found.append(n.store["low_trade_weeks"].tolist())
    assert found == [[1.0, 1.0, 0.0], [2.0, 0.0, 1.0], [3.0, 1.0, 0.0]]
