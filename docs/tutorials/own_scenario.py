"""Write your own scenario: a file with a few changes, which is checked and then compared.

From the checkout: python docs/tutorials/own_scenario.py
"""

# %% [markdown]
# A scenario is one TOML file. It can extend a shipped scenario and then contains only the changes.
# Here the deal needs a weighted vote of the groups in the United States instead of the consent of
# one pivot. All other numbers, and all random numbers, stay the same.

# %%
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # the checkout

import numpy as np

from experiments.statistics import mean_interval, paired_difference
from model.schema.problems import ScenarioError
from model.schema.scenario import check_file
from winset import load_scenario, simulate

WORLDS = 300  # more worlds make the intervals narrower, but no assumption more accurate
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
# A file is checked before it is used. All problems are listed at once, each with its place, the
# value, the reason and a valid value. This file has two deliberate errors:

# %%
invalid = FOLDER / "with_errors.toml"
invalid.write_text(OWN.replace('"constituency"', '"constituancy"\nthreshold = 9'), encoding="utf-8")
print(ScenarioError(str(invalid), check_file(invalid)))
print(f"{path}: {'not valid' if check_file(path) else 'valid'}")

# %% [markdown]
# World 17 has the same random numbers in both scenarios, so the difference is computed world by
# world.

# %%
shipped = simulate(load_scenario("february_2025"), WORLDS, seed=1).outcomes
own = simulate(load_scenario(path), WORLDS, seed=1).outcomes


print(f"\n{WORLDS} worlds, seed 1: % of worlds with 95 % intervals (random error only)")
for column, label in (
    ("deals", "an agreement was ratified"),
    ("involuntary_defections", "one failed at home"),
):
    before, after = (np.where(table[column] > 0, 100.0, 0.0) for table in (shipped, own))
    for name, values in (("february_2025", before), ("popular_vote", after)):
        mean, low, high = mean_interval(values)
        print(f"  {label:27} {name:14} {mean:5.1f} ({low:.1f} to {high:.1f})")
    mean, low, high = paired_difference(before, after)
    print(f"  {'':27} {'difference':14} {mean:+5.1f} ({low:+.1f} to {high:+.1f})")

# %% [markdown]
# Next: `python run.py simulate results/tutorials/popular_vote.toml` runs the complete job with
# figures and a report.
