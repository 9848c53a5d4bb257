"""Load test of the app: many simulated visitors at once; prints waiting times and resource use.

`python -m benchmarks.app_load 30 300` runs thirty sessions for five minutes. The visitors use the
protocol of a browser but draw nothing, so the drawing time of a browser, some tenths of a second,
is not included. Server and visitors share the machine, so the results are like those of a busy
lecture hall on one small computer. The CPU time of the visitors is printed too.
"""

import resource
import statistics
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from app.launch import free_port, server
from benchmarks.processes import cpu_seconds, descendants, memory
from benchmarks.visitor import Part, Starved, Visitor
from experiments.statistics import keyed_generator

THINKS = (3.0, 9.0)  # seconds between the actions of a visitor, uniformly distributed
RELOADS = 0.07  # probability that a visitor reloads instead of continuing
CUT = 0.1  # probability that a reload is a lost connection, which the server does not notice
RANGES = 0.25  # probability that a visitor of Explore also waits for the ranges
SOON = 0.2  # seconds until the page shows that a new look-ahead has started
GATHERING = 10.0  # seconds in which all visitors arrive
WARM = ("/explore?scenario=classroom&worlds=40", "/play?scenario=classroom&world=1&seat=north")

type Timed = Callable[[str, Callable[[], Any], Callable[[], Any]], Any]
type Doings = Iterator[Callable[[], None]]


@dataclass
class Report:
    """Measurements: waiting times in seconds by action and by session, failures, memory."""

    waits: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    acts: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    failures: list[str] = field(default_factory=list)
    memory: list[tuple[float, float, int, float]] = field(default_factory=list)  # at, as `memory`


class Session:
    """One simulated visitor, who uses one page and reloads it now and then."""

    def __init__(self, number: int, address: str, report: Report, pause: float = 1.0) -> None:
        self.kind = list(PAGES)[number % len(PAGES)]
        self.name = f"{self.kind} {number:02}"
        self.generator = keyed_generator("visitor", number)
        self.tab = Visitor(address)
        self.report, self.pause, self.world = report, pause, number + 1

    def live(self, end: float) -> None:
        """Act until the end. A tab that fails is recorded and opened again."""
        time.sleep(self.pause * float(self.generator.uniform(0.0, GATHERING)))
        while time.monotonic() < end:
            try:
                for act in PAGES[self.kind](self):
                    act()
                    time.sleep(self.pause * float(self.generator.uniform(*THINKS)))
                    if time.monotonic() > end or self.generator.random() < RELOADS:
                        break
            except (Starved, OSError) as error:
                self.report.failures.append(f"{self.name}: {error}")
                time.sleep(self.pause * THINKS[0])
            try:
                self.tab.close(politely=bool(self.generator.random() > CUT))
            except OSError as error:
                self.report.failures.append(f"{self.name}: {error}")

    def timed(self, what: str, do: Callable[[], Any], seen: Callable[[], Any]) -> Any:
        """Perform an action, wait for its result, and record the waiting time."""
        begun = time.monotonic()
        do()
        try:
            return self.tab.until(seen)
        except Starved as error:
            raise Starved(f"{what}: {error}") from error
        finally:
            wait = time.monotonic() - begun
            self.report.waits[what].append(wait)
            self.report.acts[self.name].append(wait)

    def open(self, what: str, path: str, seen: Callable[[], Any]) -> Any:
        """Open a page and wait until it is shown."""
        return self.timed(f"open {what}", lambda: self.tab.open(path), seen)

    def tell(self, *names: str, event: str, data: Any) -> None:
        """Send an event to a part of the page. Raises Starved if it is not shown."""
        part = self.tab.find(*names)
        if part is None:
            raise Starved(f"{event}: no such part is shown")
        self.tab.tell(part, event, data)


def explore(me: Session) -> Doings:
    """Move a slider and wait for the picture, and sometimes for the ranges."""
    tab, dial = me.tab, "values.cost_scale"

    def picture() -> Part | None:
        return tab.find("class_", where=lambda part: str(part["class_"]) == "w-picture")

    def sliders() -> Part | None:
        return tab.find("rows", where=lambda part: any(r["name"] == dial for r in _rows(part)))

    def ready() -> bool:
        return picture() is not None and tab.find("rows", "label") is not None

    def slide() -> None:
        value = f"{float(me.generator.uniform(0.6, 1.6)):.5f}"  # a value that is not cached
        begun = time.monotonic()

        def there() -> bool:
            shown = picture()
            return shown is not None and float(shown["was_old"]) > begun

        def move() -> None:
            tab.tell(tab.until(sliders), "change", {"name": dial, "text": value})

        me.timed("Explore: slider to picture", move, there)
        if me.generator.random() < RANGES:
            me.timed("Explore: ranges after it", lambda: None, ranges)

    def ranges() -> bool:
        caveat = tab.find("class_", where=lambda part: part["class_"] == "w-caveat")
        return caveat is not None and "Over " in str(caveat["children"])

    yield lambda: me.open("Explore", "/explore", ready)
    while True:
        yield slide


def watch(me: Session) -> Doings:
    """Play weeks, jump to a week, select a person, choose another world."""
    tab = me.tab

    def player() -> Part | None:
        return tab.find("moments", "headline")

    def week(to: int, what: str) -> None:
        me.timed(
            f"Watch: {what}",
            lambda: me.tell("moments", "headline", event="show", data=to),
            lambda: (player() or {}).get("week") == to,
        )

    def play() -> None:
        for _ in range(8):
            shown = tab.until(player)
            if shown["week"] >= shown["last"]:
                week(1, "jump")
            week(shown["week"] + 1, "next week")
            time.sleep(0.25 * me.pause)

    def jump() -> None:
        moments = tab.until(player)["moments"]
        if moments:
            week(int(moments[int(me.generator.integers(len(moments)))]["week"]), "jump")

    def look() -> None:
        part = tab.until(lambda: tab.find("person", "menu"))
        people = [key for group in part["menu"] for key, _ in group["people"]]
        key = people[int(me.generator.integers(len(people)))]
        me.timed(
            "Watch: select a person",
            lambda: tab.tell(part, "choose", key),
            lambda: part["person"]["key"] == key,
        )

    def other() -> None:
        world = int(me.generator.integers(400))
        change = {"name": "world", "text": str(world)}
        me.timed(
            "Watch: another world",
            lambda: me.tell("summary", "source", event="go", data=change),
            lambda: str((player() or {}).get("trajectory", "")).endswith(f" {world}"),
        )

    yield lambda: me.open("Watch", f"/watch?world={me.world}", player)
    while True:
        yield from (play, jump, look, look, other)


def play(me: Session) -> Doings:
    """Play games to the end: make offers, end weeks, and wait for each look-ahead."""
    tab = me.tab

    def table() -> Part | None:
        return tab.find("head", "staged", "waits")

    def over() -> bool:
        return table() is None and tab.find("slot", "text") is not None

    def end() -> None:
        if over():
            me.world += 30
            tab.close()
            game()
            return
        now = tab.until(table)
        week = now["head"]["week"]
        me.timed(
            "Play: end the week",
            lambda: tab.tell(now, "end", week),
            lambda: over() or (table() or {"head": {"week": week}})["head"]["week"] > week,
        )
        ahead()

    def ahead() -> None:
        def seen() -> bool:
            part = tab.find("blocks", "busy")
            return over() or (part is not None and not part["busy"])

        me.timed("Play: look ahead", lambda: time.sleep(SOON), seen)

    def offer() -> None:
        deal = tab.find("starts", "levels")
        if deal is None or not deal["starts"]:
            return
        me.timed("Play: another offer", lambda: tab.tell(deal, "start", "best"), table)
        ahead()

    def game() -> None:
        place = f"/play?scenario=february_2025&world={me.world}&seat=US"
        me.open("Play", place, table)

    yield game
    while True:
        yield from (end, offer, end, end)


def lessons(me: Session) -> Doings:
    """Commit to a prediction and wait for the first picture."""
    tab = me.tab
    names = ("zone_of_agreement", "tied_hands", "logrolling", "threats_and_madmen")

    def ask() -> Part | None:
        return tab.find("question", "choices")

    def commit() -> None:
        me.timed(
            "Lessons: commit",
            lambda: me.tell("question", "choices", event="commit", data=0),
            lambda: (ask() or {}).get("chosen") == 0,
        )

    def picture() -> None:
        me.timed("Lessons: first picture", lambda: None, lambda: tab.find(
            "class_", where=lambda part: part["class_"] == "l-shown"))  # fmt: skip

    for name in names:
        yield lambda: me.open("Lessons", f"/lessons?lesson={name}", ask)  # noqa: B023
        yield commit
        yield picture
        tab.close()


def classroom(me: Session) -> Doings:
    """Choose a case for a class with different seeds."""
    tab = me.tab

    def links() -> Part | None:
        return tab.find("briefings", "seats")

    def seed() -> None:
        text = str(int(me.generator.integers(1000)))
        me.timed(
            "Class: another seed",
            lambda: me.tell(
                "briefings", "seats", event="choose", data={"name": "seed", "text": text}
            ),
            lambda: (links() or {}).get("seed") == text,
        )

    yield lambda: me.open("Class", "/class", links)
    while True:
        yield seed


PAGES: dict[str, Callable[[Session], Doings]] = {
    "explore": explore,
    "watch": watch,
    "play": play,
    "explore too": explore,
    "lessons": lessons,
    "watch too": watch,
    "play too": play,
    "class": classroom,
}


def crowd(address: str, visitors: int, seconds: float, pause: float = 1.0, pid: int = 0) -> Report:
    """Let visitors use a running app, and return the measurements. pid: of the server."""
    report, begun = Report(), time.monotonic()
    end = begun + seconds
    sessions = [Session(number, address, report, pause) for number in range(visitors)]
    threads = [threading.Thread(target=one.live, args=(end,), daemon=True) for one in sessions]
    for thread in threads:
        thread.start()
    minute = 0
    while time.monotonic() < end:
        if pid and time.monotonic() >= begun + 60.0 * minute:
            report.memory.append((60.0 * minute, *memory(pid)))
            minute += 1
        time.sleep(min(1.0, max(0.0, end - time.monotonic())))
    for thread in threads:
        thread.join()
    if pid:
        report.memory.append((time.monotonic() - begun, *memory(pid)))
    for one in sessions:
        report.acts[one.name]  # creates an entry for a session without actions
    return report


def _rows(part: Part) -> list[dict[str, Any]]:
    rows = part["rows"]
    return [row for row in rows if isinstance(row, dict) and "name" in row] if rows else []


def _print(report: Report, seconds: float) -> None:
    print(f"{'wait, seconds':<28} {'times':>6} {'median':>8} {'95 %':>8} {'worst':>8}")
    for what, waits in sorted(report.waits.items()):
        high = float(np.quantile(waits, 0.95))
        print(
            f"{what:<28} {len(waits):>6,} {statistics.median(waits):>8.2f} "
            f"{high:>8.2f} {max(waits):>8.2f}"
        )
    print("actions per session, minimum to maximum; longest wait:")
    kinds: dict[str, list[list[float]]] = defaultdict(list)
    for name, waits in report.acts.items():
        kinds[name.rpartition(" ")[0].removesuffix(" too")].append(waits)
    for kind, sessions in kinds.items():
        counts = [len(waits) for waits in sessions]
        longest = max(max(waits, default=0.0) for waits in sessions)
        print(f"  {kind:<10} {len(sessions):>3} sessions: {min(counts)} to {max(counts)}", end="")
        print(f", {longest:.1f} s")
    print("memory in MB (server, its threads, workers):", end="")
    print(
        "; ".join(
            f" {at:.0f} s {size:.0f}, {count}, {rest:.0f}"
            for at, size, count, rest in report.memory
        )
    )
    print(f"failures: {len(report.failures)}")
    for failure in report.failures[:20]:
        print(f"  {failure[:300]}")


def main(visitors: int = 30, seconds: float = 300.0) -> None:
    """Print one table."""
    with server(free_port()) as (address, process):
        warm = Visitor(address)
        for place in WARM:
            warm.open(place)
            time.sleep(5.0)
            warm.close()
        before, mine = cpu_seconds(process.pid), _own()
        theirs = sum(map(cpu_seconds, descendants(process.pid)))
        report = crowd(address, visitors, seconds, pid=process.pid)
        spent = cpu_seconds(process.pid) - before
        rest = sum(map(cpu_seconds, descendants(process.pid))) - theirs
        print(f"{visitors} sessions, {seconds:.0f} s, all on this machine")
        _print(report, seconds)
        print(f"CPU: server {spent / seconds:.2f} of a core", end="")
        print(f", workers {rest / seconds:.2f}, visitors {(_own() - mine) / seconds:.2f}")


def _own() -> float:
    spent = resource.getrusage(resource.RUSAGE_SELF)
    return spent.ru_utime + spent.ru_stime


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
