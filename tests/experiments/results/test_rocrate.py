"""Results folders are Process Run Crates that the library for them reads."""

from pathlib import Path

import pytest
from rocrate.rocrate import ROCrate  # type: ignore[import-untyped]

from experiments.batch.run import run_batch
from experiments.results.folder import read_results
from experiments.results.rocrate import PROFILE
from tests.batches import WIDTH, small_study


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("crate")
    return run_batch(small_study(), place, command="python run.py x", width=WIDTH)


def test_the_crate_is_read_back(folder: Path) -> None:
    crate = ROCrate(folder)
    assert crate.root_dataset["conformsTo"].id == PROFILE
    assert crate.name == "Winset study small"
    run = crate.root_dataset["mentions"]
    run = run[0] if isinstance(run, list) else run
    assert run.type == "CreateAction"
    assert run["instrument"].type == "SoftwareApplication"
    assert run["description"] == "python run.py x"
    given = {one["name"]: one["value"] for one in run["object"]}
    assert given == {"seed": 3, "worlds": 30, "points": 3, "worlds_per_point": 10}


def test_the_crate_lists_every_file_with_its_hash(folder: Path) -> None:
    crate, manifest = ROCrate(folder), read_results(folder).manifest
    listed = {one.id: one for one in crate.data_entities}
    there = {path.name for path in folder.iterdir()} - {"ro-crate-metadata.json"}
    assert set(listed) == there
    for name, known in manifest["files"].items():
        assert listed[name]["sha256"] == known
    run = crate.get("#run")
    assert {one.id for one in run["result"]} == there
