"""The calibration job at small size: tables, stages and repeatability."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.ablation import ALL_ON
from experiments.history import scoring
from experiments.history.contributions import (
    NEEDED,
    arms,
    candidates,
    mechanism_table,
    reproduction,
    verdict,
)
from experiments.history.matching import Settings, plausible_draws
from experiments.history.patterns import PATTERNS
from experiments.history.sections import records
from experiments.history.worlds import setting
from experiments.jobs.history import HistoryJob, Work
from experiments.results.errors import ResultsError
from experiments.results.layout import FIGURES, SUMMARY
from experiments.summary import Section

SMALL = Work(Settings(40, 6, 300, 2), 16, 4, 12, 3, 30, 3, ("truce",))


class Watched:
    """Record the parts that a job shows and the progress of its stages."""

    def __init__(self) -> None:
        self.shown: list[str | Section] = []
        self.stages: dict[str, tuple[int, int]] = {}

    def show(self, part: str | Section) -> None:
        self.shown.append(part)

    @contextmanager
    def stage(self, title: str, total: int) -> Iterator[Callable[[int], None]]:
        done = [0]

        def advance(more: int) -> None:
            done[0] += more

        yield advance
        self.stages[title] = (done[0], total)


@pytest.fixture(scope="module", autouse=True)
def few_origins() -> Iterator[None]:
    """Use few forecast origins: each takes four fits."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scoring, "EVERY", 52)
        yield


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Watched, list[Path]]:
    folder, watched = tmp_path_factory.mktemp("history"), Watched()
    return folder, watched, HistoryJob(folder, 1, SMALL).run(watched.show, watched.stage)


def test_it_writes_tables_and_figures(done: tuple[Path, Watched, list[Path]]) -> None:
    folder, watched, paths = done
    assert all(path.stat().st_size > 0 for path in paths)
    names = {path.name for path in paths}
    assert {"patterns.csv", "skill.csv", "mechanisms.csv", "plausible_draws.csv", SUMMARY} <= names
    assert {"patterns.png", "tariffs.png", "skill.png", "mechanisms.png"} <= names
    assert (folder / FIGURES / "skill.svg") in paths
    titles = [part.title for part in watched.shown if isinstance(part, Section)]
    assert any("of 13 patterns" in title for title in titles)


def test_every_stage_reaches_its_total(done: tuple[Path, Watched, list[Path]]) -> None:
    for title, (reached, total) in done[1].stages.items():
        assert reached == total, title


def test_the_same_seed_gives_the_same_tables(
    done: tuple[Path, Watched, list[Path]], tmp_path: Path
) -> None:
    watched = Watched()
    again = HistoryJob(tmp_path, 1, SMALL).run(watched.show, watched.stage)
    for path in again:
        if path.suffix in (".csv", ".txt"):
            assert path.read_bytes() == (done[0] / path.name).read_bytes(), path.name


def test_an_unwritable_folder_is_refused_before_any_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    watched = Watched()
    with pytest.raises(ResultsError):
        HistoryJob(tmp_path / "file", 1, SMALL).run(watched.show, watched.stage)
    assert not watched.stages


def test_without_threats_patterns_of_escalation_are_lost() -> None:
    result = arms(plausible_draws().head(4), 8, 1, ["threats", "contact"])
    table = {row["mechanism"]: row for row in records(mechanism_table(result, 1))}
    assert table["threats"]["reproduced"] < table[ALL_ON]["reproduced"]
    assert "peak tariffs" in table["threats"]["lost"]
    assert table["contact"]["changed"] == 0.0
    assert verdict({"mechanism": "contact", "changed": 0.0}).startswith("changes nothing")


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [(-0.5, -0.1, NEEDED), (-0.5, 0.1, "not shown"), (0.1, 0.3, "harmful")],
)
def test_verdicts_need_an_interval_without_zero(low: float, high: float, words: str) -> None:
    row = {"mechanism": "truce", "changed": 1.0, "change_low": low, "change_high": high}
    assert verdict(row).startswith(words)


def test_reproduction_reports_missing_statistics() -> None:
    table = arms(plausible_draws().head(2), 6, 1, [])[ALL_ON]
    result = reproduction(table)
    assert list(dict.fromkeys(result["pattern"])) == list(PATTERNS)
    truce = result.set_index("statistic").loc["truce_length"]
    assert truce["missing"] == pytest.approx(table["truce_length"].isna().mean())
    assert np.isfinite(result["history"]).all()
    assert isinstance(result, pd.DataFrame)


def test_by_default_each_active_mechanism_is_switched_off() -> None:
    on = candidates()
    assert "threats" in on
    assert not set(on) & set(setting().off)
    assert Work().arms == 1 + len(on)
