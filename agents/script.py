"""Scripted moves of a seat, week by week, for games and transcripts."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from agents.conduct import Conduct, Threat
from model.arrays import Array, Mask
from model.rules.coercion import CONTROL, REVOCATION, TARIFF

if TYPE_CHECKING:
    from agents.adviser import Adviser
    from agents.leader import Leader

type Kind = Literal["tariff", "control", "revocation"]
type Due = Literal["carry_out", "put_off", "back_down"]

KINDS: dict[Kind, float] = {"tariff": TARIFF, "control": CONTROL, "revocation": REVOCATION}
AS_MODEL = -1.0  # value of `answer` for the model's own retaliation; shares are never below 0


@dataclass(frozen=True)
class Order:
    """A new threat: kind, size as a tariff rise (share), and fuse (weeks until it falls due)."""

    kind: Kind = "tariff"
    size: float = 0.10
    fuse: int = 4


@dataclass(frozen=True)
class Moves:
    """The moves of one seat in a week, the same in all worlds; the defaults mean waiting.

    offer: levels from 0 to 1 in the order of the issues, used if it is the seat's turn. Without it,
    the last offer is repeated; before the first offer, the model's offer is made. due: decision on
    a threat that falls due. answer: share of a tariff rise to answer until the next moves
    (AS_MODEL: the model's own answer). deliver: share of the obligations of a deal to deliver.
    renegotiate: whether to reduce a deal that would end to what is delivered. call and counsel take
    effect at the beginning of the next week. channel: key of the intermediary in contact that is to
    carry a trial package, or "" to send none; trial: its levels, by default the model's package.
    drafter: key of the adviser who was asked for a draft of the offer, or "". It is a note that
    changes nothing, because the offer has its levels.
    """

    offer: tuple[float, ...] | None = None
    accept: bool = False
    threat: Order | None = None
    due: Due = "back_down"
    gesture: bool = False
    truce: bool = False
    call: bool = False
    answer: float = 1.0
    deliver: float = 1.0
    leave: bool = False
    renegotiate: bool = True
    counsel: tuple[float, float, float] | None = None
    channel: str = ""
    trial: tuple[float, ...] | None = None
    drafter: str = ""


class Script(Conduct):
    """Follow the scripted moves of each week; in weeks without moves, move like the model.

    The first part of a week, before the leaders move, uses the moves of the previous week.
    """

    def __init__(self, moves: Mapping[int, Moves]) -> None:
        self.moves = moves

    def as_model(self, week: int) -> Conduct | None:
        """Return a plain conduct if nothing is written from the week before on, else None."""
        idle = type(self) is Script and all(written < week - 1 for written in self.moves)
        return Conduct() if idle else None

    def now(self, seat: Any) -> Moves | None:
        """Return the current moves, or None if the model moves."""
        negotiation = seat.negotiation
        return self.moves.get(negotiation.week if negotiation.opened else negotiation.week - 1)

    def offer(self, seat: "Leader", package: Array) -> Array:
        """Return the scripted package, else the last offer, else the model's (issues, R)."""
        moves = self.now(seat)
        if moves is None:
            return package
        if moves.offer is None:
            last = seat.mine("offer")
            repeated: Array = np.where(np.isnan(last), package, last)
            return repeated
        scripted: Array = np.zeros_like(package) + np.array(moves.offer)[:, np.newaxis]
        return scripted

    def answer(self, seat: "Leader", package: Array, yes: Mask) -> Mask:
        """Return the scripted answer to an offer (R,)."""
        moves = self.now(seat)
        return yes if moves is None else np.full_like(yes, moves.accept)

    def entrust(self, seat: "Leader", channel: str, wants: Mask) -> Mask:
        """Return whether the script sends a trial package through a back channel (R,)."""
        moves = self.now(seat)
        return wants if moves is None else np.full_like(wants, moves.channel == channel)

    def trial(self, seat: "Leader", package: Array) -> Array:
        """Return the scripted trial package, else the model's (issues, R)."""
        moves = self.now(seat)
        if moves is None or moves.trial is None:
            return package
        scripted: Array = np.zeros_like(package) + np.array(moves.trial)[:, np.newaxis]
        return scripted

    def call(self, seat: "Leader", taste: Array) -> Array:
        """Return 1 if the script calls for a meeting of the leaders, else 0 (R,)."""
        moves = self.now(seat)
        return taste if moves is None else np.full_like(taste, float(moves.call))

    def threaten(self, seat: "Leader", wants: Mask) -> Mask:
        """Return whether the script makes a new threat (R,)."""
        moves = self.now(seat)
        return wants if moves is None else np.full_like(wants, moves.threat is not None)

    def threat(self, seat: "Leader", threat: Threat) -> Threat:
        """Return the scripted threat."""
        moves = self.now(seat)
        if moves is None or moves.threat is None:
            return threat
        order = moves.threat
        values = (KINDS[order.kind], order.size, float(order.fuse))
        return Threat(*(np.full_like(threat.size, value) for value in values))

    def climb(self, seat: "Leader", wants: Mask) -> Mask:
        """Return false where the script moves: its threats are in `threat` (R,)."""
        return wants if self.now(seat) is None else np.full_like(wants, False)

    def put_off(self, seat: "Leader", wants: Mask) -> Mask:
        """Return whether the script postpones a due threat (R,)."""
        moves = self.now(seat)
        return wants if moves is None else np.full_like(wants, moves.due == "put_off")

    def carry_out(self, seat: "Leader", wants: Mask) -> Mask:
        """Return whether the script executes a due threat (R,)."""
        moves = self.now(seat)
        return wants if moves is None else np.full_like(wants, moves.due == "carry_out")

    def gesture(self, seat: "Leader", wants: Mask) -> Mask:
        """Return whether the script makes a gesture (R,)."""
        moves = self.now(seat)
        return wants if moves is None else np.full_like(wants, moves.gesture)

    def truce(self, seat: "Leader", ready: Array) -> Array:
        """Return 1 if the script calls for a truce, else 0 (R,)."""
        moves = self.now(seat)
        return ready if moves is None else np.full_like(ready, float(moves.truce))

    def retaliate(self, seat: "Leader", share: Array) -> Array:
        """Return the scripted share of a rise to answer (R,)."""
        moves = self.now(seat)
        if moves is None or moves.answer == AS_MODEL:
            return share
        return np.full_like(share, moves.answer)

    def deliver(self, seat: "Leader", share: Array) -> Array:
        """Return the scripted share of the obligations to deliver (R,)."""
        moves = self.now(seat)
        return share if moves is None else np.full_like(share, moves.deliver)

    def leave(self, seat: "Leader", wants: Mask) -> Mask:
        """Return whether the script ends the deal (R,)."""
        moves = self.now(seat)
        return wants if moves is None else np.full_like(wants, moves.leave)

    def renegotiate(self, seat: "Leader", wants: Mask) -> Mask:
        """Return whether the script reduces a deal rather than lets it end (R,)."""
        moves = self.now(seat)
        return wants if moves is None else np.full_like(wants, moves.renegotiate)

    def counsel(self, seat: "Adviser", opinion: Array) -> Array:
        """Return the scripted opinion of an adviser (3, R)."""
        moves = self.now(seat)
        if moves is None or moves.counsel is None:
            return opinion
        scripted: Array = np.zeros_like(opinion) + np.array(moves.counsel)[:, np.newaxis]
        return scripted
