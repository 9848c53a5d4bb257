"""Lets the disk be full at random sizes of a file, makes room again, and lets the work go on."""

import io
import multiprocessing
import resource
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

import run
from benchmarks.fault_injection.kills import PEACE, TABLES, WIDTH, batch, kept_in, study
from benchmarks.fault_injection.tally import Tally, Verdict, tallied
from experiments.batch.run import run_batch
from experiments.batch.runners import local
from experiments.results.errors import ResultsError
from experiments.statistics import keyed_generator

WHOLE = 5  # one in so many is a whole command, with its figures and its report
COMMAND = ["simulate", "split_the_pie", "--worlds", "20", "--set", "time.horizon=8", "--out"]
LARGEST = 300_000  # bytes: a little more than the largest file of the command


def try_disk(numbers: range) -> Tally:
    """Fill the disk so many times."""
    with tempfile.TemporaryDirectory() as place:
        peace = run_batch(study(), Path(place) / "peace", width=WIDTH)
        expected = {name: (peace / name).read_bytes() for name in TABLES}
        return tallied(numbers, partial(_full, Path(place), expected), name="full disk")


def _full(place: Path, expected: dict[str, bytes], number: int) -> Verdict:
    """Do the work where no file may grow beyond its luck, then where it may."""
    rng = float(keyed_generator("full disks", number).random())
    folder = place / str(number)
    if number % WHOLE == WHOLE - 1:
        return _command(folder, int(rng**2 * LARGEST))
    told, kept = _limited(int(rng * max(map(len, expected.values()))), folder, None)
    if not told:
        return "there was room", []
    faults = [] if "no room for more" in told and "Make room" in told else [f"told: {told:.200}"]
    if kept != kept_in(folder):
        faults.append("a chunk that was done is gone")
    run_batch(study(), folder, local(1), resume=True, width=WIDTH)
    if {name: (folder / name).read_bytes() for name in TABLES} != expected:
        faults.append("other bytes than in peace")
    return "stopped in words, then finished with the same bytes", faults


def _command(folder: Path, limit: int) -> Verdict:
    """Give a command where files may not grow, then where they may."""
    told, _ = _limited(limit, folder, [*COMMAND, str(folder)])
    if not told:
        return "there was room", []
    faults = [] if "no room for more" in told and "Make room" in told else [f"told: {told:.200}"]
    again, _ = _limited(resource.RLIM_INFINITY, folder, [*COMMAND, str(folder)])
    return "a command stopped in words, then done", faults + ([again[:200]] if again else [])


def _limited(limit: int, folder: Path, words: list[str] | None) -> tuple[str, int]:
    """Work in a process of its own with a limit; return what it said against it, chunks kept."""
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload([__name__])
    mine, its = server.Pipe(duplex=False)
    process = server.Process(target=_work, args=(limit, folder, words, its))
    process.start()
    its.close()
    told, kept = mine.recv() if mine.poll(PEACE) else ("it hangs", 0)
    process.join(PEACE)
    return told, kept


def _work(limit: int, folder: Path, words: list[str] | None, told: Connection) -> None:
    """Run the batch, or a command, and send what was said against it."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    error = io.StringIO()
    with redirect_stderr(error), redirect_stdout(io.StringIO()):
        try:
            if words is None:
                batch(folder, 1)
            else:
                run.main(words)
        except ResultsError as fault:
            error.write(str(fault))
        except SystemExit as ended:
            if ended.code not in (0, None, run.FAULT):
                error.write(f"exit code {ended.code}")
        except Exception as fault:  # noqa: BLE001 - whatever it is, it is what is looked for
            error.write(f"{type(fault).__name__}: {fault}")
    told.send((error.getvalue(), kept_in(folder)))
