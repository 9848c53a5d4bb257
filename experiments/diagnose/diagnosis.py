"""Diagnose a scenario: observe worlds, move every number, remove mechanisms and actors."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from experiments.diagnose.bargaining import bargaining
from experiments.diagnose.conflict import conflict
from experiments.diagnose.effects import Effect, Removal, effects, removals
from experiments.diagnose.effects import work as effect_work
from experiments.diagnose.figures import FIGURES
from experiments.diagnose.graph import centrality, edge_removals, edge_work
from experiments.diagnose.home import home
from experiments.diagnose.inert import HOME, Inert, changed_worlds, inert
from experiments.diagnose.inert import work as inert_work
from experiments.diagnose.learning import learning
from experiments.diagnose.observe import Observed, observe
from experiments.diagnose.record import RecordedValue, at_plausible_draws, record, values
from experiments.diagnose.samples import Measured, joined, share
from experiments.engine import Progress
from experiments.statistics import Interval
from model.schema.scenario import Scenario, in_first_edition

WORLDS = 400  # default: well under two minutes for both editions
TOGETHER = 2000  # worlds that are observed at once, which needs about 150 MB
NOT_KNOWN = float("nan")

type Stage = Callable[[str, int], AbstractContextManager[Progress]]


@dataclass(frozen=True)
class Findings:
    """What was found about one edition of a scenario.

    figures: by key, without those that cannot be measured in the scenario.
    """

    edition: int
    figures: Mapping[str, Interval]
    inert: Inert
    effects: Sequence[Effect]
    removals: Sequence[Removal]
    edges: Sequence[Removal]
    records: Sequence[RecordedValue]


@dataclass(frozen=True)
class Diagnosis:
    """The diagnosis of a scenario as it is (`own`), and with the rules of the first edition."""

    scenario: Scenario
    worlds: int
    seed: int
    own: Findings
    first: Findings


def diagnose(setting: Scenario, worlds: int, seed: int, stage: Stage) -> Diagnosis:
    """Diagnose a scenario with the rules of the first edition, and as it is.

    Args:
        setting: The scenario.
        worlds: Number of worlds.
        seed: Random seed.
        stage: Opens a stage of the work, `stage(title, total)`, and gives the function to call with
            the amount of work done since the last call.
    """
    first = examine(in_first_edition(setting), worlds, seed, stage)
    own = first if setting.edition == 1 else examine(setting, worlds, seed, stage)
    return Diagnosis(setting, worlds, seed, own, first)


def examine(setting: Scenario, worlds: int, seed: int, stage: Stage) -> Findings:
    """Return what is found about one edition of a scenario."""
    title = f"edition {setting.edition}"
    parts = []
    with stage(f"{title}: weeks", worlds) as advance:
        for start in range(0, worlds, TOGETHER):
            numbers = range(start, min(start + TOGETHER, worlds))
            parts.append(observe(setting, numbers, seed))
            advance(len(numbers))
    with stage(f"{title}: numbers", inert_work(setting, worlds)) as advance:
        still = inert(setting, worlds, seed, advance)
        changed = changed_worlds(setting, HOME, worlds, seed).to_numpy()
    total = effect_work(setting, worlds) + edge_work(setting, worlds)
    with stage(f"{title}: mechanisms, actors and edges", total) as advance:
        found = effects(setting, worlds, seed, advance)
        gone = removals(setting, worlds, seed, advance, centrality(setting))
        cut = edge_removals(setting, worlds, seed, advance)
    figures = _observed(parts)
    figures["group_numbers_matter"] = share(changed, changed | True).estimate()
    figures["inert_share"] = _count(len(still.names), still.tried)
    for effect in found:
        if effect.mechanism == "truce":
            figures["decoupled_without_truces"] = effect.decoupled
    if gone:
        figures["actors_that_count"] = _count(sum(one.counts for one in gone), len(gone))
    if cut:
        figures["edges_that_count"] = _count(sum(one.counts for one in cut), len(cut))
    plausible = at_plausible_draws(setting, seed)
    if plausible is not None:
        parts = [plausible]
        figures |= {key: found.estimate() for key, found in record(plausible).items()}
    ordered = {one.key: figures[one.key] for one in FIGURES if one.key in figures}
    return Findings(setting.edition, ordered, still, found, gone, cut, values(parts))


def measured(seen: Observed) -> dict[str, Measured]:
    """Return the figures that are measured week by week in observed worlds, by key."""
    return {
        **record(seen),
        **home(seen),
        **learning(seen),
        **bargaining(seen),
        **conflict(seen),
    }


def _observed(parts: Sequence[Observed]) -> dict[str, Interval]:
    """Return the estimates of these figures in all worlds, without those that are missing."""
    samples = [measured(part) for part in parts]
    keys = [key for key in samples[0] if all(key in sample for sample in samples)]
    estimates = {key: joined([sample[key] for sample in samples]).estimate() for key in keys}
    return {key: found for key, found in estimates.items() if found.estimate == found.estimate}


def _count(part: int, whole: int) -> Interval:
    """Return a share of things that are all counted, so that it has no interval."""
    return Interval(part / max(whole, 1), NOT_KNOWN, NOT_KNOWN)
