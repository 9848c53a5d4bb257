"""Emulator of the model: predicts the mean of each statistic at points that were not simulated.

A quadratic polynomial in all parameters, fitted by ridge regression. The strength of the penalty is
chosen by leave-one-out cross-validation. The cross-validation error is the emulator's variance and
includes the noise of means over few worlds. Since one emulator of many may be wrong at a point,
two are needed to rule the point out (second largest implausibility; Vernon, Goldstein and Bower
2010).
"""

from typing import Any

import numpy as np
import pandas as pd

from experiments.history.implausibility import CUT, LEAST_SHARE, LEAST_WORLDS, Moments
from experiments.history.patterns import Observation
from model.arrays import Array, Mask

STRENGTHS = np.logspace(-1, 4, 16)
WRONG = 2  # number of emulators that must rule a point out
ROWS = 10_000  # points prediction at a time, to limit the memory


class Emulator:
    """A fitted polynomial and its error for every statistic."""

    def __init__(self, unit: Array, simulated: Moments) -> None:
        """Fit to points of the unit cube (P, parameters) and the moments of their worlds."""
        from sklearn.linear_model import RidgeCV  # type: ignore[import-untyped]  # slow to import
        from sklearn.preprocessing import PolynomialFeatures  # type: ignore[import-untyped]

        self._terms: Any = PolynomialFeatures(2, include_bias=False).fit(unit)
        features = self._terms.transform(2.0 * unit - 1.0)
        self._fits: list[tuple[list[str], Any]] = []
        self.error: dict[str, float] = {}
        self.explained: dict[str, float] = {}
        least = max(LEAST_SHARE * simulated.worlds, LEAST_WORLDS)
        for names, enough in _groups(simulated.count >= least):
            target = simulated.mean[names].to_numpy()[enough]
            ridge = RidgeCV(STRENGTHS, store_cv_results=True, alpha_per_target=True)
            fit = ridge.fit(features[enough], target)
            self._fits.append((names, fit))
            left_out_errors = fit.cv_results_.mean(axis=0).min(axis=-1)
            for name, error, spread in zip(names, left_out_errors, target.var(axis=0), strict=True):
                self.error[name] = float(np.sqrt(error))
                self.explained[name] = 1.0 - float(error / spread) if spread > 0.0 else 0.0

    def means(self, unit: Array) -> pd.DataFrame:
        """Return the expected mean of each statistic at points of the unit cube."""
        features = self._terms.transform(2.0 * unit - 1.0)
        return pd.concat(
            [
                pd.DataFrame(fit.predict(features).reshape(len(unit), -1), columns=names)
                for names, fit in self._fits
            ],
            axis=1,
        )

    def plausible(self, unit: Array, observed: dict[str, Observation]) -> Mask:
        """Return at which points (P,) fewer than two statistics are ruled out, given all errors."""
        verdicts = []
        for start in range(0, len(unit), ROWS):
            means = self.means(unit[start : start + ROWS])
            bad = np.zeros(len(means), dtype=np.intp)
            for name, one in observed.items():
                width = np.sqrt(self.error[name] ** 2 + one.error**2 + one.discrepancy**2)
                bad += np.abs(means[name].to_numpy() - one.value) > CUT * width
            verdicts.append(bad < WRONG)
        return np.concatenate(verdicts)


def _groups(enough: pd.DataFrame) -> list[tuple[list[str], Mask]]:
    """Return the statistics that enough worlds have at the same points, with these points (P,).

    They share the costly part of a fit.
    """
    groups: dict[bytes, tuple[list[str], Mask]] = {}
    for name in enough.columns:
        mask = enough[name].to_numpy(dtype=np.bool_)
        groups.setdefault(mask.tobytes(), ([], mask))[0].append(str(name))
    return list(groups.values())
