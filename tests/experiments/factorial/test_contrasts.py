"""Contrasts of cells against closed forms, and claims that are decided as they should be."""

from collections.abc import Mapping

import numpy as np
import pytest

from experiments.factorial.contrasts import Contrasts, change, interaction
from experiments.factorial.experiment import Cell, Experiment, Factor, Level, Picture, crossed, plan
from experiments.factorial.findings import Finding
from experiments.statistics import keyed_generator, mean_interval, paired_difference
from model.arrays import Array

CONTEXTS = [{"values.cost_scale": float(place), "talks.window": 26.0} for place in range(9)]
LOW, MIDDLE, HIGH = {"a": "low"}, {"a": "middle"}, {"a": "high"}


def _no_findings(contrasts: Contrasts) -> list[Finding]:
    return []


def _cells(values: Mapping[str, Array], contexts: int = 9, levels: int = 2) -> Contrasts:
    """Return the cells of one factor of two or three levels, or of two factors (four cells)."""
    names = ("low", "high") if levels == 2 else ("low", "middle", "high")
    factors = {"a": Factor("A", tuple(Level(name, {}) for name in names))}
    number = next(iter(values.values())).shape[0]
    if number > levels:
        factors["b"] = Factor("B", (Level("no", {}), Level("yes", {})))
    experiment = Experiment(
        "made", "", "", "", "", (), "classroom", factors, tuple(values), (), _no_findings
    )
    contrasts: list[Cell] = crossed(factors)
    assert len(contrasts) == number
    return Contrasts(experiment, contrasts, CONTEXTS[:contexts], values)


def _luck(*shape: int, name: str = "cells") -> Array:
    return keyed_generator(name, 1).normal(size=shape)


def test_a_contrast_is_the_paired_difference_of_worlds() -> None:
    values = _luck(2, 9, 40)
    effect = _cells({"utility_us": values}).contrast("utility_us", LOW, HIGH)
    for context in range(9):
        pair = paired_difference(values[0, context], values[1, context])
        np.testing.assert_allclose(effect.each[context], pair)
    means = values.mean(axis=1)  # over all contexts together a world is still one draw
    np.testing.assert_allclose(effect.all, paired_difference(means[0], means[1]))


def test_a_level_is_the_mean_of_its_worlds() -> None:
    values = _luck(4, 9, 30)
    effect = _cells({"deal": values}).level("deal", {"b": "yes"})
    np.testing.assert_allclose(effect.all, mean_interval(values[1::2].mean(axis=(0, 1))))


def test_common_luck_takes_the_noise_off_a_contrast() -> None:
    rng = _luck(1, 9, 50)
    effect = _cells({"deal": np.concatenate([rng, rng + 1.0])}).contrast("deal", LOW, HIGH)
    np.testing.assert_allclose(effect.all, (1.0, 1.0, 1.0))


def test_an_interaction_is_a_difference_in_differences() -> None:
    values = np.zeros((4, 9, 20)) + np.array([1.0, 2.0, 4.0, 9.0])[:, None, None]
    contrasts = _cells({"deal": values})  # low no, low yes, high no, high yes
    terms = interaction(LOW, HIGH, {"b": "no"}, {"b": "yes"})
    assert contrasts.combination("deal", terms).all.estimate == (9.0 - 2.0) - (4.0 - 1.0)


def test_the_interval_of_a_conditional_contrast_covers() -> None:
    """Deals are rarer at `high`, in other worlds; contexts share a world's random numbers."""
    tries, covered = 400, 0
    for number in range(tries):
        rng = keyed_generator("coverage", number)
        world = rng.normal(size=(1, 1, 60))
        noise = rng.normal(size=(2, 3, 60))
        worth = world + 0.5 * noise + np.array([0.0, 0.3])[:, None, None]
        missing = rng.random((2, 3, 60)) < np.array([0.3, 0.6])[:, None, None]
        found = _cells({"terms_us": np.where(missing, np.nan, worth)}, contexts=3).contrast(
            "terms_us", LOW, HIGH
        )
        covered += found.all.low <= 0.3 <= found.all.high
    assert 0.92 <= covered / tries <= 0.975  # 95 % and the noise of 400 tries


def test_matched_worlds_tell_a_change_of_who_from_a_change_of_what() -> None:
    worth = np.tile(np.arange(10.0), (2, 9, 1))
    worth[1, :, :5] = np.nan  # at `high` only the worlds of large worth have a deal
    contrasts = _cells({"terms_us": worth})
    assert contrasts.combination("terms_us", change(LOW, HIGH)).all.estimate == pytest.approx(2.5)
    same = contrasts.combination("terms_us", change(LOW, HIGH), matched=True)
    np.testing.assert_allclose(same.all, (0.0, 0.0, 0.0))


def test_matched_terms_of_other_sizes_are_refused() -> None:
    contrasts = _cells({"terms_us": _luck(4, 9, 5)})
    with pytest.raises(ValueError, match="the same number of cells"):
        contrasts.combination(
            "terms_us", change({"a": "low"}, {"a": "high", "b": "no"}), matched=True
        )


def test_what_no_world_has_is_not_a_finding() -> None:
    values = _luck(2, 9, 5)
    values[1] = np.nan
    finding = _cells({"terms_us": values}).claim("Up", "terms_us", change(LOW, HIGH), "rises")
    assert np.isnan(finding.effect.estimate)
    assert (finding.verdict, finding.held) == ("not supported", 0)


def test_the_best_inner_level_is_chosen_by_one_half_and_tested_on_the_other() -> None:
    values = np.zeros((3, 9, 40))
    values[1, :, ::2] = 5.0  # better where it is chosen, worse where it is tested
    values[1, :, 1::2] = -1.0
    finding = _cells({"utility_us": values}, levels=3).interior("U", "utility_us", "a", {})
    assert finding.effect.estimate == -1.0
    assert finding.verdict == "not supported"


def test_an_inner_level_must_lead_both_ends() -> None:
    values = 0.1 * _luck(3, 9, 60) + np.array([0.0, 1.0, 0.5])[:, None, None]
    contrasts = _cells({"utility_us": values}, levels=3)
    finding = contrasts.interior("U", "utility_us", "a", {})
    assert finding.verdict == "supported"
    assert finding.effect.estimate == pytest.approx(0.5, abs=0.05)
    assert "middle" in finding.detail
    rising = 0.1 * _luck(3, 9, 60) + np.array([0.0, 1.0, 2.0])[:, None, None]
    other = _cells({"utility_us": rising}, levels=3).interior("U", "utility_us", "a", {})
    assert other.verdict == "not supported"


def test_every_step_must_rise() -> None:
    heights = np.array([0.0, 1.0, 3.0])[:, None, None]
    contrasts = _cells({"deal": 0.1 * _luck(3, 9, 40) + heights}, levels=3)
    finding = contrasts.monotone("Up", "deal", "a", {}, "rises")
    assert finding.verdict == "supported"
    assert finding.effect.estimate == pytest.approx(1.0, abs=0.05)
    assert "low to middle" in finding.detail
    bent = np.array([0.0, 1.0, 0.5])[:, None, None]
    contrasts = _cells({"deal": 0.1 * _luck(3, 9, 40) + bent}, levels=3)
    assert contrasts.monotone("Up", "deal", "a", {}, "rises").verdict == "not supported"


def test_two_measures_of_the_same_cells_are_told_apart() -> None:
    base = _luck(2, 9, 30)
    contrasts = _cells({"agreed_standing": base, "agreed_revoked": base - 2.0})
    finding = contrasts.apart("Down", "agreed_standing", "agreed_revoked", LOW, "falls")
    assert finding.verdict == "supported"
    assert finding.effect.estimate == pytest.approx(-2.0)


def test_unknown_levels_and_empty_choices_are_named() -> None:
    contrasts = _cells({"deal": _luck(2, 9, 5)})
    with pytest.raises(ValueError, match="no level 'hihg'"):
        contrasts.level("deal", {"a": "hihg"})


def test_a_table_has_each_cell_in_each_context_and_in_all() -> None:
    values = _luck(2, 9, 12)
    table = _cells({"deal": values}).table()
    assert len(table) == 2 * 10
    whole = table[table["talks.window"].isna()].set_index("a")["estimate"]
    assert whole["high"] == pytest.approx(values[1].mean())


def test_one_world_gives_no_width_and_no_warning() -> None:
    contrasts = _cells({"deal": _luck(3, 9, 1)}, levels=3)
    assert contrasts.level("deal", LOW).all.low == contrasts.level("deal", LOW).all.high
    assert contrasts.interior("U", "deal", "a", {}).verdict == "not supported"


def test_a_picture_needs_no_more_than_a_measure_and_a_factor() -> None:
    assert Picture("deal", over="a").given == ()


def test_falling_is_judged_by_the_step_that_falls_least() -> None:
    levels = np.array([5.0, 2.0, 1.0])[:, None, None] + 0.01 * _luck(3, 9, 40)
    found = _cells({"deal": levels}, levels=3).monotone("It falls", "deal", "a", {}, "falls")
    assert found.verdict == "supported"
    assert found.effect.estimate == pytest.approx(-1.0, abs=0.05)
    assert "from middle to high" in found.detail
    up = _cells({"deal": levels[[0, 2, 1]]}, levels=3).monotone(
        "It falls", "deal", "a", {}, "falls"
    )
    assert up.verdict == "not supported"
    assert up.effect.estimate == pytest.approx(1.0, abs=0.05)


def test_a_combination_that_no_cell_has_is_refused() -> None:
    contrasts = _cells({"deal": _luck(4, 9, 20)})
    some = [cell for cell in contrasts.cells if cell != {"a": "high", "b": "yes"}]
    fewer = Contrasts(contrasts.experiment, some, CONTEXTS, {"deal": contrasts.values["deal"][:3]})
    with pytest.raises(ValueError, match="no cell has"):
        fewer.level("deal", {"a": "high", "b": "yes"})


def test_two_factors_that_set_the_same_number_are_refused() -> None:
    twice = (Level("no", {"talks.rate": 0.2}), Level("yes", {"talks.rate": 0.3}))
    factors = {"a": Factor("A", twice), "b": Factor("B", twice)}
    experiment = Experiment(
        "made", "", "", "", "", (), "classroom", factors, ("deal",), (), _no_findings
    )
    with pytest.raises(ValueError, match=r"talks\.rate.* set by two factors"):
        plan(experiment, 2)
