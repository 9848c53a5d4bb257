"""Writes model/state/names.py from the declarations: `python -m model.state.write_names`."""

from pathlib import Path
from textwrap import wrap

from pydantic import BaseModel

from model.arrays import ONE
from model.schema.declarations import Slot, is_table, slots, variants
from model.schema.scenario import Scenario, load_scenario
from model.state.random_streams import RandomStreams
from model.state.state import declare
from model.state.store import Store

FILE = Path(__file__).with_name("names.py")
WIDTH, INDENT = 100, "    "  # of the lines of names
TABLES = {  # tables of entries: the name of the type of an entry's numbers
    "sides": "SideField",
    "actors": "ActorField",
    "constituencies": "GroupField",
    "edges": "EdgeField",
    "issues": "IssueField",
    "events": "EventField",
}
HEAD = '''"""The names of all states and parameters, so that a type checker knows them.

Written from the declarations by `python -m model.state.write_names`.
"""

from typing import Literal
'''


def text() -> str:
    """Return the module as Python code."""
    parts = [HEAD, _literal("StateName", states()), _literal("ParameterName", parameters())]
    parts += [_literal(kind, fields(table)) for table, kind in TABLES.items()]
    return "\n".join(parts)


def states() -> list[str]:
    """Return the names of the states, which are the same in every scenario."""
    setting = load_scenario("february_2025")
    numbers = {name: number.value for name, number in setting.parameters().items()}
    store = Store(2, numbers, {})
    declare(store, setting, RandomStreams(1, ONE.astype(int).repeat(2).cumsum()))
    return list(store.states)


def parameters() -> list[str]:
    """Return the dotted names of the numbers that every scenario has."""
    return [
        f"{table}.{name}"
        for table, slot in slots(Scenario).items()
        if is_table(slot.kind)
        for name in _numbers(slot.kind)
    ]


def fields(table: str) -> list[str]:
    """Return the names of the numbers of each entry of a table such as `sides`."""
    entry: Slot | None = slots(Scenario)[table].inner
    kinds = variants(entry.kind).values() or [entry.kind] if entry else []
    return list(dict.fromkeys(name for kind in kinds for name in _numbers(kind)))


def _numbers(kind: type[BaseModel]) -> list[str]:
    return [name for name, slot in slots(kind).items() if slot.numeric]


def _literal(name: str, values: list[str]) -> str:
    if len(values) == 1:
        return f'type {name} = Literal["{values[0]}"]'
    quoted = " ".join(f'"{value}",' for value in sorted(values))
    lines = wrap(quoted, WIDTH, initial_indent=INDENT, subsequent_indent=INDENT)
    return "# fmt: off\n" + "\n".join([f"type {name} = Literal[", *lines, "]", "# fmt: on"])


if __name__ == "__main__":
    FILE.write_text(text() + "\n", encoding="utf-8")
