"""Joins the chunks of a study into the tables of a results folder, one in memory at a time."""

import csv
import io
import json
import shutil
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet

from experiments.batch.folder import ChunkFolder, Found, read_json, room
from experiments.columns import SWEEP, described
from experiments.results.errors import ResultsError
from experiments.results.files import (
    COMPRESSION,
    TEMPORARY,
    file_sha256,
    write_whole,
    written_whole,
)
from experiments.results.layout import CHUNKS, FAILED, RUNS, STUDY, WEEKS
from experiments.results.manifest import provenance
from experiments.results.rocrate import write_manifest
from experiments.results.weekly_histograms import Merge
from model.schema.problems import Problem

DESCRIBED = {"fingerprint", "identity", "name", "record", "chunks", "arm_of_chunk", "arms"}
NAMED = 12  # missing chunks that an error names


def merge(folder: str | Path, command: str = "") -> Path:
    """Join the chunks in a folder into runs.parquet, weeks.parquet and manifest.json.

    The chunks are taken away when none failed. The same chunks give the same bytes in the tables,
    whoever ran them.

    Raises:
        ResultsError: no batch there, chunks missing, damaged or of another study, no room.
    """
    place = Path(folder)
    study = read_json(place / CHUNKS, STUDY)
    if study is None:
        remedy = "Give one in which --shard has run."
        raise ResultsError(place, [Problem(f"{CHUNKS}/{STUDY}", "", "missing", remedy)])
    if not study.keys() >= DESCRIBED:
        why = f"it does not say: {', '.join(sorted(DESCRIBED - study.keys()))}"
        remedy = "Begin the study anew in another folder."
        raise ResultsError(place, [Problem(f"{CHUNKS}/{STUDY}", "", why, remedy)])
    chunks = ChunkFolder(place, study["fingerprint"])
    found = chunks.find()
    _complete(place, study, found)
    with room(place):
        files = [RUNS, *([WEEKS] if study["record"] else [])]
        _write_runs(place / RUNS, study, found)
        if study["record"]:
            _write_weeks(place / WEEKS, study, found)
        (place / FAILED).unlink(missing_ok=True)
        if found.failed:
            write_whole(place / FAILED, _failed_table(found.failed))
            files.append(FAILED)
        write_manifest(place, _manifest(place, study, found, files, command))
        for path in place.glob(f"{TEMPORARY}*"):  # of a merge that was killed
            path.unlink()
        if not found.failed:
            shutil.rmtree(place / CHUNKS)
    return place


def _complete(place: Path, study: dict[str, Any], found: Found) -> None:
    """Hold that every chunk is there, or has failed."""
    there = found.whole(bool(study["record"])) | set(found.failed)
    missing = [number for number in range(len(study["chunks"])) if number not in there]
    problems = list(found.strangers)
    if missing:
        listed = ", ".join(map(str, missing[:NAMED])) + (", ..." if missing[NAMED:] else "")
        why = f"{len(missing)} of {len(study['chunks'])} chunks are missing: {listed}"
        problems.append(Problem(CHUNKS, "", why, "Run their shards, or go on with --resume."))
    if found.failed and not found.runs and not problems:
        first = json.loads(next(iter(found.failed.values())).read_text(encoding="utf-8"))
        why = f"every chunk failed, the first by {first['error']}"
        problems.append(Problem(CHUNKS, "", why, f"See the traceback in {CHUNKS}."))
    if problems:
        raise ResultsError(place, problems)


def _write_runs(path: Path, study: dict[str, Any], found: Found) -> None:
    """Write all rows in order, a row group a chunk; a column that an arm has not is missing."""
    paths = [found.runs[number] for number in sorted(found.runs)]
    schema = _schema(paths, study)
    with written_whole(path) as temporary, ExitStack() as stack:
        writer = stack.enter_context(
            pyarrow.parquet.ParquetWriter(temporary, schema, compression=COMPRESSION)
        )
        for chunk in paths:
            table = pyarrow.parquet.read_table(chunk, partitioning=None)
            writer.write_table(_fitted(table, schema), row_group_size=max(len(table), 1))


def _schema(paths: Iterable[Path], study: dict[str, Any]) -> pyarrow.Schema:
    """Return the columns of all chunks together: those of the sweep at the end."""
    schemas = [pyarrow.parquet.read_schema(path).remove_metadata() for path in paths]
    whole = pyarrow.unify_schemas(schemas)
    swept = [SWEEP + name for name in study["swept"]]
    fields = [field for field in whole if field.name not in swept]
    known = {field.name: field for field in whole}
    last = [known.get(name, pyarrow.field(name, pyarrow.float64())) for name in swept]
    return pyarrow.schema(fields + last)


def _fitted(table: pyarrow.Table, schema: pyarrow.Schema) -> pyarrow.Table:
    columns = [
        table[field.name] if field.name in table.column_names
        else pyarrow.nulls(len(table), field.type)
        for field in schema
    ]  # fmt: skip
    return pyarrow.table(columns, schema=schema)


def _write_weeks(path: Path, study: dict[str, Any], found: Found) -> None:
    """Write the weekly counts of all chunks added up, by arm, or by arm and point."""
    with written_whole(path) as temporary, ExitStack() as stack:
        writer = None
        for table in _weekly(study, found):
            if writer is None:
                writer = stack.enter_context(
                    pyarrow.parquet.ParquetWriter(temporary, table.schema, compression=COMPRESSION)
                )
            writer.write_table(table)


def _weekly(study: dict[str, Any], found: Found) -> Iterator[pyarrow.Table]:
    merged = Merge()
    for number in sorted(set(found.weeks) & set(found.runs)):
        counts = pyarrow.parquet.read_table(found.weeks[number]).replace_schema_metadata()
        if study["by_point"]:
            ready = merged.take(before=int(study["chunks"][number][0]) // int(study["worlds"]))
            if ready is not None:
                yield ready
        merged.add(counts, study["arm_of_chunk"][number])
    rest = merged.take()
    if rest is not None:
        yield rest


def _failed_table(failed: dict[int, Path]) -> bytes:
    """Return a row for each failed chunk, as CSV."""
    records = [json.loads(failed[number].read_text(encoding="utf-8")) for number in sorted(failed)]
    text = io.StringIO()
    writer = csv.DictWriter(text, list(records[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(records)
    return text.getvalue().encode()


def _manifest(
    place: Path, study: dict[str, Any], found: Found, files: list[str], command: str
) -> dict[str, Any]:
    """Return what vouches for the tables."""
    return {
        "format": study["identity"]["format"],
        "kind": study["kind"],
        "name": study["name"],
        "about": study["about"],
        "command": command or study["command"],
        "seed": study["seed"],
        "engine": study["identity"]["engine"],
        "engine_reason": study.get("engine_reason", ""),
        "worlds": study["chunks"][-1][1],
        "points": study["points"],
        "worlds_per_point": study["worlds"],
        "swept": study["swept"],
        "record": study["record"],
        "failed_chunks": len(found.failed),
        "files": {name: file_sha256(place / name) for name in files},
        "columns": described(pyarrow.parquet.read_schema(place / RUNS)),
        **provenance(),
        "study": study["identity"],
        "arms": study["arms"],
    }
