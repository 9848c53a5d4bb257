"""Tests of the Lessons page without a browser: predictions, live pictures, answers."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ipyvuetify.Html import Html

from app.inputs.explore_url import State
from app.inputs.scenario_store import ScenarioStore
from app.lessons import drawing, reading
from app.lessons.lesson import Check, Picture
from app.lessons.measuring import answer
from app.lessons.moving import control, moved, opened_at
from app.lessons.study import LessonResults, Study
from app.pages import lessons as page
from tests.app.teaching import SMALL, find, lesson_of
from tests.app.test_components import Shown

BROAD = SMALL.replace(
    'scenario = "classroom"\nworlds = 5', 'scenario = "trade_war_2018"\nworlds = 2'
)


def test_controls_start_at_the_initial_state_and_can_be_reset(tmp_path: Path) -> None:
    lesson = lesson_of(SMALL, tmp_path)
    picture = next(part for part in lesson.after if isinstance(part, Picture))
    start, scenario_store = picture.opened, ScenarioStore()
    dial = control(start, start, "talks.window")
    assert dial is not None
    assert (dial.texts[dial.place], dial.changed) == ("10", False)
    now = moved(start, start, "talks.window", "13", scenario_store)  # the value of the scenario
    dial = control(start, now, "talks.window")
    assert dial is not None
    assert (dial.texts[dial.place], dial.texts[dial.own], dial.changed) == ("13", "10", True)
    assert moved(start, now, "talks.window", None, scenario_store) == start
    assert moved(start, start, "talks.window", "900", scenario_store).problems
    streams = control(start, start, "seed")
    assert streams is not None
    assert not streams.source  # a seed has no source
    assert moved(start, start, "seed", "7", scenario_store).state.seed == 7
    assert moved(start, start, "seed", "1e9", scenario_store).state == start.state
    assert moved(start, start, "seed", None, scenario_store).state == start.state
    off = moved(start, start, "audience_costs", "switch", scenario_store)
    assert "audience_costs" in off.scenario.off
    leads = opened_at(State("february_2025"), {}, scenario_store)
    assert control(leads, leads, "sides.US.lead") is not None
    assert control(start, start, "nothing.of.this") is None


def test_pictures_come_first_and_results_are_kept(tmp_path: Path) -> None:
    lesson = lesson_of(SMALL, tmp_path)
    study = Study()
    shown: list[LessonResults] = []
    study.work(lesson, {}, LessonResults(), shown.append).join(60)
    assert [(len(one.seen), len(one.answers)) for one in shown] == [(1, 0), (1, 1)]
    index = next(iter(shown[-1].seen))
    seen = shown[-1].seen[index]
    assert seen.ghost is None
    assert seen.trajectory is not None
    again: list[LessonResults] = []
    start = seen.opened
    other = moved(start, start, "talks.window", "4", study.scenario_store)
    study.work(lesson, {index: other}, shown[-1], again.append).join(60)
    assert len(again) == 1  # the claim is not measured again
    assert again[-1].seen[index].ghost is seen.now
    assert again[-1].seen[index].begun is seen.trajectory


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Replace the shipped lessons by two small ones and an invalid one."""
    (tmp_path / "01_small.md").write_text(SMALL, encoding="utf-8")
    show = '["tariffs", "trust", "approval", "incomes"]'
    old = '["plane", "outcomes", "package", "measure:utility_north"]'
    broad = BROAD.replace(old, show).replace("sides.north.offering", "madman")
    (tmp_path / "02_broad.md").write_text(broad, encoding="utf-8")
    (tmp_path / "03_broken.md").write_text(
        SMALL.replace("right = 2", "right = 9"), encoding="utf-8"
    )
    (tmp_path / "README.md").write_text("no lesson", encoding="utf-8")
    monkeypatch.setattr(reading, "FOLDER", tmp_path)
    page.predictions.value = {}
    yield tmp_path
    page.predictions.value = {}


@pytest.fixture
def opened(small: Path) -> Iterator[Callable[[str], Shown]]:
    pages: list[Shown] = []

    def at(path: str) -> Shown:
        pages.append(Shown(path))
        return pages[-1]

    yield at
    for one in pages:
        one.close()


def ways(shown: Shown) -> list[str]:
    """Return where the links at the end of a lesson lead."""
    links = [one for one in shown.every(Html) if "l-link" in (one.class_ or "")]
    return [link.attributes["href"] for link in links]


def commit(shown: Shown, choice: Any) -> None:
    shown.one("lesson_ask.vue").vue_commit(choice)


def test_the_list_has_all_lessons_and_their_problems(
    opened: Callable[[str], Shown],
) -> None:
    rows = opened("/lessons").one("cards.vue").rows
    assert [row["title"] for row in rows] == ["1. Small", "2. Small", "3. broken"]
    assert "1 problem" in rows[2]["text"]
    broken = opened("/lessons?lesson=broken")
    assert "right = 9: there are 3 choices" in broken.text()
    assert not broken.find("lesson_ask.vue")
    lost = opened("/lessons?lesson=smal")
    assert 'Did you mean "small"?' in str(lost.one("notice.vue").lines)


def test_the_solution_is_not_sent_before_the_learner_commits(
    opened: Callable[[str], Shown],
) -> None:
    shown = opened("/lessons?lesson=small")
    ask = shown.one("lesson_ask.vue")
    assert (ask.chosen, ask.right, ask.because) == (None, None, "")
    assert not shown.find("controls.vue")
    assert not ways(shown)
    for nonsense in (7, -1, "1", None):
        commit(shown, nonsense)
        assert shown.one("lesson_ask.vue").chosen is None


def test_a_prediction_is_kept_and_the_rest_appears(opened: Callable[[str], Shown]) -> None:
    shown = opened("/lessons?lesson=small")
    commit(shown, 0)
    ask = shown.one("lesson_ask.vue", chosen=0)
    assert ask.right == 1
    assert ask.because.startswith("Because of that.")
    commit(shown, 2)
    assert shown.one("lesson_ask.vue").chosen == 0
    shown.wait(lambda: "Measured: it holds." in shown.text())
    assert len(shown.find("plane.vue")) == 1
    assert len(shown.find("bars.vue")) == 1
    assert len(shown.find("tracks.vue")) == 3
    assert ways(shown) == ["/explore?scenario=classroom&talks.window=20"]
    assert "A source <b>." in shown.text()
    card = opened("/lessons").one("cards.vue").rows[0]
    assert card["note"] == "5 minutes · done, not as predicted"


def test_sliders_change_the_picture_and_show_the_initial_state(
    opened: Callable[[str], Shown],
) -> None:
    shown = opened("/lessons?lesson=small")
    commit(shown, 1)
    shown.wait(lambda: "Measured: it holds." in shown.text())
    before = shown.find("plane.vue")[0].offers
    shown.change("talks.window", "4")
    shown.wait(lambda: "At the start of this picture" in shown.text())
    assert shown.find("plane.vue")[0].offers != before
    assert all(row["ghost"] is not None for row in shown.one("bars.vue").rows)
    assert "Measured: it holds." in shown.text()
    shown.change("talks.window", None)
    shown.wait(lambda: "At the start of this picture" not in shown.text())
    assert shown.find("plane.vue")[0].offers == before
    shown.change("talks.window", "<b>")
    assert "must be a number" in str(shown.one("notice.vue").lines)


def test_all_other_pictures(opened: Callable[[str], Shown]) -> None:
    shown = opened("/lessons?lesson=broad")
    commit(shown, 1)
    shown.wait(lambda: "Real income" in shown.text())
    words = shown.text()
    assert all(part in words for part in ("Tariffs on each other", "Approval", "Trust"))
    html = [one for one in shown.every(Html) if "l-one" in (one.class_ or "")]
    assert len(html) == 4
    steps = shown.one("lesson_steps.vue")
    assert steps.before == ["/lessons?lesson=small", "Small"]
    assert steps.after == ["/lessons?lesson=broken", "broken"]


def test_a_range_over_assumptions_on_request(tmp_path: Path) -> None:
    lesson = lesson_of(SMALL.replace("worlds = 5", "worlds = 5\nsweep = true"), tmp_path)
    index = next(n for n, part in enumerate(lesson.parts) if isinstance(part, Picture))
    views = [
        b for b in Study().results(lesson, {}, LessonResults(), lambda _: None) if not b.answers
    ]
    assert [b.seen[index].sweep is None for b in views] == [True, False]


def test_checks_have_the_right_unit(tmp_path: Path) -> None:
    (check,) = lesson_of(SMALL, tmp_path).checks
    assert isinstance(check, Check)
    rows, _ = drawing.measured(check, answer(check, find))
    assert [row["name"] for row in rows] == ["soon", "late"]
    assert "weeks" in drawing.verdict(check, answer(check, find))[0]
