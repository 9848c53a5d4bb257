"""Tests of Class: files and zips with limits, problems by file, links, one-page briefings."""

import base64
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

from app.inputs.scenario_store import MOST_WEEKS
from app.play import classroom
from app.play.briefing import briefing
from app.serving.tasks import replay_games
from experiments.game.seats import seats
from experiments.game.table import Game
from experiments.game.transcript import as_json, transcript_of
from experiments.game.transcript_reading import LARGEST
from model.schema.problems import Problem
from model.schema.scenario import load_scenario
from tests.app.browsing import SIZES, Visit, fits
from tests.app.test_components import Shown
from tests.experiments.game.test_comparison import GREEDY, game_of
from tests.experiments.game.test_table import BEST

ANN = as_json(game_of(GREEDY, "Ann <b>"))
BEN = as_json(game_of(BEST, "Ben"))


def dropped(name: str, content: bytes) -> dict[str, Any]:
    """Return a file as a browser sends it."""
    return {"name": name, "size": len(content), "content": base64.b64encode(content).decode()}


def zipped(files: dict[str, bytes]) -> bytes:
    """Return a zip of some files."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


class TestFiles:
    """Dropped files."""

    def test_files_and_a_zip_of_folders(self) -> None:
        problems: list[Problem] = []
        whole = zipped({"class/ann.json": ANN.encode(), "__MACOSX/._ann.json": b"x", "class/": b""})
        files = classroom.unpacked(
            [dropped("a.zip", whole), dropped("ben.json", BEN.encode())], problems
        )
        assert [name for name, _ in files] == ["ann.json", "ben.json"]
        assert files[0][1] == ANN.encode()
        assert problems == []

    def test_caps(self, monkeypatch: pytest.MonkeyPatch) -> None:
        problems: list[Problem] = []
        many = zipped({f"{n}.json": b"{}" for n in range(classroom.MOST_FILES + 20)})
        assert len(classroom.unpacked([dropped("many.zip", many)], problems)) == 100
        big = {"name": "big.json", "size": 10**9, "content": ""}
        assert classroom.unpacked([big], problems) == []
        bomb = zipped({"0.json": b"0" * 50_000_000})
        (file,) = classroom.unpacked([dropped("bomb.zip", bomb)], problems)
        assert len(file[1]) == LARGEST + 1
        monkeypatch.setattr(classroom, "LARGEST_UNPACKED", 1000)
        classroom.unpacked([dropped("deep.zip", zipped({"0.json": b"0" * 2000}))], problems)
        messages = " ".join(map(str, problems))
        assert "at most 100 files" in messages
        assert "big.json: it has 1,000,000,000 bytes" in messages
        assert "This is not a transcript." in messages
        assert "unpacked it has more than" in messages

    @pytest.mark.parametrize("content", ["PK\x03\x04 no zip", "", "no\u00e9"])
    def test_invalid_zips(self, content: str) -> None:
        problems: list[Problem] = []
        classroom.unpacked([dropped("odd.zip", content.encode())], problems)
        assert "odd.zip: it cannot be unpacked" in str(problems[0])
        broken = {"name": "a.json", "size": 1, "content": "é?"}
        assert classroom.unpacked([broken], problems) == []
        assert "did not arrive complete" in str(problems[-1])

    def test_problems_name_their_file_and_valid_files_are_used(self) -> None:
        problems: list[Problem] = []
        left = json.loads(ANN)
        left["outcome"] = None
        nobody = Game(load_scenario("classroom", {"time.horizon": 2}), [])
        while not nobody.over:
            nobody.play({})
        files = [
            ("bad.json", b"{}"),
            ("left.json", json.dumps(left).encode()),
            ("empty.json", as_json(transcript_of(nobody)).encode()),
            ("ann.json", ANN.encode()),
        ]
        done: list[int] = []
        plays, wrong = replay_games(files, done.append)
        problems += wrong
        assert [one.label for one in plays] == ["Ann <b>"]
        assert {problem.place.partition(":")[0] for problem in problems} == {
            "bad.json",
            "left.json",
            "empty.json",
        }
        assert "nobody played a seat" in str(problems)
        assert done == [1, 1, 1, 1]

    def test_games_with_too_many_weeks_or_a_different_replay(self) -> None:
        game = Game(load_scenario("classroom", {"time.horizon": MOST_WEEKS + 1}), ["north"])
        other = json.loads(ANN)
        other["outcome"]["deals"] = 7.0
        files = [
            ("long.json", as_json(transcript_of(game)).encode()),
            ("other.json", json.dumps(other).encode()),
        ]
        plays, problems = replay_games(files, lambda _: None)
        assert len(plays) == 1  # the replay is compared
        long, changed = map(str, problems)
        assert long.startswith(f"long.json: [time] horizon = {MOST_WEEKS + 1}: at most")
        assert changed.startswith("other.json: this version of the program replays it differently")


class TestBriefing:
    """Briefings of a seat."""

    def test_nothing_private_of_the_other_side(self) -> None:
        scenario = load_scenario("february_2025")
        game = Game(scenario, ["US"], 1, 17)
        before = briefing(game, game.seats[0])
        store = game.negotiation.store
        for name in ("worth", "gains", "resolve", "reservation"):
            store.set_row(name, 1, store.row(name, 1) * 3.0)
        store["real"] = 1.0 - store["real"]
        assert briefing(game, game.seats[0]) == before

    def test_worth_and_advisers_are_those_of_the_seat(self) -> None:
        game = Game(load_scenario("february_2025"), ["CN"], 1, 17)
        text = briefing(game, game.seats[0])
        assert text["issues"][0][0] == "US tariff relief"
        assert any("He Lifeng" in line for line in text["advisers"])
        assert not any("Bessent" in line for line in text["advisers"])
        worths = [float(row[2].replace("−", "-")) for row in text["issues"]]
        assert worths == sorted(worths, reverse=True)

    def test_briefings_say_if_waiting_is_free(self) -> None:
        for name, free in (("classroom", True), ("brexit_2017", True), ("february_2025", False)):
            game = Game(load_scenario(name), [next(iter(load_scenario(name).sides))])
            assert (
                "a late deal is worth as much" in briefing(game, game.seats[0])["judged"]
            ) == free
            while not game.over:
                game.play({})
            assert all((game.state("side_pain", w) == 0.0).all() for w in range(game.week)) == free

    def test_briefings_only_mention_what_the_scenario_has(self) -> None:
        briefings = {
            name: briefing(game, game.seats[0])
            for name in ("classroom", "february_2025")
            for game in [Game(load_scenario(name), [next(iter(load_scenario(name).sides))])]
        }
        words = {name: " ".join(map(str, row.values())).lower() for name, row in briefings.items()}
        for word in ("back channels", "threaten", "pain at home lowers", "roughly"):
            assert word in words["february_2025"]
            assert word not in words["classroom"], word
        assert "least it would settle for" in words["classroom"]
        assert briefings["classroom"]["advisers"] == ["Adviser in North"]
        assert briefings["february_2025"]["side"].startswith("You speak for the United States;")

    def test_all_seats_of_all_scenarios_have_a_briefing(self) -> None:
        for name in ("classroom", "brexit_2017", "trade_war_2018"):
            scenario = load_scenario(name)
            for seat in seats(scenario):
                text = briefing(Game(scenario, [seat.key]), seat)
                assert text["title"] == seat.title
                assert text["issues"]


def test_the_page_shows_links_and_accepts_transcripts() -> None:
    shown = Shown("/class")
    links = shown.one("class_links.vue")
    assert links.link == "/play?scenario=classroom&world=17&seat=north_leader"
    links.vue_choose({"name": "scenario", "text": "february_2025"})
    assert shown.paths[-1] == "/class?scenario=february_2025&world=17"
    links.vue_choose({"name": "world", "text": "0"})
    assert shown.paths[-1] == "/class?scenario=february_2025&world=0&seat=donald_trump"
    links.vue_choose({"name": "seed", "text": "7"})
    assert shown.paths[-1].endswith("&seed=7")
    files = shown.one("class_files.vue")
    files.vue_files([dropped("ann.json", ANN.encode()), dropped("bad.json", b"{}")])
    shown.wait(lambda: bool(shown.find("class_table.vue")))
    files.vue_files([dropped("ben.json", BEN.encode())])
    shown.wait(lambda: len(shown.find("class_table.vue")[0].group["rows"]) == 2)
    rows = shown.find("class_table.vue")[0].group["rows"]
    assert [row["name"] for row in rows] == ["Ben", "Ann <b>"]
    assert rows[0]["watch"].startswith("/watch?game=")
    shown.close()


@pytest.mark.parametrize("size", SIZES)
def test_comparing_a_class_and_watching_a_game(
    size: str, visit: Visit, pictures: Path, tmp_path: Path
) -> None:
    page = visit("/class", size, dark=size == "narrow")
    files = []
    for name, content in (("ann.json", ANN), ("ben.json", BEN), ("bad.json", "{}")):
        (tmp_path / name).write_text(content, encoding="utf-8")
        files.append(tmp_path / name)
    page.set_input_files(".c-drop input", files)
    page.wait_for_selector(".c-table")
    assert "Ann <b>" in page.inner_text(".c-table")
    assert "bad.json" in page.inner_text(".w-notice")
    assert fits(page, size)
    page.screenshot(path=pictures / f"class_{size}.png", full_page=True)
    with page.expect_download() as saved:
        page.get_by_role("button", name="Table of all games (CSV)").click()
    assert len(saved.value.path().read_text(encoding="utf-8").splitlines()) == 3
    page.locator(".c-table a").first.click()
    page.wait_for_selector(".t-player")
    assert "Game of Leader of North, played by Ben" in page.inner_text(".t-summary")


@pytest.mark.parametrize(
    ("scenario", "seat"),
    [("february_2025", key) for key in ("US", "CN", "scott_bessent", "he_lifeng")]
    + [("classroom", "north"), ("brexit_2017", "EU"), ("trade_war_2018", "CN")],
)
def test_a_briefing_fits_on_one_page(
    scenario: str, seat: str, visit: Visit, pictures: Path
) -> None:
    page = visit(f"/class?scenario={scenario}&world=17&briefing={seat}")
    page.wait_for_selector(".c-paper")
    page.wait_for_function("getComputedStyle(document.querySelector('.c-two')).display === 'grid'")
    paper = page.pdf(format="A4", prefer_css_page_size=True)
    (pictures / f"briefing_{scenario}_{seat}.pdf").write_bytes(paper)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
