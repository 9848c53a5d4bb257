"""Scenario discovery: in which region of the assumptions an outcome is common, as readable rules.

The question is that of Bryant and Lempert (2010), and so are the two numbers of each region:
density (how common the outcome is in it) and coverage (how much of all the outcome lies in it).
They find regions with PRIM, which peels one box at a time, and an analyst who picks it on a curve
of coverage against density. This module fits a shallow tree instead (CART; Lempert, Bryant and
Bankes 2008 find that both work): it divides the whole space at once, so that every point is in one
region, and it needs no analyst, so that it is reproducible. The tree is from scikit-learn. It is
fitted to some design points and tested on the others.
"""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from experiments.sensitivity.designs import Design
from experiments.sensitivity.replicates import whole, whole_blocks
from experiments.statistics import Interval, keyed_generator
from model.arrays import Array, Mask

LEAVES = 5
LEAST_MASS = 0.05  # of the points, in every region
LEAST_GAIN = 0.02  # of the variance between points that a split must explain
HELD_OUT = 0.4  # of the blocks of a design, kept for the test
RESAMPLES = 400
LEAST_BLOCKS = 50

type Box = dict[str, tuple[float, float]]  # above the first, up to the second


class Regions(NamedTuple):
    """The regions of one outcome, by decreasing density, and its share in the whole space."""

    everywhere: Interval
    table: pd.DataFrame  # rule, points, density, coverage, each with low and high; box
    explained: float  # share of the variance between held-out points that the regions explain

    @property
    def tells(self) -> bool:
        """Return whether the regions explain points that they were not fitted to."""
        return len(self.table) > 1 and self.explained >= LEAST_GAIN


def regions(design: Design, hits: Array, seed: int = 1, leaves: int = LEAVES) -> Regions:
    """Return at most `leaves` regions of the design's space in which an outcome is common or rare.

    hits: 1 or 0 for each world, as (points, replicates). Numbers and 95 % intervals are from
    held-out points; intervals resample blocks, because worlds of a block are not independent.

    Raises:
        ValueError: There are too few complete blocks to fit and to test.
    """
    blocks = whole_blocks(hits, design.block).mean(axis=-1)
    if len(blocks) < LEAST_BLOCKS:
        raise ValueError(f"{len(blocks)} whole blocks of the design: at least {LEAST_BLOCKS}")
    kept = whole(hits, design.block)
    points = design.points[np.repeat(kept, design.block)].reset_index(drop=True)
    order = keyed_generator("held out", seed).permutation(len(blocks))
    held = np.zeros(len(blocks), dtype=bool)
    held[order[: round(HELD_OUT * len(blocks))]] = True
    fitted = np.repeat(~held, design.block)
    boxes = _grown(points[fitted], blocks[~held].ravel(), seed, leaves)
    return _judged(boxes, points[~fitted], blocks[held], seed)


def inside(points: pd.DataFrame, box: Box) -> Mask:
    """Return which points are in a box.

    >>> inside(pd.DataFrame({"a": [1.0, 2.0, 3.0]}), {"a": (1.0, 2.0)}).tolist()
    [False, True, False]
    """
    inner = np.ones(len(points), dtype=bool)
    for name, (low, high) in box.items():
        values = points[name].to_numpy(dtype=np.float64)
        inner &= (values > low) & (values <= high)
    return inner


def rule(box: Box) -> str:
    """Return a box as text, without ends at the edge of the range.

    >>> rule({"talks.window": (-np.inf, 20.0), "talks.rate": (0.2, 0.3)})
    'talks.window up to 20, talks.rate over 0.2 up to 0.3'
    >>> rule({})
    'everywhere'
    """
    parts = []
    for name, (low, high) in box.items():
        above = f" over {low:.3g}" if np.isfinite(low) else ""
        below = f" up to {high:.3g}" if np.isfinite(high) else ""
        parts.append(f"{name}{above}{below}")
    return ", ".join(parts) or "everywhere"


def _grown(points: pd.DataFrame, density: Array, seed: int, leaves: int) -> list[Box]:
    """Return the leaves of a tree fitted to points, weighted by how often they were hit."""
    from sklearn.tree import DecisionTreeClassifier  # type: ignore[import-untyped]  # slow

    tree = DecisionTreeClassifier(
        max_leaf_nodes=leaves,
        min_weight_fraction_leaf=LEAST_MASS,
        min_impurity_decrease=2.0 * LEAST_GAIN * float(density.var()),  # Gini: twice a variance
        random_state=int(keyed_generator("tree", seed).integers(2**31)),
    )
    values = points.to_numpy(dtype=np.float64)
    label = np.repeat([0, 1], len(values))
    tree.fit(np.concatenate([values] * 2), label, np.concatenate([1.0 - density, density]))
    return _leaves(tree.tree_, [str(name) for name in points.columns])


def _leaves(tree: Any, names: list[str]) -> list[Box]:
    boxes = []
    stack: list[tuple[int, Box]] = [(0, {})]
    while stack:
        node, box = stack.pop()
        if tree.children_left[node] < 0:
            boxes.append(box)
            continue
        name, cut = names[tree.feature[node]], float(tree.threshold[node])
        low, high = box.get(name, (-np.inf, np.inf))
        stack.append((int(tree.children_right[node]), box | {name: (cut, high)}))
        stack.append((int(tree.children_left[node]), box | {name: (low, cut)}))
    return boxes


def _judged(boxes: list[Box], points: pd.DataFrame, blocks: Array, seed: int) -> Regions:
    """Return the boxes with density and coverage on points that they were not fitted to."""
    members = np.array([inside(points, box) for box in boxes]).reshape(len(boxes), *blocks.shape)
    number = members.sum(axis=2).astype(np.float64)  # (boxes, blocks)
    hit = (members * blocks).sum(axis=2)
    rng = keyed_generator("bootstrap of regions", seed)
    picks = rng.integers(len(blocks), size=(RESAMPLES, len(blocks)))
    numbers, hits = number[:, picks].sum(axis=2), hit[:, picks].sum(axis=2)
    density = _ends(_ratio(hit.sum(axis=1), number.sum(axis=1)), _ratio(hits, numbers))
    coverage = _ends(
        _ratio(hit.sum(axis=1), hit.sum(keepdims=True)[0]), _ratio(hits, hits.sum(axis=0))
    )
    table = pd.DataFrame({"rule": [rule(box) for box in boxes]})
    table["points"] = number.sum(axis=1) / number.sum()
    for name, ends in (("density", density), ("coverage", coverage)):
        table[name], table[f"{name}_low"], table[f"{name}_high"] = ends
    table["box"] = pd.Series(boxes, dtype=object)
    whole = _ends(np.array([blocks.mean()]), blocks.mean(axis=1)[picks].mean(axis=1)[None, :])
    fitted = (members * density[0][:, None, None]).sum(axis=0)
    spread = float(((blocks - blocks.mean()) ** 2).mean())
    left = float(((blocks - fitted) ** 2).mean())
    return Regions(
        Interval(*(float(end[0]) for end in whole)),
        table.sort_values("density", ascending=False, ignore_index=True),
        1.0 - left / spread if spread > 0.0 else float("nan"),
    )


def _ratio(part: Array, whole: Array) -> Array:
    """Return part / whole; 0 if both are 0."""
    return np.asarray(part / np.maximum(whole, np.finfo(float).tiny))


def _ends(estimate: Array, draws: Array) -> tuple[Array, Array, Array]:
    low, high = np.quantile(draws, [0.025, 0.975], axis=1)
    return estimate, low, high
