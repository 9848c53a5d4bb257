"""Small results folders for the tests of Experiments: two runs, an experiment, invalid ones."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from experiments.engine import simulate
from experiments.factorial.catalogue_index import load
from experiments.jobs.factorial import ExperimentJob
from experiments.results.folder import write_results
from model.schema.scenario import load_scenario

EXPERIMENT = "audience_costs"
WORLDS = 2


def fill(folder: Path) -> Path:
    """Write three results folders and two invalid ones into a folder."""
    for name, rate in (("calm", 0.2), ("eager", 0.9)):
        run = simulate(load_scenario("classroom", {"talks.rate": rate}), 30, 1)
        write_results(run, folder / name, command=f"python run.py simulate # {name}")
    (folder / "cut_short").mkdir()
    (folder / "cut_short" / "manifest.json").write_text("{")
    (folder / "no_results").mkdir()
    job = ExperimentJob(load(EXPERIMENT), 1, folder / EXPERIMENT, "", WORLDS)
    with pytest.MonkeyPatch.context() as patch:
        name = "experiments.plots.experiment_gallery.experiment_gallery"
        patch.setattr(name, lambda *_: {})
        job.run(lambda _: None, _stage)
    return folder


@contextmanager
def _stage(_: str, __: int) -> Iterator[Callable[[int], None]]:
    yield lambda _: None
