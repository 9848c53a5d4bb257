"""The adviser: an actor that influences its leader and may lead the talks."""

from agents.actor import Actor
from model.arrays import Array, unit


class Adviser(Actor):
    """An adviser or an analyst, whose opinion reaches the leader through the influence graph."""

    def counsel(self) -> Array:
        """Return next week's opinion (3, R), as the conduct decides."""
        return unit(self.conduct.counsel(self, super().counsel()))
