"""Runs a study into a results folder, in pieces, so that nothing is lost and nothing run twice."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.batch.chunk_scheduler import ChunkScheduler, WorkersDie
from experiments.batch.folder import ChunkFolder, read_json, room
from experiments.batch.merge import merge
from experiments.batch.plan import Plan, plan
from experiments.batch.progress import Counter, Tell, silent
from experiments.batch.runners import InProcess, Runner
from experiments.engines import ENGINES, Used
from experiments.results.errors import BatchInterrupted, ResultsError
from experiments.results.files import write_whole, writing
from experiments.results.folder import damages
from experiments.results.layout import CHUNKS, MANIFEST, STUDY
from experiments.results.manifest import as_json
from experiments.study import Study
from model.schema.problems import Problem, ScenarioError, written

HASH = 64  # hexadecimal digits of one
ANOTHER = "Give another folder with --out, or take this one away."


@dataclass(frozen=True)
class Shard:
    """One of several shares of a study: the chunks whose number is `part - 1` modulo `of`."""

    part: int
    of: int

    def numbers(self, chunks: int) -> range:
        """Return the numbers of its chunks.

        >>> list(Shard(2, 3).numbers(8))
        [1, 4, 7]
        """
        return range(self.part - 1, chunks, self.of)


def share_of(text: str) -> Shard | None:
    """Return the share that is written as I/N, or None for an empty text. Raises ScenarioError.

    >>> share_of("2/8"), share_of("")
    (Shard(part=2, of=8), None)
    """
    if not text:
        return None
    part, _, of = text.partition("/")
    if part.isdecimal() and of.isdecimal() and 1 <= int(part) <= int(of):
        return Shard(int(part), int(of))
    why = "must read I/N, with I from 1 to N"
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
    tell: Tell = silent,
    width: int | None = None,
) -> Path:
    """Run a study into a folder and return it: runs.parquet, weeks.parquet, manifest.json.

    runner: who runs the chunks, by default this process. resume: go on where an earlier run of the
    same study stopped. shard: run but this share, to be joined by `merge` when all are there.
    command: what would do it again. tell: is told after every chunk how far it is. A study that is
    there already is left as it stands. A chunk that fails has a row in failed.csv, and the others
    go on. The same study gives the same bytes in the tables, whoever runs it and how often.

    Raises:
        ResultsError: the folder holds something else, cannot be written, or has no room.
        BatchInterrupted: Ctrl-C; what is done is kept.
    """
    place, runner = Path(folder), runner or InProcess()
    cut = plan(study, width, _engine_there(place))
    if _finished(place, cut):
        return place
    runner.check()
    chunks = _prepared(place, cut, resume or shard is not None, command)
    numbers = shard.numbers(len(cut.bounds)) if shard else range(len(cut.bounds))
    counter = Counter(len(numbers), sum(map(cut.worlds, numbers)), tell)
    missing = _missing(chunks, cut, numbers, counter)

    def fail(number: int, error: str, told: str) -> None:
        first, stop = cut.bounds[number]
        arm = study.arm_of(first).name
        record = {"chunk": number, "arm": arm, "first": first, "last": stop - 1}
        chunks.fail(number, record | {"error": error, "traceback": told})

    try:
        with room(place):
            ChunkScheduler(cut.job, chunks.keep, fail, counter).run(missing, runner)
        return place if shard else merge(place, command)
    except WorkersDie as error:
        remedy = "Try --workers 1, which tells more, then go on with --resume."
        raise ResultsError(place, [Problem(CHUNKS, "", str(error), remedy)]) from error
    except KeyboardInterrupt:
        there = len(chunks.find().whole(bool(study.record)))
        raise BatchInterrupted(place, there, len(cut.bounds)) from None


def _engine_there(place: Path) -> Used | None:
    """Return the engine of a batch that is in a folder already: what is left runs by it too."""
    for folder, file in ((place, MANIFEST), (place / CHUNKS, STUDY)):
        known = read_json(folder, file) or {}
        identity = known.get("study" if file == MANIFEST else "identity")
        if isinstance(identity, dict) and identity.get("engine") in ENGINES:
            return Used(str(identity["engine"]), str(known.get("engine_reason", "")))
    return None


def _finished(place: Path, cut: Plan) -> bool:
    """Say whether the folder holds this study, whole."""
    manifest = read_json(place, MANIFEST)
    if manifest is None or manifest.get("failed_chunks"):
        return False
    _same_study(place, MANIFEST, manifest.get("study"), cut)
    problems = damages(place, manifest)
    if problems and not (place / CHUNKS / STUDY).exists():
        raise ResultsError(place, problems)
    if not problems:
        shutil.rmtree(place / CHUNKS, ignore_errors=True)  # of a batch that was killed at its end
    return not problems


def _prepared(place: Path, cut: Plan, resume: bool, command: str) -> ChunkFolder:
    """Return the folder of chunks, made if nothing is there; refuse what is of something else."""
    known = read_json(place / CHUNKS, STUDY)
    if known is not None:
        _same_study(place, f"{CHUNKS}/{STUDY}", known.get("identity"), cut)
        if not resume:
            why = "a part of this study is there already"
            remedy = "Go on with --resume, or take the folder away to begin anew."
            raise ResultsError(place, [Problem(CHUNKS, "", why, remedy)])
    elif os.path.isdir(place):  # which is False, too, where no folder can have the name
        paths = [path for path in place.iterdir() if path.name != CHUNKS]
        paths += (place / CHUNKS).glob("*")
        strangers = sorted(path.name for path in paths if not path.name.startswith("."))
        if strangers:
            why = "the folder holds something else"
            raise ResultsError(place, [Problem("folder", ", ".join(strangers[:5]), why, ANOTHER)])
    with writing(place / CHUNKS):
        if known is None:
            write_whole(place / CHUNKS / STUDY, as_json(_description(cut, command)))
    return ChunkFolder(place, cut.fingerprint)


def _same_study(place: Path, file: str, there: Any, cut: Plan) -> None:
    """Refuse a folder of another study, and say in what it differs."""
    if not isinstance(there, dict):
        why = "the folder holds another run, which was no study"
        raise ResultsError(place, [Problem(file, "", why, ANOTHER)])
    found, wanted = _flat(there), _flat(cut.identity)
    problems = [
        Problem(
            f"{file} {name}",
            written(found.get(name, "absent")),
            f"must be {written(wanted.get(name, 'absent'))}: the folder holds another study",
            ANOTHER,
        )
        for name in {**wanted, **found}
        if found.get(name) != wanted.get(name)
    ]
    if problems:
        raise ResultsError(place, problems)


def _flat(identity: dict[str, Any]) -> dict[str, Any]:
    """Return what makes a study itself by dotted name, hashes cut short.

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


def _missing(chunks: ChunkFolder, cut: Plan, numbers: range, counter: Counter) -> list[int]:
    """Return the chunks that must be run; tell which of those that are there were damaged."""
    found = chunks.find()
    if found.strangers:
        raise ResultsError(chunks.folder, found.strangers)
    there = found.whole(bool(cut.study.record))
    mine = [number for number in numbers if number in there]
    counter.there(len(mine), sum(map(cut.worlds, mine)))
    for path in found.damaged:
        counter.note(f"{CHUNKS}/{path.name} was changed or cut: its chunk is run again")
    return [number for number in numbers if number not in there]


def _description(cut: Plan, command: str) -> dict[str, Any]:
    """Return what `merge` needs to know of a study, as plain values."""
    study = cut.study
    return {
        "fingerprint": cut.fingerprint,
        "identity": cut.identity,
        "engine_reason": cut.used.reason,
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
        "chunks": cut.bounds,
        "arm_of_chunk": [study.arm_of(first).name for first, _ in cut.bounds],
        "arms": [
            {"name": arm.name, "scenario": arm.scenario.model_dump(mode="json")}
            for arm in study.arms
        ],
    }
