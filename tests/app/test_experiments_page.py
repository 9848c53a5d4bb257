"""Tests of the Experiments page: results folders, figures, menus, invalid requests."""

import shutil
from pathlib import Path

import ipyvuetify
import pytest
from matplotlib.figure import Figure

from app.inputs import results_index
from tests.app import sample_results
from tests.app.test_components import Shown
from tests.app.test_experiments import html, links

PAGE = "/experiments"


@pytest.fixture
def folder(tmp_path: Path, results_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with one result, which tests may extend."""
    monkeypatch.setenv(results_index.VARIABLE, str(tmp_path))
    shutil.copytree(results_folder / "calm", tmp_path / "calm")
    return tmp_path


def drawn(results: Path, *names: str) -> None:
    """Add pictures to a results folder."""
    (results / "figures").mkdir()
    for name in names:
        Figure((1, 1)).savefig(results / "figures" / f"{name}.png")


def opened(search: str, words: str) -> Shown:
    shown = Shown(PAGE + search)
    shown.wait(lambda: words in shown.text())
    return shown


def images(shown: Shown) -> dict[str, str]:
    elements = [one for one in shown.every(ipyvuetify.Html) if one.tag == "img"]
    return {one.attributes["alt"]: one.attributes["src"] for one in elements}


def test_a_single_folder_has_no_comparison(folder: Path) -> None:
    shown = opened("?results=calm", "Reference")
    assert "beside" not in shown.names()
    assert "There are no other results of the same kind" in shown.text()
    assert images(shown) == {}
    assert "Figures" not in shown.text()
    shown.close()


def test_figures_of_one_and_of_two_folders(folder: Path, results_folder: Path) -> None:
    shutil.copytree(results_folder / "eager", folder / "eager")
    drawn(folder / "calm", "first", "second")
    drawn(folder / "eager", "second", "third")
    shown = opened("?results=calm", "Reference")
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


def test_menus_only_accept_their_options(folder: Path) -> None:
    shown = opened("?experiment=tied_hands&worlds=10", "Run it")
    (menu,) = [one for one in shown.find("controls.vue") if one.rows[0]["name"] == "worlds"]
    for name, text in (("worlds", "many"), ("worlds", "-3"), ("cells", "10"), ("seed", "²")):
        menu.vue_change({"name": name, "text": text})
    assert shown.paths == []
    menu.vue_change({"name": "seed", "text": "4"})
    assert shown.paths == [f"{PAGE}?experiment=tied_hands&worlds=10&seed=4"]
    shown.close()


def test_full_results_are_linked_from_the_small_run(folder: Path, results_folder: Path) -> None:
    words = f"Open results/{sample_results.EXPERIMENT}"
    search = f"?experiment={sample_results.EXPERIMENT}"
    bare = opened(search, "Run it")
    assert words not in links(bare)
    bare.close()
    shutil.copytree(results_folder / sample_results.EXPERIMENT, folder / sample_results.EXPERIMENT)
    shown = opened(search, "Run it")
    assert links(shown)[words] == f"{PAGE}?results={sample_results.EXPERIMENT}"
    shown.close()


def test_comparable_results(folder: Path, results_folder: Path) -> None:
    for name in ("eager", "cut_short", sample_results.EXPERIMENT):
        shutil.copytree(results_folder / name, folder / name)
    shutil.copytree(folder / sample_results.EXPERIMENT, folder / "again")
    (folder / "a_list").mkdir()
    (folder / "a_list" / "manifest.json").write_text("[]")
    assert results_index.comparable("calm") == ["eager"]
    assert results_index.comparable("again") == [sample_results.EXPERIMENT]
    assert results_index.comparable("cut_short") == results_index.comparable("a_list") == []


def test_results_with_few_worlds_have_a_note(
    folder: Path, results_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(results_folder / sample_results.EXPERIMENT, folder / sample_results.EXPERIMENT)
    search, words = f"?results={sample_results.EXPERIMENT}", "may only mean"
    shown = opened(search, "Reference")
    assert f"{sample_results.WORLDS} worlds in each cell and context; the" in shown.text()
    assert "A cell is named by its levels of: " in shown.text()
    shown.close()
    monkeypatch.setattr("app.lab.session.WORLDS", sample_results.WORLDS)
    for other in (search, "?results=calm"):
        shown = opened(other, "Reference")
        assert words not in shown.text()
        shown.close()


def test_no_results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(results_index.VARIABLE, str(tmp_path / "none"))
    shown = Shown(PAGE)
    index = {one.title: one for one in shown.find("index.vue")}["Results on this machine"]
    assert index.rows == []
    assert index.nothing.startswith("None yet")
    assert not html(shown)
    shown.close()
