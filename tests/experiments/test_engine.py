"""The engine keeps its word: the same world bit for bit, whatever runs beside it."""

from typing import Any, NamedTuple

import numpy as np
import pytest

from experiments import engine
from experiments.engine import Run, build, simulate
from experiments.results.replay import replay_row
from model.outcomes import outcome_keys
from model.schema.entries import Shock
from model.schema.problems import ScenarioError
from model.schema.scenario import Scenario, load_scenario
from tests.bits import same_bits, unequal

# Weeks in which much happens: offers, refusals, deals, failures at home.
WEEKS = 20
HURRIED: dict[str, Any] = {"time.horizon": WEEKS, "talks.window": 5.0, "talks.rate": 0.9}
SETTINGS: dict[str, dict[str, Any]] = {
    "as it stands": HURRIED,
    "by steps, with votes": HURRIED | {
        "sides.US.offering": "zeuthen", "sides.US.ratification": "constituency",
        "sides.CN.offering": "micro", "sides.CN.ratification": "vote", "talks.step": 0.3,
        "ratification.quota": 0.45,
    },
    "in theory": HURRIED | {
        "sides.US.offering": "rubinstein", "sides.US.acceptance": "rubinstein",
        "sides.CN.offering": "tit_for_tat", "sides.CN.acceptance": "ac_next",
        "influence.confidence": 0.3,
    },
}  # fmt: skip
EVERYTHING = ("everything",)
CROWD = 1000
HORIZONS = np.resize([4, 6, WEEKS, 9, 5, 17, 4], 40)
SEED = 3


@pytest.fixture(scope="module", params=SETTINGS.values(), ids=list(SETTINGS))
def crowd(request: pytest.FixtureRequest) -> Run:
    """Return a thousand worlds of a variant, with every state of every week."""
    setting = load_scenario("february_2025", request.param)
    return simulate(setting, CROWD, SEED, record=EVERYTHING)


@pytest.fixture(scope="module")
def hurried() -> Scenario:
    """Return the talks of 2025 in a hurry."""
    return load_scenario("february_2025", HURRIED)


@pytest.fixture(scope="module", params=["numpy", "traced"])
def uneven(hurried: Scenario, request: pytest.FixtureRequest) -> Run:
    """Return worlds that end at different weeks."""
    sweep = {"time.horizon": HORIZONS}
    return simulate(hurried, HORIZONS.size, SEED, sweep, EVERYTHING, engine=request.param)


class TestReplay:
    """A world depends on scenario, numbers, seed and its own number, and on nothing else."""

    def test_much_happens_in_the_worlds_that_are_compared(self, crowd: Run) -> None:
        assert crowd.outcomes["outcome"].nunique() >= 3
        assert crowd.outcomes["involuntary_defections"].mean() > 0.02
        assert 0.1 < crowd.outcomes["agreement_week"].notna().mean() < 0.98

    @pytest.mark.parametrize(("world", "width"), [(0, 1), (0, 2), (501, 1), (501, 7), (998, 2)])
    def test_it_is_the_same_among_few(self, crowd: Run, width: int, world: int) -> None:
        few = simulate(crowd.scenario, width, SEED, record=EVERYTHING, first=world)
        assert few.outcomes.index.tolist() == list(range(world, world + width))
        assert not unequal(few, crowd)

    def test_it_is_the_same_across_the_seam(
        self, crowd: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(engine, "CHUNK", 3)
        chunked = simulate(crowd.scenario, 7, SEED, record=EVERYTHING)
        assert chunked.outcomes.index.tolist() == list(range(7))
        assert not unequal(chunked, crowd)

    def test_recording_changes_nothing(self, crowd: Run) -> None:
        assert not unequal(simulate(crowd.scenario, 50, SEED), crowd)

    def test_stepping_by_hand_is_the_same(self, crowd: Run) -> None:
        run = simulate(crowd.scenario, 2, SEED, record=EVERYTHING, first=76, engine="numpy")
        assert run.weeks is not None
        talks = build(crowd.scenario, 1, SEED, first=77)
        alone = run.weeks.sel(world=[77, 77])
        while True:
            for name, values in talks.store.arrays().items():
                assert same_bits(values, alone[name].values[talks.week]), (name, talks.week)
            if not talks.running:
                break
            talks.step()
        assert talks.week == WEEKS

    def test_another_seed_or_number_is_another_world(self, crowd: Run) -> None:
        one = crowd.outcomes["real_income_cn"]
        assert one.nunique() > 0.98 * CROWD
        other = simulate(crowd.scenario, 50, SEED + 1).outcomes["real_income_cn"]
        assert not other.isin(one).any()

    def test_it_can_be_replayed_from_results(self, crowd: Run) -> None:
        class Found(NamedTuple):
            run: Run

            def setting_of(self, world: int) -> tuple[Scenario, int, dict[str, Any], int]:
                return self.run.scenario, self.run.seed, {}, world

        again = replay_row(Found(crowd), 11)
        assert again.weeks is not None
        assert not unequal(again, crowd)


class TestDropping:
    """Worlds that have ended are dropped in bulk, which no other world notices."""

    @pytest.fixture(params=[0.05, 0.5, 2.0], ids=["soon", "late", "never"])
    def share(self, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(engine, "MANY_DONE", request.param)

    @pytest.mark.usefixtures("share")
    def test_horizons(self, hurried: Scenario, uneven: Run) -> None:
        passed: list[int] = []
        sweep = {"time.horizon": HORIZONS}
        engine = uneven.engine
        run = simulate(
            hurried, HORIZONS.size, SEED, sweep, EVERYTHING, progress=passed.append, engine=engine
        )
        assert not unequal(run, uneven)
        assert HORIZONS.sum() <= sum(passed) <= HORIZONS.size * WEEKS

    @pytest.mark.usefixtures("share")
    def test_agreements(self, hurried: Scenario) -> None:
        setting = load_scenario("february_2025", HURRIED | {"time.stop_at_agreement": True})
        run = simulate(setting, 40, SEED, record=EVERYTHING)
        assert run.weeks is not None
        agreed = run.outcomes["agreement_week"]
        assert agreed.nunique() > 5
        assert not unequal(simulate(setting, 1, SEED, record=EVERYTHING, first=4), run)
        # to the week of its agreement such a world is one that goes on
        long = simulate(hurried, 40, SEED, record=EVERYTHING)
        assert long.weeks is not None
        for world, week in agreed.fillna(WEEKS).astype(int).items():
            for name in ("income_sum", "approval", "agreement"):
                ended = run.weeks[name].sel(world=world).values
                going = long.weeks[name].sel(world=world).values
                assert same_bits(ended[: week + 1], going[: week + 1])
                assert same_bits(ended[week:], np.repeat(ended[[week]], WEEKS + 1 - week, axis=0))

    def test_a_world_alone_stops_at_its_own_horizon(self, hurried: Scenario, uneven: Run) -> None:
        for world in (0, 2, 3):
            own = {"time.horizon": HORIZONS[[world]]}
            alone = simulate(hurried, 1, SEED, own, EVERYTHING, first=world, engine=uneven.engine)
            assert alone.weeks is not None
            assert alone.weeks.sizes["week"] == HORIZONS[world] + 1
            assert not unequal(alone, uneven)

    def test_records_of_several_chunks_are_carried_on(
        self, hurried: Scenario, uneven: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(engine, "CHUNK", 2)  # the longest horizons of the chunks differ
        sweep = {"time.horizon": HORIZONS[:12]}
        run = simulate(hurried, 12, SEED, sweep, EVERYTHING, engine=uneven.engine)
        assert run.weeks is not None
        assert run.weeks.sizes["week"] == WEEKS + 1
        assert not unequal(run, uneven)


class TestSweep:
    """Any number but what is built in may differ between worlds."""

    def test_a_number_given_once_and_as_an_array_are_the_same(self, hurried: Scenario) -> None:
        moved = {
            name: max(0.93 * number.value + 0.02 * min(number.high, 1.0), number.low)
            for name, number in hurried.parameters().items()
            if not (number.integer or number.built_in)
        }
        overridden = load_scenario("february_2025", HURRIED | moved)
        once = simulate(overridden, 7, SEED, record=EVERYTHING)
        arrays = {name: np.full(7, value) for name, value in moved.items()}
        assert not unequal(simulate(hurried, 7, SEED, arrays, EVERYTHING), once)
        assert unequal(simulate(hurried, 7, SEED, record=EVERYTHING), once)

    def test_integers_too(self, hurried: Scenario) -> None:
        moved = {"time.horizon": 15, "retaliation.lag": 3,
                 "events.0.announced": 2, "events.0.week": 6}  # fmt: skip
        once = simulate(load_scenario("february_2025", HURRIED | moved), 7, SEED, record=EVERYTHING)
        arrays = {name: np.full(7, value) for name, value in moved.items()}
        assert not unequal(simulate(hurried, 7, SEED, arrays, EVERYTHING), once)

    def test_each_world_has_its_own(
        self, hurried: Scenario, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        windows = np.linspace(2.0, 50.0, 9)
        run = simulate(hurried, 9, SEED, {"talks.window": windows}, EVERYTHING)
        monkeypatch.setattr(engine, "CHUNK", 4)
        assert not unequal(simulate(hurried, 9, SEED, {"talks.window": windows}, EVERYTHING), run)
        assert same_bits(run.sweep["talks.window"], windows)
        for world in (0, 5):
            own = load_scenario("february_2025", HURRIED | {"talks.window": windows[world].item()})
            assert not unequal(simulate(own, 1, SEED, record=EVERYTHING, first=world), run)

    @pytest.mark.parametrize(
        ("sweep", "says"),
        [
            ({"talks.windw": [1, 2]}, r'no such number. Did you mean "talks.window"\?'),
            ({"talks.window": [1, 2, 3]}, r"of shape \(3,\): must be .* shape \(2,\)"),
            ({"talks.window": 3.0}, r"of shape \(\): must be .* shape \(2,\)"),
            ({"talks.window": [1, 300]}, r"in world 1 = 300: must be a number between 1 and 260"),
            ({"talks.window": [float("nan"), 1]}, r"in world 0 = nan: must be a number between"),
            ({"talks.window": ["a", "b"]}, r"must be a number between 1 and 260 in each world"),
            ({"talks.window": [[1], [1, 2]]}, r"must be a number between 1 and 260 in each world"),
            ({"retaliation.lag": [1.5, 1]}, r"in world 0 = 1.5: must be a whole number between"),
            (
                {"constituencies.consumers.exposure.consumer_cost": [1, 2]},
                r"compiled into the economy .* cannot differ by world. .* use an override",
            ),
        ],
    )
    def test_what_cannot_be_swept_is_refused(
        self, hurried: Scenario, sweep: dict[str, Any], says: str
    ) -> None:
        for start in (build, simulate):
            with pytest.raises(ScenarioError, match=says):
                start(hurried, 2, SEED, sweep)

    def test_all_that_is_wrong_is_told_at_once(self, hurried: Scenario) -> None:
        with pytest.raises(ScenarioError, match="sweep of february_2025 has 2 problems"):
            build(hurried, 2, sweep={"talks.rate": [2, 2], "talks.pace": [1, 1]})


class TestTables:
    """What a run leaves."""

    COLUMNS = """
        outcome agreement_week tariff_us_peak tariff_cn_peak tariff_us_final tariff_cn_final
        real_income_us real_income_cn real_income_row utility_us utility_cn enforcement compliance
        threats_us threats_cn executed_us executed_cn involuntary_defections trust_us trust_cn
        approval_us approval_cn pareto_gap nash_gap
    """
    HISTORY = """
        deals last_deal broken_week broken_by refused_by structural stance_abroad truces summits
        sessions leaks trials warm_trials trial_deal answers_us answers_cn backed_down_us
        backed_down_cn postponed_us postponed_cn
        gestures_us gestures_cn revoked_us revoked_cn delivered_sum_us delivered_sum_cn
        compensation_us compensation_cn deal_weeks
    """

    def test_columns(self, crowd: Run) -> None:
        issues = [f"agreed_{issue}" for issue in crowd.scenario.issues]
        shocks = [f"shock_{card.key}" for _, card in crowd.scenario.of_kind(Shock)]
        expected = [*self.COLUMNS.split(), *issues, *self.HISTORY.split(), *shocks]
        assert crowd.outcomes.columns.tolist() == expected
        assert crowd.outcomes.index.name == "world"
        assert crowd.outcomes["outcome"].isin(outcome_keys()).all()

    def test_what_belongs_to_a_deal_is_there_with_a_deal_only(self, crowd: Run) -> None:
        table = crowd.outcomes
        deal = table["agreed_purchases"].notna()  # in force at the end
        assert (table.loc[deal, "deals"] > 0.0).all()
        assert (table["agreement_week"].notna() == (table["deals"] > 0.0)).all()
        for column in ("enforcement", "pareto_gap", "agreed_purchases"):
            assert (table[column].notna() == deal).all()
        assert deal[table["nash_gap"].notna()].all()  # a deal outside the win-set has none
        assert (table.loc[~deal, ["utility_us", "utility_cn"]] == 0.0).all(axis=None)
        ended = table["outcome"].str.endswith("deal") | (table["outcome"] == "decoupled")
        assert ended[deal].all()
        assert deal[table["outcome"].str.endswith("deal")].all()
        assert table["agreement_week"].dropna().between(1, WEEKS).all()

    def test_records_begin_with_week_0(self, crowd: Run) -> None:
        weeks = crowd.weeks
        assert weeks is not None
        assert weeks["week"].values.tolist() == list(range(WEEKS + 1))
        start = [side.tariff for side in crowd.scenario.sides.values()]
        assert (weeks["tariff"].sel(week=0) == np.array(start)[:, None]).all()
        assert weeks["weeks"].isel(world=0).values.tolist() == list(range(WEEKS + 1))
        assert weeks["offer"].dims == ("week", "side", "issue", "world")
        assert weeks["opinion"].sel(agent="xi_jinping", stance="firmness", week=0)[0] == 0.60
        assert weeks["tariff"].attrs["units"] == "share"
        filled = [name for name in weeks if weeks[name].size]  # the scenario changes no parameter
        assert not weeks[filled].isnull().all().to_array().any()

    def test_the_table_is_what_the_last_week_shows(self, crowd: Run) -> None:
        assert crowd.weeks is not None
        last = crowd.weeks.isel(week=-1)
        for side, name in (("US", "us"), ("CN", "cn")):
            final = crowd.outcomes[f"tariff_{name}_final"].to_numpy()
            assert same_bits(last["tariff"].sel(side=side).values, final)
            peak = crowd.outcomes[f"tariff_{name}_peak"].to_numpy()
            assert same_bits(crowd.weeks["tariff"].sel(side=side).max("week").values, peak)

    def test_one_state_may_be_asked_for_by_its_name(self, hurried: Scenario) -> None:
        weeks = simulate(hurried, 2, record="trust").weeks
        assert weeks is not None
        assert list(weeks) == ["trust"]
        assert simulate(hurried, 2).weeks is None

    def test_an_unknown_state_is_refused(self, hurried: Scenario) -> None:
        with pytest.raises(ScenarioError, match=r'"tarif": no such state. Did you mean "tariff"\?'):
            simulate(hurried, 2, record=["tarif"])

    @pytest.mark.parametrize(("name", "value"), [("worlds", 0), ("worlds", -1), ("first", -1)])
    def test_numbers_of_worlds_are_refused_if_impossible(self, name: str, value: int) -> None:
        numbers: dict[str, Any] = {name: value}
        for start in (build, simulate):
            with pytest.raises(ValueError, match=f"{name} {value}: must"):
                start("classroom", **numbers)

    @pytest.mark.parametrize("seed", [-1, 2**64])
    def test_impossible_seeds_are_refused(self, seed: int) -> None:
        with pytest.raises(ValueError, match=f"seed {seed}: must be between 0 and"):
            build("classroom", seed=seed)
