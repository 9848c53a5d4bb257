"""Measures how many weeks a second Watch can show, without the browser's part."""

import time

from app.watch import narration, scenes
from app.watch.trajectory import Trajectory, record_trajectory
from model.schema.scenario import load_scenario

WEEKS = 100


def frames_a_second(weeks: int = WEEKS, found: Trajectory | None = None) -> float:
    """Return how many weeks a second are made ready to draw, all pictures of each."""
    shown = found or record_trajectory(load_scenario("february_2025"), 1, 3)
    last = min(weeks, shown.last)
    leader = next(iter(shown.scenario.sides.values())).leader
    start = time.perf_counter()
    for week in range(1, last + 1):
        scenes.headline(shown, week)
        scenes.lit(shown, week)
        scenes.package(shown, week)
        scenes.plane(shown, week)
        narration.verdict(shown, week)
        narration.inspect(shown, week, leader)
    return last / (time.perf_counter() - start)
