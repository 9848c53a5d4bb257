"""Read scenarios of version 0.1, which have shocks in a separate list, until version 0.3."""

import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

ADVICE = (
    'the list "shocks" is part of "events" since version 0.2 and will not be read from 0.3 on: '
    'write [[events]] with kind = "shock" for [[shocks]].'
)


def events_joined(
    content: Mapping[str, Any], below: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return a scenario's content with its shocks among its events.

    below: the content that it extends. Its other events stay if the file itself has shocks only.

    >>> with warnings.catch_warnings(action="ignore"):
    ...     events_joined({"shocks": [{"key": "spill"}]})
    {'events': [{'kind': 'shock', 'key': 'spill'}]}
    """
    shocks = content.get("shocks")
    if not isinstance(shocks, list):
        return dict(content)
    warnings.warn(ADVICE, DeprecationWarning, stacklevel=2)
    inherited = [event for event in (below or {}).get("events", ()) if not _is_shock(event)]
    events = content.get("events", inherited)
    moved = [{"kind": "shock", **card} if isinstance(card, dict) else card for card in shocks]
    rest = {key: value for key, value in content.items() if key != "shocks"}
    return rest | {"events": [*events, *moved] if isinstance(events, list) else events}


def noted[A, B](work: Callable[[A], B], given: A) -> tuple[B, list[str]]:
    """Return what `work(given)` returns, and what it warned of, in words."""
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always", DeprecationWarning)
        result = work(given)
    return result, list(dict.fromkeys(str(warning.message) for warning in found))


def event_name(name: str, events: Sequence[Any]) -> str:
    """Return the dotted name of a number of a shock as it is today.

    >>> event_name("talks.window", [])
    'talks.window'
    """
    found = re.fullmatch(r"shocks\.(\d+)\.(.+)", name)
    places = [row for row, event in enumerate(events) if _is_shock(event)]
    if not found or int(found[1]) >= len(places):
        return name
    now = f"events.{places[int(found[1])]}.{found[2]}"
    warnings.warn(f"{name} is {now} since version 0.2.", DeprecationWarning, stacklevel=3)
    return now


def _is_shock(event: Any) -> bool:
    kind = event.get("kind") if isinstance(event, dict) else getattr(event, "kind", "")
    return bool(kind == "shock")
