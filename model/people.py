"""What the model asks of the people in a negotiation; the classes themselves are in agents/."""

from typing import Any, Protocol

from model.arrays import Array, Mask
from model.rules.curves import Bends
from model.rules.offers import Trades
from model.rules.values import Week
from model.state.names import ParameterName, SideField, StateName


class Person(Protocol):
    """What the model asks of every person or group."""

    key: str
    row: int
    side: str
    kind: str
    title: str
    conduct: Any  # agents.conduct.Conduct: how somebody in the seat moves

    @property
    def opinion(self) -> Array:
        """Return firmness, taste for escalation and demand for enforcement (3, R)."""

    @opinion.setter
    def opinion(self, values: Array) -> None: ...

    def counsel(self) -> Array:
        """Return the opinion for the coming week (3, R)."""


class Group(Person, Protocol):
    """What the model asks of a constituency."""

    group: int  # its row among the constituencies

    @property
    def pain(self) -> Array:
        """Return the smoothed pain (R,)."""

    @property
    def weight(self) -> Array:
        """Return the group's share of its side's weight (R,)."""

    @property
    def voice(self) -> Array:
        """Return the group's share of the weight at home this week (R,)."""

    @property
    def threshold(self) -> Array:
        """Return the worth at which the group is undecided (R,)."""

    def feel(self) -> None:
        """Let the pain of the week sink in."""

    def complain(self) -> Array:
        """Return what the group asks of its leader (3, R)."""

    def support(self, worth: Array) -> Array:
        """Return the chance that the group is for a package of this worth to it (R,)."""


class GoBetween(Person, Protocol):
    """What the model asks of an intermediary."""

    routes: dict[int, list[list[str]]]  # by receiving side: paths for packages of the other side

    def probe(self, week: int) -> None:
        """Make contact, and carry what the other side would settle for."""

    def weight(self, paths: list[list[str]]) -> Array:
        """Return the weight of the best of some paths of the influence graph (R,)."""

    def best_path(self, paths: list[list[str]]) -> Array:
        """Return the number of the path with the largest weight (R,)."""

    def sets_out(self, week: int, sender: "Leader") -> Mask:
        """Return whether the channel sets out with a trial package of the sender (R,)."""

    def delay(self, week: int) -> Array:
        """Return a uniform random number that must be below the weight of the path (R,)."""


class Leader(Person, Protocol):
    """What the model asks of a leader."""

    side_row: int

    @property
    def other(self) -> "Leader":
        """Return the leader across the table."""

    def mine(self, name: StateName) -> Array:
        """Return the side's row of a state array."""

    def note(self, name: StateName, value: Array) -> None:
        """Write the side's row of a state array."""

    def parameter(self, name: ParameterName) -> Array:
        """Return a parameter of the scenario by its dotted name (R,)."""

    def of_side(self, name: SideField) -> Array:
        """Return a number of the leader's side in the scenario (R,)."""

    def drawn(self, purpose: str, week: int) -> Array:
        """Return one uniform a world for a purpose of the leader and a week (R,)."""

    def appraise(self) -> None:
        """Weigh the issues, and set the reservations."""

    def access(self) -> Array:
        """Return how readily the side gets a meeting (R,)."""

    def taste(self) -> Array:
        """Return the taste for a meeting of the leaders (R,)."""

    def gap(self) -> Array:
        """Return how far the other's last offer fell short (R,)."""

    def propose(self) -> Array:
        """Return the package that the side offers (issues, R)."""

    def answer(self, package: Array) -> Mask:
        """Return where a package of the other (issues, R) is accepted."""

    def trial_package(self) -> tuple[Array, Mask]:
        """Return the package that the side sends on trial, and whether it is worth sending."""

    def answer_trial(self, package: Array, real: Mask, sent: Mask) -> Mask:
        """Return whether the side answers warmly to a trial package (R,)."""

    def hear_answer(self, package: Array, warm: Mask, heard: Mask) -> None:
        """Learn from the other's answer to a trial package."""

    def listen_to(self, package: Array) -> None:
        """Learn from an offer of the other."""

    def be_refused(self, package: Array, refused: Mask) -> None:
        """Learn from a refusal of the other."""

    def ratify(self, package: Array) -> Array:
        """Return the chance that a package passes at home (R,)."""

    def supports(self, package: Array) -> dict[str, Array]:
        """Return the chance that each group at home is for a package (R,), by group."""

    def pay_groups(self, package: Array, refused: Mask, passed: Mask, week: int) -> None:
        """Promise side payments at home after a refusal, and settle old promises."""

    def compensate(self, package: Array) -> None:
        """Promise compensation at home for an agreement, if groups would block it."""

    def threatens(self, week: int) -> Mask:
        """Return where the leader makes a new threat (R,)."""

    def threat(self, week: int) -> tuple[Array, Array, Array]:
        """Return the kind, the size and the fuse of the threat that is made, each (R,)."""

    def puts_off(self, week: int) -> Mask:
        """Return where a threat that falls due is put off (R,)."""

    def carries_out(self, week: int) -> Mask:
        """Return where the threat that falls due is carried out (R,)."""

    def makes_gesture(self, week: int, invited: Mask) -> Mask:
        """Return where the leader cuts the tariff a little (R,)."""

    def answer_share(self, week: int) -> Array:
        """Return the part of the other's rise that the answer has (R,)."""

    def ready_for_truce(self) -> Array:
        """Return how ready the leader is for a truce, 0 to 1 (R,)."""

    def deliver(self, normal: Array) -> Array:
        """Return the share of what is owed that the side delivers this week (R,)."""

    def intends(self) -> Array:
        """Return the mean share of its obligations that the side is willing to deliver (R,)."""

    def ends_deal(self, week: int, owed: Array) -> Mask:
        """Return where the leader leaves the deal over what the other owes (R,)."""

    def renegotiates(self, week: int, package: Array, scale: Array) -> Mask:
        """Return whether the leader would rather keep a reduced deal than none (R,)."""

    # What those who look at a leader ask for

    def delivered(self) -> Array:
        """Return the share of each issue that the leader expects to receive (issues, R)."""

    def week(self) -> Week:
        """Return the state variables that scale the utilities of issues this week."""

    def as_counted(self, gains: Array, delivered: Array, week: Week) -> Array:
        """Return marginal utilities as the side counts promises (issues, R)."""

    def believed(self) -> Array:
        """Return the reservation that the other is believed to have (R,)."""

    def update_belief(self) -> None:
        """Set what the side believes about the other's reservation, from its belief about types."""

    def hear_report(self, signal: Array, variance: Array) -> None:
        """Learn from a back channel's report about the other's reservation."""

    def estimate(self) -> Array:
        """Return the other's marginal utilities as this side has learned them (issues, R)."""

    def stakes(self) -> tuple[Array, Array]:
        """Return what each issue is worth to oneself and, as estimated, to the other."""

    def bend(self) -> Array | None:
        """Return the curvature of the side's worth of each issue (issues, R); None if linear."""

    def bends(self) -> Bends:
        """Return the curvature of both sides' values, as in `stakes`."""

    def levels(self) -> Array | None:
        """Return how many levels each issue has in an offer (issues, R); None if all have any."""

    def best(self, trades: Trades, own: Array, theirs: Array) -> Array:
        """Return the most that the other is thought to give (R,)."""

    def aspire(self, own: Array, theirs: Array, clock: Array) -> Array:
        """Return the worth that the side's offering rule asks for at this clock (R,)."""

    def firmness(self) -> Array:
        """Return the firmness at the table (R,)."""

    def settle_for(self, threat: Array, floor: Array, resolve: Array) -> Array:
        """Return the reservation of a leader with this resolve (R,)."""

    def threat_cost(self) -> Array:
        """Return what the other's threats and announced tariffs are expected to cost (R,)."""

    def heeded_threat(self) -> Array:
        """Return the part of that cost that moves the leader, in points (R,)."""

    def floor(self) -> Array:
        """Return what lowers the reservation whatever the resolve (R,)."""

    def pain_weight(self) -> Array:
        """Return the points that a unit of pain costs over the political horizon (R,)."""

    def lowest_tariff(self) -> Array:
        """Return the tariff that the leader can go down to (R,)."""

    def presses(self) -> Mask:
        """Return where the leader's threat is about to fall due (R,)."""

    def credibility(self) -> Array:
        """Return how far the other believes this leader's threats (R,)."""

    def execution_chance(self) -> Array:
        """Return the chance that the leader carries out the threat that falls due (R,)."""

    def ratification_threshold(self) -> Array:
        """Return the worth at which the pivot at home is undecided (R,)."""

    def worth_at_home(self, group: Group, package: Array) -> Array:
        """Return what a package is worth to a group against no agreement (R,)."""

    def worth_to(self, group: Group, package: Array) -> Array:
        """Return what a package is worth to a group at home (R,)."""
