"""Spoilt scenarios and command lines: refused in words, or they mean what they say and run."""

from pathlib import Path

import pytest

import run
from benchmarks.fault_injection import lines, scenarios
from benchmarks.fault_injection.lines import try_lines
from benchmarks.fault_injection.scenarios import ACCEPTED, REFUSED, judge_scenario, try_scenarios
from benchmarks.fault_injection.tally import tally_cases
from experiments.batch.plan import MOST, plan
from experiments.study import one_arm
from model.schema.problems import ScenarioError
from model.schema.reading import MAX_CHAIN, assignment
from model.schema.scenario import load_scenario

HEAD = 'name = "itself"\ntitle = "One"\n'


def test_spoilt_scenarios_are_refused_in_words_or_run() -> None:
    tally = try_scenarios(range(100))
    assert tally.faults == []
    assert set(tally.verdicts) == {REFUSED, ACCEPTED}


def test_spoilt_command_lines_are_refused_in_words_or_done() -> None:
    tally = try_lines(range(120))
    assert tally.faults == []
    assert len(tally.verdicts) == 3


def test_the_judges_can_find_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "one.toml"
    file.write_text(HEAD + 'extends = "classroom"\n')
    assert judge_scenario(file) == (ACCEPTED, [])
    content = {"name": "other", "nothing": 1, "talks": {"rate": True}}
    monkeypatch.setattr(scenarios, "read", lambda path: content)
    faults = judge_scenario(file)[1]
    assert faults == [
        "name is 'other', but 'itself' was loaded",
        "silently ignored nothing",
        "talks.rate is True, but 1.0 was loaded",
    ]
    monkeypatch.setattr(scenarios, "load_scenario", lambda path: 1 / 0)
    assert judge_scenario(file) == ("traceback", ["ZeroDivisionError: division by zero"])
    assert lines.judge_line(["check", "itself.toml"]) == ("done", [])
    monkeypatch.setattr(run, "app", lambda words: 1 / 0)
    assert lines.judge_line(["list"])[0] == "traceback"
    slow = tally_cases([1], lambda number: ("good", []), slow=-1.0)
    assert slow.faults == ["number 1: took 0.0 s"]


NAMES = {
    "longer than a name may be": "y" * 5000 + ".toml",
    "in a folder longer than a name may be": "y" * 5000 + "/one.toml",
    "with a zero byte": "a\\u0000/b.toml",
    "a folder": "folder.toml",
    "endless": "/dev/zero",
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_what_cannot_be_extended_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.toml").mkdir()
    file = tmp_path / "one.toml"
    file.write_text(f'{HEAD}extends = "{name}"\n')
    with pytest.raises(ScenarioError, match=r"extends = .*: there is no such (file|scenario)"):
        load_scenario(file)


def test_a_tower_of_scenarios_is_told(tmp_path: Path) -> None:
    for floor in range(MAX_CHAIN + 2):
        below = f'"{floor + 1}.toml"'
        (tmp_path / f"{floor}.toml").write_text(f"{HEAD}extends = {below}\n")
    (tmp_path / f"{MAX_CHAIN + 2}.toml").write_text(HEAD + 'extends = "classroom"\n')
    load_scenario(tmp_path / "3.toml")
    with pytest.raises(ScenarioError, match="more than 20 scenarios that extend each other"):
        load_scenario(tmp_path / "0.toml")


@pytest.mark.parametrize("value", ["1" * 5000, "[" * 5000, "0.5\n[x]"], ids=["1", "[", "lines"])
def test_a_setting_that_is_no_value_is_a_word(value: str) -> None:
    name, found = assignment(f"talks.rate={value}")
    assert (name, found) == ("talks.rate", value)
    with pytest.raises(ScenarioError, match=r"\[talks\] rate = .*: must be a number between"):
        load_scenario("classroom", {name: found})


def test_a_number_beyond_all_files_is_told_in_an_override() -> None:
    with pytest.raises(ScenarioError, match="the number is too large"):
        load_scenario("classroom", {"talks.rate": 16**5000})
    with pytest.raises(ScenarioError, match=r"nothing\.rate = a number with too many digits: the"):
        load_scenario("classroom", {"nothing.rate": 16**5000})


def test_a_batch_that_no_machine_ends_is_told() -> None:
    study = one_arm("vast", load_scenario("classroom"), [{}, {}], MOST)
    with pytest.raises(ScenarioError, match="at most 1,000,000,000 worlds in all"):
        plan(study)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["list", "\udcff"], r"word 2 = '\\udcff': it is not text in UTF-8"),
        (["--worlds", "1" + "0" * 12], "--worlds"),
        (["replay", "x" * 5000, "1"], "there is no such folder"),
    ],
    ids=["bytes", "worlds", "a long name"],
)
def test_command_lines_that_once_broke(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        run.main(words)
    assert caught.value.code == run.FAULT
    assert told.replace("\\\\", "\\") in capsys.readouterr().err


def test_too_little_memory_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*given: object) -> None:
        raise MemoryError("Unable to allocate 7 TiB")

    monkeypatch.setattr(run.runs, "run_main_job", full)
    with pytest.raises(SystemExit) as caught:
        run.main([])
    assert caught.value.code == run.FAULT
    assert "Not enough memory" in capsys.readouterr().err
