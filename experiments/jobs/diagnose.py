"""The diagnostics as a job: measure the figures of a scenario, and write them to a file."""

from dataclasses import dataclass
from pathlib import Path

from experiments.diagnose.diagnosis import Diagnosis, diagnose
from experiments.diagnose.document import content, text
from experiments.diagnose.sections import sections
from experiments.jobs.base import FolderJob, Show, Stage
from experiments.results.files import write_whole, writing
from experiments.results.layout import DIAGNOSIS
from model.schema.scenario import Scenario


@dataclass(frozen=True)
class DiagnoseJob(FolderJob[Diagnosis]):
    """Diagnose a scenario as it is, and with the rules of the first edition.

    command: The command that repeats the job, for the file.
    """

    scenario: Scenario
    worlds: int
    seed: int
    folder: Path
    command: str

    def check(self) -> None:
        """Raise ResultsError if the folder cannot be written."""
        with writing(self.folder):
            pass

    def compute(self, show: Show, stage: Stage) -> Diagnosis:
        """Measure all figures, and show the tables."""
        diagnosis = diagnose(self.scenario, self.worlds, self.seed, stage)
        for section in sections(diagnosis):
            show(section)
        return diagnosis

    def write(self, findings: Diagnosis) -> list[Path]:
        """Write diagnose.json."""
        with writing(self.folder):
            written = text(content(findings, self.command))
            write_whole(self.folder / DIAGNOSIS, written.encode())
        return [self.folder / DIAGNOSIS]
