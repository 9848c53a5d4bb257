"""Find and read scenario files, follow `extends`, and apply overrides."""

import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from model.schema.older import events_joined
from model.schema.problems import Place, Problem, ScenarioError, did_you_mean, shown, written
from model.schema.untrusted_toml import LARGEST, TooMuchError, loads

FOLDER = Path(__file__).resolve().parents[1] / "scenarios"
MAX_CHAIN = 20  # scenarios that extend one another
DIGITS = 4_300  # largest number of digits of a whole number that Python reads
OWN = ("name", "title", "description")  # entries that a scenario never inherits


def shipped() -> dict[str, Path]:
    """Return the files of the shipped scenarios, by name."""
    return {path.stem: path for path in sorted(FOLDER.glob("*.toml"))}


def list_scenarios() -> dict[str, str]:
    """Return the titles of the shipped scenarios, by name."""
    return {name: str(read(path)["title"]) for name, path in shipped().items()}


def find(name: str | Path, folder: Path | None = None) -> Path | None:
    """Return the file of a scenario given by name or by path (from `folder`), or None."""
    if str(name) in shipped():
        return shipped()[str(name)]
    path = (folder or Path()) / name
    try:
        return path if path.suffix == ".toml" and path.is_file() else None
    except OSError:  # not a valid file name
        return None


def read(
    path: Path,
    above: tuple[Path, ...] = (),
    of_edition: Callable[[dict[str, Any], Any], dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """Return the content of a scenario file, merged with the scenario that it extends.

    Tables are merged, and values of the extending file take precedence. `above` contains the files
    that extend this one. `of_edition` gives inherited content the rules of another edition of the
    model, if the extending file names one. Raises ScenarioError if a file is missing, is not TOML,
    or extends itself directly or indirectly.
    """
    content = _parse(path)
    base = content.get("extends")
    if not isinstance(base, str) or not base:
        return events_joined(content)
    base_path = find(base, path.parent)
    if base_path is None:
        raise ScenarioError(shown(path), [_missing("extends", base, path.parent)])
    chain = (*above, path.resolve())
    if base_path.resolve() in chain:
        loop = " extends ".join(file.stem for file in (*chain, base_path))
        why = f"a scenario must not extend itself: {loop}"
        remedy = "Remove extends from one of them."
        raise ScenarioError(shown(path), [Problem("extends", written(base), why, remedy)])
    if len(chain) > MAX_CHAIN:
        why = f"it is the last of more than {MAX_CHAIN} scenarios that extend each other"
        remedy = "Merge some of them."
        raise ScenarioError(shown(path), [Problem("extends", written(base), why, remedy)])
    inherited = read(base_path, chain, of_edition)
    below = {key: value for key, value in inherited.items() if key not in OWN}
    if of_edition and "edition" in content:
        below = of_edition(below, content["edition"])
    return merged(below, events_joined(content, below))


def merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Return two tables merged into one; values of `above` take precedence over `below`.

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
    """Return a copy of a table with one value changed; everything else is shared.

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
    """Return the file of a scenario. Raises ScenarioError with the known names if there is none."""
    path = find(name)
    if path is None:
        raise ScenarioError(str(name), [_missing("scenario", str(name), Path(name).parent)])
    return path


def _missing(place: str, name: str, folder: Path) -> Problem:
    """Report a missing scenario, and name the known ones."""
    is_path = name.endswith(".toml")
    nearby = sorted(folder.glob("*.toml")) if is_path else []
    known = [path.name for path in nearby] or list(shipped())
    why = "there is no such file" if is_path else "there is no such scenario"
    return Problem(place, written(name), why, did_you_mean(Path(name).name, known))


def _parse(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as stream:
            content = stream.read(4 * LARGEST)  # bytes of a character
        return loads(content.decode("utf-8-sig").replace("\r\n", "\n"))
    except TooMuchError as error:
        problem = error.problem
    except OSError as error:
        why = f"it cannot be read ({error.strerror})"
        problem = Problem("the file", "", why, "Give the path of a file that can be read.")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        why = "it is not UTF-8 text"
        problem = Problem(f"line {line}", "", why, "Save the file as UTF-8.")
    except tomllib.TOMLDecodeError as error:
        problem = _not_toml(str(error), path)
    except RecursionError:
        remedy = "Use at most three levels of tables."
        problem = Problem("the file", "", "it is nested too deeply", remedy)
    except ValueError:  # from tomllib, for whole numbers with too many digits
        problem = _too_many_digits(path)
    raise ScenarioError(shown(path), [problem])


def _not_toml(message: str, path: Path) -> Problem:
    """Report the line at which a file is not valid TOML, with its text."""
    match = re.fullmatch(
        r"(?P<why>.*) \(at (?:line (?P<line>\d+), column \d+|end of document)\)", message
    )
    lines = path.read_text(encoding="utf-8").splitlines()
    number = int(match["line"]) if match and match["line"] else len(lines)
    why = match["why"] if match else message
    text = lines[number - 1].strip() if 0 < number <= len(lines) else ""
    why = f"it is not valid TOML ({why})"
    remedy = 'A line is a [table] or key = value; write text, and keys like "a>b", in quotes.'
    return Problem(f"line {number}, {written(text)}", "", why, remedy)


def _too_many_digits(path: Path) -> Problem:
    """Report the line of a whole number that has too many digits for Python."""
    before, *_ = re.split(rf"\d[\d_]{{{DIGITS},}}", path.read_text(encoding="utf-8"), maxsplit=1)
    why = f"a whole number has more than {DIGITS:,} digits"
    remedy = "No number of a scenario needs more than 13 digits."
    return Problem(f"line {before.count('\n') + 1}", "", why, remedy)


def assignment(text: str) -> tuple[str, Any]:
    """Return the name and the value of one --set NAME=VALUE.

    The value is read as TOML or, if that fails, as plain text. Raises ScenarioError without a name
    or a value.

    >>> assignment("talks.window = 13"), assignment("sides.US.lead=howard_lutnick")
    (('talks.window', 13), ('sides.US.lead', 'howard_lutnick'))
    """
    name, equals, value = (part.strip() for part in text.partition("="))
    if not (name and equals and value):
        problem = Problem(
            "--set", written(text), "must have the form NAME=VALUE", "Example: talks.window=13."
        )
        raise ScenarioError("the command line", [problem])
    try:
        table = loads(f"value = {value}")
    except (ValueError, RecursionError):
        return name, value
    return name, table["value"] if len(table) == 1 else value  # several lines are not one value
