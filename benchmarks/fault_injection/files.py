"""Damage every kind of file that the program reads, and check its response."""

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
from benchmarks.fault_injection.damage import DAMAGES, copy_folder, snapshot
from benchmarks.fault_injection.kills import WIDTH, study
from benchmarks.fault_injection.tally import LONG, Tally, Verdict, tally_cases
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
UNUSED = "unused or harmless"
REFUSED = "refused with a message, nothing changed"
REGENERATED = "regenerated with the same bytes"


@dataclass(frozen=True)
class Case:
    """A file in a folder, the kind of damage, and a function that reads the folder."""

    folder: Path
    file: str
    damage: str
    reader: Callable[[Path], Verdict]

    def __str__(self) -> str:
        return f"{self.file}, {self.damage}"


def try_files(numbers: range) -> Tally:
    """Run the cases with these numbers."""
    with tempfile.TemporaryDirectory() as temporary:
        parent = Path(temporary)
        chosen = [case for number, case in enumerate(cases(parent)) if number in numbers]
        return tally_cases(chosen, lambda case: judge_file(case, parent / "damaged"), name="file")


def cases(parent: Path) -> list[Case]:
    """Return all combinations of files and kinds of damage."""
    results, part, game, scenario = (
        parent / name for name in ("results", "part", "game", "scenario")
    )
    _write_results(results)
    _write_partial_batch(part, parent / "undisturbed")
    _write_game(game)
    _write_scenario(scenario)
    by_file: list[tuple[Path, str, Callable[[Path], Verdict]]] = [
        (results, MANIFEST, partial(_run_command, ["report", "."])),
        (results, RUNS, partial(_run_command, ["report", "."])),
        (results, MANIFEST, partial(_run_command, ["replay", ".", "1"])),
        (results, WEEKS, partial(_run_command, ["replay", ".", "1"])),
        (results, RUNS, partial(_run_command, ["compare", ".", str(results), "--out", PAGE])),
        (results, "summary.txt", partial(_run_command, ["report", "."])),
        (results, "cells.csv", partial(_run_command, ["report", "."])),
        (results, "ro-crate-metadata.json", partial(_run_command, ["report", "."])),
        (game, "game.json", partial(_run_command, ["replay", "game.json"])),
        (scenario, "one.toml", partial(_run_command, ["check", "one.toml"])),
        (scenario, "below.toml", partial(_run_command, ["check", "one.toml"])),
    ]
    chunks = sorted((part / CHUNKS).iterdir())
    kinds = [next(p for p in chunks if kind in p.name) for kind in ("runs", "weeks", "study")]
    kinds += [part / CHUNKS / "000011.failed.json"]
    for path in kinds:
        name = f"{CHUNKS}/{path.name}"
        by_file.append((part, name, partial(_resume, parent / "undisturbed")))
        by_file.append((part, name, partial(_run_command, ["merge", "."])))
    by_file += _tables(parent)
    return [
        Case(folder, file, damage, reader) for folder, file, reader in by_file for damage in DAMAGES
    ]


def _tables(parent: Path) -> list[tuple[Path, str, Callable[[Path], Verdict]]]:
    """Return the data files of the program, and the commands that read them."""
    war = parent / "war"
    setting = load_scenario("trade_war_2018", {"time.horizon": 2})
    write_results(simulate(setting, 2), war, "python run.py simulate")
    read = {
        data.FOLDER: ["replay", str(war), "1"],
        record.DATA: ["history", "--out", str(parent / "history")],
    }
    return [
        (copy_folder(folder, parent / f"data {number}"), path.name, partial(_with_data, words))
        for number, (folder, words) in enumerate(read.items())
        for path in sorted(folder.iterdir())
        if path.suffix in (".csv", ".npz") or path.name == SUMS
    ]


def _with_data(words: list[str], folder: Path) -> Verdict:
    """Run a command with its data files in this folder, as after a damaged download."""
    readers = (data.load_base, grid.EconomyGrid.load, record.table)
    constants = [(data, "FOLDER"), (grid, "FOLDER"), (record, "DATA")]
    with ExitStack() as stack:
        for module, name in constants:
            stack.enter_context(patch.object(module, name, folder))
        for reader in readers:  # clear the caches before and after
            reader.cache_clear()
            stack.callback(reader.cache_clear)
        return _run_command(words, folder)


def judge_file(case: Case, target: Path) -> Verdict:
    """Damage a file in a copy of its folder, read the copy, and return the verdict."""
    folder = copy_folder(case.folder, target)
    DAMAGES[case.damage](folder / case.file)
    before = snapshot(folder)
    verdict, faults = case.reader(folder)
    after = snapshot(folder)
    if verdict == REFUSED and before != after:
        faults = [*faults, "files were changed"]
    return verdict, faults


def _run_command(words: list[str], folder: Path) -> Verdict:
    """Run a command in the folder, and judge its response."""
    out, error = io.StringIO(), io.StringIO()
    with _inside(folder), redirect_stdout(out), redirect_stderr(error):
        try:
            run.main(words)
            code: object = 0
        except SystemExit as ended:
            code = ended.code or 0
        except Exception as fault:  # noqa: BLE001 - any exception is a fault to report
            return "traceback", [f"{words[0]}: {type(fault).__name__}: {fault!s:.200}"]
    message = error.getvalue()
    if code == 0:
        (folder / PAGE).unlink(missing_ok=True)
        return UNUSED, []
    if code == 1 and words[0] == "replay" and "differs" in out.getvalue():
        return "replayed, and reported to differ", []
    faults = [] if code == run.FAULT else [f"{words[0]}: exit code {code}"]
    return REFUSED, faults + _message_faults(message)


def _resume(undisturbed: Path, folder: Path) -> Verdict:
    """Resume a batch, and compare its tables with those of an undisturbed one."""
    try:
        run_batch(study(), folder, resume=True, width=WIDTH)
    except ResultsError as error:
        return REFUSED, _message_faults(str(error))
    except Exception as fault:  # noqa: BLE001 - as above
        return "traceback", [f"resume: {type(fault).__name__}: {fault!s:.200}"]
    same = all((folder / n).read_bytes() == (undisturbed / n).read_bytes() for n in TABLES)
    return REGENERATED, [] if same else ["the bytes differ from those of an undisturbed batch"]


def _message_faults(message: str) -> list[str]:
    """Return what is wrong with a message: it must list problems below a line with the file."""
    lines = message.strip().splitlines()
    clear = len(lines) > 1 and " problem" in lines[0]
    faults = [] if clear else [f"no reason given: {message:.100}"]
    return faults + ([f"message of {len(message):,} characters"] if len(message) > LONG else [])


@contextmanager
def _inside(folder: Path) -> Iterator[None]:
    """Change the current directory to a folder."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def _write_results(folder: Path) -> None:
    """Write a results folder like that of a run."""
    setting = load_scenario("split_the_pie", {"time.horizon": 6})
    write_results(simulate(setting, 4, record=("trust",)), folder, "python run.py simulate")
    (folder / "summary.txt").write_text("A short summary.\n", encoding="utf-8")
    (folder / "cells.csv").write_text("cell,share\nfirst,0.5\n", encoding="utf-8")


def _write_partial_batch(folder: Path, undisturbed: Path) -> None:
    """Write an unfinished batch with a failed chunk, and the same batch without disturbance."""
    run_batch(study(), undisturbed, width=WIDTH)
    run_batch(study(), folder, shard=Shard(1, 2), width=WIDTH)
    run_batch(study(), folder, shard=Shard(2, 2), width=WIDTH)
    for path in (folder / CHUNKS).glob("000011.*"):
        path.unlink()
    record = {"chunk": 11, "arm": "one", "first": 440, "last": 479, "error": "E", "traceback": "T"}
    (folder / CHUNKS / "000011.failed.json").write_bytes(as_json(record))


def _write_game(folder: Path) -> None:
    """Write the transcript of a game of three weeks."""
    folder.mkdir()
    game = Game(load_scenario("split_the_pie"), ["first"])
    game.wait(3)
    (folder / "game.json").write_text(game_json(transcript_of(game)), encoding="utf-8")


def _write_scenario(folder: Path) -> None:
    """Write a scenario that extends another one."""
    folder.mkdir()
    below = shipped()["classroom"].read_bytes()
    (folder / "below.toml").write_bytes(below)
    text = 'name = "one"\ntitle = "One"\nextends = "below.toml"\n'
    (folder / "one.toml").write_text(text, encoding="utf-8")
