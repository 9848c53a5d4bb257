"""Commands for results folders and transcripts: report, compare, merge and replay."""

import typer

from commands import options
from commands.line import app
from commands.terminal import say, show, stage


@app.command()
def report(
    results: options.ResultsFolder,
) -> None:
    """Write one page with all results of a folder: report.html."""
    from experiments.report.page import report as write

    say(f"Written to {write(results)}.")


@app.command()
def compare(
    first: options.ResultsFolder,
    second: options.SecondFolder,
    out: options.PageFile = None,
) -> None:
    """Compare two results folders.

    Worlds are compared one by one if both folders used the same random numbers.
    """
    from experiments.report.compare import compare as write

    comparison = write(first, second, out)
    show(comparison.headline)
    for section in comparison.sections:
        show(section)
    say(f"\nWritten to {comparison.path}.")


@app.command()
def merge(
    results: options.ShardsFolder,
) -> None:
    """Merge the shards of a study into one results folder.

    Run each of them with --shard first.
    """
    from experiments.batch.merge import merge as merge_shards

    say(f"Written to {merge_shards(results)}.")


@app.command()
def replay(
    results: options.ReplaySource,
    world: options.WorldNumber = None,
    every: options.Every = False,
) -> None:
    """Replay one world or game, and print what happened.

    Exits with code 1 if the outcome differs from the one in the folder or transcript.
    """
    from experiments.jobs.replay import ReplayJob

    result = ReplayJob(results, world, every).run(show, stage)
    for line in result.lines:
        say(line)
    if not result.same:
        raise typer.Exit(1)
