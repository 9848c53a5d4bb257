"""Tests of two writers in one folder, and of kills between the write and the rename of a file."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from benchmarks.fault_injection.kills import TABLES, WIDTH, study
from benchmarks.fault_injection.readers import write_experiment
from experiments.batch.run import run_batch
from experiments.report.page import report
from experiments.results import files
from experiments.results.errors import ResultsError
from experiments.results.folder import add_files, read_results
from experiments.results.lock import one_writer
from experiments.results.manifest import ROOT

HOLD = """
import sys, time
from pathlib import Path
from experiments.results.lock import one_writer
with one_writer(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@contextmanager
def another_writer(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Let another process hold the lock of a folder."""
    command = [sys.executable, "-c", HOLD, str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "held\n"
            yield process
        finally:
            process.kill()


def _simulate(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "run.py", "simulate", "split_the_pie", "--worlds", "2"]
    command += ["--out", str(folder)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_a_second_writer_is_refused_before_it_changes_anything(tmp_path: Path) -> None:
    folder = write_experiment(tmp_path / "one")
    before = {path.name: path.read_bytes() for path in folder.glob("*.*")}
    with another_writer(folder):
        for write in (
            lambda: add_files(folder, {"summary.txt": "x"}),
            lambda: run_batch(study(), tmp_path / "one", resume=True, width=WIDTH),
        ):
            with pytest.raises(ResultsError, match="another command is writing it"):
                write()
        done = _simulate(folder)
        assert done.returncode == 2
        assert "another command is writing it" in done.stderr
    assert {n: (folder / n).read_bytes() for n in before} == before


def test_a_killed_writer_leaves_no_lock(tmp_path: Path) -> None:
    with another_writer(tmp_path) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
        with one_writer(tmp_path):
            assert not list(tmp_path.glob("*.lock"))


def test_a_process_may_enter_twice(tmp_path: Path) -> None:
    entered = 0
    with one_writer(tmp_path), one_writer(tmp_path):
        entered += 1
    with another_writer(tmp_path):  # the lock is free again
        entered += 1
    assert entered == 2


class Killed(BaseException):
    """The moment at which the process would end."""


def killing(number: int) -> Callable[..., None]:
    """Return a rename that ends the program at the call with this number."""
    calls = iter(range(1_000_000))

    def replace(source: str | Path, target: str | Path) -> None:
        if next(calls) == number:
            raise Killed
        os.rename(source, target)

    return replace


def _before_cleaning(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep temporary files, as after a kill."""
    real = Path.unlink

    def unlink(path: Path, missing_ok: bool = False) -> None:
        if not path.name.startswith(files.TEMPORARY):
            real(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", unlink)


def _killed_at_every_rename(
    write: Callable[[], object], check: Callable[[], object], monkeypatch: pytest.MonkeyPatch
) -> int:
    """Kill a writer at each of its renames, check what is left, and return their number."""
    for number in range(1000):
        with monkeypatch.context() as patch:
            patch.setattr(os, "replace", killing(number))
            _before_cleaning(patch)
            try:
                write()
            except Killed:
                pass
            else:
                return number
        check()
    raise AssertionError("it never ends")


def test_a_batch_killed_at_any_rename_resumes_to_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, folder = run_batch(study(), tmp_path / "whole", width=WIDTH), tmp_path / "part"

    def write() -> None:
        run_batch(study(), folder, resume=True, width=WIDTH)

    def check() -> None:
        for name in TABLES:
            if (folder / name).exists():
                assert (folder / name).read_bytes() == (whole / name).read_bytes()

    kills = _killed_at_every_rename(write, check, monkeypatch)
    assert kills > 4
    check()
    assert read_results(folder).manifest["files"] == read_results(whole).manifest["files"]


def test_files_added_at_any_rename_are_the_old_or_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_experiment(tmp_path / "one")
    text = "summary\n" * 50_000

    def check() -> None:
        path = folder / "summary.txt"
        assert not path.exists() or path.read_text() == text
        with_manifest = (folder / "manifest.json").read_text()
        assert with_manifest.endswith("}\n") or with_manifest.endswith("}")

    kills = _killed_at_every_rename(
        lambda: add_files(folder, {"summary.txt": text}), check, monkeypatch
    )
    assert kills == 3


@pytest.mark.parametrize("write", ["page", "bytes"])
def test_a_kill_before_the_rename_keeps_the_old_file(
    write: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_experiment(tmp_path / "one")
    path = folder / "report.html"
    path.write_text("old")
    monkeypatch.setattr(os, "replace", killing(0))
    with pytest.raises(Killed):
        report(folder) if write == "page" else files.write_whole(path, b"new")
    assert path.read_text() == "old"


IN_PLACE = re.compile(r"\.write_(text|bytes)\(|\bopen\([^)]*[\"'][wax]b?\+?[\"']")
# these write temporary folders, or files of the source that a developer regenerates
ALLOWED = {
    "app/inputs/scenario_store.py",
    "experiments/columns_page.py",
    "experiments/diagnose/schema.py",
    "model/economy/grid.py",
    "model/economy/tables.py",
    "model/schema/parameters_page.py",
    "model/state/write_names.py",
}


def test_no_other_code_writes_files_in_place() -> None:
    found = {
        path.relative_to(ROOT).as_posix()
        for top in ("model", "agents", "experiments", "app")
        for path in (ROOT / top).rglob("*.py")
        if IN_PLACE.search(path.read_text(encoding="utf-8"))
    }
    assert found <= ALLOWED
