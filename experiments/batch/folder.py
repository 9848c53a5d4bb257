"""The folder of a batch: files of chunks, each complete and named by its own hash."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet

from experiments.batch.chunks import FINGERPRINT, Made
from experiments.results import untrusted
from experiments.results.errors import ResultsError
from experiments.results.files import FULL, TEMPORARY, file_sha256, sha256, write_whole
from experiments.results.layout import (
    CHUNK_FILE,
    CHUNKS,
    COUNTS,
    ROWS,
    STUDY,
    chunk_file,
    failure_file,
)
from experiments.results.manifest import as_json
from model.schema.problems import Problem


@dataclass
class ChunkFiles:
    """The files of a batch's folder, by chunk number.

    damaged: files that were truncated or changed, whose chunks run again; foreign: problems with
    files that are not chunks of this study.
    """

    runs: dict[int, Path] = field(default_factory=dict)
    weeks: dict[int, Path] = field(default_factory=dict)
    failed: dict[int, Path] = field(default_factory=dict)
    damaged: list[Path] = field(default_factory=list)
    foreign: list[Problem] = field(default_factory=list)

    def complete(self, recorded: bool) -> set[int]:
        """Return the numbers of the chunks that do not have to run again."""
        return set(self.runs) & set(self.weeks) if recorded else set(self.runs)


class ChunkFolder:
    """The chunks of one study in a folder."""

    def __init__(self, folder: Path, fingerprint: str) -> None:
        self.folder = folder
        self.chunks = folder / CHUNKS
        self.fingerprint = fingerprint

    def keep(self, made: Made) -> None:
        """Write the files of a chunk: rows last, so that a chunk with rows is complete."""
        for kind, content in ((COUNTS, made.weeks), (ROWS, made.runs)):
            if content is not None:
                write_whole(self.chunks / chunk_file(made.number, kind, sha256(content)), content)
        (self.chunks / failure_file(made.number)).unlink(missing_ok=True)

    def fail(self, number: int, record: dict[str, Any]) -> None:
        """Write the record of a chunk that failed."""
        write_whole(self.chunks / failure_file(number), as_json(record))

    def find(self) -> ChunkFiles:
        """Return the files, each checked against its name and its study."""
        files = ChunkFiles()
        for path in sorted(self.chunks.iterdir()):
            match = CHUNK_FILE.fullmatch(path.name)
            if path.name == STUDY or path.name.startswith(TEMPORARY):
                continue
            if match is None:
                files.foreign.append(self._foreign(path, "is not a chunk of a study"))
                continue
            try:
                self._sort(path, match, files)
            except OSError as error:
                why = f"cannot be read ({error.strerror or error})"
                files.foreign.append(self._foreign(path, why))
        return files

    def _sort(self, path: Path, match: re.Match[str], files: ChunkFiles) -> None:
        """Add a file to the group that it belongs to. Raises OSError."""
        if match[4]:
            if "error" in _record(path):
                files.failed[int(match[4])] = path
            else:
                files.damaged.append(path)
        elif file_sha256(path)[:16] != match[3]:
            files.damaged.append(path)
        elif self._fingerprint(path) != self.fingerprint:
            files.foreign.append(self._foreign(path, "is a chunk of another study"))
        else:
            (files.runs if match[2] == ROWS else files.weeks)[int(match[1])] = path

    def _fingerprint(self, path: Path) -> str:
        try:
            about = pyarrow.parquet.read_schema(path).metadata or {}
        except pyarrow.ArrowException:
            return ""
        return str(about.get(FINGERPRINT.encode(), b"").decode())

    def _foreign(self, path: Path, why: str) -> Problem:
        return Problem(f"{CHUNKS}/{path.name}", "", why, "Remove it, or choose another folder.")


def _record(path: Path) -> dict[str, Any]:
    """Return the record of a chunk that failed; empty if the file is damaged."""
    try:
        record = untrusted.read_json(path.parent, path.name)
    except ValueError:
        return {}
    return record if isinstance(record, dict) else {}


@contextmanager
def room(folder: Path) -> Iterator[None]:
    """Convert errors of the file system into ResultsError; finished chunks stay."""
    try:
        yield
    except OSError as error:
        why = f"cannot be written ({error.strerror or error})"
        if error.errno in FULL:
            why = f"the disk is full ({error.strerror})"
        remedy = "Finished chunks are kept. Free some space, then continue with --resume."
        name = Path(error.filename).name if error.filename else CHUNKS
        raise ResultsError(folder, [Problem(name, "", why, remedy)]) from error


def read_json(folder: Path, name: str) -> dict[str, Any] | None:
    """Return a JSON object of a folder, or None if there is no such file. Raises ResultsError."""
    try:
        content = untrusted.read_json(folder, name)
    except FileNotFoundError:
        return None
    except (ValueError, OSError) as error:
        why, content = f"cannot be read as JSON ({untrusted.reason(error)})", None
    else:
        why = "must be a JSON object"
    if not isinstance(content, dict):
        raise ResultsError(folder, [Problem(name, "", why, "Choose another folder.")])
    return content
