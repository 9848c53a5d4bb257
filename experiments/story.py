"""One world told week by week in words: tariffs, offers, answers, ratification."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

import numpy as np
import xarray as xr

from experiments.engine import Run
from model.arrays import Array
from model.issues import SLIGHT, Issue, sentences

STATES = (
    "tariff",
    "pending",
    "turn",
    "table",
    "offer",
    "gains",
    "agreed",
    "failures",
    "agreement_week",
)
SMALL_CHANGE = 0.0005  # a tariff that moves by less than 0.05 points is not told


def story(run: Run, world: int) -> Iterator[str]:
    """Tell what happened to a world, a paragraph a week in which anything did.

    run: with the states of STATES recorded.
    """
    if run.weeks is None:
        raise ValueError("a story needs a run with its weeks recorded")
    weeks = run.weeks.sel(world=world)[list(STATES)].transpose("week", ...).load()
    for week in range(1, weeks.sizes["week"]):
        told = [*_tariffs(run, weeks, week), *_session(run, weeks, week)]
        if told:
            day = run.scenario.start + timedelta(weeks=week)
            head = f"Week {week}, to {day.day} {day:%B %Y}"
            yield "\n".join([head, *(f"  {line}" for line in told)])
    yield f"End: {run.outcomes['outcome'][world]} after {weeks.sizes['week'] - 1} weeks."


def _tariffs(run: Run, weeks: xr.Dataset, week: int) -> Iterator[str]:
    """Tell which tariffs moved, and which answers were announced."""
    for row, side in enumerate(run.scenario.sides.values()):
        before, now = weeks["tariff"].to_numpy()[week - 1 : week + 1, row]
        if abs(now - before) > SMALL_CHANGE:
            yield (
                f"{side.title} {'raises' if now > before else 'cuts'} its tariff from "
                f"{100 * before:.1f} % to {100 * now:.1f} %."
            )
        waiting, announced = weeks["pending"].to_numpy()[week - 1 : week + 1, row]
        if announced > waiting + SMALL_CHANGE:
            yield f"{side.title} announces an answer of {100 * announced:.1f} points."


def _session(run: Run, weeks: xr.Dataset, week: int) -> Iterator[str]:
    """Tell who offered what, what it was worth to each, and what became of it."""
    proposer, answerer = weeks["turn"].to_numpy()[week - 1 : week + 1].astype(int)
    if proposer == answerer:  # the turn passes at each session
        return
    sides = list(run.scenario.sides.values())
    package = weeks["table"].to_numpy()[week]
    last = weeks["offer"].to_numpy()[week - 1, proposer]
    worth = (weeks["gains"].to_numpy()[week] * package).sum(axis=-1)
    yield f"{sides[proposer].title} {_offer(run.scenario.issues, package, last)}"
    worths = " and ".join(f"{worth[row]:+.2f} to {side.title}" for row, side in enumerate(sides))
    accepted = bool(weeks["agreed"].to_numpy()[week])
    yield (
        f"{sides[answerer].title} {'accepts' if accepted else 'refuses'} "
        f"(worth in points: {worths})."
    )
    if weeks["agreement_week"].to_numpy()[week] == week:
        yield "Both sides ratify: the agreement is in force."
        yield from sentences(run.scenario.issues, _levels(run.scenario.issues, package))
    elif np.diff(weeks["failures"].to_numpy()[week - 1 : week + 1])[0] > 0:
        yield "It fails at home: an involuntary defection; the talks begin anew."


def _offer(issues: Mapping[str, Issue], package: Array, last: Array) -> str:
    """Say what is offered: all of it the first time, later what has changed since."""
    first = bool(np.isnan(last).any())
    moved = np.abs(package - np.where(np.isnan(last), 0.0, last)) >= SLIGHT
    levels = _levels(issues, package)
    words = [
        issue.say(levels[key]) if levels[key] >= SLIGHT else f"{issue.title}: nothing"
        for (key, issue), changed in zip(issues.items(), moved, strict=True)
        if changed
    ]
    if not words:
        return "offers nothing for nothing." if first else "stands by its offer."
    return f"{'offers' if first else 'now offers'}: {'; '.join(words)}."


def _levels(issues: Mapping[str, Issue], package: Array) -> dict[str, float]:
    return dict(zip(issues, package.tolist(), strict=True))
