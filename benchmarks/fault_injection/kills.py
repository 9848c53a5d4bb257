"""Kills a batch at random moments, lets it go on, and compares the bytes with one left in peace."""

import multiprocessing
import os
import signal
import tempfile
import time
from pathlib import Path

import pandas as pd

from benchmarks.fault_injection.tally import Tally, Verdict, tallied
from experiments.batch.folder import ChunkFolder
from experiments.batch.plan import plan
from experiments.batch.progress import Progress
from experiments.batch.run import run_batch
from experiments.batch.runners import local
from experiments.results.layout import CHUNKS, MANIFEST, RUNS, WEEKS
from experiments.statistics import keyed_generator
from experiments.study import Arm, Study
from model.schema.scenario import load_scenario

WIDTH, PARTS = 40, 12  # worlds in a chunk, chunks
POOLED = 10  # one batch in so many has two worker processes; the others do it all themselves
PEACE = 600.0  # seconds after which a batch that is left in peace hangs
BEYOND = 1.05  # moments are drawn up to a little after the end
TABLES = (RUNS, WEEKS)


def study() -> Study:
    """Return two points of a small scenario, with weekly counts: 480 worlds in twelve chunks."""
    points = pd.DataFrame({"talks.rate": [0.4, 0.7]})
    arm = Arm("one", load_scenario("classroom", {"time.horizon": 26}))
    return Study("killed", (arm,), points, WIDTH * PARTS // 2, 3, record=("trust",))


def batch(folder: Path, workers: int) -> None:
    """Begin the batch, or go on with it."""
    run_batch(study(), folder, local(workers), resume=True, width=WIDTH)


def try_kills(numbers: range) -> Tally:
    """Kill so many batches, each once, and let each go on."""
    with tempfile.TemporaryDirectory() as place:
        _in_peace(Path(place) / "first", 1)  # loads what all others find loaded
        peace = {w: _in_peace(Path(place) / f"peace{w}", w) for w in _kinds(numbers)}
        expected = _tables(Path(place) / "peace1")
        return tallied(
            numbers,
            lambda number: _killed(number, Path(place) / str(number), peace, expected),
            name="kill",
        )


def _kinds(numbers: range) -> tuple[int, ...]:
    return (1, 2) if any(map(_pooled, numbers)) else (1,)


def _pooled(number: int) -> bool:
    return number % POOLED == POOLED - 1


def _in_peace(folder: Path, workers: int) -> float:
    """Run the batch to its end in a process of its own; return the seconds it took."""
    begun = time.monotonic()
    process = _start(folder, workers)
    process.join(PEACE)
    if process.exitcode != 0:
        raise RuntimeError(f"a batch left in peace ended with {process.exitcode}")
    return time.monotonic() - begun


def _start(folder: Path, workers: int) -> multiprocessing.process.BaseProcess:
    """Start the batch in a process that has everything loaded, so that its time is work."""
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload([__name__])
    process = server.Process(target=batch, args=(folder, workers))
    process.start()
    return process


def _killed(
    number: int, folder: Path, peace: dict[int, float], expected: dict[str, bytes]
) -> Verdict:
    """Kill a batch at its moment, let it go on, and say what came of it."""
    workers = 2 if _pooled(number) else 1
    moment = float(keyed_generator("kills", number).random()) * peace[workers] * BEYOND
    process = _start(folder, workers)
    process.join(moment)
    if process.pid and process.is_alive():
        os.kill(process.pid, signal.SIGKILL)
    process.join(PEACE)
    kept = kept_in(folder)
    found = _when(folder, kept)
    told: list[Progress] = []
    run_batch(study(), folder, local(workers), resume=True, tell=told.append, width=WIDTH)
    faults = []
    if _tables(folder) != expected:
        faults.append(f"other bytes than in peace ({found})")
    if told and told[0].chunks_done != kept:
        faults.append(f"{kept} chunks were kept, but {told[0].chunks_done} were taken over")
    left = {path.name for path in folder.iterdir()} - {p.name for p in _peaceful(folder)}
    if left:
        faults.append(f"left behind: {', '.join(sorted(left))}")
    return found, faults


def _peaceful(folder: Path) -> list[Path]:
    return list((folder.parent / "peace1").iterdir())


def kept_in(folder: Path) -> int:
    """Return how many chunks are whole."""
    if not (folder / CHUNKS).is_dir():
        return 0
    cut = plan(study(), WIDTH)
    return len(ChunkFolder(folder, cut.fingerprint).find().whole(recorded=True))


def _when(folder: Path, kept: int) -> str:
    """Say in words at which moment a batch was killed, by what it left."""
    if (folder / MANIFEST).exists():
        return "killed at or after its end"
    if not (folder / CHUNKS).is_dir():
        return "killed before it had written anything"
    if kept == PARTS:
        return "killed while it joined its chunks"
    return "killed with no chunk done" if kept == 0 else "killed between two chunks"


def _tables(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in TABLES}
