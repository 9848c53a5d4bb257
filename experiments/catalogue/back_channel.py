"""Experiment on back channels: whether go-betweens help two capitals reach a deal, and how."""

from collections.abc import Mapping

from experiments.factorial.contrasts import Contrasts
from experiments.factorial.experiment import FIRST_EDITION, Cell, Experiment, Factor, Level, Picture
from experiments.factorial.findings import Finding


def _information(label: str, bias: float, misalignment: float) -> Level:
    return Level(label, {"channels.bias": bias, "channels.misalignment": misalignment})


FACTORS = {
    "contact": Factor(
        "Contact: share of weeks without talks in which a contact brings a session",
        (Level("no", {"channels.contact_lift": 0.0}), Level("yes", {"channels.contact_lift": 0.2})),
    ),
    "information": Factor(
        "Information: bias of the go-between towards the listener",
        (
            _information("unbiased", 0.0, 0.08),
            _information("too little bias", 0.1, 0.08),
            _information("biased, distant views", 0.3, 0.30),
            _information("biased", 0.3, 0.08),
            _information("biased, same views", 0.3, 0.0),
        ),
    ),
    "deniability": Factor(
        "Deniability: chance that a session in a week of contact is secret",
        (Level("no", {"channels.deniable": 0.0}), Level("yes", {"channels.deniable": 0.5})),
    ),
    "exposure": Factor(
        "Exposure: weekly chance that a contact is discovered",
        (Level("no", {"channels.leak": 0.0}), Level("yes", {"channels.leak": 0.03})),
    ),
    "real": Factor(
        "Chance that the channel speaks for its leader",
        (
            Level("never", {"channels.real": 0.0}),
            Level("an even chance", {"channels.real": 0.5}),
            Level("always", {"channels.real": 1.0}),
        ),
    ),
}
NONE = {"contact": "no", "information": "unbiased", "deniability": "no", "exposure": "no"}
ALL = {"contact": "yes", "information": "biased", "deniability": "yes", "exposure": "yes"}
DOUBT = {"real": "an even chance"}


def _cells(_: Mapping[str, Factor]) -> list[Cell]:
    """Return no channel, each effect alone, all but one, all, and single kinds of go-between."""
    alone = [NONE | {key: ALL[key]} | DOUBT for key in ALL if key != "exposure"]
    alone.append(NONE | {"contact": "yes", "exposure": "yes"} | DOUBT)
    missing = [ALL | {key: NONE[key]} | DOUBT for key in ALL]
    kinds = [
        NONE | {"information": kind} | DOUBT
        for kind in ("too little bias", "biased, distant views", "biased, same views")
    ]
    told = [NONE | {"information": "biased", "real": real} for real in ("never", "always")]
    return [NONE | DOUBT, *alone, *missing, ALL | DOUBT, *kinds, *told]


def _more(effect: str) -> list[tuple[float, Cell]]:
    """Return the contrast of a channel with all effects to one without this effect."""
    return [(1.0, ALL | DOUBT), (-1.0, ALL | {effect: NONE[effect]} | DOUBT)]


def _alone(high: Cell, low: Cell | None = None) -> list[tuple[float, Cell]]:
    return [(1.0, NONE | DOUBT | high), (-1.0, NONE | DOUBT | (low or {}))]


def _told(contrasts: Contrasts) -> list[Finding]:
    """Return the findings on the whole channel and on information."""
    whole = [(1.0, ALL | DOUBT), (-1.0, NONE | DOUBT)]
    return [
        contrasts.claim(
            "A back channel brings more deals within a year", "agreed_in_a_year", whole, "rises"
        ),
        contrasts.claim(
            "The information that it carries brings more deals on its own",
            "agreed",
            _alone({"information": "biased"}),
            "rises",
        ),
        contrasts.claim(
            "A channel that speaks for its leader brings more deals than one that does not",
            "agreed",
            _alone(
                {"information": "biased", "real": "always"},
                {"information": "biased", "real": "never"},
            ),
            "rises",
        ),
        contrasts.claim(
            "Go-betweens who share the listener's views bring more deals than those with distant "
            "views",
            "agreed",
            _alone({"information": "biased, same views"}, {"information": "biased, distant views"}),
            "rises",
        ),
        contrasts.claim(
            "A back channel benefits the United States, averaged over worlds with and without a "
            "deal",
            "utility_us",
            whole,
            "rises",
        ),
    ]


def _hidden(contrasts: Contrasts) -> list[Finding]:
    """Return the findings on secrecy and exposure."""
    return [
        contrasts.claim("Secrecy brings more deals", "agreed", _more("deniability"), "rises"),
        contrasts.claim(
            "Exposure makes more packages fail at home", "refused", _more("exposure"), "rises"
        ),
        contrasts.claim(
            "Deals made in secret break more often",
            "broken",
            _more("deniability"),
            "rises",
            built_in=True,
            detail="A deniable deal raises the gain from shirking: Leader.deliver, "
            "compliance.deniable_loss",
        ),
        contrasts.claim(
            "A go-between with no bias or too little bias adds no information",
            "agreed",
            _alone({"information": "too little bias"}),
            "unchanged",
            0.5,
            built_in=True,
            detail="By rule, such a go-between is not believed: channels.believed (Kydd 2003)",
        ),
    ]


def _findings(contrasts: Contrasts) -> list[Finding]:
    return [*_told(contrasts), *_hidden(contrasts)]


EXPERIMENT = Experiment(
    name="back_channel",
    title="Back channel",
    question="Do go-betweens help two capitals reach a deal, and what do they contribute?",
    hypothesis=(
        "Private information prevents deals between sides that could agree. A go-between helps "
        "through information, if it is biased enough towards the listener to be believed; through "
        "contact when nobody else talks; and through secrecy, which spares the leaders an "
        "audience but binds them less."
    ),
    expected=(
        "Unbiased go-betweens add no information, moderately biased ones do. Contact and secrecy "
        "bring deals, and secret deals break more often. Exposure makes ratification harder."
    ),
    sources=(
        "Kydd 2003, Which Side Are You On? Bias, Credibility, and Mediation",
        "Crawford and Sobel 1982, Strategic Information Transmission",
        "Wanis-St. John 2006, Back-Channel Negotiation: International Bargaining in the Shadows",
        "Stasavage 2004, Open-Door or Closed-Door? Transparency in Domestic and International "
        "Bargaining",
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
    ),
    pictures=(
        Picture(
            "agreed",
            over="information",
            given=(("contact", "no"), ("deniability", "no"), *DOUBT.items()),
        ),
        Picture("agreed", over="real", given=(("information", "biased"), ("contact", "no"))),
        Picture(
            "broken",
            over="deniability",
            given=tuple((key, level) for key, level in ALL.items() if key != "deniability"),
        ),
    ),
    findings=_findings,
    cells=_cells,
    caveats=(
        "A possible reason why information costs deals: a side learns from refusals that the "
        "other may hold out for more, and so asks for less. A believed message prevents this. "
        "This was tested in one run with 200 worlds per cell: if nobody learns, the loss shrinks "
        "from 4 points to 1, which is not clearly different from zero.",
        "A channel that speaks for nobody is believed as much as one that speaks for its leader, "
        "because nobody can distinguish them.",
        "A go-between whose views are so distant that only one message survives (Crawford and "
        "Sobel 1982) still narrows a belief in this model, like a signal with noise as large as "
        "the prior.",
    ),
)
