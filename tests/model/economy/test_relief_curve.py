"""The worth of tariff relief to the exporter does not saturate in the model's economy.

So `values.relief_satiation` is 0, although the deadweight loss of an importer grows with the square
of its tariff (Harberger 1964), which would mean 1.
"""

import numpy as np
import pytest

from model.sides import SIDES, other_side
from tests.worlds import talks


@pytest.mark.parametrize("side", SIDES, ids=["US", "CN"])
@pytest.mark.parametrize("added", [0.2, 0.45, 0.8])
def test_half_of_the_relief_is_worth_less_than_half(side: int, added: float) -> None:
    negotiation = talks()
    store, other = negotiation.store, other_side(side)
    base = store.of("sides", negotiation.keys.sides[other], "tariff_base")
    relief = []
    for share in (1.0, 0.5):
        store.set_row("tariff", other, base + share * added)
        negotiation.economy.feel(store)
        relief.append(store.row("relief", side).copy())
    gained = 1.0 - relief[1] / relief[0]
    satiation = 4.0 * (gained - 0.5)  # of the curve through the worth of one half
    assert np.all((satiation > -1.1) & (satiation < -0.1))
