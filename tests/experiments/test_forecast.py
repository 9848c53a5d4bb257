"""A forecast: its tables read the worlds' record, and its intervals mean what they say."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from experiments.engine import simulate
from experiments.forecast import (
    DATES,
    EVENTS,
    Forecast,
    between_draws,
    event_table,
    forecast,
    path_table,
    tariff_table,
    whole_weeks,
)
from experiments.plots.forecast import event_chances
from experiments.statistics import keyed_generator, wilson
from model.schema.problems import ScenarioError
from model.schema.scenario import load_scenario

DRAWS = pd.DataFrame({"values.cost_scale": [0.8, 1.2], "coercion.hazard": [0.01, 0.05]})
START = date(2025, 2, 1)


@pytest.fixture(scope="module")
def found() -> Forecast:
    return forecast(load_scenario("february_2025", {"edition": 1}), DRAWS, 40, seed=2, paths=10)


def test_it_starts_where_the_day_stood(found: Forecast) -> None:
    first = found.tariffs[found.tariffs["week"] == 0].set_index("side")
    assert list(first.loc["us", ["q05", "q95", "mean"]]) == pytest.approx([20.7] * 3)
    assert list(first.loc["cn", ["q05", "q95", "mean"]]) == pytest.approx([21.2] * 3)
    assert first["date"].unique().tolist() == ["2025-02-01"]
    assert found.tariffs["week"].max() == 104


def test_a_world_is_that_of_its_draw(found: Forecast) -> None:
    sweep = {str(name): np.tile(DRAWS[name].to_numpy(), 20) for name in DRAWS}
    alone = simulate(load_scenario("february_2025", {"edition": 1}), 40, 2, sweep)
    pd.testing.assert_frame_equal(found.run.outcomes, alone.outcomes)
    assert found.draw.tolist() == [0, 1] * 20


def test_events_agree_with_the_outcomes(found: Forecast) -> None:
    chances = found.events.set_index(["event", "by_date"])["probability"]
    assert len(found.events) == len(EVENTS) * len(DATES)
    weeks, outcomes = whole_weeks(START, DATES[-1]), found.run.outcomes
    signed = (outcomes["agreement_week"] < weeks).mean()  # in force the week after
    assert chances["signed_deal", "2026-02-01"] == pytest.approx(signed)
    assert found.run.weeks is not None
    path = found.run.weeks["tariff"].isel(side=0, week=slice(0, weeks + 1)).max("week")
    assert chances["us_tariff_above_50", "2026-02-01"] == float((path > 0.5).mean())
    for event in EVENTS:
        by_date = [chances[event.name, by.isoformat()] for by in DATES]
        assert by_date == sorted(by_date), f"{event.name}: what has happened stays so"
    assert (found.events["low"] <= found.events["probability"]).all()
    assert (found.events["probability"] <= found.events["high"]).all()


def test_events_by_hand() -> None:
    weeks = {
        "tariff": np.full((53, 2, 2), 0.207),
        **{
            name: np.zeros((53, 2))
            for name in ("truces", "deals", "deal_whole", "failures", "leaks")
        },
        "revoked": np.zeros((53, 2, 2)),
    }
    weeks["tariff"][5, 0, 0] = 1.1  # for one week only, early in March
    weeks["failures"][20:, 1] = 1.0  # the middle of June
    table = event_table(weeks, START, np.array([0, 0])).set_index(["event", "by_date"])
    chances = table["probability"]
    assert chances["us_tariff_above_100", "2025-05-01"] == 0.5
    assert chances["us_tariff_above_100", "2026-02-01"] == 0.5
    assert chances["cn_tariff_above_50", "2026-02-01"] == 0.0
    assert chances["leaders_agree", "2025-05-01"] == 0.0
    assert chances["leaders_agree", "2025-08-01"] == 0.5
    assert chances["signed_deal", "2026-02-01"] == 0.0


def test_tables_by_hand() -> None:
    tariff = np.stack([np.full((2, 3), 0.2), np.array([[0.1, 0.2, 0.6], [0.0, 0.0, 0.3]])])
    table = tariff_table(tariff, START, ["US", "CN"])
    assert table["date"].tolist() == ["2025-02-01"] * 2 + ["2025-02-08"] * 2
    assert list(table.loc[2, ["q50", "mean"]]) == pytest.approx([20.0, 30.0])
    paths = path_table(tariff, ["US", "CN"])
    assert paths.columns.tolist() == ["world", "week", "us", "cn"]
    assert paths[paths["world"] == 2]["us"].tolist() == pytest.approx([20.0, 60.0])


def test_the_interval_takes_off_luck_and_keeps_what_parameters_do() -> None:
    rng = keyed_generator("test of the interval between draws", 1)
    draw = np.arange(20_000) % 200
    chance = rng.beta(6.0, 14.0, 200)
    low, high = np.quantile(chance, [0.05, 0.95])
    found = between_draws(rng.random(draw.size) < chance[draw], draw)
    assert found.low == pytest.approx(low, abs=0.03)
    assert found.high == pytest.approx(high, abs=0.03)
    same = rng.random(draw.size) < 0.3
    assert np.ptp(between_draws(same, draw)[1:]) < 0.5 * np.ptp(found[1:])
    assert between_draws(np.zeros(50, dtype=bool), np.arange(50) % 5) == wilson(0, 50)


def test_an_unknown_parameter_is_refused() -> None:
    with pytest.raises(ScenarioError, match=r"talks\.window"):
        forecast(load_scenario("february_2025"), pd.DataFrame({"talks.windw": [3.0]}), 4)


def test_the_figure_names_every_event(found: Forecast) -> None:
    meanings = {event.name: event.meaning for event in EVENTS}
    figure = event_chances(found.events, meanings, "here")
    labels = [label.get_text().replace("\n", " ") for label in figure.axes[0].get_yticklabels()]
    assert labels == list(meanings.values())
