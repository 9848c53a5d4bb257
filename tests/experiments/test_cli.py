"""The command line: what it prints and writes, and how it answers what cannot be done."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import run
from experiments.engine import Run
from experiments.jobs.replay import ReplayJob, ReplayResult
from experiments.results.folder import read_results, write_results
from model.schema.reading import assignment
from model.schema.scenario import load_scenario

SMALL = ["--worlds", "6", "--set", "time.horizon=6"]


def _exit(arguments: list[str]) -> int:
    """Run the command line in this process and return its exit code."""
    with pytest.raises(SystemExit) as caught:
        run.main(arguments)
    return int(caught.value.code or 0)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return what a small main job leaves."""
    place = tmp_path_factory.mktemp("results") / "small"
    assert _exit(["simulate", "february_2025", *SMALL, "--out", str(place)]) == 0
    return place


def test_the_main_job_leaves_tables_words_and_figures(folder: Path) -> None:
    found = read_results(folder)
    assert len(found.outcomes) == 6
    assert len(found.table("sweep.parquet")) == 27 * 7
    assert found.scenario == load_scenario("february_2025", {"time.horizon": 6})
    assert {"summary.txt", "chronicles.txt"} <= set(found.manifest["files"])
    told = (folder / "summary.txt").read_text()
    assert "How the talks end in february_2025" in told
    assert "over the sweep" in told
    chronicles = (folder / "chronicles.txt").read_text()
    for outcome, worlds in found.outcomes.groupby("outcome").groups.items():
        assert f"World {worlds[0]}: {outcome}\n" in chronicles
    names = {path.name for path in (folder / "figures").iterdir()}
    assert names == {
        f"{figure}.{kind}"
        for kind in ("png", "svg")
        for figure in ("outcomes", "tariffs", "agreed", "utility_plane", "influence_graph")
    }


def test_the_manifest_names_a_command_that_does_it_again(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = json.loads((folder / "manifest.json").read_text())["command"].split()
    assert command[:2] == ["python", "run.py"]
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert _exit(command[2:]) == 0
    assert {path: path.read_bytes() for path in before} == before


def test_without_a_command_it_is_the_main_scenario(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(run.runs, "run_main_job", lambda *arguments: asked.append(arguments))
    assert _exit(["--worlds", "9", "--out", str(tmp_path)]) == 0
    assert asked == [("february_2025", 9, 1, [], tmp_path)]


@pytest.mark.parametrize("engine", ["numpy", "traced"])
def test_the_engine_can_be_chosen(engine: str, tmp_path: Path) -> None:
    setting = ["--set", "time.horizon=4", "--worlds", "4", "--out", str(tmp_path)]
    assert _exit(["simulate", "classroom", "--engine", engine, *setting]) == 0
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert manifest["engine"] == engine
    assert f"--engine {engine}" in manifest["command"]


def test_it_prints_shares_with_interval_scenario_and_sweep(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        _exit(
            [
                "simulate",
                "classroom",
                "--worlds",
                "4",
                "--set",
                "time.horizon=4",
                "--out",
                str(tmp_path),
            ]
        )
        == 0
    )
    printed = " ".join(capsys.readouterr().out.split())
    for part in (
        "How the talks end in classroom",
        "95 % interval",
        "The sweep",
        "not a forecast",
        "One world of each outcome",
        "World 0. ",
    ):
        assert part in printed
    assert printed.index("How the talks end") < printed.index("The sweep")


def test_replay_tells_the_world_that_was(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _exit(["replay", str(folder), "2"]) == 0
    printed = capsys.readouterr().out
    outcome = read_results(folder).outcomes["outcome"][2]
    assert printed.splitlines()[1].lower().count(outcome) == 1
    assert "08 Feb 2025: The tariff of the United States rises by 10.0 points to 30.7 %." in printed
    assert "The outcome equals the row of runs.parquet in all" in printed.splitlines()[-1]
    assert _exit(["replay", str(folder), "2", "--all"]) == 0
    assert len(capsys.readouterr().out) >= len(printed)


def test_replay_says_what_differs(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = read_results(folder)
    forged = found.outcomes.assign(truces=7.0)
    other = write_results(Run(found.scenario, found.seed, forged), tmp_path / "forged")
    assert _exit(["replay", str(other), "2"]) == 1
    assert "differs from runs.parquet: truces is 0.0, was 7.0." in capsys.readouterr().out


def test_the_ablation_prints_and_writes_its_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _exit(["ablation", "split_the_pie", "--worlds", "3", "--out", str(tmp_path)]) == 0
    printed = capsys.readouterr().out
    assert "Effect of each mechanism in split_the_pie" in printed
    assert "third_party" in printed
    assert "95 % interval" in printed
    assert (tmp_path / "ablation.csv").read_text().startswith("mechanism,measure,estimate,low,high")


def test_list_names_every_scenario(capsys: pytest.CaptureFixture[str]) -> None:
    assert _exit(["list"]) == 0
    assert "february_2025 US-China trade talks" in " ".join(capsys.readouterr().out.split())


def test_schema_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert _exit(["schema"]) == 0
    assert json.loads(capsys.readouterr().out)["title"] == "Winset scenario"


def test_check_tells_good_from_bad(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good = root / "model" / "scenarios" / "february_2025.toml"
    bad = root / "tests" / "invalid" / "edge_to_nobody.toml"
    assert _exit(["check", str(good)]) == 0
    assert "good" in capsys.readouterr().out
    assert _exit(["check", str(good), str(bad)]) == run.FAULT
    shown = capsys.readouterr()
    assert "good" in shown.out
    assert "edge_to_nobody.toml has 1 problem" in shown.err


FAULTS = {
    "unknown scenario": (["simulate", "februari_2025"], 'Did you mean "february_2025"?'),
    "unknown name": (
        ["simulate", "classroom", "--set", "talks.windo=3"],
        'Did you mean "talks.window"?',
    ),
    "no equals sign": (
        ["simulate", "classroom", "--set", "talks.window"],
        '--set = "talks.window": must have the form NAME=VALUE',
    ),
    "no value": (
        ["simulate", "classroom", "--set", "talks.window="],
        "must have the form NAME=VALUE",
    ),
    "out of range": (["simulate", "classroom", "--set", "talks.rate=2"], "between 0 and 1"),
    "unknown rule": (["simulate", "classroom", "--set", "sides.A.offering=bolware"], "sides"),
    "no worlds": (["--worlds", "0"], "--worlds"),
    "unknown engine": (["simulate", "classroom", "--engine", "numba"], "--engine"),
    "worlds a word": (["simulate", "classroom", "--worlds", "many"], "--worlds"),
    "seed below 0": (["--seed", "-1"], "--seed"),
    "ablation of nothing": (["ablation", "februari_2025"], 'Did you mean "february_2025"?'),
    "diagnosis of nothing": (["diagnose", "februari_2025"], 'Did you mean "february_2025"?'),
    "diagnosis of an unknown name": (
        ["diagnose", "classroom", "--set", "talks.windo=3"],
        'Did you mean "talks.window"?',
    ),
    "no results": (["replay", "nowhere", "0"], "there is no such folder"),
    "no game": (["replay", "nowhere.json"], "there is no such file or folder"),
    "no world": (["replay", "docs"], "a results folder contains many worlds"),
    "world below 0": (["replay", "nowhere", "--", "-1"], "WORLD"),
    "file missing": (["check", "nowhere.toml"], "nowhere.toml"),
    "unknown command": (["simulat"], "simulat"),
}


@pytest.mark.parametrize(("arguments", "message"), FAULTS.values(), ids=FAULTS.keys())
def test_what_cannot_be_done_is_told_in_words(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _exit(arguments) == run.FAULT
    shown = capsys.readouterr()
    assert message.lower() in shown.err.lower()
    assert "Traceback" not in shown.err
    assert shown.out == ""


def test_a_folder_that_cannot_be_written_is_told_before_any_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("taken")
    assert (
        _exit(["simulate", "february_2025", "--worlds", "1000000", "--out", str(tmp_path / "file")])
        == run.FAULT
    )
    assert "cannot be written" in capsys.readouterr().err


def test_no_such_world(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _exit(["replay", str(folder), "6"]) == run.FAULT
    assert "Choose one between 0 and 5" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("talks.window=13", ("talks.window", 13)),
        ("talks.rate = 0.5", ("talks.rate", 0.5)),
        ("talks.learning=false", ("talks.learning", False)),
        ("sides.US.offering=boulware", ("sides.US.offering", "boulware")),
        ('title="A = B"', ("title", "A = B")),
    ],
)
def test_settings_are_read_as_in_a_file(text: str, expected: tuple[str, object]) -> None:
    assert assignment(text) == expected


def test_help_answers_quickly_without_the_heavy_libraries(root: Path) -> None:
    code = (
        "import sys, run\n"
        "try: run.main(['--help'])\n"
        "except SystemExit: print([m for m in ('pandas', 'mesa', 'matplotlib', 'scipy')"
        " if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.rstrip().endswith("[]")
    for command in ("simulate", "check", "list", "schema", "replay", "ablation", "diagnose"):
        assert command in done.stdout


HIDDEN = ("\x1b[2J", "\x9b31m", "\u202e", "\u2028", "\x07")


def _told(capsys: pytest.CaptureFixture[str]) -> str:
    found = capsys.readouterr()
    return found.out + found.err


@pytest.mark.parametrize("letters", HIDDEN, ids=ascii)
@pytest.mark.parametrize("words", [["check"], ["simulate", "--worlds", "2"], ["ablation"]])
def test_a_scenario_cannot_give_orders_to_the_terminal(
    words: list[str], letters: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "one.toml"
    path.write_text(
        'name = "one"\nextends = "split_the_pie"\n'
        f"title = {json.dumps(letters)}\n[sides.{json.dumps(letters)}]\n",
        encoding="utf-8",
    )
    assert _exit([words[0], str(path), *words[1:]]) == 2
    told = _told(capsys)
    assert letters[0] not in told
    assert f"invisible character (U+{ord(letters[0]):04X})" in told


@pytest.mark.parametrize("name", [*HIDDEN, "all\nis well"], ids=ascii)
def test_a_file_name_cannot_give_orders_to_the_terminal(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _exit(["check", str(tmp_path / f"{name}.toml")]) == 2
    assert name not in _told(capsys)
    (tmp_path / f"{name}.toml").write_text("title = 1", encoding="utf-8")
    assert _exit(["check", str(tmp_path / "none.toml")]) == 2
    assert name not in _told(capsys)


def test_a_results_folder_cannot_give_orders_to_the_terminal(
    made: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_results(made, tmp_path / "a", "python \x1b[2J run.py")
    (tmp_path / "a" / "runs.parquet").write_bytes(b"")
    assert _exit(["report", str(tmp_path / "a")]) == 2
    told = _told(capsys)
    assert "\x1b" not in told
    assert r"python \u001b[2J run.py" in told


def test_what_is_told_of_a_world_cannot_give_orders_to_the_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = ReplayResult(["World 1 of \x1b[2J", "as it\u202e was"], True)
    monkeypatch.setattr(ReplayJob, "run", lambda *_: lines)
    assert _exit(["replay", "a", "1"]) == 0
    assert _told(capsys) == "World 1 of \\u001b[2J\nas it\\u202e was\n"


@pytest.mark.parametrize("words", [["list"], ["--help"], ["simulate", "--help"]])
def test_light_commands_import_lightly(words: list[str]) -> None:
    code = (
        "import sys, run\n"
        f"try: run.main({words!r})\n"
        "except SystemExit: pass\n"
        "print(sorted({'pandas', 'mesa', 'scipy', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(run.__file__).parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"
