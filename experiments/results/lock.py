"""Lock a results folder for one writer. The system releases the lock of a killed process."""

import getpass
import hashlib
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from experiments.results.errors import ResultsError
from experiments.results.files import writing
from model.schema.problems import Problem

WHY = "another command is writing it"
REMEDY = "Wait until that one has ended, or choose another folder with --out."


@contextmanager
def one_writer(folder: Path, part: str = "") -> Iterator[None]:
    """Let no other process of this machine and user write a folder meanwhile.

    A process may enter a second time. part: a part of the folder with a lock of its own. Raises
    ResultsError if another process is writing it.
    """
    path = lock_file(folder, part)
    with writing(path.parent):
        lock = FileLock(path, is_singleton=True)
        try:
            lock.acquire(blocking=False)
        except Timeout as error:
            raise ResultsError(folder, [Problem("folder", "", WHY, REMEDY)]) from error
    try:
        yield
    finally:
        lock.release()


def lock_file(folder: Path, part: str = "") -> Path:
    """Return the file whose lock belongs to a folder: in the system's folder for temporary files.

    A lock in the folder itself would stay there, since removing it could let two writers in.
    """
    name = hashlib.sha256(f"{folder.resolve()}\n{part}".encode()).hexdigest()
    return Path(tempfile.gettempdir()) / f"winset-{getpass.getuser()}" / f"{name[:32]}.lock"
