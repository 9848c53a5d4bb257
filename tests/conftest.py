"""What all tests share: the checkout's root, no screen, and hypothesis runs that repeat."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

os.environ["MPLBACKEND"] = "Agg"
# No deadline, since a busy machine is no failure; the same examples each time, since a suite that
# fails at random teaches people to run it again.
settings.register_profile("winset", deadline=None, derandomize=True)
settings.load_profile("winset")


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the folder of the checkout."""
    return Path(__file__).resolve().parent.parent
