"""Convert the world and week that Watch shows to a URL and back."""

from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, urlencode

from app.inputs import results_index
from app.inputs.explore_url import LONGEST_ADDRESS, Opened, address, read, whole_number
from app.inputs.scenario_store import ScenarioStore
from app.play import games
from experiments.game.transcript import Transcript
from model.schema.problems import Problem, did_you_mean, written

PATH = "/watch"
MOST_WORLD = 999_999
OWN = ("results", "world", "week", "game")  # parameters of this page


@dataclass(frozen=True)
class Wanted:
    """A requested world and week. The world is from a scenario, a results folder or a game.

    game: the name of a transcript in this session (app.play.games). week: None means the most
    important one, which the page determines from the trajectory.
    """

    opened: Opened
    results: str = ""
    world: int = 0
    week: int | None = None
    problems: tuple[Problem, ...] = ()
    game: str = ""
    transcript: Transcript | None = field(default=None, compare=False)

    @property
    def source(self) -> tuple[object, ...]:
        """Return a key of the set of worlds that this one belongs to."""
        if self.game:
            return ("game", self.game)
        return (self.results,) if self.results else (self.opened.state,)

    @property
    def key(self) -> tuple[object, ...]:
        """Return a key of the world itself."""
        return (*self.source, self.world)


def link(wanted: Wanted, world: int | str, week: int | None = None) -> str:
    """Return the URL of a world of the same source. The input is checked when the URL is read."""
    pairs = {"world": str(world)} if world else {}
    if week is not None:
        pairs["week"] = str(week)
    if wanted.game:
        return f"{PATH}?{urlencode({'game': wanted.game} | pairs)}"
    if wanted.results:
        return f"{PATH}?{urlencode({'results': wanted.results} | pairs, quote_via=quote)}"
    search = address(wanted.opened.state)
    if not pairs:
        return PATH + search
    return f"{PATH}{search}{'&' if search else '?'}{urlencode(pairs)}"


def wanted_of(search: str | None, scenario_store: ScenarioStore) -> Wanted:
    """Return the closest valid world to a query string, with all problems of the string."""
    pairs = parse_qsl((search or "")[: LONGEST_ADDRESS + 1], keep_blank_values=True)
    own = {name: text for name, text in reversed(pairs) if name in OWN}
    problems: list[Problem] = []
    results = own.get("results", "")
    if results and results not in results_index.names():
        why = "no such results folder is listed here"
        problems.append(
            Problem("results", _short(results), why, did_you_mean(results, results_index.names()))
        )
        results = ""
    rest = [(name, text) for name, text in pairs if name not in OWN]
    if own.get("game"):
        return _game(own, scenario_store, problems)
    if results and rest:
        names = ", ".join(dict.fromkeys(_short(name) for name, _ in rest))
        why = "a results folder has its own scenario and seed"
        problems.append(Problem(names, "", why, "Left out."))
        rest = []
    opened = read(urlencode(rest), scenario_store)
    world = _whole("world", own.get("world", "0"), MOST_WORLD, problems)
    week = _whole("week", own["week"], 10_000, problems) if "week" in own else None
    return Wanted(opened, results, world, week, (*opened.problems, *problems))


def _game(own: dict[str, str], scenario_store: ScenarioStore, problems: list[Problem]) -> Wanted:
    """Return a game of this session, with its scenario if a URL can express it."""
    name = own["game"]
    transcript = games.kept(name)
    if transcript is None:
        why = "this session has no such game"
        problems.append(Problem("game", _short(name), why, "Open its transcript here."))
        return Wanted(read("", scenario_store), problems=tuple(problems))
    state = games.state_of(transcript.setting, transcript.seed)
    opened = read(address(state).removeprefix("?") if state else "", scenario_store)
    week = _whole("week", own["week"], 10_000, problems) if "week" in own else None
    world = transcript.world
    return Wanted(opened, "", world, week, tuple(problems), name, transcript)


def _whole(name: str, text: str, most: int, problems: list[Problem]) -> int:
    """Return the closest whole number from 0 to `most`."""
    wanted = whole_number(text)
    if wanted is not None:
        number = min(max(wanted, 0), most)
        if str(number) != text:
            why = f"must be between 0 and {most:,}"
            problems.append(Problem(name, _short(text), why, f"Opened: {number:,}."))
        return number
    why = f"must be a whole number between 0 and {most:,}"
    problems.append(Problem(name, _short(text), why, "Opened: 0."))
    return 0


def _short(text: str) -> str:
    return written(text if len(text) <= 60 else f"{text[:57]}...")
