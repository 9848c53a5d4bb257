"""The mechanisms that can be switched off, each defined by its neutral numbers.

Switching a mechanism off sets numbers of the scenario to values at which its rule does nothing. So
"off" and "neutral" cannot differ, and all other mechanisms get the same random numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Mechanism:
    """The meaning of a mechanism, and the numbers at which it has no effect.

    A star in a name stands for both sides, for example `sides.*.legacy`.
    """

    meaning: str
    neutral: Mapping[str, float]


MECHANISMS: dict[str, Mechanism] = {
    "threats": Mechanism("public threats and their execution", {"coercion.hazard": 0.0}),
    "ultimatum": Mechanism("threats carry a demand", {"coercion.ultimatum": 0.0}),
    "tension": Mechanism("new tariffs provoke threats", {"coercion.tension_slope": 0.0}),
    "postponement": Mechanism("threats can be postponed", {"coercion.postponement": 0.0}),
    "audience_costs": Mechanism(
        "backing down costs approval, so leaders avoid it", {"sides.*.audience_cost": 0.0}
    ),
    "reputation": Mechanism(
        "leaders execute threats to stay credible", {"coercion.reputation": 0.0}
    ),
    "madman": Mechanism("volatile leaders", {"sides.*.volatility": 0.0}),
    "retaliation": Mechanism("retaliation against tariffs", {"retaliation.proportion": 0.0}),
    "prepared_answers": Mechanism(
        "retaliation can take effect in the same week", {"retaliation.ready": 0.0}
    ),
    "ladder": Mechanism(
        "retaliation is met by a threat of a larger rise", {"coercion.ladder": 0.0}
    ),
    "foreseen_answers": Mechanism(
        "leaders foresee retaliation when they decide on a threat",
        {"coercion.expected_answer": 0.0},
    ),
    "rally": Mechanism(
        "a rally round the flag", {"approval.rally_size": 0.0, "influence.rally_hardens": 0.0}
    ),
    "gestures": Mechanism("small unilateral tariff cuts", {"gestures.hazard": 0.0}),
    "types": Mechanism("sides learn each other's resolve", {"talks.types": 0.0}),
    "order": Mechanism(
        "sides learn from the order of the other's concessions", {"talks.ordinal": 0.0}
    ),
    "holding_out": Mechanism(
        "a side that sees no zone of agreement holds out", {"talks.hold_out": 0.0}
    ),
    "contact": Mechanism(
        "back channels make sessions more likely",
        {"channels.contact_lift": 0.0},
    ),
    "information": Mechanism(
        "back channels reveal the other side's reservation value", {"channels.bias": 0.0}
    ),
    "direct_line": Mechanism("leaders are in direct contact", {"channels.direct": 0.0}),
    "access": Mechanism(
        "actors with little access are heard less",
        {"influence.access": 0.0, "channels.access": 0.0},
    ),
    "deniability": Mechanism("sessions without an audience", {"channels.deniable": 0.0}),
    "exposure": Mechanism("back channels can be exposed", {"channels.leak": 0.0}),
    "summits": Mechanism(
        "leaders meet by invitation or call", {"summits.invitation": 0.0, "summits.call": 0.0}
    ),
    "legacy": Mechanism("leaders value having signed a deal", {"sides.*.legacy": 0.0}),
    "winning": Mechanism("leaders want to gain more than the other", {"sides.*.winning": 0.0}),
    "truce": Mechanism("truces", {"truce.scale": 0.0}),
    "broken_truces": Mechanism(
        "threats in a truce can end it, and its end returns what it suspended",
        {"coercion.in_truce": 0.0, "truce.cliff": 0.0},
    ),
    "exhaustion": Mechanism("pain speeds up concessions", {"talks.exhaustion": 0.0}),
    "revocation": Mechanism(
        "revocation of normal trade relations",
        {"revocation.hazard": 0.0, "coercion.revocation_share": 0.0},
    ),
    "export_controls": Mechanism("threats of export controls", {"coercion.control_share": 0.0}),
    "shirking": Mechanism("sides can break their promises", {"compliance.shortfall": 0.0}),
    "slack": Mechanism(
        "sides fall short as far as it is tolerated", {"compliance.tolerance_used": 0.0}
    ),
    "snapback": Mechanism("arrears can end a deal", {"compliance.snapback": 0.0}),
    "experience": Mechanism("compliance changes trust", {"compliance.weight": 0.0}),
    "enforcement": Mechanism(
        "verification with snap-back", {"enforcement.lowest": 0.0, "enforcement.highest": 0.0}
    ),
    "legacy_mistrust": Mechanism(
        "past promises affect trust", {"sides.*.record_observations": 0.0}
    ),
    "pressure_at_home": Mechanism("leaders listen to the groups", {"influence.street": 0.0}),
    "anticipation": Mechanism(
        "leaders anticipate ratification", {"ratification.anticipation": 0.0}
    ),
    "foresight": Mechanism(
        "home weighs a package against what the other side threatens",
        {"ratification.foresight": 0.0, "ratification.consistency": 0.0},
    ),
    "mobilisation": Mechanism(
        "groups that lose gain weight at home", {"ratification.mobilisation": 0.0}
    ),
    "persistence": Mechanism(
        "the swing at home lasts for weeks", {"ratification.persistence": 0.0}
    ),
    "home_check": Mechanism(
        "leaders check at home before they propose or accept", {"ratification.least_chance": 0.0}
    ),
    "kept_clock": Mechanism(
        "talks resume after a failure at home", {"ratification.keep_clock": 0.0}
    ),
    "side_payments": Mechanism(
        "leaders return with side payments after a failure", {"ratification.payment": 0.0}
    ),
    "leverage": Mechanism("a weak economy makes pain cost more", {"economy.leverage": 0.0}),
    "hardening": Mechanism(
        "a weak economy makes structural concessions cost more", {"economy.hardening": 0.0}
    ),
    "campaign": Mechanism("upcoming elections make pain count more", {"campaign.pain_weight": 0.0}),
    "curved_values": Mechanism(
        "the costs of concessions rise and their benefits saturate",
        {"values.rising_cost": 0.0, "values.satiation": 0.0, "values.relief_satiation": 0.0},
    ),
    "compensation": Mechanism(
        "leaders compensate groups that would block an agreement",
        {"ratification.compensation": 0.0},
    ),
    "drafts": Mechanism(
        "the priorities of advisers shape the packages that a side drafts", {"talks.drafting": 0.0}
    ),
    "shocks": Mechanism("random events", {"time.shock_rate": 0.0}),
    "third_party": Mechanism(
        "the rest of the world feels pain and coordinates",
        {"third.overcapacity": 0.0, "third.coordination": 0.0, "third.stakes": 0.0},
    ),
    "intended_compliance": Mechanism(
        "sides count promises as they intend to keep them",
        {"implementation.intention": 0.0, "implementation.forfeit": 0.0},
    ),
    "guarantees": Mechanism(
        "a tariff that stays guarantees what the other side promises",
        {"implementation.guarantee": 0.0},
    ),
    "phasing": Mechanism(
        "relief in phases, as far as the other side delivers", {"implementation.first_share": 1.0}
    ),
    "implementation_sessions": Mechanism(
        "sessions settle arrears while a deal is in force", {"implementation.sessions": 0.0}
    ),
    "renegotiation": Mechanism(
        "breaches are renegotiated before a deal ends", {"implementation.renegotiation": 0.0}
    ),
    "second_phase": Mechanism(
        "reviews open talks on a second phase", {"implementation.second_phase": 0.0}
    ),
    "trials": Mechanism("back channels carry trial packages", {"channels.trial": 0.0}),
}


def neutral(off: list[str], sides: list[str]) -> dict[str, float]:
    """Return the numbers that switch these mechanisms off, by dotted name.

    >>> neutral(["legacy"], ["US", "CN"])
    {'sides.US.legacy': 0.0, 'sides.CN.legacy': 0.0}
    """
    numbers: dict[str, float] = {}
    for name in off:
        for place, value in MECHANISMS[name].neutral.items():
            places = [place.replace("*", side) for side in sides] if "*" in place else [place]
            numbers |= dict.fromkeys(places, value)
    return numbers
