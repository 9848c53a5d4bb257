"""Write files atomically and hash them: the only module of this layer that writes to a folder."""

import errno
import hashlib
import io
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow
import pyarrow.parquet

from experiments.results.errors import ResultsError
from experiments.results.untrusted import opened
from model.schema.problems import Problem

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)  # no room on the disk, or for this user
COMPRESSION = "zstd"
TEMPORARY = ".part-"  # start of the name of a file that is not complete


def write_whole(path: Path, content: bytes) -> None:
    """Write a file atomically: a reader sees the old or the new file, never a part of it."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f"{TEMPORARY}{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    finally:
        Path(temporary).unlink(missing_ok=True)


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Yield a temporary path, which replaces the file atomically if no error occurs."""
    temporary = path.with_name(f"{TEMPORARY}{path.name}")
    try:
        yield temporary
        with temporary.open("rb+") as stream:
            os.fsync(stream.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Check that a folder can be written, and convert errors of the file system to ResultsError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
        yield
    except OSError as error:
        why = f"cannot be written ({error.strerror or error})"
        remedy = "Choose another one with --out, or make this one writable."
        if error.errno in FULL:
            why = f"the disk is full ({error.strerror})"
            remedy = "Free some space and try again, or choose a folder on another disk with --out."
        raise ResultsError(folder, [Problem("folder", "", why, remedy)]) from error


def arrow(table: pd.DataFrame) -> pyarrow.Table:
    """Return a table whose column types depend on the kind of column, not on its values.

    NaN becomes missing. Lists of whole numbers stay lists.

    >>> arrow(pd.DataFrame({"a": [1], "b": [float("nan")], "c": ["x"], "d": [True]})).schema.types
    [DataType(int64), DataType(double), DataType(string), DataType(bool)]
    """
    arrays = {}
    for name, column in table.items():
        kinds = {"i": pyarrow.int64(), "u": pyarrow.int64(), "f": pyarrow.float64()}
        kind = kinds.get(column.dtype.kind) or (
            pyarrow.bool_() if column.dtype == bool else pyarrow.string()
        )
        arrays[str(name)] = pyarrow.array(column.to_numpy(), type=kind, from_pandas=True)
    return pyarrow.table(arrays)


def parquet_bytes(table: pyarrow.Table, about: Mapping[str, str] | None = None) -> bytes:
    """Return a table as Parquet bytes, which depend only on the table and the versions."""
    buffer = io.BytesIO()
    kept = table.replace_schema_metadata(dict(about) if about else None)
    pyarrow.parquet.write_table(kept, buffer, compression=COMPRESSION)
    return buffer.getvalue()


def csv_text(table: pd.DataFrame) -> str:
    """Return a table as the text of a CSV file, without the index."""
    text: str = table.to_csv(index=False, lineterminator="\n")
    return text


def sha256(content: bytes) -> str:
    """Return the SHA-256 of bytes in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file, read in blocks. Raises OSError."""
    with opened(path.parent, path.name) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def digest(value: Any) -> str:
    """Return the SHA-256 of a plain value, as canonical JSON."""
    return sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode())
