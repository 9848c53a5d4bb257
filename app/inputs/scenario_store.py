"""Store the scenarios that a session can open: the shipped ones and its own uploads."""

import hashlib
import tempfile
from collections import OrderedDict
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from model.schema.problems import Problem, ScenarioError, did_you_mean, written
from model.schema.reading import list_scenarios, shipped
from model.schema.scenario import Scenario, load_scenario
from model.schema.untrusted_toml import loads

LARGEST = 200_000  # bytes of an upload; the largest shipped scenario has 25,000
MOST_UPLOADS = 4
MOST_WEEKS = 260
UPLOAD = "upload-"


class ScenarioStore:
    """The scenarios of a session, by name. Uploads are kept as data, so no name leads to a file."""

    def __init__(self) -> None:
        self._shipped = _shipped()
        self._uploads: OrderedDict[str, tuple[str, bytes]] = OrderedDict()

    def titles(self) -> dict[str, str]:
        """Return the titles of all scenarios that can be opened, by name."""
        return self._shipped | {key: title for key, (title, _) in self._uploads.items()}

    def is_upload(self, name: str) -> bool:
        """Say whether a name is that of an upload."""
        return name.startswith(UPLOAD)

    def load(self, name: str, changes: Mapping[str, Any] | None = None) -> Scenario:
        """Return a scenario with changes. Raises ScenarioError."""
        plain = {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in (changes or {}).items()
        }
        if name in self._uploads:
            return _loaded(self._uploads[name][1], name, plain)
        return (
            _unchanged(name) if name in self._shipped and not plain else load_scenario(name, plain)
        )

    def add(self, file: str, content: bytes) -> str:
        """Store an uploaded scenario and return its name. The oldest upload is dropped if needed.

        Raises ScenarioError with all problems, as `run.py check` reports them.
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
        key = UPLOAD + hashlib.sha256(content).hexdigest()[:16]  # unique for the content
        self._uploads[key] = (scenario.title, content)
        while len(self._uploads) > MOST_UPLOADS:
            self._uploads.popitem(last=False)
        return key

    def extended(self, name: str) -> str:
        """Return the shipped scenario that an upload extends, or an empty string."""
        content = loads(self._uploads[name][1].decode("utf-8-sig"))
        return str(content.get("extends", ""))


@cache
def _shipped() -> dict[str, str]:
    """Return the titles of the shipped scenarios, read once for all sessions."""
    return list_scenarios()


@cache
def _unchanged(name: str) -> Scenario:
    """Return a shipped scenario, read once for all sessions."""
    return load_scenario(name)


def _no_other_file(shown: str, content: bytes) -> None:
    """Check that an upload only extends a shipped scenario."""
    try:
        extends = loads(content.decode("utf-8-sig")).get("extends", "")
    except (ValueError, RecursionError):  # not TOML, or a number with too many digits
        return  # loading the file reports the problem
    if isinstance(extends, str) and extends and extends not in shipped():
        why = "an upload can only extend a shipped scenario"
        hint = did_you_mean(extends[:60], shipped())
        raise ScenarioError(shown, [Problem("extends", written(extends), why, hint)])


def _loaded(content: bytes, shown: str, changes: Mapping[str, Any]) -> Scenario:
    """Return the scenario from the bytes of a file. Problems name the file as `shown`."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "upload.toml"
        path.write_bytes(content)
        try:
            return load_scenario(path, changes)
        except ScenarioError as error:
            raise ScenarioError(shown, error.problems) from error
