"""The mechanisms that can be switched off: each is its neutral numbers, and nothing else.

A switch replaces numbers of the scenario by those at which the rule does nothing, so that "off" and
"neutral" cannot differ, and every other mechanism meets the same luck.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Mechanism:
    """Say what a mechanism does, and at which numbers it does nothing.

    Names with a star stand for both sides: `sides.*.legacy`.
    """

    meaning: str
    neutral: Mapping[str, float]


MECHANISMS: dict[str, Mechanism] = {
    "threats": Mechanism("public threats and their execution", {"coercion.hazard": 0.0}),
    "tension": Mechanism("fresh tariffs provoke threats", {"coercion.tension_slope": 0.0}),
    "postponement": Mechanism("threats may be put off", {"coercion.postponement": 0.0}),
    "audience_costs": Mechanism(
        "backing down costs approval, and is avoided", {"sides.*.audience_cost": 0.0}
    ),
    "madman": Mechanism("a volatile temper", {"sides.*.volatility": 0.0}),
    "retaliation": Mechanism("tariffs are answered", {"retaliation.proportion": 0.0}),
    "rally": Mechanism(
        "a rally round the flag", {"approval.rally_size": 0.0, "influence.rally_hardens": 0.0}
    ),
    "gestures": Mechanism("small cuts of one's own accord", {"gestures.hazard": 0.0}),
    "contact": Mechanism(
        "back channels make sessions likelier",
        {"channels.contact_lift": 0.0},
    ),
    "information": Mechanism(
        "back channels carry what the other would settle for", {"channels.bias": 0.0}
    ),
    "deniability": Mechanism("sessions without an audience", {"channels.deniable": 0.0}),
    "exposure": Mechanism("back channels are found out", {"channels.leak": 0.0}),
    "summits": Mechanism(
        "leaders meet by invitation or call", {"summits.invitation": 0.0, "summits.call": 0.0}
    ),
    "legacy": Mechanism("the worth of having signed", {"sides.*.legacy": 0.0}),
    "winning": Mechanism("the wish not to look beaten", {"sides.*.winning": 0.0}),
    "truce": Mechanism("truces", {"truce.scale": 0.0}),
    "revocation": Mechanism(
        "revocation of normal trade relations",
        {"revocation.hazard": 0.0, "coercion.revocation_share": 0.0},
    ),
    "export_controls": Mechanism("threats of export controls", {"coercion.control_share": 0.0}),
    "shirking": Mechanism("promises may not be kept", {"compliance.shortfall": 0.0}),
    "snapback": Mechanism("deals end over arrears", {"compliance.snapback": 0.0}),
    "experience": Mechanism("compliance teaches trust", {"compliance.weight": 0.0}),
    "enforcement": Mechanism(
        "verification with snap-back", {"enforcement.lowest": 0.0, "enforcement.highest": 0.0}
    ),
    "legacy_mistrust": Mechanism(
        "past promises weigh on trust", {"sides.*.record_observations": 0.0}
    ),
    "pressure_at_home": Mechanism("leaders hear the groups", {"influence.street": 0.0}),
    "anticipation": Mechanism("leaders foresee ratification", {"ratification.anticipation": 0.0}),
    "leverage": Mechanism("weakness is a lever", {"economy.leverage": 0.0}),
    "hardening": Mechanism("weakness hardens", {"economy.hardening": 0.0}),
    "campaign": Mechanism("elections make pain count", {"campaign.pain_weight": 0.0}),
    "shocks": Mechanism("events by chance", {"time.shock_rate": 0.0}),
    "third_party": Mechanism(
        "the rest of the world feels and coordinates",
        {"third.overcapacity": 0.0, "third.coordination": 0.0},
    ),
}


def neutral(off: list[str], sides: list[str]) -> dict[str, float]:
    """Return the numbers, by dotted name, that switch these mechanisms off.

    >>> neutral(["legacy"], ["US", "CN"])
    {'sides.US.legacy': 0.0, 'sides.CN.legacy': 0.0}
    """
    numbers: dict[str, float] = {}
    for name in off:
        for place, value in MECHANISMS[name].neutral.items():
            places = [place.replace("*", side) for side in sides] if "*" in place else [place]
            numbers |= dict.fromkeys(places, value)
    return numbers
