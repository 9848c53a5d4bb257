"""The talks of the scenario `classroom`, written in plain Mesa: one world, scalars, agents.

A reference for comparisons. It has the same rules (counsel, offers, answers) as model/ and agents/,
as far as the scenario `classroom` uses them. `benchmarks.rivals` checks that both make the same
deal in the same week, and prints the time of each.
"""

from collections.abc import Sequence
from math import exp

import mesa

from model.schema.scenario import Scenario

type Package = list[float]


class Speaker(mesa.Agent):
    """A person with an opinion about firmness, who listens to others."""

    def __init__(self, model: "Talks", key: str, firmness: float, openness: float) -> None:
        super().__init__(model)
        self.key, self.conviction, self.openness = key, firmness, openness
        self.opinion = self.heard = firmness
        self.ears: list[tuple[Speaker, float]] = []

    def listen(self) -> None:
        """Combine the opinions of others with the own view (Friedkin and Johnsen 1990)."""
        total = sum(weight for _, weight in self.ears)
        weighted = sum(weight * other.opinion for other, weight in self.ears)
        heard = weighted / total if total > 0.0 else self.conviction
        self.heard = self.openness * self.influence(heard) + (1.0 - self.openness) * self.conviction

    def influence(self, heard: float) -> float:
        """Return the total influence on the opinion: that of other people."""
        return heard

    def speak(self) -> None:
        """Adopt the new opinion."""
        self.opinion = self.heard


class Bargainer(Speaker):
    """A leader, who also listens to the street, makes offers, and answers."""

    def __init__(self, model: "Talks", key: str, side: str, setting: Scenario) -> None:
        card = setting.actors[key]
        super().__init__(model, key, card.firmness, card.susceptibility)
        self.setting, self.side, self.other = setting, side, self
        groups = [c for c in setting.constituencies.values() if c.side == side]
        total = sum(group.weight for group in groups)
        self.street = sum(group.weight / total * group.firmness for group in groups)
        self.gains = [self.worth_of(issue) for issue in setting.issues]
        self.first: float | None = None
        self.best_seen = -float("inf")

    def worth_of(self, issue: str) -> float:
        """Return the worth of a full concession on an issue to the side, in points."""
        card, groups = self.setting.issues[issue], self.setting.constituencies
        mine = {key: group for key, group in groups.items() if group.side == self.side}
        total = sum(group.weight for group in mine.values())
        net = sum(group.weight / total * card.stakes.get(key, 0.0) for key, group in mine.items())
        return net * (self.setting.values.cost_scale if net < 0.0 else 1.0)

    def influence(self, heard: float) -> float:
        """Return the total influence on the opinion: the street and other people."""
        share = self.setting.influence.street
        return share * self.street + (1.0 - share) * heard

    def propose(self) -> Package:
        """Return the best package for the other side at the own aspiration."""
        return self.package(self.aspiration(self.model.clock))

    def accepts(self, package: Package) -> bool:
        """Return whether a package is worth at least the own aspiration of the next week."""
        worth = value(self.gains, package)
        self.first = worth if self.first is None else self.first
        self.best_seen = max(self.best_seen, worth)
        return worth >= max(self.aspiration(self.model.clock + 1), 0.0) - 1e-12

    def aspiration(self, clock: int) -> float:
        """Return the aspiration, which falls with time and with the other's concessions.

        Faratin et al. (1998).
        """
        talks, best = self.setting.talks, max(self.most(), 0.0)
        elapsed = min(clock / talks.window, 1.0)
        shape = talks.exponent * exp(-talks.firmness_slope * (self.opinion - 0.5))
        mirror = 1.0
        if self.first is not None and best > self.first:
            conceded = (self.best_seen - self.first) / (best - self.first)
            mirror = min(max(1.0 - conceded, 0.0), 1.0)
        time = float(1.0 - elapsed ** (1.0 / shape))
        return best * ((1.0 - talks.mirror) * time + talks.mirror * mirror)

    def trades(self) -> tuple[Package, list[int]]:
        """Return the ideal package, and the contested issues, sorted by the other's gain."""
        own, theirs = self.gains, self.other.gains
        ideal = [
            float(mine > 0.0 or (mine == 0.0 and yours > 0.0))
            for mine, yours in zip(own, theirs, strict=True)
        ]
        contested = [k for k in range(len(own)) if own[k] * theirs[k] < 0.0]
        return ideal, sorted(contested, key=lambda k: -abs(theirs[k] / own[k]))

    def package(self, worth: float) -> Package:
        """Return the best package for the other side with this worth to the own side."""
        offer, order = self.trades()
        budget = max(value(self.gains, offer) - worth, 0.0)
        for k in order:
            share = min(budget / abs(self.gains[k]), 1.0)
            budget -= share * abs(self.gains[k])
            offer[k] = abs(offer[k] - share)
        return offer

    def most(self) -> float:
        """Return the largest worth at which the other side is not worse off than without a deal."""
        offer, order = self.trades()
        needed = max(-value(self.other.gains, offer), 0.0)
        for k in order:
            share = min(needed / abs(self.other.gains[k]), 1.0)
            needed -= share * abs(self.other.gains[k])
            offer[k] = abs(offer[k] - share)
        return value(self.gains, offer)


class Talks(mesa.Model):
    """One world of the scenario `classroom`."""

    def __init__(self, setting: Scenario) -> None:
        super().__init__(rng=0)
        self.week = self.clock = 0
        self.agreement: Package | None = None
        self.agreed_in = 0
        leaders = {card.leader: side for side, card in setting.sides.items()}
        people: dict[str, Speaker] = {}
        for key, card in setting.actors.items():
            people[key] = (
                Bargainer(self, key, leaders[key], setting)
                if key in leaders
                else Speaker(self, key, card.firmness, card.susceptibility)
            )
        for edge, tie in setting.edges.items():
            speaker, listener = edge.split(">")
            people[listener].ears.append((people[speaker], tie.weight))
        first, second = (people[key] for key in leaders)
        assert isinstance(first, Bargainer)
        assert isinstance(second, Bargainer)
        first.other, second.other = second, first
        self.turn = first

    def step(self) -> None:
        """Simulate one week: people listen and speak, then one leader offers and one answers."""
        self.week += 1
        self.agents.do("listen")
        self.agents.do("speak")
        if self.agreement is None:
            offer, answerer = self.turn.propose(), self.turn.other
            if answerer.accepts(offer):
                self.agreement, self.agreed_in = offer, self.week
            self.turn, self.clock = answerer, self.clock + 1


def value(gains: Sequence[float], package: Sequence[float]) -> float:
    """Return the worth of a package in points."""
    return sum(gain * level for gain, level in zip(gains, package, strict=True))
