"""Test in a browser: the path of a visitor through Explore, a link, Watch, and the inspector.

The fixture `visit` checks for every page that no request leaves the machine and no error is logged.
"""

import re
import time
from itertools import pairwise
from pathlib import Path

from playwright.sync_api import Page

from app.watch.trajectory import record_trajectory
from experiments.engine import simulate
from model.schema.scenario import load_scenario
from tests.app.browsing import SMALL, Visit, fits, reads, settled, slide, whole

WEEKS = 100


def shown(page: Page) -> dict[str, str]:
    """Return the text that Watch shows for its week."""
    page.wait_for_selector(".t-plane")
    return {name: page.inner_text(name) for name in (".t-now", ".t-package", ".t-inspector")}


def at(page: Page, week: int) -> None:
    """Wait until Watch shows a week."""
    page.wait_for_url(f"**week={week}")
    page.wait_for_function(
        "week => document.querySelector('.t-now b').innerText === `Week ${week}`", arg=week
    )


def test_from_a_slider_to_the_reason_of_a_refusal(visit: Visit, pictures: Path) -> None:
    page = visit("/explore" + SMALL)
    whole(page)
    slide(page)
    shares = settled(page, "values.cost_scale=")
    other = visit(page.url[page.url.index("/explore") :])  # the link, in a new session
    assert settled(other, "values.cost_scale=") == shares

    link = other.locator(".w-links a").last
    named = re.findall(r"world=(\d+)", str(link.get_attribute("href")))
    world = int(named[0]) if named else 0
    value = float(re.findall(r"values.cost_scale=([\d.]+)", other.url)[0])
    link.click()
    other.wait_for_url("**/watch?**values.cost_scale=**")
    other.wait_for_selector(".t-node")
    setting = load_scenario("classroom", {"values.cost_scale": value})
    alone = record_trajectory(setting, 1, world)
    assert other.inner_text(".t-summary h1") == f"World {world}. {alone.sentence}"
    ended = simulate(setting, 40).outcomes["outcome"][world]
    assert ended in alone.sentence.lower()

    week = other.get_by_label("Week", exact=True)
    week.press("Home")
    for _ in range(3):
        week.press("ArrowRight")
    at(other, 3)
    opened = shown(visit(other.url[other.url.index("/watch") :]))  # the week alone
    reads(other, opened)
    week.press("End")
    at(other, alone.last)
    for _ in range(alone.last - 3):
        week.press("ArrowLeft")
    at(other, 3)
    reads(other, opened)

    other.locator(".t-node[aria-label*=leader]").last.press("Enter")
    other.wait_for_function("document.querySelector('.t-inspector').innerText.includes('rese')")
    week.press("End")
    other.wait_for_function("document.querySelector('.t-inspector').innerText.includes('it said')")
    assert fits(other, "wide")
    other.screenshot(path=pictures / "path_inspector.png", full_page=True)
    assert "values.cost_scale" in page.url  # the first session is unchanged
    assert page.locator(".w-picture").count() == 1


def test_playing_a_hundred_weeks_without_a_stall(visit: Visit) -> None:
    page = visit("/watch?worlds=20&world=2&week=0")
    page.wait_for_selector(".t-picks button")
    last = int(page.get_attribute("input[aria-label=Week]", "max") or 0)
    assert last >= WEEKS
    page.evaluate(
        "() => { window.seen = []; new MutationObserver(() => window.seen.push("
        "[performance.now(), document.querySelector('.t-now b').innerText]))"
        ".observe(document.querySelector('.t-now'),"
        " { subtree: true, characterData: true, childList: true }); }"
    )
    page.select_option("select[aria-label='Weeks a second']", "30")
    begun = time.perf_counter()
    page.click("button[aria-label=Play]")
    page.wait_for_selector("button[aria-label=Pause]")
    page.wait_for_selector("button[aria-label=Play]")
    seen = page.evaluate("window.seen")
    assert list(dict.fromkeys(week for _, week in seen)) == [
        f"Week {week}" for week in range(1, last + 1)
    ]
    gaps = [after[0] - before[0] for before, after in pairwise(seen)]
    assert max(gaps) / 1000 < (time.perf_counter() - begun) / 4


def test_a_world_without_a_failure_links_to_one_with_a_failure(visit: Visit) -> None:
    page = visit("/watch?worlds=40&world=17")
    page.wait_for_selector("text=No deal failed at home in this world")
    page.wait_for_selector("text=The closest worlds in which one did:")
    page.locator(".t-unfailed a").first.click()
    page.wait_for_selector("text=Why the deal failed at home")
    page.wait_for_selector(".t-homes .t-against")
    assert "Against it:" in page.inner_text(".t-why")
