"""Variants of a scenario without one of its actors."""

from collections.abc import Iterator

from model.schema.scenario import Scenario

LEADER = "leader"


def without(setting: Scenario, actor: str) -> Scenario:
    """Return a scenario without one of its actors, who must not be a leader.

    Influence to and from the actor is removed too. If the actor leads the talks of a side, then its
    leader does.
    """
    content = setting.model_dump()
    del content["actors"][actor]
    content["edges"] = {
        edge: card for edge, card in content["edges"].items() if actor not in edge.split(">")
    }
    for side in content["sides"].values():
        side["lead"] = "" if side["lead"] == actor else side["lead"]
    gone = {actor, *(edge for edge in setting.edges if actor in edge.split(">"))}
    for table in ("sources", "first_edition"):
        content[table] = {
            name: value for name, value in content[table].items() if not _names(name, gone)
        }
    content["events"] = [
        event for event in content["events"] if not _names(event.get("parameter", ""), gone)
    ]
    return Scenario.model_validate(content)


def silenced(setting: Scenario, actor: str) -> dict[str, float]:
    """Return the numbers at which an actor is as if removed; nothing if no numbers do that.

    Advisers and analysts act by their influence alone, unless they lead the talks of a side.
    """
    leads = {side.lead for side in setting.sides.values()}
    if setting.actors[actor].kind not in ("adviser", "analyst") or actor in leads:
        return {}
    return {f"edges.{edge}.weight": 0.0 for edge in setting.edges if edge.split(">")[0] == actor}


def removable(setting: Scenario) -> Iterator[str]:
    """Yield the actors that a scenario can do without: all but the leaders."""
    return (key for key, card in setting.actors.items() if card.kind != LEADER)


def _names(name: str, entries: set[str]) -> bool:
    """Return whether a dotted name is of one of these actors or edges."""
    table, _, rest = name.partition(".")
    return table in ("actors", "edges") and rest.partition(".")[0] in entries
