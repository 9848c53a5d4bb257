"""The declarations of figures are complete, and gates are judged by their bounds."""

import pytest

from experiments.diagnose.figures import FIGURES, Gate

BY_KEY = {figure.key: figure for figure in FIGURES}
# Keys on which other programs rely
STABLE = {
    "learner_log_error_ratio", "learner_rmse_ratio", "outside_two_sd", "no_room_share",
    "own_proposal_failures", "renewed_within_13_weeks", "interior_levels",
    "record_package_acceptable", "fails_under_threat", "fails_otherwise",
    "decoupled_without_truces",
}  # fmt: skip


def test_keys_are_unique_and_stable() -> None:
    assert len(BY_KEY) == len(FIGURES)
    assert set(BY_KEY) >= STABLE


def test_every_finding_has_a_figure_in_order() -> None:
    numbers = [int(figure.finding.removeprefix("F")) for figure in FIGURES]
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(1, 17))


def test_every_meaning_is_a_sentence() -> None:
    for figure in FIGURES:
        assert figure.meaning[0].isupper(), figure.key
        assert figure.meaning.endswith("."), figure.key


@pytest.mark.parametrize(
    ("key", "good", "bad"),
    [
        ("record_package_acceptable", 0.30, 0.29),
        ("fails_difference", 0.10, 0.11),
        ("learner_log_error_ratio", 1.0, 1.01),
        ("learner_rmse_ratio", 0.9, 1.1),
        ("outside_two_sd", 0.03, 0.02),
        ("outside_two_sd", 0.08, 0.09),
        ("no_room_share", 0.05, 0.36),
        ("group_numbers_matter", 0.001, 0.0),
        ("own_proposal_failures", 0.2, 0.56),
        ("renewed_within_13_weeks", 0.5, 0.49),
        ("interior_levels", 0.41, 0.10),
        ("decoupled_without_truces", 0.2, 0.7),
    ],
)
def test_a_gate_is_met_within_its_bounds(key: str, good: float, bad: float) -> None:
    gate = BY_KEY[key].gate
    assert gate is not None
    assert gate.met(good)
    assert not gate.met(bad)


def test_a_negative_difference_meets_its_gate() -> None:
    assert Gate("at most 10 points", most=0.10).met(-0.3)
