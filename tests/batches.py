"""A small study for the tests of batches, and a program that runs it, so that it can be killed."""

import multiprocessing
import signal
import sys
from pathlib import Path

import pandas as pd

from experiments.batch.progress import Progress
from experiments.batch.run import run_batch
from experiments.batch.runners import local
from experiments.results.errors import BatchInterrupted
from experiments.study import Arm, Study
from model.schema.scenario import load_scenario

WIDTH = 8  # worlds in a chunk
CHUNKS = 8


def small_study(worlds: int = 10, seed: int = 3) -> Study:
    """Return two arms, three points, two of them of the first arm: 30 worlds in 5 chunks."""
    one = load_scenario("classroom", {"time.horizon": 12})
    two = load_scenario("split_the_pie", {"time.horizon": 8})
    points = pd.DataFrame({"arm": ["one", "one", "two"], "talks.rate": [0.4, None, 0.7]})
    arms = (Arm("one", one), Arm("two", two))
    return Study("small", arms, points, worlds, seed, record=("trust", "agreed"))


def long_study() -> Study:
    """Return a study that takes some seconds, in eight chunks of 800 worlds."""
    scenario = load_scenario("classroom")
    points = pd.DataFrame({"talks.rate": [0.4, 0.7]})
    return Study("long", (Arm("one", scenario),), points, CHUNKS * 400, 3, record=("trust",))


def drawing() -> set[str]:
    """Return which libraries that draw are loaded here, beside all that a chunk needs."""
    return {"matplotlib", "solara"} & set(sys.modules)


def main(folder: str, workers: str, resume: str) -> int:
    """Run the long study; tell worker processes and chunks done on each line."""

    def tell(progress: Progress) -> None:
        workers = [child.pid for child in multiprocessing.active_children()]
        sys.stdout.write(f"{progress.chunks_done} {' '.join(map(str, workers))}\n")
        sys.stdout.flush()

    # tests that run in the background pass an ignored Ctrl-C on to all child processes
    signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        runner = local(int(workers))
        again = resume == "resume"
        run_batch(long_study(), Path(folder), runner, resume=again, on_progress=tell, width=800)
    except BatchInterrupted as error:
        sys.stdout.write(f"{error}\n")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
