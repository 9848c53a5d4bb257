"""The job of `history`: calibrate the model on 2018-20, and score it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from experiments.history import record, sections
from experiments.history.analogues import pool_at, prior_points
from experiments.history.baselines import BASELINES
from experiments.history.compromise import contents
from experiments.history.contributions import arms, candidates, mechanism_table, reproduction
from experiments.history.course import Course
from experiments.history.matching import Matching, Settings, constraint_table, match
from experiments.history.patterns import statistics
from experiments.history.revealed import Revealed, answer_table, reveal, revealed_table
from experiments.history.scoring import (
    CALIBRATED,
    OPEN,
    crps_table,
    event_table,
    forecasts,
    question_table,
)
from experiments.history.skill import skill_table
from experiments.jobs.base import Figures, FolderJob, Show, Stage
from experiments.results.files import csv_text, write_whole, writing
from experiments.results.layout import SUMMARY, csv_file
from experiments.summary import Section, as_text
from model.economy import tables

HEAD = "The model compared with the trade war of 2018-20"


@dataclass(frozen=True)
class Work:
    """How much work the calibration takes; the defaults take minutes.

    worlds: at each plausible draw, for patterns and forecasts; revealed: at each for the answers to
    the packages of the record; prior, prior_worlds: points of the prior and worlds at each;
    members: worlds of each baseline; draws: plausible draws for the mechanisms; off: mechanisms to
    switch off, all by default.
    """

    matching: Settings = field(default_factory=Settings)
    worlds: int = 24
    revealed: int = 96
    prior: int = 800
    prior_worlds: int = 12
    members: int = 1000
    draws: int = 96
    off: tuple[str, ...] | None = None

    @property
    def arms(self) -> int:
        """Return how many times the chosen draws are run for the mechanisms."""
        return 1 + len(candidates() if self.off is None else self.off)


class Calibrated(NamedTuple):
    """What the calibration computes: tables, worlds of the plausible draws, and the summary."""

    tables: Mapping[str, pd.DataFrame]
    worlds: Course
    text: str


@dataclass(frozen=True)
class HistoryJob(FolderJob[Calibrated]):
    """Calibrate and score the model on 2018-20.

    The same seed and work give the same bytes in the tables.
    """

    folder: Path
    seed: int = 1
    work: Work = field(default_factory=Work)

    def check(self) -> None:
        """Raise ScenarioError or ResultsError before anything is simulated."""
        tables.check(record.DATA)
        super().check()

    def compute(self, show: Show, stage: Stage) -> Calibrated:
        """Match, reproduce and score, and show the tables."""
        asked, seed = self.work, self.seed
        with stage("matching", asked.matching.weeks) as advance:
            found = match(asked.matching, seed, advance)
        numbers = constraint_table(found.plausible)
        seen = _revealed(found, asked, seed, stage)
        draws = seen.resampled(seed)
        first = [
            sections.wave_section(found.waves, len(found.plausible)),
            sections.constraint_section(numbers),
            sections.answer_section(answer_table(seen), seen.effective, len(draws)),
            sections.revealed_section(revealed_table(seen)),
        ]
        for section in first:
            show(section)
        pools = _pools(draws, asked, seed, stage)
        patterns = reproduction(statistics(pools[CALIBRATED]))
        made = {
            "waves": found.waves,
            "numbers": numbers,
            "patterns": patterns,
            "plausible_draws": draws,
            "answers": answer_table(seen),
            "revealed": revealed_table(seen),
        }
        made |= _scores(pools, asked, seed)
        made["mechanisms"] = _mechanisms(draws, asked, seed, stage)
        later = _sections(made)
        for section in later:
            show(section)
        show(sections.CAVEAT)
        text = as_text([*first, *later], HEAD) + f"\n\n{sections.CAVEAT}\n"
        return Calibrated(made, pools[CALIBRATED], text)

    def write(self, findings: Calibrated) -> list[Path]:
        """Write the tables and the summary."""
        texts = {csv_file(name): csv_text(table) for name, table in findings.tables.items()}
        texts[SUMMARY] = findings.text
        with writing(self.folder):
            for name, text in texts.items():
                write_whole(self.folder / name, text.encode())
        return [self.folder / name for name in texts]

    def figures(self, findings: Calibrated) -> Figures:
        """Return how to draw each figure of the calibration."""
        from experiments.plots.history import figures

        return figures(findings.tables, findings.worlds)


def _revealed(found: Matching, asked: Work, seed: int, stage: Stage) -> Revealed:
    """Return the weights of the plausible draws by the packages of the record."""
    total = len(found.plausible) * asked.revealed * record.WEEKS
    with stage("packages of the record", total) as advance:
        return reveal(found.plausible, asked.revealed, seed + 104, advance)


def _pools(plausible: pd.DataFrame, asked: Work, seed: int, stage: Stage) -> dict[str, Course]:
    """Return worlds of the plausible draws and of the prior, with new random numbers."""
    prior = prior_points(asked.prior, seed)
    worlds = len(plausible) * asked.worlds + asked.prior * asked.prior_worlds
    with stage("worlds", worlds * record.WEEKS) as advance:
        return {
            CALIBRATED: pool_at(plausible, asked.worlds, seed + 101, advance),
            OPEN: pool_at(prior, asked.prior_worlds, seed + 102, advance),
        }


def _scores(pools: Mapping[str, Course], asked: Work, seed: int) -> dict[str, pd.DataFrame]:
    """Return the tables of scores by name."""
    made = forecasts(pools, asked.members, seed)
    scores = crps_table(made)
    skills = [
        skill_table(scores, name, list(BASELINES), seed).assign(forecaster=name) for name in pools
    ]
    return {
        "crps": scores,
        "skill": pd.concat(skills, ignore_index=True),
        "events": event_table(made),
        "questions": question_table(made, pools),
        "contents": contents(pools[CALIBRATED].package),
    }


def _mechanisms(plausible: pd.DataFrame, asked: Work, seed: int, stage: Stage) -> pd.DataFrame:
    """Return what each mechanism is needed for, over plausible draws that lie evenly among all."""
    every = max(1, len(plausible) // asked.draws)
    draws = plausible.iloc[::every].head(asked.draws).reset_index(drop=True)
    total = asked.arms * len(draws) * asked.worlds * record.WEEKS
    with stage("mechanisms", total) as advance:
        return mechanism_table(arms(draws, asked.worlds, seed + 103, asked.off, advance), seed)


def _sections(made: Mapping[str, pd.DataFrame]) -> list[Section]:
    skill = made["skill"]
    return [
        sections.pattern_section(made["patterns"]),
        *(
            sections.skill_section(skill[skill["forecaster"] == name], name, list(BASELINES))
            for name in (CALIBRATED, OPEN)
        ),
        sections.event_section(made["events"], made["questions"]),
        sections.content_section(made["contents"]),
        sections.mechanism_section(made["mechanisms"]),
    ]
