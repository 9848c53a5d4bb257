"""Write a run to a results folder and read it back: tables, and a manifest to vouch for them."""

import hashlib
import io
import json
import os
import platform
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
import pandas as pd
import pyarrow
import pyarrow.parquet
import xarray as xr
from pydantic import ValidationError

from experiments.errors import ResultsError
from model.arrays import Array
from model.problems import Problem, written
from model.scenario import Scenario

if TYPE_CHECKING:
    from experiments.engine import Run

FORMAT = "winset results 1"
RUNS, WEEKS, MANIFEST = "runs.parquet", "weeks.parquet", "manifest.json"
SWEEP = "sweep:"  # marks the columns of runs.parquet that hold a swept parameter
QUANTILES = {
    "q05": 0.05,
    "q10": 0.10,
    "q25": 0.25,
    "q50": 0.50,
    "q75": 0.75,
    "q90": 0.90,
    "q95": 0.95,
}
PACKAGES = ("mesa", "numpy", "scipy", "pandas", "pyarrow", "xarray", "pydantic", "networkx")


@dataclass(frozen=True)
class Results:
    """A results folder as read: a row a world, what was swept, the weeks, and the manifest."""

    folder: Path
    manifest: dict[str, Any]
    outcomes: pd.DataFrame
    sweep: dict[str, Array]
    weeks: pd.DataFrame | None
    more: dict[str, pd.DataFrame]

    @property
    def seed(self) -> int:
        """Return the seed of the run."""
        return int(self.manifest["seed"])

    @cached_property
    def scenario(self) -> Scenario:
        """Return the scenario of the run, checked again as any scenario file is."""
        try:
            return Scenario.model_validate_json(json.dumps(self.manifest["scenario"]))
        except ValidationError as error:
            why = f"none that this version can run ({error.error_count()} problems)"
            raise ResultsError(
                self.folder,
                [
                    Problem(
                        f"{MANIFEST} scenario",
                        self.manifest["scenario"].get("name", ""),
                        why,
                        "Run it with the commit that the manifest names.",
                    )
                ],
            ) from error

    def setting_of(self, world: int) -> tuple[Scenario, int, dict[str, Array]]:
        """Return what decides a world's path: scenario, seed, and its own swept parameters (1,)."""
        if world not in self.outcomes.index:
            last = int(self.outcomes.index.max())
            raise ResultsError(
                self.folder,
                [Problem("world", str(world), "no such world", f"Give one between 0 and {last}.")],
            )
        place = int(self.outcomes.index.get_indexer(pd.Index([world]))[0])
        return (
            self.scenario,
            self.seed,
            {name: values[place : place + 1] for name, values in self.sweep.items()},
        )


def write_results(
    run: "Run",
    folder: str | Path,
    command: str = "",
    more: Mapping[str, pd.DataFrame] | None = None,
) -> Path:
    """Write runs.parquet, weeks.parquet and manifest.json of a run into a folder, each at a stroke.

    The same run gives the same bytes in the tables on the same versions. The manifest goes last, so
    that a folder which was cut short does not match it. `command` is what would do the run again;
    `more` are further tables by file name, such as sweep.parquet.

    Raises:
        ResultsError: the folder cannot be made or written.
    """
    place = Path(folder)
    tables = {RUNS: _bytes(_runs_table(run))}
    tables |= {name: _bytes(table) for name, table in (more or {}).items()}
    if run.weeks is not None:
        tables[WEEKS] = _bytes(weekly_quantiles(run.weeks))
    manifest = {
        "format": FORMAT,
        "command": command,
        "seed": run.seed,
        "worlds": len(run.outcomes),
        "swept": sorted(run.sweep),
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in tables.items()},
        "versions": {"python": platform.python_version()} | {n: _version(n) for n in PACKAGES},
        "processor": _processor(),
        "commit": _commit(),
        "scenario": run.scenario.model_dump(mode="json"),
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    with writing(place):
        if run.weeks is None:
            (place / WEEKS).unlink(missing_ok=True)  # of an earlier run: the manifest disowns it
        for name, content in (tables | {MANIFEST: text.encode()}).items():
            write_whole(place / name, content)
    return place


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Make sure a folder can be written, and turn what the system refuses into ResultsError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
        yield
    except OSError as error:
        raise ResultsError(
            folder,
            [
                Problem(
                    "folder",
                    "",
                    f"cannot be written ({error.strerror or error})",
                    "Give another one with --out, or make this one writable.",
                )
            ],
        ) from error


def read_results(folder: str | Path) -> Results:
    """Read a results folder, and refuse what is missing, damaged, foreign or changed since.

    Raises:
        ResultsError: with every problem of the folder at once.
    """
    place = Path(folder)
    manifest = _read_manifest(place)
    tables, problems = _read_tables(place, manifest)
    if problems:
        raise ResultsError(place, problems)
    runs = tables.pop(RUNS).set_index("world")
    sweep = {
        name: np.ascontiguousarray(runs[SWEEP + name], dtype=np.float64)
        for name in manifest["swept"]
    }
    outcomes = runs.drop(columns=[SWEEP + name for name in sweep])
    return Results(place, manifest, outcomes, sweep, tables.pop(WEEKS, None), tables)


def _read_tables(
    place: Path, manifest: dict[str, Any]
) -> tuple[dict[str, pd.DataFrame], list[Problem]]:
    """Return the tables that the manifest lists, by file name, and what is wrong with them."""
    problems: list[Problem] = []
    tables = {}
    for name, expected in manifest["files"].items():
        try:
            content = (place / name).read_bytes()
        except OSError as error:
            problems.append(
                Problem(
                    name,
                    "",
                    f"{MANIFEST} lists it, but it cannot be read ({error.strerror})",
                    _again(manifest),
                )
            )
            continue
        found = hashlib.sha256(content).hexdigest()
        if found != expected:
            problems.append(
                Problem(
                    f"{name} sha256",
                    f"{found[:12]}...",
                    f"must be {str(expected)[:12]}... as in "
                    f"{MANIFEST}: the file was changed or cut after it was written",
                    _again(manifest),
                )
            )
            continue
        tables[name] = _read_table(place, name, content, problems)
    if not problems:
        columns = ["world", *(SWEEP + name for name in manifest["swept"])]
        absent = [column for column in columns if column not in tables[RUNS]]
        problems += [
            Problem(
                f"{RUNS} column",
                str(name),
                f"missing, but {MANIFEST} promises it",
                _again(manifest),
            )
            for name in absent
        ]
    return tables, problems


def weekly_quantiles(weeks: xr.Dataset) -> pd.DataFrame:
    """Return a long table: quantiles and mean over worlds of each state, by week and side or issue.

    Columns: week, series, of (side, issue or agent; empty where the series has none), q05 to q95,
    mean. Missing and infinite values (no agreement, no aspiration yet) are left out.
    """
    parts = [_series_quantiles(str(name), values) for name, values in weeks.data_vars.items()]
    return pd.concat(parts, ignore_index=True)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file at one stroke: a reader sees the old one or the new one, never half of it."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    finally:
        Path(temporary).unlink(missing_ok=True)


def _runs_table(run: "Run") -> pd.DataFrame:
    """Return outcomes and swept parameters, a row a world, the world's number as a column."""
    table = run.outcomes.copy()
    for name in sorted(run.sweep):
        table[SWEEP + name] = run.sweep[name]
    return table.reset_index(names="world")


def _series_quantiles(name: str, values: xr.DataArray) -> pd.DataFrame:
    """Return the rows of one series; quantiles by order statistics with linear interpolation."""
    other = [str(dim) for dim in values.dims if dim not in ("week", "world")]
    ordered = values.transpose("week", *other, "world").astype(np.float64)
    flat = ordered.to_numpy().reshape(-1, ordered.sizes["world"])
    flat = np.where(np.isfinite(flat), flat, np.nan)
    empty = np.isnan(flat).all(axis=1)
    filled = np.where(empty[:, None], 0.0, flat)  # spares the warning on a week without any value
    columns = dict(
        zip(QUANTILES, np.nanquantile(filled, list(QUANTILES.values()), axis=1), strict=True)
    )
    columns["mean"] = np.nanmean(filled, axis=1)
    labels = ordered.isel(world=0, drop=True).to_series().index.to_frame(index=False)
    of = labels[other].astype(str).agg(" > ".join, axis=1) if other else ""
    table = pd.DataFrame({"week": labels["week"].astype(np.int64), "series": name, "of": of})
    for column, numbers in columns.items():
        table[column] = np.where(empty, np.nan, numbers)
    return table


def _bytes(table: pd.DataFrame) -> bytes:
    """Return a table as Parquet bytes, which depend on the table and the versions alone."""
    buffer = io.BytesIO()
    pyarrow.parquet.write_table(
        pyarrow.Table.from_pandas(table, preserve_index=False, nthreads=1),
        buffer,
        compression="zstd",
    )
    return buffer.getvalue()


def _read_table(place: Path, name: str, content: bytes, problems: list[Problem]) -> pd.DataFrame:
    try:
        table: pd.DataFrame = pyarrow.parquet.read_table(io.BytesIO(content)).to_pandas()
        return table
    except (pyarrow.ArrowException, OSError) as error:
        problems.append(Problem(name, "", f"no Parquet table that can be read ({error})"))
        return pd.DataFrame()


def _read_manifest(place: Path) -> dict[str, Any]:
    """Return the manifest when it is one of ours."""

    def refuse(where: str, found: str, why: str, remedy: str) -> NoReturn:
        raise ResultsError(place, [Problem(where, found, why, remedy)]) from None

    if not place.is_dir():
        refuse(
            "folder",
            "",
            "there is no such folder",
            "Give one that a run has written, such as results/february_2025.",
        )
    try:
        manifest = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        refuse(
            MANIFEST,
            "",
            "missing: this is no results folder, or its run was cut short",
            "Run it again, or give another folder.",
        )
    except (ValueError, OSError) as error:
        refuse(MANIFEST, "", f"cannot be read as JSON ({error})", "Run it again.")
    found = manifest.get("format") if isinstance(manifest, dict) else None
    if found != FORMAT:
        refuse(
            f"{MANIFEST} format",
            json.dumps(found),
            f"must be {json.dumps(FORMAT)}; another program or version wrote it",
            "Read it with that one, or run again.",
        )
    wanted = {"seed": int, "worlds": int, "swept": list, "files": dict, "scenario": dict}
    for key, kind in wanted.items():
        if not isinstance(manifest.get(key), kind):
            refuse(
                f"{MANIFEST} {key}",
                written(manifest.get(key)),
                f"must be of the kind {kind.__name__}",
                "Run it again.",
            )
    if RUNS not in manifest["files"]:
        refuse(
            f"{MANIFEST} files", ", ".join(manifest["files"]), f"must list {RUNS}", "Run it again."
        )
    checked: dict[str, Any] = manifest
    return checked


def _again(manifest: dict[str, Any]) -> str:
    command = manifest.get("command")
    return f"Write it again with: {command}" if command else "Run it again."


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "absent"


def _processor() -> dict[str, Any]:
    """Return what decides the last bits of a float: machine kind, and the SIMD sets NumPy found."""
    simd = np.show_config(mode="dicts").get("SIMD Extensions", {})
    return {
        "machine": platform.machine(),
        "system": platform.system(),
        "simd": simd.get("found", []),
    }


def _commit() -> str | None:
    """Return the git commit of the project, with "+" when files differ from it, or None."""
    root = Path(__file__).resolve().parent.parent
    try:
        done = subprocess.run(
            ["git", "describe", "--always", "--abbrev=40", "--dirty=+", "--exclude=*"],
            cwd=root,
            capture_output=True,
            text=True,
            check=True,
            timeout=10,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip() or None
