"""Play without a browser: the link, the week, every control, undo, the curtain, what is kept."""

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
    found = Shown(getattr(request, "param", CLASS))
    found.one("play_week.vue")
    yield found
    found.close()


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


def test_an_offer_is_moved_staged_and_taken_back(shown: Shown) -> None:
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


def test_counsel_changes_with_the_draft(shown: Shown) -> None:
    before = shown.one("play_voices.vue").rows
    shown.one("play_deal.vue").vue_offer([1.0, 0.2, 0.0])
    shown.wait(lambda: shown.one("play_voices.vue").rows != before)
    assert "against ourselves" in str(shown.one("play_voices.vue").rows) or "giving away" in str(
        shown.one("play_voices.vue").rows
    )


def test_offers_start_from_the_best_the_last_and_halfway(shown: Shown) -> None:
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


def test_accepting_makes_the_deal_and_refusing_does_not(shown: Shown) -> None:
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


def test_what_is_no_move_is_refused_in_words(shown: Shown) -> None:
    shown.one("play_deal.vue").vue_offer([0.5, 2.0, 0.0])
    assert "must be between 0 and 1" in str(shown.one("notice.vue").lines)
    shown.one("play_deal.vue").vue_offer("everything")
    shown.wait(lambda: "cannot be read" in str(shown.one("notice.vue").lines))
    move(shown, "accept", True)
    shown.wait(lambda: "no offer of the other" in str(shown.one("notice.vue").lines))
    assert week(shown) == 1
    assert staged(shown) == ["offer"]


def test_a_stale_press_does_not_end_two_weeks(shown: Shown) -> None:
    end(shown)
    shown.one("play_week.vue").vue_end(1)
    shown.one("play_week.vue").vue_wait(1)
    assert week(shown) == 2


@pytest.mark.parametrize("shown", [MAIN], indirect=True)
def test_every_lever_is_staged_told_and_taken_back(shown: Shown) -> None:
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
    told_rows = {row["name"]: row["text"] for row in shown.one("play_week.vue").staged}
    assert told_rows["threat"] == "Threaten export controls, due in 3 weeks"
    assert told_rows["answer"] == "Standing order: answer 50 % of a rise"
    levers = shown.one("play_levers.vue")
    assert levers.threat["on"]
    assert [row["on"] for row in levers.switches] == [True, True, True]
    for number, name in enumerate(wanted, start=1):
        shown.one("play_week.vue").vue_undo(name)
        shown.wait(lambda: len(staged(shown)) == len(wanted) - number)  # noqa: B023


@pytest.mark.parametrize("shown", [MAIN], indirect=True)
def test_waiting_goes_on_to_the_next_news_and_says_why_it_may_not(shown: Shown) -> None:
    move(shown, "gesture", True)
    shown.wait(lambda: "staged" in shown.one("play_week.vue").waits)
    shown.one("play_week.vue").vue_undo("gesture")
    shown.wait(lambda: shown.one("play_week.vue").waits == "")
    shown.one("play_week.vue").vue_wait(1)
    shown.wait(lambda: week(shown) > 1)
    assert "asked" in shown.one("play_week.vue").waits
    shown.wait(lambda: bool(shown.find("play_deal.vue")))
    closed = [row["closed"] for row in shown.one("play_deal.vue").rows]
    assert any("Only the leaders" in why for why in closed)


@pytest.mark.parametrize("shown", [MAIN], indirect=True)
def test_what_may_follow_comes_for_what_is_staged(shown: Shown) -> None:
    def names() -> list[str]:
        outlook = shown.one("play_outlook.vue")
        blocks = outlook.blocks
        return [] if outlook.busy or not blocks else [ln["name"] for ln in blocks[0]["lines"]]

    shown.wait(lambda: names() == ["wait", "call for a truce", "threaten 10 points"])
    move(shown, "gesture", True)
    four = ["wait", "your moves", "call for a truce", "threaten 10 points"]
    shown.wait(lambda: names() == four)


def test_a_call_for_a_truce_goes_on_while_one_waits() -> None:
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
    assert "truce" in play.staged()  # it goes on, and the page says so
    play.undo("truce")
    assert not play.moves.truce
    play.end()
    assert not play.moves.truce


def test_an_adviser_has_the_table_and_the_ear_and_no_threat() -> None:
    found = Shown("/play?seat=scott_bessent&world=17")
    levers = found.one("play_levers.vue")
    assert levers.threat is None
    assert levers.switches == []
    move(found, "counsel", [0.1, 0.2, 0.3])
    found.wait(lambda: staged(found) == ["counsel"])
    assert [row["value"] for row in found.one("play_levers.vue").counsel] == [10, 20, 30]
    move(found, "truce", True)
    found.wait(lambda: bool(found.find("notice.vue")))
    assert staged(found) == ["counsel"]
    found.close()


def test_a_threat_that_falls_due_is_decided_with_its_costs() -> None:
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


# Two people


def test_two_people_take_turns_behind_a_curtain() -> None:
    found = Shown("/play?scenario=classroom&seat=both")
    assert found.one("play_week.vue").head["title"] == "Leader of North"
    assert found.one("play_week.vue").ends == "Done: hand over"
    found.one("play_deal.vue").vue_offer([1.0, 0.9, 0.1])
    found.wait(lambda: found.one("play_deal.vue").levels == [1.0, 0.9, 0.1])
    found.one("play_week.vue").vue_end(1)
    found.wait(lambda: "Hand the screen over to Leader of South" in found.text())
    for hidden in ("play_week.vue", "play_deal.vue", "play_voices.vue", "play_standing.vue"):
        assert not found.find(hidden)
    press(found, "I am Leader of South: show my week")
    assert found.one("play_week.vue").head["title"] == "Leader of South"
    assert found.one("play_deal.vue").levels == [1.0, 0.9, 0.1]  # the offer that was just made
    assert "offer" in found.text()
    found.one("play_week.vue").vue_end(1)
    found.wait(lambda: bool(found.find("play_week.vue")) and week(found) == 2)
    assert found.one("play_week.vue").head["title"] == "Leader of South"  # no curtain: its turn
    found.close()


def test_the_second_sees_what_the_first_offered_and_may_look_ahead() -> None:
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


# What is kept


def test_a_reload_goes_on_where_it_was(shown: Shown) -> None:
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


def test_what_was_kept_of_another_game_is_not_gone_on_with() -> None:
    other = game("/play?scenario=classroom&seat=south&world=1")
    other.end()
    kept = as_json(transcript_of(other.game))
    play = game(CLASS)
    assert "another" in str(play.resume(kept)[0])
    assert play.resume("{}")
    assert play.resume("x" * 600_000)
    assert play.game.week == 1
    assert play.kept() == ""


def test_beginning_anew_forgets_what_was_kept(shown: Shown) -> None:
    end(shown)
    shown.wait(lambda: shown.one("play_keep.vue").text != "")
    press(shown, "Begin this game anew")
    shown.wait(lambda: week(shown) == 1)
    shown.wait(lambda: shown.one("play_keep.vue").text == "")


def test_a_game_ends_with_its_debrief() -> None:
    found = Shown(CLASS)
    before = week(found)
    while found.find("play_week.vue"):
        found.one("play_week.vue").vue_end(before)
        found.wait(lambda: not found.find("play_week.vue") or week(found) > before)  # noqa: B023
        before += 1
    assert before == 27
    found.one("debrief_head.vue")
    found.close()


def test_a_rise_is_answered_as_the_model_would_until_another_order_is_given() -> None:
    play = game(MAIN)
    row = levers.orders(play)[0]
    assert row["told"] == "as the model does, about 90 %, and 15 % of the rises let pass"
    assert play.change("answer", 0.5) == []
    assert (levers.orders(play)[0]["told"], levers.orders(play)[0]["value"]) == ("", 50)
    play.end()
    assert play.change("answer", row["as_model"]) == []
    told_rows = {one["name"]: one["text"] for one in scenes.staged(play)}
    assert told_rows["answer"] == "Standing order: answer rises as the model does"


def test_a_package_is_counted_as_the_model_s_leader_counts_it() -> None:
    play = game(MAIN)
    who, now = play.here, play.now
    package = np.ones(len(now.gains))
    row = scenes.scale(play.game, who, now, package)
    own = play.game.negotiation.leaders[who.row].stakes()[0]
    counted = float((own[:, 0] * package).sum())
    mine, other = now.worth(package * now.open_), now.worth_to_other(package * now.open_)
    assert mine + row["winning"] * (mine - other) == pytest.approx(counted)
    assert (row["counts"], row["legacy"]) == ("Donald Trump", 0.02)  # half of 0.04
    assert scenes.scale(play.game, who, now, 0.0 * package)["legacy"] == 0.0
    plain = game(CLASS)
    assert scenes.scale(plain.game, plain.here, plain.now, np.ones(3))["counts"] == ""


# Nothing of the other's mind


@pytest.mark.parametrize("path", [MAIN, "/play?seat=he_lifeng&world=3"])
def test_nothing_that_is_shown_depends_on_the_other_mind(path: str) -> None:
    def drawn(play: Play) -> str:
        play.game._looks.clear()  # what was looked at before is not what is there now
        parts = {name: part for name, part in vars(picture(play)).items() if name != "of"}
        return str(parts)

    plain, changed = game(path), game(path)
    while plain.game.week < 4 or plain.now.table is not None:  # an offer of its own tells its mind
        for play in (plain, changed):
            play.end()
    assert drawn(plain) == drawn(changed)
    other, store = other_side(changed.here.row), changed.game.negotiation.store
    for name in ("reservation", "resolve", "worth", "gains", "trust", "belief_shift"):
        store.set_row(name, other, store.row(name, other) + 0.7)
    assert drawn(plain) == drawn(changed)
    store.set_row("gains", changed.here.row, store.row("gains", changed.here.row) + 0.7)
    assert drawn(plain) != drawn(changed)  # such a change would be seen
