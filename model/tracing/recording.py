"""Record one week of a negotiation: its agents and phases run once on symbolic arrays."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from model.tracing.errors import CannotRecord
from model.tracing.functions import RECORDED
from model.tracing.graph import Fold, Graph, Node
from model.tracing.stores import RecordingStore, RecordingStreams
from model.tracing.symbols import INT, SymbolicArray
from model.week import Phase

if TYPE_CHECKING:
    from model.negotiation import Negotiation

assert RECORDED  # symbols look functions up that this import has registered
OF_THE_WEEK = {"mood", "week", "opened", "running", "_resting", "store", "streams"}
PLAIN = (int, float, str, bool, tuple, type(None))


@dataclass(frozen=True)
class Recording:
    """A recorded week: the graph, what is in each row at its end, and which worlds end with it.

    rows: by state the number of its first row; memory: rows that only the program knows follow
    those of the states.
    """

    graph: Graph
    rows: Mapping[str, int]
    states: int
    finals: Mapping[int, Node]
    ended: Node


def state_rows(negotiation: "Negotiation") -> tuple[dict[str, int], int]:
    """Return the first row of each state in a program's memory, and how many rows there are."""
    rows: dict[str, int] = {}
    end = 0
    worlds = negotiation.store.worlds
    for name, array in negotiation.store.arrays().items():
        rows[name] = end
        end += array.size // worlds
    return rows, end


def record(negotiation: "Negotiation", phases: Sequence[Phase], fold: Fold) -> Recording:
    """Return one week of a negotiation. The negotiation cannot be used afterwards.

    Raises CannotRecord, or whatever a rule raises that meets symbols instead of numbers.
    """
    graph = Graph(fold)
    graph.phase = phases[0].name
    rows, states = state_rows(negotiation)
    nodes = np.empty((), dtype=object)
    nodes[()] = graph.source("week", None)
    week = SymbolicArray(graph, nodes, INT)
    store = RecordingStore(graph, negotiation.store, rows)
    streams = RecordingStreams(graph, negotiation.streams, week)
    with _symbols(negotiation, store, streams):
        before = _attributes(negotiation)
        negotiation.week = week  # type: ignore[assignment]
        for phase in phases:
            graph.phase = phase.name
            phase.run(negotiation)
        graph.phase = "end of the week"
        ended: Any = negotiation.finished()
        _unchanged(before, _attributes(negotiation))
    finals = store.finals()
    finals |= {states + place: node for place, node in graph.kept.items()}
    return Recording(graph, rows, states, finals, ended.nodes[()])


@contextmanager
def _symbols(negotiation: Any, store: RecordingStore, streams: RecordingStreams) -> Iterator[None]:
    """Put symbols in the place of the store and the streams, in the agents too."""
    old = {id(negotiation.store): store, id(negotiation.streams): streams}
    for holder in (negotiation, negotiation.economy, *negotiation.people.values()):
        for name, value in list(vars(holder).items()):
            if id(value) in old:
                setattr(holder, name, old[id(value)])
    yield


def _attributes(negotiation: Any) -> dict[tuple[str, str], Any]:
    """Return the Python attributes of agents and conducts, to check that a week keeps them."""
    found = {}
    holders: dict[str, Any] = {"the negotiation": negotiation}
    for key, person in negotiation.people.items():
        holders[key] = person
        holders[f"the conduct of {key}"] = getattr(person, "conduct", None)
    for title, holder in holders.items():
        for name, value in vars(holder).items() if hasattr(holder, "__dict__") else ():
            if name not in OF_THE_WEEK:
                found[title, name] = value if isinstance(value, PLAIN) else _token(value)
    return found


def _token(value: Any) -> Any:
    """Return the identity of an object and the length of a collection."""
    size = len(value) if isinstance(value, list | dict | set) else 0
    return id(value), size


def _unchanged(before: dict[tuple[str, str], Any], after: dict[tuple[str, str], Any]) -> None:
    for place in before.keys() | after.keys():
        if before.get(place) != after.get(place):
            title, name = place
            raise CannotRecord(
                f'"{name}" of {title} changes in a week: what agents remember must be in the store'
            )
