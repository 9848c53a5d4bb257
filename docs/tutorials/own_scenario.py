"""Your own scenario: a file of a few lines that says how it differs, checked, then compared.

From the checkout: python docs/tutorials/own_scenario.py
"""

# %% [markdown]
# A scenario is one TOML file. It may extend a shipped one and then says only what differs. Here the
# deal needs a vote of the groups in the United States, weighed by their weight, in place of the
# consent of one pivot. Every other number, and all luck, stays as it was.

# %%
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # the checkout

import numpy as np

from experiments.engine import simulate
from experiments.statistics import mean_interval, paired_difference
from model.schema.problems import ScenarioError
from model.schema.scenario import check_file, load_scenario

WORLDS = 300  # more worlds narrow the intervals; they make no assumption truer
FOLDER = Path("results/tutorials")
FOLDER.mkdir(parents=True, exist_ok=True)

OWN = """
name = "popular_vote"
title = "February 2025 with a vote of the groups in the United States"
extends = "february_2025"

[sides.US]
ratification = "constituency"
source = "scenario: what if the groups had to agree, as a legislature must?"
"""
path = FOLDER / "popular_vote.toml"
path.write_text(OWN, encoding="utf-8")

# %% [markdown]
# A file is checked before any work. All that is wrong is told at once, each time with its place,
# what was written, why not, and what would do. Two slips on purpose:

# %%
broken = FOLDER / "with_slips.toml"
broken.write_text(OWN.replace('"constituency"', '"constituancy"\nthreshold = 9'), encoding="utf-8")
print(ScenarioError(str(broken), check_file(broken)))
print(f"{path}: {'good' if not check_file(path) else 'not good'}")

# %% [markdown]
# World 17 meets the same luck in both scenarios, so that the difference is taken world by world.

# %%
shipped = simulate(load_scenario("february_2025"), WORLDS, seed=1).outcomes
own = simulate(load_scenario(path), WORLDS, seed=1).outcomes


print(f"\n{WORLDS} worlds, seed 1: % of worlds with 95 % intervals (luck of the draw alone)")
for column, words in (
    ("deals", "an agreement was ratified"),
    ("involuntary_defections", "one failed at home"),
):
    before, after = (np.where(table[column] > 0, 100.0, 0.0) for table in (shipped, own))
    for name, values in (("february_2025", before), ("popular_vote", after)):
        mean, low, high = mean_interval(values)
        print(f"  {words:27} {name:14} {mean:5.1f} ({low:.1f} to {high:.1f})")
    mean, low, high = paired_difference(before, after)
    print(f"  {'':27} {'difference':14} {mean:+5.1f} ({low:+.1f} to {high:+.1f})")

# %% [markdown]
# Next: the whole main job with figures and a report for it,
# `python run.py simulate results/tutorials/popular_vote.toml`.
