"""Describe the columns of results files: those of the model, and those that a study adds."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import pyarrow
import xarray as xr

from experiments.engine import Run
from experiments.results.layout import ABLATION, PATHS, RULE_EFFECTS, SWEEP_TABLE, TARIFFS
from experiments.study import ARM, POINT, STREAM
from model.columns import Column, declared_column, result_columns
from model.schema.parameters import NO_UNIT
from model.schema.scenario import Scenario

WORLD = "world"
SWEEP = "sweep:"  # marks the columns of runs.parquet that hold a swept parameter
STUDY_COLUMNS = (
    Column(WORLD, NO_UNIT, "number of the world in the results folder", "whole number"),
    Column(ARM, NO_UNIT, "name of the scenario, or of the arm of an experiment", "text"),
    Column(POINT, NO_UNIT, "number of the design point", "whole number"),
    Column(
        STREAM,
        NO_UNIT,
        "number of the random streams: worlds with the same number meet the same random numbers",
        "whole number",
    ),
)
SWEPT = Column(SWEEP + "{parameter}", "the parameter's", "value of {parameter} in this world")
THE_STATES = "the state's"
WEEKLY_COLUMNS = (
    *STUDY_COLUMNS[1:3],
    Column("series", NO_UNIT, "name of the recorded state", "text"),
    Column("of", NO_UNIT, "side, region, issue or agent; empty if the state has none", "text"),
    Column("week", "week", "week, 0 at the start", "whole number"),
    Column("worlds", "times", "worlds that have a value in this week", "whole number"),
    Column("missing", "times", "worlds that have none", "whole number"),
    Column("mean", THE_STATES, "mean over these worlds"),
    Column("q05", THE_STATES, "5 % quantile; likewise q10, q25, q50, q75, q90 and q95"),
    Column("step", THE_STATES, "width of a bin: values are counted in the nearest multiple"),
    Column("bins", NO_UNIT, "bins that have any world, as multiples of the step", "list"),
    Column("counts", "times", "worlds in each of these bins", "list"),
)
_OF_IMPORTS = "percent of import value"
TABLES: dict[str, tuple[Column, ...]] = {
    SWEEP_TABLE: (
        Column("outcome", NO_UNIT, "outcome, or any agreement", "text"),
        Column("worlds", "times", "worlds in the cell of the sweep", "whole number"),
        Column("share", "share", "share of the worlds of the cell"),
        Column("low", "share", "lower end of its 95 % interval"),
        Column("high", "share", "upper end of its 95 % interval"),
        Column("{parameter}", "the parameter's", "value of {parameter} in the cell"),
    ),
    TARIFFS: (
        Column("week", "week", "week, 0 at the start", "whole number"),
        Column("date", NO_UNIT, "day on which the week begins", "text"),
        Column("side", NO_UNIT, "side that imposes the tariff", "text"),
        Column("mean", _OF_IMPORTS, "mean over the worlds"),
        Column("q{level}", _OF_IMPORTS, "quantile over the worlds at {level} percentage"),
    ),
    PATHS: (
        Column(WORLD, NO_UNIT, "number of the world", "whole number"),
        Column("week", "week", "week, 0 at the start", "whole number"),
        Column("{side}", _OF_IMPORTS, "average tariff of {side} on the other side"),
    ),
    ABLATION: (
        Column("mechanism", NO_UNIT, "mechanism that is switched off", "text"),
        Column("measure", NO_UNIT, "measure, with its unit: shares in percent", "text"),
        Column("estimate", "the measure's", "off minus on; in the first rows the level"),
        Column("low", "the measure's", "lower end of its 95 % interval"),
        Column("high", "the measure's", "upper end of its 95 % interval"),
        Column("worlds", "times", "worlds that are compared", "whole number"),
        Column("changed", "times", "worlds in which any outcome column differs", "whole number"),
    ),
    RULE_EFFECTS: (
        Column("rule", NO_UNIT, "rule of the second edition of the model", "text"),
        Column("form", NO_UNIT, "alone on top of the first edition, or missing", "text"),
        Column("measure", NO_UNIT, "measure, with its unit: shares in percent", "text"),
        Column("estimate", "the measure's", "with the rule minus without it, or the reverse"),
        Column("low", "the measure's", "lower end of its 95 % interval"),
        Column("high", "the measure's", "upper end of its 95 % interval"),
        Column("worlds", "times", "worlds that are compared", "whole number"),
    ),
}  # further tables by file name
UNIT, LONG_NAME = "units", "long_name"  # names of attributes by the CF conventions


def run_columns(setting: Scenario) -> dict[str, Column]:
    """Return the columns of runs.parquet by name, those of every possible sweep included."""
    columns = {column.name: column for column in STUDY_COLUMNS} | result_columns(setting)
    for name, parameter in setting.parameters().items():
        swept = SWEPT.of(name, f"{name} ({parameter.meaning})")
        columns[swept.name] = replace(swept, unit=parameter.unit)
    return columns


def attributes(column: Column) -> dict[str, str]:
    """Return unit and meaning as metadata of a Parquet field or attributes of an xarray variable.

    >>> attributes(Column("deals", "times", "deals that came into force"))
    {'units': 'times', 'long_name': 'deals that came into force'}
    """
    return {UNIT: column.unit, LONG_NAME: column.meaning}


def table_columns(file: str, names: Iterable[str]) -> dict[str, Column]:
    """Return the declared columns of a further table by name; none if the table is not declared."""
    found = {name: declared_column(name, TABLES.get(file, ())) for name in names}
    return {name: column for name, column in found.items() if column}


def with_metadata(table: pyarrow.Table, columns: Mapping[str, Column]) -> pyarrow.Table:
    """Return a table with unit and meaning in the metadata of each declared field."""
    fields = [
        field.with_metadata(attributes(columns[field.name])) if field.name in columns else field
        for field in table.schema
    ]
    return table.cast(pyarrow.schema(fields, table.schema.metadata))


def described(schema: pyarrow.Schema) -> list[dict[str, str]]:
    """Return name, unit, meaning and type of each field of a Parquet file, for the manifest."""
    return [
        {
            "name": field.name,
            "unit": _text(field, UNIT),
            "meaning": _text(field, LONG_NAME),
            "type": str(field.type),
        }
        for field in schema
    ]


def outcomes_dataset(run: Run) -> xr.Dataset:
    """Return the outcomes of a run as an xarray Dataset, with units and long names."""
    dataset: xr.Dataset = run.outcomes.to_xarray()
    declared = run_columns(run.scenario)
    for name in dataset.variables:
        if str(name) in declared:
            dataset[name].attrs.update(attributes(declared[str(name)]))
    return dataset


def undeclared(names: Iterable[str], setting: Scenario) -> list[str]:
    """Return the names that are no declared column of a scenario's results."""
    known = run_columns(setting)
    return [name for name in names if name not in known]


def _text(field: pyarrow.Field, key: str) -> str:
    return str((field.metadata or {}).get(key.encode(), b"").decode())
