"""Your own experiment: claims written down first, nine contexts, verdicts and a picture.

From the checkout: python docs/tutorials/own_experiment.py
"""

# %% [markdown]
# Question: does a threat that hangs longer before it falls due leave time for an agreement?
# An experiment is a value. What is claimed, and in which direction, is written before it is run.

# %%
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))  # the checkout

from experiments.factorial.contrasts import Contrasts, change, read_contrasts
from experiments.factorial.experiment import Experiment, Factor, Level, Picture, plan
from experiments.factorial.findings import Finding
from experiments.plots import style
from experiments.plots.experiment import caption, picture
from experiments.study import run_study

WORLDS = 40  # in each cell and context; 2,000 in the catalogue
SEED = 1
FOLDER = Path("results/tutorials")
FOLDER.mkdir(parents=True, exist_ok=True)

fuse = Factor(
    "Weeks until a threat falls due (median)",
    tuple(Level(f"{weeks}", {"coercion.fuse": weeks}) for weeks in (2, 6, 16)),
)


def findings(contrasts: Contrasts) -> list[Finding]:
    """Return what becomes of each claim."""
    longer = change({"fuse": "2"}, {"fuse": "16"})
    return [
        contrasts.claim("A long fuse leaves time for a deal", "agreed_in_a_year", longer, "rises"),
        contrasts.claim("A long fuse keeps tariffs lower", "peak_us", longer, "falls"),
        contrasts.claim(
            "A long fuse, fewer threats",
            "threats_us",
            longer,
            "falls",
            built_in=True,
            detail="A side has one threat pending at most (model/phases/threats.py)",
        ),
    ]


experiment = Experiment(
    name="long_fuse",
    title="A long fuse",
    question="Does a threat that hangs longer leave time for an agreement?",
    hypothesis="Who threatens with a far deadline gives the other time to give in.",
    expected="With longer fuses more agreements and lower peaks of tariffs.",
    sources=("Schelling 1966, Arms and Influence, chapter 2",),
    scenario="february_2025",
    factors={"fuse": fuse},
    measures=("agreed_in_a_year", "peak_us", "threats_us"),
    pictures=(Picture("peak_us", over="fuse"),),
    findings=findings,
)

# %% [markdown]
# Every level is run in the nine contexts of the two assumptions that decide most, in the same luck.
# "Holds in 6 of 9" says how far an answer rests on them; 7 are needed to call it supported.

# %%
laid_out = plan(experiment, WORLDS, SEED)
print(f"{len(laid_out.cells)} cells x {len(laid_out.contexts)} contexts x {WORLDS} worlds")
contrasts = read_contrasts(laid_out, run_study(laid_out.study))
for finding in experiment.findings(contrasts):
    print("-", finding.sentence())
figure = picture(contrasts, experiment.pictures[0], caption(contrasts, SEED))
print("Drawn:", *style.save(figure, FOLDER, "long_fuse", kinds=["png"]))

# %% [markdown]
# What follows at once from how a rule is written is marked built in and never counts as found. Ask
# it of every claim: are tariffs lower because threats hang longer, or only because a side that has
# one pending makes no other? Another cell that holds the number of threats alike would tell.
#
# Saved as experiments/catalogue/long_fuse.py with the value called EXPERIMENT, it is run at full
# size with a report by `python run.py experiment long_fuse`: docs/recipes.md.
