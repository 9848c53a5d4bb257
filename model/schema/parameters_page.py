"""Write docs/parameters.md from the declarations: `python -m model.schema.parameters_page`."""

from pathlib import Path

from pydantic import BaseModel

from model.schema.declarations import Slot, slots, variants
from model.schema.entries import Actor, Constituency, Edge, Side
from model.schema.issues import Issue
from model.schema.mechanisms import MECHANISMS
from model.schema.scenario import Scenario

PAGE = Path(__file__).resolve().parents[2] / "docs" / "parameters.md"
ENTRIES: dict[str, type[BaseModel]] = {
    "sides.NAME": Side,
    "actors.NAME": Actor,
    "constituencies.NAME": Constituency,
    "edges.A>B": Edge,
    "issues.NAME": Issue,
}
HEAD = (
    "| parameter | unit | default | first edition | range | meaning | source |\n"
    "|---|---|---|---|---|---|---|"
)


def page() -> str:
    """Return the page as Markdown: every number with unit, default, range, meaning and source."""
    parts = [
        "# Parameters",
        "Generated from the declarations by `python -m model.schema.parameters_page`. "
        'The source "assumption" marks a prior of this project: vary it, and do not rely on its '
        "value. A number of the second edition of the model has a value in the column *first "
        "edition*, at which its rule is that of the first edition. `edition = 1` in a scenario "
        "sets all of them.",
    ]
    for name, slot in slots(Scenario).items():
        if isinstance(slot.kind, type) and issubclass(slot.kind, BaseModel):
            parts += [f"## `[{name}]`: {slot.meaning}", _table(name, slot.kind)]
    parts.append("# Numbers of the entries of a scenario")
    for name, kind in ENTRIES.items():
        parts += [f"## `[{name}]`", _table(name, kind)]
    events = slots(Scenario)["events"].inner
    for name, kind in variants(events.kind).items() if events else ():
        parts += [f'## `[[events]]` with `kind = "{name}"`', _table("events", kind)]
    parts += ["# Mechanisms that can be switched off", _mechanisms()]
    return "\n\n".join(parts) + "\n"


def _table(name: str, kind: type[BaseModel]) -> str:
    numbers = {field: slot for field, slot in slots(kind).items() if slot.numeric}
    return "\n".join([HEAD, *(_row(f"{name}.{field}", slot) for field, slot in numbers.items())])


def _row(name: str, slot: Slot) -> str:
    low, high = slot.limits
    default = "given" if slot.default is None else f"{slot.default:g}"
    first = "" if slot.first_edition is None else f"{slot.first_edition:g}"
    valid = f"{low:g} to {high:g}"
    cells = (f"`{name}`", slot.unit, default, first, valid, slot.meaning, slot.source)
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"


def _mechanisms() -> str:
    rows = [
        f"| `{name}` | {card.meaning} | "
        + ", ".join(f"`{place}` = {value:g}" for place, value in card.neutral.items())
        + " |"
        for name, card in MECHANISMS.items()
    ]
    head = (
        'A scenario switches a mechanism off with `off = ["NAME"]`, which sets its numbers to the '
        "neutral values.\n\n"
        "| name | mechanism | neutral numbers |\n|---|---|---|"
    )
    return "\n".join([head, *rows])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
