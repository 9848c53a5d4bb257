"""Modules are imported without garbage collection, which runs as before afterwards."""

import gc

import pytest

from experiments.jobs.loading import no_collection


def test_collection_is_switched_off_and_on_again() -> None:
    with no_collection():
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(ImportError), no_collection():
        raise ImportError
    assert gc.isenabled()


def test_collection_that_was_off_stays_off() -> None:
    gc.disable()
    try:
        with no_collection():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
