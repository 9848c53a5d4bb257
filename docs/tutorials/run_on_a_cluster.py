"""Run on a cluster: a study in shares without any engine, then on a Dask scheduler, byte for byte.

From the checkout: python docs/tutorials/run_on_a_cluster.py
"""

# %% [markdown]
# A study is cut into chunks, each a file of its own. Who runs which chunk, when, and how often it
# was stopped leaves no trace in the tables.

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
from model.schema.scenario import load_scenario

WORLDS = 60  # at each point
WIDTH = 60  # worlds a chunk; leave it out, and it is 3,000
SHARES = 3
away = tempfile.TemporaryDirectory(prefix="winset_")  # taken away at the end
scratch = Path(away.name)
setting = load_scenario("february_2025", {"time.horizon": 40})
points = [{"talks.window": window} for window in (13.0, 20.0, 26.0, 39.0, 52.0)]
study = one_arm("windows", setting, points, WORLDS)


def digest(folder: Path) -> str:
    """Return the first digits of the hash of a folder's worlds."""
    return hashlib.sha256((folder / "runs.parquet").read_bytes()).hexdigest()[:12]


# %% [markdown]
# **Shares.** Each machine runs one of them into the same folder; the last step joins them. In a job
# array this is `python run.py experiment NAME --shard 2/3` and then `python run.py merge FOLDER`
# (docs/cluster/array.sbatch).

# %%
shares = scratch / "shares"
for part in range(1, SHARES + 1):
    run_batch(study, shares, shard=Shard(part, SHARES), width=WIDTH)
    there = list((shares / "chunks").glob("*.parquet"))
    print(f"after share {part} of {SHARES}: {len(there)} chunks")
merge(shares)
print("joined:", ", ".join(sorted(path.name for path in shares.iterdir())))

# %% [markdown]
# **At one go**, in this process, for comparison.

# %%
whole = run_batch(study, scratch / "whole", width=WIDTH)

# %% [markdown]
# **Dask.** A scheduler and its workers, here in this process. On machines of your own start them
# with `dask scheduler` and `dask worker ADDRESS --nthreads 1`; the command line takes the address:
# `python run.py experiment NAME --scheduler tcp://HOST:8786`. Workers get the code that they lack.

# %%
places = {"in shares": shares, "at one go": whole}
try:
    from distributed import LocalCluster
except ImportError:
    print("no Dask here: python -m pip install distributed")
else:
    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None
    ) as cluster:
        runner = Cluster(cluster.scheduler_address)
        places["on Dask"] = run_batch(study, scratch / "dask", runner, width=WIDTH)

# %%
for name, folder in places.items():
    print(f"{name:10} {digest(folder)}")
same = len({digest(folder) for folder in places.values()}) == 1
print("The same bytes." if same else "They differ: look at the versions of the packages.")
