"""Experiment on tied hands: whether hard ratification brings better terms, and what it costs."""

from collections.abc import Mapping

from experiments.factorial.contrasts import Contrasts, change, interaction
from experiments.factorial.experiment import FIRST_EDITION, Cell, Experiment, Factor, Level, Picture
from experiments.factorial.findings import Finding


def _threshold(label: str, points: float) -> Level:
    return Level(label, {"sides.US.threshold": points})


FACTORS = {
    "threshold": Factor(
        "US ratification threshold (points)",
        (
            _threshold("0", 0.0),
            _threshold(".1, as assumed", 0.1),
            _threshold(".2", 0.2),
            _threshold(".35", 0.35),
            _threshold(".5", 0.5),
        ),
    ),
    "uncertainty": Factor(
        "Uncertainty of US ratification",
        (
            Level("small", {"sides.US.threshold_spread": 0.02}),
            Level("large", {"sides.US.threshold_spread": 0.2}),
        ),
    ),
    "foresight": Factor(
        "Foresight of ratification",
        (
            Level("none", {"ratification.anticipation": 0.0}),
            Level("full", {"ratification.anticipation": 1.0}),
        ),
    ),
}
KNOWN = {"uncertainty": "small", "foresight": "full"}
UNCERTAIN = {"uncertainty": "large", "foresight": "full"}
BLIND = {"uncertainty": "small", "foresight": "none"}
FREE, TIED = {"threshold": "0"}, {"threshold": ".35"}


def _cells(factors: Mapping[str, Factor]) -> list[Cell]:
    """Return every threshold: foreseen with small and with large uncertainty, and unforeseen."""
    return [
        {"threshold": level.label} | rest
        for level in factors["threshold"].levels
        for rest in (KNOWN, UNCERTAIN, BLIND)
    ]


def _findings(contrasts: Contrasts) -> list[Finding]:
    return _emergent(contrasts) + _built_in(contrasts)


def _emergent(contrasts: Contrasts) -> list[Finding]:
    tied = change(FREE | KNOWN, TIED | KNOWN)
    return [
        contrasts.claim(
            "In the worlds that reach a deal either way, tied hands bring the United States better "
            "terms",
            "terms_us",
            tied,
            "rises",
            matched=True,
        ),
        contrasts.claim(
            "In the same worlds, China gets worse terms",
            "terms_cn",
            tied,
            "falls",
            matched=True,
        ),
        contrasts.claim(
            "If the leader does not know that hands are tied, terms improve less",
            "terms_us",
            interaction(FREE, TIED, BLIND, KNOWN),
            "rises",
            matched=True,
        ),
        contrasts.interior(
            "Averaged over worlds with and without a deal, hands tied a little bring more than "
            "free or tightly tied hands",
            "utility_us",
            "threshold",
            KNOWN,
        ),
        contrasts.claim(
            "Uncertainty makes packages fail at home, even if it is foreseen",
            "failed_at_home",
            change(TIED | KNOWN, TIED | UNCERTAIN),
            "rises",
        ),
        contrasts.claim(
            "A high threshold makes packages fail at home, and less so if it is foreseen",
            "failed_at_home",
            interaction(FREE, TIED, KNOWN, BLIND),
            "rises",
        ),
    ]


def _built_in(contrasts: Contrasts) -> list[Finding]:
    tied = change(FREE | KNOWN, TIED | KNOWN)
    return [
        contrasts.claim(
            "The average of the deals that are made is better for the United States",
            "terms_us",
            tied,
            "rises",
            built_in=True,
            detail="Ratification makes bad deals fail (ratification.pivot), which is a selection "
            "effect",
        ),
        contrasts.claim(
            "Tied hands make deals rarer",
            "deal",
            tied,
            "falls",
            built_in=True,
            detail="A higher threshold raises the reservation value (bargaining.reservation) and "
            "lowers the chance that any given package is ratified (ratification.pivot)",
        ),
    ]


EXPERIMENT = Experiment(
    name="tied_hands",
    title="Tied hands",
    question="Does a negotiator gain at the table if ratification at home is hard?",
    hypothesis=(
        "A side whose ratification is known to be hard gets better terms, because a worse package "
        "would not pass. But the harder ratification is, the rarer are deals (Schelling's "
        "conjecture)."
    ),
    expected=(
        "Better terms if a deal is made, fewer deals, and a payoff over all worlds that first "
        "rises and then falls with the threshold. Without foresight, only failures at home."
    ),
    sources=(
        "Schelling 1960, The Strategy of Conflict",
        "Putnam 1988, Diplomacy and Domestic Politics: The Logic of Two-Level Games",
        "Iida 1993, When and How Do Domestic Constraints Matter?",
        "Milner and Rosendorff 1997, Democratic Politics and International Trade Negotiations",
        "Tarar 2001, International Bargaining with Two-Sided Domestic Constraints",
    ),
    scenario="february_2025",
    settings=FIRST_EDITION,
    factors=FACTORS,
    measures=(
        "terms_us",
        "terms_cn",
        "utility_us",
        "utility_cn",
        "deal",
        "failed_at_home",
        "weeks_to_deal",
    ),
    pictures=(
        Picture("utility_us", over="threshold", by="foresight", given=(("uncertainty", "small"),)),
        Picture("terms_us", over="threshold", by="foresight", given=(("uncertainty", "small"),)),
        Picture("deal", over="threshold", by="uncertainty", given=(("foresight", "full"),)),
        Picture(
            "failed_at_home", over="threshold", by="foresight", given=(("uncertainty", "small"),)
        ),
    ),
    findings=_findings,
    cells=_cells,
    caveats=(
        "From 0 to .2 points, better terms and fewer deals nearly cancel (400 worlds per cell): a "
        "peak of the payoff, if there is one, is flat.",
        "Only the hands of the United States are tied. Foresight is one number for both sides, so "
        "China foresees its own ratification to the same degree.",
        "A leader who foresees ratification wants the worth that passes with a chance of .7. So "
        "uncertainty raises what the leader asks for as well as what may fail.",
        "Utility is the worth of the deal on the day it is made, without the earlier cost of "
        "tariffs.",
    ),
)
