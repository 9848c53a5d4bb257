"""Winset's command line: the main job, and what is asked of scenarios and results beside it."""

import inspect
import json
import os
import shlex
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.results.errors import BatchInterrupted
from model.schema.problems import ScenarioError, WinsetError
from terminal import chunks, readable, say, show, stage

if TYPE_CHECKING:
    from experiments.study import Study

MAIN = "february_2025"
FAULT = 2  # exit code when what was asked for cannot be done as written
STOPPED = 130  # exit code after Ctrl-C, as shells have it

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)

Worlds = Annotated[int, typer.Option(min=1, max=10**6, help="How many worlds to simulate.")]
Seed = Annotated[
    int, typer.Option(min=0, max=2**64 - 1, help="The luck: the same seed gives the same worlds.")
]
Out = Annotated[
    Path | None,
    typer.Option(
        help="Folder for tables and figures; by default results/ and the scenario's name."
    ),
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="Override a value of the scenario, such as talks.window=13; may be repeated.",
    ),
]

Workers = Annotated[
    int | None,
    typer.Option(min=1, help="Processes on this machine; by default one a core."),
]
Scheduler = Annotated[
    str, typer.Option(metavar="ADDRESS", help="A Dask scheduler, such as tcp://host:8786.")
]
Share = Annotated[
    str, typer.Option("--shard", metavar="I/N", help="Run one share of N only, then merge them.")
]
Resume = Annotated[bool, typer.Option("--resume", help="Go on where an earlier run stopped.")]


@app.callback(invoke_without_command=True)
def main_job(
    context: typer.Context, worlds: Worlds = 1000, seed: Seed = 1, out: Out = None
) -> None:
    """Simulate two-level negotiations in many worlds at once.

    Without a command: the main job, the US-China talks as they stood on 1 February 2025. It prints
    how the talks end, sweeps the assumptions that matter most, and writes tables and figures.
    """
    if context.invoked_subcommand is None:
        _run(MAIN, worlds, seed, [], out)


@app.command()
def simulate(
    scenario: Annotated[str, typer.Argument(help="Name of a scenario (see list), or a file.")],
    worlds: Worlds = 1000,
    seed: Seed = 1,
    settings: Settings = None,
    out: Out = None,
) -> None:
    """Do the main job for another scenario, or with some of its values changed."""
    _run(scenario, worlds, seed, settings or [], out)


@app.command()
def check(files: Annotated[list[Path], typer.Argument(help="Scenario files (TOML).")]) -> None:
    """Tell all that is wrong with scenario files; exit code 2 if anything is."""
    from model.schema.older import noted
    from model.schema.scenario import check_file

    faulty = False
    for path in files:
        problems, notes = noted(check_file, path)
        for note in notes:
            say(f"{path}: {note}", error=True)
        faulty = faulty or bool(problems)
        told = str(ScenarioError(str(path), problems)) if problems else f"{path}: good."
        say(told, error=bool(problems))
    if faulty:
        raise typer.Exit(FAULT)


@app.command("list")
def list_() -> None:
    """List the scenarios and the experiments that come with the model."""
    from experiments.factorial.catalogue_index import questions
    from model.schema.reading import list_scenarios

    for heading, found in (("Scenarios", list_scenarios()), ("Experiments", questions())):
        say(heading)
        width = max(map(len, found))
        for name, title in found.items():
            say(f"  {name.ljust(width)}  {title}")


@app.command()
def schema() -> None:
    """Print the JSON schema of scenario files, for editors that complete and check."""
    from model.schema.scenario import json_schema

    say(json.dumps(json_schema(), indent=2, ensure_ascii=False))


@app.command()
def ablation(
    scenario: Annotated[str, typer.Argument(help="Name of a scenario (see list), or a file.")],
    worlds: Worlds = 400,
    seed: Seed = 1,
    out: Out = None,
) -> None:
    """Switch off each mechanism in turn, under the same luck, and tell what that changes."""
    from experiments.jobs.ablation import AblationJob
    from model.schema.scenario import load_scenario

    setting = load_scenario(scenario)
    folder = out or Path("results") / setting.name
    (path,) = AblationJob(setting, worlds, seed, folder).run(show, stage)
    say(f"\nWritten to {path}.")


@app.command()
def sensitivity(
    scenario: Annotated[str, typer.Argument(help="Name of a scenario (see list), or a file.")],
    method: Annotated[str, typer.Option(help="sobol, morris or lhs.")] = "sobol",
    samples: Annotated[
        int, typer.Option(help="Size of the base design; for sobol a power of two.")
    ] = 256,
    worlds: Annotated[
        int, typer.Option(min=1, max=10**6, help="Worlds at each point, in the same luck.")
    ] = 16,
    parameters: Annotated[
        str, typer.Option(help="Which, as NAME or NAME=LOW:HIGH, with commas; else the usual ones.")
    ] = "",
    second_order: Annotated[
        bool, typer.Option("--second-order", help="Sobol: pairs of parameters, too.")
    ] = False,
    seed: Seed = 1,
    out: Out = None,
    workers: Workers = None,
    scheduler: Scheduler = "",
    shard: Share = "",
    resume: Resume = False,
) -> None:
    """Tell which assumptions move the outcomes: Sobol or Morris indices, with intervals."""
    from experiments.jobs.sensitivity import SensitivityJob
    from model.schema.scenario import load_scenario

    setting = load_scenario(scenario)
    folder = out or Path("results") / f"{setting.name}_{method}"
    command = _again(sensitivity, scenario, locals())
    batch = _batch(workers, scheduler, shard, resume, command)
    job = SensitivityJob(
        setting,
        method,
        samples,
        worlds,
        seed,
        folder,
        command,
        parameters,
        second_order,
        batch,
    )
    _written(job.run(show, stage), folder)


@app.command()
def experiment(
    name: Annotated[str, typer.Argument(help="An experiment of the catalogue (see list), or all.")],
    worlds: Annotated[
        int | None, typer.Option(min=2, max=10**6, help="In each cell and context; else full size.")
    ] = None,
    seed: Seed = 1,
    out: Out = None,
    workers: Workers = None,
    scheduler: Scheduler = "",
    shard: Share = "",
    resume: Resume = False,
) -> None:
    """Run an experiment: its cells in nine contexts, and what becomes of its claims."""
    from experiments.factorial.catalogue_index import catalogue, load
    from experiments.jobs.factorial import ExperimentJob, run_all

    given, results = dict(locals()), out or Path("results")
    batch = _batch(workers, scheduler, shard, resume, _again(experiment, name, given))
    if name == "all":
        jobs = [
            ExperimentJob(
                one,
                seed,
                results / key,
                _again(experiment, key, given | {"out": None}),
                worlds,
                batch,
            )
            for key, one in catalogue().items()
        ]
        _written(run_all(jobs, show, stage), results)
        return
    folder, command = out or results / name, _again(experiment, name, given)
    job = ExperimentJob(load(name), seed, folder, command, worlds, batch)
    _written(job.run(show, stage), folder)


@app.command()
def report(
    results: Annotated[Path, typer.Argument(help="A results folder that a run has written.")],
) -> None:
    """Write one page that holds all of a results folder: report.html."""
    from experiments.report.page import report as write

    say(f"Written to {write(results)}.")


@app.command()
def compare(
    first: Annotated[Path, typer.Argument(help="A results folder.")],
    second: Annotated[Path, typer.Argument(help="Another of the same kind.")],
    out: Annotated[Path | None, typer.Option(help="The page; by default in the first.")] = None,
) -> None:
    """Say how two results folders differ, world by world where both met the same luck."""
    from experiments.report.compare import compare as made

    found = made(first, second, out)
    show(found.headline)
    for section in found.sections:
        show(section)
    say(f"\nWritten to {found.path}.")


@app.command()
def history(seed: Seed = 1, out: Out = None) -> None:
    """Calibrate the model on 2018-20 from nothing, and score it against simple forecasters."""
    from experiments.jobs.history import HistoryJob

    folder = out or Path("results") / "history"
    _written(HistoryJob(folder, seed).run(show, stage), folder)


@app.command()
def forecast(worlds: Worlds = 12_000, seed: Seed = 1, out: Out = None) -> None:
    """Forecast both tariffs and dated events from 1 February 2025, to be judged."""
    from experiments.jobs.forecast import SCENARIO, ForecastJob
    from model.schema.scenario import load_scenario

    folder = out or Path("results") / "forecast"
    command = f"python run.py forecast --worlds {worlds} --seed {seed}"
    job = ForecastJob(load_scenario(SCENARIO), worlds, seed, folder, command)
    _written(job.run(show, stage), folder)


@app.command()
def merge(
    results: Annotated[Path, typer.Argument(help="A folder in which all shares have been run.")],
) -> None:
    """Join the shares of a study that were run with --shard."""
    from experiments.batch.merge import merge as join

    say(f"Written to {join(results)}.")


@app.command("app")
def app_(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Where it listens.")] = 8765,
) -> None:
    """Open the app in the browser; it stays on this machine, and needs no network."""
    from app.launch import serve

    serve(port, lambda address: say(f"Winset is at {address} (Ctrl-C ends it)."))


@app.command()
def replay(
    results: Annotated[
        Path, typer.Argument(help="A results folder, or the transcript of a game (JSON).")
    ],
    world: Annotated[
        int | None, typer.Argument(min=0, help="The world's number in the folder.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Tell the refused offers too.")] = False,
) -> None:
    """Live a world of a results folder, or a game, again and tell what happened, week by week.

    Exit code 1 if its outcome is not the one that the folder or the transcript holds.
    """
    from experiments.jobs.replay import ReplayJob

    result = ReplayJob(results, world, every).run(show, stage)
    for line in result.lines:
        say(line)
    if not result.same:
        raise typer.Exit(1)


def _run(name: str, worlds: int, seed: int, settings: Sequence[str], out: Path | None) -> None:
    """Load a scenario, do the main job with it, and print what it tells."""
    from experiments.jobs.main import MainJob
    from model.schema.reading import assignment
    from model.schema.scenario import load_scenario

    scenario = load_scenario(name, dict(map(assignment, settings)))
    folder = out or Path("results") / scenario.name
    words = ["python", "run.py", "simulate", name, "--worlds", str(worlds), "--seed", str(seed)]
    words += [word for text in settings for word in ("--set", text)] + ["--out", str(folder)]
    job = MainJob(scenario, worlds, seed, folder, shlex.join(words))
    _written(job.run(show, stage), folder)


def _again(command: Callable[..., None], name: str, given: Mapping[str, Any]) -> str:
    """Return the words that do a command again: what was given and is not its default."""
    words = ["python", "run.py", command.__name__, name]
    for option, known in inspect.signature(command).parameters.items():
        value = given[option]
        if value != known.default and known.default is not inspect.Parameter.empty:
            if option in ("resume", "shard", "workers", "scheduler"):
                continue  # how it is run, not what
            flag = f"--{option.replace('_', '-')}"
            words += [flag] if value is True else [flag, str(value)]
    return shlex.join(words)


def _batch(
    workers: int | None, scheduler: str, shard: str, resume: bool, command: str
) -> "Callable[[Study, Path], Path]":
    """Return who runs a study into a folder, as the options say."""
    from experiments.batch.cluster import Cluster
    from experiments.batch.run import run_batch, share_of
    from experiments.batch.runners import local

    share = share_of(shard)
    runner = Cluster(scheduler) if scheduler else local(workers or os.cpu_count() or 1)

    def run(study: "Study", folder: Path) -> Path:
        with chunks(study.name) as tell:
            run_batch(
                study,
                folder,
                runner,
                resume=resume,
                shard=share,
                command=command,
                tell=tell,
            )
        if share:
            say(f"Share {share.part} of {share.of} is in {folder}. When all are there:")
            say(f"  python run.py merge {shlex.quote(str(folder))}\n  {command}")
            raise typer.Exit
        return folder

    return run


def _written(paths: Sequence[Path], folder: Path) -> None:
    """Write the report if there is none yet, say what was written; exit code 1 if worlds miss."""
    from experiments.report.page import report as page
    from experiments.results.layout import FAILED, MANIFEST

    if (folder / MANIFEST).exists() and not any(path.suffix == ".html" for path in paths):
        paths = [*paths, page(folder)]
    say(f"\nWritten to {folder}: " + ", ".join(str(p.relative_to(folder)) for p in paths))
    failed = folder / FAILED
    if failed.exists():
        say(f"Some worlds failed: {failed} says which and why. --resume runs them again.")
        raise typer.Exit(1)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; what is wrong with its input is told in words, without a traceback."""
    try:
        app(readable(sys.argv[1:] if arguments is None else arguments))
    except WinsetError as error:
        say(str(error), error=True)
        sys.exit(STOPPED if isinstance(error, BatchInterrupted) else FAULT)
    except MemoryError as error:
        say(f"Not enough memory on this machine for so much at once ({error}).", error=True)
        sys.exit(FAULT)


if __name__ == "__main__":
    main()
