"""Reads scenario files: finds them, follows `extends`, and lays overrides over them."""

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from model.schema.older import events_joined
from model.schema.problems import Place, Problem, ScenarioError, did_you_mean, shown, written

FOLDER = Path(__file__).resolve().parents[1] / "scenarios"
STOREYS = 20  # scenarios that extend one another
DIGITS = 4_300  # of a whole number, more of which Python refuses to read
OWN = ("name", "title", "description")  # what a scenario never takes over from another


def shipped() -> dict[str, Path]:
    """Return the scenarios that come with the model, by name."""
    return {path.stem: path for path in sorted(FOLDER.glob("*.toml"))}


def list_scenarios() -> dict[str, str]:
    """Return the title of each scenario that comes with the model, by name."""
    return {name: str(read(path)["title"]) for name, path in shipped().items()}


def find(name: str | Path, folder: Path | None = None) -> Path | None:
    """Return the file of a scenario given by name or by path (from `folder`), or None."""
    if str(name) in shipped():
        return shipped()[str(name)]
    path = (folder or Path()) / name
    try:
        return path if path.suffix == ".toml" and path.is_file() else None
    except OSError:  # no name that a file could have
        return None


def read(path: Path, above: tuple[Path, ...] = ()) -> dict[str, Any]:
    """Return the content of a scenario file laid over what it extends.

    Tables merge, the extending file wins. Raises ScenarioError if a file is missing, is no TOML or
    extends itself in the end.
    """
    content = _parse(path)
    base = content.get("extends")
    if not isinstance(base, str) or not base:
        return events_joined(content)
    found = find(base, path.parent)
    if found is None:
        raise ScenarioError(shown(path), [_missing("extends", base, path.parent)])
    chain = (*above, path.resolve())
    if found.resolve() in chain:
        loop = " extends ".join(file.stem for file in (*chain, found))
        why = f"a scenario must not extend itself: {loop}"
        remedy = "Leave extends out in one of them."
        raise ScenarioError(shown(path), [Problem("extends", written(base), why, remedy)])
    if len(chain) > STOREYS:
        why = f"it is the last of more than {STOREYS} scenarios that extend each other"
        raise ScenarioError(shown(path), [Problem("extends", written(base), why, "Join some.")])
    below = {key: value for key, value in read(found, chain).items() if key not in OWN}
    return merged(below, events_joined(content, below))


def merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Return two tables as one: tables merge, and where both have a value the upper one wins.

    >>> merged({"a": {"x": 1, "y": 2}}, {"a": {"y": 3}})
    {'a': {'x': 1, 'y': 3}}
    """
    both = dict(below)
    for key, value in above.items():
        old = both.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            value = merged(old, value)
        both[key] = value
    return both


def changed(content: Any, place: Place, value: Any) -> Any:
    """Return a table with one value changed, everything else shared.

    >>> changed({"talks": {"window": 26}}, ("talks", "window"), 13)
    {'talks': {'window': 13}}
    """
    if not place:
        return value
    first, *rest = place
    if isinstance(content, list) and isinstance(first, int):
        old = content[first]
        return [*content[:first], changed(old, tuple(rest), value), *content[first + 1 :]]
    table = content if isinstance(content, dict) else {}
    return {**table, first: changed(table.get(first), tuple(rest), value)}


def require(name: str | Path) -> Path:
    """Return the file of a scenario, or raise ScenarioError with the names that are known."""
    path = find(name)
    if path is None:
        raise ScenarioError(str(name), [_missing("scenario", str(name), Path(name).parent)])
    return path


def _missing(place: str, name: str, folder: Path) -> Problem:
    """Say that there is no such scenario, and which there are."""
    is_path = name.endswith(".toml")
    nearby = sorted(folder.glob("*.toml")) if is_path else []
    known = [path.name for path in nearby] or list(shipped())
    why = "there is no such file" if is_path else "there is no such scenario"
    return Problem(place, written(name), why, did_you_mean(Path(name).name, known))


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        why = f"it cannot be read ({error.strerror})"
        problem = Problem("the file", "", why, "Give the path of a file that can be read.")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        why = "it is not text in UTF-8"
        problem = Problem(f"line {line}", "", why, "Save the file as UTF-8.")
    except tomllib.TOMLDecodeError as error:
        problem = _not_toml(str(error), path)
    except RecursionError:
        problem = Problem("the file", "", "it is nested too deeply", "Three levels of tables do.")
    except ValueError:  # of tomllib, for digits without end
        problem = _endless(path)
    raise ScenarioError(shown(path), [problem])


def _not_toml(message: str, path: Path) -> Problem:
    """Tell where a file stops being TOML, with the line as it was written."""
    found = re.fullmatch(
        r"(?P<why>.*) \(at (?:line (?P<line>\d+), column \d+|end of document)\)", message
    )
    lines = path.read_text(encoding="utf-8").splitlines()
    number = int(found["line"]) if found and found["line"] else len(lines)
    why = found["why"] if found else message
    text = lines[number - 1].strip() if 0 < number <= len(lines) else ""
    why = f"it is not TOML ({why})"
    remedy = 'A line is a [table] or key = value; text, and keys like "a>b", stand in quotes.'
    return Problem(f"line {number}, {written(text)}", "", why, remedy)


def _endless(path: Path) -> Problem:
    """Tell where a whole number stands that Python does not read."""
    before, *_ = re.split(rf"\d[\d_]{{{DIGITS},}}", path.read_text(encoding="utf-8"), maxsplit=1)
    why = f"a whole number has more than {DIGITS:,} digits"
    return Problem(f"line {before.count('\n') + 1}", "", why, "No number here needs more than 13.")


def assignment(text: str) -> tuple[str, Any]:
    """Return name and value of one --set; the value is read as TOML, else as a plain word.

    >>> assignment("talks.window = 13"), assignment("sides.US.lead=howard_lutnick")
    (('talks.window', 13), ('sides.US.lead', 'howard_lutnick'))
    """
    name, equals, value = (part.strip() for part in text.partition("="))
    if not (name and equals and value):
        problem = Problem(
            "--set", written(text), "must read NAME=VALUE", "Write for example talks.window=13."
        )
        raise ScenarioError("the command line", [problem])
    try:
        found = tomllib.loads(f"value = {value}")
    except (ValueError, RecursionError):
        return name, value
    return name, found["value"] if len(found) == 1 else value  # a value of several lines is none
