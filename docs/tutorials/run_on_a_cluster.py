"""Run on a cluster: a study in shares, in one run, and on a Dask scheduler, with the same bytes.

From the checkout: python docs/tutorials/run_on_a_cluster.py
"""

# %% [markdown]
# A study is split into chunks, each in its own file. Which machine runs which chunk, when, and how
# often the study was interrupted does not change the tables.

# %%
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # the checkout

import hashlib
import tempfile

from experiments.batch.cluster import Cluster
from experiments.batch.merge import merge
from experiments.batch.run import Shard, run_batch
from experiments.study import one_arm
from winset import load_scenario

WORLDS = 60  # at each point
WIDTH = 60  # worlds per chunk; 3,000 by default
SHARES = 3
temporary = tempfile.TemporaryDirectory(prefix="winset_")  # deleted at the end
scratch = Path(temporary.name)
scenario = load_scenario("february_2025", {"time.horizon": 40})
points = [{"talks.window": window} for window in (13.0, 20.0, 26.0, 39.0, 52.0)]
study = one_arm("windows", scenario, points, WORLDS)


def digest(folder: Path) -> str:
    """Return the first digits of the hash of a folder's table of worlds."""
    return hashlib.sha256((folder / "runs.parquet").read_bytes()).hexdigest()[:12]


# %% [markdown]
# **Shares.** Each machine runs one share into the same folder; the last step merges them. In a job
# array, the commands are `python run.py experiment NAME --shard 2/3` and then
# `python run.py merge FOLDER` (docs/cluster/array.sbatch).

# %%
shares = scratch / "shares"
for part in range(1, SHARES + 1):
    run_batch(study, shares, shard=Shard(part, SHARES), width=WIDTH)
    chunks = list((shares / "chunks").glob("*.parquet"))
    print(f"after share {part} of {SHARES}: {len(chunks)} chunks")
merge(shares)
print("merged:", ", ".join(sorted(path.name for path in shares.iterdir())))

# %% [markdown]
# **In one run**, in this process, for comparison.

# %%
whole = run_batch(study, scratch / "whole", width=WIDTH)

# %% [markdown]
# **Dask.** A scheduler and its workers, here in this process. On your own machines, start them
# with `dask scheduler` and `dask worker ADDRESS --nthreads 1`, and pass the address on the command
# line: `python run.py experiment NAME --scheduler tcp://HOST:8786`. Workers receive the code if
# they lack it.

# %%
folders = {"in shares": shares, "in one run": whole}
try:
    from distributed import LocalCluster
except ImportError:
    print("Dask is not installed: python -m pip install distributed")
else:
    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None
    ) as cluster:
        runner = Cluster(cluster.scheduler_address)
        folders["on Dask"] = run_batch(study, scratch / "dask", runner, width=WIDTH)

# %%
for name, folder in folders.items():
    print(f"{name:10} {digest(folder)}")
same = len({digest(folder) for folder in folders.values()}) == 1
print("The same bytes." if same else "The bytes differ: check the versions of the packages.")
