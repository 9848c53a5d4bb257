"""Experiment on compliance: which deals are kept, and what tolerance and truces do."""

from collections.abc import Mapping

from experiments.factorial.contrasts import Contrasts
from experiments.factorial.experiment import (
    FIRST_EDITION,
    Cell,
    Experiment,
    Factor,
    Level,
    Picture,
    one_by_one,
)
from experiments.factorial.findings import Finding


def _enforcement(label: str, lowest: float, highest: float) -> Level:
    return Level(label, {"enforcement.lowest": lowest, "enforcement.highest": highest})


def _one(name: str, levels: dict[str, float]) -> tuple[Level, ...]:
    return tuple(Level(label, {name: value}) for label, value in levels.items())


def _truces(label: str, scale: float, us: float, china: float) -> Level:
    rollback = {"sides.US.rollback": us, "sides.CN.rollback": china}
    return Level(label, {"truce.scale": scale} | rollback)


def _ratified(label: str, mode: str) -> Level:
    return Level(label, {"sides.US.ratification": mode, "sides.CN.ratification": mode})


FACTORS = {
    "enforcement": Factor(
        "Enforcement",
        (
            _enforcement("none", 0.0, 0.0),
            _enforcement("as demanded", 0.0, 1.0),
            _enforcement("full", 1.0, 1.0),
        ),
    ),
    "lag": Factor(
        "Weeks until shirking is detected", _one("compliance.lag", {"4": 4, "13": 13, "26": 26})
    ),
    "capacity": Factor(
        "Share of a purchase promise that can be delivered (median)",
        _one("compliance.capacity", {"50 %": 0.5, "70 %": 0.7, "all": 2.0}),
    ),
    "tolerance": Factor(
        "Arrears that the other side tolerates, in weeks of delivery",
        _one("compliance.tolerance", {"0": 0, "2": 2, "4": 4, "8": 8, "16": 16}),
    ),
    "truces": Factor(
        "Truces",
        (
            _truces("none", 0.0, 0.7, 0.8),
            _truces("without tariff cuts", 1.0, 0.0, 0.0),
            _truces("as assumed", 1.0, 0.7, 0.8),
            _truces("three times as likely", 3.0, 0.7, 0.8),
        ),
    ),
    "home": Factor(
        "Ratification", (_ratified("may fail", "pivot"), _ratified("certain", "certain"))
    ),
}
CENTRE: Cell = {
    "enforcement": "as demanded",
    "lag": "13",
    "capacity": "70 %",
    "tolerance": "4",
    "truces": "as assumed",
    "home": "may fail",
}


def _cells(_: Mapping[str, Factor]) -> list[Cell]:
    """Return the centre, cells that differ in one factor, and truces where no clock is reset."""
    return one_by_one(FACTORS, CENTRE) + [
        CENTRE | {"home": "certain", "truces": level} for level in ("none", "three times as likely")
    ]


def _others(*free: str) -> tuple[tuple[str, str], ...]:
    """Return the levels of the centre for all factors except these."""
    return tuple((key, level) for key, level in CENTRE.items() if key not in free)


def _step(factor: str, high: str, low: str, **also: str) -> list[tuple[float, Cell]]:
    """Return the contrast of two levels of a factor at the centre."""
    return [(1.0, CENTRE | also | {factor: high}), (-1.0, CENTRE | also | {factor: low})]


def _findings(contrasts: Contrasts) -> list[Finding]:
    return [*_deals(contrasts), *_postponed(contrasts)]


def _deals(contrasts: Contrasts) -> list[Finding]:
    """Return the findings on which deals are kept."""
    short = _step("capacity", "50 %", "all")
    enforced = _step("enforcement", "full", "none")
    held = {key: level for key, level in CENTRE.items() if key != "tolerance"}
    return [
        contrasts.claim(
            "Mini deals are broken more often if the promised purchases cannot be delivered",
            "broken_mini",
            short,
            "rises",
        ),
        contrasts.claim(
            "Comprehensive deals are not broken more often (within 3 points)",
            "broken_comprehensive",
            short,
            "unchanged",
            3.0,
        ),
        contrasts.interior(
            "An intermediate tolerance of arrears brings the most delivery",
            "delivered_cn",
            "tolerance",
            held,
        ),
        contrasts.claim("Full enforcement makes deals last", "broken", enforced, "falls"),
        contrasts.claim(
            "Full enforcement makes deals rarer, because it is costly to accept",
            "agreed",
            enforced,
            "falls",
        ),
        contrasts.claim(
            "The later shirking is detected, the less is delivered",
            "compliance",
            _step("lag", "26", "4"),
            "falls",
            built_in=True,
            detail="The stake is discounted by patience^lag: compliance.willingness",
        ),
        contrasts.claim(
            "With more tolerance, fewer deals are broken",
            "broken",
            _step("tolerance", "16", "0"),
            "falls",
            built_in=True,
            detail="Only arrears above the tolerance end a deal, and nobody shirks more because "
            "the other is patient: compliance.snap_back",
        ),
    ]


def _postponed(contrasts: Contrasts) -> list[Finding]:
    """Return the findings on truces: first deals only, before any broken deal resets the clock."""
    measure, many = "agreed_in_a_year", "three times as likely"
    return [
        contrasts.claim(
            "Truces postpone a first deal", measure, _step("truces", many, "none"), "falls"
        ),
        contrasts.claim(
            "Truces postpone a first deal if the clock of the talks is never reset (ratification "
            "is certain)",
            measure,
            _step("truces", many, "none", home="certain"),
            "falls",
            detail="A truce itself does not reset the clock: settlement._reset follows a failure "
            "at home or a broken deal, and if ratification is certain, neither comes before a "
            "first deal",
        ),
        contrasts.claim(
            "Truces postpone a first deal by lowering tariffs, not by the pause itself",
            measure,
            _step("truces", "as assumed", "without tariff cuts"),
            "falls",
        ),
    ]


EXPERIMENT = Experiment(
    name="kept_promises",
    title="Kept promises",
    question="Which deals are kept, how patient should a side be with arrears, and do truces "
    "postpone a deal?",
    hypothesis=(
        "A promise to buy more than can be delivered breaks a small deal that contains little "
        "else. Too little patience ends deals because of noise, too much invites shirking. A "
        "truce removes the pain that makes sides settle."
    ),
    expected=(
        "Shallow deals with large purchases fail because of limited capacity. An intermediate "
        "tolerance is best. Truces may postpone settlement."
    ),
    sources=(
        "Downs and Rocke 1995, Optimal Imperfection? Domestic Uncertainty and Institutions",
        "Downs, Rocke and Barsoom 1996, Is the Good News about Compliance Good News about "
        "Cooperation?",
        "Fearon 1998, Bargaining, Enforcement, and International Cooperation",
        "Zartman 2000, Ripeness: The Hurting Stalemate and Beyond",
        "Bown 2022, US-China Phase One Tracker",
    ),
    scenario="february_2025",
    settings=FIRST_EDITION,
    factors=FACTORS,
    measures=(
        "agreed",
        "agreed_in_a_year",
        "refused",
        "weeks_to_deal",
        "deal",
        "comprehensive",
        "mini",
        "broken",
        "broken_mini",
        "broken_comprehensive",
        "compliance",
        "delivered_us",
        "delivered_cn",
        "truces",
        "terms_us",
        "terms_cn",
        "utility_us",
        "utility_cn",
        "income_us",
        "income_cn",
    ),
    pictures=(
        Picture("broken_mini", over="capacity", given=_others("capacity")),
        Picture("delivered_cn", over="tolerance", given=_others("tolerance")),
        Picture("agreed_in_a_year", over="truces", by="home", given=_others("truces", "home")),
    ),
    findings=_findings,
    cells=_cells,
    caveats=(
        "Delivery counts only the last deal of a world. Deliveries under earlier deals are not "
        "counted.",
        "Willingness to deliver does not depend on the other side's tolerance, so patience is "
        "never abused: the cost of high tolerance that the literature expects is not in the "
        "model.",
        "Even if ratification is certain, leaders foresee a vote when they set their reservation "
        "value.",
        "Truces bring deals earlier here because of threats: without threats, truces change "
        "neither deals nor failures at home. Fewer failures at home are not the whole "
        "explanation: if threats are not believed, failures hardly differ and truces still bring "
        "deals. Without retaliation, about half of the effect remains. Which step of an "
        "escalation costs the deals is not settled.",
        "Certain ratification removes the vote as well as the reset, so the two claims differ by "
        "more than the clock.",
    ),
)
