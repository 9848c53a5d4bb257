"""Tests of the Watch page, rendered without a browser and in a browser at both widths."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.watch.speed import weeks_per_second
from tests.app.browsing import SIZES, Visit, fits, reads
from tests.app.test_components import Shown

SMALL = "/watch?scenario=classroom&worlds=20"


@pytest.fixture
def shown() -> Iterator[Shown]:
    page = Shown(SMALL + "&world=3&week=4")
    page.wait(lambda: bool(page.find("network.vue")))
    yield page
    page.context.close()


def only(shown: Shown, template: str) -> Any:
    (widget,) = shown.find(template)
    return widget


def notices(shown: Shown) -> str:
    return " ".join(str(notice.lines) for notice in shown.find("notice.vue"))


def show(shown: Shown, asked: object, week: int) -> None:
    """Request a week as the browser does, and wait for the pictures of the week that is shown."""
    only(shown, "player.vue").vue_show(asked)
    shown.wait(lambda: only(shown, "lines.vue").week == week)


def test_the_player_changes_all_pictures_and_back(shown: Shown) -> None:
    def pictures_of_week() -> tuple[Any, ...]:
        plane, lines = only(shown, "plane.vue"), only(shown, "lines.vue")
        return lines.week, plane.offers, plane.frontier, only(shown, "package.vue").rows

    before = pictures_of_week()
    assert before[0] == 4
    show(shown, 9, 9)
    assert pictures_of_week()[1:] != before[1:]
    show(shown, 4, 4)
    assert pictures_of_week() == before
    last = only(shown, "player.vue").last
    show(shown, 10_000, last)
    show(shown, "<script>", last)


def test_the_inspector_shows_the_chosen_actor(shown: Shown) -> None:
    network = only(shown, "network.vue")
    for node in network.nodes:
        network.vue_choose(node["key"])
        title = node["title"]
        shown.wait(lambda: only(shown, "inspector.vue").person["title"] == title)  # noqa: B023
    network.vue_choose("nobody")
    assert only(shown, "network.vue").chosen == network.nodes[-1]["key"]


def test_choosing_another_world(shown: Shown) -> None:
    shown.wait(lambda: bool(only(shown, "choice.vue").picks))
    choice = only(shown, "choice.vue")
    pick = choice.picks[0]
    choice.vue_go({"name": "world", "text": str(pick["world"])})
    if pick["world"]:
        assert f"world={pick['world']}" in shown.paths[-1]
    choice.vue_go({"name": "world", "text": "seven"})
    shown.wait(lambda: "must be a whole number" in notices(shown))
    choice.vue_go({"name": "source", "text": "results:../secrets"})
    shown.wait(lambda: "no such results folder" in notices(shown))
    choice.vue_go({"name": "seed", "text": "2"})
    assert "seed=2" in shown.paths[-1]


def test_a_week_after_the_end_is_reported() -> None:
    page = Shown(SMALL + "&week=9000")
    page.wait(lambda: bool(page.find("player.vue")))
    page.wait(lambda: "this world ends in week" in notices(page))
    assert only(page, "lines.vue").week == only(page, "player.vue").last
    page.context.close()


def test_play_runs_to_the_end_and_rewind_is_exact(
    visit: Visit, record_property: Callable[[str, object], None]
) -> None:
    page = visit(SMALL + "&world=3&week=0")
    page.wait_for_selector(".t-node")
    page.press("input[aria-label=Week]", "ArrowRight")
    page.wait_for_url("**week=1")
    alone = visit(SMALL + "&world=3&week=1")
    alone.wait_for_selector(".t-plane")
    opened = {name: alone.inner_text(name) for name in (".t-package", ".t-inspector")}
    reads(page, opened)
    page.select_option("select[aria-label='Weeks a second']", "30")
    start = time.perf_counter()
    page.click("button[aria-label=Play]")
    page.wait_for_selector("button[aria-label=Pause]")
    page.wait_for_selector("button[aria-label=Play]")
    seconds = time.perf_counter() - start
    last = page.input_value("input[aria-label=Week]")
    assert last == page.get_attribute("input[aria-label=Week]", "max")
    record_property("weeks per second", int(last) / seconds)
    record_property("weeks per second without a browser", weeks_per_second(10))
    page.wait_for_url(f"**week={last}")
    for _ in range(int(last) - 1):
        page.press("input[aria-label=Week]", "ArrowLeft")
    page.wait_for_url("**week=1")
    reads(page, opened)
    page.locator(".t-node").nth(2).press("Enter")
    page.wait_for_selector(".t-node:nth-of-type(3).t-chosen")


NAMES = """() => {
    const boxes = [...document.querySelectorAll(".t-node")].map((node) =>
        [node.getAttribute("aria-label"), node.querySelector("text")]);
    const wrong = boxes.filter(([, text]) => text.textContent.includes("…")).map(([name]) => name);
    const within = document.querySelector(".t-network svg").getBoundingClientRect();
    const sizes = boxes.map(([name, text]) => [name, text.getBoundingClientRect()]);
    for (const [name, box] of sizes) {
        if (box.left < within.left - 1 || box.right > within.right + 1) wrong.push(name);
        for (const [other, next] of sizes) {
            const across = Math.min(box.right, next.right) - Math.max(box.left, next.left);
            const along = Math.min(box.bottom, next.bottom) - Math.max(box.top, next.top);
            if (name < other && across > 1 && along > 4) wrong.push(`${name} on ${other}`);
        }
    }
    return wrong;
}"""


@pytest.mark.parametrize("size", SIZES)
def test_names_in_the_network_are_complete_and_do_not_overlap(size: str, visit: Visit) -> None:
    page = visit("/model", size)
    for name in ("february_2025", "brexit_2017", "trade_war_2018", "classroom", "split_the_pie"):
        page.goto(f"{page.url.rpartition('/')[0]}/watch?scenario={name}&worlds=10&week=1")
        page.wait_for_selector(".t-node")
        page.wait_for_timeout(200)  # the picture takes the width of its card
        assert page.evaluate(NAMES) == [], name


def test_columns_end_at_the_same_height_and_text_moves_no_node(visit: Visit) -> None:
    page = visit("/watch?worlds=10&world=3&week=1")
    page.wait_for_selector(".t-plane")
    place = (
        "[...document.querySelectorAll('.t-node')].map((node) => node.getAttribute('transform'))"
    )
    before = page.evaluate(place)
    page.press("input[aria-label=Week]", "End")
    page.wait_for_selector(".t-verdict .t-why")
    assert page.eval_on_selector_all(".t-node", place) == before
    gap = (
        "(([left, right]) => Math.abs(left.getBoundingClientRect().bottom"
        " - right.getBoundingClientRect().bottom))([...document.querySelectorAll("
        "'.t-course > .t-column > .w-card:last-child')])"
    )
    assert page.evaluate(gap) < 2
    beside = (
        "Math.abs(document.querySelector('.t-events').getBoundingClientRect().bottom"
        " - document.querySelector('.t-network').closest('.w-card').getBoundingClientRect().bottom)"
    )
    assert page.evaluate(beside) < 2


@pytest.mark.parametrize(("size", "dark"), [("wide", False), ("narrow", True)])
def test_the_page_explains_the_failure_at_home(
    size: str, dark: bool, visit: Visit, pictures: Path
) -> None:
    page = visit("/watch?worlds=10&world=3", size, dark)
    page.wait_for_selector(".t-node")
    assert "Why the deal failed at home in China" in page.inner_text("#main")
    against = page.locator(".t-homes .t-against").all_inner_texts()
    assert len(against) > 0
    assert "Party and security bloc" in page.inner_text(".t-homes")
    page.wait_for_selector(".t-picks button", state="attached")
    assert fits(page, size)
    page.screenshot(path=pictures / f"watch_{size}.png")
    page.screenshot(path=pictures / f"watch_{size}_whole.png", full_page=True)


def test_the_page_compares_the_world_with_others(shown: Shown) -> None:
    shown.wait(lambda: bool(only(shown, "choice.vue").picks))
    choice = only(shown, "choice.vue")
    assert choice.unfailed.startswith("Both sides ratified everything that the leaders agreed.")
    assert choice.unfailed.endswith("None did in the other worlds either.")
    assert choice.nearest == []
