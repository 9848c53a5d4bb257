"""The names of all states and parameters, so that a type checker knows them.

Written from the declarations by `python -m model.state.write_names`.
"""

from typing import Literal

# fmt: off
type StateName = Literal[
    "aftermath", "agreed", "agreement", "agreement_week", "answers", "approval", "arrears",
    "asked_by", "asked_from", "aspiration", "assured", "backed_down", "belief_shift",
    "belief_variance", "bend", "best", "best_seen", "broken", "broken_by", "broken_week", "burden",
    "capacity", "changed", "clock", "compensated", "compensation", "compliance", "contact",
    "contacted", "controls", "controls_before", "conviction", "cred_backed", "cred_executed",
    "curvature", "deal_phase", "deal_week", "deal_weeks", "deal_whole", "deals", "deferred",
    "delivered_sum", "deniable", "digested", "draft_lead", "draft_leader", "draft_variance",
    "drafted", "drafter_lead", "drafter_leader", "eased", "elasticity", "enforcement",
    "enforcement_asked", "executed", "executes", "expected", "exports_level", "exports_start",
    "failures", "falls_due", "felt_pain", "first_seen", "from_trial", "gains", "gains_in_full",
    "gap", "gesture_weeks", "gestures", "gestures_end", "granted", "group_harm", "group_relief",
    "group_threshold", "happened", "harm", "implementations", "implementing", "income",
    "income_level", "income_start", "income_sum", "intent", "kept", "leaked", "leaks", "level",
    "levels", "limited", "low_trade_weeks", "measured", "nash_gap", "net_stake", "no_zone", "offer",
    "offers", "opinion", "order", "pain", "pain_at_start", "pain_weight", "pareto_gap", "payment",
    "payments", "pending", "pending_controls", "pending_weeks", "period_delivered", "period_weeks",
    "phase", "postponed", "public_gains", "public_in_full", "public_worth", "quota", "rally",
    "raw_pain", "real", "refused", "refused_by", "relief", "renegotiations", "reservation",
    "resolve", "returned", "review_weeks", "reviews", "revoked", "second_open", "second_phases",
    "secret_deal", "seen", "seen_variance", "self_harm", "sessions", "shock_pain", "side_pain",
    "signal_variance", "signed_gains", "since_session", "stake", "stake_phased", "summits",
    "support", "suspended", "swing", "swing_error", "table", "tariff", "tariff_before",
    "tariff_peak", "tentative", "threat_kind", "threat_rest", "threat_size", "threat_weeks",
    "threats", "threshold_shift", "trade", "trade_level", "trade_start", "trial", "trial_answer",
    "trial_carrier", "trial_deal", "trial_path", "trial_sender", "trial_warm", "trial_week",
    "trials", "truce_weeks", "truces", "trust", "turn", "type_belief", "type_margin",
    "type_reservation", "uncovered", "utility", "voice", "warm_trials", "weakness", "weeks",
    "weight", "worth",
]
# fmt: on
# fmt: off
type ParameterName = Literal[
    "approval.deal_bonus", "approval.pain_slope", "approval.rally_half_life", "approval.rally_size",
    "approval.speed", "campaign.pain_weight", "campaign.window", "channels.access", "channels.bias",
    "channels.contact", "channels.contact_lift", "channels.deniable", "channels.direct",
    "channels.error", "channels.leak", "channels.leak_cost", "channels.leak_half_life",
    "channels.misalignment", "channels.noise", "channels.real", "channels.trial",
    "coercion.assurance_loss", "coercion.at_once", "coercion.believed_broken",
    "coercion.believed_kept", "coercion.control_share", "coercion.escalation_slope",
    "coercion.expected_answer", "coercion.foreseen_justification", "coercion.fuse",
    "coercion.fuse_spread", "coercion.gap_slope", "coercion.hazard", "coercion.in_truce",
    "coercion.justification", "coercion.ladder", "coercion.leverage_share", "coercion.pain_slope",
    "coercion.postponement", "coercion.precision", "coercion.reputation",
    "coercion.revocation_share", "coercion.rung", "coercion.rung_fuse", "coercion.size",
    "coercion.size_least", "coercion.size_most", "coercion.size_spread", "coercion.size_tail",
    "coercion.tension_slope", "coercion.ultimatum", "coercion.volatility_slope",
    "compliance.arrears_memory", "compliance.capacity", "compliance.capacity_spread",
    "compliance.concentration", "compliance.deniable_loss", "compliance.lag",
    "compliance.precision", "compliance.punishment", "compliance.shortfall", "compliance.snapback",
    "compliance.tolerance", "compliance.tolerance_used", "compliance.unenforced",
    "compliance.weight", "economy.adjustment_half_life", "economy.elasticity",
    "economy.elasticity_spread", "economy.hardening", "economy.hardening_now", "economy.leverage",
    "economy.pain_memory", "economy.unit_loss", "enforcement.cost", "enforcement.highest",
    "enforcement.lowest", "enforcement.snapback", "gestures.answer_odds", "gestures.hazard",
    "gestures.pain_slope", "gestures.patience", "gestures.size", "gestures.trust_weight",
    "implementation.first_share", "implementation.forfeit", "implementation.guarantee",
    "implementation.intention", "implementation.phases", "implementation.renegotiation",
    "implementation.review", "implementation.second_phase", "implementation.sessions",
    "implementation.settled", "influence.access", "influence.confidence", "influence.leak_hardens",
    "influence.mistrust_enforcement", "influence.mistrust_hardens", "influence.pain_softens",
    "influence.rally_hardens", "influence.street", "ratification.anticipation",
    "ratification.backlash", "ratification.compensation", "ratification.compensation_most",
    "ratification.consistency", "ratification.consultation", "ratification.foresight",
    "ratification.group_spread", "ratification.group_threshold",
    "ratification.group_threshold_spread", "ratification.hawk_bonus", "ratification.insight",
    "ratification.keep_clock", "ratification.least_chance", "ratification.mobilisation",
    "ratification.payment", "ratification.payment_cost", "ratification.payment_size",
    "ratification.persistence", "ratification.quota", "ratification.shared_shift",
    "ratification.target", "ratification.vote_spread", "retaliation.generosity", "retaliation.lag",
    "retaliation.proportion", "retaliation.ready", "retaliation.spread", "revocation.congress",
    "revocation.hawk_slope", "revocation.hazard", "revocation.mistrust_slope", "revocation.size",
    "summits.approval_cost", "summits.call", "summits.gap", "summits.invitation", "summits.push",
    "summits.trust_cost", "talks.belief_spread", "talks.cabinet_share", "talks.caution",
    "talks.deadline_share", "talks.drafting", "talks.exhaustion", "talks.exponent",
    "talks.firmness_slope", "talks.hold_out", "talks.lead_weight", "talks.mirror",
    "talks.order_noise", "talks.ordinal", "talks.private_spread", "talks.publicity", "talks.rate",
    "talks.rejection_noise", "talks.resolve_spread", "talks.step", "talks.types",
    "talks.weight_noise", "talks.window", "third.coordination", "third.leverage",
    "third.overcapacity", "third.stakes", "third.weights", "time.horizon", "time.shock_rate",
    "truce.cliff", "truce.intercept", "truce.longest", "truce.pain_memory", "truce.renewal",
    "truce.scale", "truce.shortest", "truce.slope", "trust.base_broken", "trust.base_kept",
    "trust.defection_weight", "trust.memory", "trust.tariff_weight", "values.cost_scale",
    "values.elicited_at", "values.relief_satiation", "values.rising_cost", "values.satiation",
    "values.spread",
]
# fmt: on
# fmt: off
type SideField = Literal[
    "approval", "audience_cost", "controls", "exports_share", "imports_share", "kappa", "legacy",
    "loss_aversion", "patience", "personal", "political_horizon", "record_kept",
    "record_observations", "rollback", "tariff", "tariff_base", "threshold", "threshold_spread",
    "volatility", "weakness", "winning",
]
# fmt: on
# fmt: off
type ActorField = Literal[
    "access", "enforcement", "escalation", "firmness", "susceptibility",
]
# fmt: on
# fmt: off
type GroupField = Literal[
    "firmness", "responsiveness", "threshold", "weight",
]
# fmt: on
type EdgeField = Literal["weight"]
# fmt: off
type IssueField = Literal[
    "amount", "cost_factor", "deferred", "gain_factor", "levels",
]
# fmt: on
# fmt: off
type EventField = Literal[
    "announced", "half_life", "hazard", "quota_change", "size", "threshold_change", "value", "week",
]
# fmt: on
