"""Winset's command line: the main job, and what is asked of scenarios and results beside it."""

import json
import shlex
import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from experiments.errors import ResultsError
from model.problems import Problem, ScenarioError
from terminal import show, stage

MAIN = "february_2025"
FAULT = 2  # exit code when what was asked for cannot be done as written

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)

Worlds = Annotated[int, typer.Option(min=1, help="How many worlds to simulate.")]
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
    from model.scenario import check_file

    faulty = False
    for path in files:
        problems = check_file(path)
        faulty = faulty or bool(problems)
        if problems:
            typer.echo(str(ScenarioError(str(path), problems)), err=True)
        else:
            print(f"{path}: good.")
    if faulty:
        raise typer.Exit(FAULT)


@app.command("list")
def list_() -> None:
    """List the scenarios that come with the model."""
    from model.scenario import list_scenarios

    scenarios = list_scenarios()
    width = max(map(len, scenarios), default=0)
    for name, title in scenarios.items():
        print(f"{name.ljust(width)}  {title}")


@app.command()
def schema() -> None:
    """Print the JSON schema of scenario files, for editors that complete and check."""
    from model.scenario import json_schema

    print(json.dumps(json_schema(), indent=2, ensure_ascii=False))


@app.command()
def ablation(
    scenario: Annotated[str, typer.Argument(help="Name of a scenario (see list), or a file.")],
    worlds: Worlds = 400,
    seed: Seed = 1,
    out: Out = None,
) -> None:
    """Switch off each mechanism in turn, under the same luck, and tell what that changes."""
    from experiments import ablation as study
    from experiments.files import writing
    from model.scenario import load_scenario

    setting = load_scenario(scenario)
    folder = out or Path("results") / setting.name
    with writing(folder):  # found out before any work
        pass
    with stage("ablation", study.work(setting, worlds)) as advance:
        table = study.ablation(setting, worlds, seed, advance)
    show(study.ablation_section(setting, table, seed))
    print(f"\nWritten to {study.write_ablation(table, folder)}.")


@app.command()
def replay(
    results: Annotated[Path, typer.Argument(help="A results folder that a run has written.")],
    world: Annotated[int, typer.Argument(min=0, help="The world's number in it.")],
    every: Annotated[bool, typer.Option("--all", help="Tell the refused offers too.")] = False,
) -> None:
    """Live one world of a results folder again and tell what happened, week by week.

    Exit code 1 if its outcome is not the one that the folder holds.
    """
    from experiments.chronicles import chronicle, differences, lines, without_offers
    from experiments.engine import replayed
    from experiments.results import RUNS, read_results

    found = read_results(results, columns=())  # one row is read of what may be a million
    run = replayed(found, world)
    told = chronicle(run, world)
    print(f"World {world} of {results}: scenario {run.scenario.name}, seed {run.seed}.")
    print(told.sentence + "\n")
    entries = told.entries if every else without_offers(told.entries)
    for line in lines(entries, run.scenario.start):
        print(line)
    differing = differences(run, found.row(world), world)
    if differing:
        print(f"\nThe outcome differs from {RUNS}: {'; '.join(differing)}.")
        raise typer.Exit(1)
    print(f"\nThe outcome equals the row of {RUNS} in all {run.outcomes.shape[1]} columns.")


def _run(name: str, worlds: int, seed: int, settings: Sequence[str], out: Path | None) -> None:
    """Load a scenario, do the main job with it, and print what it tells."""
    overrides = dict(_setting(text) for text in settings)
    from experiments.main_job import Job, main_job
    from model.scenario import load_scenario

    scenario = load_scenario(name, overrides)
    folder = out or Path("results") / scenario.name
    words = ["python", "run.py", "simulate", name, "--worlds", str(worlds), "--seed", str(seed)]
    words += [word for text in settings for word in ("--set", text)] + ["--out", str(folder)]
    job = Job(scenario, worlds, seed, folder, shlex.join(words))
    paths = main_job(job, show, stage)
    print(f"\nWritten to {folder}: " + ", ".join(str(p.relative_to(folder)) for p in paths))


def _setting(text: str) -> tuple[str, Any]:
    """Return name and value of one --set; the value is read as TOML, else as a plain word."""
    name, equals, value = (part.strip() for part in text.partition("="))
    if not (name and equals and value):
        problem = Problem(
            "--set", json.dumps(text), "must read NAME=VALUE", "Write for example talks.window=13."
        )
        raise ScenarioError("the command line", [problem])
    try:
        return name, tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        return name, value


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; what is wrong with its input is told in words, without a traceback."""
    try:
        app(arguments)
    except (ScenarioError, ResultsError) as error:
        typer.echo(str(error), err=True)
        sys.exit(FAULT)


if __name__ == "__main__":
    main()
