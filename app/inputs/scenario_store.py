"""Keeps the scenarios that one session can open: those that are shipped, and what it uploaded."""

import hashlib
import tempfile
import tomllib
from collections import OrderedDict
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from model.schema.problems import Problem, ScenarioError, did_you_mean, written
from model.schema.reading import list_scenarios, shipped
from model.schema.scenario import Scenario, load_scenario

LARGEST = 200_000  # bytes of an upload: the largest scenario that is shipped has 25,000
MOST_UPLOADS = 4
MOST_WEEKS = 260
UPLOAD = "upload-"


class ScenarioStore:
    """The scenarios of one session, by name; uploads are data and never name a file."""

    def __init__(self) -> None:
        self._shipped = _shipped()
        self._uploads: OrderedDict[str, tuple[str, bytes]] = OrderedDict()

    def titles(self) -> dict[str, str]:
        """Return the title of each scenario that can be opened, by name."""
        return self._shipped | {key: title for key, (title, _) in self._uploads.items()}

    def is_upload(self, name: str) -> bool:
        """Say whether a name is one that an upload gets."""
        return name.startswith(UPLOAD)

    def load(self, name: str, changes: Mapping[str, Any] | None = None) -> Scenario:
        """Return a scenario with some values changed. Raises ScenarioError."""
        plain = {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in (changes or {}).items()
        }
        if name in self._uploads:
            return _loaded(self._uploads[name][1], name, plain)
        return load_scenario(name, plain)

    def add(self, file: str, content: bytes) -> str:
        """Keep an uploaded scenario and return its name; the oldest goes when they are too many.

        Raises ScenarioError with all that is wrong, as `run.py check` tells it.
        """
        shown = Path(file).name[:60] or "the upload"
        if len(content) > LARGEST:
            why = f"it has {len(content):,} bytes, at most {LARGEST:,} are read"
            raise ScenarioError(shown, [Problem("the file", "", why, "Use the command line.")])
        _no_other_file(shown, content)
        scenario = _loaded(content, shown, {})
        if scenario.time.horizon > MOST_WEEKS:
            why = f"at most {MOST_WEEKS} weeks are simulated on this page"
            problem = Problem("[time] horizon", str(scenario.time.horizon), why, "Shorten it.")
            raise ScenarioError(shown, [problem])
        key = UPLOAD + hashlib.sha256(content).hexdigest()[:16]  # no other file has it
        self._uploads[key] = (scenario.title, content)
        while len(self._uploads) > MOST_UPLOADS:
            self._uploads.popitem(last=False)
        return key

    def extended(self, name: str) -> str:
        """Return the shipped scenario that an upload extends, or nothing."""
        content = tomllib.loads(self._uploads[name][1].decode("utf-8-sig"))
        return str(content.get("extends", ""))


@cache
def _shipped() -> dict[str, str]:
    """Return the titles of what is shipped, read once for all sessions."""
    return list_scenarios()


def _no_other_file(shown: str, content: bytes) -> None:
    """Hold that an upload extends nothing but what is shipped."""
    try:
        extends = tomllib.loads(content.decode("utf-8-sig")).get("extends", "")
    except (ValueError, RecursionError):  # no TOML, or a number of more digits than any may have
        return  # told when it is loaded
    if isinstance(extends, str) and extends and extends not in shipped():
        why = "an upload can extend only a scenario that is shipped"
        hint = did_you_mean(extends[:60], shipped())
        raise ScenarioError(shown, [Problem("extends", written(extends), why, hint)])


def _loaded(content: bytes, shown: str, changes: Mapping[str, Any]) -> Scenario:
    """Return the scenario in a file's bytes; its problems name the file as its owner knows it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload.toml"
        path.write_bytes(content)
        try:
            return load_scenario(path, changes)
        except ScenarioError as error:
            raise ScenarioError(shown, error.problems) from error
