"""Files, reports and documents describe the columns as the declarations do, with equal units."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet
import pytest

from experiments import columns_page
from experiments.ablation import ablation
from experiments.batch.run import run_batch
from experiments.batch.runners import local
from experiments.columns import (
    SWEEP,
    TABLES,
    attributes,
    outcomes_dataset,
    run_columns,
    table_columns,
    undeclared,
)
from experiments.engine import simulate
from experiments.forecast import path_table, tariff_table
from experiments.measures import MEASURES, Measure
from experiments.results.folder import write_results
from experiments.rule_effects import rule_effects
from experiments.study import one_arm
from model.columns import declared_column
from model.schema.reading import list_scenarios
from model.schema.scenario import load_scenario

SHORT = {"time.horizon": 4}


def test_the_page_is_up_to_date() -> None:
    text = columns_page.PAGE.read_text(encoding="utf-8")
    assert text == columns_page.page(), "renew it: python -m experiments.columns_page"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the results of a small run with a sweep."""
    sweep = {"talks.window": np.linspace(13, 52, 6)}
    run = simulate(load_scenario("february_2025", SHORT), 6, sweep=sweep, record=["tariff"])
    return write_results(run, tmp_path_factory.mktemp("run"))


def test_parquet_fields_have_units_and_meanings(folder: Path) -> None:
    schema = pyarrow.parquet.read_schema(folder / "runs.parquet")
    declared = run_columns(load_scenario("february_2025"))
    for field in schema:
        metadata = {key.decode(): value.decode() for key, value in field.metadata.items()}
        assert metadata == attributes(declared[field.name])
    peak = schema.field("tariff_us_peak").metadata
    assert peak[b"units"] == b"share of import value"
    assert b"talk-weeks" in schema.field(f"{SWEEP}talks.window").metadata[b"units"]


def test_the_manifest_lists_the_columns(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    schema = pyarrow.parquet.read_schema(folder / "runs.parquet")
    assert [one["name"] for one in manifest["columns"]] == schema.names
    for one in manifest["columns"]:
        assert one.keys() == {"name", "unit", "meaning", "type"}
        assert all(one.values()), one


def test_a_batch_of_two_arms_describes_its_columns(tmp_path: Path) -> None:
    points = pd.DataFrame([{"talks.window": 13.0}, {"talks.window": 26.0}])
    study = one_arm("small", load_scenario("february_2025", SHORT), points, 4)
    run_batch(study, tmp_path, local(1))
    manifest = json.loads((tmp_path / "manifest.json").read_text("utf-8"))
    described = {one["name"]: one for one in manifest["columns"]}
    assert all(all(one.values()) for one in described.values())
    assert described[f"{SWEEP}talks.window"]["unit"] == "talk-weeks"


@pytest.mark.parametrize("name", list_scenarios())
def test_every_column_of_every_scenario_has_a_description(name: str) -> None:
    run = simulate(load_scenario(name, {"time.horizon": 2}), 2)
    assert undeclared(run.outcomes.columns, run.scenario) == []


def test_a_dataset_has_attributes() -> None:
    run = simulate(load_scenario("classroom", {"time.horizon": 2}), 3)
    dataset = outcomes_dataset(run)
    assert dataset["real_income_north"].attrs["units"] == "percent of the start"
    assert dataset["world"].attrs["long_name"] == "number of the world in the results folder"
    assert all(dataset[name].attrs for name in dataset.data_vars)


def test_further_tables_have_the_declared_columns(cells: pd.DataFrame) -> None:
    tariff = np.full((2, 2, 3), 0.25)
    tables = {
        "sweep.parquet": cells,
        "tariffs.csv": tariff_table(tariff, date(2025, 2, 1), ["US", "CN"]),
        "paths.parquet": path_table(tariff, ["US", "CN"]),
        "ablation.csv": ablation(load_scenario("split_the_pie", {"time.horizon": 2}), 4),
        "rules.csv": rule_effects(
            load_scenario("february_2025", {"time.horizon": 2}), 4, engine="numpy"
        ),
    }
    assert set(tables) == set(TABLES)
    for name, table in tables.items():
        assert list(table_columns(name, table.columns)) == list(table.columns), name
    assert table_columns("paths.parquet", ["us"])["us"].unit == "percent of import value"
    assert table_columns("tariffs.csv", ["q50"])["q50"].unit == "percent of import value"
    assert (tables["paths.parquet"]["us"] == 25.0).all()
    assert (tables["tariffs.csv"]["q50"] == 25.0).all()
    assert table_columns("unknown.parquet", ["us"]) == {}


def scale(measure: Measure, name: str) -> float:
    """Return the factor between a column and a measure that shows it; NaN if it shows more."""
    table = pd.DataFrame({column: [0.25, 0.5] for column in measure.columns})
    table["outcome"] = "mini deal"
    ratio = measure.of(table) / table[name].to_numpy(dtype=np.float64)
    return float(ratio[0]) if ratio[0] == ratio[1] else float("nan")


@pytest.mark.parametrize("name", MEASURES)
def test_a_measure_has_the_unit_of_its_column(name: str) -> None:
    measure = MEASURES[name]
    assert [column for column in measure.columns if declared_column(column) is None] == []
    first = measure.columns[0]
    column = declared_column(first)
    assert column is not None
    if column.kind != "number" or "worlds" in measure.unit:
        return
    factor = scale(measure, first)
    if column.unit.startswith("share") and measure.unit.startswith("%"):
        assert factor == 100 or np.isnan(factor)
    elif column.unit.startswith("percent"):
        assert measure.unit == column.unit.replace("percent", "%")
        assert factor == 1
    elif factor == 1 and column.unit != "times":
        assert measure.unit[:4] == {"week": "week", "weeks": "week"}.get(
            column.unit, column.unit[:4]
        )
