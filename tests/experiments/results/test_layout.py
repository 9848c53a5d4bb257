"""Only experiments/results knows the names of the files in a results folder."""

import ast
from pathlib import Path

from experiments.results import layout

ROOT = Path(__file__).resolve().parents[3]
NAMES = {
    value
    for name, value in vars(layout).items()
    if name.isupper() and isinstance(value, str) and "." in value
}


def strings(path: Path) -> set[str]:
    """Return all string literals of a module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_no_other_module_writes_these_names_itself() -> None:
    assert {"manifest.json", "runs.parquet", "findings.json", "tariffs.csv"} <= NAMES
    results = ROOT / "experiments" / "results"
    paths = [ROOT / "run.py", ROOT / "winset.py"]
    paths += [path for top in ("experiments", "app") for path in (ROOT / top).rglob("*.py")]
    outside = [path for path in paths if not path.is_relative_to(results)]
    found = {
        path.relative_to(ROOT).as_posix(): names
        for path in outside
        if (names := strings(path) & NAMES)
    }
    assert not found


def test_names_of_chunk_files_can_be_read_back() -> None:
    for contents in (layout.ROWS, layout.COUNTS):
        match = layout.CHUNK_FILE.fullmatch(layout.chunk_file(7, contents, "a1" * 32))
        assert match
        assert match.groups() == ("000007", contents, "a1" * 8, None)
    match = layout.CHUNK_FILE.fullmatch(layout.failure_file(12))
    assert match
    assert match[4] == "000012"
