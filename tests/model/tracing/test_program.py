"""A program can be printed, knows its lines, and the machine finds a place for what it compiled."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from experiments.engine import build, simulate
from model.schema.scenario import load_scenario
from model.tracing import kernel, programs, recording
from model.tracing.program import Program
from model.week import WEEK

KERNEL = "from model.tracing import kernel; kernel.load(); print(kernel.where())"


@pytest.fixture(scope="module")
def program() -> Program:
    return programs.program_of(build("february_2025", 2))


def test_it_is_printed_with_phases_and_lines(program: Program) -> None:
    text = program.text()
    assert len(text.splitlines()) >= len(program.code)
    for phase in WEEK:
        assert f"# {phase.name}\n" in text
    assert "in the worlds where" in text
    assert 'draw "talks"' in text
    assert "model/rules/trust.py:" in program.text("approval")
    assert "# talks" not in program.text("approval")


def test_the_page_shows_what_the_program_holds(program: Program, root: Path) -> None:
    page = (root / "docs" / "how_a_week_runs.md").read_text(encoding="utf-8")
    shown = [
        line
        for text in re.findall(r"```text\n(.*?)```", page, re.DOTALL)
        for line in text.splitlines()
    ]
    assert len(shown) > 10
    held = set(map(_without_rows, program.text().splitlines()))
    assert [line for line in shown if _without_rows(line) not in held] == []


def _without_rows(line: str) -> str:
    """Return a line without the numbers of rows, which any change of the model moves."""
    return re.sub(r"\br\d+", "r", line.partition("#")[0].strip())


def test_every_instruction_has_a_phase(program: Program) -> None:
    phases = program.phases()
    assert phases[0][0] == WEEK[0].name
    assert sum(stop - start for _, start, stop in phases) == len(program.code)
    assert sum(program.counts().values()) == len(program.code)


def test_it_is_recorded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    setting = load_scenario("classroom", {"talks.rate": 0.31})
    made: list[int] = []

    def counted(*args: Any) -> Any:
        made.append(1)
        return recording.record(*args)

    monkeypatch.setattr(programs, "record", counted)
    for seed in (1, 2):
        simulate(setting, 3, seed, engine="traced")
    simulate(load_scenario("classroom", {"talks.rate": 0.31}), 3, engine="traced")
    assert len(made) == 1
    simulate(setting, 3, sweep={"talks.rate": [0.1, 0.2, 0.3]}, engine="traced")
    assert len(made) == 2


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="folders are closed otherwise here")
def test_a_closed_installation_keeps_the_machine_with_the_user(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    closed, user = tmp_path / "closed", tmp_path / "user"
    closed.write_text("")  # a file, in which nobody can make a folder
    monkeypatch.setattr(kernel, "folders", lambda: [closed / "__pycache__", user])
    monkeypatch.setattr(kernel, "_first_call", lambda module: None)
    kernel._loaded()
    assert kernel.where() == user


def test_numpy_runs_the_weeks_until_the_machine_is_there(tmp_path: Path) -> None:
    code = (
        "from experiments.engine import simulate; run = simulate('split_the_pie', 2);"
        "print(run.engine, run.reason)"
    )
    environment = os.environ | {
        kernel.FOLDER: str(tmp_path), "XDG_CACHE_HOME": str(tmp_path), kernel.WAIT: "no",
    }  # fmt: skip
    hidden = f"from model.tracing import kernel; kernel.folders = lambda: []; {code}"
    done = subprocess.run(
        [sys.executable, "-c", hidden], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("numpy The machine is not ready")


def test_the_app_lets_another_process_compile(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Any] = []
    monkeypatch.setattr(kernel, "where", lambda: None)
    monkeypatch.setattr(subprocess, "Popen", lambda *args, **_: started.append(args))
    monkeypatch.setenv(kernel.WAIT, "yes")
    kernel.compile_in_background()
    assert os.environ[kernel.WAIT] == "no"
    assert started == [([sys.executable, "-m", "model.tracing"],)]


def test_numpy_runs_the_weeks_where_nothing_can_be_compiled(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise kernel.NoKernel("ImportError: No module named 'numba'")

    monkeypatch.setattr(kernel, "load", broken)
    for _ in range(2):
        run = simulate("split_the_pie", 2)
        assert run.engine == "numpy"
        assert "No module named 'numba'" in run.reason
    assert sum("which is slower" in text for text in caplog.messages) == 1
