"""The adviser: an actor that influences its leader and may lead the talks."""

from agents.actor import Actor
from model.arrays import Array, unit


class Adviser(Actor):
    """An adviser or an analyst, whose opinion reaches the leader through the influence graph."""

    @property
    def access(self) -> Array:
        """Access to meetings, 0 to 1 (R,); it scales the rate of sessions if the adviser leads."""
        return self.number("access")

    def counsel(self) -> Array:
        """Return next week's opinion (3, R), as the conduct decides."""
        return unit(self.conduct.counsel(self, super().counsel()))
