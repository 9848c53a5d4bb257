"""Tests of Experiments: catalogue, small runs, results of all kinds, comparisons, links."""

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ipyvuetify
import pandas as pd
import pytest

from app.inputs import results_index
from app.inputs.explore_url import read as read_state
from app.inputs.scenario_store import ScenarioStore
from app.lab import question
from app.lab.batch import of_folder, of_trial
from app.lab.question import Asked, address, read
from app.lab.session import LabSession, View
from app.lab.trial import pictures, trial, words
from app.lab.trial import results as trial_results
from app.serving.latest_task import Superseded, TooLong
from experiments.engine import simulate
from experiments.factorial.catalogue_index import catalogue, load
from experiments.factorial.experiment import plan
from experiments.report.folder import read_folder
from experiments.results.errors import ResultsError
from tests.app import sample_results
from tests.app.test_components import Shown

WAIT = 120.0
SMALL = f"/experiments?experiment={sample_results.EXPERIMENT}&worlds=2"


@pytest.fixture(scope="module", autouse=True)
def results(results_folder: Path) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(results_index.VARIABLE, str(results_folder))
        patch.setattr(question, "SIZES", (2, 40))
        yield results_folder


@pytest.fixture
def shown(request: pytest.FixtureRequest) -> Iterator[Shown]:
    page = Shown(request.param)
    yield page
    page.context.close()


def button(shown: Shown, label: str) -> Any:
    (one,) = [html for html in shown.every(ipyvuetify.Html) if html.children == [label]]
    return one


def html(shown: Shown) -> str:
    blocks = [w for w in shown.every(ipyvuetify.VuetifyTemplate) if hasattr(w, "unsafe_innerHTML")]
    return " ".join(str(one.unsafe_innerHTML) for one in blocks)


def links(shown: Shown) -> dict[str, str]:
    return {row["text"]: row["href"] for one in shown.find("index.vue") for row in one.rows}


class TestAddress:
    @pytest.mark.parametrize(
        "asked",
        [
            Asked(),
            Asked("tied_hands"),
            Asked("madman", 40, 7),
            Asked(results="calm"),
            Asked(results="calm", beside="eager"),
        ],
    )
    def test_urls_round_trip(self, asked: Asked) -> None:
        assert read(address(asked).partition("?")[2], catalogue()) == (asked, ())

    @pytest.mark.parametrize(
        ("search", "asked", "message"),
        [
            ("experiment=tide_hands", Asked(), 'Did you mean "tied_hands"?'),
            ("results=../model", Asked(), "there is no such results folder"),
            ("results=no_results", Asked(), "there is no such results folder"),
            ("results=calm&beside=/etc", Asked(results="calm"), "there is no such results folder"),
            ("experiment=madman&worlds=2000", Asked("madman", 40), "command line"),
            ("experiment=madman&seed=<b>", Asked("madman"), "must be a whole number"),
            ("nonsense=1", Asked(), "no such setting"),
        ],
    )
    def test_invalid_values_are_reported(self, search: str, asked: Asked, message: str) -> None:
        valid, problems = read(search, catalogue())
        assert valid == asked
        assert message in " ".join(map(str, problems))

    def test_only_listed_folders_can_be_opened(self, results: Path) -> None:
        assert results_index.names() == sorted(
            ["calm", "eager", "cut_short", sample_results.EXPERIMENT]
        )
        assert results_index.folder("calm") == results / "calm"
        for name in ("..", "calm/../eager", str(results / "calm"), "no_results", ""):
            with pytest.raises(ResultsError, match="no such results folder"):
                results_index.folder(name)


class TestTrial:
    @pytest.mark.parametrize("name", ["who_leads"])
    def test_links_open_the_worlds_of_a_cell(self, name: str) -> None:
        """The scenario of the link gives the same row, for arms and swept numbers."""
        laid = plan(load(name), 2)
        for point in (len(laid.study.points) // 2, len(laid.study.points) - 1):
            piece = laid.study.piece(2 * point, 2 * point + 2)
            batch = of_trial(_only(laid, piece))
            (row, *_) = batch.ends(int(laid.cell[point]), int(laid.context[point]))
            href, text = row["links"][0]
            opened = read_state(href.partition("?")[2].rpartition("&")[0], ScenarioStore())
            assert not opened.problems
            world = int(href.rpartition("world=")[2])
            assert text == f"world {world}"
            alone = simulate(opened.scenario, 1, opened.state.seed, first=world).outcomes
            assert alone["outcome"].tolist() == [row["outcome"].lower()]

    def test_progress_is_reported_and_a_run_can_be_stopped(self) -> None:
        reported: list[int] = []

        def report(worlds: int) -> None:
            reported.append(worlds)
            if len(reported) == 3:
                raise Superseded

        with pytest.raises(Superseded):
            trial(plan(load("tied_hands"), 1), report)
        assert len(reported) == 3


def _only(laid: Any, piece: Any) -> Any:
    from app.lab.trial import Trial
    from experiments.study import framed, run_piece

    outcomes = framed(piece, run_piece(piece).outcomes)
    return Trial(laid, outcomes, None, [])  # type: ignore[arg-type]


class TestFolder:
    def test_cells_of_an_experiment_are_read_from_its_folder(self, results: Path) -> None:
        folder = read_folder(results / sample_results.EXPERIMENT)
        batch = of_folder(folder, sample_results.EXPERIMENT)
        assert len(batch.contexts) == 9
        whole = batch.ends(0, 0) + batch.ends(len(batch.cells) - 1, 8)
        assert sum(int(row["text"].partition(" ")[0]) for row in whole) == 2 * sample_results.WORLDS
        assert len(batch.table) == batch.last + 1 == len(batch.cells) * 9 * sample_results.WORLDS
        table = pd.read_parquet(results / sample_results.EXPERIMENT / "runs.parquet")
        (row, *_) = batch.ends(1, 4)
        world = int(row["links"][0][0].rpartition("=")[2])
        world_row = table.set_index("world").loc[world]
        assert world_row["outcome"] == row["outcome"].lower()
        assert world_row["sweep:values.cost_scale"] == 1.0
        assert world_row["sweep:talks.window"] == 26.0

    def test_folders_with_other_cells_are_read_by_point(self, results: Path) -> None:
        folder = read_folder(results / sample_results.EXPERIMENT)
        folder.about["cells"] = []
        batch = of_folder(folder, sample_results.EXPERIMENT)
        assert batch.cells[:2] == ["point 0", "point 1"]
        assert batch.ends(0, 0)

    def test_a_run_has_a_single_point(self, results: Path) -> None:
        batch = of_folder(read_folder(results / "calm"), "calm")
        assert (batch.cells, batch.contexts, batch.last) == ([], [], 29)
        total = sum(int(row["text"].partition(" ")[0]) for row in batch.ends(0, 0))
        assert total == 30
        assert batch.link(17, 0, 17) == "/watch?results=calm&world=17"


class TestSession:
    def test_a_timeout_is_reported(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def never(*_: object) -> None:
            raise TooLong(180.0)

        monkeypatch.setattr("app.lab.session.trial", never)
        views: list[View] = []
        LabSession().run(Asked("tied_hands", 10), views.append).join(WAIT)
        assert "was stopped: choose fewer" in views[-1].failure[0]


@pytest.mark.parametrize("shown", ["/experiments"], indirect=True)
def test_the_catalogue_lists_all_experiments_and_results(shown: Shown) -> None:
    (cards,) = shown.find("cards.vue")
    assert [row["text"] for row in cards.rows] == [one.question for one in catalogue().values()]
    known = links(shown)
    assert known["calm"] == "/experiments?results=calm"
    assert known["Tied hands"] == "/experiments?experiment=tied_hands"


@pytest.mark.parametrize("shown", [SMALL], indirect=True)
def test_a_small_run_is_shown_as_a_trial(shown: Shown) -> None:
    assert "is only a trial" in shown.text()
    assert "95 % interval" not in html(shown)
    button(shown, "Run it").fire_event("click", {})
    shown.wait(lambda: "Worlds of a cell" in shown.text())
    text = html(shown)
    assert "holds in" in text
    assert "of 9 contexts" in text
    (image,) = [h for h in shown.every(ipyvuetify.Html) if h.tag == "img"]
    first = image.attributes["src"]
    assert first.startswith("data:image/png;base64,")
    shown.change("picture", "1")
    (image,) = [h for h in shown.every(ipyvuetify.Html) if h.tag == "img"]
    assert image.attributes["src"] != first
    before = shown.find("ends.vue")[0].rows
    shown.change("context", "0")
    shown.change("cell", "3")
    assert shown.find("ends.vue")[0].rows != before
    saves = {save.file.rpartition(".")[2]: save for save in shown.find("save.vue")}
    for save in saves.values():
        save.vue_want(True)
    assert saves["csv"].content.startswith(b"own,") or b"measure" in saves["csv"].content[:200]
    assert b"Only a trial." in saves["txt"].content
    shown.change("seed", "3")
    assert shown.paths[-1] == f"{SMALL}&seed=3"
    assert "Run it" in shown.text()


@pytest.mark.parametrize("shown", [SMALL.replace("=2", "=40")], indirect=True)
def test_cancelling_a_run(shown: Shown) -> None:
    button(shown, "Run it").fire_event("click", {})
    shown.wait(lambda: "Cancel" in shown.text())
    button(shown, "Cancel").fire_event("click", {})
    assert "Run it" in shown.text()
    end = time.monotonic() + WAIT
    while any(thread.name == "latest-task" for thread in threading.enumerate()):
        assert time.monotonic() < end
        time.sleep(0.02)
    assert "Worlds of a cell" not in shown.text()


@pytest.mark.parametrize("name", ["calm", sample_results.EXPERIMENT])
def test_results_of_all_kinds(name: str) -> None:
    shown = Shown(f"/experiments?results={name}")
    shown.wait(lambda: "Reference" in shown.text())
    assert f"results/{name}" in shown.text()
    (ends,) = shown.find("ends.vue")
    assert ends.base == f"/watch?results={name}&world="
    assert ("holds in" in html(shown)) == (name == sample_results.EXPERIMENT)
    if name == "calm":
        shown.change("beside", "eager")
        assert shown.paths[-1] == f"/experiments?results={name}&beside=eager"
    shown.context.close()


@pytest.mark.parametrize(
    ("search", "message"),
    [
        ("results=cut_short", "cannot be read as JSON"),
        (f"results=calm&beside={sample_results.EXPERIMENT}", "two kinds have no measure in common"),
        ("results=calm&beside=cut_short", "cannot be read as JSON"),
    ],
)
def test_unreadable_results_lead_to_a_message(search: str, message: str, results: Path) -> None:
    shown = Shown(f"/experiments?{search}")
    shown.wait(lambda: bool(shown.find("notice.vue")))
    (notice,) = shown.find("notice.vue")
    assert message in " ".join(notice.lines)
    assert str(results) not in " ".join(notice.lines)
    shown.context.close()


@pytest.mark.parametrize("shown", ["/experiments?results=calm&beside=eager"], indirect=True)
def test_comparing_two_results(shown: Shown, results: Path) -> None:
    shown.wait(lambda: "Swap the two" in shown.text())
    assert "30 worlds are compared one by one" in shown.text()
    assert "talks.rate" in html(shown)
    assert not list(results.glob("*/compare_*.html"))
    (save,) = shown.find("save.vue")
    save.vue_want(True)
    assert save.content.startswith(b"<!DOCTYPE html>")
    button(shown, "Swap the two").fire_event("click", {})
    assert shown.paths[-1] == "/experiments?results=eager&beside=calm"


def test_text_of_folders_is_escaped(results: Path) -> None:
    path = results / "eager" / "manifest.json"
    kept = path.read_text()
    manifest = json.loads(kept)
    manifest["arms"][0]["scenario"]["title"] = "<img src=x onerror=alert(1)>"
    manifest["command"] = "<script>alert(1)</script>"
    path.write_text(json.dumps(manifest))
    shown = Shown("/experiments?results=eager")
    shown.wait(lambda: "Reference" in shown.text())
    for fold in shown.find("fold.vue"):
        fold.vue_open(True)
    text = html(shown)
    assert "&lt;script&gt;" in text
    assert "<script" not in text
    assert "<img src=x" not in text
    shown.context.close()
    path.write_text(kept)


def test_text_and_pictures_of_a_small_run() -> None:
    made = trial(plan(load(sample_results.EXPERIMENT), 2), lambda _: None)
    assert words(made).startswith("A small run of audience_costs: 2 worlds")
    assert [part.key for part in trial_results(made)] == ["findings", "tables"]
    assert len(pictures(made)) == len(load(sample_results.EXPERIMENT).pictures)
    assert question.SIZES[-1] * made.laid.study.size // 2 < 10_000
