"""The two sides: their rows in every array, and which one is across the table."""

SIDES = (0, 1)


def other_side(side: int) -> int:
    """Return the row of the side across the table.

    >>> other_side(0), other_side(1)
    (1, 0)
    """
    return 1 - side
