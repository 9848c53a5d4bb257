"""Write docs/columns.md from the declarations: `python -m experiments.columns_page`."""

from collections.abc import Iterable
from pathlib import Path

from experiments.columns import STUDY_COLUMNS, SWEPT, TABLES, WEEKLY_COLUMNS
from experiments.engine import build
from experiments.measures import MEASURES
from model.columns import ANY, COLUMNS, UNITS, Column

PAGE = Path(__file__).resolve().parents[1] / "docs" / "columns.md"
SCENARIO = "february_2025"
HEAD = "| column | unit | type | meaning |\n|---|---|---|---|"


def page() -> str:
    """Return the page as Markdown: every column with unit, type and meaning, and every measure."""
    parts = [
        "# Columns of the results",
        "Written from the declarations by `python -m experiments.columns_page`. "
        "The same names, units and meanings are in the field metadata of runs.parquet "
        "(`units`, `long_name`), in manifest.json under `columns`, and in the report. "
        "`experiments.columns.outcomes_dataset(run)` returns the outcomes as an xarray Dataset "
        "with these attributes.",
        "`{side}` stands for the name of a side in small letters, such as `us`; `{region}` for a "
        "side or `row`, the rest of the world; `{issue}` and `{shock}` for the key of an issue or "
        "a shock of the scenario. A number that a world does not have is missing (NaN).",
        "## Units",
        _rows("| unit | meaning |\n|---|---|", UNITS.items()),
        "## Outcomes: `Run.outcomes` and runs.parquet",
        _table(COLUMNS),
        "## What a study adds: runs.parquet",
        _table([*STUDY_COLUMNS, SWEPT]),
        "## Weekly states: weeks.parquet",
        _table(WEEKLY_COLUMNS),
        "## Recorded states: `Run.weeks`",
        "Each state that is recorded is a variable of `Run.weeks`, with the attributes `units` and "
        f"`long_name`. The states of {SCENARIO}:",
        _rows(
            "| state | for each | unit | meaning |\n|---|---|---|---|",
            (
                (f"`{name}`", ", ".join(state.dims) or "world", state.unit, state.meaning)
                for name, state in build(SCENARIO).store.states.items()
            ),
        ),
        "## Further tables",
        *(part for name, columns in TABLES.items() for part in (f"### {name}", _table(columns))),
        "## Measures",
        "Experiments, lessons and comparisons compute measures from the columns. Shares of worlds, "
        "tariffs, compliance and approval are in percent here, and in shares in the columns.",
        _rows(
            "| measure | unit | meaning | columns |\n|---|---|---|---|",
            (
                (f"`{name}`", one.unit, one.title, ", ".join(f"`{key}`" for key in one.columns))
                for name, one in MEASURES.items()
            ),
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _table(columns: Iterable[Column]) -> str:
    return _rows(
        HEAD,
        ((f"`{one.name}`", one.unit or "-", one.kind, _any(one).meaning) for one in columns),
    )


def _any(column: Column) -> Column:
    return column.of("", ANY[column.over]) if column.over else column


def _rows(head: str, rows: Iterable[Iterable[str]]) -> str:
    lines = ("| " + " | ".join(cell.replace("|", "/") for cell in row) + " |" for row in rows)
    return "\n".join([head, *lines])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
