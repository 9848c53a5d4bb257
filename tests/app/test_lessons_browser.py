"""Tests of lessons in a browser: all open at both widths, and one is worked through."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page

from app.lessons.reading import files, read_lesson
from tests.app.browsing import SIZES, Visit, fits

FIRST = "zone_of_agreement"
SLIDER = ".l-sliders input[type=range]"


def commit(page: Page, choice: int) -> None:
    """Commit to an answer, and wait until everything is measured."""
    page.locator(".l-choice input").nth(choice).check()
    page.click(".l-commit button")
    page.wait_for_selector(".l-claim")
    page.wait_for_selector(".l-claim.l-open", state="detached")


def slide(page: Page, position: int) -> None:
    """Move the first slider to a position. The picture arrives later."""
    page.eval_on_selector(
        SLIDER,
        "(slider, place) => { slider.value = place; slider.dispatchEvent(new Event('input'));"
        " slider.dispatchEvent(new Event('change')); }",
        position,
    )
    page.wait_for_selector(".l-sliders .w-back")


@pytest.mark.parametrize("size", SIZES)
def test_all_lessons_open(size: str, visit: Visit, pictures: Path) -> None:
    page = visit("/lessons", size)
    page.wait_for_selector(".w-cards a")
    assert page.locator(".w-cards a").count() == len(files())
    page.screenshot(path=pictures / f"lessons_{size}.png", full_page=True)
    for name, path in files().items():
        lesson = read_lesson(path)
        page.click(f'.w-cards a[href="/lessons?lesson={name}"]')
        page.wait_for_selector(f".l-page h1:has-text('{lesson.title}')")
        page.wait_for_selector(".l-commit button:disabled")
        assert page.locator(".l-choice").count() == len(lesson.prediction.choices)
        assert not page.locator(".l-claim, .l-closing").count()
        assert lesson.prediction.because not in page.content()
        assert fits(page, size)
        page.screenshot(path=pictures / f"lesson_{name}_{size}.png", full_page=True)
        page.click(".l-steps a:has-text('All lessons')")
        page.wait_for_selector(".l-list")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_working_through_a_lesson(size: str, dark: bool, visit: Visit, pictures: Path) -> None:
    page = visit(f"/lessons?lesson={FIRST}", size, dark)
    commit(page, 0)
    assert "Not as you predicted." in page.inner_text(".l-because")
    assert page.locator(".l-choice input:disabled").count() == page.locator(".l-choice").count()
    assert page.locator(".l-claim.l-yes").count() == page.locator(".l-claim").count()
    page.wait_for_selector(".t-plane svg")
    last = int(page.eval_on_selector(SLIDER, "slider => slider.max"))
    slide(page, last - 2)
    page.wait_for_selector(".l-shown:not(.w-old):has-text('no offer was accepted')")
    slide(page, last // 2 + 3)
    page.wait_for_selector(".l-shown:not(.w-old):has-text('At the start of this picture')")
    assert fits(page, size)
    ground = "dark" if dark else "light"
    page.screenshot(path=pictures / f"lesson_done_{size}_{ground}.png", full_page=True)
    page.click(".l-link")
    page.wait_for_url(re.compile(r"/explore\?scenario=classroom.*threshold=0.25"))
    page.wait_for_selector("canvas")  # leaving before the figure is drawn logs an error
    page.wait_for_selector(".w-picture:not(.w-old) .w-sweep", state="attached")
    page.go_back()
    page.wait_for_selector(".l-because")  # the prediction is stored in the session
    page.click(".l-steps [rel=next]")
    page.wait_for_selector(".l-commit")


def test_predicting_with_the_keyboard(visit: Visit) -> None:
    page = visit(f"/lessons?lesson={FIRST}")
    page.focus(".l-choice input >> nth=0")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_selector(".l-because")
    assert "As you predicted." in page.inner_text(".l-because")


def test_learners_are_independent(visit: Visit) -> None:
    one, other = (visit(f"/lessons?lesson={FIRST}") for _ in range(2))
    commit(one, 2)
    other.locator(".l-choice input").first.check()  # after the commitment of the other learner
    other.wait_for_selector(".l-commit button:enabled")
    assert other.locator(".l-commit").count() == 1
    assert not other.locator(".l-because").count()
    other.reload()
    other.wait_for_selector(".l-commit")
