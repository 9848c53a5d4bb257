"""Kill a batch at random times, resume it, and compare the bytes with an undisturbed batch."""

import multiprocessing
import os
import signal
import tempfile
import time
from pathlib import Path

import pandas as pd

from benchmarks.fault_injection.tally import Tally, Verdict, tally_cases
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
POOLED = 10  # every so many batches, one uses two worker processes; the others use none
TIMEOUT = 600.0  # seconds after which a batch counts as hanging
BEYOND = 1.05  # times are drawn up to a little after the end
TABLES = (RUNS, WEEKS)


def study() -> Study:
    """Return a small study of two points with weekly records: 480 worlds in twelve chunks."""
    points = pd.DataFrame({"talks.rate": [0.4, 0.7]})
    arm = Arm("one", load_scenario("classroom", {"time.horizon": 26}))
    return Study("killed", (arm,), points, WIDTH * PARTS // 2, 3, record=("trust",))


def batch(folder: Path, workers: int) -> None:
    """Start or resume the batch."""
    run_batch(study(), folder, local(workers), resume=True, width=WIDTH)


def try_kills(numbers: range) -> Tally:
    """Kill and resume the batches with these numbers, each once."""
    with tempfile.TemporaryDirectory() as temporary:
        parent = Path(temporary)
        _undisturbed(parent / "first", 1)  # warm-up: loads all modules
        seconds = {w: _undisturbed(parent / f"undisturbed{w}", w) for w in _kinds(numbers)}
        expected = _tables(parent / "undisturbed1")
        return tally_cases(
            numbers,
            lambda number: _kill(number, parent / str(number), seconds, expected),
            name="kill",
        )


def _kinds(numbers: range) -> tuple[int, ...]:
    return (1, 2) if any(map(_pooled, numbers)) else (1,)


def _pooled(number: int) -> bool:
    return number % POOLED == POOLED - 1


def _undisturbed(folder: Path, workers: int) -> float:
    """Run the complete batch in a separate process, and return the seconds it took."""
    begun = time.monotonic()
    process = _start(folder, workers)
    process.join(TIMEOUT)
    if process.exitcode != 0:
        raise RuntimeError(f"an undisturbed batch ended with exit code {process.exitcode}")
    return time.monotonic() - begun


def _start(folder: Path, workers: int) -> multiprocessing.process.BaseProcess:
    """Start the batch in a process with preloaded modules, so that its time is only work."""
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload([__name__])
    process = server.Process(target=batch, args=(folder, workers))
    process.start()
    return process


def _kill(
    number: int, folder: Path, seconds: dict[int, float], expected: dict[str, bytes]
) -> Verdict:
    """Kill a batch at a random time, resume it, and return the verdict."""
    workers = 2 if _pooled(number) else 1
    delay = float(keyed_generator("kills", number).random()) * seconds[workers] * BEYOND
    process = _start(folder, workers)
    process.join(delay)
    if process.pid and process.is_alive():
        os.kill(process.pid, signal.SIGKILL)
    process.join(TIMEOUT)
    chunks = chunks_in(folder)
    verdict = _when(folder, chunks)
    progress: list[Progress] = []
    run_batch(
        study(), folder, local(workers), resume=True, on_progress=progress.append, width=WIDTH
    )
    faults = []
    if _tables(folder) != expected:
        faults.append(f"the bytes differ from those of an undisturbed batch ({verdict})")
    if progress and progress[0].chunks_done != chunks:
        faults.append(f"{chunks} chunks were complete, but {progress[0].chunks_done} were reused")
    left = {path.name for path in folder.iterdir()} - {p.name for p in _expected_files(folder)}
    if left:
        faults.append(f"files left behind: {', '.join(sorted(left))}")
    return verdict, faults


def _expected_files(folder: Path) -> list[Path]:
    return list((folder.parent / "undisturbed1").iterdir())


def chunks_in(folder: Path) -> int:
    """Return the number of complete chunks."""
    if not (folder / CHUNKS).is_dir():
        return 0
    cut = plan(study(), WIDTH)
    return len(ChunkFolder(folder, cut.fingerprint).find().complete(recorded=True))


def _when(folder: Path, chunks: int) -> str:
    """Return in which phase a batch was killed, from the files that it left."""
    if (folder / MANIFEST).exists():
        return "killed at or after its end"
    if not (folder / CHUNKS).is_dir():
        return "killed before it had written anything"
    if chunks == PARTS:
        return "killed while merging its chunks"
    return "killed before the first chunk" if chunks == 0 else "killed between two chunks"


def _tables(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in TABLES}
