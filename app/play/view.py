"""Take a snapshot of a game for the seat at the screen, with all that the page draws.

It is taken under the game's lock, so that everything drawn for a week is from the same moment.
"""

from dataclasses import dataclass
from typing import Any

from app.play import levers, scenes
from app.play.scenes import Row
from app.play.session import ADVISER, Play
from experiments.game import drafts, voices
from model.arrays import Array
from model.chronicle import capital
from model.sides import other_side
from model.state.state import DEAL


@dataclass(frozen=True, eq=False)
class Picture:
    """The content of the page at one moment (`of`), in parts as the browser needs them.

    deal: the package in view, or None; answer: whether accepting is staged, or None if no answer
    is due; due: a threat falls due, and is shown first.
    """

    of: object
    week: int
    head: Row
    staged: list[Row]
    waits: str
    waiting: str
    ends: str
    title: str
    deal: dict[str, Any] | None
    answer: bool | None
    due: bool
    levers: dict[str, Any]
    since: str
    news: list[Row]
    standing: list[Row]
    groups: list[Row]
    voices: list[Row]
    other: str
    signs: bool


def picture(play: Play) -> Picture:
    """Return the picture of the current week. The caller must hold the game's lock."""
    game, who, now, package = play.game, play.seat, play.now, play.package
    statements = voices.counsel(game, who, package, now) + voices.complaints(
        game, who, package, now
    )
    title, in_view = _in_view(play)
    return Picture(
        of=play.view,
        week=game.week,
        head=scenes.head(play),
        staged=scenes.staged(play),
        waits=play.may_wait(),
        waiting=f"{'Both wait' if play.shared else 'Wait'} until something happens",
        ends="End the week" if play.last else "Done: hand over",
        title=title,
        deal=None if in_view is None else _deal(play, in_view),
        answer=play.moves.accept if now.may.accept and now.table is not None else None,
        due=now.may.carry_out,
        levers=levers.levers(play),
        since=_since(play),
        news=scenes.news(game, who, play.news, play.week),
        standing=scenes.standing(game, who, now),
        groups=scenes.groups(game, who),
        voices=[
            {"key": v.key, "title": v.title, "lean": v.lean, "text": v.text} for v in statements
        ],
        other=scenes.titles(game)[other_side(who.row)],
        signs=play.signs,
    )


def _deal(play: Play, package: Array) -> dict[str, Any]:
    game, who, now = play.game, play.seat, play.now
    return {
        "rows": scenes.issues(game, who, now),
        "levels": [float(level) for level in package],
        "scale": scenes.scale(game, who, now, package),
        "sides": scenes.titles(game),
        "me": who.row,
        "starts": _starts(play) if play.package is not None else [],
    }


def _in_view(play: Play) -> tuple[str, Array | None]:
    """Return the title and the package in view this week."""
    game, now, other = play.game, play.now, other_side(play.seat.row)
    name = scenes.named(game)[other]
    if play.package is not None:
        return "Make your offer" if now.may.offer else "Your trial package", play.package
    if now.table is not None:
        return f"{capital(name)} offers", now.table
    if now.phase == DEAL:
        return "The deal in force", game.state("agreement")
    last = drafts.last_offer(game, other)
    if last is not None:
        return f"Last offer of {name}, refused", last
    mine = drafts.last_offer(game, play.seat.row)
    return ("On the table" if mine is None else "Your last offer, refused"), mine


def _starts(play: Play) -> list[Row]:
    """Return the packages that an offer can start from."""
    made = drafts.last_offer(play.game, play.seat.row) is not None
    met = play.start("halfway") is not None
    none, both = "You have made no offer yet.", "Both sides must have made an offer before."
    return [
        _start(
            "best",
            "Ask for the most",
            "the most that the other side would accept, by your estimate",
        ),
        _start("last", "Repeat", "your last offer", "" if made else none),
        _start("halfway", "Meet halfway", "between both sides' last offers", "" if met else both),
        _start("draft", "Your staff's draft", "what the model would offer in your seat"),
        *_drafts(play),
    ]


def _drafts(play: Play) -> list[Row]:
    """Return the drafts that can be asked of advisers; `asked` is the one that the offer is of."""
    game, rows = play.game, []
    for key in play.now.may.drafters:
        card = game.setting.actors[key]
        most = sorted(card.priorities, key=lambda issue: -card.priorities[issue])[:2]
        wants = " and ".join(game.setting.issues[issue].title for issue in most)
        row = _start(f"{ADVISER}{key}", card.title, f"an offer of the same worth; wants {wants}")
        rows.append(row | {"asked": play.moves.drafter == key})
    return rows


def _start(name: str, label: str, note: str, why: str = "") -> Row:
    return {"name": name, "label": label, "note": note, "why": why}


def _since(play: Play) -> str:
    """Return the title of the news."""
    if play.game.week == 1:
        return "Before the first week"
    weeks = play.game.week - play.week
    return "Last week" if weeks <= 1 else f"In the last {weeks} weeks"
