"""Convert the look-ahead for several moves to small bars: shares and ranges."""

from collections.abc import Sequence
from typing import Any

from app.watch.scenes import signed
from experiments.game.look_ahead import Projection
from experiments.statistics import Interval

type Row = dict[str, Any]

SHARES = {
    "accepted": "Signed this week",
    "ratified": "Signed, and ratified by both homes",
    "deal": "A deal in force after {weeks} weeks",
    "truce": "A truce after {weeks} weeks",
}
RANGES = {
    "worth": ("Worth of the deal to you, points (0: none)", 1.0),
    "faced": ("Tariff of {other} then, %", 100.0),
    "pain": ("Pain at home then (1: late 2019)", 1.0),
    "approval": ("Your approval then, %", 100.0),
}


def blocks(ahead: Sequence[Projection], other: str, signs: bool = False) -> list[Row]:
    """Return a block for each measure with a line for each candidate. Constant ones are left out.

    signs: an agreement is possible this week, so its chance is shown even if it is zero.
    """
    if not ahead:
        return []
    weeks = ahead[0].weeks
    rows = []
    for name, title in SHARES.items():
        lines = [_share(one.name, getattr(one, name)) for one in ahead]
        always = name == "deal" or (name == "accepted" and signs)
        if always or any(line["middle"] > 0.0 for line in lines):
            rows.append(_block(title.format(weeks=weeks), lines, 0.0, 1.0))
    for name, (title, factor) in RANGES.items():
        lines = [_range(one.name, one.ranges[name], factor) for one in ahead]
        low, high = min(line["low"] for line in lines), max(line["high"] for line in lines)
        if high - low > 1e-3 * factor or (name == "worth" and high > 1e-3):
            start = low if name == "approval" else min(low, 0.0)
            rows.append(_block(title.format(other=other), lines, start, high))
    return rows


def _block(title: str, lines: list[Row], low: float, high: float) -> Row:
    span = (high - low) or 1.0
    for line in lines:
        for end in ("low", "middle", "high"):
            line[end] = round(min(max((line[end] - low) / span, 0.0), 1.0), 4)
    return {"title": title, "lines": lines, "zero": round(max(-low / span, 0.0), 4)}


def _share(name: str, share: Interval) -> Row:
    return {
        "name": name,
        "low": share.low,
        "middle": share.estimate,
        "high": share.high,
        "text": f"{100 * share.estimate:.0f} % ({100 * share.low:.0f}–{100 * share.high:.0f})",
    }


def _range(name: str, values: tuple[float, float, float], factor: float) -> Row:
    low, middle, high = (factor * value for value in values)
    if factor == 1.0:
        text = f"{signed(middle)} ({signed(low)} to {signed(high)})"
    else:
        text = f"{middle:.0f} ({low:.0f}–{high:.0f})"
    if high - low < 1e-3 * factor:
        text = text.partition(" (")[0]
    return {"name": name, "low": low, "middle": middle, "high": high, "text": text}
