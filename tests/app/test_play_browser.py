"""Tests of Play in a browser: whole games, two sessions, two players, reload, both widths."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from experiments.game.transcript_reading import LONGEST_NAME, read_transcript
from tests.app.browsing import Visit, fits, reads

GAME = "/play?scenario=classroom&world=1&seat="
WEEK = ".p-when b"
DELETED = "!Object.values(sessionStorage).some(text => text.includes('transcript'))"
KEPT = 'weeks => Object.values(sessionStorage).some(text => text.includes(`"weeks": ${weeks}`))'
MOVED = "before => document.querySelector('.p-when b')?.innerText !== before"


def week(page: Page) -> int:
    return int(page.inner_text(WEEK).split()[1])


def end(page: Page, label: str = "End the week") -> None:
    """Press a button that lets time pass, and wait until the week changes."""
    before = page.inner_text(WEEK)
    page.click(f"button:has-text('{label}')")
    page.wait_for_function(MOVED, arg=before)
    asked(page)


def asked(page: Page) -> str:
    """Return the task of the week, once its controls are ready."""
    if not page.locator(WEEK).count():
        return "over"
    task = page.inner_text(".p-task")
    for words, name in (("make an offer", ".p-starts"), ("accept it or not", ".p-answer")):
        if words in task:
            page.wait_for_selector(name)
    return task


def slide(page: Page, name: str, value: int) -> None:
    """Move a slider to a value and release it."""
    page.wait_for_selector(f"input[type=range][aria-label='{name}']")
    page.eval_on_selector(
        f"input[type=range][aria-label='{name}']",
        "(slider, value) => { slider.value = value; slider.dispatchEvent(new Event('input'));"
        " slider.dispatchEvent(new Event('change')); }",
        value,
    )


@pytest.mark.parametrize(
    ("seat", "size", "dark"), [("north", "wide", False), ("south", "narrow", True)]
)
def test_whole_game(seat: str, size: str, dark: bool, visit: Visit, pictures: Path) -> None:
    page = visit(GAME + seat, size, dark)
    offered = False
    while not (offered and "accept it" in asked(page)):
        if "make an offer" in asked(page):
            before = page.locator(".p-scale b").all_inner_texts()
            slide(page, "Standards", 20)
            slide(page, "Purchases", 90)
            slide(page, "Market opening", 100)
            page.wait_for_selector(".p-staged button")
            assert page.locator(".p-scale b").all_inner_texts() != before
            page.screenshot(path=pictures / f"play_offer_{size}.png")
            offered = True
        end(page)
        if "in force" in asked(page):
            break
    if "accept it" in asked(page):
        page.click(".p-answer button:has-text('Accept')")
        page.wait_for_selector("li:has-text('Accept the offer')")
        page.wait_for_selector(".p-outlook:not(.p-stale) .p-ahead")
        assert fits(page, size)
        page.screenshot(path=pictures / f"play_answer_{size}.png")
        end(page)
    page.wait_for_selector(".p-task:has-text('The deal is in force')")
    while page.locator(WEEK).count():
        end(page, "Wait until something happens")
    page.wait_for_selector(".d-page")
    assert fits(page, size)
    page.screenshot(path=pictures / f"play_end_{size}.png")


def test_game_of_an_adviser(visit: Visit, pictures: Path) -> None:
    page = visit("/play?scenario=february_2025&time.horizon=14&world=17&seat=scott_bessent")
    page.wait_for_selector(".p-counsel")
    assert page.locator(".p-threat").count() == 0
    slide(page, "Firmness", 10)
    page.wait_for_selector("li:has-text('Change what you tell your leader')")
    page.screenshot(path=pictures / "play_adviser.png")
    for _ in range(14):
        if "accept it" in asked(page):
            page.click(".p-answer button:has-text('Accept')")
            page.wait_for_selector("li:has-text('Accept the offer')")
        end(page)
    page.wait_for_selector(".d-page")


def test_two_players_at_one_screen(visit: Visit, pictures: Path) -> None:
    page = visit(GAME + "both")
    page.wait_for_selector(".p-starts")
    page.click("button:has-text('Done: hand over')")
    page.wait_for_selector(".p-curtain")
    assert page.locator(".p-scale, .p-voice, .p-standing").count() == 0
    page.screenshot(path=pictures / "play_curtain.png")
    page.click(".p-curtain button")
    page.click(".p-answer button:has-text('Accept')")
    page.wait_for_selector("li:has-text('Accept the offer')")
    end(page)
    assert week(page) == 2
    page.wait_for_selector(".p-task:has-text('The deal is in force')")


def test_a_reload_continues_the_game(visit: Visit) -> None:
    page = visit(GAME + "north")
    slide(page, "Standards", 40)
    page.wait_for_selector(".p-staged button")
    end(page)
    end(page)
    slide(page, "Standards", 30)
    page.wait_for_selector(".p-staged button")
    end(page)
    page.wait_for_selector(".p-news:has-text('North proposes: ')")
    page.wait_for_function(KEPT, arg=3)
    news = page.inner_text(".p-news")
    page.reload()
    page.wait_for_function("document.querySelector('.p-when b')?.innerText.startsWith('Week 4')")
    reads(page, {".p-news": news})
    page.click("button:has-text('Restart game')")
    page.wait_for_function("document.querySelector('.p-when b')?.innerText.startsWith('Week 1 ')")
    page.wait_for_function(DELETED)
    page.reload()
    page.wait_for_selector(".p-starts")
    assert week(page) == 1


def test_sessions_are_independent(visit: Visit) -> None:
    one, other = visit(GAME + "north"), visit(GAME + "north")
    slide(one, "Standards", 10)
    one.wait_for_selector(".p-staged button")
    end(one)
    end(one)
    assert week(other) == 1
    assert other.locator(".p-staged button").count() == 0
    end(other)
    assert (week(one), week(other)) == (3, 2)


@pytest.mark.parametrize(("size", "dark"), [("wide", True), ("narrow", False)])
def test_staging_and_undoing_a_threat_by_keyboard(
    size: str, dark: bool, visit: Visit, pictures: Path
) -> None:
    page = visit("/play?seat=US&world=17", size, dark)
    page.wait_for_selector(".p-threat select option", state="attached")
    assert page.input_value(".p-threat select") == "tariff"
    page.focus("button:has-text('Threaten this')")
    page.keyboard.press("Enter")
    page.wait_for_selector("li:has-text('Threaten 10 points of tariff, due in 4 weeks')")
    slide(page, "Size of the threat, points", 25)
    page.wait_for_selector("li:has-text('Threaten 25 points')")
    page.wait_for_selector(".p-outlook:not(.p-stale) .p-ahead")
    page.screenshot(path=pictures / f"play_threat_{size}.png", full_page=True)
    page.focus(".p-staged button")
    page.keyboard.press("Enter")
    page.wait_for_selector(".p-none")
    assert fits(page, size)


def test_player_names_are_escaped_and_stay_in_the_tab(visit: Visit) -> None:
    page = visit("/play")
    name = "<img src=x onerror=alert(1)>Ann\u202e" + "x" * 40
    page.fill(".p-name input", name)
    page.press(".p-name input", "Tab")
    page.click("button:has-text('Take the seat')")
    page.wait_for_selector(WEEK)
    while page.locator(WEEK).count():
        end(page)
    page.wait_for_selector(".d-head")
    with page.expect_download() as saved:
        page.click("button:has-text('Transcript (JSON)')")
    text = Path(saved.value.path()).read_bytes()
    assert read_transcript(text).player == name.replace("\u202e", "")[: LONGEST_NAME - 1]
    assert visit(GAME + "north").input_value(".p-name input") == ""


def test_setup_and_invalid_links(visit: Visit, pictures: Path) -> None:
    page = visit("/play")
    page.wait_for_selector(".p-setup")
    page.screenshot(path=pictures / "play_setup.png")
    page.click("label:has-text('Leader of South')")
    page.click("button:has-text('Take the seat')")
    page.wait_for_url("**seat=south")
    assert "Leader of South" in page.inner_text(".p-you")
    other = visit("/play?scenario=classroom&seat=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E")
    assert "there is no such seat" in other.inner_text(".w-notice")
