"""A slowdown hardens structural concessions of the side that it hits, and of no other."""

import numpy as np

from tests.worlds import talks


def test_a_slowdown_raises_the_cost_of_structural_concessions() -> None:
    found = []
    for followed in (0.0, 1.0):
        negotiation = talks({"edition": 1, "economy.hardening_now": followed})
        before = negotiation.store["gains"].copy()
        negotiation.store["weakness"] = negotiation.store["weakness"] + np.array([[0.0], [0.5]])
        for leader in negotiation.leaders:
            leader.appraise()
        row = negotiation.keys.issues.index("overcapacity")
        np.testing.assert_array_equal(negotiation.store["gains"][0, row], before[0, row])
        found.append(negotiation.store["gains"][1, row] / before[1, row])
    store = negotiation.store
    weak, rate = store.of("sides", "CN", "weakness"), store["economy.hardening"]
    np.testing.assert_array_equal(found[0], 1.0)
    np.testing.assert_allclose(found[1], (1.0 + rate * (weak + 0.5)) / (1.0 + rate * weak))
