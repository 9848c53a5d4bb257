"""The error of a week that cannot be recorded: the reason, the file and the line."""

import sys
from pathlib import Path
from types import FrameType

from model.schema.problems import WinsetError

ROOT = Path(__file__).resolve().parents[2]
OWN = str(Path(__file__).resolve().parent)
FOREIGN = ("/numpy/", "/contextlib.py", "/functools.py", "\\numpy\\", "<")


class CannotRecord(WinsetError):
    """A rule did something that a recorded program cannot repeat; the message names the line."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} ({place()})")


def caller() -> tuple[str, int]:
    """Return the file and the line of the rule that is being recorded."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        name = frame.f_code.co_filename
        if not name.startswith(OWN) and not any(part in name for part in FOREIGN):
            return name, frame.f_lineno
        frame = frame.f_back
    return "", 0


def place() -> str:
    """Return the file and the line of the rule as text."""
    name, line = caller()
    return f"{short(name)}, line {line}" if name else "no line known"


def short(name: str) -> str:
    """Return a path from the root of the project, or the file's name outside it."""
    path = Path(name)
    try:
        return path.relative_to(ROOT).as_posix()
    except ValueError:
        return path.name
