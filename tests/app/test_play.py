"""Tests of Play without a browser: links, weeks, controls, undo, curtain, stored games."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from ipyvuetify.Html import Html

from app.inputs.scenario_store import ScenarioStore
from app.play import levers, scenes
from app.play.address import asked_of
from app.play.session import Outlook, Play
from app.play.view import picture
from experiments.game.transcript import as_json, transcript_of
from model.sides import other_side
from tests.app.test_components import Shown

CLASS = "/play?scenario=classroom&seat=north&world=1"
MAIN = "/play?seat=US&world=17"


def game(search: str) -> Play:
    return Play(asked_of(search.partition("/play")[2], ScenarioStore()))


@pytest.fixture
def shown(request: pytest.FixtureRequest) -> Iterator[Shown]:
    page = Shown(getattr(request, "param", CLASS))
    page.one("play_week.vue")
    yield page
    page.close()


def week(shown: Shown) -> int:
    number: int = shown.one("play_week.vue").head["week"]
    return number


def end(shown: Shown) -> None:
    """End the week as the browser does, and wait for the next one."""
    before = week(shown)
    shown.one("play_week.vue").vue_end(before)
    shown.wait(lambda: week(shown) > before)


def staged(shown: Shown) -> list[str]:
    return [row["name"] for row in shown.one("play_week.vue").staged]


def move(shown: Shown, name: str, value: Any) -> None:
    shown.one("play_levers.vue").vue_move({"name": name, "value": value})


def press(shown: Shown, label: str) -> None:
    def buttons() -> list[Html]:
        return [html for html in shown.every(Html) if html.children == [label]]

    shown.wait(lambda: len(buttons()) == 1)
    buttons()[0].fire_event("click", {})


# The week


def test_staging_and_undoing_an_offer(shown: Shown) -> None:
    deal = shown.one("play_deal.vue")
    first, home = list(deal.levels), staged(shown)
    assert home == ["offer"]
    assert not shown.one("play_week.vue").staged[0]["undo"]
    deal.vue_offer([0.5, 1.0, 0.5])
    shown.wait(lambda: shown.one("play_week.vue").staged[0]["undo"])
    row = shown.one("play_week.vue").staged[0]
    assert "worth +0.50 to you, about −0.10 to South" in row["text"]
    shown.wait(lambda: shown.one("play_deal.vue").levels == [0.5, 1.0, 0.5])
    shown.one("play_week.vue").vue_undo("offer")
    shown.wait(lambda: shown.one("play_deal.vue").levels == first)


def test_advice_changes_with_the_draft(shown: Shown) -> None:
    before = shown.one("play_voices.vue").rows
    shown.one("play_deal.vue").vue_offer([1.0, 0.2, 0.0])
    shown.wait(lambda: shown.one("play_voices.vue").rows != before)
    assert "against ourselves" in str(shown.one("play_voices.vue").rows) or "giving away" in str(
        shown.one("play_voices.vue").rows
    )


def test_starting_points_of_offers(shown: Shown) -> None:
    def whys() -> dict[str, str]:
        return {row["name"]: row["why"] for row in shown.one("play_deal.vue").starts}

    assert whys()["last"]
    assert whys()["halfway"]
    shown.one("play_deal.vue").vue_offer([0.0, 1.0, 0.0])
    end(shown)
    end(shown)
    shown.wait(lambda: whys() != {} and not any(whys().values()))
    assert shown.one("play_deal.vue").levels == [0.0, 1.0, 0.0]  # the last one
    theirs = [row["theirs"] for row in shown.one("play_deal.vue").rows]
    shown.one("play_deal.vue").vue_start("halfway")
    shown.wait(lambda: shown.one("play_deal.vue").levels != [0.0, 1.0, 0.0])
    half = shown.one("play_deal.vue").levels
    assert np.allclose(sorted(half), sorted(0.5 * (np.array([0.0, 1.0, 0.0]) + theirs)), atol=1e-4)
    shown.one("play_deal.vue").vue_start("best")
    shown.wait(lambda: np.allclose(shown.one("play_deal.vue").levels, 1.0))


def test_accepting_and_refusing(shown: Shown) -> None:
    end(shown)
    shown.wait(lambda: staged(shown) == ["accept"])
    assert shown.one("play_week.vue").staged[0]["text"] == "Refuse the offer"
    end(shown)
    end(shown)
    press(shown, "Accept")
    shown.wait(lambda: shown.one("play_week.vue").staged[0]["text"] == "Accept the offer")
    end(shown)
    assert "The deal is in force" in shown.one("play_week.vue").head["task"]
    assert any(row["loud"] for row in shown.one("play_news.vue").rows)


def test_invalid_moves_are_refused_with_a_message(shown: Shown) -> None:
    shown.one("play_deal.vue").vue_offer([0.5, 2.0, 0.0])
    assert "must be between 0 and 1" in str(shown.one("notice.vue").lines)
    shown.one("play_deal.vue").vue_offer("everything")
    shown.wait(lambda: "not a valid move" in str(shown.one("notice.vue").lines))
    move(shown, "accept", True)
    shown.wait(lambda: "no offer of the other" in str(shown.one("notice.vue").lines))
    assert week(shown) == 1
    assert staged(shown) == ["offer"]


def test_a_stale_click_does_not_end_two_weeks(shown: Shown) -> None:
    end(shown)
    shown.one("play_week.vue").vue_end(1)
    shown.one("play_week.vue").vue_wait(1)
    assert week(shown) == 2


@pytest.mark.parametrize("shown", [MAIN], indirect=True)
def test_staging_and_undoing_all_moves(shown: Shown) -> None:
    wanted: dict[str, Any] = {
        "gesture": True,
        "truce": True,
        "call": True,
        "answer": 0.5,
        "deliver": 0.8,
        "threat": {"kind": "control", "size": 0.2, "fuse": 3},
    }
    for number, (name, value) in enumerate(wanted.items(), start=1):
        move(shown, name, value)
        shown.wait(lambda: len(staged(shown)) == number)  # noqa: B023
    texts = {row["name"]: row["text"] for row in shown.one("play_week.vue").staged}
    assert texts["threat"] == "Threaten export controls, due in 3 weeks"
    assert texts["answer"] == "Standing order: answer 50 % of a rise"
    levers = shown.one("play_levers.vue")
    assert levers.threat["on"]
    assert [row["on"] for row in levers.switches] == [True, True, True]
    for number, name in enumerate(wanted, start=1):
        shown.one("play_week.vue").vue_undo(name)
        shown.wait(lambda: len(staged(shown)) == len(wanted) - number)  # noqa: B023


@pytest.mark.parametrize("shown", [MAIN], indirect=True)
def test_waiting_until_the_next_news(shown: Shown) -> None:
    move(shown, "gesture", True)
    shown.wait(lambda: "staged" in shown.one("play_week.vue").waits)
    shown.one("play_week.vue").vue_undo("gesture")
    shown.wait(lambda: shown.one("play_week.vue").waits == "")
    shown.one("play_week.vue").vue_wait(1)
    shown.wait(lambda: week(shown) > 1)
    assert "has a task" in shown.one("play_week.vue").waits
    shown.wait(lambda: bool(shown.find("play_deal.vue")))
    closed = [row["closed"] for row in shown.one("play_deal.vue").rows]
    assert any("Only the leaders" in why for why in closed)


@pytest.mark.parametrize("shown", [MAIN], indirect=True)
def test_the_look_ahead_follows_the_staged_moves(shown: Shown) -> None:
    def names() -> list[str]:
        outlook = shown.one("play_outlook.vue")
        blocks = outlook.blocks
        return [] if outlook.busy or not blocks else [ln["name"] for ln in blocks[0]["lines"]]

    shown.wait(lambda: names() == ["wait", "call for a truce", "threaten 10 points"])
    move(shown, "gesture", True)
    four = ["wait", "your moves", "call for a truce", "threaten 10 points"]
    shown.wait(lambda: names() == four)


def test_a_call_for_a_truce_continues_while_waiting() -> None:
    play = game("/play?seat=US&world=2&truce.scale=0")
    while play.may_wait():
        play.end()
    first = play.game.week
    play.change("truce", True)
    assert play.may_wait() == ""
    play.wait()
    made = play.game.moves["donald_trump"]
    assert play.game.week > first + 1
    assert all(made[week].truce for week in range(first, play.game.week))
    assert "truce" in play.staged()  # it continues, and the page shows it
    play.undo("truce")
    assert not play.moves.truce
    play.end()
    assert not play.moves.truce


def test_moves_of_an_adviser() -> None:
    page = Shown("/play?seat=scott_bessent&world=5")
    levers = page.one("play_levers.vue")
    assert levers.threat is None
    assert levers.switches == []
    move(page, "counsel", [0.1, 0.2, 0.3])
    page.wait(lambda: staged(page) == ["counsel"])
    assert [row["value"] for row in page.one("play_levers.vue").counsel] == [10, 20, 30]
    move(page, "truce", True)
    page.wait(lambda: bool(page.find("notice.vue")))
    assert staged(page) == ["counsel"]
    page.close()


def test_options_of_a_threat_that_falls_due() -> None:
    play = game(MAIN)
    play.change("threat", {"kind": "tariff", "size": 0.1, "fuse": 1})
    play.end()
    assert "falls due" in scenes.head(play)["task"]
    rows = levers.levers(play)["due"]
    assert [row["name"] for row in rows if row["on"]] == ["back_down"]
    assert "points of approval" in rows[2]["note"]
    assert levers.levers(play)["threat"]["why"] == "One threat at a time: yours still hangs."
    ways = ["carry it out", "put it off", "back down"]
    assert list(play.candidates()) == [way for way in ways if way != ways[1] or not rows[1]["why"]]
    assert play.change("due", "carry_out") == []
    before = play.game.state("tariff")[0]
    play.end()
    assert play.game.state("tariff")[0] == pytest.approx(before + 0.1)


# Two players


def test_two_players_take_turns_behind_a_curtain() -> None:
    page = Shown("/play?scenario=classroom&seat=both")
    assert page.one("play_week.vue").head["title"] == "Leader of North"
    assert page.one("play_week.vue").ends == "Done: hand over"
    page.one("play_deal.vue").vue_offer([1.0, 0.9, 0.1])
    page.wait(lambda: page.one("play_deal.vue").levels == [1.0, 0.9, 0.1])
    page.one("play_week.vue").vue_end(1)
    page.wait(lambda: "Hand the screen over to Leader of South" in page.text())
    for hidden in ("play_week.vue", "play_deal.vue", "play_voices.vue", "play_standing.vue"):
        assert not page.find(hidden)
    press(page, "I am Leader of South: show my week")
    assert page.one("play_week.vue").head["title"] == "Leader of South"
    assert page.one("play_deal.vue").levels == [1.0, 0.9, 0.1]  # the offer that was just made
    assert "offer" in page.text()
    page.one("play_week.vue").vue_end(1)
    page.wait(lambda: bool(page.find("play_week.vue")) and week(page) == 2)
    assert (
        page.one("play_week.vue").head["title"] == "Leader of South"
    )  # no curtain, because the seat stays
    page.close()


def test_the_second_player_sees_the_offer_of_the_first() -> None:
    play = game("/play?scenario=classroom&seat=both")
    play.change("offer", [1.0, 0.5, 0.0])
    play.end()
    assert play.curtain
    play.lift()
    assert play.now.table is not None
    assert play.now.table.tolist() == [1.0, 0.5, 0.0]
    seen: list[Outlook] = []
    play.foresee(seen.append).join()
    accept = next(ahead for ahead in seen[-1].ahead if ahead.name == "accept")
    assert accept.ranges["worth"][1] == pytest.approx(0.5)  # 0.6 - 0.5 * 0.2


# Stored games


def test_a_reload_continues_the_game(shown: Shown) -> None:
    shown.one("play_deal.vue").vue_offer([1.0, 0.9, 0.1])
    shown.wait(lambda: shown.one("play_deal.vue").levels == [1.0, 0.9, 0.1])
    end(shown)
    end(shown)
    shown.wait(lambda: '"weeks": 2' in shown.one("play_keep.vue").text)
    keep = shown.one("play_keep.vue")
    other = Shown(CLASS)
    assert other.one("play_keep.vue").slot == keep.slot
    other.one("play_keep.vue").vue_found(keep.text)
    other.wait(lambda: week(other) == 3)
    assert other.one("play_deal.vue").levels == [1.0, 0.9, 0.1]
    assert other.one("play_news.vue").rows == shown.one("play_news.vue").rows
    other.close()


def test_a_stored_game_of_another_link_is_refused() -> None:
    other = game("/play?scenario=classroom&seat=south&world=1")
    other.end()
    kept = as_json(transcript_of(other.game))
    play = game(CLASS)
    assert "does not belong to this link" in str(play.resume(kept)[0])
    assert play.resume("{}")
    assert play.resume("x" * 600_000)
    assert play.game.week == 1
    assert play.kept() == ""


def test_a_restart_deletes_the_stored_game(shown: Shown) -> None:
    end(shown)
    shown.wait(lambda: shown.one("play_keep.vue").text != "")
    press(shown, "Restart game")
    shown.wait(lambda: week(shown) == 1)
    shown.wait(lambda: shown.one("play_keep.vue").text == "")


def test_a_game_ends_with_a_debrief() -> None:
    page = Shown(CLASS)
    before = week(page)
    while page.find("play_week.vue"):
        page.one("play_week.vue").vue_end(before)
        page.wait(lambda: not page.find("play_week.vue") or week(page) > before)  # noqa: B023
        before += 1
    assert before == 27
    page.one("debrief_head.vue")
    page.close()


def test_the_standing_order_follows_the_model_by_default() -> None:
    play = game(MAIN)
    row = levers.orders(play)[0]
    assert row["rule"] == "as the model does, about 90 %, and 15 % of the rises let pass"
    assert play.change("answer", 0.5) == []
    assert (levers.orders(play)[0]["rule"], levers.orders(play)[0]["value"]) == ("", 50)
    play.end()
    assert play.change("answer", row["as_model"]) == []
    texts = {one["name"]: one["text"] for one in scenes.staged(play)}
    assert texts["answer"] == "Standing order: answer rises as the model does"


def test_packages_are_valued_as_by_the_model_leader() -> None:
    play = game(MAIN)
    who, now = play.seat, play.now
    package = np.ones(len(now.gains))
    row = scenes.scale(play.game, who, now, package)
    own = play.game.negotiation.leaders[who.row].stakes()[0]
    counted = float((own[:, 0] * package).sum())
    mine, other = now.worth(package * now.open_), now.worth_to_other(package * now.open_)
    assert mine + row["winning"] * (mine - other) == pytest.approx(counted)
    assert (row["counts"], row["legacy"]) == ("Donald Trump", 0.02)  # half of 0.04
    assert scenes.scale(play.game, who, now, 0.0 * package)["legacy"] == 0.0
    plain = game(CLASS)
    assert scenes.scale(plain.game, plain.seat, plain.now, np.ones(3))["counts"] == ""


# No private data of the other side


@pytest.mark.parametrize("path", [MAIN, "/play?seat=he_lifeng&world=3"])
def test_the_page_does_not_depend_on_private_data_of_the_other_side(path: str) -> None:
    def drawn(play: Play) -> str:
        play.game._looks.clear()  # the cached situations are outdated
        parts = {name: part for name, part in vars(picture(play)).items() if name != "of"}
        return str(parts)

    plain, changed = game(path), game(path)
    while plain.game.week < 4 or plain.now.table is not None:  # an offer reveals private data
        for play in (plain, changed):
            play.end()
    assert drawn(plain) == drawn(changed)
    other, store = other_side(changed.seat.row), changed.game.negotiation.store
    for name in ("reservation", "resolve", "worth", "gains", "trust", "belief_shift"):
        store.set_row(name, other, store.row(name, other) + 0.7)
    assert drawn(plain) == drawn(changed)
    store.set_row("gains", changed.seat.row, store.row("gains", changed.seat.row) + 0.7)
    assert drawn(plain) != drawn(changed)  # changes of public data are visible
