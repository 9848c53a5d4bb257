"""The conduct: the moves of a seat. Programs and players use the same interface as the model."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from model.arrays import Array, Index, Mask

if TYPE_CHECKING:
    from agents.adviser import Adviser
    from agents.leader import Leader


class Threat(NamedTuple):
    """A threat, each field (R,): kind (see model.rules.coercion), size (share), fuse (weeks)."""

    kind: Array
    size: Array
    fuse: Array


class Conduct:
    """The conduct of the model; subclasses override the moves that they make differently.

    Each method gets the model's move in the current worlds (R,) and returns the actual move. `seat`
    is the leader; a conduct can read the model's state from it, for example `seat.mine("tariff")`,
    `seat.issue("purchases")` or `seat.negotiation.week`. Leaders have a seat, and so do advisers
    who lead the talks of a side. A lead adviser only negotiates (below summits) and advises its
    leader. `simulate(scenario, seats={"US": Conduct()})` assigns a conduct, by side or by actor.
    """

    def as_model(self, week: int) -> "Conduct | None":
        """Return a plain conduct if this one moves as the model does from a week on, else None.

        Then a recorded program of the week can stand for it (docs/how_a_week_runs.md).
        """
        return self if type(self) is Conduct else None

    def offer(self, seat: "Leader", package: Array) -> Array:
        """Return the package to offer, levels from 0 to 1 (issues, R)."""
        return package

    def answer(self, seat: "Leader", package: Array, yes: Mask) -> Mask:
        """Return whether to accept a package of the other side (issues, R), (R,)."""
        return yes

    def entrust(self, seat: "Leader", channel: str, wants: Mask) -> Mask:
        """Return whether to send a trial package through a back channel in contact (R,).

        channel: key of the intermediary. It is asked only where a trial package is possible.
        """
        return wants

    def trial(self, seat: "Leader", package: Array) -> Array:
        """Return the trial package to send, levels from 0 to 1 (issues, R)."""
        return package

    def answer_trial(self, seat: "Leader", package: Array, warm: Mask) -> Mask:
        """Return whether to answer warmly to a trial package of the other side (issues, R), (R,).

        The answer commits to nothing.
        """
        return warm

    def call(self, seat: "Leader", taste: Array) -> Array:
        """Return the effort to arrange a meeting of the leaders next week, 0 to 1 (R,)."""
        return taste

    def threaten(self, seat: "Leader", wants: Mask) -> Mask:
        """Return whether to make a new threat, in worlds in which one is possible (R,)."""
        return wants

    def threat(self, seat: "Leader", threat: Threat) -> Threat:
        """Return the kind, size and fuse of a new threat."""
        return threat

    def climb(self, seat: "Leader", wants: Mask) -> Mask:
        """Return whether to meet a retaliation with a threat of a larger rise (R,).

        By default it is decided like a new threat.
        """
        return self.threaten(seat, wants)

    def put_off(self, seat: "Leader", wants: Mask) -> Mask:
        """Return whether to postpone a threat that falls due soon after a session (R,)."""
        return wants

    def carry_out(self, seat: "Leader", wants: Mask) -> Mask:
        """Return whether to execute a threat that falls due; otherwise back down (R,)."""
        return wants

    def gesture(self, seat: "Leader", wants: Mask) -> Mask:
        """Return whether to make a small unilateral tariff cut (R,)."""
        return wants

    def truce(self, seat: "Leader", ready: Array) -> Array:
        """Return the readiness for a truce, 0 to 1 (R,)."""
        return ready

    def retaliate(self, seat: "Leader", share: Array) -> Array:
        """Return the answer to a tariff rise, as a share of the rise, at least 0 (R,)."""
        return share

    def deliver(self, seat: "Leader", share: Array) -> Array:
        """Return the share of this week's obligations to deliver, 0 to 1 (R,).

        A capacity may limit actual delivery.
        """
        return share

    def leave(self, seat: "Leader", wants: Mask) -> Mask:
        """Return whether to end a deal in which the other side has arrears (R,)."""
        return wants

    def renegotiate(self, seat: "Leader", wants: Mask) -> Mask:
        """Return whether to reduce a deal to what is delivered, rather than let it end (R,).

        It matters in worlds in which one side would end the deal; both sides must agree.
        """
        return wants

    def counsel(self, seat: "Adviser", opinion: Array) -> Array:
        """Return an adviser's opinion next week: firmness, escalation, enforcement (3, R)."""
        return opinion


class SplitConduct(Conduct):
    """Different conducts in different worlds.

    conducts: the conducts; part: index of the conduct of each world (R,).
    """

    def __init__(self, conducts: Sequence[Conduct], part: Index) -> None:
        self.conducts = list(conducts)
        self.part = part

    def as_model(self, week: int) -> Conduct | None:
        """Return a plain conduct if each part moves as the model does from a week on."""
        plain = [conduct.as_model(week) for conduct in self.conducts]
        return Conduct() if type(self) is SplitConduct and None not in plain else None

    def _joined(self, seat: "Leader | Adviser", name: str, *arguments: Any) -> Any:
        """Return the moves of all conducts, each in its worlds.

        arguments: those of the method `name`; the last one is the model's move.
        """
        part = seat.store.here(self.part)
        moves = arguments[-1]
        for number, conduct in enumerate(self.conducts):
            own_moves = getattr(conduct, name)(seat, *arguments)
            moves = np.where(part == number, own_moves, moves)
        return moves

    def offer(self, seat: "Leader", package: Array) -> Array:
        """Return the packages that the conducts offer (issues, R)."""
        moves: Array = self._joined(seat, "offer", package)
        return moves

    def answer(self, seat: "Leader", package: Array, yes: Mask) -> Mask:
        """Return whether the conducts accept a package (R,)."""
        moves: Mask = self._joined(seat, "answer", package, yes)
        return moves

    def entrust(self, seat: "Leader", channel: str, wants: Mask) -> Mask:
        """Return whether the conducts send a trial package through a back channel (R,)."""
        moves: Mask = self._joined(seat, "entrust", channel, wants)
        return moves

    def trial(self, seat: "Leader", package: Array) -> Array:
        """Return the trial packages that the conducts send (issues, R)."""
        moves: Array = self._joined(seat, "trial", package)
        return moves

    def answer_trial(self, seat: "Leader", package: Array, warm: Mask) -> Mask:
        """Return whether the conducts answer warmly to a trial package (R,)."""
        moves: Mask = self._joined(seat, "answer_trial", package, warm)
        return moves

    def call(self, seat: "Leader", taste: Array) -> Array:
        """Return the conducts' efforts to arrange a meeting of the leaders (R,)."""
        moves: Array = self._joined(seat, "call", taste)
        return moves

    def threaten(self, seat: "Leader", wants: Mask) -> Mask:
        """Return whether the conducts make a new threat (R,)."""
        moves: Mask = self._joined(seat, "threaten", wants)
        return moves

    def threat(self, seat: "Leader", threat: Threat) -> Threat:
        """Return the threats that the conducts make."""
        part, kind, size, fuse = seat.store.here(self.part), *threat
        for number, conduct in enumerate(self.conducts):
            own_worlds = part == number
            own_threat = conduct.threat(seat, threat)
            kind = np.where(own_worlds, own_threat.kind, kind)
            size = np.where(own_worlds, own_threat.size, size)
            fuse = np.where(own_worlds, own_threat.fuse, fuse)
        return Threat(kind, size, fuse)

    def climb(self, seat: "Leader", wants: Mask) -> Mask:
        """Return whether the conducts meet a retaliation with a larger threat (R,)."""
        moves: Mask = self._joined(seat, "climb", wants)
        return moves

    def put_off(self, seat: "Leader", wants: Mask) -> Mask:
        """Return whether the conducts postpone a threat (R,)."""
        moves: Mask = self._joined(seat, "put_off", wants)
        return moves

    def carry_out(self, seat: "Leader", wants: Mask) -> Mask:
        """Return whether the conducts execute a threat (R,)."""
        moves: Mask = self._joined(seat, "carry_out", wants)
        return moves

    def gesture(self, seat: "Leader", wants: Mask) -> Mask:
        """Return whether the conducts make a small unilateral tariff cut (R,)."""
        moves: Mask = self._joined(seat, "gesture", wants)
        return moves

    def truce(self, seat: "Leader", ready: Array) -> Array:
        """Return the conducts' readiness for a truce (R,)."""
        moves: Array = self._joined(seat, "truce", ready)
        return moves

    def retaliate(self, seat: "Leader", share: Array) -> Array:
        """Return the conducts' answers to a tariff rise, as shares of it (R,)."""
        moves: Array = self._joined(seat, "retaliate", share)
        return moves

    def deliver(self, seat: "Leader", share: Array) -> Array:
        """Return the shares that the conducts deliver (R,)."""
        moves: Array = self._joined(seat, "deliver", share)
        return moves

    def leave(self, seat: "Leader", wants: Mask) -> Mask:
        """Return whether the conducts end a deal (R,)."""
        moves: Mask = self._joined(seat, "leave", wants)
        return moves

    def renegotiate(self, seat: "Leader", wants: Mask) -> Mask:
        """Return whether the conducts reduce a deal rather than let it end (R,)."""
        moves: Mask = self._joined(seat, "renegotiate", wants)
        return moves

    def counsel(self, seat: "Adviser", opinion: Array) -> Array:
        """Return the opinions that the conducts state as advisers (3, R)."""
        moves: Array = self._joined(seat, "counsel", opinion)
        return moves
