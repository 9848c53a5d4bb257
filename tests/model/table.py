"""A bargaining table in miniature: values, positions and a talk, made of the pure rules alone."""

from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import linprog

from model.arrays import Array, Index
from model.rules.bargaining import ACCEPTANCE, OFFERING, Position, Standing
from model.rules.offers import exchange, offer, utility
from model.sides import other_side

POINTS = st.one_of(  # ties and zeros as often as general values
    st.sampled_from([0.0, 0.1, 0.2, 0.4, -0.1, -0.2, -0.4]),
    st.floats(0.001, 1.0),
    st.floats(-1.0, -0.001),
)


@st.composite
def values(draw: st.DrawFn, issues: int = 6) -> tuple[Array, Array]:
    """Draw the marginal utilities (K, 2) of two sides, up to some number of issues."""
    shape = (draw(st.integers(1, issues)), 2)
    return draw(arrays(np.float64, shape, elements=POINTS)), draw(
        arrays(np.float64, shape, elements=POINTS)
    )


def contested(seed: int, issues: int, worlds: int) -> tuple[Array, Array]:
    """Return values (K, R) where each issue is worth something to one side and costs the other."""
    rng = np.random.default_rng(seed)
    owned = np.where(rng.random((issues, worlds)) < 0.5, -1.0, 1.0)
    own, other = rng.lognormal(-2.0, 0.8, (2, issues, worlds))
    return owned * own, -owned * other


def pie(worlds: int) -> tuple[Array, Array]:
    """Return the values (1, R) of one issue that the second side owns and both want whole.

    The first side's utility is its share. The second counts from owning all, so its utility is its
    share less 1: no deal, where neither has anything, is -1 to it.
    """
    return np.ones((1, worlds)), -np.ones((1, worlds))


def largest(
    aim: Array,
    kept: Array,
    least: Array,
    bounds: list[tuple[float | None, float | None]] | tuple[float, float] = (0.0, 1.0),
) -> float:
    """Return the largest aim (N,) x subject to kept (M, N) x >= least (M,), by scipy."""
    found = linprog(-aim, A_ub=-kept, b_ub=-least, bounds=bounds)
    assert found.status == 0
    assert found.fun is not None
    return -found.fun


def position(worlds: int, **fields: Array | float) -> Position:
    """Return a position at the start of talks over one point, but for the fields given."""
    plain: dict[str, Array | float] = {
        **dict.fromkeys(Position._fields, 0.0),
        **{"exponent": 1.0, "best": 1.0, "previous": 1.0, "mirror": 1.0, "stationary": np.nan},
        **{"step": 0.02, "patience": 0.99},
    }
    return Position(**{name: np.full(worlds, x) for name, x in (plain | fields).items()})


def standing(worlds: int, **fields: Array | float) -> Standing:
    """Return a standing at the start of talks over one point, but for the fields given."""
    plain: dict[str, Array | float] = {
        **dict.fromkeys(Standing._fields, 0.0),
        **{"next_aspiration": 1.0, "deadline_share": 0.9, "patience": 0.99},
    }
    return Standing(**{name: np.full(worlds, x) for name, x in (plain | fields).items()})


class Deal(NamedTuple):
    """When two sides agreed (the round, from 0; -1 never), and what it is worth to each (2, R)."""

    round: Index
    worth: Array


def talk(
    gains: tuple[Array, Array],
    rules: tuple[str, str],
    rounds: int,
    fields: tuple[dict[str, Array], dict[str, Array]],
) -> Deal:
    """Let two sides make offers in turn until one accepts, and return what they agree on.

    `rules` names the offering and the acceptance rule of both; `fields` holds what differs from
    `position` for either side. Each knows the other's values and reservation.
    """
    worlds = gains[0].shape[1]
    sides = [position(worlds, **own) for own in fields]
    agreed, worth = np.full(worlds, -1), np.full((2, worlds), np.nan)
    offering, accept = OFFERING[rules[0]], ACCEPTANCE[rules[1]]
    for turn in range(rounds):
        i, j = turn % 2, other_side(turn % 2)
        share = np.full(worlds, turn / rounds)
        aspiration = offering(sides[i]._replace(elapsed=share))
        package = offer(exchange(gains[i], gains[j]), gains[i], aspiration)
        own, other = utility(gains[i], package), utility(gains[j], package)
        sides[i] = _offered(sides[i], aspiration, own, other)
        sides[j] = _received(sides[j], own, other, sides[i].offers_made)
        asked = offering(sides[j]._replace(elapsed=np.full(worlds, (turn + 1) / rounds)))
        yes = accept(
            standing(
                worlds,
                offered=other,
                reservation=sides[j].reservation,
                next_aspiration=asked,
                patience=sides[j].patience,
            )
        )
        new = yes & (agreed < 0)
        agreed = np.where(new, turn, agreed)
        worth[i], worth[j] = np.where(new, own, worth[i]), np.where(new, other, worth[j])
    return Deal(agreed, worth)


def _offered(side: Position, aspiration: Array, own: Array, other: Array) -> Position:
    """Return the position after one's own offer, with the number of different ones."""
    repeated = (side.offers_made > 0) & (np.abs(own - side.own_offer_own) < 1e-12)
    return side._replace(
        previous=aspiration,
        own_offer_own=own,
        own_offer_other=other,
        offers_made=side.offers_made + np.where(repeated, 0.0, 1.0),
    )


def _received(side: Position, other: Array, own: Array, made: Array) -> Position:
    """Return the position after the other's offer, worth `own` to oneself."""
    return side._replace(other_offer_own=own, other_offer_other=other, offers_received=made)
