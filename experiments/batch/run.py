"""Run a study into a results folder, in chunks that survive an interruption."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.batch.chunk_scheduler import ChunkScheduler, WorkersDie
from experiments.batch.folder import ChunkFolder, read_json, room
from experiments.batch.merge import merge
from experiments.batch.plan import Plan, plan
from experiments.batch.progress import Counter, OnProgress, silent
from experiments.batch.runners import InProcess, Runner
from experiments.engines import ENGINES, Used
from experiments.results.errors import BatchInterrupted, ResultsError
from experiments.results.files import write_whole, writing
from experiments.results.folder import damages
from experiments.results.layout import CHUNKS, MANIFEST, STUDY
from experiments.results.lock import one_writer
from experiments.results.manifest import as_json
from experiments.study import Study
from model.schema.problems import Problem, ScenarioError, written

HASH = 64  # hexadecimal digits of one
ANOTHER = "Choose another folder with --out, or remove this one."


@dataclass(frozen=True)
class Shard:
    """One of several shards of a study: the chunks whose number is `part - 1` modulo `of`."""

    part: int
    of: int

    def numbers(self, chunks: int) -> range:
        """Return the numbers of its chunks.

        >>> list(Shard(2, 3).numbers(8))
        [1, 4, 7]
        """
        return range(self.part - 1, chunks, self.of)


def parse_shard(text: str) -> Shard | None:
    """Return the shard that is written as I/N, or None for an empty text. Raises ScenarioError.

    >>> parse_shard("2/8"), parse_shard("")
    (Shard(part=2, of=8), None)
    """
    if not text:
        return None
    part, _, of = text.partition("/")
    if part.isdecimal() and of.isdecimal() and 1 <= int(part) <= int(of):
        return Shard(int(part), int(of))
    why = "must have the form I/N, with I from 1 to N"
    problem = Problem("--shard", written(text), why, "Write for example 2/8.")
    raise ScenarioError("the command line", [problem])


def run_batch(
    study: Study,
    folder: str | Path,
    runner: Runner | None = None,
    *,
    resume: bool = False,
    shard: Shard | None = None,
    command: str = "",
    on_progress: OnProgress = silent,
    width: int | None = None,
) -> Path:
    """Run a study into a folder and return it: runs.parquet, weeks.parquet, manifest.json.

    A study that is already finished is not run again. A chunk that fails has a row in failed.csv,
    and the others continue. The same study gives the same bytes in the tables, no matter which
    runner runs it and how often it is interrupted. runner: runs the chunks, by default this
    process; resume: continue an earlier run that was stopped; shard: run only this shard, for
    `merge`; command: repeats the run, for the manifest; on_progress: called after every chunk.

    Raises:
        ResultsError: The folder contains something else or cannot be written; the disk is full.
        BatchInterrupted: Ctrl-C was pressed; the finished chunks are kept.
    """
    results, runner = Path(folder), runner or InProcess()
    batch = plan(study, width, _engine_of(results))
    lock = f"{shard.part} of {shard.of}" if shard else ""  # shards run side by side
    with one_writer(results, lock):
        return _run(batch, results, runner, resume, shard, command, on_progress)


def _run(
    batch: Plan,
    results: Path,
    runner: Runner,
    resume: bool,
    shard: Shard | None,
    command: str,
    on_progress: OnProgress,
) -> Path:
    """Run a study into a folder that no other process writes."""
    study = batch.study
    if _is_finished(results, batch):
        return results
    runner.check()
    chunks = _prepare_folder(results, batch, resume or shard is not None, command)
    numbers = shard.numbers(len(batch.bounds)) if shard else range(len(batch.bounds))
    counter = Counter(len(numbers), sum(map(batch.worlds, numbers)), on_progress)
    missing = _missing(chunks, batch, numbers, counter)

    def fail(number: int, error: str, trace: str) -> None:
        first, stop = batch.bounds[number]
        arm = study.arm_of(first).name
        record = {"chunk": number, "arm": arm, "first": first, "last": stop - 1}
        chunks.fail(number, record | {"error": error, "traceback": trace})

    try:
        with room(results):
            ChunkScheduler(batch.job, chunks.keep, fail, counter).run(missing, runner)
        return results if shard else merge(results, command)
    except WorkersDie as error:
        remedy = "Try --workers 1, which shows the error, then continue with --resume."
        raise ResultsError(results, [Problem(CHUNKS, "", str(error), remedy)]) from error
    except KeyboardInterrupt:
        finished = len(chunks.find().complete(bool(study.record)))
        raise BatchInterrupted(results, finished, len(batch.bounds)) from None


def _engine_of(results: Path) -> Used | None:
    """Return the engine of a batch that has started in a folder: it runs the other chunks too."""
    for folder, file in ((results, MANIFEST), (results / CHUNKS, STUDY)):
        known = read_json(folder, file) or {}
        identity = known.get("study" if file == MANIFEST else "identity")
        if isinstance(identity, dict) and identity.get("engine") in ENGINES:
            return Used(str(identity["engine"]), str(known.get("engine_reason", "")))
    return None


def _is_finished(results: Path, batch: Plan) -> bool:
    """Return whether the folder contains all results of this study."""
    manifest = read_json(results, MANIFEST)
    if manifest is None or manifest.get("failed_chunks"):
        return False
    _check_study(results, MANIFEST, manifest.get("study"), batch)
    problems = damages(results, manifest)
    if problems and not (results / CHUNKS / STUDY).exists():
        raise ResultsError(results, problems)
    if not problems:
        # A batch that was killed at its end leaves its chunks.
        shutil.rmtree(results / CHUNKS, ignore_errors=True)
    return not problems


def _prepare_folder(results: Path, batch: Plan, resume: bool, command: str) -> ChunkFolder:
    """Return the folder of chunks, created if necessary; refuse a folder with other files."""
    known = read_json(results / CHUNKS, STUDY)
    if known is not None:
        _check_study(results, f"{CHUNKS}/{STUDY}", known.get("identity"), batch)
        if not resume:
            why = "a part of this study is already finished"
            remedy = "Continue with --resume, or remove the folder to start again."
            raise ResultsError(results, [Problem(CHUNKS, "", why, remedy)])
    elif os.path.isdir(results):  # also False for names that no folder can have
        paths = [path for path in results.iterdir() if path.name != CHUNKS]
        paths += (results / CHUNKS).glob("*")
        foreign = sorted(path.name for path in paths if not path.name.startswith("."))
        if foreign:
            why = "the folder contains something else"
            raise ResultsError(results, [Problem("folder", ", ".join(foreign[:5]), why, ANOTHER)])
    with writing(results / CHUNKS):
        if known is None:
            write_whole(results / CHUNKS / STUDY, as_json(_description(batch, command)))
    return ChunkFolder(results, batch.fingerprint)


def _check_study(results: Path, file: str, identity: Any, batch: Plan) -> None:
    """Raise ResultsError for a folder of another study, with the differences."""
    if not isinstance(identity, dict):
        why = "the folder contains another run, which is not a study"
        raise ResultsError(results, [Problem(file, "", why, ANOTHER)])
    actual, wanted = _flat(identity), _flat(batch.identity)
    problems = [
        Problem(
            f"{file} {name}",
            written(actual.get(name, "absent")),
            f"must be {written(wanted.get(name, 'absent'))}: the folder contains another study",
            ANOTHER,
        )
        for name in {**wanted, **actual}
        if actual.get(name) != wanted.get(name)
    ]
    if problems:
        raise ResultsError(results, problems)


def _flat(identity: dict[str, Any]) -> dict[str, Any]:
    """Return the identity of a study by dotted name, with hashes batch short.

    >>> _flat({"seed": 3, "scenario": {"one": "0" * 64}})
    {'seed': 3, 'scenario.one': '000000000000...'}
    """
    flat: dict[str, Any] = {}
    for name, value in identity.items():
        if isinstance(value, dict):
            flat |= {f"{name}.{key}": inner for key, inner in _flat(value).items()}
        else:
            long = isinstance(value, str) and len(value) == HASH
            flat[name] = f"{value[:12]}..." if long else value
    return flat


def _missing(chunks: ChunkFolder, batch: Plan, numbers: range, counter: Counter) -> list[int]:
    """Return the chunks that have to run, and report those that were damaged."""
    files = chunks.find()
    if files.foreign:
        raise ResultsError(chunks.folder, files.foreign)
    finished = files.complete(bool(batch.study.record))
    mine = [number for number in numbers if number in finished]
    counter.resume(len(mine), sum(map(batch.worlds, mine)))
    for path in files.damaged:
        counter.note(f"{CHUNKS}/{path.name} was changed or truncated: its chunk runs again")
    return [number for number in numbers if number not in finished]


def _description(batch: Plan, command: str) -> dict[str, Any]:
    """Return what `merge` needs to know about a study, as plain values."""
    study = batch.study
    return {
        "fingerprint": batch.fingerprint,
        "identity": batch.identity,
        "engine_reason": batch.used.reason,
        "name": study.name,
        "kind": study.kind,
        "about": dict(study.about),
        "command": command,
        "seed": study.seed,
        "worlds": study.worlds,
        "points": len(study.points),
        "swept": sorted(study.numbers),
        "record": list(study.record),
        "by_point": study.by_point,
        "chunks": batch.bounds,
        "arm_of_chunk": [study.arm_of(first).name for first, _ in batch.bounds],
        "arms": [
            {"name": arm.name, "scenario": arm.scenario.model_dump(mode="json")}
            for arm in study.arms
        ],
    }
