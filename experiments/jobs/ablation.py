"""The ablation as a job: switch off each mechanism in turn and write what that changes."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from experiments.ablation import ablation, ablation_section, work
from experiments.jobs.base import FolderJob, Show, Stage
from experiments.results.files import csv_text, write_whole, writing
from experiments.results.layout import ABLATION, RULE_EFFECTS
from experiments.rule_effects import rule_effects, rule_sections
from experiments.rule_effects import work as work_of_rules
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


@dataclass(frozen=True)
class RulesJob(AblationJob):
    """Add each rule of the second edition to the first, and leave it out of the second."""

    def compute(self, show: Show, stage: Stage) -> pd.DataFrame:
        """Simulate all arms, and show their differences."""
        with stage("rules", work_of_rules(self.scenario, self.worlds)) as advance:
            table = rule_effects(self.scenario, self.worlds, self.seed, advance)
        for section in rule_sections(self.scenario, table, self.seed):
            show(section)
        return table

    def write(self, findings: pd.DataFrame) -> list[Path]:
        """Write the table."""
        with writing(self.folder):
            write_whole(self.folder / RULE_EFFECTS, csv_text(findings).encode())
        return [self.folder / RULE_EFFECTS]
