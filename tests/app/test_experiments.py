"""Experiments: the catalogue, small runs, results of all kinds, comparisons, links to worlds."""

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
from app.lab.laboratory import Laboratory, View
from app.lab.question import Asked, address, read
from app.lab.trial import found, pictures, trial, words
from app.serving.latest_task import Superseded, TooLong
from experiments.engine import simulate
from experiments.factorial.catalogue_index import catalogue, load
from experiments.factorial.experiment import plan
from experiments.report.folder import read_folder
from experiments.results.errors import ResultsError
from tests.app import laboratory
from tests.app.test_components import Shown

WAIT = 120.0
SMALL = f"/experiments?experiment={laboratory.EXPERIMENT}&worlds=2"


@pytest.fixture(scope="module", autouse=True)
def results(results_place: Path) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(results_index.PLACE, str(results_place))
        patch.setattr(question, "SIZES", (2, 40))
        yield results_place


@pytest.fixture
def shown(request: pytest.FixtureRequest) -> Iterator[Shown]:
    found = Shown(request.param)
    yield found
    found.context.close()


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
    def test_it_holds_what_is_asked_for(self, asked: Asked) -> None:
        assert read(address(asked).partition("?")[2], catalogue()) == (asked, ())

    @pytest.mark.parametrize(
        ("search", "asked", "told"),
        [
            ("experiment=tide_hands", Asked(), 'Did you mean "tied_hands"?'),
            ("results=../model", Asked(), "there is no such results folder"),
            ("results=no_results", Asked(), "there is no such results folder"),
            ("results=calm&beside=/etc", Asked(results="calm"), "there is no such results folder"),
            ("experiment=madman&worlds=2000", Asked("madman", 40), "command line"),
            ("experiment=madman&seed=<b>", Asked("madman"), "must be a whole number"),
            ("nonsense=1", Asked(), "not known here"),
        ],
    )
    def test_what_is_not_legal_is_told(self, search: str, asked: Asked, told: str) -> None:
        legal, problems = read(search, catalogue())
        assert legal == asked
        assert told in " ".join(map(str, problems))

    def test_only_what_is_listed_is_a_folder(self, results: Path) -> None:
        assert results_index.names() == sorted(
            ["calm", "eager", "cut_short", laboratory.EXPERIMENT]
        )
        assert results_index.folder("calm") == results / "calm"
        for name in ("..", "calm/../eager", str(results / "calm"), "no_results", ""):
            with pytest.raises(ResultsError, match="no such results folder"):
                results_index.folder(name)


class TestTrial:
    @pytest.mark.parametrize("name", ["who_leads"])
    def test_a_world_of_a_cell_is_the_world_that_its_link_opens(self, name: str) -> None:
        """Of arms and swept numbers alike: the link's scenario gives the same row."""
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

    def test_progress_is_told_and_a_run_can_be_ended(self) -> None:
        told: list[int] = []

        def tell(worlds: int) -> None:
            told.append(worlds)
            if len(told) == 3:
                raise Superseded

        with pytest.raises(Superseded):
            trial(plan(load("tied_hands"), 1), tell)
        assert len(told) == 3


def _only(laid: Any, piece: Any) -> Any:
    from app.lab.trial import Trial
    from experiments.study import framed, run_piece

    outcomes = framed(piece, run_piece(piece).outcomes)
    return Trial(laid, outcomes, None, [])  # type: ignore[arg-type]


class TestFolder:
    def test_an_experiment_s_cells_are_found_in_its_folder(self, results: Path) -> None:
        folder = read_folder(results / laboratory.EXPERIMENT)
        batch = of_folder(folder, laboratory.EXPERIMENT)
        assert len(batch.contexts) == 9
        whole = batch.ends(0, 0) + batch.ends(len(batch.cells) - 1, 8)
        assert sum(int(row["text"].partition(" ")[0]) for row in whole) == 2 * laboratory.WORLDS
        assert len(batch.table) == batch.last + 1 == len(batch.cells) * 9 * laboratory.WORLDS
        table = pd.read_parquet(results / laboratory.EXPERIMENT / "runs.parquet")
        (row, *_) = batch.ends(1, 4)
        world = int(row["links"][0][0].rpartition("=")[2])
        found = table.set_index("world").loc[world]
        assert found["outcome"] == row["outcome"].lower()
        assert found["sweep:values.cost_scale"] == 1.0
        assert found["sweep:talks.window"] == 26.0

    def test_one_whose_cells_are_others_is_read_by_point(self, results: Path) -> None:
        folder = read_folder(results / laboratory.EXPERIMENT)
        folder.about["cells"] = []
        batch = of_folder(folder, laboratory.EXPERIMENT)
        assert batch.cells[:2] == ["point 0", "point 1"]
        assert batch.ends(0, 0)

    def test_a_run_has_one_place(self, results: Path) -> None:
        batch = of_folder(read_folder(results / "calm"), "calm")
        assert (batch.cells, batch.contexts, batch.last) == ([], [], 29)
        total = sum(int(row["text"].partition(" ")[0]) for row in batch.ends(0, 0))
        assert total == 30
        assert batch.link(17, 0, 17) == "/watch?results=calm&world=17"


class TestDesk:
    def test_too_long_is_told(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def never(*_: object) -> None:
            raise TooLong(180.0)

        monkeypatch.setattr("app.lab.laboratory.trial", never)
        views: list[View] = []
        Laboratory().run(Asked("tied_hands", 10), views.append).join(WAIT)
        assert "was stopped: choose fewer" in views[-1].failure[0]


@pytest.mark.parametrize("shown", ["/experiments"], indirect=True)
def test_the_catalogue_names_every_experiment_and_result(shown: Shown) -> None:
    (cards,) = shown.find("cards.vue")
    assert [row["text"] for row in cards.rows] == [one.question for one in catalogue().values()]
    known = links(shown)
    assert known["calm"] == "/experiments?results=calm"
    assert known["Tied hands"] == "/experiments?experiment=tied_hands"


@pytest.mark.parametrize("shown", [SMALL], indirect=True)
def test_a_small_run_is_shown_and_said_to_be_a_try(shown: Shown) -> None:
    assert "is a try, and no result" in shown.text()
    assert "95 % interval" not in html(shown)
    button(shown, "Run it").fire_event("click", {})
    shown.wait(lambda: "Worlds of a cell" in shown.text())
    said = html(shown)
    assert "holds in" in said
    assert "of 9 contexts" in said
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
    assert b"A try, and no result." in saves["txt"].content
    shown.change("seed", "3")
    assert shown.paths[-1] == f"{SMALL}&seed=3"
    assert "Run it" in shown.text()


@pytest.mark.parametrize("shown", [SMALL.replace("=2", "=40")], indirect=True)
def test_a_run_is_cancelled(shown: Shown) -> None:
    button(shown, "Run it").fire_event("click", {})
    shown.wait(lambda: "Cancel" in shown.text())
    button(shown, "Cancel").fire_event("click", {})
    assert "Run it" in shown.text()
    end = time.monotonic() + WAIT
    while any(thread.name == "desk" for thread in threading.enumerate()):
        assert time.monotonic() < end
        time.sleep(0.02)
    assert "Worlds of a cell" not in shown.text()


@pytest.mark.parametrize("name", ["calm", laboratory.EXPERIMENT])
def test_results_are_shown_of_whatever_kind(name: str) -> None:
    shown = Shown(f"/experiments?results={name}")
    shown.wait(lambda: "For looking up" in shown.text())
    assert f"results/{name}" in shown.text()
    (ends,) = shown.find("ends.vue")
    assert ends.base == f"/watch?results={name}&world="
    assert ("holds in" in html(shown)) == (name == laboratory.EXPERIMENT)
    if name == "calm":
        shown.change("beside", "eager")
        assert shown.paths[-1] == f"/experiments?results={name}&beside=eager"
    shown.context.close()


@pytest.mark.parametrize(
    ("search", "told"),
    [
        ("results=cut_short", "cannot be read as JSON"),
        (f"results=calm&beside={laboratory.EXPERIMENT}", "two kinds have no measure in common"),
        ("results=calm&beside=cut_short", "cannot be read as JSON"),
    ],
)
def test_what_cannot_be_read_is_told_in_words(search: str, told: str, results: Path) -> None:
    shown = Shown(f"/experiments?{search}")
    shown.wait(lambda: bool(shown.find("notice.vue")))
    (notice,) = shown.find("notice.vue")
    assert told in " ".join(notice.lines)
    assert str(results) not in " ".join(notice.lines)
    shown.context.close()


@pytest.mark.parametrize("shown", ["/experiments?results=calm&beside=eager"], indirect=True)
def test_two_results_are_compared_world_by_world(shown: Shown, results: Path) -> None:
    shown.wait(lambda: "Swap the two" in shown.text())
    assert "30 worlds are compared one by one" in shown.text()
    assert "talks.rate" in html(shown)
    assert not list(results.glob("*/compare_*.html"))
    (save,) = shown.find("save.vue")
    save.vue_want(True)
    assert save.content.startswith(b"<!DOCTYPE html>")
    button(shown, "Swap the two").fire_event("click", {})
    assert shown.paths[-1] == "/experiments?results=eager&beside=calm"


def test_what_a_folder_says_is_escaped(results: Path) -> None:
    path = results / "eager" / "manifest.json"
    kept = path.read_text()
    manifest = json.loads(kept)
    manifest["arms"][0]["scenario"]["title"] = "<img src=x onerror=alert(1)>"
    manifest["command"] = "<script>alert(1)</script>"
    path.write_text(json.dumps(manifest))
    shown = Shown("/experiments?results=eager")
    shown.wait(lambda: "For looking up" in shown.text())
    for fold in shown.find("fold.vue"):
        fold.vue_open(True)
    said = html(shown)
    assert "&lt;script&gt;" in said
    assert "<script" not in said
    assert "<img src=x" not in said
    shown.context.close()
    path.write_text(kept)


def test_words_and_pictures_of_a_small_run() -> None:
    made = trial(plan(load(laboratory.EXPERIMENT), 2), lambda _: None)
    assert words(made).startswith("A small run of audience_costs: 2 worlds")
    assert [part.key for part in found(made)] == ["findings", "tables"]
    assert len(pictures(made)) == len(load(laboratory.EXPERIMENT).pictures)
    assert question.SIZES[-1] * made.laid.study.size // 2 < 10_000
