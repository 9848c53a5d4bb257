"""Experiment on the threat to end normal trade relations: whether it works."""

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


def _congress(label: str, follows: float, hazard: float) -> Level:
    return Level(label, {"revocation.congress": follows, "revocation.hazard": hazard})


FACTORS = {
    "threat": Factor(
        "Threats to end relations",
        (
            Level("never made", {"coercion.revocation_share": 0.0}),
            Level("every fourth threat", {"coercion.revocation_share": 0.25}),
        ),
    ),
    "congress": Factor(
        "Congress",
        (
            _congress("does nothing", 0.0, 0.0),
            _congress("follows the leader", 1.0, 0.0),
            _congress("acts on its own", 0.0, 0.003),
        ),
    ),
    "belief": Factor(
        "Earlier threats remembered as carried out",
        (
            remembered("1 of 10", 1.0, 9.0),
            remembered("7 of 10", 7.0, 3.0),
        ),
    ),
    "cost": Factor(
        "Cost of pain to China",
        (
            Level("half", {"sides.CN.kappa": 0.012}),
            Level("twice", {"sides.CN.kappa": 0.048}),
        ),
    ),
    "size": Factor(
        "Tariff increase if relations end",
        (
            Level("30 points", {"revocation.size": 0.3}),
            Level("60 points", {"revocation.size": 0.6}),
        ),
    ),
}
DOUBTED, BELIEVED = ({"belief": level.label} for level in FACTORS["belief"].levels)
LOW, HIGH = ({"cost": level.label} for level in FACTORS["cost"].levels)
SMALL, LARGE = ({"size": level.label} for level in FACTORS["size"].levels)
QUIET = {"threat": "never made", "congress": "does nothing"} | LARGE
THREAT = {"threat": "every fourth threat", "congress": "follows the leader"}
BLUFF = {"threat": "every fourth threat", "congress": "does nothing"} | LARGE
DEED = {"threat": "never made", "congress": "acts on its own"} | LARGE

SHOWN = (("size", "60 points"), ("belief", "7 of 10"))


def _cells(factors: Mapping[str, Factor]) -> list[Cell]:
    """Return the threat with both sizes; no threat, bluff and action with the large size only.

    Congress acting on its own is run only where threats are believed.
    """
    both = [belief | cost for belief in (DOUBTED, BELIEVED) for cost in (LOW, HIGH)]
    contrasts = [THREAT | rest | size for size in (SMALL, LARGE) for rest in both]
    contrasts += [case | rest for case in (QUIET, BLUFF) for rest in both]
    return contrasts + [DEED | BELIEVED | cost for cost in (LOW, HIGH)]


def _findings(contrasts: Contrasts) -> list[Finding]:
    return _emergent(contrasts) + _built_in(contrasts)


def _emergent(contrasts: Contrasts) -> list[Finding]:
    threat = THREAT | LARGE
    return [
        contrasts.claim(
            "A threat that Congress would follow benefits the United States, averaged over worlds "
            "with and without a deal",
            "utility_us",
            change(QUIET, threat),
            "rises",
        ),
        contrasts.claim(
            "Threats work better than actions: deals are more likely under the threat alone than "
            "if Congress acts",
            "agreed",
            change(DEED, BLUFF | BELIEVED),
            "rises",
        ),
        contrasts.apart(
            "Threats carried out are failed threats: deals are rarer in worlds in which relations "
            "were ended",
            "agreed_standing",
            "agreed_revoked",
            threat,
            "falls",
        ),
        *_comparisons(contrasts, threat),
    ]


def _comparisons(contrasts: Contrasts, threat: dict[str, str]) -> list[Finding]:
    return [
        contrasts.claim(
            "A threat is worth more if threats are believed",
            "utility_us",
            interaction(QUIET, threat, DOUBTED, BELIEVED),
            "rises",
        ),
        contrasts.claim(
            "A threat is worth more if it would cost China more",
            "utility_us",
            interaction(QUIET, threat, LOW, HIGH),
            "rises",
        ),
        contrasts.claim(
            "The larger the threatened tariff, the more the threat is worth",
            "utility_us",
            change(THREAT | SMALL, THREAT | LARGE),
            "rises",
        ),
        contrasts.claim(
            "A threat that Congress would follow is worth more than one that Congress would not "
            "follow",
            "utility_us",
            change(BLUFF, threat),
            "rises",
        ),
    ]


def _built_in(contrasts: Contrasts) -> list[Finding]:
    threat = THREAT | LARGE
    return [
        contrasts.claim(
            "If Congress follows, more worlds end decoupled",
            "decoupled",
            change(BLUFF, threat),
            "rises",
            built_in=True,
            detail="A world in which relations were ended counts as decoupled "
            "(records, outcomes.classify)",
        ),
    ]


EXPERIMENT = Experiment(
    name="pntr_threat",
    title="The threat to end normal trade relations",
    question="Is the threat to end China's normal trade status worth more than ending it?",
    hypothesis=(
        "A target that gives in does so under the threat; a threat that must be carried out has "
        "failed. A threat works if it is believed, if it is large and if it would cost the target "
        "a lot."
    ),
    expected=(
        "Threats work better than their execution. Deals are rarer if threats were carried out. "
        "Credibility, size, the target's cost and a willing Congress each make the threat worth "
        "more."
    ),
    sources=(
        "Drezner 2003, The Hidden Hand of Economic Coercion",
        "Lacy and Niou 2004, A Theory of Economic Sanctions and Issue Linkage",
        "Morgan, Bapat and Kobayashi 2014, Threat and Imposition of Economic Sanctions 1945-2005",
        "Walentek et al. 2021, Success of Economic Sanctions Threats",
    ),
    scenario="february_2025",
    settings=FIRST_EDITION,
    factors=FACTORS,
    measures=(
        "utility_us",
        "utility_cn",
        "terms_us",
        "agreed",
        "agreed_revoked",
        "agreed_standing",
        "revoked",
        "decoupled",
        "deal",
        "peak_us",
        "income_us",
        "income_cn",
    ),
    pictures=(
        Picture("utility_us", over="congress", by="threat", panel="cost", given=SHOWN),
        Picture("agreed", over="congress", by="threat", panel="cost", given=SHOWN),
        Picture("revoked", over="congress", by="threat", panel="cost", given=SHOWN),
        Picture(
            "utility_us",
            over="belief",
            by="size",
            panel="cost",
            given=(("threat", "every fourth threat"), ("congress", "follows the leader")),
        ),
    ),
    findings=_findings,
    cells=_cells,
    caveats=(
        "A threat to end normal trade relations replaces a tariff threat in the same week: the "
        "experiment compares kinds of threat, not a threat with no threat.",
        "How much threats are believed is one number for both sides and all kinds of threat.",
        "The cost of pain to China is in points per week of unit pain (half and twice .024). It "
        "also scales what tariff relief is worth to China.",
        "As with any threat, packages accepted under it fail at home more often (67 compared with "
        "27 % in 1,500 worlds of the scenario): it changes the leader's reservation value, not "
        "ratification.",
        "If relations were ended, less time may be left for a deal. That such worlds have fewer "
        "deals is an association, not an effect.",
    ),
)
