"""Weekly counts: they add up to the same whatever the pieces, and read back within half a bin."""

from itertools import pairwise

import numpy as np
import pytest
import xarray as xr

from experiments.engine import Run
from experiments.results.files import arrow
from experiments.results.weekly_histograms import (
    MISSING,
    OWN_STEPS,
    QUANTILES,
    STEPS,
    WHOLE,
    Merge,
    count,
    step,
    weekly_table,
)
from tests.worlds import talks

COUNTED = {
    "0 or 1", "0, 1 or 2", "channels", "issues", "kind", "levels", "offers", "phase",
    "side", "talk-weeks", "times", "week",
    "weeks",
}  # fmt: skip


SOME = ["tariff", "income", "aspiration", "agreement", "offer", "threats", "pain", "clock"]


def test_every_state_has_a_bin_that_fits_its_unit() -> None:
    states = talks().store.states
    assert {state.unit for state in states.values()} <= set(STEPS) | COUNTED
    assert set(OWN_STEPS) <= set(states)
    assert step("threats", "times") == WHOLE


def test_quantiles_are_off_by_at_most_half_a_bin(simulated: Run) -> None:
    assert simulated.weeks is not None
    weeks = simulated.weeks[SOME]
    table = weekly_table(weeks, "february_2025").to_pandas()
    for name, values in weeks.data_vars.items():
        rows = table[table["series"] == name]
        other = [str(dim) for dim in values.dims if dim not in ("week", "world")]
        flat = values.transpose(*other, "week", "world").values.astype(float)
        flat = flat.reshape(-1, flat.shape[-1])
        flat = np.where(np.isfinite(flat), flat, np.nan)
        assert len(rows) == len(flat)
        labels = values.isel(world=0, week=0, drop=True)
        named = [" > ".join(map(str, np.atleast_1d(np.array(key, dtype=object)).ravel()))
                 for key in (labels.to_series().index if other else [""])]  # fmt: skip
        order = rows.set_index(["of", "week"])
        width = rows["step"].iloc[0]
        for place, of in enumerate(named):
            block = flat[place * 41 : (place + 1) * 41]
            mine = order.loc[of]
            some = ~np.isnan(block).all(axis=1)
            for column, share in QUANTILES.items():
                exact = np.nanquantile(block[some], share, axis=1, method="inverted_cdf")
                assert np.abs(mine[column].to_numpy()[some] - exact).max(initial=0) <= (
                    width / 2 * (1 + 1e-9) + 1e-12
                )
            exact = np.nanmean(block[some], axis=1)
            assert np.abs(mine["mean"].to_numpy()[some] - exact).max(initial=0) <= width / 2 + 1e-9
            assert (mine["worlds"] + mine["missing"] == block.shape[1]).all()


@pytest.mark.parametrize("edges", [[0, 30], [0, 1, 30], [0, 11, 12, 25, 30]])
@pytest.mark.parametrize("apart", [False, True])
def test_counts_of_pieces_add_up_to_the_whole(
    simulated: Run, edges: list[int], apart: bool
) -> None:
    assert simulated.weeks is not None
    weeks = simulated.weeks[["tariff", "trust", "aspiration", "agreement", "clock"]]
    points = np.arange(30, dtype=np.intp) // 10

    def merged(edges: list[int]) -> object:
        merge = Merge()
        for start, stop in pairwise(edges):
            own = points[start:stop] if apart else None
            merge.add(arrow(count(weeks.isel(world=slice(start, stop)), 40, own)), "arm")
        taken = merge.take()
        assert taken is not None
        return taken.to_pylist()

    assert merged(edges) == merged([0, 7, 30])


def test_the_last_state_is_carried_on() -> None:
    tariff = np.array([[0.1, 0.2], [0.3, np.inf]])
    weeks = xr.Dataset({"tariff": (("week", "world"), tariff, {"units": "share"})},
                       {"week": [0, 1], "world": [0, 1]})  # fmt: skip
    table = count(weeks, 3)
    last = table[table["week"] == 3]
    assert dict(zip(last["bin"], last["count"], strict=True)) == {MISSING: 1, 60: 1}


def test_points_are_taken_as_they_are_complete() -> None:
    weeks = xr.Dataset({"clock": (("week", "world"), np.array([[1.0, 2.0, 2.0]]))},
                       {"week": [0], "world": [0, 1, 2]})  # fmt: skip
    merge = Merge()
    merge.add(arrow(count(weeks, 0, np.array([4, 5, 5]))), "a")
    first = merge.take(before=5)
    assert first is not None
    assert first["point"].to_pylist() == [4]
    rest = merge.take()
    assert rest is not None
    assert (rest["point"].to_pylist(), rest["counts"].to_pylist()) == ([5], [[2]])
    assert merge.take() is None


def test_wide_values_are_counted_too() -> None:
    values = np.array([[0.0, 1e9, -1e9]])
    weeks = xr.Dataset({"exports_level": (("week", "world"), values)},
                       {"week": [0], "world": [0, 1, 2]})  # fmt: skip
    table = count(weeks)
    assert table["bin"].tolist() == [-(10**9), 0, 10**9]
