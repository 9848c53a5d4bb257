"""Verdicts: a sign must be clear of 0 in all contexts together and in seven of the nine."""

import json

import pytest

from experiments.factorial.findings import NEEDED, judged
from experiments.statistics import Interval

UP, FLAT, DOWN = Interval(2.0, 1.0, 3.0), Interval(0.1, -0.2, 0.4), Interval(-2.0, -3.0, -1.0)


@pytest.mark.parametrize(("clear", "verdict"), [(7, "supported"), (6, "not supported")])
def test_seven_of_nine_are_needed(clear: int, verdict: str) -> None:
    each = [UP] * clear + [FLAT] * (9 - clear)
    finding = judged("More", UP, each, "points", "rises")
    assert (finding.verdict, finding.held) == (verdict, clear)
    assert NEEDED == 7


def test_the_whole_must_hold_too() -> None:
    assert judged("More", FLAT, [UP] * 9, "points", "rises").verdict == "not supported"


def test_the_opposite_is_told() -> None:
    finding = judged("More", DOWN, [DOWN] * 8 + [FLAT], "points", "rises", detail="Why.")
    assert finding.verdict == "not supported"
    assert finding.detail == "The opposite holds in 8 of 9 contexts. Why."


def test_unchanged_means_within_the_margin_and_not_merely_unclear() -> None:
    assert judged("Same", FLAT, [FLAT] * 9, "points", "unchanged", 0.5).verdict == "supported"
    assert judged("Same", FLAT, [FLAT] * 9, "points", "unchanged", 0.3).verdict == "not supported"


def test_what_is_built_in_is_never_called_a_finding() -> None:
    for each in ([UP] * 9, [DOWN] * 9):
        finding = judged("More", each[0], each, "points", "rises", built_in=True, detail="By rule")
        assert finding.verdict == "built in"


def test_a_finding_is_plain_values_and_one_line() -> None:
    finding = judged("More", UP, [UP] * 9, "points", "rises", detail="Why")
    plain = json.loads(json.dumps(finding.as_dict()))
    assert plain["effect"] == [2.0, 1.0, 3.0]
    assert plain["sentence"] == (
        "More: supported (+2 points, 95 % interval +1 to +3; holds in 9 of 9 contexts). Why"
    )
