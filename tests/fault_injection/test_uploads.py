"""Tests of uploads that would take long: limits before parsing, a time limit, few problems."""

import time
import tomllib

import pytest

from app.explore.session import Session
from app.inputs.scenario_store import LARGEST, ScenarioStore
from app.serving import tasks, workers
from app.serving.latest_task import TooLong, deadline
from model.schema import untrusted_toml
from model.schema.problems import MOST, Problem, ProblemsError, ScenarioError, at_most
from model.schema.reading import shipped

HEAD = 'name = "a"\ntitle = "A"\nextends = "classroom"\n'
SLOW = 3.0  # seconds of CPU, on a slow machine
COUNT = 19_000
LONG_KEYS = {
    "bare": ".".join(["a"] * 50_000) + " = 1",
    "quoted": ".".join(['"a"'] * 25_000) + " = 1",
    "single quotes": ".".join(["'a'"] * 25_000) + " = 1",
    "spaces": " . ".join(["a"] * 25_000) + " = 1",
    "header": f"[{'.'.join(['a'] * 50_000)}]",
    "inline": "x = {" + ".".join(["a"] * 50_000) + " = 1}",
    "short lines": "\n".join(f"{'a.' * 40}x{n} = 1" for n in range(2000)),
    "tables": "\n".join(f"[a{n}]" for n in range(COUNT)),
    "lines": "\n" * LARGEST,
    "brackets": "x = " + "[" * 150_000,
    "a long line": "x = '" + "a" * 150_000 + "'",
}


@pytest.mark.parametrize("text", LONG_KEYS.values(), ids=LONG_KEYS.keys())
def test_a_large_upload_is_refused_at_once(text: str) -> None:
    begun = time.process_time()
    with pytest.raises(ScenarioError, match=r"parts|at most|too deeply|characters"):
        ScenarioStore().add("x.toml", (HEAD + text).encode())
    assert time.process_time() - begun < SLOW


@pytest.mark.parametrize("text", ["x{} = 1", "[talks]\n{} = 1\n[values]\nx{} = 1"])
def test_few_of_many_problems_are_listed(text: str) -> None:
    begun = time.process_time()
    many = "\n".join(text.replace("{}", f"x{n}") for n in range(17_000 if "[" not in text else 1))
    more = "\n".join(f"y{n} = 1" for n in range(200))
    with pytest.raises(ScenarioError) as refused:
        ScenarioStore().add("x.toml", f"{HEAD}{many}\n{more}".encode())
    assert time.process_time() - begun < SLOW
    assert len(str(refused.value)) < 20_000
    assert len(refused.value.problems) <= MOST + 2
    assert "more are not listed" in str(refused.value.problems[-1])


def test_all_problems_are_counted() -> None:
    error = ProblemsError("x", [Problem("here", "", "wrong")] * 19_007)
    assert str(error).startswith("x has 19,007 problems:")
    again = ProblemsError("y", error.problems)
    assert again.problems == error.problems
    assert len(at_most([Problem("here", "", "wrong")] * MOST)) == MOST


def test_shipped_scenarios_are_within_the_limits() -> None:
    for path in shipped().values():
        assert untrusted_toml.too_much(path.read_text(encoding="utf-8")) is None


@pytest.mark.parametrize(
    "text", ['x = "One. Two. Three. Four."', "# " + "word. " * 500, "[a]\nb.c = 1.5"]
)
def test_usual_texts_are_parsed(text: str) -> None:
    assert untrusted_toml.loads(text) == tomllib.loads(text)


def test_a_slow_parser_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    def forever(*_: object) -> str:
        while True:
            pass

    monkeypatch.setattr(tasks, "READING", 0.2)
    monkeypatch.setattr(ScenarioStore, "add", forever)
    with pytest.raises(ScenarioError, match="took longer than 0 seconds"):
        tasks.check_upload("x.toml", b"", lambda _: None)
    with deadline(60.0):
        pass  # the timer of the first is off


def test_an_upload_is_read_by_a_worker_first(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise TooLong(5.0)

    monkeypatch.setattr(workers, "run", refuse)
    with pytest.raises(TooLong):
        Session().opening("x.toml", HEAD.encode())
