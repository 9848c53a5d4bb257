"""Measures in Chromium how soon Explore shows new shares, and Play new ranges.

With `--frames FOLDER`, it also writes what the screen showed after a slider was released: one
picture for each change, named by the milliseconds since the release.
"""

import argparse
import base64
import shutil
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from playwright.sync_api import CDPSession, Page, sync_playwright

from app.launch import free_port, server
from benchmarks.table import Row, at_most, show

HALF = at_most(0.5)  # seconds
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
SLIDER = 'input[name="values.cost_scale"]'
WHOLE = ".w-picture:not(.w-old) .w-sweep"
GAME = "/play?seat=US&world=17"
THREATEN = "button:has-text('Threaten this')"
SIZE = 'input[aria-label="Size of the threat, points"]'
AHEAD = ".p-outlook:not(.p-stale) .p-ahead"
MOVES = 8
REST = 300  # milliseconds that a thumb rests before it is released
AFTER = 700  # milliseconds that are recorded after the picture
WAIT = 120_000.0  # milliseconds
# Moves a slider, lets it rest, releases it, and waits until the page shows the result.
MOVE = """(slider, [rest, picture, stale]) => new Promise(done => {
    const read = () => [...document.querySelectorAll(picture)].map(e => e.innerText).join();
    const before = read();
    let begun, released, waited = false;
    const watch = new MutationObserver(() => {
        const old = stale && document.querySelector(stale) !== null;
        waited = waited || old;
        if (begun !== undefined && !old && (stale ? waited : read() !== before)) {
            watch.disconnect();
            requestAnimationFrame(() => done([performance.now() - begun, released]));
        }
    });
    const all = {subtree: true, childList: true, characterData: true, attributes: true};
    watch.observe(document.body, all);
    slider.value = Number(slider.value) + (Number(slider.value) + 2 > Number(slider.max) ? -9 : 2);
    slider.dispatchEvent(new Event('input'));
    const release = () => {
        begun = performance.now();
        released = Date.now() / 1000;
        slider.dispatchEvent(new Event('change'));
    };
    rest ? setTimeout(release, rest) : release();
})"""
SHARES = (".w-bar-text", "")  # what is read, and what marks it as old
RANGES = (".p-ahead", ".p-outlook.p-stale")


class Frame(NamedTuple):
    """A picture of the screen, and when it was shown: seconds since 1970."""

    at: float
    content: bytes


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description="Measure the app in Chromium.")
    parser.add_argument("--frames", metavar="FOLDER", type=Path, help="write pictures with times")
    show(rows(parser.parse_args().frames))


def rows(frames: Path | None = None) -> Iterator[Row | str]:
    """Measure, or say why not. frames: a folder for pictures."""
    yield "The app in Chromium, 500 worlds, by the clock"
    chromium = shutil.which("chromium")
    if chromium is None:
        yield Row("from a slider to its picture", None, "there is no chromium", HALF)
        return
    with sync_playwright() as driver, server(free_port()) as (address, _):
        browser = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page()
        page.set_default_timeout(WAIT)
        yield from _explore(page, address, frames)
        yield from _play(page, address)
        browser.close()


def _explore(page: Page, address: str, frames: Path | None) -> Iterator[Row | str]:
    page.goto(f"{address}/explore")
    page.wait_for_selector(WHOLE, state="attached")
    waits = [_moved(page, 0) for _ in range(MOVES)]
    rested = [_moved(page, REST) for _ in range(MOVES)]
    for number, both in enumerate(zip(waits, rested, strict=True), start=1):
        for seconds, how in zip(both, ("", f", after a rest of {REST / 1000} s"), strict=True):
            yield Row(f"  move {number}{how}", seconds, "s")
    yield Row("from a slider to its picture, median", median(waits[1:]), "s", HALF)
    yield Row(f"  after a rest of {REST / 1000} s", median(rested[1:]), "s", HALF)
    if frames is not None:
        number = _filmed(page, frames)
        yield f"{number} pictures are in {frames}"


def _play(page: Page, address: str) -> Iterator[Row]:
    page.goto(address + GAME)
    page.click(THREATEN)
    page.wait_for_selector(AHEAD)
    waits = []
    for _ in range(MOVES):
        page.wait_for_timeout(REST)
        waits.append(_seconds(page, SIZE, 0, RANGES)[0])
        page.wait_for_selector(AHEAD)
    yield Row("from a move in Play to the ranges ahead, median", median(waits[1:]), "s")


def _moved(page: Page, rest: int) -> float:
    """Move the slider; return the seconds until other shares are shown."""
    seconds, _ = _seconds(page, SLIDER, rest, SHARES)
    page.wait_for_timeout(300)
    page.wait_for_selector(WHOLE, state="attached")
    return seconds


def _seconds(page: Page, slider: str, rest: int, what: tuple[str, str]) -> tuple[float, float]:
    """Move a slider; return the seconds until the page has changed, and when it was released."""
    milliseconds, released = page.eval_on_selector(slider, MOVE, [rest, *what])
    return float(milliseconds) / 1000, float(released)


def _filmed(page: Page, folder: Path) -> int:
    """Move the slider once more and write what is shown; return the number of pictures."""
    seen: list[Frame] = []
    line = page.context.new_cdp_session(page)
    line.on("Page.screencastFrame", lambda frame: _keep(line, frame, seen))
    line.send("Page.startScreencast", {"format": "png", "everyNthFrame": 1})
    page.wait_for_timeout(REST)
    seconds, released = _seconds(page, SLIDER, 0, SHARES)
    page.wait_for_timeout(AFTER)
    line.send("Page.stopScreencast")
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("slider_*.png"):
        old.unlink()
    names = frame_names(seen, released, seconds)
    for name, content in names.items():
        (folder / name).write_bytes(content)
    return len(names)


def _keep(line: CDPSession, frame: dict[str, Any], seen: list[Frame]) -> None:
    seen.append(Frame(float(frame["metadata"]["timestamp"]), base64.b64decode(frame["data"])))
    line.send("Page.screencastFrameAck", {"sessionId": frame["sessionId"]})


def frame_names(seen: list[Frame], released: float, seconds: float) -> dict[str, bytes]:
    """Return the pictures by file name: the last one before the release, and all changes after it.

    seconds: from the release to the new shares; the first picture with them has it in its name.
    """
    seen = sorted(seen)
    before = [frame for frame in seen if frame.at < released][-1:]
    last, marked = before[0].content if before else b"", False
    names = {"slider_0000_ms_released.png": last} if before else {}
    for at, content in seen:
        if at < released or content == last:
            continue
        last, new = content, at - released >= seconds and not marked
        marked = marked or new
        name = f"slider_{1000 * (at - released):04.0f}_ms"
        names[f"{name}_new_shares.png" if new else f"{name}.png"] = content
    return names


if __name__ == "__main__":
    main()
