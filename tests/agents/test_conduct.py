"""Conducts in a seat: as the model by default, otherwise where they say so, and nowhere else."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest

from agents.conduct import Conduct, SplitConduct
from agents.leader import Leader
from agents.script import Moves, Order, Script
from experiments.engine import build, run_worlds, simulate
from model.arrays import Array, Mask
from model.schema.problems import ScenarioError
from model.schema.scenario import load_scenario

FEBRUARY = load_scenario("february_2025", {"edition": 1, "time.horizon": 40})
WORLDS = 60


class Buyer(Conduct):
    """Ask for all purchases in every offer, and take no deal without them."""

    def offer(self, seat: Leader, package: Array) -> Array:
        """Return the package with all purchases in it."""
        package = package.copy()
        package[seat.issue("purchases")] = 1.0
        return package

    def answer(self, seat: Leader, package: Array, yes: Mask) -> Mask:
        """Return the model's yes where most of the purchases are in."""
        whole: Mask = package[seat.issue("purchases")] > 0.5
        return yes & whole


def outcomes(seats: Mapping[str, Conduct], worlds: int = WORLDS) -> pd.DataFrame:
    return simulate(FEBRUARY, worlds, 3, seats=seats, engine="numpy").outcomes  # as seats do


def scripted(moves: Moves, week: int = 1, last: int = 40) -> Script:
    return Script(dict.fromkeys(range(week - 1, last + 1), moves))


class TestSeat:
    """Who may sit where."""

    def test_the_model_s_own_conduct_changes_no_bit(self) -> None:
        seats = {"US": Conduct(), "xi_jinping": Conduct(), "scott_bessent": Conduct()}
        pd.testing.assert_frame_equal(outcomes(seats), outcomes({}), check_exact=True)

    def test_nobody_else_has_a_seat(self) -> None:
        for name in ("elon_musk", "us_farmers", "Atlantis"):
            with pytest.raises(
                ScenarioError, match=f"seat = {name}: this scenario has no seat of this name"
            ):
                build(FEBRUARY, seats={name: Conduct()})

    def test_a_bot_that_always_asks_for_purchases_gets_them(self) -> None:
        with_bot, without = outcomes({"US": Buyer()}), outcomes({})
        agreed = with_bot["agreed_purchases"].dropna()
        assert len(agreed) >= 3
        assert (agreed > 0.5).all()
        assert (without["agreed_purchases"].dropna() <= 0.5).any()

    def test_no_conduct_offers_more_than_all_or_what_is_not_on_the_table(self) -> None:
        class Greedy(Conduct):
            def offer(self, seat: Leader, package: Array) -> Array:
                return package + 3.0

        weeks = simulate(
            FEBRUARY, WORLDS, 3, record=["offer", "level", "turn"], seats={"US": Greedy()}
        ).weeks
        assert weeks is not None
        offer, level = (weeks[name].to_numpy() for name in ("offer", "level"))
        assert np.nanmax(offer[:, 0]) == 1.0
        closed = FEBRUARY.issues["nuclear_security"].leaders_only
        assert closed
        row = list(FEBRUARY.issues).index("nuclear_security")
        below = (level > 0.0) & (level < 3.0)
        fresh = below[1:] & (weeks["turn"].to_numpy()[1:] == 1.0)
        assert np.nansum(offer[1:, 0, row][fresh]) == 0.0  # NaN where the talks began anew

    def test_an_adviser_s_seat_has_no_say_where_the_leaders_meet(self) -> None:
        class Never(Conduct):
            def answer(self, seat: Leader, package: Array, yes: Mask) -> Mask:
                return np.zeros_like(yes)

        by_adviser = outcomes({"scott_bessent": Never(), "he_lifeng": Never()}, 200)
        assert (by_adviser["deals"] > 0).any()
        by_leader = outcomes({"US": Never(), "CN": Never()})
        assert not (by_leader["deals"] > 0).any()


class TestScript:
    """Written moves do what they say."""

    @pytest.mark.parametrize(
        ("moves", "column", "expected"),
        [
            (Moves(), "threats_us", 1.0),  # the tariff that is scheduled; who waits makes none
            (Moves(), "gestures_us", 0.0),
            (Moves(threat=Order(size=0.2, fuse=1), due="carry_out"), "backed_down_us", 0.0),
            (Moves(threat=Order(size=0.2, fuse=1)), "executed_us", 1.0),
            (Moves(answer=0.0), "answers_us", 0.0),
        ],
    )
    def test_moves_show_in_the_outcomes(self, moves: Moves, column: str, expected: float) -> None:
        assert (outcomes({"US": scripted(moves)})[column] == expected).all()

    def test_threats_are_made_and_carried_out(self) -> None:
        moves = Moves(threat=Order(size=0.2, fuse=1), due="carry_out")
        found, idle = outcomes({"US": scripted(moves)}), outcomes({"US": scripted(Moves())})
        assert found["executed_us"].mean() > 10.0
        assert (found["tariff_us_peak"] - idle["tariff_us_peak"]).median() > 1.0

    def test_no_truce_without_a_call_and_more_with_one(self) -> None:
        assert (outcomes({"CN": scripted(Moves())})["truces"] == 0.0).all()
        called, model = outcomes({"CN": scripted(Moves(truce=True))}), outcomes({})
        assert called["truces"].mean() > model["truces"].mean()

    def test_calls_bring_the_leaders_together(self) -> None:
        called, idle = (outcomes({"CN": scripted(Moves(call=c))}) for c in (True, False))
        assert called["summits"].mean() > idle["summits"].mean()

    def test_counsel_moves_the_leader(self) -> None:
        found = []
        for counsel in ((1.0, 1.0, 1.0), None):
            seats = {"scott_bessent": scripted(Moves(counsel=counsel))}
            weeks = simulate(FEBRUARY, 2, record=["opinion"], seats=seats).weeks
            assert weeks is not None
            found.append(weeks["opinion"].sel(agent="donald_trump", week=10).to_numpy())
        assert (found[0] > found[1]).all()

    def test_who_delivers_nothing_owes(self) -> None:
        kept, broken = (
            outcomes({"CN": scripted(Moves(accept=True, deliver=share))}, 200)
            for share in (1.0, 0.0)
        )
        assert (kept["deals"] > 0).sum() > 3
        simulated = broken["deal_weeks"] > 5
        assert simulated.any()
        assert (broken["delivered_sum_cn"][simulated] < 0.6 * broken["deal_weeks"][simulated]).all()

    def test_the_model_plays_where_nothing_is_written(self) -> None:
        seats = {"US": Script({}), "CN": Script({})}
        pd.testing.assert_frame_equal(outcomes(seats), outcomes({}), check_exact=True)

    def test_a_world_is_the_same_on_any_width(self) -> None:
        moves = Moves(threat=Order(kind="control", size=0.3, fuse=2), due="carry_out", truce=True)
        wide = outcomes({"US": scripted(moves)})
        for world in (0, 17):
            number = np.array([world], dtype=np.intp)
            alone = run_worlds(
                FEBRUARY, number, 3, {}, names=number, seats={"US": scripted(moves)}
            ).outcomes
            pd.testing.assert_frame_equal(alone, wide.loc[[world]], check_exact=True)


class TestSplitConduct:
    """Several conducts side by side move as each would alone."""

    def test_each_part_lives_as_with_its_conduct_alone(self) -> None:
        threat = scripted(Moves(threat=Order(size=0.3, fuse=2), due="put_off", accept=True))
        rest = scripted(Moves(gesture=True, truce=True, call=True, leave=True, deliver=0.5))
        conducts: list[Any] = [threat, Conduct(), rest]
        part = np.arange(WORLDS, dtype=np.intp) % 3
        mixed = outcomes({"US": SplitConduct(conducts, part), "CN": scripted(Moves(accept=True))})
        for number, conduct in enumerate(conducts):
            alone = outcomes({"US": conduct, "CN": scripted(Moves(accept=True))})
            mine = part == number
            pd.testing.assert_frame_equal(mixed[mine], alone[mine], check_exact=True)

    def test_advisers_too(self) -> None:
        firm, soft = (scripted(Moves(counsel=(v, v, v))) for v in (1.0, 0.0))
        part = np.arange(WORLDS, dtype=np.intp) % 2
        mixed = outcomes({"scott_bessent": SplitConduct([firm, soft], part)})
        for number, conduct in enumerate((firm, soft)):
            alone = outcomes({"scott_bessent": conduct})
            pd.testing.assert_frame_equal(
                mixed[part == number], alone[part == number], check_exact=True
            )
