"""Write what Explore shows as files: the scenario as TOML, worlds as CSV, the picture as PNG."""

import io
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from app.explore import figures
from app.explore.findings import ORDER, Findings, has_economy, outcome_shares
from app.inputs.explore_url import OFF, Opened, Value
from app.inputs.scenario_store import ScenarioStore
from experiments.plots import style
from model.outcomes import OUTCOMES, outcome_title
from model.schema.declarations import dotted, leaves
from model.schema.reading import changed
from model.schema.scenario import Scenario

BY_HAND = "assumption, set by hand in Explore"


def stem(opened: Opened) -> str:
    """Return the name of a download without its suffix: letters, digits, _ and - only."""
    return f"{opened.own.name}_changed" if opened.state.changes else opened.own.name


def toml(opened: Opened, scenario_store: ScenarioStore) -> str:
    """Return the scenario as a valid scenario file: a variant of its base.

    An uploaded scenario is written whole, because its own file may be missing where this is read.
    """
    state, own = opened.state, opened.own
    uploaded = scenario_store.is_upload(state.scenario)
    content = _whole(opened.scenario) if uploaded else _variant(state.changed, own, state.scenario)
    content["name"] = stem(opened)
    content["title"] = own.title + (", changed" if state.changes else "")
    numbers = [name for name in state.changed if name in own.parameters()]
    if numbers:
        content["sources"] = {**content.get("sources", {}), **dict.fromkeys(numbers, BY_HAND)}
    head = (
        f"# Made in Explore. The same worlds: python run.py simulate {stem(opened)}.toml "
        f"--worlds {state.worlds} --seed {state.seed}\n\n"
    )
    return head + written(content)


def csv(findings: Findings) -> str:
    """Return one row per world, as a batch writes them."""
    text: str = findings.outcomes.to_csv()
    return text


def png(now: Findings, ghost: Findings | None, sweep: pd.DataFrame | None) -> bytes:
    """Return the picture: outcome shares with intervals, ghost and sweep, and both tariffs."""
    buffer = io.BytesIO()
    picture(now, ghost, sweep).savefig(buffer, format="png", dpi=style.DPI)
    return buffer.getvalue()


def picture(now: Findings, ghost: Findings | None, sweep: pd.DataFrame | None) -> Figure:
    """Draw the shares of the outcomes, and the range of both tariffs."""
    subtitle = "No forecast: shares of simulated worlds under assumed numbers"
    if ghost:
        subtitle += "; hollow marks and dashes: the unchanged scenario, same random numbers"
    source = style.source(now.scenario.name, now.seed, now.worlds)
    if sweep is not None:
        source += f" · grey: range over {sweep.attrs['cells']} combinations of main assumptions"
    figure = style.canvas(now.scenario.title, subtitle, source)
    wide = not has_economy(now.scenario)
    axes = style.panel(figure, 0.2, 0.14, 0.66 if wide else 0.33, 0.7)
    _shares(axes, now, ghost, sweep)
    if not wide:
        top = figures.highest(100 * now.fans["tariff"])
        named = [card.named for card in now.scenario.sides.values()]
        for side, colour in enumerate(_sides(now.scenario).values()):
            fan = style.panel(figure, 0.66, 0.56 - 0.42 * side, 0.31, 0.28)
            _fan(fan, now, ghost, side, colour)
            fan.set_ylim(0, top)
            fan.set_title(
                f"Tariff of {named[side]} (%)",
                fontsize=style.TEXT,
                loc="left",
                weight="bold",
                color=colour,
            )
            style.date_axis(fan, now.scenario.start, now.fans["tariff"].shape[1] - 1)
            if side == 0:
                fan.set_xticklabels([])
    return figure


def written(content: Mapping[str, Any]) -> str:
    """Return a table as TOML: plain values first, then tables, then lists of tables.

    >>> print(written({"name": "a", "talks": {"window": 13.0}}), end="")
    name = "a"
    <BLANKLINE>
    [talks]
    window = 13.0
    """
    return "\n".join(_lines(content, ())).strip() + "\n"


def _variant(changes: Mapping[str, Value], own: Scenario, base: str) -> dict[str, Any]:
    """Return only the differences; a list of tables is written whole, since lists do not merge."""
    content: dict[str, Any] = {"name": "", "title": "", "extends": base}
    whole = own.model_dump()
    places = {dotted(leaf.place): leaf.place for leaf in leaves(Scenario, whole)}
    for name, value in changes.items():
        plain = list(value) if isinstance(value, tuple) else value
        table = str(places[name][0])
        if name != OFF and isinstance(whole[table], list):
            content.setdefault(table, whole[table])
        content = changed(content, places[name], plain)
    return content


def _whole(scenario: Scenario) -> dict[str, Any]:
    return {key: value for key, value in scenario.model_dump().items() if key != "extends"}


def _lines(table: Mapping[str, Any], above: tuple[str, ...]) -> list[str]:
    plain = {k: v for k, v in table.items() if not isinstance(v, dict) and not _tables(v)}
    lines = [f"{_key(key)} = {_value(value)}" for key, value in plain.items()]
    if above and lines:
        lines = ["", f"[{'.'.join(map(_key, above))}]", *lines]
    for key, value in table.items():
        if isinstance(value, dict):
            lines += _lines(value, (*above, key))
        elif _tables(value):
            for item in value:
                lines += ["", f"[[{'.'.join(map(_key, (*above, key)))}]]"]
                lines += [f"{_key(name)} = {_value(entry)}" for name, entry in item.items()]
    return lines


def _tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _key(key: str) -> str:
    return key if key.replace("_", "").replace("-", "").isalnum() and key.isascii() else _text(key)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items()) + " }"
    return value.isoformat() if isinstance(value, date) else repr(value)


def _sides(scenario: Scenario) -> dict[str, str]:
    titles = [side.title for side in scenario.sides.values()]
    return dict(zip(titles, style.SIDES, strict=True))


def _shares(axes: Axes, now: Findings, ghost: Findings | None, sweep: pd.DataFrame | None) -> None:
    table = outcome_shares(now)
    before = outcome_shares(ghost)["share"] if ghost else None
    colours = {outcome.key: outcome.colour_light for outcome in OUTCOMES}
    for row, name in enumerate(ORDER):
        share, low, high = (100 * float(table[key][name]) for key in ("share", "low", "high"))
        axes.barh(row, share, height=0.5, color=colours.get(name, style.BLUE))
        axes.plot([low, high], [row] * 2, color=style.INK, linewidth=2.5)
        if before is not None:
            axes.barh(
                row,
                100 * before[name],
                height=0.62,
                fill=False,
                edgecolor=style.INK,
                linestyle=":",
            )
        if sweep is not None:
            ends = 100 * sweep.loc[name, ["lowest", "highest"]].to_numpy(dtype=float)
            axes.plot(ends, [row + 0.4] * 2, color=style.GREY, linewidth=3.5)
        text = f"{share:.1f} %\n{low:.1f} to {high:.1f}"
        transform = axes.get_yaxis_transform()
        axes.text(1.02, row, text, fontsize=style.SMALL, va="center", transform=transform)
    axes.set_yticks(range(len(ORDER)), [outcome_title(name) for name in ORDER], fontsize=style.TEXT)
    axes.set_ylim(len(ORDER) - 0.4, -0.6)
    axes.set_xlim(0, 100)
    axes.set_xlabel("share of worlds (%), line: 95 % interval", fontsize=style.SMALL)
    axes.grid(axis="x", color=style.PALE)


def _fan(axes: Axes, now: Findings, ghost: Findings | None, side: int, colour: str) -> None:
    lines = 100 * now.fans["tariff"][:, :, side]
    weeks = np.arange(lines.shape[1])
    for low, high, opacity in ((0, 4, figures.FAINT), (1, 3, figures.FIRM)):
        axes.fill_between(
            weeks, lines[low], lines[high], color=colour, alpha=opacity, linewidth=0, step="post"
        )
    axes.step(weeks, lines[2], color=colour, linewidth=2.5, where="post")
    if ghost:
        old = 100 * ghost.fans["tariff"][2, :, side]
        axes.step(np.arange(old.size), old, color=colour, linestyle="--", where="post")
    axes.grid(axis="y", color=style.PALE)
