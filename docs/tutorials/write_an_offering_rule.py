"""Write your own offering rule: ten lines, its curve, and its effect in the same worlds.

From the checkout: python docs/tutorials/write_an_offering_rule.py
"""

# %% [markdown]
# An offering rule returns what a side currently asks for, in points, given its `Position`: how
# much of the time is used, its reservation value, the best it can hope for, and other fields
# (model/rules/bargaining.py). Every field is an array over worlds, (R,), and so is the result, so
# use `np.where` instead of `if`.
#
# This rule concedes nothing until most of the time is used, then falls in a straight line.

# %%
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # the checkout

import numpy as np

from experiments.plots import style
from experiments.statistics import paired_difference
from model.arrays import Array
from model.rules.bargaining import OFFERING, Position, offering
from winset import load_scenario, simulate

WORLDS = 300
HOLD = 0.9  # share of the time in which nothing is conceded; also try .3
FOLDER = Path("results/tutorials")
FOLDER.mkdir(parents=True, exist_ok=True)


@offering("hold_out")
def hold_out(position: Position) -> Array:
    """Ask for the best until a share of the time is used, then concede in proportion."""
    left = np.clip((1.0 - position.elapsed) / (1.0 - HOLD), 0.0, 1.0)
    return position.reservation + left * (position.best - position.reservation)


# %% [markdown]
# After registration, scenarios, their checks and the editor schema accept the rule by its name.
# First plot its curve, from the reservation value (0) to the best that the side can hope for (1).

# %%
elapsed = np.linspace(0.0, 1.0, 101)
zero, one = np.zeros_like(elapsed), np.ones_like(elapsed)
zeros = dict.fromkeys(Position._fields, zero)
position = Position(**(zeros | {"elapsed": elapsed, "exponent": 0.4 * one, "best": one}))
figure = style.canvas(
    "What a side asks for as time runs out",
    "Share of the range above the reservation value, by the share of the window used",
    f"hold_out with HOLD = {HOLD}; boulware with exponent 0.4",
)
axes = style.panel(figure, 0.08, 0.14, 0.88, 0.72)
for name, colour in (("boulware", style.GREY), ("hold_out", style.BLUE)):
    axes.plot(elapsed, OFFERING[name](position), color=colour, linewidth=3, label=name)
axes.set_xlabel("share of the window used", fontsize=style.TEXT)
axes.set_ylabel("aspiration (share of the range)", fontsize=style.TEXT)
style.legend(axes, "lower left")
print("Saved:", *style.save(figure, FOLDER, "hold_out", kinds=["png"]))

# %% [markdown]
# Then let the United States use it, in the same worlds with the same random numbers.

# %%
standard, own = (
    simulate(load_scenario("february_2025", {"sides.US.offering": rule}), WORLDS).outcomes
    for rule in ("boulware", "hold_out")
)
print(f"\nhold_out minus boulware in {WORLDS} worlds, seed 1, with 95 % intervals:")
for label, column in (
    ("deals per world", "deals"),
    ("utility of the United States, points", "utility_us"),
    ("utility of China, points", "utility_cn"),
):
    mean, low, high = paired_difference(standard[column], own[column])
    print(f"  {label:38} {mean:+.3f} ({low:+.3f} to {high:+.3f})")
both = standard["outcome"].str.endswith("deal") & own["outcome"].str.endswith("deal")
mean, low, high = paired_difference(standard["utility_us"][both], own["utility_us"][both])
print(f"Utility of the United States in the {both.sum()} worlds with a deal under both rules:")
print(f"  {'':38} {mean:+.3f} ({low:+.3f} to {high:+.3f})")

# %% [markdown]
# To keep the rule, put the function into model/rules/bargaining.py (docs/recipes.md). The tests
# then check that it does what every offering rule must do, for example never ask for less than the
# reservation value.
