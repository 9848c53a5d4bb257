"""Store the games of a visitor, played or opened, by short names that work on all pages."""

import hashlib

import solara

from app.inputs.explore_url import State, differences
from experiments.game.transcript import Transcript, as_json
from model.schema.reading import list_scenarios
from model.schema.scenario import Scenario, load_scenario

MOST = 40  # games of a session; the oldest one is dropped first
_kept: solara.Reactive[dict[str, Transcript]] = solara.reactive({})  # separate for each session


def keep(transcript: Transcript) -> str:
    """Store a game and return its name. Equal games have equal names."""
    name = hashlib.sha256(as_json(transcript).encode()).hexdigest()[:10]
    games = {**_kept.peek(), name: transcript}
    _kept.value = dict(list(games.items())[-MOST:])
    return name


def kept(name: str) -> Transcript | None:
    """Return a game of this session by name, or None."""
    return _kept.peek().get(name)


def state_of(setting: Scenario, seed: int) -> State | None:
    """Return the URL state of a scenario, or None if it is not a variant of a shipped one.

    >>> state_of(load_scenario("classroom", {"time.horizon": 20}), 3).changes
    (('time.horizon', 20),)
    """
    if setting.name not in list_scenarios():
        return None
    changes = differences(load_scenario(setting.name), setting)
    if changes is None:
        return None
    return State(setting.name, tuple(sorted(changes.items())), seed=seed)
