"""Run mutated command lines of run.py: each must be refused with a message or be valid."""

import io
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from unittest.mock import patch

import run
from benchmarks.fault_injection.mutations import Random, pick
from benchmarks.fault_injection.tally import LONG, Tally, Verdict, tally_cases
from experiments.statistics import keyed_generator

JOBS = (
    "experiments.jobs.main.MainJob.run",
    "experiments.jobs.ablation.AblationJob.run",
    "experiments.jobs.diagnose.DiagnoseJob.run",
    "experiments.jobs.sensitivity.SensitivityJob.run",
    "experiments.jobs.factorial.ExperimentJob.run",
    "experiments.jobs.factorial.run_all",
    "experiments.jobs.history.HistoryJob.run",
    "experiments.jobs.forecast.ForecastJob.run",
    "app.launch.serve",
)  # long jobs: reaching one of them means that the command line was accepted
COMMANDS = (
    "--worlds 3 --seed 1 --out made",
    "simulate classroom --worlds 3 --seed 1 --set talks.rate=0.5 --out made",
    "check itself.toml",
    "list",
    "schema",
    "ablation classroom --worlds 3 --seed 1 --out made",
    "diagnose classroom --worlds 3 --seed 1 --set talks.rate=0.5 --out made",
    "sensitivity classroom --method lhs --samples 64 --worlds 2 --parameters talks.rate=0.2:0.4"
    " --seed 1 --out made --workers 1",
    "experiment tied_hands --worlds 2 --seed 1 --out made --shard 1/2 --workers 1",
    "report nowhere",
    "compare nowhere elsewhere --out page.html",
    "history --seed 1 --out made",
    "forecast --worlds 3 --seed 1 --out made",
    "merge nowhere",
    "app --port 8765",
    "replay nowhere 3 --all",
)
VALUES = (
    "", " ", "nan", "inf", "-inf", "-1", "0", "1e9", "1.5", "9" * 30, "9" * 5000, "0x10", "½", "٣",
    "1_000", "many", "--", "-", "-x", "--help", "../..", "/", ".", "/dev/null", "/dev/null/x",
    "x" * 5000, "x" * 5000 + ".toml", "a/" * 3000, "a\nb", "a\tb", "<script>alert(1)</script>",
    "😀", "\udcff", "\udcff.toml", "$(reboot)", "; rm -rf x", "%s%n", "{0}", "CON", "tcp://", "0/0",
    "2/1", "1/99999999999", "1/0", "\u0661/\u0662", "²/³", "talks.rate=nan", "talks.rate=inf",
    "talks.rate=2", "talks.rate=" + "1" * 5000, "talks.rate=0x" + "f" * 5000,
    "talks.rate=" + "[" * 5000, "=", "==", "talks.rate=", "talks.rate=0.5\n[x]",
    "talks=1", "__class__=1", "name=../../x", "name=\udcff",
    "title='<script>'", "start=9999-12-31", "time.horizon=1000000000", "events.0.size=1", "off=1",
    "talks.rate=0.2:nan", "talks.rate=0.4:0.2", "talks.rate=1:1", "talks.rate=-inf:inf", "all", ":",
    "talks.rate,talks.rate", ",", "sobol", "february_2025", "itself.toml", "tied_hands",
)  # fmt: skip


class Reached(Exception):
    """A job was about to start."""


def mutated_line(number: int) -> list[str]:
    """Return a mutated command line, always the same for the same number.

    >>> mutated_line(1) == mutated_line(1)
    True
    """
    rng: Random = keyed_generator("mutated command lines", number)
    words = pick(rng, COMMANDS).split()
    for _ in range(pick(rng, (1, 1, 2))):
        at = int(rng.integers(min(len(words), 1), len(words) + 1))
        whole = [*words, ""]
        instead = [pick(rng, VALUES)] if rng.random() < 0.8 else []
        words = [*whole[:at], *instead, *whole[at + 1 : -1]]
    return words


def try_lines(numbers: range) -> Tally:
    """Run the mutated command lines with these numbers, each in an empty folder."""
    return tally_cases(numbers, lambda number: judge_line(mutated_line(number)), name="line")


def judge_line(words: list[str]) -> Verdict:
    """Run a command line, and return the verdict with its faults."""
    shown = " ".join(word[:40] for word in words)
    error = io.TextIOWrapper(io.BytesIO(), "utf-8", errors="backslashreplace")
    out = io.TextIOWrapper(io.BytesIO(), "utf-8", errors="strict")
    with _empty_folder() as folder, _idle(), redirect_stdout(out), redirect_stderr(error):
        try:
            run.main(words)
            code: object = 0
        except SystemExit as ended:
            code = ended.code or 0
        except Reached:
            return "the job would start", []
        except Exception as fault:  # noqa: BLE001 - any exception is a fault to report
            return "traceback", [f"{shown!r}: {type(fault).__name__}: {fault!s:.200}"]
        left = sorted(path.name for path in folder.iterdir() if path.name != "itself.toml")
    error.seek(0)
    message = error.read()
    if code == 0:
        return "done", []
    faults = [f"exit code {code}"] if code != run.FAULT else []
    faults += ["no message"] if not message.strip() else []
    faults += [f"message of {len(message):,} characters"] if len(message) > LONG else []
    faults += [f"left {left}"] if left else []
    return "refused with a message", [f"{shown!r}: {fault}" for fault in faults]


@contextmanager
def _empty_folder() -> Iterator[Path]:
    """Change to a temporary folder with one scenario in it."""
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        file = Path("itself.toml")
        file.write_text('name = "itself"\ntitle = "One"\nextends = "classroom"\n', encoding="utf-8")
        try:
            yield Path(folder)
        finally:
            os.chdir(before)


@contextmanager
def _idle() -> Iterator[None]:
    """Replace all long jobs by a function that raises Reached."""
    with ExitStack() as stack:
        for job in JOBS:
            stack.enter_context(patch(job, side_effect=Reached))
        yield
