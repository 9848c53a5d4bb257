"""The week is a table of phases, and a step runs them in its order."""

from unittest.mock import patch

from model import week
from model.negotiation import Negotiation
from model.phases import (
    changes,
    home,
    opinions,
    promises,
    reservations,
    responses,
    stock,
    talks,
    tariffs,
    threats,
    trials,
    truces,
)
from model.week import WEEK, Phase
from tests.quiet import quiet

ORDER = [
    changes.change_parameters,
    opinions.apply_shocks,
    tariffs.bring_into_force,
    responses.feel,
    opinions.take_counsel,
    reservations.appraise,
    talks.probe,
    home.move_win_sets,
    talks.meet,
    talks.talk,
    home.ratify,
    trials.explore,
    threats.fall_due,
    threats.threaten,
    threats.gesture,
    truces.make_truce,
    truces.legislate,
    promises.keep_or_break,
    home.judge,
    stock.take_stock,
]


def traced(phase: Phase, ran: list[str]) -> Phase:
    """Return a phase that also writes down its name when it runs."""

    def run(n: Negotiation) -> None:
        ran.append(phase.name)
        phase.run(n)

    return phase._replace(run=run)


def test_the_order_is_that_of_the_description() -> None:
    """Who changes it on purpose changes section 3 of docs/ODD.md too."""
    assert [phase.run for phase in WEEK] == ORDER


def test_what_opens_the_week_comes_before_what_closes_it() -> None:
    parts = [phase.part for phase in WEEK]
    assert parts == sorted(parts, key=["open", "close"].index)
    assert [phase.name for phase in week.phases("open")][-1] == "meeting"


def test_each_phase_has_its_name_and_says_what_it_does() -> None:
    assert len({phase.name for phase in WEEK}) == len(WEEK)
    assert all(phase.meaning.endswith(".") for phase in WEEK)


def test_a_step_runs_each_phase_once_and_in_order() -> None:
    n, ran = quiet(2), list[str]()
    with patch.object(week, "WEEK", tuple(traced(phase, ran) for phase in WEEK)):
        n.open_week()
        assert ran == [phase.name for phase in WEEK if phase.part == "open"]
        n.step()
    assert ran == [phase.name for phase in WEEK]


def test_a_phase_is_added_by_one_line() -> None:
    n, weeks = quiet(2), list[int]()
    last = Phase("count", lambda n: weeks.append(n.week), "close", "Weeks are counted.")
    with patch.object(week, "WEEK", (*WEEK, last)):
        n.step()
        n.step()
    assert weeks == [1, 2]
