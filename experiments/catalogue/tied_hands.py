"""Asks whether hands that are tied at home bring better terms, and what they cost."""

from collections.abc import Mapping

from experiments.factorial.contrasts import Contrasts, change, interaction
from experiments.factorial.experiment import Cell, Experiment, Factor, Level, Picture
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
        "Uncertainty of ratification in the United States",
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
    """Return every threshold where it is foreseen, with either uncertainty, and unforeseen."""
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
            "In the same worlds China pays for it",
            "terms_cn",
            tied,
            "falls",
            matched=True,
        ),
        contrasts.claim(
            "Hands that the leader does not know to be tied bring less better terms",
            "terms_us",
            interaction(FREE, TIED, BLIND, KNOWN),
            "rises",
            matched=True,
        ),
        contrasts.interior(
            "Deal or no deal, hands tied a little pay more than free ones and than tied fast",
            "utility_us",
            "threshold",
            KNOWN,
        ),
        contrasts.claim(
            "Uncertainty makes packages fail at home, even where it is foreseen",
            "failed_at_home",
            change(TIED | KNOWN, TIED | UNCERTAIN),
            "rises",
        ),
        contrasts.claim(
            "Unforeseen, a high threshold makes packages fail at home; foreseen, it does less so",
            "failed_at_home",
            interaction(FREE, TIED, KNOWN, BLIND),
            "rises",
        ),
    ]


def _built_in(contrasts: Contrasts) -> list[Finding]:
    tied = change(FREE | KNOWN, TIED | KNOWN)
    return [
        contrasts.claim(
            "Of the deals that are made, the average is better for the United States",
            "terms_us",
            tied,
            "rises",
            built_in=True,
            detail="Ratification lets bad deals fail (ratification.pivot), and so selects",
        ),
        contrasts.claim(
            "Tied hands make deals rarer",
            "deal",
            tied,
            "falls",
            built_in=True,
            detail="A higher threshold raises the reservation (bargaining.reservation) and lowers "
            "the chance that any given package is ratified (ratification.pivot)",
        ),
    ]


EXPERIMENT = Experiment(
    name="tied_hands",
    title="Tied hands",
    question="Does a negotiator gain at the table by being hard to please at home?",
    hypothesis=(
        "A side whose ratification is known to be hard gets better terms, since less would not "
        "pass; but the harder it is, the rarer is any deal (Schelling's conjecture)."
    ),
    expected=(
        "Better terms where a deal is made, fewer deals, and a payoff over all worlds that first "
        "rises and then falls with the threshold; without foresight only failures at home."
    ),
    sources=(
        "Schelling 1960, The Strategy of Conflict",
        "Putnam 1988, Diplomacy and Domestic Politics: The Logic of Two-Level Games",
        "Iida 1993, When and How Do Domestic Constraints Matter?",
        "Milner and Rosendorff 1997, Democratic Politics and International Trade Negotiations",
        "Tarar 2001, International Bargaining with Two-Sided Domestic Constraints",
    ),
    scenario="february_2025",
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
        "From 0 to .2 points better terms and fewer deals nearly cancel (400 worlds a cell): "
        "a peak of the payoff, if there is one, is flat.",
        "Only the United States is tied; foresight is one number for both sides, so that China "
        "foresees its own ratification with it.",
        "A leader who foresees wants the worth that passes with a chance of .7. Uncertainty thus "
        "raises what is asked for as well as what may fail.",
        "Worth is that of the deal on the day it is made, without what tariffs cost before.",
    ),
)
