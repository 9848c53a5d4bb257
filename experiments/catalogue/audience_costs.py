"""Does a leader who pays at home for backing down carry out more threats and make fewer deals?"""

from experiments.cells import Cells
from experiments.experiment import Experiment, Factor, Level, Picture
from experiments.findings import Finding


def _costs(label: str, first: float, second: float) -> Level:
    return Level(label, {"sides.US.audience_cost": first, "sides.CN.audience_cost": second})


FACTORS = {
    "cost": Factor(
        "Audience cost",
        (_costs("none", 0.0, 0.0), _costs("as assumed", 0.05, 0.04), _costs("high", 0.20, 0.20)),
    ),
}


def _findings(cells: Cells) -> list[Finding]:
    return [
        cells.claim(
            "High audience costs make US threats likelier to be carried out",
            "carried_out_us",
            [(1.0, {"cost": "high"}), (-1.0, {"cost": "none"})],
            "rises",
        )
    ]


EXPERIMENT = Experiment(
    name="audience_costs",
    title="Audience costs",
    question="What do audience costs do to threats, peaks and deals?",
    hypothesis="Leaders who pay for backing down carry out more of their threats.",
    expected="Follow-through, lock-in and peaks rise.",
    sources=("Fearon 1994",),
    scenario="february_2025",
    factors=FACTORS,
    measures=("carried_out_us", "peak_us", "deal"),
    pictures=(Picture("carried_out_us", over="cost"),),
    findings=_findings,
)
