"""Findings of an experiment: each claim with its verdict and numbers."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from experiments.statistics import Interval

NEEDED = 7  # contexts of nine in which a sign must hold

type Verdict = Literal["supported", "not supported", "built in"]


@dataclass(frozen=True)
class Finding:
    """A claim, its numbers, and its verdict.

    effect: over all contexts, in `unit`; each: by context; held: in how many contexts the claim
    holds with an interval that excludes 0. Built-in effects follow from how a rule is written; they
    are shown so that they are not mistaken for findings.
    """

    claim: str
    verdict: Verdict
    effect: Interval
    unit: str
    each: tuple[Interval, ...]
    held: int
    detail: str = ""

    def sentence(self) -> str:
        """Return the finding in one line."""
        low, high = self.effect.low, self.effect.high
        return (
            f"{self.claim}: {self.verdict} ({self.effect.estimate:+.3g} {self.unit}, 95 % interval "
            f"{low:+.3g} to {high:+.3g}; holds in {self.held} of {len(self.each)} contexts)"
            + (f". {self.detail}" if self.detail else "")
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the finding as plain values."""
        return asdict(self) | {
            "effect": list(self.effect),
            "each": [list(interval) for interval in self.each],
            "sentence": self.sentence(),
        }


def judged(
    claim: str,
    effect: Interval,
    each: Sequence[Interval],
    unit: str,
    expected: Literal["rises", "falls", "unchanged"],
    margin: float = 0.0,
    built_in: bool = False,
    detail: str = "",
) -> Finding:
    """Return the finding of a claim that an effect rises, falls, or stays within a margin.

    Supported if it holds over all contexts together and in at least NEEDED of nine; the interval
    must exclude 0, or be within the margin.

    >>> up = Interval(2.0, 1.0, 3.0)
    >>> judged("More of it", up, [up] * 9, "points", "rises").verdict
    'supported'
    >>> judged("Less of it", up, [up] * 9, "points", "falls").verdict
    'not supported'
    """

    def holds(interval: Interval) -> bool:
        if expected == "rises":
            return interval.low > 0.0
        if expected == "falls":
            return interval.high < 0.0
        return -margin <= interval.low and interval.high <= margin

    held = sum(map(holds, each))
    needed = min(NEEDED, len(each))
    supported = holds(effect) and held >= needed
    opposite = {"rises": "falls", "falls": "rises"}.get(expected)
    against = sum(i.high < 0.0 if opposite == "falls" else i.low > 0.0 for i in each)
    if opposite and against >= needed:
        detail = f"The opposite holds in {against} of {len(each)} contexts. {detail}".strip()
    verdict: Verdict = "supported" if supported else "not supported"
    return Finding(
        claim, "built in" if built_in else verdict, effect, unit, tuple(each), held, detail
    )
