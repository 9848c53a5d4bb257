"""Experiment on economic weakness: whether a weak China is easier or harder to bargain with."""

from collections.abc import Mapping

from experiments.factorial.contrasts import Contrasts, Terms, change, interaction
from experiments.factorial.experiment import FIRST_EDITION, Cell, Experiment, Factor, Level, Picture
from experiments.factorial.findings import Finding

FACTORS = {
    "leverage": Factor(
        "Leverage: extra pain from tariffs",
        (
            Level("no leverage", {"economy.leverage": 0.0}),
            Level("as assumed", {"economy.leverage": 0.5}),
            Level("strong leverage", {"economy.leverage": 1.5}),
        ),
    ),
    "hardening": Factor(
        "Hardening: extra cost of structural concessions",
        (
            Level("none", {"economy.hardening": 0.0}),
            Level("as assumed", {"economy.hardening": 0.5}),
            Level("strong", {"economy.hardening": 1.5}),
        ),
    ),
    "rally": Factor(
        "Rally round the flag",
        (
            Level("none", {"approval.rally_size": 0.0, "influence.rally_hardens": 0.0}),
            Level("as assumed", {"approval.rally_size": 0.02, "influence.rally_hardens": 0.1}),
            Level("strong", {"approval.rally_size": 0.06, "influence.rally_hardens": 0.3}),
        ),
    ),
}
ENDS = [
    {key: {key: FACTORS[key].levels[place].label} for key in ("leverage", "hardening")}
    for place in (0, -1)
]


def _cells(_: Mapping[str, Factor]) -> list[Cell]:
    """Return leverage x hardening under the assumed rally, and their ends under the others."""
    middle = [
        {"leverage": lever.label, "hardening": hard.label, "rally": "as assumed"}
        for lever in FACTORS["leverage"].levels
        for hard in FACTORS["hardening"].levels
    ]
    corners = [
        {"rally": rally} | lever["leverage"] | hard["hardening"]
        for rally in ("none", "strong")
        for lever in ENDS
        for hard in ENDS
    ]
    return middle + corners


def _findings(contrasts: Contrasts) -> list[Finding]:
    usual, (none, strong) = {"rally": "as assumed"}, ENDS
    lever = change(usual | none["leverage"], usual | strong["leverage"])
    return [*_emergent(contrasts, lever), _built_in(contrasts, lever)]


def _emergent(contrasts: Contrasts, lever: Terms) -> list[Finding]:
    usual, (none, strong) = {"rally": "as assumed"}, ENDS
    harder = change(usual | none["hardening"], usual | strong["hardening"])
    both = change(
        usual | none["leverage"] | none["hardening"],
        usual | strong["leverage"] | strong["hardening"],
    )
    by_rally = interaction(
        none["leverage"], strong["leverage"], {"rally": "none"}, {"rally": "strong"}
    )
    return [
        contrasts.claim("Leverage brings more mini deals", "mini", lever, "rises"),
        contrasts.claim(
            "Hardening makes comprehensive deals rarer", "comprehensive", harder, "falls"
        ),
        contrasts.claim(
            "In the worlds that reach a deal either way, leverage brings the United States better "
            "terms",
            "terms_us",
            lever,
            "rises",
            matched=True,
        ),
        contrasts.claim(
            "Hardening costs the United States, averaged over worlds with and without a deal",
            "utility_us",
            harder,
            "falls",
        ),
        contrasts.claim(
            "A weak economy with both effects leads to fewer comprehensive deals",
            "comprehensive",
            both,
            "falls",
        ),
        contrasts.claim(
            "A rally round the flag weakens leverage, which then adds fewer deals",
            "deal",
            by_rally,
            "falls",
        ),
    ]


def _built_in(contrasts: Contrasts, lever: Terms) -> Finding:
    return contrasts.claim(
        "Leverage raises what a deal is worth to China",
        "terms_cn",
        lever,
        "rises",
        built_in=True,
        detail="Relief is worth the pain relieved, times 1 + leverage x weakness: "
        "Decider.pain_weight, agents/decider.py",
    )


EXPERIMENT = Experiment(
    name="weak_economy",
    title="Weak economy",
    question="Does a weak economy make China easier or harder to bargain with?",
    hypothesis=(
        "Weakness has two effects. Tariffs hurt more, so relief is worth more and a small deal "
        "comes sooner. But a government in a slump is less able to afford structural concessions, "
        "and finds it easier to blame foreigners."
    ),
    expected=(
        "Leverage brings mini deals, and hardening prevents comprehensive deals. A rally round "
        "the flag removes part of the leverage."
    ),
    sources=(
        "Putnam 1988, Diplomacy and Domestic Politics: The Logic of Two-Level Games",
        "Drezner 1999, The Sanctions Paradox",
        "Galtung 1967, On the Effects of International Economic Sanctions (the rally)",
        "Mueller 1970, Presidential Popularity from Truman to Johnson",
    ),
    scenario="february_2025",
    settings=FIRST_EDITION,
    factors=FACTORS,
    measures=(
        "deal",
        "mini",
        "comprehensive",
        "wholeness",
        "agreed_in_a_year",
        "terms_us",
        "terms_cn",
        "utility_us",
        "utility_cn",
        "truce",
        "peak_us",
        "income_cn",
    ),
    pictures=(
        Picture("mini", over="leverage", by="hardening", given=(("rally", "as assumed"),)),
        Picture("comprehensive", over="hardening", by="leverage", given=(("rally", "as assumed"),)),
        Picture("terms_us", over="leverage", by="hardening", given=(("rally", "as assumed"),)),
    ),
    findings=_findings,
    cells=_cells,
    caveats=(
        "China's weakness is .5 throughout (a slowing economy and a property slump). The effects "
        "are those of the two channels at this weakness, not of the slump itself.",
        "The more relief is worth to China, the more issues it gives for it: purchases and "
        "investment rise together, and what would have been a mini deal counts as comprehensive.",
        "A slowdown during the talks adds to leverage only: the cost of structural concessions is "
        "set at the start (state.py, _scale).",
    ),
)
