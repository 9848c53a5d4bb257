"""Experiment on the madman theory: whether it pays to be seen as an unpredictable leader."""

from collections.abc import Mapping

from experiments.factorial.contrasts import Contrasts, change, interaction
from experiments.factorial.experiment import (
    FIRST_EDITION,
    Cell,
    Experiment,
    Factor,
    Level,
    Picture,
    remembered,
)
from experiments.factorial.findings import Finding


def _temper(label: str, volatility: float) -> Level:
    return Level(label, {"sides.US.volatility": volatility})


FACTORS = {
    "temper": Factor(
        "Volatility of the US leader",
        (_temper("even", 0.0), _temper("volatile", 0.5), _temper("madman", 1.0)),
    ),
    "penalty": Factor(
        "How much volatility lowers trust in promises",
        (
            Level("not at all", {"coercion.assurance_loss": 0.0}),
            Level("as assumed (.8)", {"coercion.assurance_loss": 0.8}),
        ),
    ),
    "belief": Factor(
        "Earlier threats remembered as carried out",
        (remembered("1 of 10", 1.0, 9.0), remembered("7 of 10", 7.0, 3.0)),
    ),
    "harm": Factor(
        "Median size of a threatened tariff",
        (
            Level("10 points", {"coercion.size": 0.1}),
            Level("40 points", {"coercion.size": 0.4}),
        ),
    ),
}
EVEN, VOLATILE, MAD = ({"temper": level.label} for level in FACTORS["temper"].levels)
TRUSTED, DISTRUSTED = ({"penalty": level.label} for level in FACTORS["penalty"].levels)
DOUBTED, BELIEVED = ({"belief": level.label} for level in FACTORS["belief"].levels)
SMALL, LARGE = ({"harm": level.label} for level in FACTORS["harm"].levels)


def _cells(factors: Mapping[str, Factor]) -> list[Cell]:
    """Return belief x harm for every temper, and for the madman with both penalties.

    An even temper lowers no trust. The temper in between is run with the assumed penalty only.
    """
    tempers = (EVEN | DISTRUSTED, VOLATILE | DISTRUSTED, MAD | DISTRUSTED, MAD | TRUSTED)
    return [
        temper | belief | harm
        for temper in tempers
        for belief in (DOUBTED, BELIEVED)
        for harm in (SMALL, LARGE)
    ]


def _findings(contrasts: Contrasts) -> list[Finding]:
    return _emergent(contrasts) + _built_in(contrasts)


def _emergent(contrasts: Contrasts) -> list[Finding]:
    even, mad = EVEN, MAD | DISTRUSTED
    best = DOUBTED | LARGE
    return [
        contrasts.claim(
            "Madness benefits the United States if threats are otherwise doubted and the harm is "
            "large",
            "utility_us",
            change(even | best, mad | best),
            "rises",
        ),
        contrasts.claim(
            "Madness costs the United States if threats are believed anyway and the harm is small",
            "utility_us",
            change(even | BELIEVED | SMALL, mad | BELIEVED | SMALL),
            "falls",
        ),
        contrasts.claim(
            "Madness brings more, or costs less, if threats are otherwise doubted",
            "utility_us",
            interaction(even, mad, BELIEVED, DOUBTED),
            "rises",
        ),
        contrasts.claim(
            "Madness brings more, or costs less, if the harm is large",
            "utility_us",
            interaction(even, mad, SMALL, LARGE),
            "rises",
        ),
        contrasts.interior(
            "In the best case for madness, some volatility brings more than none and more than a "
            "lot",
            "utility_us",
            "temper",
            best | DISTRUSTED,
        ),
        contrasts.claim(
            "In the worlds that reach a deal either way, madness brings the United States better "
            "terms",
            "terms_us",
            change(even | best, mad | best),
            "rises",
            matched=True,
        ),
    ]


def _built_in(contrasts: Contrasts) -> list[Finding]:
    even, mad = EVEN, MAD | DISTRUSTED
    return [
        contrasts.claim(
            "If nobody trusts a madman less, deals are more likely than if everybody does",
            "deal",
            change(MAD | DISTRUSTED, MAD | TRUSTED),
            "rises",
            built_in=True,
            detail="Trust scales what the other side relies on (coercion.assurance, "
            "bargaining.delivered)",
        ),
        contrasts.claim(
            "A madman makes more threats",
            "threats_us",
            change(even, mad),
            "rises",
            built_in=True,
            detail="Volatility raises the odds of a threat (Leader.threat_chance)",
        ),
    ]


EXPERIMENT = Experiment(
    name="madman",
    title="The madman",
    question="Does it pay for a leader to be thought capable of anything?",
    hypothesis=(
        "Others believe a volatile leader's threats more and his promises less. The first effect "
        "pays only if threats would not be believed otherwise and would hurt. The second effect "
        "always costs."
    ),
    expected=(
        "Madness pays only if threats are doubted and the harm is large, and a little of it pays "
        "more than a lot. In all other cases, mistrust costs more than fear brings."
    ),
    sources=(
        "Schelling 1960, The Strategy of Conflict",
        "McManus 2021, Crazy Like a Fox? Are Leaders with Reputations for Madness More Successful "
        "at International Coercion?",
        "Schwartz 2023, Madman or Mad Genius? The International Benefits and Domestic Costs of the "
        "Madman Strategy",
    ),
    scenario="february_2025",
    settings=FIRST_EDITION,
    factors=FACTORS,
    measures=(
        "utility_us",
        "utility_cn",
        "terms_us",
        "terms_cn",
        "deal",
        "peak_us",
        "income_us",
        "threats_us",
        "executed_us",
    ),
    pictures=(
        Picture(
            "utility_us",
            over="temper",
            by="harm",
            panel="belief",
            given=(("penalty", "as assumed (.8)"),),
        ),
        Picture(
            "deal",
            over="temper",
            by="harm",
            panel="belief",
            given=(("penalty", "as assumed (.8)"),),
        ),
        Picture("deal", over="penalty", by="harm", panel="belief", given=(("temper", "madman"),)),
    ),
    findings=_findings,
    cells=_cells,
    caveats=(
        "How much threats are believed, and how large they are, is one number for both sides. "
        "Only the US leader is made volatile.",
        "A pending threat lowers what China's leader settles for, but not what is ratified in "
        "China: of the packages accepted under a madman's threat, 82 % failed at home, of others "
        "28 % (1,500 worlds, doubted and large threats). So fear leads to failures, not to better "
        "terms.",
        "Utility is the worth of the deal on the day it is made, and tariff relief is worth more "
        "under higher tariffs. Real income is shown as well.",
    ),
)
