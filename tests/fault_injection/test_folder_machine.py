"""A state machine over a results folder: written, killed, damaged, resumed, reported, compared.

Whatever happened before, a reader gets the results of the run or a message, and a new run of the
same command repairs the folder.
"""

import os
import shutil
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from benchmarks.fault_injection.damage import DAMAGES
from experiments.engine import Run, simulate
from experiments.report.compare import compare
from experiments.report.page import report
from experiments.results.errors import ResultsError
from experiments.results.folder import add_files, read_results, write_results
from experiments.results.layout import MANIFEST, RUNS, SUMMARY, WEEKS
from model.schema.scenario import load_scenario
from tests.fault_injection.test_writers import Killed, killing

STEPS = int(os.environ.get("WINSET_FUZZ", "150")) // 30


@cache
def made(seed: int) -> Run:
    """Return a small run."""
    return simulate(load_scenario("split_the_pie", {"time.horizon": 4}), 4, seed, record=("trust",))


class ResultsFolder(RuleBasedStateMachine):
    """One folder that several commands write, break and read."""

    @initialize()
    def begin(self) -> None:
        self.parent = Path(tempfile.mkdtemp())
        self.folder, self.other = self.parent / "one", self.parent / "other"
        self.written: set[int] = set()
        write_results(made(1), self.other)

    @rule(seed=st.integers(1, 2))
    def write(self, seed: int) -> None:
        for name in (MANIFEST, RUNS, WEEKS):
            if (self.folder / name).is_dir():
                shutil.rmtree(self.folder / name)  # as a person would
        write_results(made(seed), self.folder)
        self.written.add(seed)
        assert self._seed() == seed

    @rule(seed=st.integers(1, 2), number=st.integers(0, 3))
    def kill(self, seed: int, number: int) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "replace", killing(number))
            try:
                write_results(made(seed), self.folder)
            except (Killed, ResultsError):
                return
        self.written.add(seed)

    @rule(damage=st.sampled_from(sorted(DAMAGES)), name=st.sampled_from([MANIFEST, RUNS, WEEKS]))
    def corrupt(self, damage: str, name: str) -> None:
        if (self.folder / name).is_file():
            DAMAGES[damage](self.folder / name)

    @rule()
    def add(self) -> None:
        try:
            add_files(self.folder, {SUMMARY: "a summary"})
        except ResultsError:
            return
        assert (self.folder / SUMMARY).read_text() == "a summary"

    @rule()
    def read(self) -> None:
        self._seed()

    @rule()
    def show(self) -> None:
        for show in (
            lambda: report(self.folder),
            lambda: compare(self.folder, self.other, self.parent / "both.html"),
        ):
            with suppress(ResultsError):
                show()

    def _seed(self) -> int | None:
        """Return the seed of the results, which are whole, or None if they are refused."""
        try:
            results = read_results(self.folder)
        except ResultsError:
            return None
        run = made(results.seed)
        assert (results.outcomes["outcome"] == run.outcomes["outcome"]).all()
        assert results.seed in self.written
        return results.seed

    def teardown(self) -> None:
        shutil.rmtree(self.parent, ignore_errors=True)


ResultsFolder.TestCase.settings = settings(
    max_examples=STEPS,
    stateful_step_count=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
test_results_folder = ResultsFolder.TestCase
