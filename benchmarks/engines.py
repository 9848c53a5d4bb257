"""Compares both engines in one run, and says where the traced one spends its time."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from functools import partial
from statistics import median

import numpy as np

from agents.script import Moves
from benchmarks.clock import Work, by_turns, ratio
from benchmarks.table import Row, at_least, at_most, show
from experiments.engine import build, simulate
from experiments.game.look_ahead import FUTURES, WEEKS, look_ahead
from experiments.game.table import Game
from model.schema.scenario import Scenario, load_scenario
from model.tracing import kernel, machine, programs
from model.tracing.program import NAMES, Program

SCENARIO = "february_2025"
GOALS = {2: 40.0, 500: 3000.0, 1000: 4000.0}  # worlds a second on one core
WIDTHS = (2, 100, 500, 1000, 4000)
SLIDER, SLIDER_GOAL = 500, 0.2  # worlds, s of CPU
AHEAD_GOAL, GAME_WEEKS = 0.15, 6  # s of CPU; weeks played before
REPEATS = 3
PROFILED = 52  # weeks
LARGE = 0.03  # share of time from which a phase or an operation has a row
MEGA = 1e6


def main() -> None:
    """Print one table."""
    show(rows())


def rows() -> Iterator[Row | str]:
    """Measure everything."""
    setting = load_scenario(SCENARIO)
    yield from worlds_a_second(setting)
    yield from ahead(setting)
    yield from cores(setting)
    yield from memory()
    yield from profile(setting)


def worlds_a_second(setting: Scenario) -> Iterator[Row | str]:
    """Measure both engines at several widths by turns, in one thread."""
    yield f"Both engines by turns, one core, {SCENARIO}, {setting.time.horizon} weeks, CPU time"
    os.environ[machine.THREADS] = "1"
    works: dict[tuple[str, int], Work] = {
        (engine, width): partial(simulate, setting, width, engine=engine)
        for width in WIDTHS
        for engine in ("numpy", "traced")
    }
    spent = by_turns(works, REPEATS)
    del os.environ[machine.THREADS]
    for width in WIDTHS:
        rates = {name: width / median(spent[name, width]) for name in ("numpy", "traced")}
        goal = at_least(GOALS[width]) if width in GOALS else None
        yield Row(f"{width:,} worlds side by side, NumPy", rates["numpy"], "worlds/s")
        yield Row(f"{width:,} worlds side by side, traced", rates["traced"], "worlds/s", goal)
        times = ratio(spent["numpy", width], spent["traced", width])
        yield Row("  traced against NumPy", times, "times the rate")
    seconds = median(spent["traced", SLIDER])
    yield Row(f"{SLIDER} worlds, as for a slider", seconds, "s of CPU", at_most(SLIDER_GOAL))


def ahead(setting: Scenario) -> Iterator[Row | str]:
    """Measure a look-ahead of four candidates, as Play asks for it."""
    game = Game(setting, ["US"], 1, 0)
    for _ in range(GAME_WEEKS):
        game.play({})
    moves = {"wait": Moves(), "accept": Moves(accept=True), "truce": Moves(truce=True),
             "call": Moves(call=True)}  # fmt: skip
    spent = by_turns({"": partial(look_ahead, game, game.seats[0], moves)}, REPEATS)
    what = f"look-ahead, {len(moves)} x {FUTURES} forks x {WEEKS} weeks"
    yield Row(what, median(spent[""]), "s of CPU", at_most(AHEAD_GOAL))


def cores(setting: Scenario) -> Iterator[Row | str]:
    """Measure what several threads of one run bring, by the clock."""
    width, number = WIDTHS[-1], os.cpu_count() or 1
    seconds = {}
    for threads in (1, number):
        os.environ[machine.THREADS] = str(threads)
        times = []
        for _ in range(REPEATS):
            begun = time.perf_counter()
            simulate(setting, width, engine="traced")
            times.append(time.perf_counter() - begun)
        seconds[threads] = min(times)
    del os.environ[machine.THREADS]
    yield Row(f"{number} threads against 1, {width:,} worlds, by the clock",
              seconds[1] / seconds[number], "times the rate")  # fmt: skip


def memory() -> Iterator[Row | str]:
    """Measure what a world adds to the peak memory of a run."""
    yield "Peak memory"
    found = {}
    for engine in ("numpy", "traced"):
        peaks = {width: _peak(engine, width) for width in (500, 6000)}
        found[engine] = 1024 * (peaks[6000] - peaks[500]) / 5500
        yield Row(f"a run of 500 worlds, {engine}", peaks[500] / 1024, "MB")
    yield Row("each further world, NumPy", found["numpy"] / 1024, "KB")
    limit = at_most(round(found["numpy"] / 1024, 1))
    yield Row("each further world, traced", found["traced"] / 1024, "KB", limit)


def _peak(engine: str, width: int) -> float:
    """Return the peak memory of a process that runs so many worlds, in KB."""
    code = (
        "import re; from pathlib import Path; from experiments.engine import simulate;"
        f"simulate('{SCENARIO}', {width}, engine='{engine}');"
        "print(re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1])"
    )
    environment = os.environ | {machine.THREADS: "1"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def profile(setting: Scenario) -> Iterator[Row | str]:
    """Measure phases and operations of the program, and the traffic of its memory."""
    talks = build(setting, machine.BLOCK)
    programs.forget()
    begun = time.process_time()
    program = programs.program_of(talks)
    yield f"Where the traced engine spends its time, {machine.BLOCK:,} worlds"
    yield Row("recording, translating and checking a program", time.process_time() - begun, "s")
    phases = by_phase(program, machine.Block(program, talks, slice(0, machine.BLOCK)))
    total = sum(phases.values())
    yield Row("a week", total, "µs a world")
    for name, spent in sorted(phases.items(), key=lambda pair: -pair[1]):
        if spent >= LARGE * total:
            yield Row(f"  {name}", 100 * spent / total, "% of it")
    yield f"The same by operation, rows in the cache ({len(program.code):,} in a week)"
    counts, costs = program.counts(), by_operation(program)
    spent_by = {name: counts[name] * costs[name] for name in costs}
    for name, spent in sorted(spent_by.items(), key=lambda pair: -pair[1]):
        if spent >= LARGE * total:
            yield Row(f"  {name} ({counts[name]:,})", spent, "µs a world-week")
    yield Row("all operations with rows in the cache", sum(spent_by.values()), "µs a world-week")
    moved, speed = traffic(program), bandwidth()
    yield Row("memory that a week reads and writes", moved / 1024, "KB a world-week")
    yield Row("bandwidth of this machine, large arrays", speed / 1e9, "GB/s")
    yield Row("a week at this bandwidth", MEGA * moved / speed, "µs a world-week")
    floor = 8 * 2 * program.states
    yield Row("reading and writing the states alone", MEGA * floor / speed, "µs a world-week")


def by_phase(program: Program, block: machine.Block) -> dict[str, float]:
    """Return the time of each phase, in microseconds a world-week."""
    found: dict[str, float] = {"random numbers": 0.0}
    worlds = 0
    for week in range(1, PROFILED + 1):
        begun = time.process_time()
        block.draw(week)
        found["random numbers"] += time.process_time() - begun
        for name, start, stop in program.phases():
            begun = time.process_time()
            block.run_part(start, stop, week)
            found[name] = found.get(name, 0.0) + time.process_time() - begun
        worlds += block.active
        block.end_week()
    return {name: MEGA * spent / worlds for name, spent in found.items()}


def by_operation(program: Program) -> dict[str, float]:
    """Return the time of an operation in microseconds a world, repeated on the same rows."""
    width, often = machine.BLOCK, 400
    memory = np.random.default_rng(1).uniform(0.1, 0.9, (64, width))
    nothing, where = np.zeros(1), np.arange(width)
    raw = np.zeros((1, width, 4), np.uint64)
    lists = np.arange(64, dtype=np.int32)
    spent: dict[str, list[float]] = {}
    for number in np.unique(program.code[:, 0]):
        name = NAMES[int(number)]
        if name in {"begin", "end", "gather", "scatter", "permute", "restore", "lookup", "places"}:
            continue  # these depend on where worlds are
        code = np.tile(np.array([[number, 8, 0, 1, 2]], dtype=np.int32), (often, 1))
        if name == "draw":
            code[:, 2:] = 0
        times = []
        for _ in range(REPEATS):
            begun = time.perf_counter()
            kernel.load()(code, lists, np.full(64, 0.5), memory, raw, 0, where, 1.0, width,
                          nothing, nothing, nothing, nothing)  # fmt: skip
            times.append(time.perf_counter() - begun)
        spent.setdefault(name.partition(".")[0], []).append(MEGA * min(times) / often / width)
    return {name: median(times) for name, times in spent.items()}


def traffic(program: Program) -> float:
    """Return the bytes that a week of a world reads and writes, if all of its regions are run."""
    rows = 0
    for op in program.code[:, 0]:
        name, _, form = NAMES[int(op)].partition(".")
        rows += 1 + max(form.count("r"), int(name in {"gather", "scatter", "copy"}))
    return 8.0 * rows


def bandwidth() -> float:
    """Return the bytes a second that copying large arrays reads and writes."""
    source = np.ones(32 * 1024 * 1024)
    target = np.empty_like(source)
    times = []
    for _ in range(REPEATS):
        begun = time.perf_counter()
        np.copyto(target, source)
        times.append(time.perf_counter() - begun)
    return 2 * source.nbytes / min(times)


if __name__ == "__main__":
    main()
