"""The forecast as a job: what it writes can be judged by others, and says how sure it is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest

from experiments.forecast import DATES, EVENTS
from experiments.jobs.forecast import CAVEAT, OWN, PLAUSIBLE, SWEEP, ForecastJob
from experiments.results.errors import ResultsError
from experiments.results.folder import read_results
from experiments.summary import Section
from model.schema.scenario import load_scenario


@contextmanager
def stage(title: str, total: int) -> Iterator[Callable[[int], None]]:
    yield lambda amount: None


def job(folder: Path) -> ForecastJob:
    return ForecastJob(load_scenario("february_2025"), 30, 1, folder, "python run.py forecast")


def test_it_writes_what_a_judge_needs(tmp_path: Path) -> None:
    told: list[str | Section] = []
    paths = job(tmp_path / "forecast").run(told.append, stage)
    assert all(path.exists() for path in paths)
    tariffs = pd.read_csv(tmp_path / "forecast" / "tariffs.csv")
    wanted = ["week", "date", "side", "q05", "q10", "q25", "q50", "q75", "q90", "q95", "mean"]
    assert tariffs.columns.tolist() == wanted
    assert set(tariffs["side"]) == {"us", "cn"}
    assert tariffs.groupby("side").size().tolist() == [105, 105]
    events = pd.read_csv(tmp_path / "forecast" / "events.csv")
    assert events.columns.tolist() == ["event", "by_date", "probability", "low", "high"]
    assert len(events) == len(EVENTS) * len(DATES)
    others = pd.read_csv(tmp_path / "forecast" / "alternatives.csv")
    assert set(others["numbers"]) == {PLAUSIBLE, OWN, SWEEP}
    path_table = pd.read_parquet(tmp_path / "forecast" / "paths.parquet")
    assert path_table.columns.tolist() == ["world", "week", "us", "cn"]
    assert path_table["world"].nunique() == 30
    assert CAVEAT in told
    assert CAVEAT in (tmp_path / "forecast" / "summary.txt").read_text()
    vouched = set(read_results(tmp_path / "forecast").manifest["files"])
    assert {"summary.txt", "tariffs.csv", "events.csv", "alternatives.csv"} <= vouched


def test_the_same_again_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        job(tmp_path / name).run(lambda part: None, stage)
    for file in ("tariffs.csv", "events.csv", "paths.parquet", "runs.parquet"):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()


def test_a_folder_that_cannot_be_written_is_refused_first(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("here")
    with pytest.raises(ResultsError, match="cannot be written"):
        job(tmp_path / "file").run(lambda part: None, stage)
    assert (tmp_path / "file").read_text() == "here"
