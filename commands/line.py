"""The command line itself, and what several commands share: batches and reports."""

import os
import shlex
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from commands.terminal import chunks, say

if TYPE_CHECKING:
    from experiments.study import Study

FAULT = 2  # exit code if the input has problems
STOPPED = 130  # exit code after Ctrl-C, by the convention of shells

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


def batch_runner(
    workers: int | None, scheduler: str, shard: str, resume: bool, command: str
) -> "Callable[[Study, Path], Path]":
    """Return the function that runs a study into a folder, by the options."""
    from experiments.batch.cluster import Cluster
    from experiments.batch.run import parse_shard, run_batch
    from experiments.batch.runners import local

    part = parse_shard(shard)
    runner = Cluster(scheduler) if scheduler else local(workers or os.cpu_count() or 1)

    def run(study: "Study", folder: Path) -> Path:
        with chunks(study.name) as report_progress:
            run_batch(
                study,
                folder,
                runner,
                resume=resume,
                shard=part,
                command=command,
                on_progress=report_progress,
            )
        if part:
            say(f"Shard {part.part} of {part.of} is in {folder}. When all shards are there, run:")
            say(f"  python run.py merge {shlex.quote(str(folder))}\n  {command}")
            raise typer.Exit
        return folder

    return run


def report_written(paths: Sequence[Path], folder: Path) -> None:
    """Write the report unless there is one, and print what was written.

    Exits with code 1 if worlds failed.
    """
    from experiments.report.page import report as write_report
    from experiments.results.layout import FAILED, MANIFEST

    if (folder / MANIFEST).exists() and not any(path.suffix == ".html" for path in paths):
        paths = [*paths, write_report(folder)]
    say(f"\nWritten to {folder}: " + ", ".join(str(p.relative_to(folder)) for p in paths))
    failed = folder / FAILED
    if failed.exists():
        say(f"Some worlds failed. See {failed}. Run them again with --resume.")
        raise typer.Exit(1)
