"""Read a million worlds: a results folder in pieces, with the memory that one piece needs.

From the checkout: python docs/tutorials/read_a_million_worlds.py
"""

# %% [markdown]
# A study that varies a few numbers writes the folder. Here it is small: 9 points times WORLDS. For
# a million worlds, set WORLDS = 111_112 or use a folder that you have; nothing below changes.

# %%
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # the checkout

import itertools
from dataclasses import replace

import pandas as pd
import pyarrow.parquet as parquet

from experiments.batch.run import run_batch
from experiments.results.folder import read_results
from experiments.statistics import wilson
from experiments.study import one_arm
from winset import load_scenario

WORLDS = 100
grid = itertools.product((13.0, 26.0, 52.0), (0.8, 1.0, 1.2))
points = [{"talks.window": window, "values.cost_scale": cost} for window, cost in grid]
study = one_arm("reading", load_scenario("february_2025"), points, WORLDS)
study = replace(study, record=("tariff",))  # weekly counts, small for any number of worlds
folder = run_batch(study, f"results/tutorials/reading_{WORLDS}")
runs = parquet.ParquetFile(folder / "runs.parquet")
print(f"{folder}: {runs.metadata.num_rows:,} worlds, {runs.metadata.num_columns} columns")

# %% [markdown]
# runs.parquet has one row per world. Read the columns that you need, one batch of rows at a time,
# and keep counts: their sums are exact for any batch size.

# %%
deals: Counter[tuple[float, float]] = Counter()
worlds: Counter[tuple[float, float]] = Counter()
keys = ["sweep:values.cost_scale", "sweep:talks.window"]
for batch in runs.iter_batches(batch_size=65_536, columns=[*keys, "outcome"]):
    table = batch.to_pandas()
    table["deal"] = table["outcome"].str.endswith("deal")
    counts = table.groupby(keys)["deal"].agg(["sum", "size"])
    deals.update(counts["sum"].to_dict())
    worlds.update(counts["size"].to_dict())
print("\nDeal in force at the end, % of worlds with 95 % interval:")
for cost, window in sorted(worlds):
    share, low, high = (100 * end for end in wilson(deals[cost, window], worlds[cost, window]))
    print(f"  cost scale {cost:.1f}, window {window:2.0f}: {share:5.1f} ({low:.1f} to {high:.1f})")

# %% [markdown]
# weeks.parquet contains, for each week, the number of worlds in each bin, and quantiles computed
# from these counts: its size does not grow with the number of worlds.

# %%
weeks = pd.read_parquet(folder / "weeks.parquet", filters=[("of", "=", "US")])
print("\nUS tariff over all points, %: the value below which 5, 50 and 95 % of worlds are")
by_week = weeks.set_index("week")[["q05", "q50", "q95"]]
print((100 * by_week.loc[::26]).round(1).to_string())

# %% [markdown]
# A single world of the million, with its recorded values. `read_results` also checks that nothing
# in the folder has changed. The same row number replays the world:
# `python run.py replay results/tutorials/reading_100 123`.

# %%
results = read_results(folder, columns=["outcome"])
world = results.row(123)[["outcome", "agreement_week", "tariff_us_peak", "utility_us"]]
print("\nWorld 123:", world.iloc[0].to_dict())
