"""A scenario may change a parameter from a given week on; older scenarios list shocks apart."""

import copy
import re
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from experiments.engine import build, finish, fork, simulate
from model.arrays import Index
from model.chronicle import EventLog
from model.schema import checks
from model.schema.entries import ParameterChange
from model.schema.problems import ScenarioError
from model.schema.reading import FOLDER
from model.schema.scenario import Scenario, load_scenario
from model.state.store import Store, Values
from run import app
from tests.bits import same_bits, unequal

WEEK, HORIZON = 5, 12
START, LATER = 0.25, 1.0


def changing(*events: dict[str, Any], **overrides: Any) -> Scenario:
    """Return the talks of 2025 with changes of parameters after the other events."""
    content = load_scenario("february_2025", {"time.horizon": HORIZON, **overrides}).model_dump()
    content["events"] += [
        {"kind": "parameter", "title": "Talks speed up", "source": "for a test"} | event
        for event in events
    ]
    return Scenario.model_validate(content)


def rate(week: int = WEEK, value: float = LATER) -> dict[str, Any]:
    """Return a change of the rate of the talks."""
    return {"parameter": "talks.rate", "week": week, "value": value}


def index(*worlds: int) -> Index:
    """Return some worlds."""
    return np.array(worlds, dtype=np.intp)


def test_the_value_holds_from_the_start_of_its_week_in_every_world() -> None:
    run = simulate(changing(rate()), 6, record=("changed", "sessions"))
    assert run.weeks is not None
    values = run.weeks["changed"].sel(parameter="talks.rate").to_numpy()
    assert (values[:WEEK] == START).all()
    assert (values[WEEK:] == LATER).all()
    met = np.diff(run.weeks["sessions"].to_numpy(), axis=0)
    assert met[WEEK - 1 :].mean() > met[: WEEK - 1].mean()


def test_until_then_the_worlds_are_those_without_it() -> None:
    """Other mechanisms draw the same random numbers afterwards: they are keyed by purpose."""
    plain, changed = (
        simulate(setting, 8, record="everything").weeks
        for setting in (changing(), changing(rate()))
    )
    assert plain is not None
    assert changed is not None
    for name in plain:
        before, after = (one[name].to_numpy()[:WEEK] for one in (plain, changed))
        if name != "changed":
            assert same_bits(np.ascontiguousarray(before), np.ascontiguousarray(after)), name
    drawn = ("resolve", "worth", "happened", "capacity")
    for name in drawn:
        assert same_bits(plain[name].to_numpy(), changed[name].to_numpy()), name


def test_a_change_to_the_same_value_changes_nothing() -> None:
    same = simulate(changing(rate(value=START)), 8)
    assert not unequal(simulate(changing(), 8), same)


def test_a_change_in_the_first_week_is_an_override() -> None:
    overridden = simulate(changing(**{"talks.rate": LATER}), 8)
    assert not unequal(simulate(changing(rate(week=1)), 8), overridden)


def test_of_two_changes_the_later_counts_whatever_their_order() -> None:
    for pair in ([rate(3, 0.5), rate(WEEK)], [rate(WEEK), rate(3, 0.5)]):
        run = simulate(changing(*pair), 2, record=("changed",))
        assert run.weeks is not None
        values = run.weeks["changed"].sel(parameter="talks.rate").to_numpy()[:, 0]
        found = values[[0, 2, 3, 4, WEEK, HORIZON]].tolist()
        assert found == [START, START, 0.5, 0.5, LATER, LATER]


def test_entries_of_the_scenario_change_too_and_each_is_recorded() -> None:
    cost = {"parameter": "sides.US.audience_cost", "week": 2, "value": 0.5}
    n = build(changing(cost, rate()), 2)
    n.run_for(2)
    assert n.store.of("sides", "US", "audience_cost").tolist() == [0.5, 0.5]
    assert n.store["changed"].tolist() == [[0.5, 0.5], [START, START]]
    assert n.keys.names("parameter") == ["sides.US.audience_cost", "talks.rate"]


@pytest.mark.parametrize("week", [WEEK - 2, WEEK + 1])
def test_forks_and_selections_go_on_with_it(week: int) -> None:
    n = build(changing(rate()), 5)
    n.run_for(week)
    some, copied = n.select(index(3, 1)), copy.deepcopy(n)
    futures = fork(n, 4, world=1)
    for one in (n, some, copied, futures):
        finish(one)
        assert (one.store["talks.rate"] == LATER).all()
        assert (one.store["changed"] == LATER).all()
    for name, values in some.store.arrays().items():
        whole = n.store.arrays()[name][..., index(3, 1)]
        assert same_bits(np.ascontiguousarray(whole), values), name


def test_a_world_that_goes_on_from_recorded_states_has_it() -> None:
    """Watch and debriefs put recorded states into a store of the start, or of a later week."""
    n = build(changing(rate()), 2)
    n.run_for(WEEK + 1)
    n.week = 1
    n.open_week()
    assert (n.store["talks.rate"] == START).all()
    n.week = WEEK + 2
    n.close_week()
    n.open_week()
    assert (n.store["talks.rate"] == LATER).all()


def test_it_may_differ_between_worlds_within_the_range_of_its_parameter() -> None:
    setting = changing(rate())
    ((row, _),) = setting.of_kind(ParameterChange)
    name = f"events.{row}.value"
    declared = setting.parameters()[name]
    assert (declared.low, declared.high, declared.unit) == (0.0, 1.0, "share per week")
    run = simulate(setting, 2, sweep={name: [0.5, 1.0]}, record=("changed",))
    assert run.weeks is not None
    assert run.weeks["changed"].to_numpy()[-1, 0].tolist() == [0.5, 1.0]
    with pytest.raises(ScenarioError, match="must be a number between 0 and 1"):
        simulate(setting, 2, sweep={name: [0.5, 1.5]})


def test_the_chronicle_tells_of_it() -> None:
    run = simulate(changing(rate()), 1, record="everything")
    assert run.weeks is not None
    history = {str(name): values.to_numpy()[..., 0] for name, values in run.weeks.items()}
    told = EventLog(run.scenario, history).tell()
    entries = [(entry.week, entry.kind, entry.text) for entry in told if "Talks" in entry.text]
    assert entries == [(WEEK, "event", "Talks speed up (talks.rate is 1).")]


def test_what_only_the_start_reads_is_read_in_no_week(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a scenario could not change it later, though it would have an effect."""
    n, read = build(load_scenario("february_2025"), 40), set[str]()
    whole = Store._read

    def spied(store: Store, name: str) -> Values:
        read.add(name)
        return whole(store, name)

    n.store = n.store.select(np.arange(40, dtype=np.intp))  # no read is cached
    for person in n.people.values():
        person.store = n.store
    monkeypatch.setattr(Store, "_read", spied)
    n.run_for(60)
    assert len(read) > 100
    fixed = [name for name in read for one in checks.AT_THE_START if re.fullmatch(one, name)]
    both = ["economy.hardening"]  # a week reads it relative to its effect at the start
    # with types of resolve, home by groups and reviews, a week reads these again
    both += ["talks.resolve_spread", "channels.real", "compliance.capacity"]
    both += [name for name in fixed if name.startswith("constituencies.")]
    assert set(fixed) <= {"time.horizon", *both}


class TestOlderScenarios:
    """Shocks in a list of their own are read until version 0.3, with a warning."""

    @pytest.fixture
    def old(self, tmp_path: Path) -> Path:
        """Return a shipped scenario as version 0.1 wrote it."""
        text = (FOLDER / "february_2025.toml").read_text(encoding="utf-8")
        file = tmp_path / "february_2025.toml"
        file.write_text(text.replace('[[events]]\nkind = "shock"\n', "[[shocks]]\n"), "utf-8")
        assert "shocks" in tomllib.loads(file.read_text("utf-8"))
        return file

    def test_they_are_the_same_scenario(self, old: Path) -> None:
        with pytest.warns(DeprecationWarning, match=r'write \[\[events\]\] with kind = "shock"'):
            assert load_scenario(old) == load_scenario("february_2025")

    def test_a_variant_with_shocks_alone_keeps_the_other_events(self, tmp_path: Path) -> None:
        file = tmp_path / "variant.toml"
        file.write_text(
            'name = "variant"\ntitle = "A variant"\nextends = "february_2025"\n[[shocks]]\n'
            'key = "spill"\ntitle = "A spill"\nsource = "assumption"\n'
            "effects = { mistrust = 0.1 }\n"
        )
        with pytest.warns(DeprecationWarning, match="shocks"):
            kinds = [event.kind for event in load_scenario(file).events]
        assert kinds == ["tariff", "election", "shock"]

    def test_names_of_their_numbers_are_read(self) -> None:
        with pytest.warns(DeprecationWarning, match=r"shocks\.1\.hazard is events\.3\.hazard"):
            changed = load_scenario("february_2025", {"shocks.1.hazard": 0.5})
        assert changed == load_scenario("february_2025", {"events.3.hazard": 0.5})
        with pytest.warns(DeprecationWarning, match="shocks"):
            assert "events.3.hazard" in changed.checked_sweep({"shocks.1.hazard": [0.1, 0.2]}, 2)

    def test_check_says_how_to_write_them(self, old: Path) -> None:
        found = CliRunner().invoke(app, ["check", str(old)])
        assert found.exit_code == 0
        assert 'write [[events]] with kind = "shock"' in found.output
        assert "good." in found.output
