"""Asks whether go-betweens help two capitals to a deal, and what it is that they carry."""

from collections.abc import Mapping

from experiments.factorial.contrasts import Contrasts
from experiments.factorial.experiment import Cell, Experiment, Factor, Level, Picture
from experiments.factorial.findings import Finding


def _information(label: str, bias: float, misalignment: float) -> Level:
    return Level(label, {"channels.bias": bias, "channels.misalignment": misalignment})


FACTORS = {
    "contact": Factor(
        "Contact: part of the silent weeks that a contact turns into a session",
        (Level("no", {"channels.contact_lift": 0.0}), Level("yes", {"channels.contact_lift": 0.2})),
    ),
    "information": Factor(
        "Information: how the go-between leans to its listener",
        (
            _information("unbiased", 0.0, 0.08),
            _information("leans too little", 0.1, 0.08),
            _information("leans, far apart", 0.3, 0.30),
            _information("leans", 0.3, 0.08),
            _information("leans, of one mind", 0.3, 0.0),
        ),
    ),
    "deniability": Factor(
        "Deniability: chance that a session in a week of contact is secret",
        (Level("no", {"channels.deniable": 0.0}), Level("yes", {"channels.deniable": 0.5})),
    ),
    "exposure": Factor(
        "Exposure: chance a week that a contact is found out",
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
ALL = {"contact": "yes", "information": "leans", "deniability": "yes", "exposure": "yes"}
DOUBT = {"real": "an even chance"}


def _cells(_: Mapping[str, Factor]) -> list[Cell]:
    """Return no channel, each effect alone, each missing, all; kinds of go-between, alone."""
    alone = [NONE | {key: ALL[key]} | DOUBT for key in ALL if key != "exposure"]
    alone.append(NONE | {"contact": "yes", "exposure": "yes"} | DOUBT)
    missing = [ALL | {key: NONE[key]} | DOUBT for key in ALL]
    kinds = [
        NONE | {"information": kind} | DOUBT
        for kind in ("leans too little", "leans, far apart", "leans, of one mind")
    ]
    told = [NONE | {"information": "leans", "real": real} for real in ("never", "always")]
    return [NONE | DOUBT, *alone, *missing, ALL | DOUBT, *kinds, *told]


def _more(effect: str) -> list[tuple[float, Cell]]:
    """Return what one effect adds to a channel that has all the others."""
    return [(1.0, ALL | DOUBT), (-1.0, ALL | {effect: NONE[effect]} | DOUBT)]


def _alone(high: Cell, low: Cell | None = None) -> list[tuple[float, Cell]]:
    return [(1.0, NONE | DOUBT | high), (-1.0, NONE | DOUBT | (low or {}))]


def _told(contrasts: Contrasts) -> list[Finding]:
    """Return what contact and what is told do."""
    whole = [(1.0, ALL | DOUBT), (-1.0, NONE | DOUBT)]
    return [
        contrasts.claim(
            "A back channel brings more deals in a year", "agreed_in_a_year", whole, "rises"
        ),
        contrasts.claim(
            "What it carries, by itself, brings more deals",
            "agreed",
            _alone({"information": "leans"}),
            "rises",
        ),
        contrasts.claim(
            "A channel that speaks for its leader brings more deals than one that does not",
            "agreed",
            _alone(
                {"information": "leans", "real": "always"},
                {"information": "leans", "real": "never"},
            ),
            "rises",
        ),
        contrasts.claim(
            "Go-betweens of one mind with the listener bring more deals than those far apart",
            "agreed",
            _alone({"information": "leans, of one mind"}, {"information": "leans, far apart"}),
            "rises",
        ),
        contrasts.claim(
            "A back channel is worth having for the United States, deal or no deal",
            "utility_us",
            whole,
            "rises",
        ),
    ]


def _hidden(contrasts: Contrasts) -> list[Finding]:
    """Return what secrecy does, and what it costs to be found out."""
    return [
        contrasts.claim("Secrecy brings more deals", "agreed", _more("deniability"), "rises"),
        contrasts.claim(
            "Being found out makes packages fail at home", "refused", _more("exposure"), "rises"
        ),
        contrasts.claim(
            "Deals made in secret last less",
            "broken",
            _more("deniability"),
            "rises",
            built_in=True,
            detail="A deniable deal adds to the gain from shirking: Leader.deliver, "
            "compliance.deniable_loss",
        ),
        contrasts.claim(
            "An unbiased go-between, or one that leans too little, adds no information",
            "agreed",
            _alone({"information": "leans too little"}),
            "unchanged",
            0.5,
            built_in=True,
            detail="It is not believed, by rule: channels.believed (Kydd 2003)",
        ),
    ]


def _findings(contrasts: Contrasts) -> list[Finding]:
    return [*_told(contrasts), *_hidden(contrasts)]


EXPERIMENT = Experiment(
    name="back_channel",
    title="Back channel",
    question="Do go-betweens help two capitals to a deal, and what is it that they carry?",
    hypothesis=(
        "Private information keeps sides apart that could agree. A go-between helps by what it "
        "tells, if it leans to the listener enough to be believed; by contact when nobody else "
        "talks; and by secrecy, which spares the leaders an audience but binds less."
    ),
    expected=(
        "Unbiased go-betweens add no information, moderately biased ones do; contact and secrecy "
        "bring deals, and secret deals last less; being found out makes ratification harder."
    ),
    sources=(
        "Kydd 2003, Which Side Are You On? Bias, Credibility, and Mediation",
        "Crawford and Sobel 1982, Strategic Information Transmission",
        "Wanis-St. John 2006, Back-Channel Negotiation: International Bargaining in the Shadows",
        "Stasavage 2004, Open-Door or Closed-Door? Transparency in Domestic and International "
        "Bargaining",
    ),
    scenario="february_2025",
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
        Picture("agreed", over="real", given=(("information", "leans"), ("contact", "no"))),
        Picture(
            "broken",
            over="deniability",
            given=tuple((key, level) for key, level in ALL.items() if key != "deniability"),
        ),
    ),
    findings=_findings,
    cells=_cells,
    caveats=(
        "Why information costs deals, as far as it was looked into: refusals teach a side that the "
        "other may hold out for more, so that it asks for less, and a believed message keeps it "
        "from that lesson. In a run of 200 worlds a cell where nobody learns, the loss shrank from "
        "4 points to 1, which is not clear of zero.",
        "A channel that speaks for nobody is believed as much as one that speaks for its leader, "
        "since nobody can tell them apart.",
        "A go-between so far apart that only one message survives (Crawford and Sobel 1982) still "
        "narrows a belief in this model, as noise of the size of the prior would.",
    ),
)
