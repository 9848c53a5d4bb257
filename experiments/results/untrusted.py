"""Read files of folders that others may have written: only regular files, inside, and of some size.

A results folder can come from anybody. A name in it can lead outside, to a link, to a device that
never ends, or to a pipe that nobody writes to.
"""

import errno
import json
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path, PurePosixPath
from typing import Any, NoReturn

from model.schema.problems import WinsetError

LARGEST = 50_000_000  # bytes of a text file or a figure
DEEPEST = 40  # nested tables and lists in a JSON file; those of this project have at most 12
LONGEST_NAME = 255
SURROGATES = re.compile("[\ud800-\udfff]")  # cannot be written as UTF-8


class UnsafeFileError(WinsetError, OSError):
    """A file that is not read, with the reason in `strerror`."""

    def __init__(self, why: str) -> None:
        super().__init__(0, why)
        self.strerror = why


def unsafe_name(name: object) -> str:
    """Return why a name cannot be the name of a file in a folder, or "".

    >>> unsafe_name("runs.parquet"), unsafe_name("figures/one.png")
    ('', '')
    >>> unsafe_name("../runs.parquet")
    'leads outside the folder'
    """
    if not isinstance(name, str) or not name or len(name) > LONGEST_NAME or not name.isprintable():
        return f"is no file name of 1 to {LONGEST_NAME} printable characters"
    path = PurePosixPath(name)
    outside = path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name
    return "leads outside the folder" if outside else ""


def reason(error: Exception) -> str:
    """Return the reason of an error of a file, without its path."""
    return str(getattr(error, "strerror", None) or error)


@contextmanager
def opened(folder: Path, name: str) -> Iterator[BufferedReader]:
    """Open a regular file inside a folder. Links may lead to other files of the folder only.

    Raises OSError, and UnsafeFileError for anything else.
    """
    why = unsafe_name(name)
    if why:
        raise UnsafeFileError(why)
    path = folder / name
    if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder)):
        raise UnsafeFileError("is a link that leads outside the folder")
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(mode):
        raise UnsafeFileError("is not a regular file")
    # without waiting, if it became a pipe in the meantime
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "rb") as stream:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise UnsafeFileError("is not a regular file")
        yield stream


def read_bytes(folder: Path, name: str, most: int = LARGEST) -> bytes:
    """Return the content of a file inside a folder. Raises OSError, also for too many bytes."""
    with opened(folder, name) as stream:
        content = stream.read(most + 1)
    if len(content) > most:
        raise UnsafeFileError(f"has more than {most:,} bytes")
    return content


def read_json(folder: Path, name: str, most: int = LARGEST) -> Any:
    """Return the content of a JSON file inside a folder. Raises OSError and ValueError."""
    return parse_json(read_bytes(folder, name, most))


def parse_json(content: bytes | str) -> Any:
    """Return the value of a JSON text, without NaN, infinity and half characters.

    Raises ValueError.

    >>> parse_json("[" * 200_000)
    Traceback (most recent call last):
    ValueError: it is nested too deeply
    """

    def refuse(name: str) -> NoReturn:
        raise ValueError(f"{name} is not a valid JSON number")

    try:
        value = json.loads(content, parse_constant=refuse)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    level = [value]
    for _ in range(DEEPEST):
        texts = [one for one in level if isinstance(one, str)]
        texts += [key for one in level if isinstance(one, dict) for key in one]
        if any(SURROGATES.search(text) for text in texts):
            raise ValueError("it contains half of a character")
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
        if not level:
            return value
    raise ValueError("it is nested too deeply")
