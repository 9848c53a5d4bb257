"""Reads the data files that come with the program, and refuses one that is not as it came."""

import csv
import hashlib
import io
import sys
from pathlib import Path
from typing import NoReturn

from model.schema.problems import DataError, Problem, shown

SUMS = "SHA256SUMS"  # beside the files, in the form of the command sha256sum
TEXT = ".csv"
SHOWN = 12  # digits of a sum that a reader is shown


def content(path: Path) -> bytes:
    """Return what a data file holds, after its sum was compared with the one that came with it.

    Raises DataError if the file cannot be read, or is damaged, cut, foreign or unknown.
    """
    told = _sums(path.parent).get(path.name)
    if told is None:
        _refuse(path.parent / SUMS, path.name, "", "it does not hold the sum of this file")
    found = _bytes(path)
    if _sum(path, found) != told:
        why = f"it is not the file that came with the program, whose sum is {told[:SHOWN]}..."
        _refuse(path, "its SHA-256", f"{_sum(path, found)[:SHOWN]}...", why)
    return found


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table in CSV, each by column. Raises DataError as `content` does."""
    return list(csv.DictReader(io.StringIO(content(path).decode("utf-8"), newline="")))


def check(folder: Path) -> None:
    """Compare all data files of a folder with their sums. Raises DataError for the first."""
    for name in _sums(folder):
        content(folder / name)


def renew(folder: Path) -> bytes:
    """Return what SHA256SUMS must hold for the tables that a folder holds now."""
    paths = sorted(path for path in folder.iterdir() if path.suffix in (TEXT, ".npz"))
    return "".join(f"{_sum(path, path.read_bytes())}  {path.name}\n" for path in paths).encode()


def _sums(folder: Path) -> dict[str, str]:
    path = folder / SUMS
    try:
        lines = [line.split() for line in _bytes(path).decode("ascii").splitlines()]
        return {name: told for told, name in lines}
    except ValueError:
        _refuse(path, "the file", "", "it is no list of sums and names")


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        _refuse(path, "the file", "", f"it cannot be read ({error.strerror})")


def _sum(path: Path, found: bytes) -> str:
    """Return the sum of a file; how a system ends the lines of a text does not count."""
    text = path.suffix == TEXT
    return hashlib.sha256(found.replace(b"\r\n", b"\n") if text else found).hexdigest()


def _refuse(path: Path, place: str, found: str, why: str) -> NoReturn:
    folder = shown(path.parent)
    remedy = f"Take it anew (git checkout -- {folder}), or, if the change is meant, renew the sums"
    remedy += f" (python -m model.economy.tables {folder})."
    raise DataError(shown(path), [Problem(place, found, why, remedy)]) from None


if __name__ == "__main__":
    for name in sys.argv[1:]:
        Path(name, SUMS).write_bytes(renew(Path(name)))
