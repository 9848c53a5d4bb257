"""The adviser: holds an opinion, is influenced, influences the leader, may lead the talks."""

from agents.actor import Actor
from model.arrays import Array, unit


class Adviser(Actor):
    """An adviser or an analyst; what it says reaches the leader through the influence graph."""

    @property
    def access(self) -> Array:
        """Return how far the leader's door is open to this adviser, 0 to 1 (R,)."""
        return self.number("access")

    def counsel(self) -> Array:
        """Return next week's opinion (3, R), as the conduct has it."""
        return unit(self.conduct.counsel(self, super().counsel()))
