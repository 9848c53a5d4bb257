"""Tests of the pictures of lessons: missing data, and comparison with the initial state."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pandas as pd
import pytest
import solara

from app.components.lesson_pictures import GHOST, Shows
from app.explore.findings import ORDER
from app.inputs.explore_url import read
from app.inputs.scenario_store import ScenarioStore
from app.lessons.lesson import Picture
from app.lessons.study import Seen
from tests.app.teaching import find
from tests.app.test_components import Shown

NO_TALKS = "scenario=classroom&worlds=4&time.horizon=3&talks.rate=0"
TALKS = "scenario=classroom&worlds=4"
MEASURES = ("measure:weeks_to_deal", "measure:utility_north")


class Alone(Shown):
    """The pictures of one part of a lesson, rendered without the page."""

    def __init__(self, seen: Seen, *show: str) -> None:
        picture = Picture("A picture", seen.opened, (), (), show, 0, sweep=False)
        self.paths: list[str] = []
        self.box, self.context = solara.render(
            solara.Column(children=[Shows(picture, seen)]), handle_error=False
        )


@pytest.fixture
def alone() -> Iterator[Callable[..., Alone]]:
    pictures: list[Alone] = []

    def show(seen: Seen, *names: str) -> Alone:
        pictures.append(Alone(seen, *names))
        return pictures[-1]

    yield show
    for one in pictures:
        one.close()


def seen_of(search: str, start: str = "") -> Seen:
    scenario_store = ScenarioStore()
    opened = read(search, scenario_store)
    return Seen(opened, find(opened), find(read(start, scenario_store)) if start else None)


def test_worlds_without_a_deal(alone: Callable[..., Alone]) -> None:
    shown = alone(seen_of(NO_TALKS), "package", *MEASURES)
    words = shown.text()
    assert "No world ends with a deal in force." in words
    assert "No world has this number." in words
    (tracks,) = shown.find("tracks.vue")  # the worth exists in every world
    assert [row["mark"] for row in tracks.rows] == [0.0]


def test_measures_are_grouped_at_the_first_one(
    alone: Callable[..., Alone],
) -> None:
    shown = alone(seen_of(TALKS), MEASURES[0], "outcomes", MEASURES[1])
    assert len(shown.find("tracks.vue")) == 2
    words = shown.text()
    assert words.count("On average") == 2
    assert words.rindex("On average") < words.index("How the worlds end")


def test_a_changed_picture_marks_its_initial_state(
    alone: Callable[..., Alone],
) -> None:
    names = ("outcomes", "package", "incomes", "trust", MEASURES[1])
    still = alone(seen_of(TALKS), *names)
    moved = alone(seen_of(TALKS + "&values.cost_scale=2", TALKS), *names)
    assert GHOST not in still.text()
    assert moved.text().count(GHOST) == len(names)


def test_the_range_over_assumptions_is_in_legend_and_caveat(
    alone: Callable[..., Alone],
) -> None:
    seen = seen_of(TALKS)
    bare = alone(seen, "outcomes")
    assert "chance only" in bare.text()
    sweep = pd.DataFrame({"low": 0.1, "high": 0.9}, index=list(ORDER))
    sweep.attrs = {"cells": 27, "worlds": 50, "half": 0.07}
    shown = alone(Seen(seen.opened, seen.now, sweep=sweep), "outcomes")
    assert "range over the main assumptions" in shown.text()
    assert "27 combinations" in shown.text()
    assert "50 worlds each, ±7 points" in shown.text()


def test_a_picture_of_one_world_has_no_shares(alone: Callable[..., Alone]) -> None:
    names = ("package", MEASURES[1])
    scenario_store = ScenarioStore()
    opened = read(TALKS, scenario_store)
    one = replace(opened, state=replace(opened.state, worlds=1))
    many, single = alone(seen_of(TALKS), *names), alone(Seen(one, find(one)), *names)
    assert all(row["more"] for row in many.find("tracks.vue")[0].rows)
    assert not any(row["more"] for row in single.find("tracks.vue")[0].rows)
    words = single.text()
    assert "In this world, points" in words
    assert not any(part in words for part in ("On average", "interval", "nine", "median"))
