"""An experiment's job: what it tells and keeps, and how its figures are drawn."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from experiments.batch.chunks import Job, Made, make
from experiments.batch.run import run_batch
from experiments.factorial.contrasts import Contrasts, change
from experiments.factorial.experiment import Experiment, Factor, Level, Picture, plan
from experiments.factorial.findings import Finding
from experiments.jobs.factorial import ExperimentJob, run_all
from experiments.plots.experiment_gallery import experiment_gallery
from experiments.plots.verdicts import MARKS, pages, verdicts
from experiments.results.errors import ResultsError
from experiments.results.folder import read_results
from experiments.statistics import Interval
from experiments.study import Study
from experiments.summary import Section
from model.schema.problems import ScenarioError

WORLDS = 4
HOSTILE = "<script>alert('&')</script>"
COST = Factor(
    "Audience cost",
    (
        Level("none", {"sides.US.audience_cost": 0.0}),
        Level("high", {"sides.US.audience_cost": 0.4}),
    ),
)
FUSE = Factor("Fuse", (Level("short", {"coercion.fuse": 2.0}), Level("long", {})))


def _findings(contrasts: Contrasts) -> list[Finding]:
    step = change({"cost": "none"}, {"cost": "high"})
    return [
        contrasts.claim(f"Peaks rise {HOSTILE}", "peak_us", step, "rises"),
        contrasts.claim("Threats are carried out", "carried_out_us", step, "rises", built_in=True),
        contrasts.claim("A deal is broken more often", "broken", step, "falls"),
    ]


SMALL = Experiment(
    name="small",
    title=f"Small {HOSTILE}",
    question="What do audience costs do?",
    hypothesis="They raise peaks.",
    expected="Peaks rise.",
    sources=("Fearon 1994",),
    scenario="february_2025",
    factors={"cost": COST, "fuse": FUSE},
    measures=("peak_us", "carried_out_us", "broken"),
    pictures=(Picture("peak_us", "cost", by="fuse"), Picture("peak_us", "cost", panel="fuse")),
    findings=_findings,
    caveats=("Few worlds.",),
    settings={
        "time.horizon": 8,
        "talks.rate": 0.0,
        "channels.contact": 0.0,
        "off": ["summits"],
    },  # so that no deal is made
)


@contextmanager
def stage(title: str, total: int) -> Iterator[Callable[[int], None]]:
    """Ignore the progress."""
    assert title
    assert total > 0
    yield lambda amount: None


def batch(study: Study, folder: Path) -> Path:
    return run_batch(study, folder, command="python run.py experiment small --worlds 4")


def do(folder: Path, told: list[str | Section]) -> list[Path]:
    job = ExperimentJob(SMALL, 1, folder, "again", WORLDS, batch)
    return job.run(told.append, stage)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str | Section], list[Path]]:
    told: list[str | Section] = []
    folder = tmp_path_factory.mktemp("results") / "small"
    return folder, told, do(folder, told)


@pytest.fixture(scope="module")
def contrasts() -> Contrasts:
    """Return cells whose numbers are known: the peak rises by 2 in each world and context."""
    more = (
        Picture("carried_out_us", "fuse", given=(("cost", "high"),)),
        Picture("broken", "cost"),
        Picture("broken", "cost", by="fuse"),
    )
    experiment = replace(SMALL, pictures=(*SMALL.pictures, *more))
    laid = plan(experiment, 10)
    values = {name: np.zeros((4, 9, 10)) for name in SMALL.measures}
    rise = np.array([2.0 if cell["cost"] == "high" else 0.0 for cell in laid.cells])
    values["peak_us"] += rise[:, None, None] + np.arange(9)[:, None] + np.arange(10)
    values["broken"][:] = np.nan
    return Contrasts(experiment, laid.cells, laid.contexts, values)


def test_it_tells_what_it_runs_its_verdicts_and_its_limits(
    done: tuple[Path, list[str | Section], list[Path]],
) -> None:
    first, judged, limits = done[1]
    assert "4 cells × 9 contexts × 4 worlds = 144 worlds, seed 1" in str(first)
    assert isinstance(judged, Section)
    assert [row[1] for row in judged.rows][1] == "built in"
    assert "not a forecast" in str(limits)


def test_all_that_it_writes_is_there_and_vouched_for(
    done: tuple[Path, list[str | Section], list[Path]],
) -> None:
    folder, _, paths = done
    assert all(path.is_file() for path in paths)
    names = {path.relative_to(folder).as_posix() for path in paths}
    assert {"findings.json", "cells.csv", "summary.txt", "report.html"} <= names
    assert {"figures/findings.svg", "figures/peak_us_over_cost_2.png"} <= names
    found = read_results(folder)
    assert {"findings.json", "cells.csv", "summary.txt"} <= set(found.manifest["files"])
    assert len(found.outcomes) == 144
    about = found.manifest["about"]
    assert about["factors"]["cost"]["levels"][1]["settings"] == {"sides.US.audience_cost": 0.4}
    assert (about["question"], about["caveats"]) == (SMALL.question, ["Few worlds."])


def test_findings_are_json_and_missing_numbers_null(
    done: tuple[Path, list[str | Section], list[Path]],
) -> None:
    text = (done[0] / "findings.json").read_text()
    kept = json.loads(text)
    assert "NaN" not in text.replace("nan", "")
    assert kept[2]["effect"] == [None, None, None]
    assert kept[0]["claim"] == f"Peaks rise {HOSTILE}"
    table = pd.read_csv(done[0] / "cells.csv")
    assert len(table) == 4 * 3 * 10  # cells, measures, all contexts and each


def test_a_changed_finding_is_refused(
    done: tuple[Path, list[str | Section], list[Path]], tmp_path: Path
) -> None:
    shutil.copytree(done[0], tmp_path / "copy")
    (tmp_path / "copy" / "findings.json").write_text("[]")
    with pytest.raises(ResultsError, match=r"findings\.json sha256"):
        read_results(tmp_path / "copy")


def test_done_again_it_writes_the_same_and_several_are_told_together(
    done: tuple[Path, list[str | Section], list[Path]],
) -> None:
    folder, _, paths = done
    before = {path: path.read_bytes() for path in paths}
    told: list[str | Section] = []
    job = ExperimentJob(SMALL, 1, folder, "again", WORLDS, batch)
    assert run_all([job], told.append, stage) == paths
    assert {path: path.read_bytes() for path in paths} == before
    assert isinstance(told[-1], Section)
    ((name, *counts, report),) = told[-1].rows
    assert (name, sum(map(int, counts)), report) == ("small", 3, str(folder / "report.html"))


def test_all_are_laid_out_before_the_first_is_run(tmp_path: Path) -> None:
    broken = replace(SMALL, name="broken", settings={"time.horizont": 12})
    jobs = [ExperimentJob(one, 1, tmp_path / one.name, "again", WORLDS) for one in (SMALL, broken)]
    with pytest.raises(ScenarioError, match="horizont"):
        run_all(jobs, lambda part: None, stage)
    assert not any(tmp_path.iterdir())


def _texts(figure: Figure) -> list[Text]:
    figure.draw_without_rendering()
    ticks = [
        tick.label1
        for axes in figure.axes
        for axis in (axes.xaxis, axes.yaxis)
        for tick in axis.get_major_ticks()
        if not min(axis.get_view_interval()) <= tick.get_loc() <= max(axis.get_view_interval())
    ]
    texts = [text for text in figure.findobj(Text) if isinstance(text, Text)]
    return [t for t in texts if t.get_visible() and t.get_text().strip() and t not in ticks]


def test_every_figure_can_be_read(contrasts: Contrasts) -> None:
    for name, (title, draw) in experiment_gallery(contrasts, SMALL.findings(contrasts), 1).items():
        assert title
        texts = _texts(draw())
        words = " ".join(text.get_text() for text in texts)
        for told in ("february_2025", "seed 1", "10 worlds in each cell", "9 contexts"):
            assert told in words, name
        boxes = [(text, text.get_window_extent()) for text in texts]
        for text, box in boxes:
            assert float(text.get_fontsize()) >= 12
            assert box.x0 >= 0, text.get_text()
            assert box.x1 <= 1280, text.get_text()
            assert box.y0 >= 0, text.get_text()
            assert box.y1 <= 800, text.get_text()
        for (one, first), (other, second) in combinations(boxes, 2):
            inner = second.shrunk(0.96, 0.8)
            assert not first.shrunk(0.96, 0.8).overlaps(inner), f"{name}: {one} on {other}"


def test_lines_stand_where_the_numbers_are(contrasts: Contrasts) -> None:
    _, draw = experiment_gallery(contrasts, [], 1)["peak_us_over_cost"]
    (axes,) = draw().axes
    thick = [line for line in axes.lines if line.get_marker() in ("o", "s")]
    thin = [line for line in axes.lines if float(line.get_linewidth()) < 1.5]
    assert [list(np.asarray(line.get_ydata())) for line in thick] == [[8.5, 10.5]] * 2
    assert len(thin) == 2 * 9
    assert axes.get_ylabel() == "% of import value"


def test_verdicts_are_told_by_sign_and_word_and_dots_by_context() -> None:
    each = tuple(Interval(1.0 + n, n, 2.0 + n) for n in range(9))
    found = [
        Finding(f"Claim {verdict}", verdict, Interval(5.0, 4.0, 6.0), "points", each, 8)  # type: ignore[arg-type]
        for verdict in MARKS
    ]
    figure = verdicts("Title", found, "caption")
    words = [text.get_text() for text in _texts(figure)]
    assert [f"{mark.sign} {name}" in words for name, mark in MARKS.items()] == [True] * 3
    for axes in figure.axes:
        dots = [line for line in axes.lines if line.get_marker() == "o"]
        assert len(dots) == 9
        assert [line.get_markerfacecolor() == "white" for line in dots] == [True] + [False] * 8
        low, high = axes.get_xlim()
        assert low == -high


def test_pages_are_even_and_lose_nothing() -> None:
    for number in range(1, 20):
        claims = list(range(number))
        made = pages(claims)  # type: ignore[arg-type]
        assert [one for page in made for one in page] == claims  # type: ignore[comparison-overlap]
        assert max(map(len, made)) <= 6
        assert max(map(len, made)) - min(map(len, made)) <= 1
    assert pages([]) == []


def test_worlds_that_failed_are_told_and_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def make_some(job: Job) -> Made:
        if job.number == 1:
            raise ArithmeticError("the sum is off")
        return make(job)

    monkeypatch.setattr("experiments.batch.chunk_scheduler.make", make_some)

    def in_parts(study: Study, folder: Path) -> Path:
        return run_batch(study, folder, width=36)

    told: list[str | Section] = []
    ExperimentJob(SMALL, 1, tmp_path, "again", WORLDS, in_parts).run(told.append, stage)
    assert str(told[-1]).startswith("36 of 144 worlds failed and are left out. ")
    assert "36 of 144 worlds failed" in (tmp_path / "summary.txt").read_text()
