"""The layout of a results folder: the name of every file in it, and what the file contains."""

import re
from collections.abc import Sequence
from pathlib import Path

MANIFEST, CRATE = "manifest.json", "ro-crate-metadata.json"
RUNS, WEEKS, FAILED = "runs.parquet", "weeks.parquet", "failed.csv"
SUMMARY, REPORT, FIGURES = "summary.txt", "report.html", "figures"
FIGURE_KINDS = ("png", "svg")

CHRONICLES, SWEEP_TABLE = "chronicles.txt", "sweep.parquet"  # of the main job
ABLATION, DIAGNOSIS = "ablation.csv", "diagnose.json"
RULE_EFFECTS = "rules.csv"
FINDINGS, CELLS = "findings.json", "cells.csv"  # of an experiment
INDICES, CHANCE, REGIONS = "indices.parquet", "chance.parquet", "regions.parquet"  # sensitivity
CONVERGENCE, SECOND_ORDER = "convergence.parquet", "second_order.parquet"
TARIFFS, EVENTS = "tariffs.csv", "events.csv"  # of a forecast
ALTERNATIVES, PATHS = "alternatives.csv", "paths.parquet"

CHUNKS, STUDY = "chunks", "study.json"  # of a batch that is not finished
ROWS, COUNTS, FAILURE = "runs", "weeks", "failed"  # what a file of a chunk contains
CHUNK_FILE = re.compile(
    rf"(\d{{6}})\.({ROWS}|{COUNTS})\.([0-9a-f]{{16}})\.parquet|(\d{{6}})\.{FAILURE}\.json"
)

CONTENTS = {
    RUNS: "one row per world: arm, point, stream, outcomes, swept parameters",
    WEEKS: "weekly states: counts of worlds on fixed bins, and quantiles read from them",
    FAILED: "chunks that failed, with their tracebacks",
    SUMMARY: "the tables as text, with their caveats",
    CHRONICLES: "one world of each outcome, week by week",
    FINDINGS: "the claims of an experiment, with their verdicts",
    DIAGNOSIS: "the figures of the diagnostics, with intervals and gates",
    CELLS: "the mean of each measure in each cell",
    MANIFEST: "what was run: scenarios, seed, versions, commit, hashes of the files",
}
OTHER = "another table"


def csv_file(table: str) -> str:
    """Return the file name of a table that is written as CSV.

    >>> csv_file("patterns")
    'patterns.csv'
    """
    return f"{table}.csv"


def parquet_tables(folder: Path) -> list[Path]:
    """Return the paths of all Parquet tables of a folder, in order."""
    return sorted(folder.glob("*.parquet"))


def csv_tables(folder: Path, but: Sequence[str] = ()) -> list[Path]:
    """Return the paths of all CSV tables of a folder but these, in order."""
    return sorted(path for path in folder.glob("*.csv") if path.name not in but)


def figure(folder: Path, name: str, kind: str) -> Path:
    """Return the path of a figure in a folder."""
    return folder / FIGURES / f"{name}.{kind}"


def figure_names(folder: Path) -> set[str]:
    """Return the names of all figures of a folder."""
    return {path.stem for kind in FIGURE_KINDS for path in (folder / FIGURES).glob(f"*.{kind}")}


def chunk_file(number: int, contents: str, digest: str) -> str:
    """Return the name of a file of a chunk, with the first digits of its own hash.

    >>> chunk_file(3, ROWS, "0123456789abcdef0123")
    '000003.runs.0123456789abcdef.parquet'
    """
    return f"{number:06d}.{contents}.{digest[:16]}.parquet"


def failure_file(number: int) -> str:
    """Return the name of the file on a chunk that failed.

    >>> failure_file(3)
    '000003.failed.json'
    """
    return f"{number:06d}.{FAILURE}.json"
