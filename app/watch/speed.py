"""Measure how many weeks per second Watch can prepare, without the browser."""

import time

from app.watch import narration, scenes
from app.watch.trajectory import Trajectory, record_trajectory
from model.schema.scenario import load_scenario

WEEKS = 100


def weeks_per_second(weeks: int = WEEKS, trajectory: Trajectory | None = None) -> float:
    """Return how many weeks per second can be prepared for drawing, with all their pictures."""
    shown = trajectory or record_trajectory(load_scenario("february_2025"), 1, 3)
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
