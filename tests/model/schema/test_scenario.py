"""Scenarios load, say what their tables say, and refuse everything else in plain words."""

import json
import pickle
import re
import subprocess
import sys
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from model.economy.grid import SERIES, WIDTH, EconomyGrid, column
from model.schema.entries import ScheduledTariff
from model.schema.issues import sentences
from model.schema.parameters import Trust
from model.schema.parameters_talks import Talks
from model.schema.problems import Problem, ScenarioError
from model.schema.reading import list_scenarios, shipped
from model.schema.scenario import Scenario, check_file, json_schema, load_scenario

SETTING = load_scenario("february_2025")
BAD = sorted((Path(__file__).parents[2] / "invalid").glob("*.toml"))

# What an issue is worth to its receiver (b) and costs its owner (c), in points; elicited priors.
PRIORS = {
    "us_tariff_relief": (None, 0.38),
    "cn_tariff_relief": (None, 0.08),
    "purchases": (0.26, 0.13),
    "investment": (0.12, 0.08),
    "tech_access": (0.26, 0.38),
    "overcapacity": (0.30, 0.40),
    "nuclear_security": (0.08, 0.05),
    "peace_cooperation": (0.06, 0.05),
    "dollar_support": (0.05, 0.04),
    "pntr_assurance": (0.10, 0.18),
}


def worth(setting: Scenario, issue: str, side: str) -> float:
    """Return the weighted sum of the stakes of a side's groups in an issue."""
    groups = {key: group for key, group in setting.constituencies.items() if group.side == side}
    total = sum(group.weight for group in groups.values())
    stakes = setting.issues[issue].stakes
    return sum(group.weight / total * stakes.get(key, 0.0) for key, group in groups.items())


class TestShipped:
    """What comes with the model."""

    @pytest.mark.parametrize("name", shipped())
    def test_it_loads_under_its_file_name(self, name: str) -> None:
        assert load_scenario(name).name == name

    @pytest.mark.parametrize("name", shipped())
    def test_it_survives_being_kept_as_json(self, name: str) -> None:
        setting = load_scenario(name)
        assert Scenario.model_validate_json(setting.model_dump_json()) == setting

    @pytest.mark.parametrize("name", shipped())
    def test_every_issue_reads_as_a_sentence(self, name: str) -> None:
        setting = load_scenario(name)
        for level in (0.01, 0.3, 0.5, 1.0):
            for text in sentences(setting.issues, dict.fromkeys(setting.issues, level)):
                assert "{" not in text
                assert any(letter.isdigit() for letter in text)

    def test_the_list_gives_titles(self) -> None:
        assert list_scenarios()["february_2025"] == "US-China trade talks, February 2025"

    @pytest.mark.parametrize("name", ["classroom", "split_the_pie"])
    def test_nothing_is_drawn_at_random_in_a_lesson(self, name: str) -> None:
        values = {key: number.value for key, number in load_scenario(name).parameters().items()}
        drawn = {key for key in values if key.endswith("_spread") or key.endswith(".spread")}
        probit = {"ratification.group_spread", "ratification.vote_spread"}  # used if not certain
        probit |= {key for key in drawn if key.endswith(".threshold_spread")}
        assert {values[key] for key in drawn - probit} == {0.0}
        assert {side.ratification for side in load_scenario(name).sides.values()} == {"certain"}
        assert values["talks.rate"] == values["channels.real"] == 1.0

    def test_the_classroom_is_worth_what_its_comment_says(self) -> None:
        setting = load_scenario("classroom")
        worths = {
            k: (worth(setting, k, "north"), worth(setting, k, "south")) for k in setting.issues
        }
        assert worths == {
            "market_opening": pytest.approx((-0.3, 0.6)),
            "purchases": pytest.approx((0.5, -0.2)),
            "standards": pytest.approx((0.3, -0.4)),
        }

    def test_a_pie_is_divided_without_rest(self) -> None:
        setting = load_scenario("split_the_pie")
        ours = [worth(setting, issue, "first") for issue in setting.issues]
        theirs = [worth(setting, issue, "second") for issue in setting.issues]
        assert (ours, theirs) == ([0.0, 1.0], [1.0, -1.0])


class TestFebruary2025:
    """The default scenario is as the record stood on 1 February 2025."""

    def test_everybody_is_there(self) -> None:
        assert len(SETTING.actors) == 15
        assert len(SETTING.constituencies) == 13
        assert len(SETTING.edges) == 18
        assert len(SETTING.issues) == 10
        assert SETTING.start == date(2025, 2, 1)

    @pytest.mark.parametrize(("issue", "prior"), PRIORS.items(), ids=list(PRIORS))
    def test_the_stakes_sum_to_the_priors(
        self, issue: str, prior: tuple[float | None, float]
    ) -> None:
        benefit, cost = prior
        owner = SETTING.issues[issue].owner
        other = next(side for side in SETTING.sides if side != owner)
        assert worth(SETTING, issue, owner) == pytest.approx(-cost, rel=0.05)
        assert worth(SETTING, issue, other) == pytest.approx(benefit or 0.0, rel=0.05)

    def test_hawks_and_nationalists_gain_by_no_concession_of_their_own_side(self) -> None:
        for group, side in (("congress_hawks", "US"), ("nationalist_public", "CN")):
            given_up = [issue for issue in SETTING.issues.values() if issue.owner == side]
            assert max(issue.stakes.get(group, 0.0) for issue in given_up) <= 0.0

    @pytest.mark.parametrize("side", ["US", "CN"])
    def test_the_weights_of_a_side_are_percents(self, side: str) -> None:
        groups = SETTING.constituencies.values()
        assert sum(group.weight for group in groups if group.side == side) == 100

    @pytest.mark.parametrize("side", ["US", "CN"])
    def test_late_2019_hurts_a_side_by_about_one_unit(self, side: str) -> None:
        rows = np.zeros((1, WIDTH))
        for group in SETTING.constituencies.values():
            for series, share in group.exposure.items():
                if group.side == side and series in SERIES:
                    place = column(series, list(SETTING.sides).index(side))
                    rows[0, place] += group.weight / 100 * share
        grid = EconomyGrid.load()
        late_2019 = grid.locate(np.full(2, 0.21044), np.full(2, 0.21838), np.full(2, 4.0))
        assert grid.compile(rows).at(late_2019)[0, 0] == pytest.approx(1.0, abs=0.1)

    def test_export_losses_weigh_more_than_protection_gained(self) -> None:
        for group in SETTING.constituencies.values():
            if "protection" in group.exposure:
                assert -group.exposure["exports_manufacturing"] < group.exposure["protection"] < 0

    def test_a_tariff_that_is_known_is_in_force_in_week_one(self) -> None:
        ((_, event),) = SETTING.of_kind(ScheduledTariff)
        assert (event.announced, event.week, event.side, event.size) == (0, 1, "US", 0.10)

    def test_a_package_reads_as_sentences(self) -> None:
        package = {"purchases": 0.6, "investment": 0.5, "dollar_support": 0.001}
        assert sentences(SETTING.issues, package) == [
            "China buys 120 bn dollars beyond its 2017 level over two years,"
            " farm goods and energy first",
            "Chinese firms build plants with 250,000 US jobs in solar, electric vehicles and"
            " batteries, with minority stakes and licences",
        ]


class TestOverrides:
    """Single values can be set from outside, under the same checks."""

    def test_they_change_what_they_name_and_nothing_else(self) -> None:
        changed = load_scenario("february_2025", {"talks.window": 13, "sides.CN.lead": ""})
        assert (changed.talks.window, changed.sides["CN"].lead) == (13, "")
        back = {"talks.window": 26, "sides.CN.lead": "he_lifeng"}
        assert load_scenario("february_2025", back) == SETTING

    def test_they_reach_edges_and_events(self) -> None:
        edge = "elon_musk>donald_trump"
        changed = load_scenario(
            "february_2025", {f"edges.{edge}.weight": 0.0, "events.0.size": 0.2}
        )
        ((_, event),) = changed.of_kind(ScheduledTariff)
        assert (changed.edges[edge].weight, event.size) == (0.0, 0.2)

    def test_a_name_that_is_unknown(self) -> None:
        def known(table: type[BaseModel], name: str) -> str:
            return ", ".join(f"{name}.{field}" for field in table.model_fields)

        with pytest.raises(ScenarioError) as caught:
            load_scenario("classroom", {"talk.rate": 1, "trust.memry": 1})
        assert str(caught.value) == (
            "model/scenarios/classroom.toml, as overridden, has 2 problems:\n"
            '  talk.rate = 1: the scenario has no such value. Did you mean "talks.rate"?'
            f" Known: {known(Talks, 'talks')}.\n"
            '  trust.memry = 1: the scenario has no such value. Did you mean "trust.memory"?'
            f" Known: {known(Trust, 'trust')}."
        )

    def test_a_value_that_is_refused(self) -> None:
        with pytest.raises(ScenarioError) as caught:
            load_scenario("classroom", {"talks.rate": 2, "sides.north.offering": "bolware"})
        assert str(caught.value) == (
            "model/scenarios/classroom.toml, as overridden, has 2 problems:\n"
            "  [talks] rate = 2: must be a number between 0 and 1 (probability that the sides"
            " meet in a week; unit: share per week). Default: 0.25.\n"
            '  [sides.north] offering = "bolware": no such offering rule. Did you mean "boulware"?'
            " Known: boulware, linear, conceder, tit_for_tat, rubinstein, zeuthen, micro."
        )


class TestSweep:
    """An array over worlds is checked like a single number."""

    def test_it_comes_back_as_contiguous_floats(self) -> None:
        swept = SETTING.checked_sweep({"talks.window": [13, 26], "time.horizon": [4, 8]}, 2)
        assert list(swept) == ["talks.window", "time.horizon"]
        for array in swept.values():
            assert array.dtype == np.float64
            assert array.flags.c_contiguous

    def test_everything_wrong_is_told_at_once(self) -> None:
        sweep: dict[str, Any] = {
            "talks.windw": [1.0, 2.0],
            "talks.window": [26.0, 300.0],
            "talks.rate": [0.1, 0.2, 0.3],
            "talks.mirror": 0.3,
            "talks.caution": ["much", "little"],
            "time.horizon": [52.5, 104],
            "trust.memory": [True, False],
        }
        with pytest.raises(ScenarioError) as caught:
            SETTING.checked_sweep(sweep, 2)
        head, unknown, *rest = str(caught.value).splitlines()
        assert head == "the sweep of february_2025 has 7 problems:"
        assert unknown.startswith(
            '  talks.windw: the scenario has no such number. Did you mean "talks.window"?'
        )
        assert rest == [
            "  talks.window in world 1 = 300: must be a number between 1 and 260 (talk-weeks until"
            " the aspiration of a side reaches its reservation value; larger: slower concessions;"
            " important, always vary it; unit: talk-weeks). The nearest valid value is 260.",
            "  talks.rate = an array of shape (3,): must be a number between 0 and 1 in each world."
            " Use an array of shape (2,).",
            "  talks.mirror = an array of shape (): must be a number between 0 and 1 in each world."
            " Use an array of shape (2,).",
            "  talks.caution = ['much', 'little']: must be a number between 0 and 3 in each world.",
            "  time.horizon in world 0 = 52.5: must be a whole number between 1 and 520 (number"
            " of simulated weeks; unit: weeks).",
            "  trust.memory = [True, False]: must be a number between 0.5 and 1 in each world.",
        ]

    def test_rows_of_unequal_length_are_no_array(self) -> None:
        with pytest.raises(ScenarioError) as caught:
            SETTING.checked_sweep({"talks.mirror": [[0.1], [0.2, 0.3]]}, 2)
        problem = str(caught.value.problems[0])
        assert re.match(r"talks\.mirror = .*: must be a number between 0 and 1 in each", problem)


class TestExtends:
    """A variant says only what differs."""

    def test_tables_merge_and_the_upper_file_wins(self, tmp_path: Path) -> None:
        file = tmp_path / "variant.toml"
        file.write_text(
            'name = "variant"\ntitle = "A variant"\nextends = "classroom"\n'
            "[talks]\nwindow = 5\n[issues.standards.stakes]\nnorth_rivals = 0.9\n"
        )
        (tmp_path / "second.toml").write_text(
            'name = "second"\ntitle = "On top"\nextends = "variant.toml"\n[talks]\nmirror = 0\n'
        )
        below, setting = load_scenario("classroom"), load_scenario(tmp_path / "second.toml")
        assert (setting.name, setting.title, setting.description) == ("second", "On top", "")
        assert (setting.talks.window, setting.talks.mirror, setting.talks.rate) == (5, 0, 1)
        stakes = {**below.issues["standards"].stakes, "north_rivals": 0.9}
        assert setting.issues["standards"].stakes == stakes

    def test_a_path_may_be_text(self, tmp_path: Path) -> None:
        file = tmp_path / "copy.toml"
        file.write_text(shipped()["classroom"].read_text())
        assert load_scenario(str(file)) == load_scenario("classroom")


class TestRefusal:
    """All problems are reported at once, each in five parts."""

    def test_there_are_many_broken_files(self) -> None:
        assert len(BAD) >= 30

    @pytest.mark.parametrize("file", BAD, ids=lambda file: file.stem)
    def test_a_broken_file_gets_its_message(
        self, file: Path, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(root)
        with pytest.raises(ScenarioError) as caught:
            load_scenario(file)
        assert str(caught.value) == file.with_suffix(".txt").read_text().rstrip("\n")
        assert check_file(file) == caught.value.problems

    def test_the_command_line_tells_it_without_a_traceback(self, root: Path) -> None:
        done = subprocess.run(
            [sys.executable, "run.py", "check", "tests/invalid/many_at_once.toml"],
            cwd=root, capture_output=True, text=True, check=False,
        )  # fmt: skip
        expected = (root / "tests/invalid/many_at_once.txt").read_text().split()
        assert done.returncode == 2
        assert (done.stdout + done.stderr).split() == expected

    def test_a_good_file_has_no_problems(self) -> None:
        assert check_file(shipped()["february_2025"]) == []

    @pytest.mark.parametrize(
        ("name", "expected"),
        [
            ("febuary_2025", 'scenario = "febuary_2025": there is no such scenario. Did you mean'),
            ("nowhere/x.toml", 'scenario = "nowhere/x.toml": there is no such file.'),
            ("model", 'scenario = "model": there is no such scenario.'),
            ("", 'scenario = "": there is no such scenario.'),
        ],
    )
    def test_a_scenario_that_does_not_exist(self, name: str, expected: str) -> None:
        with pytest.raises(ScenarioError) as caught:
            load_scenario(name)
        assert str(caught.value.problems[0]).startswith(expected)

    def test_no_scenario_contradicts_itself_however_it_is_made(self) -> None:
        content = json.loads(SETTING.model_dump_json())
        content["sides"]["US"]["leader"] = "nobody"
        with pytest.raises(ValidationError, match="no such actor"):
            Scenario.model_validate_json(json.dumps(content))

    def test_an_error_survives_the_way_between_processes(self) -> None:
        with pytest.raises(ScenarioError) as caught:
            load_scenario("classroom", {"talks.rate": 2})
        assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)

    def test_a_scenario_cannot_be_changed(self) -> None:
        with pytest.raises(ValidationError):
            SETTING.talks.window = 13  # type: ignore[misc]

    @settings(max_examples=40)
    @given(st.data())
    def test_whatever_is_written_it_loads_or_is_refused(self, data: st.DataObject) -> None:
        names = [*SETTING.parameters(), "sides.US.lead", "edges", "start", "observers", "name"]
        plain = st.one_of(
            st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.dates(),
            st.sampled_from(["US", "donald_trump", "rubinstein", "purchases"]),
        )  # fmt: skip
        nested = st.recursive(
            plain, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
        )
        overrides = data.draw(st.dictionaries(st.sampled_from(names), nested, max_size=3))
        for problem in problems_of(overrides):
            assert problem.place
            assert problem.why


def problems_of(overrides: dict[str, Any]) -> list[Problem]:
    """Return what is wrong with overrides of the default scenario; nothing if it loads."""
    try:
        load_scenario("february_2025", overrides)
    except ScenarioError as error:
        return error.problems
    return []


class TestSchema:
    """Editors get a schema that agrees with the loader."""

    @pytest.mark.parametrize("file", shipped().values(), ids=list(shipped()))
    def test_it_takes_what_comes_with_the_model(self, file: Path) -> None:
        jsonschema.validate(as_json(file), json_schema())

    @pytest.mark.parametrize(
        "name",
        ["out_of_range", "unknown_table", "unknown_parameter", "unknown_offering", "unknown_family",
         "unknown_ratification", "bad_key", "edge_without_arrow", "table_expected", "wrong_type"],
    )  # fmt: skip
    def test_it_refuses_what_the_loader_refuses(self, name: str, root: Path) -> None:
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(as_json(root / f"tests/invalid/{name}.toml"), json_schema())


def as_json(file: Path) -> Any:
    """Return the content of a TOML file as it reads in JSON."""
    return json.loads(json.dumps(tomllib.loads(file.read_text()), default=str))
