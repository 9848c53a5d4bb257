"""The conduct: how somebody in a seat moves; a program or a person moves by the same interface."""

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
    """Move as the model does; a conduct of one's own overrides what it does otherwise.

    Every method is told what the model would do in the worlds at hand (R,), and returns what is
    done. `seat` is the leader, who can be asked for what the model knows, as `seat.mine("tariff")`,
    `seat.issue("purchases")` or `seat.negotiation.week`. A seat is that of a leader, or of the
    adviser who leads the talks of a side, who has the table (below summits) and the leader's ear,
    and nothing else; `simulate(scenario, seats={"US": Conduct()})` gives it, by side or by name.
    """

    def as_model(self, week: int) -> "Conduct | None":
        """Return a plain conduct if this one moves as the model does from a week on, else None.

        Then a recorded program of the week can stand for it (docs/how_a_week_runs.md).
        """
        return self if type(self) is Conduct else None

    def offer(self, seat: "Leader", package: Array) -> Array:
        """Return the package that is offered, levels from 0 to 1 (issues, R)."""
        return package

    def answer(self, seat: "Leader", package: Array, yes: Mask) -> Mask:
        """Return where a package of the other (issues, R) is accepted."""
        return yes

    def call(self, seat: "Leader", taste: Array) -> Array:
        """Return how much one presses for a meeting of the leaders next week, 0 to 1."""
        return taste

    def threaten(self, seat: "Leader", wants: Mask) -> Mask:
        """Return where a new threat is made, if there may be one."""
        return wants

    def threat(self, seat: "Leader", threat: Threat) -> Threat:
        """Return the threat that is made."""
        return threat

    def put_off(self, seat: "Leader", wants: Mask) -> Mask:
        """Return where a threat that falls due soon after a session is put off."""
        return wants

    def carry_out(self, seat: "Leader", wants: Mask) -> Mask:
        """Return where a threat that falls due is carried out; elsewhere one backs down."""
        return wants

    def gesture(self, seat: "Leader", wants: Mask) -> Mask:
        """Return where one's own tariff is cut a little, unasked."""
        return wants

    def truce(self, seat: "Leader", ready: Array) -> Array:
        """Return how ready one is for a truce, 0 to 1."""
        return ready

    def retaliate(self, seat: "Leader", share: Array) -> Array:
        """Return the answer to a rise of the other, as a share of it, at least 0."""
        return share

    def deliver(self, seat: "Leader", share: Array) -> Array:
        """Return the share of what a deal asks of one this week, 0 to 1, as far as one can."""
        return share

    def leave(self, seat: "Leader", wants: Mask) -> Mask:
        """Return where a deal is ended of which the other owes something."""
        return wants

    def counsel(self, seat: "Adviser", opinion: Array) -> Array:
        """Return what an adviser says next week: firmness, escalation, enforcement (3, R)."""
        return opinion


class SplitConduct(Conduct):
    """Move otherwise in each part of the worlds: by conduct 0, 1, ... as `part` (R,) says."""

    def __init__(self, conducts: Sequence[Conduct], part: Index) -> None:
        self.conducts = list(conducts)
        self.part = part

    def as_model(self, week: int) -> Conduct | None:
        """Return a plain conduct if each part moves as the model does from a week on."""
        plain = [conduct.as_model(week) for conduct in self.conducts]
        return Conduct() if type(self) is SplitConduct and None not in plain else None

    def _joined(self, seat: "Leader | Adviser", name: str, *told: Any) -> Any:
        """Return what each conduct does in its worlds; the last thing told is the model's move."""
        part = seat.store.here(self.part)
        done = told[-1]
        for number, conduct in enumerate(self.conducts):
            moved = getattr(conduct, name)(seat, *told)
            done = np.where(part == number, moved, done)
        return done

    def offer(self, seat: "Leader", package: Array) -> Array:
        """Return the packages that the conducts offer (issues, R)."""
        done: Array = self._joined(seat, "offer", package)
        return done

    def answer(self, seat: "Leader", package: Array, yes: Mask) -> Mask:
        """Return where the conducts accept a package (issues, R)."""
        done: Mask = self._joined(seat, "answer", package, yes)
        return done

    def call(self, seat: "Leader", taste: Array) -> Array:
        """Return how much the conducts press for a meeting of the leaders."""
        done: Array = self._joined(seat, "call", taste)
        return done

    def threaten(self, seat: "Leader", wants: Mask) -> Mask:
        """Return where the conducts make a new threat."""
        done: Mask = self._joined(seat, "threaten", wants)
        return done

    def threat(self, seat: "Leader", threat: Threat) -> Threat:
        """Return the threats that the conducts make."""
        part, kind, size, fuse = seat.store.here(self.part), *threat
        for number, conduct in enumerate(self.conducts):
            mine = part == number
            moved = conduct.threat(seat, threat)
            kind, size = np.where(mine, moved.kind, kind), np.where(mine, moved.size, size)
            fuse = np.where(mine, moved.fuse, fuse)
        return Threat(kind, size, fuse)

    def put_off(self, seat: "Leader", wants: Mask) -> Mask:
        """Return where the conducts put a threat off."""
        done: Mask = self._joined(seat, "put_off", wants)
        return done

    def carry_out(self, seat: "Leader", wants: Mask) -> Mask:
        """Return where the conducts carry a threat out."""
        done: Mask = self._joined(seat, "carry_out", wants)
        return done

    def gesture(self, seat: "Leader", wants: Mask) -> Mask:
        """Return where the conducts cut their own tariff a little."""
        done: Mask = self._joined(seat, "gesture", wants)
        return done

    def truce(self, seat: "Leader", ready: Array) -> Array:
        """Return how ready the conducts are for a truce."""
        done: Array = self._joined(seat, "truce", ready)
        return done

    def retaliate(self, seat: "Leader", share: Array) -> Array:
        """Return the answers of the conducts to a rise, as a share of it."""
        done: Array = self._joined(seat, "retaliate", share)
        return done

    def deliver(self, seat: "Leader", share: Array) -> Array:
        """Return the share that the conducts deliver."""
        done: Array = self._joined(seat, "deliver", share)
        return done

    def leave(self, seat: "Leader", wants: Mask) -> Mask:
        """Return where the conducts end a deal."""
        done: Mask = self._joined(seat, "leave", wants)
        return done

    def counsel(self, seat: "Adviser", opinion: Array) -> Array:
        """Return what the conducts say as advisers (3, R)."""
        done: Array = self._joined(seat, "counsel", opinion)
        return done
