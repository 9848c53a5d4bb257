"""Counsel and complaints: a sentence from each adviser and group of one's side, by fixed rules.

The sentences are invented; no real person said them. An adviser's sentence follows from its opinion
(firmness, taste for escalation, demand for enforcement) and from the decision of the week. A
group's sentence follows from its pain since the start and from the worth of the current package to
it. Thresholds are chosen, not measured. The number of the week selects one of several wordings; no
random numbers are used.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from experiments.game.drafts import Feeling, asking_price, feelings
from experiments.game.seats import Seat
from experiments.game.situation import Situation
from experiments.game.table import Game
from model.arrays import Array
from model.rules.curves import felt
from model.state.state import DEAL, TRUCE

FIRM, SOFT = 0.60, 0.40  # firmness or taste for escalation of hawks (at least) and doves (at most)
STRICT = 0.60  # smallest demand for enforcement that an adviser expresses
PROMISED = 0.25  # smallest share of a package's worth delivered later that an adviser mentions
NEAR = 0.02  # points: smaller shortfalls of an offer are ignored
OWED = 0.5  # weeks of delivery that the other side must be behind before advisers mention it
HURT, ACHE, RELIEVED = 0.50, 0.15, -0.10  # pain since the start, in units of late 2019
FOR, AGAINST, GLAD = 0.65, 0.35, 0.95  # probabilities of support for a package

type Said = tuple[int, tuple[str, ...]]  # a lean, and alternative wordings


@dataclass(frozen=True)
class Voice:
    """A sentence by one or several people or groups, and its direction.

    kind: leader, adviser, analyst or group; lean: 1 for accepting the current package or for peace,
    -1 for refusing it or for escalation, 0 for neither.
    """

    key: str
    title: str
    kind: str
    lean: int
    text: str


@dataclass(frozen=True)
class Speaker:
    """An adviser with its opinions in this week, each from 0 to 1."""

    key: str
    title: str
    kind: str
    firmness: float
    escalation: float
    enforcement: float


def counsel(
    game: Game, who: Seat, package: Array | None = None, now: Situation | None = None
) -> list[Voice]:
    """Return the counsel of a seat's advisers in this week. For an adviser, the leader comes first.

    package: the seat's own draft (issues,) if it has to make an offer; now: the situation, if other
    seats have already moved.
    """
    now = now or game.look(who)
    people = speakers(game, who)
    advice = [(s.key, s.title, s.kind, _advice(game, who, now, s, package)) for s in people]
    return _voices(advice, now.week)


def complaints(
    game: Game, who: Seat, package: Array | None = None, now: Situation | None = None
) -> list[Voice]:
    """Return the statements of the domestic groups, by weight. Indifferent groups are left out.

    package: the seat's own draft (issues,); by default the other side's offer; now: as in
    `counsel`.
    """
    now = now or game.look(who)
    view = now.table if package is None else package
    what = "their offer" if package is None else "your draft"
    statements = [(f.key, f.title, "group", complaint(f, what)) for f in feelings(game, who, view)]
    spoken = [(key, title, kind, words) for key, title, kind, words in statements if words]
    return _voices(spoken, now.week)


def speakers(game: Game, who: Seat) -> list[Speaker]:
    """Return the advisers and analysts of a seat's side with their opinions of this week."""
    people, advisers = game.negotiation.people, []
    for key, card in game.setting.actors.items():
        wanted = card.kind in ("adviser", "analyst") or (who.leads and card.kind == "leader")
        if wanted and card.side == who.side and key != who.key:
            opinion = people[key].opinion[:, 0].tolist()
            advisers.append(Speaker(key, card.title, card.kind, *opinion))
    return sorted(advisers, key=lambda speaker: (speaker.kind != "leader", speaker.kind))


def on_threat(speaker: Speaker, put_off: bool) -> Said:
    """Return an adviser's statement on a threat that falls due, by its taste for escalation."""
    if speaker.escalation >= FIRM:
        return -1, (
            "Carry it out. If we blink, no threat of ours will count again.",
            "We said it, so we do it. They are counting on us to back down.",
        )
    if speaker.escalation <= SOFT:
        return 1, (
            "Let it drop. The audience forgets sooner than the exporters do.",
            "They will answer in kind. Backing down is the cheaper loss.",
        )
    if put_off:
        return 0, ("Put it off while we talk: it presses them as long as it hangs.",)
    return 0, ("Weigh it coldly: backing down costs approval once, a tariff costs every week.",)


def on_offer(game: Game, who: Seat, speaker: Speaker, package: Array) -> Said:
    """Return an adviser's statement on the other side's offer. Firmer advisers ask for more."""
    now = game.look(who)
    worth, wanted = now.worth(package), asking_price(game, who, speaker.firmness)
    if worth < now.reservation:
        return -1, (
            "Below our own reservation: no deal at all is better than this.",
            "Say no. At home this would be called a surrender.",
            "We live better without a deal than with this one.",
        )
    if worth < wanted - NEAR:
        return -1, (
            "We could live with it, but they have more to give. Hold out.",
            "Not yet. It is above our reservation and still below what I would ask.",
            "A fair start. Say no once more, and see what comes.",
        )
    if speaker.enforcement >= STRICT and promised(game, who, package) >= PROMISED:
        return 0, (
            "The worth is there, but much of it is promises. Who checks that they deliver?",
            "Good on paper. Much of it comes after the signing, if it comes.",
        )
    return 1, (
        "Take it: it is more than I would have asked for.",
        "That is enough for me. Waiting may cost us more than it brings.",
        "Sign. A deal in hand is worth more than the next session.",
    )


def on_draft(game: Game, who: Seat, speaker: Speaker, package: Array) -> Said:
    """Return an adviser's statement on the own draft: too soft, too greedy, or right."""
    now = game.look(who)
    worth, wanted = now.worth(package), asking_price(game, who, speaker.firmness)
    room = now.worth_to_other(package) - now.believed
    if worth < now.reservation:
        return -1, (
            "You are giving away more than a deal is worth to us.",
            "Below our own reservation? We would sign against ourselves.",
        )
    if room < -2.0 * now.doubt - NEAR:
        return 1, (
            "They cannot accept that, by all we know of them. It only costs us a week.",
            "Ask for that, and they will not even answer. Give them something.",
        )
    if worth < wanted - NEAR:
        return -1, (
            "I would ask for more first. One can always come down.",
            "Too generous for my taste: they will take it as a beginning.",
        )
    if room >= 0.0:
        return 1, (
            "That is about what I would offer.",
            "Reasonable: enough for us, and they can bear it.",
        )
    if speaker.firmness >= FIRM:
        return -1, (
            "Good. Let them squirm: they can bear more than they say.",
            "Start there, and move slowly.",
        )
    return 0, (
        "It is a stretch for them, though we may be wrong about them.",
        "I would sweeten it a little: they are likelier to refuse than not.",
    )


def on_quiet(game: Game, who: Seat, speaker: Speaker) -> Said:
    """Return an adviser's statement in a week without a decision."""
    now = game.look(who)
    if now.phase == DEAL:
        if now.owed <= OWED:
            return 1, ("Keep our word, and they may keep theirs.", "So far both sides deliver.")
        if speaker.enforcement >= STRICT:
            return -1, ("They owe us. End the deal, or they will never pay.",)
        return 1, ("They are behind with it. Patience: a broken deal is hard to mend.",)
    if now.phase == TRUCE:
        return 0, ("Use the truce to talk.", "No truce lasts for ever.")
    if now.may.truce and speaker.firmness < FIRM and pain(game, who) >= HURT:
        return 1, (
            "Call for a truce, and keep calling: they must be hurting as we are.",
            "A truce would bring the tariffs down part of the way, and time to talk.",
        )
    if now.theirs is not None:
        return _on_their_threat(now.theirs.weeks, speaker)
    if speaker.firmness >= FIRM:
        return -1, (
            "No hurry. Let them feel what it costs them to have no deal.",
            "Do not be the one who calls first.",
            "They read impatience as weakness.",
        )
    if speaker.firmness <= SOFT:
        return 1, (
            "Every week without a deal costs somebody at home money.",
            "Talk to them. Nothing is settled by silence.",
            "They are waiting for a sign that we want a deal.",
        )
    return 0, (
        "Nothing presses today. Watch what the week brings.",
        "Keep both doors open: talk, and be ready.",
        "Know our reservation before they ask.",
    )


def complaint(feeling: Feeling, what: str) -> Said | None:
    """Return a group's statement, or None if it has none.

    A clear opinion on the current package (`what`) has priority over the group's pain. A leader
    knows the thresholds of its own groups.
    """
    if feeling.support is not None and feeling.support <= AGAINST:
        worth = f"{feeling.worth or 0.0:+.2f}".replace("-", "−")
        return -1, (
            f"We pay for {what}, and others gain.",
            f"Not with us: {what} is worth {worth} points to us.",
            f"Sign {what}, and you will hear from us.",
        )
    if feeling.support is not None and feeling.support >= GLAD and (feeling.worth or 0.0) > 0.0:
        return 1, (
            f"We are for {what}.",
            f"At last: {what} is worth {feeling.worth:+.2f} points to us.",
            f"We can sell {what} to our people.",
        )
    if feeling.pain >= HURT:
        return 1, ("We are bleeding. End this.", "Our order books are empty. How long still?")
    if feeling.pain >= ACHE:
        return 1, ("We begin to feel it.", "It costs us more each month.", "Do not forget us.")
    if feeling.pain <= RELIEVED:
        return 0, ("We are better off than at the start.",)
    if feeling.support is not None and feeling.support < FOR:
        return 0, (f"We could go either way on {what}.",)
    return None


def pain(game: Game, who: Seat) -> float:
    """Return the pain of a seat's side since the start, the weighted sum over its groups."""
    return sum(feeling.weight * feeling.pain for feeling in feelings(game, who))


def promised(game: Game, who: Seat, package: Array) -> float:
    """Return the share of a package's gains that the other side delivers only after signing.

    >>> import numpy as np
    >>> from model.schema.scenario import load_scenario
    >>> game = Game(load_scenario("february_2025"), ["US"])
    >>> promised(game, game.seats[0], np.eye(10)[2])  # purchases are entirely deferred
    1.0
    """
    later = total = 0.0
    now = game.look(who)
    given, gains = felt(package, now.bend), now.gains
    for level, gain, card in zip(given, gains, game.setting.issues.values(), strict=True):
        if gain > 0.0 and card.owner != who.side:
            total += float(level * gain)
            later += float(level * gain) * card.deferred
    return later / total if total > 0.0 else 0.0


def _advice(game: Game, who: Seat, now: Situation, speaker: Speaker, package: Array | None) -> Said:
    """Return an adviser's statement on the most important matter of this week."""
    if now.may.carry_out:
        return on_threat(speaker, now.may.put_off)
    if now.may.offer and package is not None:
        return on_draft(game, who, speaker, package)
    if now.table is not None:
        return on_offer(game, who, speaker, now.table)
    return on_quiet(game, who, speaker)


def _on_their_threat(left: int, speaker: Speaker) -> Said:
    weeks = f"{left} week{'' if left == 1 else 's'}"
    if speaker.escalation >= FIRM:
        return -1, (
            f"Their threat falls due in {weeks}. Answer it with one of our own.",
            f"{weeks.capitalize()}, they say. Show them that two can threaten.",
        )
    if speaker.escalation <= SOFT:
        return 1, (
            f"{weeks.capitalize()} until their threat falls due: time enough for an offer.",
            "Give them a reason to let their threat drop.",
        )
    return 0, (
        f"Their threat falls due in {weeks}. See first whether they mean it.",
        "Look how often they carried out what they threatened.",
    )


def _voices(speaking: Iterable[tuple[str, str, str, Said]], week: int) -> list[Voice]:
    """Return the statements (key, title, kind, wordings), each with a different wording.

    Speakers who would repeat a sentence are merged into one voice.
    """
    voices: list[Voice] = []
    times: Counter[str] = Counter()
    for key, title, kind, (lean, wordings) in speaking:
        text = wordings[(week + times[wordings[0]]) % len(wordings)]
        times[wordings[0]] += 1
        twin = next((p for p, voice in enumerate(voices) if voice.text == text), None)
        if twin is None:
            voices.append(Voice(key, title, kind, lean, text))
        else:
            voices[twin] = replace(voices[twin], title=f"{voices[twin].title}, {title}")
    return voices
