"""Asks which deals are kept, how much arrears to put up with, and whether truces put deals off."""

from collections.abc import Mapping

from experiments.factorial.contrasts import Contrasts
from experiments.factorial.experiment import Cell, Experiment, Factor, Level, Picture, one_by_one
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
        "Weeks until shirking is seen", _one("compliance.lag", {"4": 4, "13": 13, "26": 26})
    ),
    "capacity": Factor(
        "Part of a promise to buy that can be delivered (median)",
        _one("compliance.capacity", {"50 %": 0.5, "70 %": 0.7, "all": 2.0}),
    ),
    "tolerance": Factor(
        "Arrears that the other side puts up with, in weeks of delivery",
        _one("compliance.tolerance", {"0": 0, "2": 2, "4": 4, "8": 8, "16": 16}),
    ),
    "truces": Factor(
        "Truces",
        (
            _truces("none", 0.0, 0.7, 0.8),
            _truces("that lower nothing", 1.0, 0.0, 0.0),
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
    """Return the centre, one step from it in each factor, and truces where no clock is reset."""
    return one_by_one(FACTORS, CENTRE) + [
        CENTRE | {"home": "certain", "truces": level} for level in ("none", "three times as likely")
    ]


def _others(*free: str) -> tuple[tuple[str, str], ...]:
    """Return the levels of the centre in all factors but these."""
    return tuple((key, level) for key, level in CENTRE.items() if key not in free)


def _step(factor: str, high: str, low: str, **also: str) -> list[tuple[float, Cell]]:
    """Return what going from one level of a factor to another does around the centre."""
    return [(1.0, CENTRE | also | {factor: high}), (-1.0, CENTRE | also | {factor: low})]


def _findings(contrasts: Contrasts) -> list[Finding]:
    return [*_deals(contrasts), *_postponed(contrasts)]


def _deals(contrasts: Contrasts) -> list[Finding]:
    """Return what is found on which deals are kept."""
    short = _step("capacity", "50 %", "all")
    enforced = _step("enforcement", "full", "none")
    held = {key: level for key, level in CENTRE.items() if key != "tolerance"}
    return [
        contrasts.claim(
            "Mini deals are broken more often if what they promise to buy cannot be delivered",
            "broken_mini",
            short,
            "rises",
        ),
        contrasts.claim(
            "Comprehensive deals are not (within 3 points)",
            "broken_comprehensive",
            short,
            "unchanged",
            3.0,
        ),
        contrasts.interior(
            "A middling tolerance of arrears brings most delivery",
            "delivered_cn",
            "tolerance",
            held,
        ),
        contrasts.claim("Full enforcement makes deals last", "broken", enforced, "falls"),
        contrasts.claim(
            "Full enforcement makes deals rarer, since it is dear to accept",
            "agreed",
            enforced,
            "falls",
        ),
        contrasts.claim(
            "The later shirking is seen, the less is delivered",
            "compliance",
            _step("lag", "26", "4"),
            "falls",
            built_in=True,
            detail="What is at stake is discounted by patience^lag: compliance.willingness",
        ),
        contrasts.claim(
            "More tolerance, fewer deals broken",
            "broken",
            _step("tolerance", "16", "0"),
            "falls",
            built_in=True,
            detail="Only arrears above the tolerance end a deal, and nobody shirks more because "
            "the other is patient: compliance.snap_back",
        ),
    ]


def _postponed(contrasts: Contrasts) -> list[Finding]:
    """Return what is found on truces: first deals only, before which no broken deal resets."""
    measure, many = "agreed_in_a_year", "three times as likely"
    return [
        contrasts.claim(
            "Truces postpone a first deal", measure, _step("truces", many, "none"), "falls"
        ),
        contrasts.claim(
            "They do so where the clock of the talks is never reset (ratification is certain)",
            measure,
            _step("truces", many, "none", home="certain"),
            "falls",
            detail="A truce itself resets no clock: settlement._reset follows a failure at home or "
            "a broken deal, and where ratification is certain neither precedes a first deal",
        ),
        contrasts.claim(
            "They postpone it by lowering tariffs, not by the quiet",
            measure,
            _step("truces", "as assumed", "that lower nothing"),
            "falls",
        ),
    ]


EXPERIMENT = Experiment(
    name="kept_promises",
    title="Kept promises",
    question="Which deals are kept, how patient should one be with arrears, and do truces put a "
    "deal off?",
    hypothesis=(
        "A promise to buy more than can be delivered breaks a small deal that consists of little "
        "else. Too little patience ends deals over noise, too much invites shirking. A truce takes "
        "away the pain that makes sides settle."
    ),
    expected=(
        "Shallow deals with large purchases fail by capacity; an intermediate tolerance is best; "
        "truces may postpone settlement."
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
        "Delivery is that of the last deal of a world; what an earlier one brought is not counted.",
        "Willingness to deliver does not look at the other's tolerance, so that patience is never "
        "abused: the cost of much tolerance that the literature expects is not in the model.",
        "Where ratification is certain leaders still foresee a vote when they set what they settle "
        "for.",
        "Truces hasten deals here because of threats: without any, truces change neither deals nor "
        "failures at home. Fewer failures at home are not the whole of it: where threats are not "
        "believed, failures hardly differ and truces still bring deals. Without retaliation about "
        "half of the effect is left. Which step of an escalation costs the deals is not settled.",
        "Certain ratification takes away the vote as well as the reset, so that the two rows of "
        "claims differ by more than the clock.",
    ),
)
