"""The adviser: holds an opinion, is influenced, influences the leader, may lead the talks."""

from agents.actor import Actor
from model.arrays import Array


class Adviser(Actor):
    """An adviser or an analyst; what it says reaches the leader through the influence graph."""

    @property
    def access(self) -> Array:
        """Return how far the leader's door is open to this adviser, 0 to 1 (R,)."""
        return self.number("access")
