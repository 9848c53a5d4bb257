"""Write a run to a results folder and read it back: tables and a manifest with their hashes."""

import hashlib
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow
import pyarrow.parquet
from pydantic import ValidationError

from experiments.columns import (
    SWEEP,
    WORLD,
    described,
    run_columns,
    table_columns,
    with_metadata,
)
from experiments.results.errors import ResultsError
from experiments.results.files import (
    arrow,
    parquet_bytes,
    sha256,
    write_whole,
    writing,
)
from experiments.results.formats import FORMAT, names_of
from experiments.results.layout import FAILED, MANIFEST, RUNS, WEEKS
from experiments.results.lock import one_writer
from experiments.results.manifest import again, provenance, read_manifest
from experiments.results.rocrate import write_manifest
from experiments.results.untrusted import opened, read_bytes, reason
from experiments.results.weekly_histograms import weekly_table
from experiments.study import ARM, POINT, STREAM
from model.arrays import Array
from model.outcomes import outcome_keys
from model.schema.problems import Problem, did_you_mean, written
from model.schema.scenario import Scenario, restored

if TYPE_CHECKING:
    from experiments.engine import Run

FRONT = [ARM, POINT, STREAM]


@dataclass(frozen=True)
class Results:
    """The contents of a results folder: one row per world (arm, point, random stream, outcomes)."""

    folder: Path
    manifest: dict[str, Any]
    outcomes: pd.DataFrame
    sweep: dict[str, Array]

    @property
    def seed(self) -> int:
        """Return the seed of the run."""
        return int(self.manifest["seed"])

    @property
    def engine(self) -> str:
        """Return the engine that made the tables; version 0.1 had NumPy alone."""
        return str(self.manifest.get("engine", "numpy"))

    @property
    def scenario(self) -> Scenario:
        """Return the scenario of the run, or of the first arm if there are several."""
        return next(iter(self.scenarios.values()))

    @cached_property
    def scenarios(self) -> dict[str, Scenario]:
        """Return the scenarios by the names of their arms, checked like a scenario file."""
        scenarios, problems = {}, []
        for arm in self.manifest["arms"]:
            try:
                scenarios[str(arm["name"])] = restored(arm["scenario"])
            except ValidationError as error:
                why = f"this version cannot run it ({error.error_count()} problems)"
                remedy = _version_of(self.manifest)
                problems.append(Problem(f"{MANIFEST} scenario", str(arm["name"]), why, remedy))
        if problems:
            raise ResultsError(self.folder, problems)
        return scenarios

    @cached_property
    def weeks(self) -> pd.DataFrame | None:
        """Return weeks.parquet, or None if no state was recorded."""
        return self.table(WEEKS) if WEEKS in self.manifest["files"] else None

    @cached_property
    def failed(self) -> pd.DataFrame:
        """Return the chunks that failed, with their tracebacks: no rows if none failed."""
        if FAILED not in self.manifest["files"]:
            return pd.DataFrame(columns=["chunk", ARM, "first", "last", "error", "traceback"])
        return pd.read_csv(io.BytesIO(read_bytes(self.folder, FAILED)))

    def table(self, name: str) -> pd.DataFrame:
        """Return a table of the folder by file name, as it is called today."""
        if names_of(self.manifest).file(name) not in self.manifest["files"]:
            known = did_you_mean(name, self.manifest["files"])
            raise ResultsError(self.folder, [Problem("table", name, "no such table", known)])
        table: pd.DataFrame = _read(self.folder, self.manifest, name).to_pandas()
        return table

    def row(self, world: int) -> pd.DataFrame:
        """Return the outcomes of one world (1, columns), all columns, read alone.

        Raises ResultsError if there is no such world.
        """
        whole = self._row(world)
        return whole[[n for n in whole.columns if n not in FRONT and not n.startswith(SWEEP)]]

    def _row(self, world: int) -> pd.DataFrame:
        alone = [(WORLD, "=", world)]
        table: pd.DataFrame = _read(self.folder, self.manifest, RUNS, filters=alone).to_pandas()
        if len(table) != 1:
            last = int(self.manifest["worlds"]) - 1
            remedy = f"Choose one between 0 and {last}."
            why = "no such world"
            if 0 <= world <= last:
                why, remedy = f"its chunk failed, see {FAILED}", again(self.manifest)
            raise ResultsError(self.folder, [Problem(WORLD, str(world), why, remedy)])
        return table.set_index(WORLD)

    def setting_of(self, world: int) -> tuple[Scenario, int, dict[str, Array], int]:
        """Return what determines a world: scenario, seed, swept numbers (1,), random stream."""
        row = self._row(world)
        swept = {
            name: row[SWEEP + name].to_numpy(dtype=np.float64) for name in self.manifest["swept"]
        }
        own = {name: value for name, value in swept.items() if not np.isnan(value[0])}
        scenario = self.scenarios[str(row[ARM].iloc[0])]
        return scenario, self.seed, own, int(row[STREAM].iloc[0])


def _version_of(manifest: dict[str, Any]) -> str:
    """Say which version can run the scenarios of a folder."""
    version = str(manifest.get("winset") or names_of(manifest).version)
    named = f"Winset {version}" if version else "the version that wrote it"
    commit = f" (commit {str(manifest['commit'])[:12]})" if manifest.get("commit") else ""
    return f"Run it with {named}{commit}."


def write_results(
    run: "Run",
    folder: str | Path,
    command: str = "",
    more: Mapping[str, pd.DataFrame] | None = None,
) -> Path:
    """Write runs.parquet, weeks.parquet and manifest.json of a run into a folder.

    The same run gives the same bytes in the tables on the same versions. The manifest is written
    last, so that it does not match a folder that is incomplete. command: the command that repeats
    the run, for the manifest; more: further tables by file name, such as sweep.parquet.

    Raises:
        ResultsError: The folder cannot be created or written.
    """
    place = Path(folder)
    runs = with_metadata(arrow(_runs_table(run)), run_columns(run.scenario))
    tables = {RUNS: parquet_bytes(runs)}
    tables |= {name: _further(name, table) for name, table in (more or {}).items()}
    if run.weeks is not None:
        tables[WEEKS] = parquet_bytes(weekly_table(run.weeks, run.scenario.name))
    manifest = _manifest(run, command, tables, described(runs.schema))
    with one_writer(place), writing(place):
        if run.weeks is None:
            (place / WEEKS).unlink(missing_ok=True)  # left by an earlier run
        for name, content in tables.items():
            write_whole(place / name, content)
        write_manifest(place, manifest)
    return place


def _manifest(
    run: "Run", command: str, tables: Mapping[str, bytes], columns: list[dict[str, str]]
) -> dict[str, Any]:
    """Return the manifest of a run, with the hashes of its tables."""
    return {
        "format": FORMAT,
        "kind": "run",
        "name": run.scenario.name,
        "about": {},
        "command": command,
        "seed": run.seed,
        "engine": run.engine,
        "engine_reason": run.reason,
        "worlds": len(run.outcomes),
        "points": 1,
        "worlds_per_point": len(run.outcomes),
        "swept": sorted(run.sweep),
        "record": [] if run.weeks is None else [str(name) for name in run.weeks.data_vars],
        "files": {name: sha256(content) for name, content in tables.items()},
        "columns": columns,
        **provenance(),
        "arms": [{"name": run.scenario.name, "scenario": run.scenario.model_dump(mode="json")}],
    }


def add_tables(folder: str | Path, tables: Mapping[str, pd.DataFrame]) -> None:
    """Add tables by file name to a results folder, and add their hashes to the manifest.

    Raises:
        ResultsError: The folder has no results, or it cannot be written.
    """
    _add(folder, {name: _further(name, table) for name, table in tables.items()})


def add_files(folder: str | Path, texts: Mapping[str, str]) -> list[Path]:
    """Add texts by file name to a results folder, and return their paths.

    Raises:
        ResultsError: The folder has no results, or it cannot be written.
    """
    return _add(folder, {name: text.encode() for name, text in texts.items()})


def _further(name: str, table: pd.DataFrame) -> bytes:
    """Return a further table as Parquet bytes, with units if its columns are declared."""
    columns = table_columns(name, map(str, table.columns))
    return parquet_bytes(with_metadata(arrow(table), columns))


def _add(folder: str | Path, contents: Mapping[str, bytes]) -> list[Path]:
    place = Path(folder)
    read_manifest(place)  # raises for a folder without results
    with one_writer(place):
        return _add_alone(place, contents)


def _add_alone(place: Path, contents: Mapping[str, bytes]) -> list[Path]:
    """Add files to a folder that no other process writes."""
    manifest = read_manifest(place)
    if manifest["format"] != FORMAT:
        why = f"must be {json.dumps(FORMAT)} to add files to it"
        shown = json.dumps(manifest["format"])
        raise ResultsError(place, [Problem(f"{MANIFEST} format", shown, why, again(manifest))])
    with writing(place):
        for name, content in contents.items():
            write_whole(place / name, content)
            manifest["files"][name] = sha256(content)
        write_manifest(place, manifest)
    return [place / name for name in contents]


def read_results(folder: str | Path, columns: Sequence[str] | None = None) -> Results:
    """Read a results folder, and check that no file is missing, damaged or changed.

    Args:
        folder: The results folder.
        columns: Outcomes and swept numbers ("sweep:NAME") to read, by default all. If there are
            many worlds, read only the columns that you need. The columns arm, point and stream are
            always read.

    Raises:
        ResultsError: The folder has problems; the error lists all of them.
    """
    place = Path(folder)
    manifest = read_manifest(place)
    problems = damages(place, manifest)
    if not problems:
        problems = _missing(place, manifest, columns or ())
    if problems:
        raise ResultsError(place, problems)
    wanted = None if columns is None else [WORLD, *FRONT, *dict.fromkeys(columns)]
    runs = _read(place, manifest, RUNS, columns=wanted).to_pandas().set_index(WORLD)
    _check_outcomes(place, manifest, runs)
    swept = [name for name in manifest["swept"] if SWEEP + name in runs]
    sweep = {name: np.ascontiguousarray(runs[SWEEP + name], dtype=np.float64) for name in swept}
    return Results(place, manifest, runs.drop(columns=[SWEEP + name for name in swept]), sweep)


def damages(place: Path, manifest: dict[str, Any]) -> list[Problem]:
    """Return the files of the manifest that are missing or changed, as problems."""
    problems = []
    for name, expected in manifest["files"].items():
        try:
            with opened(place, name) as stream:
                actual = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError as error:
            why = f"{MANIFEST} lists it, but it cannot be read ({reason(error)})"
            problems.append(Problem(name, "", why, again(manifest)))
            continue
        if actual != expected:
            why = (
                f"must be {str(expected)[:12]}... as in {MANIFEST}: the file was changed or "
                "truncated after it was written"
            )
            shown = f"{actual[:12]}..."
            problems.append(Problem(f"{name} sha256", shown, why, again(manifest)))
    return problems


def _missing(place: Path, manifest: dict[str, Any], columns: Sequence[str]) -> list[Problem]:
    """Return the columns that are declared or requested but missing, as problems."""
    there = _schema(place, manifest, RUNS)
    promised = [WORLD, *FRONT, *(SWEEP + name for name in manifest["swept"])]
    why = f"missing, but {MANIFEST} lists it"
    return [
        Problem(f"{RUNS} column", name, why, again(manifest))
        for name in promised
        if name not in there
    ] + [
        Problem(f"{RUNS} column", written(name), "no such column", did_you_mean(name, there, 80))
        for name in columns
        if name not in there and name not in promised
    ]


@contextmanager
def _parquet(place: Path, name: str) -> Iterator[None]:
    """Convert errors of a Parquet table to ResultsError."""
    try:
        yield
    except (pyarrow.ArrowException, OSError) as error:
        why = f"cannot be read as a Parquet table ({error})"
        raise ResultsError(place, [Problem(name, "", why)]) from error


def _check_outcomes(place: Path, manifest: dict[str, Any], runs: pd.DataFrame) -> None:
    """Refuse outcomes that are not declared: tables and figures would leave their worlds out."""
    if "outcome" not in runs:
        return
    strangers = sorted(set(map(str, runs["outcome"].dropna().unique())) - set(outcome_keys()))
    if strangers:
        why = f"no outcome of this version: must be one of {', '.join(outcome_keys())}"
        problem = Problem(f"{RUNS} outcome", ", ".join(strangers), why, again(manifest))
        raise ResultsError(place, [problem])


def _schema(place: Path, manifest: dict[str, Any], name: str) -> list[str]:
    """Return the columns of a table as they are called today."""
    names = names_of(manifest)
    with _parquet(place, name):
        found = pyarrow.parquet.read_schema(place / names.file(name)).names
    return names.today(name, found)


def _read(
    place: Path,
    manifest: dict[str, Any],
    name: str,
    columns: Sequence[str] | None = None,
    **how: Any,
) -> pyarrow.Table:
    """Return a table; file and columns are given, and returned, as they are called today."""
    names = names_of(manifest)
    wanted = None if columns is None else [names.column(name, column) for column in columns]
    with _parquet(place, name):
        table = pyarrow.parquet.read_table(place / names.file(name), columns=wanted, **how)
    return table.rename_columns(names.today(name, table.column_names))


def _runs_table(run: "Run") -> pd.DataFrame:
    """Return one row per world: number, arm, point, random stream, outcomes, swept parameters."""
    numbers = run.outcomes.index.to_numpy()
    front = {WORLD: numbers, ARM: run.scenario.name, POINT: 0, STREAM: numbers}
    table = pd.DataFrame(front, index=run.outcomes.index)
    own = run.outcomes.drop(columns=FRONT, errors="ignore")
    swept = {SWEEP + name: run.sweep[name] for name in sorted(run.sweep)}
    return pd.concat([table, own, pd.DataFrame(swept, index=table.index)], axis=1)
