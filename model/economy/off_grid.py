"""Losses of groups that no tariff causes: export controls and a weak property market."""

from model.arrays import Array
from model.schema.entries import Constituency
from model.sides import other_side
from model.state.store import Store

OFF_GRID = frozenset({"export_controls", "foreign_controls", "property_weakness"})


def off_grid_pain(store: Store, card: Constituency, side: int) -> Array:
    """Return a group's losses from controls and a weak property market (R,)."""
    share, total = card.exposure, store.zeros()
    if "export_controls" in share:  # sales that the group's own side prohibits
        total = total + share["export_controls"] * store.row("controls", side)
    if "foreign_controls" in share:  # supplies that the other side restricts
        total = total + share["foreign_controls"] * store.row("controls", other_side(side))
    if "property_weakness" in share:
        total = total + share["property_weakness"] * store.row("weakness", side)
    return total
