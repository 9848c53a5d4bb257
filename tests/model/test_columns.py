"""Every column of the results is declared, with unit, type and meaning."""

import pyarrow
import pytest

from experiments.engine import simulate
from experiments.results.files import arrow
from model.columns import ANY, COLUMNS, UNITS, declared_column, result_columns
from model.schema.parameters import NO_UNIT
from model.schema.reading import list_scenarios
from model.schema.scenario import load_scenario

TYPES = {"number": pyarrow.float64(), "text": pyarrow.string(), "yes or no": pyarrow.bool_()}


@pytest.mark.parametrize("name", list_scenarios())
def test_the_columns_of_every_scenario_are_the_declared_ones(name: str) -> None:
    run = simulate(load_scenario(name, {"time.horizon": 2}), 2)
    declared = result_columns(run.scenario)
    assert list(run.outcomes.columns) == list(declared)
    types = {field.name: field.type for field in arrow(run.outcomes).schema}
    assert types == {name: TYPES[column.kind] for name, column in declared.items()}


def test_declarations_are_complete() -> None:
    names = [column.name for column in COLUMNS]
    assert len(set(names)) == len(names)
    for column in COLUMNS:
        assert column.unit in {*UNITS, NO_UNIT}, column.name
        assert column.meaning, column.name
        assert (f"{{{column.over}}}" in column.meaning) == bool(column.over), column.name
        assert column.over in {"", *ANY}, column.name


def test_units_that_are_explained_are_used() -> None:
    assert set(UNITS) <= {column.unit for column in COLUMNS}


def test_the_names_of_a_scenario_are_in_the_meanings() -> None:
    columns = result_columns(load_scenario("february_2025"))
    assert columns["threats_us"].meaning == "threats that the United States made in public"
    assert "the rest of the world" in columns["real_income_row"].meaning
    assert "1 is 500 bn dollars" not in columns["agreed_tech_access"].meaning
    assert all("{" not in column.meaning for column in columns.values())


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("tariff_us_peak", "share of import value"),
        ("tariff_north_final", "share of import value"),
        ("real_income_row", "percent of the start"),
        ("agreed_purchases", "0 to 1"),
        ("deals", "times"),
    ],
)
def test_a_column_is_known_without_its_scenario(name: str, unit: str) -> None:
    column = declared_column(name)
    assert column is not None
    assert (column.name, column.unit) == (name, unit)


@pytest.mark.parametrize("name", ["tariff_us", "tariff__peak", "agreed_", "unknown", ""])
def test_a_name_that_no_declaration_covers_is_unknown(name: str) -> None:
    assert declared_column(name) is None
