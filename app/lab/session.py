"""The Experiments session of a visitor: tasks, caches and views."""

import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from app.inputs import results_index
from app.lab.batch import Batch, of_folder, of_trial
from app.lab.question import Asked
from app.lab.trial import Picture, Trial, pictures, trial
from app.serving import workers
from app.serving.latest_task import Check, LatestTask, SingleFlightCache
from app.serving.presenter import present
from experiments.factorial.catalogue_index import load
from experiments.factorial.experiment import WORLDS, plan
from experiments.report.blocks import Figures, Page
from experiments.report.compare import compare
from experiments.report.folder import Folder, read_folder
from experiments.report.kinds import page
from experiments.results.errors import ResultsError
from experiments.summary import Section
from model.schema.problems import ScenarioError

LONGEST = 180.0  # seconds of work that a small run may take
KEPT = 4
OFTEN = 0.3  # seconds between two updates of the progress


@dataclass(frozen=True, eq=False)
class Tried:
    """A small run with its pictures and worlds."""

    trial: Trial
    pictures: list[Picture]
    batch: Batch


@dataclass(frozen=True, eq=False)
class Opened:
    """A results folder: its report, figures and worlds, and a note if there are few worlds."""

    page: Page
    pictures: list[Picture]
    batch: Batch
    small: str = ""  # the note if an experiment has fewer worlds than the full size


@dataclass(frozen=True, eq=False)
class Both:
    """A comparison of two results: headline, tables, figures of both, and the page as HTML."""

    headline: str
    sections: list[Section]
    pairs: list[tuple[str, str, str]]
    html: bytes


@dataclass(frozen=True)
class View:
    """The content of the page for a request. share: the finished part of a small run."""

    asked: Asked | None = None
    tried: Tried | None = None
    opened: Opened | None = None
    both: Both | None = None
    busy: str = ""
    share: float = 0.0
    failure: tuple[str, ...] = ()


type Show = Callable[[View], None]


@dataclass
class LabSession:
    """The state of one visitor, not shared with others."""

    latest_task: LatestTask = field(default_factory=LatestTask)
    tries: SingleFlightCache[Tried] = field(default_factory=lambda: SingleFlightCache(KEPT))
    folders: SingleFlightCache[Opened] = field(default_factory=lambda: SingleFlightCache(KEPT))

    def ready(self, asked: Asked) -> View:
        """Return the view of an experiment, with the small run if it is cached."""
        return View(asked, self.tries.peek((asked.experiment, asked.worlds, asked.seed)))

    def run(self, asked: Asked, show: Show) -> threading.Thread:
        """Run the small version of an experiment, and show the progress."""

        def views(check: Check) -> Iterator[View]:
            laid = plan(load(asked.experiment), asked.worlds, asked.seed)
            view = View(asked, busy=f"Running {laid.study.size:,} worlds …")
            yield view
            report = _counted(
                check, laid.study.weeks, lambda share: show(replace(view, share=share))
            )
            made = workers.run(report, trial, laid, later=True, longest=LONGEST)
            key = (asked.experiment, asked.worlds, asked.seed)
            tried = Tried(made, pictures(made), of_trial(made))
            yield View(asked, tried=self.tries.get(key, lambda: tried))

        return self._present(asked, views, show)

    def open(self, asked: Asked, show: Show) -> threading.Thread:
        """Open a results folder, or compare two."""

        def views(check: Check) -> Iterator[View]:
            yield View(asked, busy="Reading …")
            if asked.beside:
                yield View(asked, both=_both(asked.results, asked.beside, check))
            else:
                yield View(asked, opened=self._opened(asked.results))

        return self._present(asked, views, show)

    def _present(
        self, asked: Asked, views: Callable[[Check], Iterator[View]], show: Show
    ) -> threading.Thread:
        def failed(_: View | None, error: Exception | None) -> View:
            why: tuple[str, ...] = ("This could not be shown. See the log of the server.",)
            if isinstance(error, ResultsError | ScenarioError):
                why = _messages(error)
            elif error:
                why = (f"{error}: choose fewer worlds, or use the command line.",)
            return View(asked, failure=why)

        known = (ResultsError, ScenarioError)
        return present(self.latest_task, views, show, failed, known)

    def _opened(self, name: str) -> Opened:
        folder = read_folder(results_index.folder(name))
        stamp = str(sorted(folder.manifest["files"].items()))
        return self.folders.get((name, stamp), lambda: _read(folder, name))


def _read(folder: Folder, name: str) -> Opened:
    whole = page(folder)
    figures: list[tuple[str, Callable[[], str]]] = [
        (figure.title, lambda address=figure.address: address)  # type: ignore[misc]
        for part in whole.parts
        for block in part.blocks
        if isinstance(block, Figures)
        for figure in block.figures
    ]
    parts = [
        part for part in whole.parts if not any(isinstance(one, Figures) for one in part.blocks)
    ]
    batch = of_folder(folder, name)
    return Opened(replace(whole, parts=parts), figures, batch, _small(folder))


def _small(folder: Folder) -> str:
    worlds = int(folder.manifest["worlds_per_point"])
    if folder.kind != "experiment" or worlds >= WORLDS:
        return ""
    return (
        f"{worlds:,} worlds in each cell and context; the whole experiment has {WORLDS:,}: here "
        "“not supported” may only mean that there are too few worlds."
    )


def _both(first: str, second: str, check: Check) -> Both:
    """Compare two results. The page is written to a temporary folder."""
    folders = results_index.folder(first), results_index.folder(second)
    with tempfile.TemporaryDirectory() as away:
        made = compare(folders[0], folders[1], Path(away) / "comparison.html")
        html = made.path.read_bytes()
    check(0)
    left, right = ({one.name: one for one in read_folder(path).figures()} for path in folders)
    pairs = [
        (figure.title, figure.address, right[name].address)
        for name, figure in left.items()
        if name in right
    ]
    return Both(_short_paths(made.headline), made.sections, pairs, html)


def _counted(check: Check, weeks: int, show: Callable[[float], None]) -> Check:
    """Return a check that also counts world-weeks, and shows the share that is done."""
    done, last = 0, time.monotonic()

    def report(worlds: int) -> None:
        nonlocal done, last
        check(worlds)
        done += worlds
        if time.monotonic() - last > OFTEN:
            last = time.monotonic()
            show(min(1.0, done / weeks))

    return report


def _messages(error: ResultsError | ScenarioError) -> tuple[str, ...]:
    return tuple(_short_paths(str(problem)) for problem in error.problems)


def _short_paths(text: str) -> str:
    """Return a text with the short names of results folders that the page uses."""
    return text.replace(f"{results_index.results()}/", "results/")
