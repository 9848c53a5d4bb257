"""The ablation as a job: switch off each mechanism in turn and write what that changes."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from experiments.ablation import ablation, ablation_section, work
from experiments.jobs.base import FolderJob, Show, Stage
from experiments.results.files import csv_text, write_whole, writing
from experiments.results.layout import ABLATION
from model.schema.scenario import Scenario


@dataclass(frozen=True)
class AblationJob(FolderJob[pd.DataFrame]):
    """Switch off each mechanism of a scenario in turn, in the same worlds."""

    scenario: Scenario
    worlds: int
    seed: int
    folder: Path

    def check(self) -> None:
        """Raise ResultsError if the folder cannot be written."""
        with writing(self.folder):
            pass

    def compute(self, show: Show, stage: Stage) -> pd.DataFrame:
        """Simulate all arms, and show their differences."""
        with stage("ablation", work(self.scenario, self.worlds)) as advance:
            table = ablation(self.scenario, self.worlds, self.seed, advance)
        show(ablation_section(self.scenario, table, self.seed))
        return table

    def write(self, findings: pd.DataFrame) -> list[Path]:
        """Write the table."""
        with writing(self.folder):
            write_whole(self.folder / ABLATION, csv_text(findings).encode())
        return [self.folder / ABLATION]
