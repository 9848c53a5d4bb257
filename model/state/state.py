"""The state of a negotiation: every array declared once with its shape, unit and meaning."""

from collections.abc import Callable

import numpy as np

from model.arrays import Array
from model.rules.channels import residual_variance
from model.rules.curves import whole_worth
from model.rules.learning import NEVER_REFUSED, PRIOR
from model.rules.trust import trust
from model.rules.values import STRUCTURAL, side_value
from model.schema.scenario import Scenario
from model.state.keys import STANCES, Declarer, Keys
from model.state.random_streams import RandomStreams, log_normal
from model.state.state_conflict import declare_conflict
from model.state.state_drafts import declare_drafts
from model.state.store import Store

TALKS, DEAL, TRUCE = 0.0, 1.0, 2.0  # phases
NONE = -1.0  # no week yet
NO_WIDTH = 1e-150  # a narrower belief is certain: dividing by its width would overflow


def rows(names: list[str], read: Callable[[str], Array]) -> Array:
    """Return one row for each name (names, R)."""
    return np.stack([read(name) for name in names])


def declare(store: Store, setting: Scenario, streams: RandomStreams) -> None:
    """Declare and fill all state arrays of a negotiation at week 0."""
    keys = Keys(setting)
    add = Declarer(store, keys)
    _tariffs(add)
    _people(add, setting)
    _trust(add)
    _private(add, setting, streams)
    _homes(add, streams)
    _talks(add)
    _beliefs(add)
    _record(add)
    declare_conflict(add, streams)
    declare_drafts(add, setting)


def _tariffs(add: Declarer) -> None:
    start = rows(add.keys.sides, lambda side: add.store.of("sides", side, "tariff"))
    add("tariff", "side", start, "share", "average tariff of each side on the other")
    add("digested", "side", start, "share", "tariff that trade has adjusted to")
    add("pending", "side", 0.0, "share", "tariff rise announced in answer, not in force")
    add("pending_weeks", "side", 0.0, "weeks", "weeks until the answer is in force")
    add("income_level", "region", 1.0, "ratio", "real income against January 2018")
    add("income_start", "region", 1.0, "ratio", "real income level at the start")
    add("trade_level", "", 1.0, "ratio", "trade between the sides against January 2018")
    add("trade_start", "", 1.0, "ratio", "trade level at the start")
    add("trade", "", 1.0, "ratio", "trade between the sides against the start")
    add("exports_level", "", 1.0, "bn dollars", "exports of the side that owns the overcapacity")
    add("exports_start", "", 1.0, "bn dollars", "these exports at the start")
    add("relief", "side", 0.0, "unit pain", "pain caused by the other's tariff above its base")
    add("uncovered", "side", 1.0, "share", "purchases above the exports that relief restores")
    add("raw_pain", "group", 0.0, "unit pain", "pain of the week, before smoothing")
    add("group_relief", "group", 0.0, "unit pain", "pain of a group that the other's tariff causes")
    controls = rows(add.keys.sides, lambda side: add.store.of("sides", side, "controls"))
    add("controls", "side", controls, "level", "export controls of each side against the other")


def _people(add: Declarer, setting: Scenario) -> None:
    groups = add.keys.groups
    stances = np.zeros((len(add.keys.people), len(STANCES), add.store.worlds))
    for place, key in enumerate(add.keys.actors):
        for column, stance in enumerate(STANCES):
            stances[place, column] = add.store.of("actors", key, stance)
    for place, key in enumerate(groups, start=len(add.keys.actors)):
        firmness = add.store.of("constituencies", key, "firmness")
        stances[place] = firmness  # a group's demands are one: it wants firmness in all three
    add("conviction", "agent stance", stances, "0 to 1", "own opinion before anybody is heard")
    add("opinion", "agent stance", stances, "0 to 1", "firmness, taste for escalation, enforcement")
    add("weight", "group", 0.0, "share", "weight of each group at home, a side's sum is 1")
    store = add.store
    for side in dict.fromkeys(card.side for card in setting.constituencies.values()):
        members = [key for key in groups if setting.constituencies[key].side == side]
        total = np.zeros(store.worlds)
        for key in members:
            total = total + store.of("constituencies", key, "weight")
        for key in members:
            share = store.of("constituencies", key, "weight") / np.where(total > 0.0, total, 1.0)
            store.set_row("weight", groups.index(key), share)
    add("voice", "group", store["weight"], "share", "weight of each group at home this week")
    add("pain", "group", 0.0, "unit pain", "smoothed economic pain of each group")
    add("pain_at_start", "group", 0.0, "unit pain", "pain of each group at the start")
    add("side_pain", "side", 0.0, "unit pain", "pain of each side above that at the start")
    approvals = rows(add.keys.sides, lambda side: store.of("sides", side, "approval"))
    add("approval", "side", approvals, "share", "approval of each leader")
    add("rally", "side", 0.0, "ten-point tariffs", "rally-round-the-flag stock")


def _trust(add: Declarer) -> None:
    store = add.store
    kept, broken = [], []
    for side in add.keys.sides:
        seen = store.of("sides", side, "record_observations")
        share = store.of("sides", side, "record_kept")
        kept.append(store["trust.base_kept"] + seen * share)
        broken.append(store["trust.base_broken"] + seen * (1.0 - share))
    add(
        "kept",
        "side",
        np.stack(kept),
        "observations",
        "agreements kept by the other, as remembered",
    )
    add("broken", "side", np.stack(broken), "observations", "agreements broken by the other")
    add("trust", "side", trust(np.stack(kept), np.stack(broken)), "0 to 1", "trust in the other")


def _private(add: Declarer, setting: Scenario, streams: RandomStreams) -> None:
    """Draw the constants of each world: resolve, values, thresholds, elasticity, real channels."""
    store, keys = add.store, add.keys
    spread = store["talks.resolve_spread"]
    resolve = [log_normal(streams.normal(f"resolve/{side}", 0), spread) for side in keys.sides]
    add("resolve", "side", np.stack(resolve), "factor", "private resolve of each leader")
    worth = np.zeros((len(keys.sides), len(keys.issues), store.worlds))
    public, net, bend = np.zeros_like(worth), np.zeros_like(worth), np.zeros_like(worth)
    for i, side in enumerate(keys.sides):
        for k, issue in enumerate(keys.issues):
            draw = log_normal(streams.normal(f"value/{side}/{issue}", 0), store["values.spread"])
            net[i, k] = _net_stake(store, setting, side, issue)
            bend[i, k] = _bend(store, setting, side, issue, net[i, k])
            scale = _scale(store, setting, side, issue, net[i, k])
            public[i, k] = net[i, k] * (scale * _elicited(store, setting, side, issue, bend[i, k]))
            worth[i, k] = public[i, k] * draw
    add("net_stake", "side issue", net, "points", "weighted stakes of the groups in each issue")
    add("public_worth", "side issue", public, "points", "worth of each issue as all expect it")
    add("worth", "side issue", worth, "points", "worth of each issue to each side in this world")
    add("curvature", "side issue", bend, "share", "of the worth: negative costs, positive benefits")
    add("bend", "side issue", bend, "share", "the same for what is negotiated this week")
    add("levels", "issue", _levels(store, setting), "levels", "levels in offers; below 2: any")
    threshold = rows(
        keys.groups,
        lambda key: (
            store["ratification.group_threshold"]
            + store.of("constituencies", key, "threshold")
            + store["ratification.group_threshold_spread"] * streams.normal(f"threshold/{key}", 0)
        ),
    )
    add("group_threshold", "group", threshold, "points", "worth from which a group is for a deal")
    draw = np.exp(store["economy.elasticity_spread"] * streams.normal("elasticity", 0))
    add("elasticity", "", store["economy.elasticity"] * draw, "-", "long-run trade elasticity")
    chance = store["channels.real"]
    real = rows(
        keys.actors, lambda key: np.where(streams.uniform(f"real/{key}", 0) < chance, 1.0, 0.0)
    )
    add("real", "actor", real, "0 or 1", "the channel speaks for its leader")


def _homes(add: Declarer, streams: RandomStreams) -> None:
    """Declare the win-sets: quota, thresholds, the swing at home, votes and side payments."""
    store, sides = add.store, add.keys.sides
    quota = rows(sides, lambda _: store["ratification.quota"])
    add("quota", "side", quota, "share", "weighted support that an agreement needs at home")
    add("threshold_shift", "side", 0.0, "points", "rise of the thresholds of a side's groups")
    drawn = rows(sides, lambda side: streams.normal(f"ratify/{side}", 0))
    add("swing", "side", drawn, "standard deviations", "swing at home against any agreement")
    error = rows(sides, lambda side: streams.normal(f"insight/{side}", 0))
    add("swing_error", "side", error, "standard deviations", "error of the leader about the swing")
    add("support", "group", np.nan, "probability", "support of each group in its last vote")
    add("refused", "side", 0.0, "0 or 1", "home refused the agreement of this week")
    add("payment", "group", 0.0, "points", "side payment promised with the next agreement")
    add("tentative", "side", 0.0, "0 or 1", "home would refuse the last own offer: not signed")
    add("returned", "side", 0.0, "0 or 1", "the leader returned with a side payment this week")
    add("compensated", "side", 0.0, "0 or 1", "the leader compensates groups for the agreement")
    add("compensation", "side", 0.0, "points", "compensation promised so far, weighted by groups")
    add("payments", "side", 0.0, "times", "returns with a side payment after a failure at home")


def _net_stake(store: Store, setting: Scenario, side: str, issue: str) -> Array:
    """Return a side's weighted stakes in an issue, points (R,); 1 for received tariff relief."""
    card = setting.issues[issue]
    if card.tariff and card.owner != side:
        return np.ones(store.worlds)
    members = [
        key
        for key, group in setting.constituencies.items()
        if group.side == side and key in card.stakes
    ]
    if not members:
        return np.zeros(store.worlds)
    stakes = rows(members, lambda key: store.of("issues", issue, "stakes", key))
    places = [list(setting.constituencies).index(key) for key in members]
    return side_value(stakes, store["weight"][places], store.of("sides", side, "loss_aversion"))


def _bend(store: Store, setting: Scenario, side: str, issue: str, net: Array) -> Array:
    """Return the curvature of a side's worth of an issue (R,): see `curves.felt`."""
    card = setting.issues[issue]
    if card.whole:
        return np.zeros_like(net)
    relief = card.tariff and card.owner != side
    fades = store["values.relief_satiation"] if relief else store["values.satiation"]
    return np.where(net < 0.0, -store["values.rising_cost"], fades)


def _levels(store: Store, setting: Scenario) -> Array:
    """Return the number of levels of each issue in an offer (issues, R); below 2: any level."""
    return rows(
        list(setting.issues),
        lambda key: (
            np.full(store.worlds, 2.0)
            if setting.issues[key].whole
            else store.of("issues", key, "levels") + 0.0
        ),
    )


def _scale(store: Store, setting: Scenario, side: str, issue: str, net: Array) -> Array:
    """Return the generally expected scale of the net stake of an issue (R,)."""
    card = setting.issues[issue]
    scale = np.where(net < 0.0, store["values.cost_scale"], 1.0)
    if card.owner == side and card.family in STRUCTURAL:
        # a weak economy hardens: structural concessions cost more at home
        scale = scale * (1.0 + store["economy.hardening"] * store.of("sides", side, "weakness"))
    return scale


def _elicited(store: Store, setting: Scenario, side: str, issue: str, bend: Array) -> Array:
    """Return the worth of a whole issue relative to the stakes in the scenario (R,).

    bend: the curvature of the worth (R,). Without curvature it is the factor of the issue.
    """
    card = setting.issues[issue]
    if card.owner == side:
        factor = store.of("issues", issue, "cost_factor")
    elif card.tariff:  # the worth of relief is not elicited
        return np.ones_like(bend)
    else:
        factor = store.of("issues", issue, "gain_factor")
    return factor * whole_worth(store["values.elicited_at"], bend)


def _talks(add: Declarer) -> None:
    store = add.store
    add("clock", "", 0.0, "talk-weeks", "sessions since the last reset")
    add("phase", "", TALKS, "0, 1 or 2", "talks, a deal in force, or a truce")
    add("turn", "", 0.0, "side", "who makes the next offer")
    add("contact", "", 0.0, "channels", "back channels in contact this week")
    add("contacted", "actor", 0.0, "0 or 1", "the back channel is in contact this week")
    add("gains", "side issue", 0.0, "points", "marginal utility of each issue to each side")
    add("public_gains", "side issue", 0.0, "points", "what all expect that utility to be")
    add("pain_weight", "side", 0.0, "points", "cost of a unit of pain over the political horizon")
    add("enforcement_asked", "", 0.0, "share", "mean of the leaders' demands for enforcement")
    add("reservation", "side", 0.0, "points", "worth below which a side does not agree")
    add("expected", "side", 0.0, "points", "reservation that all expect")
    add("best", "side", 0.0, "points", "the most a side thinks that the other would give")
    add("asked_from", "side", 0.0, "points", "reservation value when a side last made an offer")
    add("no_zone", "side", 0.0, "0 or 1", "the side saw no zone of agreement in its last session")
    add("aspiration", "side", np.inf, "points", "worth that a side asks for")
    deferred = rows(add.keys.issues, lambda key: store.of("issues", key, "deferred"))
    add("deferred", "issue", deferred, "share", "part that is delivered after signing")
    add("table", "issue", np.nan, "level", "package on the table")
    add("offer", "side issue", np.nan, "level", "last package that each side offered")
    add("offers", "side", 0.0, "offers", "different offers made by each side")
    add("first_seen", "side", np.nan, "points", "worth of the other's first offer")
    add("best_seen", "side", -np.inf, "points", "worth of the other's best offer")


def _beliefs(add: Declarer) -> None:
    store = add.store
    spread = store["talks.belief_spread"]
    add(
        "belief_shift",
        "side",
        0.0,
        "points",
        "other's reservation as believed, above what all expect",
    )
    add("belief_variance", "side", spread * spread, "points squared", "variance of that belief")
    variance = np.expm1(store["values.spread"] * store["values.spread"])
    add("seen", "side issue", 1.0, "factor", "other's weights as learned, 1 as all expect them")
    add("seen_variance", "side issue", variance, "factor squared", "variance of these")
    add("type_belief", "side type", PRIOR, "probability", "belief about the other's resolve")
    add("type_margin", "side type", NEVER_REFUSED, "sd", "least margin of a type's refusals")
    add("type_reservation", "side type", 0.0, "points", "reservation value of a side by type")
    add("order", "side issue", 0.0, "issues", "how many the other gives up later, as known")
    add("measured", "side issue", 0.0, "0 or 1", "the other shared it together with another")
    width = spread * np.sqrt(np.full_like(spread, 12.0))
    apart = store["channels.misalignment"] / np.where(width > NO_WIDTH, width, 1.0)
    noise = store["channels.noise"]
    signal = residual_variance(apart) * width * width + noise * noise
    add("signal_variance", "", signal, "points squared", "variance of a back channel's signal")


def _record(add: Declarer) -> None:
    add("agreed", "", 0.0, "0 or 1", "an offer was accepted this week and awaits ratification")
    add("agreement", "issue", np.nan, "level", "package in force")
    add("agreement_week", "", NONE, "week", "week in which the deal came into force, -1 before")
    add("enforcement", "", np.nan, "share", "enforcement of the deal in force")
    add("utility", "side", 0.0, "points", "worth of the deal to each side when it was made")
    add("pareto_gap", "", np.nan, "points", "gain that both still left on the table")
    add("nash_gap", "", np.nan, "points", "distance of the deal from the Nash point")
    add("refused_by", "", NONE, "side", "who refused to ratify the last failure, -1 nobody")
    add("failures", "", 0.0, "times", "involuntary defections: agreements that failed at home")
    add("threats", "side", 0.0, "times", "threats made in public")
    add("executed", "side", 0.0, "times", "threats carried out")
    add("tariff_peak", "side", add.store["tariff"], "share", "highest tariff so far")
    add("income", "region", 1.0, "ratio", "real income against the start")
    add("weeks", "", 0.0, "weeks", "simulated weeks")
    add("income_sum", "region", 0.0, "ratio weeks", "sum of real income against the start")
    add("low_trade_weeks", "", 0.0, "weeks", "weeks in a row with trade under 40 % of the base")
