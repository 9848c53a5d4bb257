"""Experiment on issue linkage: whether security on the same table makes a trade deal easier."""

from collections.abc import Mapping

from experiments.factorial.contrasts import Contrasts, change, interaction
from experiments.factorial.experiment import FIRST_EDITION, Cell, Experiment, Factor, Level, Picture
from experiments.factorial.findings import Finding

# Stakes of the groups as in the scenario. Their sum for a side is the issue's worth in points.
NUCLEAR = (
    {"consumers": 0.04, "congress_hawks": 0.30, "finance": 0.07},  # to the United States .0805
    {"party_security": -0.25},  # to China -.05
)
PEACE = (
    {"consumers": 0.06, "congress_hawks": 0.15, "finance": 0.10},  # .06
    {"party_security": -0.175, "nationalist_public": -0.10},  # -.05
)
WORTH = {"nuclear_security": (NUCLEAR, 0.0805, 0.05), "peace_cooperation": (PEACE, 0.06, 0.05)}


def _stakes(label: str, received: float) -> Level:
    """Return a level in which the receiver's gain is this share of what is at stake in an issue.

    The rest is the owner's loss; their sum is as in the scenario. 0: nothing is at stake at all.
    """
    settings = {}
    for issue, ((gains, losses), benefit, cost) in WORTH.items():
        total = benefit + cost if received else 0.0
        for stakes, share, worth in ((gains, received, benefit), (losses, 1.0 - received, cost)):
            for group, stake in stakes.items():
                value = round(stake * share * total / worth, 6)
                settings[f"issues.{issue}.stakes.{group}"] = value + 0.0
    return Level(label, settings)


def _table(label: str, leaders_only: bool) -> Level:
    return Level(label, {f"issues.{issue}.leaders_only": leaders_only for issue in WORTH})


def _veto(label: str, side: str) -> Level:
    """Return a level in which three fifths of the groups' weight must support a package at home.

    Of .5, .55, .6, .67 and .75, this is the highest quota under which a tenth of the worlds still
    end in a deal, for a vote on either side, while security is left out. A veto that lets nothing
    pass would show nothing.
    """
    quota = {"ratification.quota": 0.6}
    return Level(label, {f"sides.{side}.ratification": "constituency"} | quota)


FACTORS = {
    "security": Factor(
        "Security issues",
        (
            _stakes("left out", 0.0),
            _stakes("valued equally", 0.5),
            _stakes("valued differently", 0.75),
        ),
    ),
    "table": Factor(
        "Sessions in which security is discussed",
        (_table("summits only", True), _table("all sessions", False)),
    ),
    "veto": Factor(
        "Who can block",
        (
            Level("the pivot only", {}),
            _veto("two fifths in the US", "US"),
            _veto("two fifths in China", "CN"),
        ),
    ),
}
PIVOT, US_VETO, CN_VETO = ({"veto": level.label} for level in FACTORS["veto"].levels)
TALKS = {"table": "all sessions"}
LEFT_OUT = {"security": "left out"} | TALKS
ALIKE = {"security": "valued equally"} | TALKS
APART = {"security": "valued differently"} | TALKS


def _cells(factors: Mapping[str, Factor]) -> list[Cell]:
    """Return all combinations, except security left out and discussed at summits only."""
    return [
        case | {"veto": veto.label}
        for case in (
            LEFT_OUT,
            ALIKE,
            APART,
            ALIKE | {"table": "summits only"},
            APART | {"table": "summits only"},
        )
        for veto in factors["veto"].levels
    ]


def _findings(contrasts: Contrasts) -> list[Finding]:
    return _emergent(contrasts) + _built_in(contrasts)


def _emergent(contrasts: Contrasts) -> list[Finding]:
    linked = change(LEFT_OUT | PIVOT, APART | PIVOT)
    return [
        contrasts.claim(
            "If the sides value security differently, linking it brings more deals",
            "deal",
            linked,
            "rises",
        ),
        contrasts.claim(
            "Linking brings more deals if values differ than if they are equal",
            "deal",
            change(ALIKE | PIVOT, APART | PIVOT),
            "rises",
        ),
        contrasts.claim(
            "Linking benefits the United States, averaged over worlds with and without a deal",
            "utility_us",
            linked,
            "rises",
        ),
        contrasts.claim(
            "China, which makes the concessions on security, is compensated and gains too",
            "utility_cn",
            linked,
            "rises",
        ),
        contrasts.claim(
            "If the Chinese groups that lose by it can block, linking makes deals rarer",
            "deal",
            change(LEFT_OUT | CN_VETO, APART | CN_VETO),
            "falls",
        ),
        contrasts.claim(
            "Linking brings fewer additional deals if those groups can block than if a pivot "
            "decides",
            "deal",
            interaction(LEFT_OUT, APART, PIVOT, CN_VETO),
            "falls",
        ),
        contrasts.claim(
            "If US groups can block, linking brings more deals, because it gives the hawks "
            "something",
            "deal",
            change(LEFT_OUT | US_VETO, APART | US_VETO),
            "rises",
        ),
    ]


def _built_in(contrasts: Contrasts) -> list[Finding]:
    linked = change(LEFT_OUT | PIVOT, APART | PIVOT)
    return [
        contrasts.claim(
            "Linking makes comprehensive deals more common",
            "comprehensive",
            linked,
            "rises",
            built_in=True,
            detail="Security is one of the issue families that make a deal comprehensive "
            "(outcomes.comprehensive)",
        ),
    ]


EXPERIMENT = Experiment(
    name="security_linkage",
    title="Linking security",
    question="Is a trade deal easier or harder to reach if security is negotiated along with it?",
    hypothesis=(
        "Issues that the two sides value differently can be traded against one another, so "
        "linking them makes room for a deal. But each issue brings in groups that can block it."
    ),
    expected=("Linkage helps if values differ, and hurts if a group that loses by it has a veto."),
    sources=(
        "Tollison and Willett 1979, An Economic Theory of Mutually Advantageous Issue Linkages",
        "Sebenius 1983, Negotiation Arithmetic: Adding and Subtracting Issues and Parties",
        "Tsebelis 2002, Veto Players",
        "Davis 2004, International Institutions and Issue Linkage",
    ),
    scenario="february_2025",
    settings=FIRST_EDITION,
    factors=FACTORS,
    measures=(
        "deal",
        "comprehensive",
        "agreed",
        "utility_us",
        "utility_cn",
        "terms_us",
        "terms_cn",
        "failed_at_home",
        "weeks_to_deal",
    ),
    pictures=(
        Picture("deal", over="security", by="table", panel="veto"),
        Picture("utility_us", over="security", by="table", panel="veto"),
        Picture("failed_at_home", over="security", by="veto", given=(("table", "all sessions"),)),
    ),
    findings=_findings,
    cells=_cells,
    caveats=(
        "A veto is a quota of three fifths of the groups' weight, on all issues. China's security "
        "bloc has a fifth of the weight and can block only together with others. A quota under "
        "which a fifth can block alone (.85) leaves deals in 1 % of worlds with a vote in the US, "
        "and in none with a vote in China.",
        "Leaders do not foresee a vote of the groups: anticipation uses the pivot's threshold, "
        "whatever the mode of ratification.",
        "China owns both security issues. Valued equally, they are worth as much to the United "
        "States as they cost China. Valued differently, they are worth three times as much as "
        "they cost, with the same sum.",
    ),
)
