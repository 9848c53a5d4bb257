"""History matching: rule out, wave by wave, the numbers whose typical world is not history's.

Craig et al. (1997), Vernon, Goldstein and Bower (2010), Andrianakis et al. (2015). Each wave runs
the same worlds (common luck) at new points, fits an emulator to them, and draws the next points
from where no emulator so far rules them out. Luck is new in every wave, so that nothing is fitted
to the luck of a few worlds. What is kept are simulated points, never emulated ones: since the
points of each wave lie evenly over a region that holds all plausible ones, so do the kept.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from experiments.history import ranges, record
from experiments.history.emulator import Emulator
from experiments.history.implausibility import CUT, POINT, Moments, centre, draw, moments
from experiments.history.patterns import Observation, observations
from experiments.history.worlds import Progress, statistics_at
from experiments.results.files import write_whole, writing
from experiments.statistics import keyed_generator, wilson
from model.arrays import Array
from model.economy.tables import SUMS, renew

WAVE, KEPT = "wave", "kept"
DIGITS = 6  # of a kept number


@dataclass(frozen=True)
class Settings:
    """How much work a matching takes; the defaults are a few minutes on one core.

    points: of each wave; worlds: at each point; candidates: points of the prior at which emulators
    are asked; waves: how many.
    """

    points: int = 1500
    worlds: int = 24
    candidates: int = 50_000
    waves: int = 5

    @property
    def weeks(self) -> int:
        """Return the world-weeks of all waves, for progress."""
        return self.points * self.worlds * self.waves * record.WEEKS


@dataclass(frozen=True)
class Matching:
    """What history matching found.

    points: all that were simulated, a column a number, and "wave", "kept"; found: their moments;
    waves: a row a wave; explained: the part of the variance between points that each wave's
    emulator explains, a row a statistic, a column a wave.
    """

    points: pd.DataFrame
    found: Moments
    waves: pd.DataFrame
    explained: pd.DataFrame

    @property
    def kept(self) -> pd.DataFrame:
        """Return the draws that history does not rule out, a column a number."""
        return self.points.loc[self.points[KEPT], ranges.names()].reset_index(drop=True)


def match(settings: Settings, seed: int, progress: Progress | None = None) -> Matching:
    """Return the matching of the scenario of 2018-20; the same seed, the same bytes.

    Columns of the table of waves: points; open: the share of the prior that the emulators of the
    waves before leave; passed, possible: the share of the wave's points that pass, and that pass
    the draw test; volume, low, high: open x passed, the share of the prior that is plausible, with
    its 95 % interval from the wave's points.
    """
    seen, unit = observations(), ranges.latin(settings.points, "history wave 1", seed)
    prior = ranges.latin(settings.candidates, "history candidates", seed)
    left = np.ones(len(prior), dtype=bool)
    units, tables, rows, explained = [unit], [], [], {}
    fits: list[Emulator] = []
    for wave in range(1, settings.waves + 1):
        table = statistics_at(ranges.scaled(unit), settings.worlds, seed + wave, progress)
        tables.append(table.assign(**{POINT: table[POINT] + sum(map(len, units[:-1]))}))
        rows.append((wave, float(left.mean()), *_verdicts(moments(table), seen)))
        if wave < settings.waves:
            everything = np.concatenate(units)
            region = np.ones(len(everything), dtype=bool)
            for fit in fits:
                region[region] = fit.plausible(everything[region], seen)
            found = moments(pd.concat(tables, ignore_index=True)).select(region)
            fits.append(Emulator(everything[region], found))
            explained[str(wave)] = fits[-1].explained
            left[left] = fits[-1].plausible(prior[left], seen)
            unit = _some(prior[left], settings.points, f"history wave {wave + 1}", seed)
            units.append(unit)
    return _matched(units, moments(pd.concat(tables, ignore_index=True)), rows, explained)


def _verdicts(found: Moments, seen: dict[str, Observation]) -> tuple[int, int, int]:
    """Return how many points there are, how many pass, and how many pass the draw test."""
    passed = int((centre(found, seen).max(axis=1) <= CUT).sum())
    return len(found.mean), passed, int((draw(found, seen).max(axis=1) <= CUT).sum())


def _matched(
    units: list[Array],
    found: Moments,
    rows: list[tuple[int, float, int, int, int]],
    explained: dict[str, dict[str, float]],
) -> Matching:
    """Return what was found, with the plausible share of the prior by wave."""
    points = ranges.scaled(np.concatenate(units))
    points[WAVE] = np.repeat(np.arange(1, len(units) + 1), [len(part) for part in units])
    points[KEPT] = centre(found, observations()).max(axis=1).to_numpy() <= CUT
    waves = pd.DataFrame(
        [
            (
                wave,
                count,
                left,
                passed / count,
                possible / count,
                *(left * end for end in wilson(passed, count)),
            )
            for wave, left, count, passed, possible in rows
        ],
        columns=[WAVE, "points", "open", "passed", "possible", "volume", "low", "high"],
    )
    return Matching(points, found, waves, pd.DataFrame(explained))


def _some(unit: Array, count: int, purpose: str, seed: int) -> Array:
    """Return some of the points by chance, all if they are few; none at all is an error."""
    if not len(unit):
        raise ValueError("no number is plausible: the model cannot reach the patterns of history")
    chosen = keyed_generator(purpose, seed).permutation(len(unit))[:count]
    return unit[np.sort(chosen)]


def constrained(kept: pd.DataFrame) -> pd.DataFrame:
    """Return how far history moves each number from its prior, a row a number, most first.

    distance: the Kolmogorov-Smirnov distance of the kept draws from the even prior (0 to 1);
    noise: what it stays under in 95 of 100 cases in which history says nothing, all numbers
    together (Bonferroni); told: whether it is above that; low, middle, high: kept 5, 50, 95 %.
    """
    unit = ranges.as_unit(kept)
    noise = float(stats.kstwo.ppf(1.0 - 0.05 / unit.shape[1], len(unit)))
    rows = []
    for place, name in enumerate(ranges.names()):
        distance = float(stats.kstest(unit[:, place], "uniform").statistic)
        if ranges.ranges()["scale"].iloc[place] == ranges.WHOLE:
            distance = _of_whole(unit[:, place])
        ends = np.quantile(kept[name], [0.05, 0.5, 0.95])
        rows.append((name, distance, noise, distance > noise, *ends))
    columns = ["name", "distance", "noise", "told", "low", "middle", "high"]
    return pd.DataFrame(rows, columns=columns).sort_values(
        "distance", ascending=False, ignore_index=True
    )


def _of_whole(unit: Array) -> float:
    """Return the distance of the middles of equal parts from an even spread over the parts."""
    parts, counts = np.unique(unit, return_counts=True)
    ends = parts + (parts.min() if len(parts) else 0.0)  # right ends, were the first part found
    return float(np.abs(counts.cumsum() / unit.size - ends).max())


def plausible_draws() -> pd.DataFrame:
    """Return the stored draws that history does not rule out: a row a draw, a column a number.

    Columns are dotted names of the scenario `trade_war_2018`; `ranges.shared(scenario)` says which
    of them mean the same in another scenario.
    """
    return record.table("kept").copy()


def write_plausible_draws(found: Matching) -> None:
    """Write the kept draws into the data of the project, where `kept_set` reads them."""
    rounded = found.kept.map(lambda value: float(f"{value:.{DIGITS}g}"))
    with writing(record.DATA):
        path = record.DATA / "kept.csv"
        write_whole(path, rounded.to_csv(index=False, lineterminator="\n").encode())
        write_whole(record.DATA / SUMS, renew(record.DATA))
