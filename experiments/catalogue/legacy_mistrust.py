"""Experiment on mistrust: whether broken promises prevent large deals, but not small ones."""

from collections.abc import Mapping

from experiments.factorial.contrasts import Contrasts, Terms
from experiments.factorial.experiment import FIRST_EDITION, Cell, Experiment, Factor, Level, Picture
from experiments.factorial.findings import Finding


def _record(label: str, china: float, america: float) -> Level:
    """Return a level of the share of promises that each side remembers the other to have kept."""
    return Level(label, {"sides.US.record_kept": china, "sides.CN.record_kept": america})


def _weight(label: str, china: float, america: float) -> Level:
    """Return a level of the number of observations that this memory counts as."""
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
        "Weight of this record (observations)",
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
        "Patience (per week)",
        (_patience(".97", 0.97), _patience(".99", 0.99), _patience(".998", 0.998)),
    ),
}
BROKEN, REMEMBERED, KEPT = (level.label for level in FACTORS["record"].levels)
NO_WEIGHT, ASSUMED, HEAVY = (level.label for level in FACTORS["weight"].levels)
WEAK, DEMANDED, STRONG = (level.label for level in FACTORS["enforcement"].levels)
USUAL = {"enforcement": DEMANDED, "patience": ".99"}


def _cells(_: Mapping[str, Factor]) -> list[Cell]:
    """Return record x weight, and the ends of enforcement and patience under a heavy record."""
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
    """Return the contrast of the effect of a broken record between two levels of a factor."""
    return [
        (sign * end, {"record": record, "weight": HEAVY} | USUAL | {factor: level})
        for sign, level in ((1.0, high), (-1.0, low))
        for end, record in ((1.0, BROKEN), (-1.0, KEPT))
    ]


def _findings(contrasts: Contrasts) -> list[Finding]:
    heavy = [(s, {"record": r, "weight": HEAVY} | USUAL) for s, r in ((1.0, BROKEN), (-1.0, KEPT))]
    return [*_of_the_record(contrasts, heavy), *_of_remedies(contrasts, heavy)]


def _of_the_record(contrasts: Contrasts, heavy: Terms) -> list[Finding]:
    legacy = [(1.0, {"record": REMEMBERED, "weight": HEAVY} | USUAL)]
    legacy.append((-1.0, {"record": REMEMBERED, "weight": NO_WEIGHT} | USUAL))
    return [
        contrasts.claim(
            "A record of broken promises makes comprehensive deals rarer",
            "comprehensive",
            heavy,
            "falls",
        ),
        contrasts.claim(
            "A record of broken promises leaves mini deals unchanged (within 3 points)",
            "mini",
            heavy,
            "unchanged",
            3.0,
        ),
        contrasts.claim(
            "After broken promises, a smaller share of the deals is comprehensive",
            "wholeness",
            heavy,
            "falls",
        ),
        contrasts.claim(
            "The record as remembered already makes comprehensive deals rarer if its weight is "
            "heavy",
            "comprehensive",
            legacy,
            "falls",
        ),
        contrasts.claim(
            "After a record of broken promises, deals break more often", "broken", heavy, "rises"
        ),
        contrasts.claim(
            "A record of broken promises costs the United States, averaged over worlds with and "
            "without a deal",
            "utility_us",
            heavy,
            "falls",
        ),
    ]


def _of_remedies(contrasts: Contrasts, heavy: Terms) -> list[Finding]:
    return [
        contrasts.claim(
            "Strong enforcement protects comprehensive deals from a record of broken promises",
            "comprehensive",
            _by("enforcement", STRONG, WEAK),
            "rises",
            detail="By rule, enforcement makes up for missing delivery (bargaining.delivered). "
            "That deals are made does not follow from this, because enforcement has a cost of its "
            "own",
        ),
        contrasts.claim(
            "Patience protects comprehensive deals from a record of broken promises",
            "comprehensive",
            _by("patience", ".998", ".97"),
            "rises",
        ),
        contrasts.claim(
            "After a record of broken promises, deals contain more enforcement",
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
    question="Do broken promises of the past prevent large deals, but not small ones?",
    hypothesis=(
        "A promise that is delivered long after signing is worth only as much as it is believed. "
        "Large deals consist of such promises, small deals of tariffs that fall on the day of "
        "signing."
    ),
    expected=(
        "Mistrust prevents comprehensive deals, but not mini deals. Enforcement and patience make "
        "up for part of this."
    ),
    sources=(
        "Kydd 2000, Trust, Reassurance, and Cooperation",
        "Josang and Ismail 2002, The Beta Reputation System",
        "Fearon 1998, Bargaining, Enforcement, and International Cooperation",
        "Bown 2022, US-China Phase One Tracker (57 % of the purchases were made)",
    ),
    scenario="february_2025",
    settings=FIRST_EDITION,
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
        "The records of both sides change together. The record of the United States is an "
        "assumption.",
        "After a record of broken promises, sides ask for more enforcement, under which deals "
        "last. With enforcement fixed at .9, the sign reverses in a run with 200 worlds per cell, "
        "but barely, and the interval excludes zero in one of nine contexts. Which deals are made "
        "at all differs too.",
        "Protection is measured in points: if few deals are made at all, few can be lost.",
        "Patience affects whether promises are kept, not the talks: the clock of the talks counts "
        "sessions.",
    ),
)
