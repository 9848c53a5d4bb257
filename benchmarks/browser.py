"""Measures in Chromium how soon Explore shows new shares after a slider was moved."""

import shutil
from collections.abc import Iterator
from statistics import median

from playwright.sync_api import Page, sync_playwright

from app.launch import free_port, server
from benchmarks.table import Row, at_most, show

HALF = at_most(0.5)  # seconds
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
SLIDER = 'input[name="values.cost_scale"]'
WHOLE = ".w-picture:not(.w-old) .w-sweep"
MOVES = 8
WAIT = 120_000.0  # milliseconds
MOVE = """slider => new Promise(done => {
    const read = () => [...document.querySelectorAll('.w-bar-text')].map(e => e.innerText).join();
    const before = read(), begun = performance.now();
    const watch = new MutationObserver(() => {
        if (read() !== before) {
            watch.disconnect();
            requestAnimationFrame(() => done(performance.now() - begun));
        }
    });
    const all = {subtree: true, childList: true, characterData: true, attributes: true};
    watch.observe(document.body, all);
    slider.value = Number(slider.value) + 2;
    slider.dispatchEvent(new Event('input'));
    slider.dispatchEvent(new Event('change'));
})"""


def main() -> None:
    """Print one table."""
    show(rows())


def rows() -> Iterator[Row | str]:
    """Measure, or say why not."""
    yield "The app in Chromium, 500 worlds, by the clock"
    chromium = shutil.which("chromium")
    if chromium is None:
        yield Row("from a slider to its picture", None, "there is no chromium", HALF)
        return
    with sync_playwright() as driver, server(free_port()) as (address, _):
        browser = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page()
        page.set_default_timeout(WAIT)
        page.goto(f"{address}/explore")
        page.wait_for_selector(WHOLE, state="attached")
        waits = [_moved(page) for _ in range(MOVES)]
        browser.close()
    for number, seconds in enumerate(waits, start=1):
        yield Row(f"  move {number}", seconds, "s")
    yield Row("from a slider to its picture, median", median(waits[1:]), "s", HALF)


def _moved(page: Page) -> float:
    """Move the slider; return the seconds until other shares are shown."""
    seconds = float(page.eval_on_selector(SLIDER, MOVE)) / 1000
    page.wait_for_timeout(300)
    page.wait_for_selector(WHOLE, state="attached")
    return seconds


if __name__ == "__main__":
    main()
