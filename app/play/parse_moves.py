"""Parse moves from the browser, and reject values of the wrong type."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast, get_args

from agents.script import Due, Moves, Order
from experiments.game.transcript_reading import LONGEST_NAME

SWITCHES = ("accept", "gesture", "truce", "call", "leave", "renegotiate")
SHARES = ("answer", "deliver")
LONGEST_PACKAGE = 100  # issues
LONGEST_KEY = 100  # letters of the name of a back channel


def parse_move(moves: Moves, name: str, value: Any) -> Moves | None:
    """Return the moves with one change, or None if the value is not valid for this move.

    >>> parse_move(Moves(), "gesture", True).gesture
    True
    >>> parse_move(Moves(), "gesture", "yes") is None
    True
    """
    if name in SWITCHES:
        return _with(moves, name, value) if isinstance(value, bool) else None
    if name in SHARES:
        return _with(moves, name, float(value)) if _number(value) else None
    if name == "due":
        return _with(moves, name, value) if value in get_args(Due.__value__) else None
    if name == "threat":
        order = _order(value) if isinstance(value, Mapping) else None
        return None if order is None else replace(moves, threat=order)
    if name == "channel":
        return _channel(moves, value) if isinstance(value, str) else None
    if name in ("offer", "trial", "counsel") and isinstance(value, list):
        size = 3 if name == "counsel" else min(len(value), LONGEST_PACKAGE)
        if len(value) == size and all(map(_number, value)):
            return _with(moves, name, tuple(map(float, value)))
    return None


def named(value: Any) -> str:
    r"""Return a typed name as one line of printable text, cut to the limit of transcripts.

    >>> named("  Ann\n<b>\u202e ")
    'Ann<b>'
    >>> named(["Ann"])
    ''
    """
    text = value[: 4 * LONGEST_NAME] if isinstance(value, str) else ""
    return "".join(letter for letter in text if letter.isprintable()).strip()[:LONGEST_NAME].strip()


def _with(moves: Moves, name: str, value: Any) -> Moves:
    changes: dict[str, Any] = {name: value}
    return replace(moves, **changes)


def _channel(moves: Moves, value: str) -> Moves:
    """Return the moves with a back channel for a trial package, or without one."""
    trial = moves.trial if value else None
    return replace(moves, channel=value[:LONGEST_KEY], trial=trial)


def _order(value: Mapping[Any, Any]) -> Order | None:
    kind, size, fuse = value.get("kind"), value.get("size"), value.get("fuse")
    if kind not in ("tariff", "control", "revocation") or not _number(size):
        return None
    if not isinstance(fuse, int) or isinstance(fuse, bool):
        return None
    return Order(kind, float(cast(float, size)), fuse)


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
