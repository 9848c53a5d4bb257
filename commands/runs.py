"""Commands that simulate: the main job, ablations, diagnostics, sensitivity and experiments."""

import shlex
from collections.abc import Sequence
from pathlib import Path

import typer

from commands import options
from commands.line import app, batch_runner, report_written
from commands.terminal import say, show, stage

MAIN = "february_2025"


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
        run_main_job(MAIN, worlds, seed, [], out)


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
    run_main_job(scenario, worlds, seed, settings or [], out, "" if engine == "auto" else engine)


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
    batch = batch_runner(workers, scheduler, shard, resume, command)
    job = SensitivityJob(
        setting, method, samples, worlds, seed, folder, command, parameters, second_order, batch
    )
    report_written(job.run(show, stage), folder)


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
    batch = batch_runner(workers, scheduler, shard, resume, options.again(experiment, name, given))
    if name == "all":
        given |= {"out": None}  # each into a folder of its own name
        commands = {key: options.again(experiment, key, given) for key in catalogue()}
        jobs = [
            ExperimentJob(one, seed, results / key, commands[key], worlds, batch)
            for key, one in catalogue().items()
        ]
        report_written(run_all(jobs, show, stage), results)
        return
    folder, command = out or results / name, options.again(experiment, name, given)
    job = ExperimentJob(load(name), seed, folder, command, worlds, batch)
    report_written(job.run(show, stage), folder)


def run_main_job(
    name: str, worlds: int, seed: int, settings: Sequence[str], out: Path | None, engine: str = ""
) -> None:
    """Load a scenario, run the main job for it, and print the results."""
    from experiments.jobs.main import MainJob

    scenario, words = options.overridden("simulate", name, worlds, seed, settings)
    folder = out or Path("results") / scenario.name
    words += (["--engine", engine] if engine else []) + ["--out", str(folder)]
    job = MainJob(scenario, worlds, seed, folder, shlex.join(words), engine or "auto")
    report_written(job.run(show, stage), folder)
