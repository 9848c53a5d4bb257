"""Test in a browser: play a game to its end, read the debrief, watch and save the game."""

import json
from pathlib import Path

import pytest

from experiments.game.transcript import resume_game
from experiments.game.transcript_reading import read_transcript
from tests.app.browsing import SIZES, Visit, fits


@pytest.mark.parametrize("size", SIZES)
def test_debrief_watch_and_save(size: str, visit: Visit, pictures: Path) -> None:
    page = visit(
        "/play?scenario=classroom&world=17&seat=north_leader&time.horizon=4",
        size,
        dark=size == "narrow",
    )
    for _ in range(4):
        version = page.locator("[data-version]").first.get_attribute("data-version")
        page.locator(".p-buttons button").last.click()
        page.wait_for_selector(f"[data-version]:not([data-version='{version}'])")
    page.wait_for_selector(".d-head h1")
    page.wait_for_selector(".d-strips")
    assert "You were Leader of North" in page.inner_text(".d-head")
    assert fits(page, size)
    page.screenshot(path=pictures / f"debrief_{size}.png", full_page=True)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Transcript (JSON)").click()
    text = saved.value.path().read_text(encoding="utf-8")
    assert saved.value.suggested_filename == "classroom-north_leader-seed1-world17.json"
    assert json.loads(text)["weeks"] == 4
    assert resume_game(read_transcript(text)).over
    page.get_by_role("link", name="watch this game").click()
    page.wait_for_selector(".t-player")
    assert "Game of Leader of North" in page.inner_text(".t-summary")
