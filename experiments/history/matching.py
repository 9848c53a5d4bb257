"""History matching: rule out, in waves, parameter values whose typical world is far from history.

Craig et al. (1997), Vernon, Goldstein and Bower (2010), Andrianakis et al. (2015). Each wave
simulates the same worlds (common random numbers) at new points, fits an emulator to them, and draws
the next points from the region that no emulator so far rules out. Every wave has new random
numbers, so nothing is fitted to the random numbers of a few worlds. Plausible draws are simulated
points, never emulated ones. The points of each wave are evenly spread over a region that contains
all plausible points, so the plausible draws are evenly spread too.
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

WAVE, PLAUSIBLE = "wave", "plausible"
STORED = "plausible_draws"  # the data file without its ending
STORED_FIRST = "plausible_draws_edition_1"  # the same of the first edition of the model
DIGITS = 6  # significant digits of the numbers in plausible_draws.csv


@dataclass(frozen=True)
class Settings:
    """How much work a matching takes; the defaults are a few minutes on one core.

    points: number per wave; worlds: number at each point; candidates: points of the prior at which
    the emulators are evaluated; waves: their number.
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
    """Result of history matching.

    points: all simulated points, a column per parameter, and the columns "wave" and "plausible";
    moments: their moments; waves: a row per wave; explained: the share of the variance between
    points that each wave's emulator explains, a row per statistic and a column per wave.
    """

    points: pd.DataFrame
    moments: Moments
    waves: pd.DataFrame
    explained: pd.DataFrame

    @property
    def plausible(self) -> pd.DataFrame:
        """Return the draws that history does not rule out, a column per parameter."""
        return self.points.loc[self.points[PLAUSIBLE], ranges.names()].reset_index(drop=True)


def match(settings: Settings, seed: int, progress: Progress | None = None) -> Matching:
    """Return the matching of the scenario of 2018-20. The same seed gives the same bytes.

    Columns of the table of waves: points; open: the share of the prior that the emulators of
    earlier waves do not rule out; passed, possible: the share of the wave's points that pass the
    test, and that pass the draw test; volume, low, high: open x passed, the share of the prior that
    is plausible, with its 95 % interval from the wave's points.
    """
    observed, unit = observations(), ranges.latin(settings.points, "history wave 1", seed)
    prior = ranges.latin(settings.candidates, "history candidates", seed)
    left = np.ones(len(prior), dtype=bool)
    units, tables, rows, explained = [unit], [], [], {}
    fits: list[Emulator] = []
    for wave in range(1, settings.waves + 1):
        points = ranges.to_parameters(unit)
        table = statistics_at(points, settings.worlds, seed + wave, progress)
        tables.append(table.assign(**{POINT: table[POINT] + sum(map(len, units[:-1]))}))
        rows.append((wave, float(left.mean()), *_verdicts(moments(table), observed)))
        if wave < settings.waves:
            everything = np.concatenate(units)
            region = np.ones(len(everything), dtype=bool)
            for fit in fits:
                region[region] = fit.plausible(everything[region], observed)
            simulated = moments(pd.concat(tables, ignore_index=True)).select(region)
            fits.append(Emulator(everything[region], simulated))
            explained[str(wave)] = fits[-1].explained
            left[left] = fits[-1].plausible(prior[left], observed)
            unit = _sample(prior[left], settings.points, f"history wave {wave + 1}", seed)
            units.append(unit)
    return _matching(units, moments(pd.concat(tables, ignore_index=True)), rows, explained)


def _verdicts(simulated: Moments, observed: dict[str, Observation]) -> tuple[int, int, int]:
    """Return how many points there are, how many pass, and how many pass the draw test."""
    passed = int((centre(simulated, observed).max(axis=1) <= CUT).sum())
    return len(simulated.mean), passed, int((draw(simulated, observed).max(axis=1) <= CUT).sum())


def _matching(
    units: list[Array],
    simulated: Moments,
    rows: list[tuple[int, float, int, int, int]],
    explained: dict[str, dict[str, float]],
) -> Matching:
    """Return the result, with the plausible share of the prior by wave."""
    points = ranges.to_parameters(np.concatenate(units))
    points[WAVE] = np.repeat(np.arange(1, len(units) + 1), [len(part) for part in units])
    points[PLAUSIBLE] = centre(simulated, observations()).max(axis=1).to_numpy() <= CUT
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
    return Matching(points, simulated, waves, pd.DataFrame(explained))


def _sample(unit: Array, count: int, purpose: str, seed: int) -> Array:
    """Return a random sample of the points, or all if there are fewer. Raises ValueError if none.

    The points keep their order.
    """
    if not len(unit):
        raise ValueError(
            "no parameter values are plausible: the model cannot reproduce the patterns of history"
        )
    chosen = keyed_generator(purpose, seed).permutation(len(unit))[:count]
    return unit[np.sort(chosen)]


def constraint_table(draws: pd.DataFrame) -> pd.DataFrame:
    """Return how far history moves each parameter from its prior, a row each, largest first.

    distance: the Kolmogorov-Smirnov distance of the plausible draws from the uniform prior (0 to
    1); noise: the value it stays below in 95 of 100 cases if history has no information, for all
    parameters together (Bonferroni); constrained: whether the distance is above the noise; low,
    middle, high: 5, 50 and 95 % quantiles of the plausible draws.
    """
    unit = ranges.to_unit_cube(draws)
    noise = float(stats.kstwo.ppf(1.0 - 0.05 / unit.shape[1], len(unit)))
    rows = []
    for column, name in enumerate(ranges.names()):
        distance = float(stats.kstest(unit[:, column], "uniform").statistic)
        if ranges.ranges()["scale"].iloc[column] == ranges.WHOLE:
            distance = _whole_number_distance(unit[:, column])
        ends = np.quantile(draws[name], [0.05, 0.5, 0.95])
        rows.append((name, distance, noise, distance > noise, *ends))
    columns = ["name", "distance", "noise", "constrained", "low", "middle", "high"]
    return pd.DataFrame(rows, columns=columns).sort_values(
        "distance", ascending=False, ignore_index=True
    )


def _whole_number_distance(unit: Array) -> float:
    """Return the distance of a whole-number parameter from an even spread over its values.

    unit: the middles of the equal parts of [0, 1] that the values have in the unit cube.
    """
    parts, counts = np.unique(unit, return_counts=True)
    ends = parts + (parts.min() if len(parts) else 0.0)  # right ends, if the first part occurs
    return float(np.abs(counts.cumsum() / unit.size - ends).max())


def plausible_draws(edition: int = 2) -> pd.DataFrame:
    """Return the stored draws that history does not rule out: a row per draw, a column per name.

    Those of the second edition are weighted by the packages of the record: a draw with a large
    weight is in several rows.

    Columns are dotted names of parameters of the scenario `trade_war_2018`.
    `ranges.shared_names(scenario)` returns those that mean the same in another scenario.
    """
    return record.table(STORED_FIRST if edition == 1 else STORED).copy()


def write_plausible_draws(draws: pd.DataFrame) -> None:
    """Write plausible draws to the data folder, from which `plausible_draws` reads them."""
    rounded = draws.map(lambda value: float(f"{value:.{DIGITS}g}"))
    with writing(record.DATA):
        path = record.DATA / f"{STORED}.csv"
        write_whole(path, rounded.to_csv(index=False, lineterminator="\n").encode())
        write_whole(record.DATA / SUMS, renew(record.DATA))
