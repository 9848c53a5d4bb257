"""Change the picture of a lesson through its controls, and reset it to its start."""

from dataclasses import replace
from typing import Any

from app.explore import dials
from app.explore.dials import Dial
from app.inputs.explore_url import (
    FEWEST_WORLDS,
    OFF,
    Opened,
    State,
    Value,
    address,
    differences,
    read,
)
from app.inputs.scenario_store import ScenarioStore
from app.lessons.forms import MOST_WORLDS
from app.lessons.lesson import Picture
from model.schema.mechanisms import MECHANISMS

RUN = {  # settings of a run: positions of the slider, and the meaning
    "worlds": (
        (10, 20, 50, 100, 200, 300, 400, MOST_WORLDS),
        "how many worlds are simulated: more make the intervals narrower",
    ),
    "seed": (tuple(range(1, 21)), "random seed: the same seed gives the same worlds"),
}


def control(start: Opened, now: Opened, name: str) -> Dial | None:
    """Return the control of a parameter, a rule or lead of a side, a mechanism, or a run setting.

    None if the name has no control. start: the initial state of the picture.
    """
    if name in RUN:
        return _of_the_run(start, now, name)
    changes = differences(start.scenario, now.scenario) or {}
    state = State(now.state.scenario, tuple(sorted(changes.items())))
    opened = Opened(state, start.scenario, now.scenario)
    keys = [OFF] if name in MECHANISMS else ["rules", name.partition(".")[0]]
    dials_by_name = {dial.name: dial for key in keys for dial in dials.group(opened, key)}
    if name.startswith("sides.") and name.endswith(".lead"):
        dials_by_name |= {dial.name: dial for dial in dials.matter(opened)}
    return dials_by_name.get(name)


def controls(picture: Picture, now: Opened) -> list[Dial]:
    """Return the controls of a picture, with the labels of the lesson."""
    dials_of_picture = []
    for index, name in enumerate(picture.sliders):
        dial = control(picture.opened, now, name)
        if dial is not None:
            long = f"{dial.label}: {dial.section}" if dial.section else dial.label
            label = picture.labels[index] if picture.labels else long
            dials_of_picture.append(replace(dial, label=label, section=""))
    return dials_of_picture


def moved(
    start: Opened, now: Opened, name: str, text: str | None, scenario_store: ScenarioStore
) -> Opened:
    """Return the closest valid state after moving a control. Without a text, it is reset.

    Values from the browser are checked like those of a URL.
    """
    state = now.state
    if name in RUN:
        number = int(text[:6]) if text and text.isascii() and text.isdecimal() else None
        setting: dict[str, Any] = {name: getattr(start.state, name)}
        if number in RUN[name][0]:
            setting[name] = number
        return replace(now, state=replace(state, **setting))
    pairs: dict[str, Value] = dict(state.changed)
    if text == "switch":
        pairs[OFF] = dials.switched(now, name)
    elif text is not None:
        pairs[name] = text
    elif name in start.state.changed:
        pairs[name] = start.state.changed[name]
    else:
        pairs.pop(name, None)
    return opened_at(replace(state, changes=()), pairs, scenario_store)


def opened_at(state: State, changes: dict[str, Value], scenario_store: ScenarioStore) -> Opened:
    """Return a state with changes. It may have fewer worlds than a URL allows."""
    wide = replace(state, worlds=max(state.worlds, FEWEST_WORLDS))
    opened = read(address(wide, changes).removeprefix("?"), scenario_store)
    return replace(opened, state=replace(opened.state, worlds=state.worlds))


def link(opened: Opened) -> str:
    """Return the URL of a state in Explore, with at least the minimum number of worlds."""
    state = opened.state
    return "/explore" + address(replace(state, worlds=max(state.worlds, FEWEST_WORLDS)))


def _of_the_run(start: Opened, now: Opened, name: str) -> Dial:
    steps, meaning = RUN[name]
    own, present = getattr(start.state, name), getattr(now.state, name)
    values = tuple(sorted({*steps, own, present}))
    return Dial(
        kind="number",
        name=name,
        label=name.capitalize(),
        section="",
        unit="",
        meaning=meaning,
        range=f"{values[0]} to {values[-1]}",
        source="",
        assumed=False,
        changed=own != present,
        values=tuple(map(float, values)),
        place=values.index(present),
        own=values.index(own),
        texts=tuple(f"{value:,}" for value in values),
    )
