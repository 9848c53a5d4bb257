"""Base classes of jobs: a job computes, shows what it finds, writes it to a folder and draws it."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from experiments.batch.run import run_batch
from experiments.results.files import writing
from experiments.results.layout import FIGURES
from experiments.results.lock import one_writer
from experiments.study import Study
from experiments.summary import Section

if TYPE_CHECKING:
    from experiments.plots import style

type Show = Callable[[str | Section], None]
type Stage = Callable[[str, int], AbstractContextManager[Callable[[int], None]]]
type Figures = style.Figures
type RunStudy = Callable[[Study, Path], Path]


class Job[Result](ABC):
    """One command with its arguments.

    A job is a frozen dataclass: its fields are the arguments.
    """

    @abstractmethod
    def run(self, show: Show, stage: Stage) -> Result:
        """Do the job.

        Args:
            show: Called with each sentence or table as soon as it is known.
            stage: Opens a stage of the work, `stage(title, total)`, and gives the function to
                call with the amount of work done since the last call.

        Raises:
            ResultsError: The folder cannot be read or written.
            ScenarioError: A scenario, a design or a table of data has problems.
        """


class FolderJob[Findings](Job[list[Path]]):
    """A job that writes a results folder.

    A subclass says how to compute, what to write and which figures to draw. The folder is checked
    before anything is computed. Matplotlib is slow to import, so that it is imported only when
    everything has been computed and shown.
    """

    folder: Path
    locks: ClassVar[bool] = True  # the folder, while it computes

    def run(self, show: Show, stage: Stage) -> list[Path]:
        """Do the job, and return the files that were written."""
        self.check()
        with one_writer(self.folder) if self.locks else nullcontext():
            findings = self.compute(show, stage)
            with one_writer(self.folder):
                paths = self.write(findings)
                paths += self.draw(self.figures(findings), stage)
                return paths + self.finish(findings)

    def check(self) -> None:
        """Raise ResultsError if the folder cannot be written."""
        with writing(self.folder / FIGURES):
            pass

    @abstractmethod
    def compute(self, show: Show, stage: Stage) -> Findings:
        """Compute the results, and show each part as soon as it is known."""

    @abstractmethod
    def write(self, findings: Findings) -> list[Path]:
        """Write tables and texts, and return the paths of all files of the folder so far."""

    def figures(self, findings: Findings) -> Figures:
        """Return how to draw each figure, by file name; by default there are none."""
        return {}

    def draw(self, figures: Figures, stage: Stage) -> list[Path]:
        """Draw the figures and save them, and return their paths."""
        if not figures:
            return []
        from experiments.plots import style  # imports matplotlib, which is slow

        paths: list[Path] = []
        with writing(self.folder / FIGURES), stage("figures", len(figures)) as advance:
            for name, figure in figures.items():
                paths += style.save(figure(), self.folder / FIGURES, name)
                advance(1)
        return paths

    def finish(self, findings: Findings) -> list[Path]:
        """Write what describes the figures, and return its paths; by default there is nothing."""
        return []


class StudyJob[Findings](FolderJob[Findings]):
    """A job that runs a study in chunks before it reads the results.

    run_study: Runs a study into a folder, for example `experiments.batch.run.run_batch`.
    """

    run_study: RunStudy
    locks: ClassVar[bool] = False  # the batch does, so that shards can run side by side

    @abstractmethod
    def study(self) -> Study:
        """Return the study to run. Raises ScenarioError with everything that is wrong."""

    def check(self) -> None:
        """Raise ScenarioError if there is no such study; the batch checks the folder."""
        self.study()


def run_here(study: Study, folder: Path) -> Path:
    """Run a study in this process."""
    return run_batch(study, folder)
