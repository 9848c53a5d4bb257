"""The folder of a batch: one file a chunk, each whole or not there, named by its own hash."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet

from experiments.batch.chunks import FINGERPRINT, Made
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
class Found:
    """What stands in a batch's folder: files by chunk number, failures, and what is no use.

    damaged: files that were cut or changed, whose chunks are run again; strangers: what is no
    chunk of this study.
    """

    runs: dict[int, Path] = field(default_factory=dict)
    weeks: dict[int, Path] = field(default_factory=dict)
    failed: dict[int, Path] = field(default_factory=dict)
    damaged: list[Path] = field(default_factory=list)
    strangers: list[Problem] = field(default_factory=list)

    def whole(self, recorded: bool) -> set[int]:
        """Return the numbers of the chunks that need not be run again."""
        return set(self.runs) & set(self.weeks) if recorded else set(self.runs)


class ChunkFolder:
    """The chunks of one study in a folder."""

    def __init__(self, folder: Path, fingerprint: str) -> None:
        self.folder = folder
        self.chunks = folder / CHUNKS
        self.fingerprint = fingerprint

    def keep(self, made: Made) -> None:
        """Write a chunk's files: rows last, so that a chunk with rows is whole."""
        for kind, content in ((COUNTS, made.weeks), (ROWS, made.runs)):
            if content is not None:
                write_whole(self.chunks / chunk_file(made.number, kind, sha256(content)), content)
        (self.chunks / failure_file(made.number)).unlink(missing_ok=True)

    def fail(self, number: int, record: dict[str, Any]) -> None:
        """Keep what is known of a chunk that failed."""
        write_whole(self.chunks / failure_file(number), as_json(record))

    def find(self) -> Found:
        """Return what is there, each file read whole and checked against its name and study."""
        found = Found()
        for path in sorted(self.chunks.iterdir()):
            match = CHUNK_FILE.fullmatch(path.name)
            if path.name == STUDY or path.name.startswith(TEMPORARY):
                continue
            if match is None:
                found.strangers.append(self._stranger(path, "is no chunk of a study"))
                continue
            try:
                self._sort(path, match, found)
            except OSError as error:
                why = f"cannot be read ({error.strerror or error})"
                found.strangers.append(self._stranger(path, why))
        return found

    def _sort(self, path: Path, match: re.Match[str], found: Found) -> None:
        """Put a file where it belongs. Raises OSError."""
        if match[4]:
            if "error" in _record(path):
                found.failed[int(match[4])] = path
            else:
                found.damaged.append(path)
        elif file_sha256(path)[:16] != match[3]:
            found.damaged.append(path)
        elif self._fingerprint(path) != self.fingerprint:
            found.strangers.append(self._stranger(path, "is a chunk of another study"))
        else:
            (found.runs if match[2] == ROWS else found.weeks)[int(match[1])] = path

    def _fingerprint(self, path: Path) -> str:
        try:
            about = pyarrow.parquet.read_schema(path).metadata or {}
        except pyarrow.ArrowException:
            return ""
        return str(about.get(FINGERPRINT.encode(), b"").decode())

    def _stranger(self, path: Path, why: str) -> Problem:
        return Problem(f"{CHUNKS}/{path.name}", "", why, "Take it away, or give another folder.")


def _record(path: Path) -> dict[str, Any]:
    """Return what is known of a chunk that failed; nothing if the file was damaged."""
    try:
        record = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        return {}
    return record if isinstance(record, dict) else {}


@contextmanager
def room(folder: Path) -> Iterator[None]:
    """Turn what the system refuses to write into ResultsError; what is there stays."""
    try:
        yield
    except OSError as error:
        why = f"cannot be written ({error.strerror or error})"
        if error.errno in FULL:
            why = f"there is no room for more ({error.strerror})"
        remedy = "What is done is kept. Make room, then go on with --resume."
        place = Path(error.filename).name if error.filename else CHUNKS
        raise ResultsError(folder, [Problem(place, "", why, remedy)]) from error


def read_json(folder: Path, name: str) -> dict[str, Any] | None:
    """Return a JSON object of a folder, or None if there is no such file. Raises ResultsError."""
    try:
        content = json.loads((folder / name).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (ValueError, OSError) as error:
        why, content = f"cannot be read as JSON ({error})", None
    else:
        why = "must be a JSON object"
    if not isinstance(content, dict):
        raise ResultsError(folder, [Problem(name, "", why, "Give another folder.")])
    return content
