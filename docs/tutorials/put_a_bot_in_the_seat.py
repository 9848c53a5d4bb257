"""Put a bot in a leader's seat: fifteen lines, compared with the same worlds without the bot.

From the checkout: python docs/tutorials/put_a_bot_in_the_seat.py
"""

# %% [markdown]
# A conduct receives the model's decision and returns the decision to use. Methods that it does not
# override keep the model's decision. Every array is over the current worlds, (R,) or (issues, R):
# one bot plays hundreds of worlds at once. docs/seats.md lists everything that a seat can do.

# %%
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # the checkout

import numpy as np

from agents.conduct import Conduct
from agents.leader import Leader
from experiments.statistics import mean_interval, paired_difference
from model.arrays import Array, Mask
from winset import simulate

WORLDS = 300
SCENARIO, SEAT, SEED = "february_2025", "US", 1


class Buyer(Conduct):
    """Ask for all purchases in every offer, and accept no deal without most of them."""

    def offer(self, seat: Leader, package: Array) -> Array:
        """Return the model's package (issues, R) with all purchases added."""
        package = package.copy()
        package[seat.issue("purchases")] = 1.0
        return package

    def answer(self, seat: Leader, package: Array, yes: Mask) -> Mask:
        """Return the model's yes where the package has most of the purchases."""
        enough: Mask = package[seat.issue("purchases")] > 0.5
        return yes & enough


# %% [markdown]
# Both arms use the same random numbers, world by world. Does the bot get what it asks for, and
# what does that cost?

# %%
model = simulate(SCENARIO, WORLDS, SEED).outcomes
bot = simulate(SCENARIO, WORLDS, SEED, seats={SEAT: Buyer()}).outcomes

print(f"{SCENARIO}, seed {SEED}, {WORLDS} worlds, 95 % intervals")
print("\nPurchases in the agreements in force at the end, share of 200 bn dollars:")
for name, table in (("model", model), ("bot", bot)):
    agreed = table["agreed_purchases"].dropna()
    mean, low, high = mean_interval(agreed)
    print(f"  {name:6} {mean:.2f} ({low:.2f} to {high:.2f}) in {len(agreed)} agreements")

print("\nBot minus model, world by world:")
for table in (model, bot):
    table["in_force"] = np.where(table["outcome"].str.endswith("deal"), 100.0, 0.0)
for label, column in (
    ("deal in force at the end, % of worlds", "in_force"),
    ("utility of the United States, points", "utility_us"),
    ("utility of China, points", "utility_cn"),
):
    mean, low, high = paired_difference(model[column], bot[column])
    print(f"  {label:38} {mean:+.3f} ({low:+.3f} to {high:+.3f})")

# %% [markdown]
# "The bot gets its purchases" is built in: it accepts nothing else. What is missing was given up
# when a deal was renegotiated. Its effect on the number of deals and on their worth follows from
# many rules together. This is one scenario and one seed: before you trust the result, vary the cost
# scale and the window (docs/experiments.md), and use
# other seeds.
