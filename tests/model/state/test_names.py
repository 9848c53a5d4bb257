"""The type checker knows every state and parameter, and refuses any other name."""

import subprocess
import sys
from pathlib import Path

from agents import leader
from model import people
from model.state import write_names

ROOT = Path(__file__).resolve().parents[3]
GOOD = """
from model.state.store import Store, Values


def reads(store: Store, key: str) -> list[Values]:
    return [
        store["tariff"],
        store["talks.window"],
        store.row("trust", 0),
        store.of("sides", key, "tariff"),
        store.of("issues", key, "stakes", key),
        store.named(key),
    ]
"""
BAD = {
    'store["talks.windw"]': "index",
    'store["tarif"]': "index",
    'store.row("trst", 0)': "arg-type",
    'store.set_row("talks.window", 0, store["tariff"])': "arg-type",
    'store.of("sides", "US", "tarif")': "call-overload",
    'store.of("sides", "US", "susceptibility")': "call-overload",
    'actor.parameter("talks.windw")': "arg-type",
    'actor.number("tariff")': "arg-type",
    'leader.mine("trst")': "arg-type",
    'leader.of_side("tarif")': "arg-type",
}


def test_the_names_are_those_of_the_declarations() -> None:
    """`python -m model.state.write_names` renews the file."""
    written = write_names.FILE.read_text(encoding="utf-8")
    assert written == write_names.text() + "\n"


def test_an_undeclared_name_fails_the_type_check(tmp_path: Path) -> None:
    head = "from agents.actor import Actor\nfrom agents.leader import Leader\n"
    head += "from model.state.store import Store\n"
    lines = [f"    {line}\n" for line in BAD]
    signature = "\n\ndef reads(store: Store, actor: Actor, leader: Leader) -> None:\n"
    good, bad = tmp_path / "declared.py", tmp_path / "undeclared.py"
    good.write_text(GOOD)
    bad.write_text(head + signature + "".join(lines))
    command = [sys.executable, "-m", "mypy"]  # strict by pyproject.toml, so that its cache serves
    found = subprocess.run(
        [*command, str(good), str(bad)], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout
    assert "declared.py:1" not in found.replace("undeclared.py", "")
    first = head.count("\n") + signature.count("\n") + 1
    for number, (line, code) in enumerate(BAD.items(), start=first):
        errors = [one for one in found.splitlines() if f"undeclared.py:{number}: error" in one]
        assert [one.rpartition("[")[2] for one in errors] == [f"{code}]"], line


def conforms(one: leader.Leader) -> people.Leader:
    """Let the type checker compare the leader with what the model asks of one."""
    return one
