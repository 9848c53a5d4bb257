"""Trust under constant compliance, in closed form.

An independent closed form that tests compare the model with.
"""


def settled_trust(compliance: float, memory: float, base_kept: float, base_broken: float) -> float:
    """Return the trust (0 to 1) to which constant compliance leads, in closed form.

    (c + (1 - memory) a0) / (1 + (1 - memory)(a0 + b0)) with compliance c (0 to 1), memory as a
    share per week, and base counts a0 (kept) and b0 (broken) in observations. It is the fixed
    point of `model.rules.trust.remember`.

    >>> settled_trust(0.57, 1.0, 4.0, 1.0)
    0.57
    """
    fade = 1.0 - memory
    return (compliance + fade * base_kept) / (1.0 + fade * (base_kept + base_broken))
