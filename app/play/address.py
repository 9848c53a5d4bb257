"""Convert the game of Play to a URL and back.

The URL fixes scenario (with changes, as in Explore), seat, seed and world, so that a class faces
the same case. Invalid values are reported, and the closest valid game is opened.
"""

from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, quote, urlencode

from app.inputs.explore_url import LONGEST_ADDRESS, MAIN, State, address
from app.inputs.scenario_store import ScenarioStore
from app.watch.address import Wanted, wanted_of
from experiments.game.seats import Seat, seats
from model.schema.problems import Problem, did_you_mean, written
from model.schema.scenario import Scenario

PATH = "/play"
FIRST = "classroom"  # scenario for a first game
BOTH = "both"  # two players at one screen, one for each leader
ELSEWHERE = ("results", "week")  # parameters of other pages


@dataclass(frozen=True)
class Asked:
    """A requested game: a scenario with its changes and seed, a world, and the played seat.

    seat: a side, a person, "both" for two players at one screen, or "" if none is chosen.
    """

    wanted: Wanted
    seat: str = ""
    problems: tuple[Problem, ...] = ()

    @property
    def setting(self) -> Scenario:
        """Return the scenario with its changes."""
        return self.wanted.opened.scenario

    @property
    def key(self) -> tuple[object, ...]:
        """Return a key of the game."""
        return (*self.wanted.key, self.seat)

    @property
    def seats(self) -> tuple[str, ...]:
        """Return the persons whom the visitor plays."""
        if self.seat == BOTH:
            return tuple(card.leader for card in self.setting.sides.values())
        return (self.seat,) if self.seat else ()


def link(state: State, world: int | str, seat: str = "") -> str:
    """Return the URL of a game. With a seat, the game starts immediately.

    >>> link(State("classroom"), 17, "north_leader")
    '/play?scenario=classroom&world=17&seat=north_leader'
    >>> link(State(), 0)
    '/play?scenario=february_2025'
    """
    search = address(replace(state, scenario=MAIN, worlds=State().worlds)).removeprefix("?")
    pairs = {"scenario": state.scenario}
    if world:
        pairs["world"] = str(world)
    if seat:
        pairs["seat"] = seat
    own = urlencode(pairs, quote_via=quote)
    return f"{PATH}?{own}{'&' if search else ''}{search}"


def asked_of(search: str | None, scenario_store: ScenarioStore) -> Asked:
    """Return the closest valid game to a query string, with all problems of the string."""
    text = (search or "").removeprefix("?")
    if not text:
        return Asked(wanted_of(urlencode({"scenario": FIRST}), scenario_store))
    if len(text) > LONGEST_ADDRESS:
        wanted = wanted_of(text, scenario_store)
        return Asked(wanted, "", wanted.problems)
    problems: list[Problem] = []
    pairs = parse_qsl(text, keep_blank_values=True)
    rest = [(name, value) for name, value in pairs if name not in ("seat", *ELSEWHERE)]
    for name, value in pairs:
        if name in ELSEWHERE:
            problems.append(
                Problem(name, written(value[:60]), "a game has no such setting", "Left out.")
            )
    wanted = wanted_of(urlencode(rest), scenario_store)
    named = next((value for name, value in pairs if name == "seat"), "")
    seat = _seat(named, wanted.opened.scenario, problems)
    return Asked(wanted, seat, (*wanted.problems, *problems))


def chairs(setting: Scenario) -> list[Seat]:
    """Return the seats of a scenario, leaders first."""
    return sorted(seats(setting), key=lambda seat: seat.leads)


def _seat(named: str, setting: Scenario, problems: list[Problem]) -> str:
    """Return the person that a seat name means, or "both"; "" if the name is empty."""
    leaders = {side: card.leader for side, card in setting.sides.items()}
    people = [seat.key for seat in chairs(setting)]
    if not named or named == BOTH or named in people:
        return named
    for side, leader in leaders.items():
        if side.lower() == named.lower():
            return leader
    first = next(iter(leaders.values()))
    remedy = f"{did_you_mean(named[:60], [*leaders, *people, BOTH])} Opened: {first}."
    problems.append(Problem("seat", written(named[:60]), "there is no such seat", remedy))
    return first
