"""Merge the chunks of a study into the tables of a results folder, one chunk at a time."""

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

from experiments.batch.folder import ChunkFiles, ChunkFolder, read_json, room
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
from experiments.results.lock import one_writer
from experiments.results.manifest import provenance
from experiments.results.manifest_model import study_problems
from experiments.results.rocrate import write_manifest
from experiments.results.weekly_histograms import Merge
from model.schema.problems import Problem

DESCRIBED = {"fingerprint", "identity", "name", "record", "chunks", "arm_of_chunk", "arms"}
NAMED = 12  # missing chunks that an error names


def merge(folder: str | Path, command: str = "") -> Path:
    """Merge the chunks in a folder into runs.parquet, weeks.parquet and manifest.json.

    The chunks are deleted if none failed. The same chunks give the same bytes in the tables, no
    matter which workers ran them.

    Raises:
        ResultsError: The folder has no batch; chunks are missing, damaged or of another study; the
            disk is full.
    """
    results = Path(folder)
    if not (results / CHUNKS).is_dir():
        return _merge(results, command)  # says what is missing, and writes nothing
    with one_writer(results):
        return _merge(results, command)


def _merge(results: Path, command: str) -> Path:
    """Merge the chunks in a folder that no other process writes."""
    study = read_json(results / CHUNKS, STUDY)
    if study is None:
        remedy = "Choose a folder in which --shard was used."
        raise ResultsError(results, [Problem(f"{CHUNKS}/{STUDY}", "", "missing", remedy)])
    remedy = "Start the study again in another folder."
    if not study.keys() >= DESCRIBED:
        why = f"it lacks: {', '.join(sorted(DESCRIBED - study.keys()))}"
        raise ResultsError(results, [Problem(f"{CHUNKS}/{STUDY}", "", why, remedy)])
    if problems := study_problems(study, f"{CHUNKS}/{STUDY}", remedy):
        raise ResultsError(results, problems)
    chunks = ChunkFolder(results, study["fingerprint"])
    files = chunks.find()
    _check_complete(results, study, files)
    with room(results):
        tables = [RUNS, *([WEEKS] if study["record"] else [])]
        _write_runs(results / RUNS, study, files)
        if study["record"]:
            _write_weeks(results / WEEKS, study, files)
        (results / FAILED).unlink(missing_ok=True)
        if files.failed:
            write_whole(results / FAILED, _failed_table(files.failed))
            tables.append(FAILED)
        write_manifest(results, _manifest(results, study, files, tables, command))
        for path in results.glob(f"{TEMPORARY}*"):  # of a merge that was killed
            path.unlink()
        if not files.failed:
            shutil.rmtree(results / CHUNKS)
    return results


def _check_complete(results: Path, study: dict[str, Any], files: ChunkFiles) -> None:
    """Raise ResultsError unless every chunk is finished or has failed."""
    finished = files.complete(bool(study["record"])) | set(files.failed)
    missing = [number for number in range(len(study["chunks"])) if number not in finished]
    problems = list(files.foreign)
    if missing:
        listed = ", ".join(map(str, missing[:NAMED])) + (", ..." if missing[NAMED:] else "")
        why = f"{len(missing)} of {len(study['chunks'])} chunks are missing: {listed}"
        problems.append(Problem(CHUNKS, "", why, "Run their shards, or continue with --resume."))
    if files.failed and not files.runs and not problems:
        first = json.loads(next(iter(files.failed.values())).read_text(encoding="utf-8"))
        why = f"every chunk failed, the first with {first['error']}"
        problems.append(Problem(CHUNKS, "", why, f"See the traceback in {CHUNKS}."))
    if problems:
        raise ResultsError(results, problems)


def _write_runs(path: Path, study: dict[str, Any], files: ChunkFiles) -> None:
    """Write all rows in order, one row group per chunk; columns that an arm lacks are missing."""
    paths = [files.runs[number] for number in sorted(files.runs)]
    schema = _schema(paths, study)
    with written_whole(path) as temporary, ExitStack() as stack:
        writer = stack.enter_context(
            pyarrow.parquet.ParquetWriter(temporary, schema, compression=COMPRESSION)
        )
        for chunk in paths:
            table = pyarrow.parquet.read_table(chunk, partitioning=None)
            writer.write_table(_fitted(table, schema), row_group_size=max(len(table), 1))


def _schema(paths: Iterable[Path], study: dict[str, Any]) -> pyarrow.Schema:
    """Return the columns of all chunks: those of the sweep at the end."""
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


def _write_weeks(path: Path, study: dict[str, Any], files: ChunkFiles) -> None:
    """Write the weekly counts of all chunks added up, by arm, or by arm and point."""
    with written_whole(path) as temporary, ExitStack() as stack:
        writer = None
        for table in _weekly(study, files):
            if writer is None:
                writer = stack.enter_context(
                    pyarrow.parquet.ParquetWriter(temporary, table.schema, compression=COMPRESSION)
                )
            writer.write_table(table)


def _weekly(study: dict[str, Any], files: ChunkFiles) -> Iterator[pyarrow.Table]:
    merged = Merge()
    for number in sorted(set(files.weeks) & set(files.runs)):
        counts = pyarrow.parquet.read_table(files.weeks[number]).replace_schema_metadata()
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
    results: Path, study: dict[str, Any], files: ChunkFiles, tables: list[str], command: str
) -> dict[str, Any]:
    """Return the manifest of the merged tables."""
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
        "failed_chunks": len(files.failed),
        "files": {name: file_sha256(results / name) for name in tables},
        "columns": described(pyarrow.parquet.read_schema(results / RUNS)),
        **provenance(),
        "study": study["identity"],
        "arms": study["arms"],
    }
