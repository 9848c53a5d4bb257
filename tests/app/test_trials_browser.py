"""Tests of trial packages in a browser: the edges in Watch, and the move in Play."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from app.watch.trajectory import record_trajectory
from model.chronicle_trials import KIND
from model.schema.scenario import load_scenario
from tests.app.browsing import Visit, fits
from tests.app.test_play_browser import end

PLAY = "/play?seat=US&world=4&channels.contact=1&channels.access=0&time.horizon=12&talks.rate=0.2"
SEND = ".p-trial button:has-text('Send a trial package')"
BACK = ".p-trial button:has-text('Take it back')"


def tried() -> tuple[int, int, str]:
    """Return a world and a week with a trial package, and how the answer is highlighted."""
    for world in range(10):
        trajectory = record_trajectory(load_scenario("february_2025"), 1, world)
        for entry in trajectory.entries:
            if entry.kind == KIND:
                return world, entry.week, "warm" if entry.numbers["warm"] else "cold"
    raise AssertionError("no trial package in the first worlds")


def free(page: Page) -> None:
    """Let weeks pass until a trial package can be sent, and no offer is due or on the table."""
    page.wait_for_selector(SEND)
    while page.locator(f"{SEND}:disabled, .p-answer, .p-starts").count():
        end(page)


@pytest.mark.parametrize(("size", "dark"), [("wide", False), ("narrow", True)])
def test_the_edges_of_a_trial_package_are_highlighted(
    size: str, dark: bool, visit: Visit, pictures: Path
) -> None:
    world, week, kind = tried()
    page = visit(f"/watch?worlds=10&world={world}&week={week}", size, dark)
    page.wait_for_selector(f".t-network > svg .t-lit.t-line-{kind}", state="attached")
    texts = page.locator(f".t-lit.t-line-{kind} title").all_text_contents()
    assert texts == [f"trial package, {kind} answer"] * 2
    page.click("[aria-label='Han Zheng, intermediary']")
    page.wait_for_selector("text=Last trial package that it carried")
    assert fits(page, size)
    page.screenshot(path=pictures / f"watch-trial-{size}.png", full_page=True)


@pytest.mark.parametrize(("size", "dark"), [("wide", False), ("narrow", True)])
def test_a_trial_package_is_staged_changed_and_sent(
    size: str, dark: bool, visit: Visit, pictures: Path
) -> None:
    page = visit(PLAY, size, dark)
    free(page)
    page.click(SEND)
    page.wait_for_selector(".p-staged li:has-text('Trial package through')")
    page.wait_for_selector("text=Your trial package")
    page.click("button:has-text('Ask for the most')")
    page.wait_for_selector(BACK)
    assert fits(page, size)
    page.screenshot(path=pictures / f"play-trial-{size}.png", full_page=True)
    page.click(BACK)
    page.wait_for_selector(".p-staged .p-none")
    page.click(SEND)
    page.wait_for_selector(".p-staged li:has-text('Trial package through')")
    end(page)
    assert not page.locator(".p-staged li:has-text('Trial package through')").count()
