"""Lock a results folder for one writer. The system releases the lock of a killed process."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from experiments.results.errors import ResultsError
from experiments.results.files import writing
from model.schema.problems import Problem

LOCK = ".lock"  # it stays in the folder: removing it could let two writers in
WHY = "another command is writing it"
REMEDY = "Wait until that one has ended, or choose another folder with --out."


@contextmanager
def one_writer(folder: Path, name: str = LOCK) -> Iterator[None]:
    """Let no other process write a folder meanwhile. A process may enter a second time.

    Raises ResultsError if another process is writing it, or if the folder cannot be written.
    """
    with writing(folder):
        lock = FileLock(folder.resolve() / name, is_singleton=True)
    with writing(folder):
        try:
            lock.acquire(blocking=False)
        except Timeout as error:
            raise ResultsError(folder, [Problem("folder", "", WHY, REMEDY)]) from error
    try:
        yield
    finally:
        lock.release()
