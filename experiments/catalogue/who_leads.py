"""Experiment on personnel: who should lead the US talks, and whom the president should hear."""

from collections.abc import Mapping

from experiments.factorial.contrasts import Contrasts
from experiments.factorial.experiment import FIRST_EDITION, Cell, Experiment, Factor, Level, Picture
from experiments.factorial.findings import Finding


def _lead(label: str, lead: str, rate: float, lift: float, deniable: float) -> Level:
    """Return a level of who leads. With a rate of 0, only go-betweens bring the sides together."""
    channel = {"channels.contact_lift": lift, "channels.deniable": deniable, "talks.rate": rate}
    return Level(label, {"sides.US.lead": lead} | channel)


def _heard(label: str, firm: float, even: float, soft: float, minister: float) -> Level:
    """Return a level of edge weights: advisers to the leader, Bessent to Lutnick (`minister`)."""
    edges = {
        "peter_navarro>donald_trump": firm,
        "howard_lutnick>donald_trump": firm,
        "jamieson_greer>donald_trump": even,
        "michael_pillsbury>donald_trump": even,
        "scott_bessent>donald_trump": soft,
        "elon_musk>donald_trump": soft,
        "scott_bessent>howard_lutnick": minister,
    }
    return Level(label, {f"edges.{edge}.weight": weight for edge, weight in edges.items()})


FIRMNESS = "actors.scott_bessent.firmness"
FACTORS = {
    "lead": Factor(
        "Who leads the talks for the United States",
        (
            _lead("the leader", "", 0.25, 0.2, 0.5),
            _lead("Bessent", "scott_bessent", 0.25, 0.2, 0.5),
            _lead("Lutnick", "howard_lutnick", 0.25, 0.2, 0.5),
            _lead("Pillsbury", "michael_pillsbury", 0.25, 0.2, 0.5),
            # One of three channels is in contact in 49 % of the weeks: as many sessions as usual.
            _lead("back channel", "", 0.0, 0.62, 1.0),
        ),
    ),
    "network": Factor(
        "Which advisers the president hears",
        (
            Level("hub: as in early 2025", {}),
            _heard("multiple advocacy: equal weights", 0.5, 0.5, 0.5, 0.0),
            _heard("clique of hawks", 0.8, 0.0, 0.0, 0.0),
            _heard("clique of doves", 0.0, 0.0, 0.8, 0.0),
        ),
    ),
    "firmness": Factor(
        "Firmness of Bessent",
        tuple(
            Level(label, {FIRMNESS: value})
            for label, value in {".1": 0.1, ".25": 0.25, ".4": 0.4, ".6": 0.6, ".95": 0.95}.items()
        ),
    ),
}
HUB, ADVOCACY, HAWKS, DOVES = (level.label for level in FACTORS["network"].levels)
USUAL = {"network": HUB, "firmness": ".4"}


def _cells(_: Mapping[str, Factor]) -> list[Cell]:
    """Return each lead in the hub, three in each other network, and Bessent of each firmness."""
    leads = [{"lead": level.label} | USUAL for level in FACTORS["lead"].levels]
    networks = [
        {"lead": lead} | USUAL | {"network": network}
        for network in (ADVOCACY, HAWKS, DOVES)
        for lead in ("the leader", "Bessent", "Lutnick")
    ]
    firm = [
        {"lead": "Bessent"} | USUAL | {"firmness": level.label}
        for level in FACTORS["firmness"].levels
        if level.label != USUAL["firmness"]
    ]
    return leads + networks + firm


def _change(factor: str, high: str, low: str) -> list[tuple[float, Cell]]:
    """Return the contrast of two levels of a factor, with Bessent as lead in the hub."""
    usual = {"lead": "Bessent"} | USUAL
    return [(1.0, usual | {factor: high}), (-1.0, usual | {factor: low})]


HAWKS_ALONE = [(1.0, {"network": HAWKS}), (-1.0, {"network": ADVOCACY})]


def _findings(contrasts: Contrasts) -> list[Finding]:
    return [*_emergent(contrasts), _built_in(contrasts)]


def _emergent(contrasts: Contrasts) -> list[Finding]:
    bessent, hawks = {"lead": "Bessent", "network": HUB}, HAWKS_ALONE
    hawk_leads = _change("lead", "Lutnick", "Bessent")
    quiet = _change("lead", "back channel", "the leader")
    firm = _change("firmness", ".95", ".1")
    return [
        contrasts.interior(
            "A lead adviser of intermediate firmness brings the United States the most, averaged "
            "over worlds with and without a deal",
            "utility_us",
            "firmness",
            bessent,
        ),
        contrasts.claim(
            "In the worlds that reach a deal either way, a firmer lead adviser brings better terms",
            "terms_us",
            firm,
            "rises",
            matched=True,
        ),
        contrasts.claim("A firmer lead adviser makes fewer deals", "agreed", firm, "falls"),
        contrasts.claim(
            "A hawk's packages fail less often at home (Lutnick compared with Bessent)",
            "refused",
            hawk_leads,
            "falls",
        ),
        contrasts.claim(
            "The packages of a president who hears only hawks fail less often at home",
            "refused",
            hawks,
            "falls",
        ),
        contrasts.claim(
            "China has less trust in a president who hears only hawks", "trust_cn", hawks, "falls"
        ),
        contrasts.claim(
            "Multiple advocacy serves the United States better than a clique of hawks",
            "utility_us",
            hawks,
            "falls",
        ),
        contrasts.claim(
            "Talks through a back channel alone make more deals", "agreed", quiet, "rises"
        ),
    ]


def _built_in(contrasts: Contrasts) -> Finding:
    return contrasts.claim(
        "A president who hears only hawks carries out more threats",
        "executed_us",
        HAWKS_ALONE,
        "rises",
        built_in=True,
        detail="The taste for escalation raises the hazard of threats and of their execution: "
        "Leader.threat_chance, Leader.execution_chance",
    )


EXPERIMENT = Experiment(
    name="who_leads",
    title="Who leads",
    question="Who should lead the talks for the United States, and which advisers should the "
    "president hear?",
    hypothesis=(
        "A soft lead adviser gives away too much, and a hard one lets the deal fail. A hawk can "
        "sell at home what a dove cannot, but is trusted less abroad. Advisers who differ and are "
        "all heard serve a president better than a circle of people who think alike."
    ),
    expected=(
        "An interior optimum of firmness. Hawks get packages ratified more easily and are trusted "
        "less. Multiple advocacy works better than a clique. A back channel makes deals more "
        "likely."
    ),
    sources=(
        "Mattes and Weeks 2019, Hawks, Doves, and Peace: An Experimental Approach",
        "George 1972, The Case for Multiple Advocacy in Making Foreign Policy",
        "Janis 1972, Victims of Groupthink",
        "Friedkin and Johnsen 1990, Social Influence and Opinions",
        "Schelling 1960, The Strategy of Conflict (to send somebody who cannot concede)",
    ),
    scenario="february_2025",
    settings=FIRST_EDITION,
    factors=FACTORS,
    measures=(
        "agreed",
        "agreed_in_a_year",
        "weeks_to_deal",
        "deal",
        "comprehensive",
        "refused",
        "broken",
        "terms_us",
        "terms_cn",
        "utility_us",
        "utility_cn",
        "executed_us",
        "peak_us",
        "trust_cn",
    ),
    pictures=(
        Picture("utility_us", over="firmness", given=(("lead", "Bessent"), ("network", HUB))),
        Picture("agreed", over="lead", given=tuple(USUAL.items())),
        Picture("utility_us", over="network", by="lead", given=(("firmness", ".4"),)),
    ),
    findings=_findings,
    cells=_cells,
    caveats=(
        "Advisers differ in access too: those with less access meet less often (talks.meeting), "
        "so Lutnick and Pillsbury do not differ from Bessent in firmness alone.",
        "The lead adviser's firmness counts at the table below the leaders. Ratification and "
        "threats depend on the leader's own opinions, which advisers reach through the influence "
        "graph. By rule, firmness affects when a side concedes, not what it settles for in the "
        "end. This may be why the person matters little, but it was not tested.",
        "A clique is defined by who is heard at all. Advisers do not hear the president, so "
        "conformity within a circle (groupthink) is not modelled.",
        "Persons are stylised from public statements.",
    ),
)
