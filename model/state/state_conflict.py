"""The state of conflict and promises: threats, gestures, truces, channels and arrears."""

import numpy as np

from model.state.keys import Declarer
from model.state.random_streams import RandomStreams


def declare_conflict(add: Declarer, streams: RandomStreams) -> None:
    """Declare and fill the states of conflict and of promises at week 0."""
    _threats(add)
    _truces(add)
    _sessions(add)
    _trials(add)
    _promises(add, streams)
    _implementation(add)


def _threats(add: Declarer) -> None:
    add("threat_kind", "side", 0.0, "kind", "pending threat: 0 none, 1 tariff, 2 control, 3 PNTR")
    add("threat_size", "side", 0.0, "share", "size of the pending threat, as a tariff rise")
    add("threat_weeks", "side", 0.0, "weeks", "weeks until the threat falls due")
    add("falls_due", "side", 0.0, "0 or 1", "a threat of this side falls due this week")
    add("executes", "side", 0.0, "0 or 1", "the side executes the threat that falls due")
    add("threat_rest", "side", 0.0, "0 or 1", "the threat is the rest of one executed in part")
    add("cred_executed", "side", add.store["coercion.believed_kept"], "observations", "executed")
    add(
        "cred_backed", "side", add.store["coercion.believed_broken"], "observations", "not executed"
    )
    add("harm", "side", 0.0, "unit pain", "what the other's tariff of 100 percent would cost")
    add("group_harm", "group", 0.0, "unit pain", "what that tariff would cost a group")
    add("self_harm", "side", 0.0, "unit pain", "what one's own tariff of 100 percent would cost")
    add("postponed", "side", 0.0, "times", "threats put off")
    add("backed_down", "side", 0.0, "times", "threats not carried out when due")
    add("answers", "side", 0.0, "times", "rises of the other that were answered")
    add("pending_controls", "side", 0.0, "level", "rise of controls announced in answer")
    add("gesture_weeks", "side", 0.0, "weeks", "weeks in which a gesture may still be returned")
    add("gestures", "side", 0.0, "times", "small cuts of one's own accord")
    add(
        "gestures_end",
        "side",
        0.0,
        "0 or 1",
        "no further gesture, since one was not returned",
    )
    add("revoked", "side", 0.0, "0 or 1", "normal trade relations were revoked")
    add("assured", "", 0.0, "level", "assurance in force that they are not")


def _truces(add: Declarer) -> None:
    add("truce_weeks", "", 0.0, "weeks", "weeks that a truce still lasts")
    add("truces", "", 0.0, "times", "truces made")
    add("suspended", "side", 0.0, "share", "tariff that a side undid in the truce in force")
    add("felt_pain", "side", 0.0, "unit pain", "pain on which the readiness for a truce depends")
    add("aftermath", "shock", 0.0, "events", "events that still have effect")
    add("happened", "shock", 0.0, "times", "events that happened")
    changed = np.array([add.store.named(name) for name in add.keys.changed])
    add(
        "changed",
        "parameter",
        changed.reshape(-1, add.store.worlds),
        "of each",
        "value of each parameter that the scenario changes",
    )
    weakness = np.stack([add.store.of("sides", side, "weakness") for side in add.keys.sides])
    add("weakness", "side", weakness, "-", "weakness of each economy")
    add("shock_pain", "group", 0.0, "unit pain", "pain of each group by events")


def _sessions(add: Declarer) -> None:
    add("level", "", 0.0, "level", "session of the week: 0 none, 1 working, 2 cabinet, 3 leaders")
    add("sessions", "", 0.0, "times", "sessions held")
    add("summits", "", 0.0, "times", "meetings of the leaders")
    add("since_session", "", 99.0, "weeks", "weeks since the last session")
    add("gap", "side", 0.0, "points", "how far the other's last offer fell short")
    add("deniable", "", 0.0, "0 or 1", "the week's session is deniable")
    add("leaked", "", 0.0, "leaks", "stir about back channels that were found out")
    add("leaks", "", 0.0, "times", "back channels found out")


def _trials(add: Declarer) -> None:
    add("trial", "issue", np.nan, "level", "last package that a back channel brought on trial")
    add("trial_sender", "", -1.0, "side", "who sent the last trial package, -1 nobody")
    add("trial_carrier", "actor", 0.0, "0 or 1", "the actor brought the last trial package")
    add("trial_path", "", 0.0, "-", "which of the paths of that actor it took, from 0")
    add("trial_week", "", -1.0, "week", "week of the last trial package, -1 never")
    add("trial_answer", "", 0.0, "0 or 1", "the answer to the last trial package was warm")
    add("trial_warm", "", 0.0, "0 or 1", "a trial package with a warm answer awaits a session")
    add("from_trial", "", 0.0, "0 or 1", "the last offer was such a package")
    add("trial_deal", "", 0.0, "0 or 1", "the last deal began as a trial package")
    add("trials", "", 0.0, "times", "trial packages that arrived")
    add("warm_trials", "", 0.0, "times", "trial packages with a warm answer")


def _promises(add: Declarer, streams: RandomStreams) -> None:
    store = add.store
    add("deal_week", "", -1.0, "week", "week in which the deal in force was made")
    add("deals", "", 0.0, "times", "deals that came into force")
    add("deal_whole", "", 0.0, "0 or 1", "the last deal was comprehensive")
    add("secret_deal", "", 0.0, "0 or 1", "the deal in force was agreed deniably")
    add("tariff_before", "side", store["tariff"], "share", "tariffs before the deal")
    add("controls_before", "side", store["controls"], "level", "controls before the deal")
    add("burden", "side", 0.0, "points", "cost of what a side still has to deliver")
    add("stake", "side", 0.0, "points", "worth to a side of what the other gives")
    add("limited", "side", 0.0, "share", "part of the burden that meets a capacity")
    spread = store["compliance.capacity_spread"]
    draw = np.exp(spread * streams.normal("capacity", 0))
    add("capacity", "", store["compliance.capacity"] * draw, "share", "capacity to buy")
    add("compliance", "side", np.nan, "share", "share of what was due that was delivered this week")
    add("delivered_sum", "side", 0.0, "weeks", "sum of weekly compliance in the last deal")
    add("deal_weeks", "", 0.0, "weeks", "weeks of delivery in the last deal")
    add("arrears", "side", 0.0, "weeks", "what a side owes, in weeks of delivery")
    add("broken_week", "", -1.0, "week", "week in which the last deal was ended, -1 never")
    add("broken_by", "", -1.0, "side", "who fell short in it, -1 nobody")


def _implementation(add: Declarer) -> None:
    add("gains_in_full", "side issue", 0.0, "points", "marginal utility, own promises at full cost")
    add("public_in_full", "side issue", 0.0, "points", "what all expect of that")
    add("signed_gains", "side issue", 0.0, "points", "marginal utility in full at signing")
    add("intent", "side", 1.0, "share", "share of its promises that a side intends to keep")
    add("stake_phased", "side", 0.0, "points", "part of the stake that is granted for delivery")
    add("granted", "side", 1.0, "share", "share of the agreed relief that a side has granted")
    add("eased", "side", 1.0, "share", "share of its obligations left after renegotiation")
    add("deal_phase", "", 0.0, "phase", "phase of the deal in force, 0 without a deal")
    add("period_delivered", "side", 0.0, "weeks", "sum of weekly compliance since the review")
    add("period_weeks", "", 0.0, "weeks", "weeks of delivery since the last review")
    add("review_weeks", "", 0.0, "weeks", "weeks until the next review of the deal in force")
    add("reviews", "", 0.0, "times", "reviews of deals in force")
    add("implementing", "", 0.0, "0 or 1", "an implementation session is held this week")
    add("implementations", "", 0.0, "times", "implementation sessions held")
    add("renegotiations", "", 0.0, "times", "breaches that were renegotiated")
    add("asked_by", "", -1.0, "side", "who last asked to renegotiate a deal, -1 nobody")
    add("second_open", "", 0.0, "0 or 1", "talks on a second phase of the deal are open")
    add("second_phases", "", 0.0, "times", "second phases that came into force")
