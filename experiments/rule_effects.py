"""The effect of each rule of the second edition: alone on top of the first, and missing."""

import gc
from collections.abc import Callable

import pandas as pd

from experiments.ablation import MEASURES
from experiments.engine import simulate
from experiments.statistics import paired_difference
from experiments.summary import Section
from model.arrays import Array
from model.schema.scenario import Scenario, in_first_edition
from model.schema.second_edition import RULES, changes, numbers_of, with_values

WORLDS = 2000
ALONE, MISSING = "alone", "missing"
FORMS = {
    ALONE: "first edition with this rule, minus the first edition",
    MISSING: "second edition without this rule, minus the second edition",
}


def rule_effects(
    setting: Scenario,
    worlds: int = WORLDS,
    seed: int = 1,
    progress: Callable[[int], None] | None = None,
    engine: str = "auto",
) -> pd.DataFrame:
    """Return the paired effects of each rule of the second edition, with 95 % intervals.

    All runs use the same random numbers. Columns: rule, form (alone or missing), measure, estimate,
    low, high, worlds. Rules that change no value of the scenario have no rows. engine: as for
    `simulate`; each arm needs a program of its own, so NumPy is faster for few worlds and weeks.
    """
    editions = changes(setting)
    first, second = in_first_edition(setting), setting
    rows: list[tuple[object, ...]] = []
    bases = {
        form: _measured(base, worlds, seed, engine)
        for form, base in ((ALONE, first), (MISSING, second))
    }
    for rule in RULES:
        names = numbers_of(rule, editions)
        if not names:
            continue
        arms = {
            ALONE: with_values(first, {name: editions[name][1] for name in names}),
            MISSING: with_values(second, {name: editions[name][0] for name in names}),
        }
        for form, arm in arms.items():
            measured = _measured(arm, worlds, seed, engine)
            rows += [
                (rule, form, of, *paired_difference(bases[form][of], measured[of]), worlds)
                for of in MEASURES
            ]
            if progress:
                progress(worlds * setting.time.horizon)
        gc.collect()  # models are cyclic
    columns = ["rule", "form", "measure", "estimate", "low", "high", "worlds"]
    return pd.DataFrame(rows, columns=columns)


def work(setting: Scenario, worlds: int) -> int:
    """Return the number of world-weeks of all rules, for the progress."""
    editions = changes(setting)
    rules = sum(bool(numbers_of(rule, editions)) for rule in RULES)
    return 2 * rules * worlds * setting.time.horizon


def rule_sections(setting: Scenario, table: pd.DataFrame, seed: int) -> list[Section]:
    """Return one text table for each form: a row per rule and a column per measure."""
    return [_section(setting, table[table["form"] == form], form, seed) for form in FORMS]


def _section(setting: Scenario, table: pd.DataFrame, form: str, seed: int) -> Section:
    rows: list[tuple[str, ...]] = []
    for rule in table["rule"].unique():
        cells = table[table["rule"] == rule].set_index("measure")
        words = [
            f"{cells.loc[of, 'estimate']:+.1f} ±{(cells['high'] - cells['low'])[of] / 2:.1f}"
            + ("*" if cells["low"][of] * cells["high"][of] > 0.0 else "")
            for of in MEASURES
        ]
        rows.append((f"{rule} {RULES[rule].meaning}", *words))
    worlds = int(table["worlds"].iloc[0]) if len(table) else 0
    return Section(
        f"Effect of each rule of the second edition, {form}, in {setting.name}",
        ("rule", *MEASURES),
        rows,
        f"{worlds:,} worlds, seed {seed}, the same random numbers: {FORMS[form]}, ± half of the "
        "95 % interval, * if not 0. Shares in points, at the horizon. Numbers are assumptions, "
        "not a forecast.",
    )


def _measured(setting: Scenario, worlds: int, seed: int, engine: str) -> dict[str, Array]:
    first = next(iter(setting.sides))
    table = simulate(setting, worlds, seed, engine=engine).outcomes
    return {name: measure(table, first) for name, measure in MEASURES.items()}
