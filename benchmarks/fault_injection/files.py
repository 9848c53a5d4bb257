"""Damages every kind of file that the program reads, and hears what it says to that."""

import io
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from unittest.mock import patch

import run
from benchmarks.fault_injection.damage import DAMAGES, copied, snapshot
from benchmarks.fault_injection.kills import WIDTH, study
from benchmarks.fault_injection.tally import LONG, Tally, Verdict, tallied
from experiments.batch.run import Shard, run_batch
from experiments.engine import simulate
from experiments.game.table import Game
from experiments.game.transcript import as_json as game_json
from experiments.game.transcript import transcript_of
from experiments.history import record
from experiments.results.errors import ResultsError
from experiments.results.folder import write_results
from experiments.results.layout import CHUNKS, MANIFEST, RUNS, WEEKS
from experiments.results.manifest import as_json
from model.economy import data, grid
from model.economy.tables import SUMS
from model.schema.reading import shipped
from model.schema.scenario import load_scenario

PAGE = "report.html"  # what `report` may write beside what it reads
TABLES = (RUNS, WEEKS)
UNUSED = "unused by it, or harmless"
SPOKEN = "refused in words, all left as it was"
AGAIN = "run again, to the same bytes"


@dataclass(frozen=True)
class Case:
    """A file that is damaged in a folder, and who reads it then."""

    folder: Path
    file: str
    damage: str
    reader: Callable[[Path], Verdict]

    def __str__(self) -> str:
        return f"{self.file}, {self.damage}"


def try_files(numbers: range) -> Tally:
    """Damage the files of those numbers among all kinds, each in every way."""
    with tempfile.TemporaryDirectory() as place:
        chosen = [case for number, case in enumerate(cases(Path(place))) if number in numbers]
        return tallied(chosen, lambda case: judged(case, Path(place) / "spoilt"), name="file")


def cases(place: Path) -> list[Case]:
    """Return all kinds of files with all damages."""
    results, part, game, scenario = (
        place / name for name in ("results", "part", "game", "scenario")
    )
    _results(results)
    _part(part, place / "peace")
    _game(game)
    _scenario(scenario)
    by_file: list[tuple[Path, str, Callable[[Path], Verdict]]] = [
        (results, MANIFEST, partial(_told, ["report", "."])),
        (results, RUNS, partial(_told, ["report", "."])),
        (results, MANIFEST, partial(_told, ["replay", ".", "1"])),
        (results, WEEKS, partial(_told, ["replay", ".", "1"])),
        (results, RUNS, partial(_told, ["compare", ".", str(results), "--out", PAGE])),
        (results, "summary.txt", partial(_told, ["report", "."])),
        (results, "cells.csv", partial(_told, ["report", "."])),
        (results, "ro-crate-metadata.json", partial(_told, ["report", "."])),
        (game, "game.json", partial(_told, ["replay", "game.json"])),
        (scenario, "one.toml", partial(_told, ["check", "one.toml"])),
        (scenario, "below.toml", partial(_told, ["check", "one.toml"])),
    ]
    chunks = sorted((part / CHUNKS).iterdir())
    kinds = [next(p for p in chunks if kind in p.name) for kind in ("runs", "weeks", "study")]
    kinds += [part / CHUNKS / "000011.failed.json"]
    for path in kinds:
        name = f"{CHUNKS}/{path.name}"
        by_file.append((part, name, partial(_resumed, place / "peace")))
        by_file.append((part, name, partial(_told, ["merge", "."])))
    by_file += _tables(place)
    return [
        Case(folder, file, damage, reader) for folder, file, reader in by_file for damage in DAMAGES
    ]


def _tables(place: Path) -> list[tuple[Path, str, Callable[[Path], Verdict]]]:
    """Return the data files that come with the program, and the commands that read them."""
    war = place / "war"
    setting = load_scenario("trade_war_2018", {"time.horizon": 2})
    write_results(simulate(setting, 2), war, "python run.py simulate")
    read = {
        data.FOLDER: ["replay", str(war), "1"],
        record.DATA: ["history", "--out", str(place / "history")],
    }
    return [
        (copied(folder, place / f"data {number}"), path.name, partial(_with_data, words))
        for number, (folder, words) in enumerate(read.items())
        for path in sorted(folder.iterdir())
        if path.suffix in (".csv", ".npz") or path.name == SUMS
    ]


def _with_data(words: list[str], folder: Path) -> Verdict:
    """Give a command that reads its data files in this folder, as after a damaged download."""
    readers = (data.load_base, grid.EconomyGrid.load, record.table)
    places = [(data, "FOLDER"), (grid, "FOLDER"), (record, "DATA")]
    with ExitStack() as stack:
        for module, name in places:
            stack.enter_context(patch.object(module, name, folder))
        for reader in readers:  # what was read before is forgotten, and what is read now
            reader.cache_clear()
            stack.callback(reader.cache_clear)
        return _told(words, folder)


def judged(case: Case, place: Path) -> Verdict:
    """Damage a file in a copy of its folder, let it be read, and say what came of it."""
    folder = copied(case.folder, place)
    DAMAGES[case.damage](folder / case.file)
    before = snapshot(folder)
    verdict, faults = case.reader(folder)
    after = snapshot(folder)
    if verdict == SPOKEN and before != after:
        faults = [*faults, "something was changed"]
    return verdict, faults


def _told(words: list[str], folder: Path) -> Verdict:
    """Give a command in the folder, and judge its answer."""
    out, error = io.StringIO(), io.StringIO()
    with _inside(folder), redirect_stdout(out), redirect_stderr(error):
        try:
            run.main(words)
            code: object = 0
        except SystemExit as ended:
            code = ended.code or 0
        except Exception as fault:  # noqa: BLE001 - whatever it is, it is what is looked for
            return "traceback", [f"{words[0]}: {type(fault).__name__}: {fault!s:.200}"]
    told = error.getvalue()
    if code == 0:
        (folder / PAGE).unlink(missing_ok=True)
        return UNUSED, []
    if code == 1 and words[0] == "replay" and "differs" in out.getvalue():
        return "lived again, and told to differ", []
    faults = [] if code == run.FAULT else [f"{words[0]}: exit code {code}"]
    return SPOKEN, faults + _amiss(told)


def _resumed(peace: Path, folder: Path) -> Verdict:
    """Go on with a batch, and compare its tables with those of one that was left in peace."""
    try:
        run_batch(study(), folder, resume=True, width=WIDTH)
    except ResultsError as error:
        return SPOKEN, _amiss(str(error))
    except Exception as fault:  # noqa: BLE001 - as above
        return "traceback", [f"resume: {type(fault).__name__}: {fault!s:.200}"]
    same = all((folder / name).read_bytes() == (peace / name).read_bytes() for name in TABLES)
    return AGAIN, [] if same else ["other bytes than in peace"]


def _amiss(told: str) -> list[str]:
    """Return what a message lacks: the five parts stand on an indented line below the file's."""
    lines = told.strip().splitlines()
    faults = [] if len(lines) > 1 and " problem" in lines[0] else [f"no word of why: {told:.100}"]
    return faults + ([f"{len(told):,} characters of why"] if len(told) > LONG else [])


@contextmanager
def _inside(folder: Path) -> Iterator[None]:
    """Work in a folder for a while."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def _results(folder: Path) -> None:
    """Leave what a run leaves."""
    setting = load_scenario("split_the_pie", {"time.horizon": 6})
    write_results(simulate(setting, 4, record=("trust",)), folder, "python run.py simulate")
    (folder / "summary.txt").write_text("What came of it.\n", encoding="utf-8")
    (folder / "cells.csv").write_text("cell,share\nfirst,0.5\n", encoding="utf-8")


def _part(folder: Path, peace: Path) -> None:
    """Leave a batch that was cut short, one of whose chunks failed, and the same one whole."""
    run_batch(study(), peace, width=WIDTH)
    run_batch(study(), folder, shard=Shard(1, 2), width=WIDTH)
    run_batch(study(), folder, shard=Shard(2, 2), width=WIDTH)
    for path in (folder / CHUNKS).glob("000011.*"):
        path.unlink()
    record = {"chunk": 11, "arm": "one", "first": 440, "last": 479, "error": "E", "traceback": "T"}
    (folder / CHUNKS / "000011.failed.json").write_bytes(as_json(record))


def _game(folder: Path) -> None:
    """Leave the transcript of a game of three weeks."""
    folder.mkdir()
    game = Game(load_scenario("split_the_pie"), ["first"])
    game.wait(3)
    (folder / "game.json").write_text(game_json(transcript_of(game)), encoding="utf-8")


def _scenario(folder: Path) -> None:
    """Leave a scenario that extends another one."""
    folder.mkdir()
    below = shipped()["classroom"].read_bytes()
    (folder / "below.toml").write_bytes(below)
    text = 'name = "one"\ntitle = "One"\nextends = "below.toml"\n'
    (folder / "one.toml").write_text(text, encoding="utf-8")
