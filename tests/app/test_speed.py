"""Tests of the app benchmarks: redraws are not cached, and only existing weeks are counted."""

import pytest

from app.explore import speed
from app.explore.session import Session
from app.watch.speed import weeks_per_second
from app.watch.trajectory import record_trajectory
from model.schema.scenario import load_scenario


@pytest.mark.parametrize("rest", [0.0, 0.1])
def test_redraws_use_new_values(monkeypatch: pytest.MonkeyPatch, rest: float) -> None:
    asked: list[object] = []
    views = Session.views

    def noted(session: Session, opened: object, check: object) -> object:
        asked.append(opened.state)  # type: ignore[attr-defined]
        return views(session, opened, check)  # type: ignore[arg-type]

    monkeypatch.setattr(Session, "views", noted)
    assert speed.redraw(rest, 1, 20) > 0.0
    assert len(asked) == len(set(asked)) == 2  # one to warm up


def test_watch_counts_existing_weeks() -> None:
    short = record_trajectory(load_scenario("classroom", {"time.horizon": 5}), 1, 0)
    assert weeks_per_second(100, short) > 0.0
