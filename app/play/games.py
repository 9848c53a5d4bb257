"""The games of one visitor, played or opened here, by short names that pages hand to each other."""

import hashlib

import solara

from app.inputs.explore_url import State, differences
from experiments.game.transcript import Transcript, as_json
from model.schema.reading import list_scenarios
from model.schema.scenario import Scenario, load_scenario

MOST = 40  # games that a session remembers, the oldest forgotten first
_kept: solara.Reactive[dict[str, Transcript]] = solara.reactive({})  # of each session its own


def keep(transcript: Transcript) -> str:
    """Remember a game and return its name; the same game has the same name."""
    name = hashlib.sha256(as_json(transcript).encode()).hexdigest()[:10]
    games = {**_kept.peek(), name: transcript}
    _kept.value = dict(list(games.items())[-MOST:])
    return name


def kept(name: str) -> Transcript | None:
    """Return a game of this session by name, if it is remembered."""
    return _kept.peek().get(name)


def state_of(setting: Scenario, seed: int) -> State | None:
    """Return what an address holds of a scenario, None if none can: it is no shipped one's variant.

    >>> state_of(load_scenario("classroom", {"time.horizon": 20}), 3).changes
    (('time.horizon', 20),)
    """
    if setting.name not in list_scenarios():
        return None
    changes = differences(load_scenario(setting.name), setting)
    if changes is None:
        return None
    return State(setting.name, tuple(sorted(changes.items())), seed=seed)
