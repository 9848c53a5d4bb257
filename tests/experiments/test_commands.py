"""Commands of the command line from option to job, and what a terminal is shown meanwhile."""

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import run
from commands import terminal
from experiments.batch.progress import Progress
from experiments.engine import Run
from experiments.factorial.catalogue_index import catalogue
from experiments.jobs.factorial import ExperimentJob
from experiments.jobs.history import HistoryJob
from experiments.results.folder import read_results, write_results

WIDE = ["--parameters", "talks.window=4:16,talks.rate", "--samples", "8", "--worlds", "2"]


def asked(arguments: list[str]) -> int:
    """Run the command line in this process and return its exit code."""
    with pytest.raises(SystemExit) as caught:
        run.main(arguments)
    return int(caught.value.code or 0)


def test_shares_are_joined_and_the_command_goes_on_from_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("experiments.plots.style.save", lambda *_: [])  # drawn by other tests
    folder = tmp_path / "shares"
    command = ["sensitivity", "classroom", "--method", "morris", *WIDE, "--out", str(folder)]
    for share in ("1/2", "2/2"):
        assert asked([*command, "--workers", "1", "--shard", share]) == 0
        told = capsys.readouterr().out
        assert f"Shard {share[0]} of 2 is in {folder}" in told
        assert f"python run.py merge {folder}" in told
        again = shlex.split(told.splitlines()[-1])
        assert again[:2] == ["python", "run.py"]
        assert sorted(again[2:]) == sorted(command)  # how it was run is left out
        assert not (folder / "runs.parquet").exists()
    assert asked(["merge", str(folder)]) == 0
    assert len(read_results(folder, ()).outcomes) == 8 * 3 * 2
    assert asked(again[2:]) == 0
    assert (folder / "indices.parquet").exists()
    assert "report.html" in capsys.readouterr().out


def test_a_share_that_is_none_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(["sensitivity", "classroom", "--shard", "3/2"]) == run.FAULT
    assert "must have the form I/N" in capsys.readouterr().err


def test_all_experiments_have_each_its_folder_and_its_own_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid: list[ExperimentJob] = []

    def note(jobs: list[ExperimentJob], *_: object) -> list[Path]:
        laid.extend(jobs)
        return []

    monkeypatch.setattr("experiments.jobs.factorial.run_all", note)
    out = ["--worlds", "50", "--seed", "3", "--out", str(tmp_path)]
    assert asked(["experiment", "all", *out, "--workers", "1", "--resume"]) == 0
    assert [job.experiment.name for job in laid] == list(catalogue())
    for job in laid:
        name = job.experiment.name
        assert job.folder == tmp_path / name
        assert job.command.startswith(f"python run.py experiment {name} ")
        assert "--worlds 50 --seed 3" in job.command
        assert "--resume" not in job.command  # how it is run, not what


def test_two_runs_are_compared_on_the_screen_and_on_a_page(
    made: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folders = [str(write_results(made, tmp_path / name)) for name in ("one", "two")]
    page = tmp_path / "both.html"
    assert asked(["compare", *folders, "--out", str(page)]) == 0
    told = capsys.readouterr().out
    assert "95 % interval" in told
    assert f"Written to {page}" in told
    assert page.exists()


def test_worlds_that_failed_are_told_by_the_exit_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def failing(job: HistoryJob, *_: object) -> list[Path]:
        job.folder.mkdir()
        (job.folder / "failed.csv").write_text("chunk,error\n")
        return [job.folder / "failed.csv"]

    monkeypatch.setattr(HistoryJob, "run", failing)
    assert asked(["history", "--out", str(tmp_path / "x")]) == 1
    assert "Run them again with --resume" in capsys.readouterr().out


def test_the_app_says_where_it_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def serve(port: int, ready: Callable[[str], None]) -> None:
        ready(f"http://127.0.0.1:{port}")

    monkeypatch.setattr("app.launch.serve", serve)
    assert asked(["app", "--port", "9999"]) == 0
    assert capsys.readouterr().out == "Winset is at http://127.0.0.1:9999 (Ctrl-C ends it).\n"


def test_too_little_memory_is_told_in_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def greedy(*_: Any) -> None:
        raise MemoryError("Unable to allocate 9 TiB")

    monkeypatch.setattr(run.runs, "run_main_job", greedy)
    assert asked(["simulate", "classroom"]) == run.FAULT
    assert "Not enough memory" in capsys.readouterr().err


def test_an_unwatched_batch_tells_only_what_fails(capsys: pytest.CaptureFixture[str]) -> None:
    with terminal.chunks("small [study]") as tell:
        tell(Progress(4, 1, 0, 40, 10, 3.5, 8.6))
        assert capsys.readouterr().err == ""
        tell(Progress(4, 2, 1, 40, 20, 3.5, None, "chunk [2] failed"))
    assert capsys.readouterr().err.split() == ["chunk", "[2]", "failed"]


def test_a_watched_batch_tells_how_far_it_is_and_what_is_left(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "160")
    with terminal.chunks("small [study]") as tell:
        tell(Progress(4, 1, 0, 4000, 1000, 350.0, 8.6))
    told = capsys.readouterr().err
    assert "small [study]" in told
    assert "1,000 of 4,000 worlds, 350 a second, 0:00:09 left" in told
