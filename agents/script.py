"""Written moves: what somebody in a seat does week by week, in a game or in a transcript."""

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
AS_MODEL = -1.0  # as `answer`: as the model would, forgiving included; no share is below 0


@dataclass(frozen=True)
class Order:
    """A threat to be made: kind, size as a tariff rise (share), and weeks until it falls due."""

    kind: Kind = "tariff"
    size: float = 0.10
    fuse: int = 4


@dataclass(frozen=True)
class Moves:
    """What one seat does in a week, in every world alike; as it stands here: wait.

    offer: levels from 0 to 1 in the order of the issues, used where it is the seat's turn; without
    one the last offer is repeated, and before any the model's own is made. due: what becomes of a
    threat that falls due. answer and deliver: standing orders, the share of a rise that is answered
    (until the next move is made; AS_MODEL: as much as the model would) and the share of what is
    owed in a deal that is delivered. call and counsel act at the beginning of the next week.
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
    counsel: tuple[float, float, float] | None = None


class Script(Conduct):
    """Do what is written for a week; where nothing is written, as the model does.

    What begins a week, before anybody has moved, follows the moves of the week before.
    """

    def __init__(self, moves: Mapping[int, Moves]) -> None:
        self.moves = moves

    def as_model(self, week: int) -> Conduct | None:
        """Return a plain conduct if nothing is written from the week before on, else None."""
        idle = type(self) is Script and all(written < week - 1 for written in self.moves)
        return Conduct() if idle else None

    def now(self, seat: Any) -> Moves | None:
        """Return the moves that hold now, None where the model moves."""
        negotiation = seat.negotiation
        return self.moves.get(negotiation.week if negotiation.opened else negotiation.week - 1)

    def offer(self, seat: "Leader", package: Array) -> Array:
        """Return the written package, else the last one offered, else the model's (issues, R)."""
        moves = self.now(seat)
        if moves is None:
            return package
        if moves.offer is None:
            last = seat.mine("offer")
            repeated: Array = np.where(np.isnan(last), package, last)
            return repeated
        written: Array = np.zeros_like(package) + np.array(moves.offer)[:, np.newaxis]
        return written

    def answer(self, seat: "Leader", package: Array, yes: Mask) -> Mask:
        """Return the written answer."""
        moves = self.now(seat)
        return yes if moves is None else np.full_like(yes, moves.accept)

    def call(self, seat: "Leader", taste: Array) -> Array:
        """Return 1 where a meeting was asked for, else 0."""
        moves = self.now(seat)
        return taste if moves is None else np.full_like(taste, float(moves.call))

    def threaten(self, seat: "Leader", wants: Mask) -> Mask:
        """Return whether a threat is written."""
        moves = self.now(seat)
        return wants if moves is None else np.full_like(wants, moves.threat is not None)

    def threat(self, seat: "Leader", threat: Threat) -> Threat:
        """Return the written threat."""
        moves = self.now(seat)
        if moves is None or moves.threat is None:
            return threat
        order = moves.threat
        values = (KINDS[order.kind], order.size, float(order.fuse))
        return Threat(*(np.full_like(threat.size, value) for value in values))

    def put_off(self, seat: "Leader", wants: Mask) -> Mask:
        """Return whether a threat is put off."""
        moves = self.now(seat)
        return wants if moves is None else np.full_like(wants, moves.due == "put_off")

    def carry_out(self, seat: "Leader", wants: Mask) -> Mask:
        """Return whether a threat is carried out."""
        moves = self.now(seat)
        return wants if moves is None else np.full_like(wants, moves.due == "carry_out")

    def gesture(self, seat: "Leader", wants: Mask) -> Mask:
        """Return whether a gesture is made."""
        moves = self.now(seat)
        return wants if moves is None else np.full_like(wants, moves.gesture)

    def truce(self, seat: "Leader", ready: Array) -> Array:
        """Return 1 where a truce is called for, else 0."""
        moves = self.now(seat)
        return ready if moves is None else np.full_like(ready, float(moves.truce))

    def retaliate(self, seat: "Leader", share: Array) -> Array:
        """Return the standing order for answers."""
        moves = self.now(seat)
        if moves is None or moves.answer == AS_MODEL:
            return share
        return np.full_like(share, moves.answer)

    def deliver(self, seat: "Leader", share: Array) -> Array:
        """Return the standing order for what is owed."""
        moves = self.now(seat)
        return share if moves is None else np.full_like(share, moves.deliver)

    def leave(self, seat: "Leader", wants: Mask) -> Mask:
        """Return whether the deal is ended."""
        moves = self.now(seat)
        return wants if moves is None else np.full_like(wants, moves.leave)

    def counsel(self, seat: "Adviser", opinion: Array) -> Array:
        """Return the written counsel (3, R)."""
        moves = self.now(seat)
        if moves is None or moves.counsel is None:
            return opinion
        said: Array = np.zeros_like(opinion) + np.array(moves.counsel)[:, np.newaxis]
        return said
