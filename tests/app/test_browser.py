"""Tests of the app in a headless browser: pictures, links, two sessions, no errors."""

import re
from pathlib import Path

import pytest

from app.registry import known
from experiments.engine import simulate
from model.schema.scenario import check_file, load_scenario
from tests.app.browsing import SIZES, SLIDER, SMALL, Visit, fits, settled, slide, whole


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", list(known()))
def test_pages_fit_the_screen(name: str, size: str, visit: Visit, pictures: Path) -> None:
    page = visit(f"/{name}", size)
    page.wait_for_selector(known()[name].last, state="attached")
    assert fits(page, size)
    assert page.locator(".w-nav a[aria-current]").inner_text() == known()[name].title
    page.screenshot(path=pictures / f"{name}_{size}.png", full_page=True)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_explore_shows_its_picture(size: str, dark: bool, visit: Visit, pictures: Path) -> None:
    page = visit("/explore?talks.window=13&sides.US.lead=howard_lutnick", size, dark)
    settled(page, "talks.window=13")
    page.wait_for_function("document.querySelectorAll('canvas').length === 4")
    ground = "dark" if dark else "light"
    page.screenshot(path=pictures / f"explore_{size}_{ground}.png")
    page.screenshot(path=pictures / f"explore_{size}_{ground}_whole.png", full_page=True)
    assert "No forecast" in page.inner_text(".w-caveat")
    assert "Lutnick" in page.inner_text(".w-side") or size == "narrow"


def test_sliders_change_the_picture_and_links_reproduce_it(visit: Visit) -> None:
    page = visit("/explore" + SMALL)
    before = whole(page)
    slide(page)
    after = settled(page, "values.cost_scale=")
    assert after != before
    assert page.inner_text(".w-said")
    path = page.url.partition("/explore")[2]
    other = visit("/explore" + path)
    assert settled(other, "values.cost_scale=") == after
    assert other.inner_text(".w-said") == page.inner_text(".w-said")
    page.go_back()
    page.wait_for_selector(".w-ghost", state="detached")
    assert whole(page) == before


def test_a_resting_slider_sends_its_value_before_release(visit: Visit) -> None:
    page, sent = visit("/explore" + SMALL), list[str]()
    page.on("websocket", lambda line: line.on("framesent", lambda frame: sent.append(str(frame))))
    page.reload()
    before = whole(page)
    position = int(page.locator(SLIDER).input_value()) + 3
    move = "(thumb, place) => { thumb.value = place; thumb.dispatchEvent(new Event('input')); }"
    page.locator(SLIDER).evaluate(move, position)
    page.wait_for_timeout(500)
    assert any('"rest"' in frame and "values.cost_scale" in frame for frame in sent)
    assert not any('"change"' in frame for frame in sent)
    assert whole(page) == before  # the picture changes only on release


def test_sessions_are_independent(visit: Visit) -> None:
    one, other = visit("/explore" + SMALL), visit("/explore" + SMALL)
    before = whole(other)
    whole(one)
    slide(one)
    settled(one, "values.cost_scale=")
    assert "values.cost_scale" not in other.url
    assert whole(other) == before
    one.wait_for_selector(".w-changed")
    assert other.locator(".w-changed").count() == 0


def test_the_page_shows_the_numbers_of_a_simulation(visit: Visit) -> None:
    page = visit("/explore" + SMALL + "&seed=4")
    texts = whole(page)
    run = simulate(load_scenario("classroom"), 40, 4)
    share = 100 * (run.outcomes["outcome"] == "comprehensive deal").mean()
    assert texts[0].startswith(f"{share:.1f} %")
    agreed = 100 * run.outcomes["agreement_week"].notna().mean()
    assert texts[6].startswith(f"{agreed:.1f} %")


def test_keyboard_access(visit: Visit) -> None:
    page = visit("/explore" + SMALL)
    whole(page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "w-skip"
    page.focus(SLIDER)
    page.keyboard.press("ArrowRight")
    settled(page, "values.cost_scale=")
    focus = "document.activeElement.name"
    assert page.evaluate(focus) == "values.cost_scale"


def test_invalid_links_are_reported_and_escaped(visit: Visit, pictures: Path) -> None:
    hostile = "%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E"
    page = visit(f"/explore{SMALL}&talks.rate=7&{hostile}={hostile}")
    message = page.inner_text(".w-notice")
    assert "must be a number between 0 and 1" in message
    assert "<img src=x onerror=alert(1)>" in message
    assert "classroom with 1 change" in page.inner_text(".w-title") or whole(page)
    page.screenshot(path=pictures / "explore_bad_link.png")
    page.click(".w-notice button")
    page.wait_for_selector(".w-notice", state="detached")


def test_unknown_page(visit: Visit) -> None:
    page = visit("/nonsense")
    assert "There is no such page" in page.inner_text("#main")
    page.click(".w-nav a >> nth=0")
    page.wait_for_selector(".w-explore")


def test_download_and_upload(visit: Visit, tmp_path: Path) -> None:
    page = visit("/explore" + SMALL + "&talks.rate=0.9")
    settled(page, "talks.rate=0.9")
    for label, ending in (("TOML", "toml"), ("CSV", "csv"), ("PNG", "png")):
        with page.expect_download() as waiting:
            page.click(f"button:has-text('{label}')")
        waiting.value.save_as(tmp_path / f"saved.{ending}")
    assert check_file(tmp_path / "saved.toml") == []
    assert len((tmp_path / "saved.csv").read_text().splitlines()) == 41
    assert (tmp_path / "saved.png").read_bytes().startswith(b"\x89PNG")
    other = visit("/explore")
    other.set_input_files("input[type=file]", tmp_path / "saved.toml")
    other.wait_for_url(re.compile("scenario=upload-"))


@pytest.mark.parametrize("path", ["/experiments", "/lessons", f"/explore{SMALL}"])
def test_a_link_to_a_page_keeps_the_session(visit: Visit, path: str) -> None:
    page = visit(path)
    page.evaluate("window.sameDocument = true")
    link = page.locator("main a[href^='/']").first
    link.wait_for()
    target = link.get_attribute("href")
    link.click()
    page.wait_for_function("target => location.pathname + location.search === target", arg=target)
    assert page.evaluate("window.sameDocument")
