"""What the benchmarks measure of the app: pictures nobody has asked for, weeks that there are."""

import pytest

from app.explore import speed
from app.explore.session import Session
from app.watch.speed import frames_a_second
from app.watch.trajectory import record_trajectory
from model.schema.scenario import load_scenario


@pytest.mark.parametrize("rest", [0.0, 0.1])
def test_a_redraw_is_one_of_a_value_that_nobody_asked_for(
    monkeypatch: pytest.MonkeyPatch, rest: float
) -> None:
    asked: list[object] = []
    views = Session.views

    def noted(session: Session, opened: object, check: object) -> object:
        asked.append(opened.state)  # type: ignore[attr-defined]
        return views(session, opened, check)  # type: ignore[arg-type]

    monkeypatch.setattr(Session, "views", noted)
    assert speed.redraw(rest, 1, 20) > 0.0
    assert len(asked) == len(set(asked)) == 2  # one to warm up


def test_watch_counts_the_weeks_that_there_are() -> None:
    short = record_trajectory(load_scenario("classroom", {"time.horizon": 5}), 1, 0)
    assert frames_a_second(100, short) > 0.0
