"""Tests of outputs that cannot be written, poor encodings and little memory: no tracebacks."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from experiments.results.manifest import ROOT

resource = pytest.importorskip("resource")
LIST = ("list",)
CHECK = ("check", "nothing")


def command(
    *words: str, stdout: int | None = None, **more: object
) -> subprocess.CompletedProcess[bytes]:
    """Run a command of run.py in a process of its own."""
    whole = [sys.executable, "run.py", *words]
    given = {"stdout": subprocess.PIPE if stdout is None else stdout, "stderr": subprocess.PIPE}
    return subprocess.run(whole, cwd=ROOT, timeout=60, check=False, **(given | more))  # type: ignore[call-overload, no-any-return]


@pytest.mark.parametrize("words", [LIST, ("--help",)])
def test_a_full_disk_behind_the_output_is_reported(words: tuple[str, ...]) -> None:
    with Path("/dev/full").open("w") as full:
        done = command(*words, stdout=full.fileno())
    assert done.returncode == 2
    assert done.stderr == b"The output cannot be written: No space left on device.\n"


@pytest.mark.parametrize("words", [LIST, CHECK])
def test_a_closed_output_is_reported(words: tuple[str, ...]) -> None:
    done = command(*words, stdout=subprocess.DEVNULL, preexec_fn=lambda: os.close(1))
    assert done.returncode == 2
    assert done.stderr == b"The output cannot be written: it is closed.\n"


def test_closed_messages_leave_the_exit_code() -> None:
    assert command(*CHECK, preexec_fn=lambda: os.closerange(1, 3)).returncode == 2
    assert command(*CHECK, preexec_fn=lambda: os.close(2)).returncode == 2


def test_any_encoding_can_show_all_texts(tmp_path: Path) -> None:
    done = command("check", "é.toml", env=os.environ | {"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
    assert b"\\xe9.toml" in done.stderr


def test_little_memory_is_reported() -> None:
    limit = 600_000_000

    def little() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))

    done = command("simulate", "classroom", preexec_fn=little)
    assert done.returncode == 2
    assert done.stderr.startswith(b"Not enough memory: this process may use 600 MB")
    listed = command("list", preexec_fn=little)
    assert listed.returncode == 0
    assert b"february_2025" in listed.stdout
