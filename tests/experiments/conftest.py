"""Small runs that the tests of this floor share: one made by hand, one really simulated."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from experiments.engine import Run, simulate
from experiments.factorial.sweep import DOMINANT, cell_shares, dominant, swept
from model.schema.scenario import Scenario, load_scenario

WORLDS = 12


@pytest.fixture(scope="session")
def setting() -> Scenario:
    return load_scenario("february_2025", {"time.horizon": 8})


@pytest.fixture(scope="session")
def made(setting: Scenario) -> Run:
    """Return a run whose every number is known: 6 deals (2 mini), 6 stalemates."""
    agreed = np.arange(WORLDS) < 6
    outcomes = pd.DataFrame(index=pd.Index(np.arange(WORLDS), name="world"))
    outcomes["outcome"] = ["comprehensive deal"] * 4 + ["mini deal"] * 2 + ["stalemate"] * 6
    outcomes["agreement_week"] = np.where(agreed, np.arange(WORLDS) + 2.0, np.nan)
    for side in ("us", "cn"):
        outcomes[f"tariff_{side}_final"] = np.where(agreed, 0.10, 0.30)
        outcomes[f"utility_{side}"] = np.where(agreed, 0.2, 0.0)
        outcomes[f"threats_{side}"] = 2.0
        outcomes[f"executed_{side}"] = [1.0] * 6 + [0.0] * 6
    for region in ("us", "cn", "row"):
        outcomes[f"real_income_{region}"] = np.linspace(-0.1, 0.1, WORLDS)
    outcomes["deals"] = [1.0] * 8 + [0.0] * 4  # of the eight, two were broken
    outcomes["broken_week"] = np.where((np.arange(WORLDS) // 2) == 3, 7.0, np.nan)
    outcomes["compliance"] = np.where(np.arange(WORLDS) < 8, 0.75, np.nan)
    outcomes["truces"] = 0.0
    outcomes["involuntary_defections"] = [0.0] * 9 + [1.0] * 3
    for issue in setting.issues:
        outcomes[f"agreed_{issue}"] = np.where(agreed, 0.5, np.nan)
    outcomes["agreed_tech_access"] = np.where(agreed, 0.0, np.nan)
    tariff = np.broadcast_to([[0.2], [0.3]], (9, 2, WORLDS)) + np.linspace(0, 0.1, WORLDS)
    agreement = np.full((9, len(setting.issues), WORLDS), np.nan)
    agreement[8, :, :6] = 0.5
    weeks = xr.Dataset(
        {
            "tariff": (("week", "side", "world"), tariff),
            "agreement": (("week", "issue", "world"), agreement),
            "clock": (("week", "world"), np.zeros((9, WORLDS))),
        },
        {
            "week": np.arange(9),
            "side": list(setting.sides),
            "issue": list(setting.issues),
            "world": np.arange(WORLDS),
        },
    )
    return Run(setting, 7, outcomes, weeks, {"talks.window": np.linspace(13, 52, WORLDS)})


@pytest.fixture(scope="session")
def simulated() -> Run:
    """Return a few simulated worlds, long enough for agreements."""
    setting = load_scenario("february_2025", {"time.horizon": 40, "talks.window": 10})
    return simulate(setting, 30, 3, record="everything")


@pytest.fixture(scope="session")
def cells(setting: Scenario) -> pd.DataFrame:
    return cell_shares(swept(setting, dominant(setting), 5, 1), list(DOMINANT))
