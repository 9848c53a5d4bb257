"""Simulate full disks with random limits on file size, remove the limit, and resume the work."""

import io
import multiprocessing
import resource
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

import run
from benchmarks.fault_injection.kills import TABLES, TIMEOUT, WIDTH, batch, chunks_in, study
from benchmarks.fault_injection.tally import Tally, Verdict, tally_cases
from experiments.batch.run import run_batch
from experiments.batch.runners import local
from experiments.results.errors import ResultsError
from experiments.statistics import keyed_generator

WHOLE = 5  # every so many cases, a complete command with figures and report
COMMAND = ["simulate", "split_the_pie", "--worlds", "20", "--set", "time.horizon=8", "--out"]
LARGEST = 300_000  # bytes: a little more than the largest file of the command


def try_disk(numbers: range) -> Tally:
    """Run the cases with these numbers."""
    with tempfile.TemporaryDirectory() as temporary:
        undisturbed = run_batch(study(), Path(temporary) / "undisturbed", width=WIDTH)
        expected = {name: (undisturbed / name).read_bytes() for name in TABLES}
        return tally_cases(numbers, partial(_full, Path(temporary), expected), name="full disk")


def _full(parent: Path, expected: dict[str, bytes], number: int) -> Verdict:
    """Run a batch with a random limit on file size, then resume it without a limit."""
    share = float(keyed_generator("full disks", number).random())
    folder = parent / str(number)
    if number % WHOLE == WHOLE - 1:
        return _command(folder, int(share**2 * LARGEST))
    message, chunks = _limited(int(share * max(map(len, expected.values()))), folder, None)
    if not message:
        return "the limit was not reached", []
    faults = _message_faults(message)
    if chunks != chunks_in(folder):
        faults.append("a completed chunk is missing")
    run_batch(study(), folder, local(1), resume=True, width=WIDTH)
    if {name: (folder / name).read_bytes() for name in TABLES} != expected:
        faults.append("the bytes differ from those of an undisturbed batch")
    return "stopped with a message, then resumed to the same bytes", faults


def _message_faults(message: str) -> list[str]:
    """Return what is wrong with the message about a full disk."""
    clear = "the disk is full" in message and "Free some space" in message
    return [] if clear else [f"message: {message:.200}"]


def _command(folder: Path, limit: int) -> Verdict:
    """Run a command with a limit on file size, then without one."""
    message, _ = _limited(limit, folder, [*COMMAND, str(folder)])
    if not message:
        return "the limit was not reached", []
    faults = _message_faults(message)
    second, _ = _limited(resource.RLIM_INFINITY, folder, [*COMMAND, str(folder)])
    return "a command stopped with a message, then done", faults + (
        [second[:200]] if second else []
    )


def _limited(limit: int, folder: Path, words: list[str] | None) -> tuple[str, int]:
    """Work in a separate process with a limit; return its error message and number of chunks."""
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload([__name__])
    mine, its = server.Pipe(duplex=False)
    process = server.Process(target=_work, args=(limit, folder, words, its))
    process.start()
    its.close()
    message, chunks = mine.recv() if mine.poll(TIMEOUT) else ("it hangs", 0)
    process.join(TIMEOUT)
    return message, chunks


def _work(limit: int, folder: Path, words: list[str] | None, answer: Connection) -> None:
    """Run the batch or a command, and send the error message and the number of chunks."""
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
        except Exception as fault:  # noqa: BLE001 - any exception is a fault to report
            error.write(f"{type(fault).__name__}: {fault}")
    answer.send((error.getvalue(), chunks_in(folder)))
