"""Tests of Explore's downloads: valid TOML that reproduces the worlds, CSV, PNG."""

import io
from pathlib import Path

import pandas as pd
import pytest

from app.explore import downloads
from app.explore.findings import Findings, findings, sweep_ranges
from app.explore.session import Session
from app.inputs.explore_url import Opened, read
from app.inputs.scenario_store import ScenarioStore
from experiments.engine import simulate
from model.schema.reading import list_scenarios
from model.schema.scenario import check_file, load_scenario

CHANGES = [
    "talks.window=13",
    "sides.US.lead=howard_lutnick&off=threats,madman&time.stop_at_agreement=true",
    "events.0.size=0.3&events.3.hazard=0.1",
    "issues.purchases.stakes.farm_states=2&edges.scott_bessent>donald_trump.weight=0.1",
    "constituencies.consumers.exposure.consumer_cost=2",
]


def saved(opened: Opened, scenario_store: ScenarioStore, folder: Path) -> Path:
    path = folder / f"{downloads.stem(opened)}.toml"
    path.write_text(downloads.toml(opened, scenario_store), encoding="utf-8")
    return path


@pytest.mark.parametrize("search", ["", *CHANGES])
def test_the_scenario_loads_again_with_the_same_numbers(search: str, tmp_path: Path) -> None:
    scenario_store = ScenarioStore()
    opened = read(search, scenario_store)
    assert not opened.problems
    path = saved(opened, scenario_store, tmp_path)
    assert check_file(path) == []
    loaded = load_scenario(path)
    wanted = {name: found.value for name, found in opened.scenario.parameters().items()}
    assert {name: found.value for name, found in loaded.parameters().items()} == wanted
    assert loaded.off == opened.scenario.off
    assert loaded.sides["US"].lead == opened.scenario.sides["US"].lead
    assert loaded.extends == "february_2025"


@pytest.mark.parametrize("name", sorted(list_scenarios()))
def test_each_scenario_can_be_saved(name: str, tmp_path: Path) -> None:
    scenario_store = ScenarioStore()
    path = saved(read(f"scenario={name}&talks.rate=0.9", scenario_store), scenario_store, tmp_path)
    assert check_file(path) == []


def test_what_is_set_by_hand_says_so(tmp_path: Path) -> None:
    scenario_store = ScenarioStore()
    loaded = load_scenario(
        saved(read("sides.US.tariff=0.5", scenario_store), scenario_store, tmp_path)
    )
    assert loaded.parameters()["sides.US.tariff"].source == downloads.BY_HAND
    assert loaded.title.endswith(", changed")


def test_an_upload_is_saved_whole(tmp_path: Path) -> None:
    session = Session()
    text = (Path("model/scenarios/classroom.toml")).read_text(encoding="utf-8")
    hostile = 'title = "Quote \\" and <b> \\\\"'
    text = "\n".join(hostile if line.startswith("title = ") and n < 9 else line
                     for n, line in enumerate(text.splitlines()))  # fmt: skip
    link = session.opening("mine.toml", text.encode())
    opened = read(link[1:] + "&talks.rate=0.9", session.scenario_store)
    path = saved(opened, session.scenario_store, tmp_path)
    assert check_file(path) == []
    assert load_scenario(path).talks.rate == 0.9
    assert load_scenario(path).title == opened.own.title + ", changed"


def test_a_saved_scenario_gives_the_same_worlds(tmp_path: Path) -> None:
    scenario_store = ScenarioStore()
    opened = read("scenario=classroom&talks.rate=0.9&worlds=20&seed=3", scenario_store)
    found = findings(opened.scenario, 20, 3, None)
    again = simulate(load_scenario(saved(opened, scenario_store, tmp_path)), 20, 3)
    pd.testing.assert_frame_equal(found.outcomes, again.outcomes)
    table = pd.read_csv(io.StringIO(downloads.csv(found)), index_col="world")
    assert table["outcome"].tolist() == again.outcomes["outcome"].tolist()
    assert list(table.columns) == list(again.outcomes.columns)


@pytest.fixture(scope="module")
def short() -> Findings:
    return findings(load_scenario("february_2025", {"time.horizon": 10}), 10, 1, None)


def test_the_picture_is_a_png_with_ghost_and_sweep(short: Findings) -> None:
    sweep = sweep_ranges(short.scenario, 3, 1, None)
    assert downloads.png(short, None, None).startswith(b"\x89PNG")
    figure = downloads.picture(short, short, sweep)
    texts = " ".join(text.get_text() for text in figure.texts)
    assert "27 combinations" in texts
    assert "No forecast" in texts
    assert "seed 1" in texts
    assert len(figure.axes) == 3


def test_without_an_economy_no_tariffs_are_drawn() -> None:
    pie = findings(load_scenario("split_the_pie"), 10, 1, None)
    assert len(downloads.picture(pie, None, None).axes) == 1
