"""Commands that hold the model against the record: the calibration and the forecast."""

from pathlib import Path

from commands import options
from commands.line import app, report_written
from commands.terminal import show, stage


@app.command()
def history(seed: options.Seed = 1, out: options.Out = None) -> None:
    """Calibrate the model on 2018-20 and score it.

    The calibration starts from the prior. Scores are compared with those of simple forecasters.
    """
    from experiments.jobs.history import HistoryJob

    folder = out or Path("results") / "history"
    report_written(HistoryJob(folder, seed).run(show, stage), folder)


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
    report_written(job.run(show, stage), folder)
