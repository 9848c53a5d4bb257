"""The tutorials run as a reader runs them, from any folder, and show what they promise."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "tutorials"
SCRIPTS = sorted(FOLDER.glob("*.py"))
SHOWN = {
    "own_scenario": ['Did you mean "constituency"?', "popular_vote.toml: valid", "difference"],
    "own_experiment": ["3 cells x 9 contexts", "built in", "long_fuse.png"],
    "read_a_million_worlds": ["900 worlds", "cost scale 1.2, window 52", "World 123: {'outcome'"],
    "run_on_a_cluster": ["after share 3 of 3: 5 chunks", "on Dask", "The same bytes."],
    "write_an_offering_rule": ["hold_out.png", "utility of the United States, points"],
    "put_a_bot_in_the_seat": ["bot    0.8", "deal in force at the end, % of worlds"],
}
MOST_LINES = 60
NAMED = pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)


@NAMED
def test_runs_and_shows_what_it_promises(script: Path, tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, script],
        cwd=tmp_path,
        env=environment | {"TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert not [words for words in SHOWN[script.stem] if words not in done.stdout], done.stdout


@NAMED
def test_is_short_and_told_in_cells(script: Path) -> None:
    lines = script.read_text(encoding="utf-8").splitlines()
    code = [line for line in lines if line.strip() and not line.startswith("#")]
    assert len(code) < MOST_LINES
    assert lines.count("# %% [markdown]") >= 3
    assert f"docs/tutorials/{script.name}" in lines[2]


def test_the_list_names_them_all() -> None:
    page = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert {f"{name}.py" for name in SHOWN} == {script.name for script in SCRIPTS}
    assert not [script.name for script in SCRIPTS if f"]({script.name})" not in page]
