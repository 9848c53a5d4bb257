"""Define your own experiment: claims first, then nine contexts, verdicts and a picture.

From the checkout: python docs/tutorials/own_experiment.py
"""

# %% [markdown]
# Question: does a threat with a longer time until it falls due leave time for an agreement? An
# experiment is a value. Each claim, with its direction, is written before the experiment is run.

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
    """Return the finding for each claim."""
    longer = change({"fuse": "2"}, {"fuse": "16"})
    return [
        contrasts.claim("A long fuse leaves time for a deal", "agreed_in_a_year", longer, "rises"),
        contrasts.claim("A long fuse keeps tariffs lower", "peak_us", longer, "falls"),
        contrasts.claim(
            "A long fuse means fewer threats",
            "threats_us",
            longer,
            "falls",
            built_in=True,
            detail="A side has at most one pending threat (model/phases/threats.py)",
        ),
    ]


experiment = Experiment(
    name="long_fuse",
    title="A long fuse",
    question="Does a longer time until a threat falls due leave time for an agreement?",
    hypothesis="A threat with a distant deadline gives the other side time to give in.",
    expected="Longer fuses bring more agreements and lower peaks of tariffs.",
    sources=("Schelling 1966, Arms and Influence, chapter 2",),
    scenario="february_2025",
    factors={"fuse": fuse},
    measures=("agreed_in_a_year", "peak_us", "threats_us"),
    pictures=(Picture("peak_us", over="fuse"),),
    findings=findings,
)

# %% [markdown]
# Every level is run in the nine contexts of the two assumptions that matter most, with the same
# random numbers. "Holds in 6 of 9" shows how much an answer depends on them; a claim is supported
# only if it holds in 7.

# %%
design = plan(experiment, WORLDS, SEED)
print(f"{len(design.cells)} cells x {len(design.contexts)} contexts x {WORLDS} worlds")
contrasts = read_contrasts(design, run_study(design.study))
for finding in experiment.findings(contrasts):
    print("-", finding.sentence())
figure = picture(contrasts, experiment.pictures[0], caption(contrasts, SEED))
print("Saved:", *style.save(figure, FOLDER, "long_fuse", kinds=["png"]))

# %% [markdown]
# A claim that follows directly from how a rule is written is marked as built in and never counts
# as a finding. Check every claim for this: are tariffs lower because threats take longer to fall
# due, or only because a side with a pending threat makes no other? A cell with the same number of
# threats would show the difference.
#
# Save the experiment as experiments/catalogue/long_fuse.py with the value named EXPERIMENT. Then
# `python run.py experiment long_fuse` runs it at full size with a report (docs/recipes.md).
