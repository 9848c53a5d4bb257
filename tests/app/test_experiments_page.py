"""Experiments: what the page offers of folders alone, with figures, and what it does not heed."""

import shutil
from pathlib import Path

import ipyvuetify
import pytest
from matplotlib.figure import Figure

from app.inputs import results_index
from tests.app import laboratory
from tests.app.test_components import Shown
from tests.app.test_experiments import html, links

PAGE = "/experiments"


@pytest.fixture
def place(tmp_path: Path, results_place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with one result, to which a test may add."""
    monkeypatch.setenv(results_index.PLACE, str(tmp_path))
    shutil.copytree(results_place / "calm", tmp_path / "calm")
    return tmp_path


def drawn(folder: Path, *names: str) -> None:
    """Put pictures into a results folder."""
    (folder / "figures").mkdir()
    for name in names:
        Figure((1, 1)).savefig(folder / "figures" / f"{name}.png")


def opened(search: str, words: str) -> Shown:
    shown = Shown(PAGE + search)
    shown.wait(lambda: words in shown.text())
    return shown


def images(shown: Shown) -> dict[str, str]:
    found = [one for one in shown.every(ipyvuetify.Html) if one.tag == "img"]
    return {one.attributes["alt"]: one.attributes["src"] for one in found}


def test_what_is_alone_is_compared_with_nothing(place: Path) -> None:
    shown = opened("?results=calm", "For looking up")
    assert "beside" not in shown.names()
    assert "Nothing here can be compared with it" in shown.text()
    assert images(shown) == {}
    assert "Figures" not in shown.text()
    shown.close()


def test_figures_of_a_folder_are_shown_one_at_a_time_and_beside_those_of_another(
    place: Path, results_place: Path
) -> None:
    shutil.copytree(results_place / "eager", place / "eager")
    drawn(place / "calm", "first", "second")
    drawn(place / "eager", "second", "third")
    shown = opened("?results=calm", "For looking up")
    assert list(images(shown)) == ["First"]
    shown.change("picture", "1")
    shown.wait(lambda: list(images(shown)) == ["Second"])
    shown.change("beside", "/etc")
    assert shown.paths == []
    shown.close()
    both = opened("?results=calm&beside=eager", "Swap the two")
    assert list(images(both)) == ["Second, calm", "Second, eager"]
    assert all(one.startswith("data:image/png;base64,") for one in images(both).values())
    both.close()


def test_a_menu_heeds_what_it_offers_only(place: Path) -> None:
    shown = opened("?experiment=tied_hands&worlds=10", "Run it")
    (menu,) = [one for one in shown.find("controls.vue") if one.rows[0]["name"] == "worlds"]
    for name, text in (("worlds", "many"), ("worlds", "-3"), ("cells", "10"), ("seed", "²")):
        menu.vue_change({"name": name, "text": text})
    assert shown.paths == []
    menu.vue_change({"name": "seed", "text": "4"})
    assert shown.paths == [f"{PAGE}?experiment=tied_hands&worlds=10&seed=4"]
    shown.close()


def test_a_whole_experiment_on_this_machine_is_offered_beside_its_try(
    place: Path, results_place: Path
) -> None:
    words = f"Open what lies in results/{laboratory.EXPERIMENT}"
    search = f"?experiment={laboratory.EXPERIMENT}"
    bare = opened(search, "Run it")
    assert words not in links(bare)
    bare.close()
    shutil.copytree(results_place / laboratory.EXPERIMENT, place / laboratory.EXPERIMENT)
    shown = opened(search, "Run it")
    assert links(shown)[words] == f"{PAGE}?results={laboratory.EXPERIMENT}"
    shown.close()


def test_only_what_can_be_compared_is_offered(place: Path, results_place: Path) -> None:
    for name in ("eager", "cut_short", laboratory.EXPERIMENT):
        shutil.copytree(results_place / name, place / name)
    shutil.copytree(place / laboratory.EXPERIMENT, place / "again")
    (place / "a_list").mkdir()
    (place / "a_list" / "manifest.json").write_text("[]")
    assert results_index.comparable("calm") == ["eager"]
    assert results_index.comparable("again") == [laboratory.EXPERIMENT]
    assert results_index.comparable("cut_short") == results_index.comparable("a_list") == []


def test_results_of_few_worlds_say_so(
    place: Path, results_place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(results_place / laboratory.EXPERIMENT, place / laboratory.EXPERIMENT)
    search, words = f"?results={laboratory.EXPERIMENT}", "may say no more than"
    shown = opened(search, "For looking up")
    assert f"{laboratory.WORLDS} worlds in each cell and context, where" in shown.text()
    assert "A cell is named by its levels of: " in shown.text()
    shown.close()
    monkeypatch.setattr("app.lab.laboratory.WORLDS", laboratory.WORLDS)
    for other in (search, "?results=calm"):
        shown = opened(other, "For looking up")
        assert words not in shown.text()
        shown.close()


def test_where_there_are_no_results_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(results_index.PLACE, str(tmp_path / "none"))
    shown = Shown(PAGE)
    index = {one.title: one for one in shown.find("index.vue")}["Results on this machine"]
    assert index.rows == []
    assert index.nothing.startswith("None yet")
    assert not html(shown)
    shown.close()
