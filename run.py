"""The command line of Winset: the main job, and commands for scenarios and results."""

import json
import os
import shlex
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import typer

import options
from experiments.results.errors import BatchInterrupted
from model.schema.problems import ScenarioError, WinsetError
from terminal import chunks, prepare, readable, say, show, stage, written

if TYPE_CHECKING:
    from experiments.study import Study

MAIN = "february_2025"
FAULT = 2  # exit code if the input has problems
STOPPED = 130  # exit code after Ctrl-C, by the convention of shells

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.callback(invoke_without_command=True)
def main_job(
    context: typer.Context,
    worlds: options.Worlds = 1000,
    seed: options.Seed = 1,
    out: options.Out = None,
) -> None:
    """Simulate two-level negotiations in many worlds at once.

    Without a command, this runs the main job: the US-China talks as of 1 February 2025. It prints
    how the talks end, sweeps the assumptions that matter most, and writes tables and figures.
    """
    if context.invoked_subcommand is None:
        _run(MAIN, worlds, seed, [], out)


@app.command()
def simulate(
    scenario: options.ScenarioName,
    worlds: options.Worlds = 1000,
    seed: options.Seed = 1,
    settings: options.Settings = None,
    engine: options.Engine = "auto",
    out: options.Out = None,
) -> None:
    """Simulate a scenario, and sweep its main assumptions.

    This is the main job for any scenario. Values of the scenario can be changed with --set.
    """
    _run(scenario, worlds, seed, settings or [], out, "" if engine == "auto" else engine)


@app.command()
def check(files: options.Files) -> None:
    """Check scenario files and list every problem.

    Exits with code 2 if there are any.
    """
    from model.schema.older import noted
    from model.schema.scenario import check_file

    invalid = False
    for path in files:
        problems, notes = noted(check_file, path)
        for note in notes:
            say(f"{path}: {note}", error=True)
        invalid = invalid or bool(problems)
        text = str(ScenarioError(str(path), problems)) if problems else f"{path}: good."
        say(text, error=bool(problems))
    if invalid:
        raise typer.Exit(FAULT)


@app.command("list")
def list_() -> None:
    """List the scenarios and the experiments.

    Their names are the arguments of the other commands.
    """
    from experiments.factorial.catalogue_index import questions
    from model.schema.reading import list_scenarios

    for heading, titles in (("Scenarios", list_scenarios()), ("Experiments", questions())):
        say(heading)
        width = max(map(len, titles))
        for name, title in titles.items():
            say(f"  {name.ljust(width)}  {title}")


@app.command()
def schema() -> None:
    """Print the JSON schema of scenario files.

    Editors use it to complete and to check what you type.
    """
    from model.schema.scenario import json_schema

    say(json.dumps(json_schema(), indent=2, ensure_ascii=False))


@app.command()
def ablation(
    scenario: options.ScenarioName,
    worlds: options.Worlds = 400,
    seed: options.Seed = 1,
    rules: options.Rules = False,
    out: options.Out = None,
) -> None:
    """Switch off each mechanism in turn and show what changes.

    All variants use the same worlds and random numbers.
    """
    from experiments.jobs.ablation import AblationJob, RulesJob
    from model.schema.scenario import load_scenario

    setting = load_scenario(scenario)
    folder = out or Path("results") / setting.name
    kind = RulesJob if rules else AblationJob
    (path,) = kind(setting, worlds, seed, folder).run(show, stage)
    say(f"\nWritten to {path}.")


@app.command()
def diagnose(
    scenario: options.ScenarioName,
    worlds: options.Worlds = 400,
    seed: options.Seed = 1,
    settings: options.Settings = None,
    out: options.Out = None,
) -> None:
    """Check how well the rules work in a scenario, and what carries its results.

    Figures with intervals and gates, beside those of the first edition of the model.
    """
    from experiments.jobs.diagnose import DiagnoseJob

    setting, words = options.overridden("diagnose", scenario, worlds, seed, settings or [])
    folder = out or Path("results") / setting.name
    command = shlex.join([*words, "--out", str(folder)])
    (path,) = DiagnoseJob(setting, worlds, seed, folder, command).run(show, stage)
    say(f"\nWritten to {path}.")


@app.command()
def sensitivity(
    scenario: options.ScenarioName,
    method: options.Method = "sobol",
    samples: options.Samples = 256,
    worlds: options.PointWorlds = 16,
    parameters: options.Parameters = "",
    second_order: options.SecondOrder = False,
    seed: options.Seed = 1,
    out: options.Out = None,
    workers: options.Workers = None,
    scheduler: options.Scheduler = "",
    shard: options.ShardOption = "",
    resume: options.Resume = False,
) -> None:
    """Find the assumptions that change the outcomes most.

    Computes Sobol indices, Morris effects or indices on a Latin hypercube, with intervals.
    """
    from experiments.jobs.sensitivity import SensitivityJob
    from model.schema.scenario import load_scenario

    setting = load_scenario(scenario)
    folder = out or Path("results") / f"{setting.name}_{method}"
    command = options.again(sensitivity, scenario, locals())
    batch = _batch(workers, scheduler, shard, resume, command)
    job = SensitivityJob(
        setting, method, samples, worlds, seed, folder, command, parameters, second_order, batch
    )
    _report_written(job.run(show, stage), folder)


@app.command()
def experiment(
    name: options.ExperimentName,
    worlds: options.CellWorlds = None,
    seed: options.Seed = 1,
    out: options.Out = None,
    workers: options.Workers = None,
    scheduler: options.Scheduler = "",
    shard: options.ShardOption = "",
    resume: options.Resume = False,
) -> None:
    """Run an experiment and judge its claims.

    Every cell of the experiment is simulated in nine contexts (cost scale and window).
    """
    from experiments.factorial.catalogue_index import catalogue, load
    from experiments.jobs.factorial import ExperimentJob, run_all

    given, results = dict(locals()), out or Path("results")
    batch = _batch(workers, scheduler, shard, resume, options.again(experiment, name, given))
    if name == "all":
        given |= {"out": None}  # each into a folder of its own name
        commands = {key: options.again(experiment, key, given) for key in catalogue()}
        jobs = [
            ExperimentJob(one, seed, results / key, commands[key], worlds, batch)
            for key, one in catalogue().items()
        ]
        _report_written(run_all(jobs, show, stage), results)
        return
    folder, command = out or results / name, options.again(experiment, name, given)
    job = ExperimentJob(load(name), seed, folder, command, worlds, batch)
    _report_written(job.run(show, stage), folder)


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
def history(seed: options.Seed = 1, out: options.Out = None) -> None:
    """Calibrate the model on 2018-20 and score it.

    The calibration starts from the prior. Scores are compared with those of simple forecasters.
    """
    from experiments.jobs.history import HistoryJob

    folder = out or Path("results") / "history"
    _report_written(HistoryJob(folder, seed).run(show, stage), folder)


@app.command()
def forecast(
    worlds: options.Worlds = 12_000,
    seed: options.Seed = 1,
    edition: options.Edition = 2,
    out: options.Out = None,
) -> None:
    """Forecast tariffs and dated events from 1 February 2025.

    The forecast can be judged later: it uses only what was known on that day.
    """
    from experiments.jobs.forecast import SCENARIO, ForecastJob
    from model.schema.scenario import load_scenario

    folder = out or Path("results") / "forecast"
    command = f"python run.py forecast --worlds {worlds} --seed {seed} --edition {edition}"
    job = ForecastJob(load_scenario(SCENARIO, {"edition": edition}), worlds, seed, folder, command)
    _report_written(job.run(show, stage), folder)


@app.command()
def merge(
    results: options.ShardsFolder,
) -> None:
    """Merge the shards of a study into one results folder.

    Run each of them with --shard first.
    """
    from experiments.batch.merge import merge as merge_shards

    say(f"Written to {merge_shards(results)}.")


@app.command("app")
def app_(
    port: options.Port = 8765,
) -> None:
    """Open the app in the browser.

    It runs on this machine only and needs no network.
    """
    from app.launch import serve

    serve(port, lambda address: say(f"Winset is at {address} (Ctrl-C ends it)."))


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


def _run(
    name: str, worlds: int, seed: int, settings: Sequence[str], out: Path | None, engine: str = ""
) -> None:
    """Load a scenario, run the main job for it, and print the results."""
    from experiments.jobs.main import MainJob

    scenario, words = options.overridden("simulate", name, worlds, seed, settings)
    folder = out or Path("results") / scenario.name
    words += (["--engine", engine] if engine else []) + ["--out", str(folder)]
    job = MainJob(scenario, worlds, seed, folder, shlex.join(words), engine or "auto")
    _report_written(job.run(show, stage), folder)


def _batch(
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


def _report_written(paths: Sequence[Path], folder: Path) -> None:
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


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line. Errors in its input are printed without a traceback."""
    words = sys.argv[1:] if arguments is None else arguments
    try:
        prepare(words)
        with written():
            app(readable(words))
    except WinsetError as error:
        say(str(error), error=True)
        sys.exit(STOPPED if isinstance(error, BatchInterrupted) else FAULT)
    except MemoryError as error:
        say(f"Not enough memory on this machine ({error}).", error=True)
        sys.exit(FAULT)


if __name__ == "__main__":
    main()
