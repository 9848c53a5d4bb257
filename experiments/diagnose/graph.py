"""The influence graph: how central each actor is, and the effect of removing each edge."""

from experiments.arms import run_arms
from experiments.diagnose.effects import Removal, removal
from experiments.engine import LEAST_WIDTH, Progress, build
from model.rules.drafts import influence
from model.schema.scenario import Scenario
from model.state.state_drafts import voices


def centrality(setting: Scenario) -> dict[str, float]:
    """Return the total influence of each actor on the leader of its side, 0 to 1.

    It is the share of the actor's private view in the leader's opinion at rest (Friedkin and
    Johnsen 1990); the shares of a side sum to 1. Actors of no side are left out.
    """
    store = build(setting, LEAST_WIDTH, 1).store
    shares = influence(*voices(store, setting, 1))[..., 0]
    rows = {key: row for row, key in enumerate(setting.actors)}
    return {
        key: float(shares[rows[setting.sides[card.side].leader], rows[key]])
        for key, card in setting.actors.items()
        if card.side in setting.sides
    }


def edge_removals(
    setting: Scenario, worlds: int, seed: int = 1, progress: Progress | None = None
) -> list[Removal]:
    """Return the effect of removing each edge between actors: its weight is set to 0.

    An edge has the influence of its speaker on the leader minus that without the edge.
    """
    if not setting.edges:
        return []
    arms = [{f"edges.{edge}.weight": 0.0} for edge in setting.edges]
    tables = run_arms(setting, [{}, *arms], worlds, seed, progress)
    base = next(tables)
    return [
        removal(setting, edge, _carried(setting, edge), base, table)
        for edge, table in zip(setting.edges, tables, strict=True)
    ]


def edge_work(setting: Scenario, worlds: int) -> int:
    """Return the number of world-weeks of all removals of edges."""
    return (len(setting.edges) + 1) * worlds * setting.time.horizon if setting.edges else 0


def _carried(setting: Scenario, edge: str) -> float:
    """Return how much influence of its speaker on the leader of its side an edge carries."""
    speaker, _, listener = edge.partition(">")
    if setting.actors[speaker].side != setting.actors[listener].side:
        return 0.0
    content = setting.model_dump()
    content["edges"][edge]["weight"] = 0.0
    return centrality(setting)[speaker] - centrality(Scenario.model_validate(content))[speaker]
