"""Asks whether broken promises of the past stand in the way of large deals and not of small."""

from collections.abc import Mapping

from experiments.factorial.contrasts import Contrasts
from experiments.factorial.experiment import Cell, Experiment, Factor, Level, Picture
from experiments.factorial.findings import Finding


def _record(label: str, china: float, america: float) -> Level:
    """Return a level of what each side remembers that the other kept of its promises."""
    return Level(label, {"sides.US.record_kept": china, "sides.CN.record_kept": america})


def _weight(label: str, china: float, america: float) -> Level:
    """Return a level of how many observations that memory weighs."""
    names = ("sides.US.record_observations", "sides.CN.record_observations")
    return Level(label, dict(zip(names, (china, america), strict=True)))


def _patience(label: str, value: float) -> Level:
    return Level(label, {"sides.US.patience": value, "sides.CN.patience": value})


def _enforcement(label: str, lowest: float, highest: float) -> Level:
    return Level(label, {"enforcement.lowest": lowest, "enforcement.highest": highest})


FACTORS = {
    "record": Factor(
        "Past promises kept (by China, by the United States)",
        (
            _record("broken (20 %)", 0.20, 0.20),
            _record("as remembered (57 %, 50 %)", 0.57, 0.50),
            _record("kept (90 %)", 0.90, 0.90),
        ),
    ),
    "weight": Factor(
        "Weight of that record (observations)",
        (
            _weight("none", 0, 0),
            _weight("as assumed (10, 5)", 10, 5),
            _weight("heavy (50)", 50, 50),
        ),
    ),
    "enforcement": Factor(
        "Enforcement",
        (
            _enforcement("weak (.1)", 0.1, 0.1),
            _enforcement("as demanded", 0.0, 1.0),
            _enforcement("strong (.9)", 0.9, 0.9),
        ),
    ),
    "patience": Factor(
        "Patience, a week",
        (_patience(".97", 0.97), _patience(".99", 0.99), _patience(".998", 0.998)),
    ),
}
BROKEN, REMEMBERED, KEPT = (level.label for level in FACTORS["record"].levels)
NO_WEIGHT, ASSUMED, HEAVY = (level.label for level in FACTORS["weight"].levels)
WEAK, DEMANDED, STRONG = (level.label for level in FACTORS["enforcement"].levels)
USUAL = {"enforcement": DEMANDED, "patience": ".99"}


def _cells(_: Mapping[str, Factor]) -> list[Cell]:
    """Return record x weight; and under a heavy record the ends of enforcement and patience."""
    contrasts = [{"record": REMEMBERED, "weight": NO_WEIGHT} | USUAL]
    contrasts += [
        {"record": record, "weight": weight} | USUAL
        for weight in (ASSUMED, HEAVY)
        for record in (BROKEN, REMEMBERED, KEPT)
    ]
    others = [{"enforcement": WEAK}, {"enforcement": STRONG}, {"patience": ".97"}]
    others.append({"patience": ".998"})
    return contrasts + [
        {"record": record, "weight": HEAVY} | USUAL | other
        for other in others
        for record in (BROKEN, KEPT)
    ]


def _by(factor: str, high: str, low: str) -> list[tuple[float, Cell]]:
    """Return how the effect of a broken record differs between two levels of another factor."""
    return [
        (sign * end, {"record": record, "weight": HEAVY} | USUAL | {factor: level})
        for sign, level in ((1.0, high), (-1.0, low))
        for end, record in ((1.0, BROKEN), (-1.0, KEPT))
    ]


def _findings(contrasts: Contrasts) -> list[Finding]:
    heavy = [(s, {"record": r, "weight": HEAVY} | USUAL) for s, r in ((1.0, BROKEN), (-1.0, KEPT))]
    legacy = [(1.0, {"record": REMEMBERED, "weight": HEAVY} | USUAL)]
    legacy.append((-1.0, {"record": REMEMBERED, "weight": NO_WEIGHT} | USUAL))
    return [
        contrasts.claim(
            "A broken record kills comprehensive deals", "comprehensive", heavy, "falls"
        ),
        contrasts.claim(
            "It leaves mini deals as they are (within 3 points)", "mini", heavy, "unchanged", 3.0
        ),
        contrasts.claim("Fewer of the deals are comprehensive", "wholeness", heavy, "falls"),
        contrasts.claim(
            "The record as it is, if it weighs heavily, already costs comprehensive deals",
            "comprehensive",
            legacy,
            "falls",
        ),
        contrasts.claim("Deals last less after a broken record", "broken", heavy, "rises"),
        contrasts.claim(
            "A broken record costs the United States, deal or no deal", "utility_us", heavy, "falls"
        ),
        contrasts.claim(
            "Strong enforcement shields comprehensive deals from a broken record",
            "comprehensive",
            _by("enforcement", STRONG, WEAK),
            "rises",
            detail="Enforcement makes up for missing delivery by rule (bargaining.delivered); that "
            "deals are made is more, since enforcement has a cost of its own",
        ),
        contrasts.claim(
            "Patience shields comprehensive deals from a broken record",
            "comprehensive",
            _by("patience", ".998", ".97"),
            "rises",
        ),
        contrasts.claim(
            "After a broken record deals carry more enforcement",
            "enforcement",
            heavy,
            "rises",
            built_in=True,
            detail="Mistrust raises the demand for enforcement: opinions.mood",
        ),
    ]


EXPERIMENT = Experiment(
    name="legacy_mistrust",
    title="Legacy of mistrust",
    question="Do broken promises of the past kill a large deal, but not a small one?",
    hypothesis=(
        "What is delivered long after signing is worth only as much as the promise is believed. "
        "Large deals are made of such promises, small ones of tariffs that fall on the day."
    ),
    expected=(
        "Mistrust kills comprehensive deals, not mini deals; enforcement and patience make up for "
        "part of it."
    ),
    sources=(
        "Kydd 2000, Trust, Reassurance, and Cooperation",
        "Josang and Ismail 2002, The Beta Reputation System",
        "Fearon 1998, Bargaining, Enforcement, and International Cooperation",
        "Bown 2022, US-China Phase One Tracker (57 % of the purchases were made)",
    ),
    scenario="february_2025",
    factors=FACTORS,
    measures=(
        "comprehensive",
        "mini",
        "deal",
        "wholeness",
        "broken",
        "weeks_to_deal",
        "enforcement",
        "compliance",
        "terms_us",
        "terms_cn",
        "utility_us",
        "utility_cn",
        "trust_us",
        "trust_cn",
    ),
    pictures=(
        Picture("comprehensive", over="record", by="weight", given=tuple(USUAL.items())),
        Picture("mini", over="record", by="weight", given=tuple(USUAL.items())),
        Picture(
            "comprehensive",
            over="record",
            by="enforcement",
            given=(("weight", HEAVY), ("patience", ".99")),
        ),
    ),
    findings=_findings,
    cells=_cells,
    caveats=(
        "Both sides' records are changed together; that of the United States is an assumption.",
        "A broken record makes sides ask for more enforcement, under which deals last; with "
        "enforcement held at .9 the sign turns in a run of 200 worlds a cell, but barely, and is "
        "clear of zero in one context of nine. Which deals are made at all differs too.",
        "Shielding is measured in points: where few deals are made at all, few can be lost.",
        "Patience acts on whether promises are kept, not on the talks: their clock is counted in "
        "sessions.",
    ),
)
