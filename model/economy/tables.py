"""Read the shipped data files and reject any that differs from its checksum."""

import csv
import hashlib
import io
import sys
from pathlib import Path
from typing import NoReturn

from model.schema.problems import DataError, Problem, shown

SUMS = "SHA256SUMS"  # in the folder of the data files, in the format of the command sha256sum
TEXT = ".csv"
SHOWN = 12  # digits of a checksum in messages


def content(path: Path) -> bytes:
    """Return the bytes of a data file after its checksum was verified.

    Raises DataError if the file cannot be read, has no checksum, or differs from it.
    """
    expected = _sums(path.parent).get(path.name)
    if expected is None:
        _refuse(path.parent / SUMS, path.name, "", "it has no checksum of this file")
    data = _bytes(path)
    if _sum(path, data) != expected:
        why = f"it differs from the shipped file, which has the checksum {expected[:SHOWN]}..."
        _refuse(path, "its SHA-256", f"{_sum(path, data)[:SHOWN]}...", why)
    return data


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV table, each by column. Raises DataError like `content`."""
    return list(csv.DictReader(io.StringIO(content(path).decode("utf-8"), newline="")))


def check(folder: Path) -> None:
    """Verify the checksums of all data files of a folder.

    Raises DataError for the first file that differs.
    """
    for name in _sums(folder):
        content(folder / name)


def renew(folder: Path) -> bytes:
    """Return the content of SHA256SUMS for the data files that are in a folder now."""
    paths = sorted(path for path in folder.iterdir() if path.suffix in (TEXT, ".npz"))
    return "".join(f"{_sum(path, path.read_bytes())}  {path.name}\n" for path in paths).encode()


def _sums(folder: Path) -> dict[str, str]:
    """Return the checksum of each file of a folder, by name."""
    path = folder / SUMS
    try:
        lines = [line.split() for line in _bytes(path).decode("ascii").splitlines()]
        return {name: checksum for checksum, name in lines}
    except ValueError:
        _refuse(path, "the file", "", "it is not a list of checksums and file names")


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        _refuse(path, "the file", "", f"it cannot be read ({error.strerror})")


def _sum(path: Path, data: bytes) -> str:
    r"""Return the SHA-256 of a file; in text files, \r\n counts as \n."""
    text = path.suffix == TEXT
    return hashlib.sha256(data.replace(b"\r\n", b"\n") if text else data).hexdigest()


def _refuse(path: Path, place: str, written: str, why: str) -> NoReturn:
    folder = shown(path.parent)
    remedy = f"Restore it (git checkout -- {folder}). If you changed it on purpose, renew the"
    remedy += f" checksums (python -m model.economy.tables {folder})."
    raise DataError(shown(path), [Problem(place, written, why, remedy)]) from None


if __name__ == "__main__":
    for name in sys.argv[1:]:
        Path(name, SUMS).write_bytes(renew(Path(name)))
