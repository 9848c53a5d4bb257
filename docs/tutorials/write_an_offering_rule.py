"""Your own offering rule: ten lines, its curve, and what it brings in the same worlds.

From the checkout: python docs/tutorials/write_an_offering_rule.py
"""

# %% [markdown]
# An offering rule says what a side asks for now, in points, given its `Position`: how much of the
# time is used, its reservation, the best it can hope for (see model/rules/bargaining.py).
# Every field is an array over worlds, (R,), and so is the answer: no `if`, but `np.where`.
#
# This one does not move until most of the time is gone, then comes down on a straight line.

# %%
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # the checkout

import numpy as np

from experiments.engine import simulate
from experiments.plots import style
from experiments.statistics import paired_difference
from model.arrays import Array
from model.rules.bargaining import OFFERING, Position, offering
from model.schema.scenario import load_scenario

WORLDS = 300
HOLD = 0.9  # share of the time in which nothing is conceded; then try .3
FOLDER = Path("results/tutorials")
FOLDER.mkdir(parents=True, exist_ok=True)


@offering("hold_out")
def hold_out(position: Position) -> Array:
    """Ask for the best until a share of the time is used, then concede in proportion."""
    left = np.clip((1.0 - position.elapsed) / (1.0 - HOLD), 0.0, 1.0)
    return position.reservation + left * (position.best - position.reservation)


# %% [markdown]
# Registered, it is known by its name to scenarios, to their check, and to the editor's schema.
# First its curve, from the reservation (0) to the best that can be hoped for (1).

# %%
elapsed = np.linspace(0.0, 1.0, 101)
nothing, one = np.zeros_like(elapsed), np.ones_like(elapsed)
empty = dict.fromkeys(Position._fields, nothing)
now = Position(**(empty | {"elapsed": elapsed, "exponent": 0.4 * one, "best": one}))
figure = style.canvas(
    "What a side asks for as time runs out",
    "Share of its room above the reservation, by the share of the window that is used",
    f"hold_out with HOLD = {HOLD}; boulware with exponent 0.4",
)
axes = style.panel(figure, 0.08, 0.14, 0.88, 0.72)
for name, colour in (("boulware", style.GREY), ("hold_out", style.BLUE)):
    axes.plot(elapsed, OFFERING[name](now), color=colour, linewidth=3, label=name)
axes.set_xlabel("share of the window used", fontsize=style.TEXT)
axes.set_ylabel("aspiration (share of the room)", fontsize=style.TEXT)
style.legend(axes, "lower left")
print("Drawn:", *style.save(figure, FOLDER, "hold_out", kinds=["png"]))

# %% [markdown]
# Then give it to the United States, in the same worlds with the same luck.

# %%
clock, own = (
    simulate(load_scenario("february_2025", {"sides.US.offering": rule}), WORLDS).outcomes
    for rule in ("boulware", "hold_out")
)
print(f"\nhold_out less boulware in {WORLDS} worlds, seed 1, with 95 % intervals:")
for words, column in (
    ("deals made in a world", "deals"),
    ("utility of the United States, points", "utility_us"),
    ("utility of China, points", "utility_cn"),
):
    mean, low, high = paired_difference(clock[column], own[column])
    print(f"  {words:38} {mean:+.3f} ({low:+.3f} to {high:+.3f})")
both = clock["outcome"].str.endswith("deal") & own["outcome"].str.endswith("deal")
mean, low, high = paired_difference(clock["utility_us"][both], own["utility_us"][both])
print(f"Utility of the United States in the {both.sum()} worlds that have a deal either way:")
print(f"  {'':38} {mean:+.3f} ({low:+.3f} to {high:+.3f})")

# %% [markdown]
# To keep the rule, put the function into model/rules/bargaining.py (see docs/recipes.md). There the
# tests check what every offering rule promises, such as never asking for less than the reservation
# value.
