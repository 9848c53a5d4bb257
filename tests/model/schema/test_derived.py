"""What is kept of a scenario: computed once, not shared with changed copies, and forgotten."""

import gc
import weakref
from typing import Any

import pytest

from model.economy.pain import ArmingtonEconomy, economy_of
from model.schema import declarations, scenario
from model.schema.derived import kept_while_alive
from model.schema.scenario import load_scenario


class Thing:
    """An object to which a weak reference can refer."""


def test_a_value_is_computed_once_and_forgotten_with_its_object() -> None:
    calls: list[int] = []

    @kept_while_alive
    def derived(thing: Thing) -> Thing:
        calls.append(id(thing))
        return Thing()

    one, other = Thing(), Thing()
    assert derived(one) is derived(one)
    assert derived(one) is not derived(other)
    assert calls == [id(one), id(other)]
    value = weakref.ref(derived(one))
    del one
    gc.collect()
    assert value() is None


def test_parameters_of_a_scenario_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    setting = load_scenario("classroom")
    calls: list[int] = []

    def counted(*args: Any) -> Any:
        calls.append(1)
        return declarations.declarations(*args)

    monkeypatch.setattr(scenario, "declarations", counted)
    first = setting.parameters()
    first.clear()  # the caller's own
    assert setting.parameters() == load_scenario("classroom").parameters()
    assert len(calls) == 2


def test_a_changed_copy_has_its_own_parameters() -> None:
    setting = load_scenario("classroom")
    before = setting.parameters()["talks.window"].value
    talks = setting.talks.model_copy(update={"window": before + 1.0})
    assert setting.model_copy(update={"talks": talks}).parameters()["talks.window"].value != before
    assert setting == load_scenario("classroom")


def test_economies_of_one_scenario_share_surfaces_but_not_worlds() -> None:
    setting = load_scenario("february_2025")
    one, other = economy_of(setting), economy_of(setting)
    assert isinstance(one, ArmingtonEconomy)
    assert isinstance(other, ArmingtonEconomy)
    assert one.gap is other.gap
    assert one.short is not other.short
    assert one.least is not other.least
