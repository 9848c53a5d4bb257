"""Fuzz every reader of files: mutated results folders, transcripts and scenarios, without running.

Each input must be read or refused with a message, and soon.
"""

import copy
import json
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.fault_injection.mutations import Random, mutated_scenario, pick
from benchmarks.fault_injection.tally import LONG, Tally, Verdict, tally_cases
from experiments.engine import simulate
from experiments.game.table import Game
from experiments.game.transcript import as_json as game_json
from experiments.game.transcript import transcript_of
from experiments.game.transcript_reading import read_transcript
from experiments.report.compare import compare
from experiments.report.folder import read_folder
from experiments.report.kinds import page
from experiments.report.page import render
from experiments.results.folder import read_results, write_results
from experiments.results.layout import CELLS, FINDINGS, MANIFEST
from experiments.statistics import keyed_generator
from model.schema.problems import ProblemsError
from model.schema.scenario import load_scenario

REFUSED, READ = "refused with a message", "read"
SLOW = 2.0  # seconds of CPU for one input
TIMES = (1, 1, 2, 3)
HOSTILE: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2, 10**30, 1e308, -0.5, "", "x", "../..", "/etc/passwd",
    "/dev/zero", "\x00", "\u202e", "<script>alert(1)</script>", "{{ 7 * 7 }}", "x" * 5000, [], {},
    [[]], [None], [1, "x", {}], {"": ""}, {"name": {}}, {"a": {"b": [{"c": None}]}}, "2025-02-01",
    "winset results 3", "experiment", "run", "runs.parquet",
)  # fmt: skip
TEXTS = ("[" * 200_000, "{" * 500, "\ufeff", "NaN", "Infinity", "\x00", "1" * 5000, '"', "\\ud800")

type Reader = Callable[[bytes], object]


def try_reader(name: str, numbers: range) -> Tally:
    """Give the mutated inputs with these numbers to a reader."""
    with tempfile.TemporaryDirectory() as temporary, _quiet():
        base, reader = READERS[name](Path(temporary))

        def judge(number: int) -> Verdict:
            rng = keyed_generator(f"mutated {name}", number)
            return _judge(reader, _mutated(base, rng) if base else _scenario(number))

        return tally_cases(numbers, judge, SLOW)


def _judge(reader: Reader, content: bytes) -> Verdict:
    try:
        reader(content)
    except ProblemsError as error:
        long = len(str(error))
        return REFUSED, [f"a message of {long:,} characters"] if long > LONG else []
    except Exception as error:  # noqa: BLE001 - any exception is a fault to report
        return "traceback", [f"{type(error).__name__}: {error!s:.200}"]
    return READ, []


@contextmanager
def _quiet() -> Iterator[None]:
    """Hide warnings of old formats, which a mutation can produce."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


def _scenario(number: int) -> bytes:
    return mutated_scenario(number).encode("utf-8", "surrogatepass")


def _mutated(base: bytes, rng: Random) -> bytes:
    """Return a text with mutated values, keys or characters."""
    if base.lstrip()[:1] in (b"{", b"[") and rng.random() < 0.8:
        content = json.loads(base)
        for _ in range(pick(rng, TIMES)):
            content = _other(content, rng)
        return json.dumps(content).encode()
    text = base.decode()
    for _ in range(pick(rng, TIMES)):
        at, stop = sorted(int(end) for end in rng.integers(len(text) + 1, size=2))
        new = (text[:at], text[:at] + text[stop:], text[:at] + pick(rng, TEXTS) + text[at:])
        text = pick(rng, (*new, text[:at] + chr(int(rng.integers(1, 256))) + text[at + 1 :]))
    return text.encode("utf-8", "surrogatepass")


def _other(content: Any, rng: Random) -> Any:
    """Return a JSON value in which one part is changed, removed, renamed or copied."""
    if not isinstance(content, dict | list):
        return copy.deepcopy(pick(rng, HOSTILE))
    parts = [content, *_parts(content)]
    holder = parts[int(rng.integers(len(parts)))]
    if not holder:
        return copy.deepcopy(pick(rng, HOSTILE))
    keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
    key = keys[int(rng.integers(len(keys)))]
    what = int(rng.integers(5))
    if what == 0:
        del holder[key]
    elif what == 1:
        holder[key] = copy.deepcopy(parts[int(rng.integers(len(parts)))])
    elif what == 2 and isinstance(holder, dict):
        holder[pick(rng, ("", "x", "../x", "/etc/passwd", "a" * 5000, "\x00"))] = holder.pop(key)
    else:
        holder[key] = copy.deepcopy(pick(rng, HOSTILE))
    return content


def _parts(content: Any) -> Iterator[Any]:
    """Yield all tables and lists inside a JSON value."""
    for one in content.values() if isinstance(content, dict) else content:
        if isinstance(one, dict | list):
            yield one
            yield from _parts(one)


def write_experiment(folder: Path) -> Path:
    """Write a small results folder that looks like that of an experiment."""
    setting = load_scenario("split_the_pie", {"time.horizon": 4})
    write_results(simulate(setting, 4, record=("trust",)), folder, "python run.py experiment one")
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    factor = {"title": "Trust", "levels": [{"label": "low", "settings": {"talks.rate": 0.1}}]}
    about: dict[str, Any] = {
        "title": "One",
        "question": "Why?",
        "sources": ["A book"],
        "caveats": ["Small"],
    }
    about |= {"factors": {"trust": factor}, "cells": [{"trust": "low"}], "limits": "None."}
    about |= {"contexts": [{"values.cost_scale": 1.0}], "settings": {"talks.rate": 0.2}}
    about |= {"measures": {"deal": {"title": "Deals", "unit": "%"}}, "figures": {"one": "A figure"}}
    manifest |= {"kind": "experiment", "about": about}
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    ends = [1.0, 0.5, None]
    finding: dict[str, Any] = {
        "claim": "It grows",
        "verdict": "supported",
        "effect": ends,
        "each": [ends],
    }
    finding |= {"unit": "points", "held": 1, "detail": "", "sentence": "It grows."}
    (folder / FINDINGS).write_text(json.dumps([finding, finding]), encoding="utf-8")
    rows = "trust,values.cost_scale,measure,estimate,low,high\nlow,,deal,0.5,0.25,0.75\n"
    (folder / CELLS).write_text(rows, encoding="utf-8")
    return folder


def _in_folder(file: str) -> Callable[[Path], tuple[bytes, Reader]]:
    """Return what prepares a reader of a results folder in which a file is replaced."""

    def prepare(parent: Path) -> tuple[bytes, Reader]:
        whole, changed = write_experiment(parent / "whole"), parent / "changed"
        shutil.copytree(whole, changed)

        def reader(content: bytes) -> None:
            (changed / file).write_bytes(content)
            render(page(read_folder(changed)))
            compare(changed, whole, parent / "comparison.html")
            results = read_results(changed)
            _ = results.scenario, results.failed

        return (whole / file).read_bytes(), reader

    return prepare


def _transcripts(_: Path) -> tuple[bytes, Reader]:
    game = Game(load_scenario("split_the_pie"), ["first"])
    game.wait(3)
    return game_json(transcript_of(game)).encode(), read_transcript


def _scenarios(parent: Path) -> tuple[bytes, Reader]:
    def reader(content: bytes) -> None:
        path = parent / "itself.toml"
        path.write_bytes(content)
        load_scenario(path)

    return b"", reader


READERS: dict[str, Callable[[Path], tuple[bytes, Reader]]] = {
    "manifests": _in_folder(MANIFEST),
    "findings": _in_folder(FINDINGS),
    "cells": _in_folder(CELLS),
    "transcripts": _transcripts,
    "toml": _scenarios,
}
