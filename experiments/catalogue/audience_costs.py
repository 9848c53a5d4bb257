"""Experiment on audience costs: a leader who backs down from a threat pays for it at home."""

from collections.abc import Mapping

from experiments.factorial.contrasts import Contrasts, change, interaction
from experiments.factorial.experiment import FIRST_EDITION, Cell, Experiment, Factor, Level, Picture
from experiments.factorial.findings import Finding


def _cost(side: str, label: str, points: float) -> Level:
    return Level(label, {f"sides.{side}.audience_cost": points})


FACTORS = {
    "us": Factor(
        "Audience cost in the United States (points)",
        (
            _cost("US", "none", 0.0),
            _cost("US", ".05, as assumed", 0.05),
            _cost("US", ".2", 0.2),
        ),
    ),
    "cn": Factor(
        "Audience cost in China (points)",
        (_cost("CN", "none", 0.0), _cost("CN", ".2", 0.2)),
    ),
    "clarity": Factor(
        "Clarity of threats",
        (
            Level("vague", {"coercion.postponement": 0.8, "coercion.fuse_spread": 1.0}),
            Level("explicit", {"coercion.postponement": 0.0, "coercion.fuse_spread": 0.0}),
        ),
    ),
    "excuse": Factor(
        "Share of the cost that a good reason removes",
        (
            Level("none", {"coercion.justification": 0.0}),
            Level(".8", {"coercion.justification": 0.8}),
        ),
    ),
}
PLAIN, EXCUSED = {"excuse": "none"}, {"excuse": ".8"}
VAGUE, EXPLICIT = {"clarity": "vague"}, {"clarity": "explicit"}
NEITHER, BOTH = {"us": "none", "cn": "none"} | PLAIN, {"us": ".2", "cn": ".2"} | PLAIN
ONLY_US, ONLY_CN = {"us": ".2", "cn": "none"} | PLAIN, {"us": "none", "cn": ".2"} | PLAIN


def _cells(factors: Mapping[str, Factor]) -> list[Cell]:
    """Return all costs without an excuse, and costs on both sides with one, for both clarities.

    Without a cost, there is nothing that a good reason could reduce.
    """
    costs = [
        {"us": us.label, "cn": cn.label} | PLAIN
        for us in factors["us"].levels
        for cn in factors["cn"].levels
    ]
    costs.append(BOTH | EXCUSED)
    return [cost | clarity for cost in costs for clarity in (VAGUE, EXPLICIT)]


def _findings(contrasts: Contrasts) -> list[Finding]:
    return _emergent(contrasts) + _built_in(contrasts)


def _emergent(contrasts: Contrasts) -> list[Finding]:
    return [
        contrasts.claim(
            "If both sides pay for backing down, peak tariffs are higher",
            "peak_us",
            change(NEITHER, BOTH),
            "rises",
        ),
        contrasts.claim(
            "If both sides pay for backing down, both are locked in: deals are rarer",
            "deal",
            change(NEITHER, BOTH),
            "falls",
        ),
        contrasts.claim(
            "In the worlds that reach a deal either way, a cost in the United States alone brings "
            "it better terms",
            "terms_us",
            change(NEITHER, ONLY_US),
            "rises",
            matched=True,
        ),
        contrasts.claim(
            "A leader who would pay for a bluff makes fewer threats",
            "threats_us",
            change(NEITHER, ONLY_US),
            "falls",
        ),
        contrasts.claim(
            "Two such leaders raise the peak tariff by more than the sum of their separate effects",
            "peak_us",
            interaction({"us": "none"}, {"us": ".2"}, {"cn": "none"} | PLAIN, {"cn": ".2"} | PLAIN),
            "rises",
        ),
        contrasts.claim(
            "The cost raises the share of threats carried out more for explicit threats than for "
            "vague ones",
            "carried_out_us",
            interaction(NEITHER, ONLY_US, VAGUE, EXPLICIT),
            "rises",
        ),
    ]


def _built_in(contrasts: Contrasts) -> list[Finding]:
    return [
        contrasts.monotone(
            "The higher the cost, the larger the share of its threats that a side carries out",
            "carried_out_us",
            "us",
            PLAIN,
            "rises",
            built_in=True,
            why="The cost adds to the worth of carrying out a threat (coercion.execution_worth)",
        ),
        contrasts.claim(
            "Leaders with a good reason to back down carry out a smaller share of their threats",
            "carried_out_us",
            change(BOTH, BOTH | EXCUSED),
            "falls",
            built_in=True,
            detail="This cannot happen: a good reason reduces the approval lost (threats.decide), "
            "but not the cost that the leader foresees (Leader.execution_chance)",
        ),
    ]


EXPERIMENT = Experiment(
    name="audience_costs",
    title="Audience costs",
    question="What happens if voters or elites punish a leader who makes a threat and then backs "
    "down?",
    hypothesis=(
        "A leader who pays for backing down carries out more threats, is believed more and gets "
        "better terms. If both leaders pay, both are locked in. Vague threats leave a way out, "
        "and so does a good reason."
    ),
    expected=(
        "The share of threats carried out, peak tariffs and lock-in rise with the cost, above all "
        "if both sides bear it and threats are explicit. Fewer threats are made in the first "
        "place."
    ),
    sources=(
        "Fearon 1994, Domestic Political Audiences and the Escalation of International Disputes",
        "Schultz 2001, Democracy and Coercive Diplomacy",
        "Tomz 2007, Domestic Audience Costs in International Relations",
        "Snyder and Borghard 2011, The Cost of Empty Threats: A Penny, Not a Pound",
        "Levendusky and Horowitz 2012, When Backing Down Is the Right Decision",
    ),
    scenario="february_2025",
    settings=FIRST_EDITION,
    factors=FACTORS,
    measures=(
        "carried_out_us",
        "carried_out_cn",
        "threats_us",
        "threats_cn",
        "peak_us",
        "deal",
        "terms_us",
        "terms_cn",
        "utility_us",
        "utility_cn",
        "approval_us",
    ),
    pictures=(
        Picture("carried_out_us", over="us", by="clarity", given=(("excuse", "none"),)),
        Picture("peak_us", over="us", by="cn", panel="clarity", given=(("excuse", "none"),)),
        Picture("deal", over="us", by="cn", panel="clarity", given=(("excuse", "none"),)),
        Picture("approval_us", over="excuse", by="clarity", given=(("us", ".2"), ("cn", ".2"))),
    ),
    findings=_findings,
    cells=_cells,
    caveats=(
        "An explicit threat is due on the day that was named. A vague threat is due at a date "
        "that may be far off, and it may be postponed. Backing down costs the same at home for "
        "both kinds.",
        "The tariff of 4 February 2025 counts as a threat made and carried out in every world. "
        "Threats that end with a truce or a deal count as not carried out.",
        "Approval affects nothing else in the model, so the approval lost by backing down deters "
        "nobody.",
    ),
)
