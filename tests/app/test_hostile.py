"""Tests of hostile links, files and names: reported, never executed, no access to other files."""

import base64
import io
import json
import stat
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
from ipyvuetify.VuetifyTemplate import VuetifyTemplate

from app.explore.session import Session
from app.inputs.explore_url import read
from app.inputs.scenario_store import ScenarioStore
from app.lab import question
from app.lessons.reading import files
from app.pages import lessons, model
from app.play import classroom
from app.play.address import asked_of
from app.serving.tasks import replay_games
from app.watch.address import wanted_of
from experiments.factorial.catalogue_index import catalogue
from experiments.game.comparison import SeatResult
from experiments.game.transcript import as_json
from experiments.game.transcript_reading import LARGEST
from model.schema.problems import Problem, ScenarioError
from tests.app.browsing import Visit
from tests.app.test_components import Shown
from tests.experiments.game.test_comparison import GREEDY, game_of

SCRIPT = "<script>alert(1)</script>"
IMAGE = "<img src=x onerror=alert(1)>"
TEXTS = {
    "script": SCRIPT,
    "image": IMAGE,
    "quotes": "'\"`><b>&amp;",
    "template": "{{ constructor.constructor('alert(1)')() }}",
    "path": "../../../../etc/passwd",
    "absolute": "/etc/passwd",
    "windows": "..\\..\\windows\\win.ini",
    "null": "classroom\x00.toml",
    "huge": "9" * 401,
    "endless": "9" * 5000,
    "exponent": "1e999",
    "nan": "nan",
    "infinity": "-inf",
    "negative": "-1",
    "twice negative": "--5",
    "other digits": "١٢",
    "backwards": "\u202eevil\u200b\ufeff",
    "lines": "a\r\nSet-Cookie: b=c",
    "long": "x" * 100_000,
    "empty": "",
}
NAMES = ("scenario", "worlds", "seed", "talks.rate", "off", "sides.US.lead", "time.horizon")
OWN = ("world", "week", "results", "beside", "game", "seat", "briefing", "lesson", "experiment")
SCENARIO_STORE = ScenarioStore()
READERS: dict[str, Callable[[str], Sequence[Problem]]] = {
    "explore": lambda search: read(search, SCENARIO_STORE).problems,
    "watch": lambda search: wanted_of(search, SCENARIO_STORE).problems,
    "play": lambda search: asked_of(search, SCENARIO_STORE).problems,
    "experiments": lambda search: question.read(search, catalogue())[1],
    "lessons": lambda search: lessons.asked(search, files())[1],
    "model": lambda search: model.asked(search, SCENARIO_STORE)[1],
}
PAGES = (*READERS, "class")


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("page", READERS)
def test_all_values_and_names_are_handled(page: str, text: str) -> None:
    for name in (*NAMES, *OWN):
        told = READERS[page](urlencode({name: text}))
        assert all(len(str(problem)) < 1500 for problem in told)
    READERS[page](urlencode({text: text}))
    READERS[page](urlencode([(name, text) for name in (*NAMES, *OWN)]))


@pytest.mark.parametrize("name", ["script", "path", "endless", "twice negative", "long"])
def test_invalid_values_are_reported(name: str) -> None:
    for page, key in (("explore", "seed"), ("watch", "world"), ("experiments", "seed")):
        assert READERS[page](urlencode({key: TEXTS[name]})), (page, name)


def hostile(text: str) -> str:
    """Return a query string with a text as every value and as a name."""
    known = {"scenario": "classroom", "worlds": "20"}
    pairs = [(name, text) for name in (*NAMES, *OWN) if name not in known]
    return "?" + urlencode([*known.items(), *pairs, (text[:200], text)])


@pytest.mark.parametrize("name", ["script", "template", "null", "endless", "long"])
@pytest.mark.parametrize("page", PAGES)
def test_pages_escape_hostile_text(page: str, name: str) -> None:
    shown = Shown(f"/{page}{hostile(TEXTS[name])}")
    try:
        marked = [getattr(one, "unsafe_innerHTML", "") for one in shown.every(VuetifyTemplate)]
        assert not any("alert(1)" in str(markup) for markup in marked)
        assert shown.find("notice.vue") or page == "model"  # it only reads the scenario
    finally:
        shown.close()


def entry(name: str, mode: int = 0o644) -> zipfile.ZipInfo:
    """Return an entry of a zip with a file mode."""
    found = zipfile.ZipInfo(name)
    found.external_attr = mode << 16
    return found


def dropped(name: str, content: bytes) -> dict[str, Any]:
    """Return a file as a browser sends it."""
    return {"name": name, "size": len(content), "content": base64.b64encode(content).decode()}


def archive(entries: Iterator[tuple[zipfile.ZipInfo, bytes]]) -> bytes:
    """Return a zip of entries."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for one, content in entries:
            made.writestr(one, content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


class TestZips:
    """Zips are read in memory; their file names are never used as paths."""

    @pytest.mark.parametrize(
        "name",
        [
            "../../../etc/passwd",
            "/etc/passwd",
            "a/../../b.json",
            "a\\..\\c.json",
            f"{SCRIPT}.json",
        ],
    )
    def test_paths_in_names_are_ignored(self, name: str) -> None:
        problems: list[Problem] = []
        whole = archive(iter([(entry(name), b"{}")]))
        ((told, content),) = classroom.unpacked([dropped("a.zip", whole)], problems)
        assert "/" not in told
        assert content == b"{}"

    def test_symbolic_links_are_not_followed(self) -> None:
        problems: list[Problem] = []
        whole = archive(iter([(entry("a.json", stat.S_IFLNK | 0o777), b"/etc/hostname")]))
        files = classroom.unpacked([dropped("a.zip", whole)], problems)
        assert [content for _, content in files] == [b"/etc/hostname"]
        assert _replayed(files, problems) == []
        assert "cannot be read as JSON" in str(problems[0])

    def test_the_number_of_entries_is_limited(self) -> None:
        problems: list[Problem] = []
        whole = archive((entry(f"{number}.json"), b"{}") for number in range(10_000))
        files = classroom.unpacked([dropped("a.zip", whole)], problems)
        assert len(files) == classroom.MOST_FILES
        assert "at most 100 files" in str(problems[0])

    def test_zip_bombs_are_limited(self) -> None:
        problems: list[Problem] = []
        zeros = b"0" * 2_000_000
        whole = archive((entry(f"{number}.json"), zeros) for number in range(101))
        assert len(whole) < 300_000
        files = classroom.unpacked([dropped("a.zip", whole)], problems)
        read_ = sum(len(content) for _, content in files)
        assert read_ <= classroom.LARGEST_UNPACKED + LARGEST
        assert "unpacked it has more than" in str(problems[0])

    def test_damaged_zips_are_refused_with_a_message(self) -> None:
        whole = bytearray(archive(iter([(entry("a.json"), as_json(game_of(GREEDY, "")).encode())])))
        rng = np.random.Generator(np.random.Philox(7))
        problems: list[Problem] = []
        for _ in range(300):
            spoilt = bytearray(whole)
            for place in rng.integers(0, len(spoilt), 3):
                spoilt[int(place)] = int(rng.integers(256))
            classroom.unpacked([dropped("a.zip", bytes(spoilt))], problems)
        assert len(problems) > 100
        assert all(problem.why for problem in problems)

    def test_nested_zips_are_refused(self) -> None:
        problems: list[Problem] = []
        inner = archive(iter([(entry("a.json"), b"{}")]))
        whole = archive(iter([(entry("inner.zip"), inner)]))
        files = classroom.unpacked([dropped("a.zip", whole)], problems)
        assert _replayed(files, problems) == []
        assert problems


class TestTranscripts:
    """Transcripts come from untrusted sources."""

    @pytest.mark.parametrize(
        "content",
        [
            b'{"seed": NaN}',
            b'{"seed": 1' + b"0" * 400 + b"}",
            b'{"seed": 1' + b"0" * 5000 + b"}",
            b"[" * 100_000,
            b'{"player": "\\ud800", "format": "winset transcript 1"}',
            b"\xff\xfe\x00",
            b'{"format": "winset transcript 1", "scenario": {"extends": "/etc/passwd"}}',
            b'{"scenario": {"name": "../../x", "time": {"horizon": 1e400}}}',
            b"null",
            b"",
        ],
    )
    def test_invalid_transcripts_are_refused_with_a_message(self, content: bytes) -> None:
        problems: list[Problem] = []
        assert _replayed([("a.json", content)], problems) == []
        assert problems
        assert all(problem.why for problem in problems)
        assert "root:" not in str(problems)

    @pytest.mark.parametrize("player", ["\ud800", "a\x00b", IMAGE, "\u202e" * 40])
    def test_player_names_are_harmless(self, player: str) -> None:
        text = as_json(game_of(GREEDY, "Ann")).replace('"Ann"', _quoted(player))
        problems: list[Problem] = []
        found = _replayed([("a.json", text.encode())], problems)
        assert [one.transcript.player for one in found] == [player] or problems
        assert classroom.groups(found) or problems


def _replayed(files: list[tuple[str, bytes]], problems: list[Problem]) -> list[SeatResult]:
    """Return the games in files, and append their problems to `problems`."""
    found, wrong = replay_games(files, lambda _: None)
    problems += wrong
    return found


VARIANT = """name = "v"
title = "{title}"
description = "{title}"
extends = "classroom"
[issues.extra]
title = "{title}"
owner = "north"
family = "money"
unit = "{title}"
amount = 1.0
sentence = "{title} {{amount}}"
deferred = 0.0
source = "{title}"
"""


@pytest.mark.parametrize("number", ["nan", "inf", "-inf", "1e400", "1" + "0" * 400, "-1"])
def test_scenarios_with_invalid_numbers_are_refused(number: str) -> None:
    text = f'name = "v"\ntitle = "V"\nextends = "classroom"\n[talks]\nrate = {number}\n'
    with pytest.raises(ScenarioError) as refused:
        Session().opening(f"../{SCRIPT}.toml", text.encode())
    assert "rate" in str(refused.value)
    assert refused.value.problems[0].remedy or refused.value.problems[0].why


@pytest.mark.parametrize("page", PAGES)
def test_scripts_in_links_do_not_run(page: str, visit: Visit) -> None:
    for text in (SCRIPT + IMAGE, TEXTS["template"] + TEXTS["null"]):
        opened = visit(f"/{page}{hostile(text)}")
        opened.wait_for_selector(".w-numbers" if page == "model" else ".w-notice")
        assert opened.locator("img[src='x']").count() == 0
        assert "Traceback" not in opened.inner_text("body")


def test_scripts_in_uploaded_scenarios_do_not_run(visit: Visit, tmp_path: Path) -> None:
    path = tmp_path / "v.toml"
    path.write_text(VARIANT.format(title=IMAGE + SCRIPT), encoding="utf-8")
    page = visit("/explore?scenario=classroom&worlds=20")
    page.set_input_files("input[type=file]", path)
    page.wait_for_selector(".w-said:has-text('<img src=x')")
    page.wait_for_selector(".w-picture:not(.w-old) .w-sweep", state="attached")
    assert page.locator("img[src='x']").count() == 0
    bad = tmp_path / f"{IMAGE}.toml"
    bad.write_text(f'"{IMAGE}" = "{SCRIPT}"\n', encoding="utf-8")
    page.set_input_files("input[type=file]", bad)
    page.wait_for_selector(".w-notice li:has-text('<img')")
    assert page.locator("img[src='x']").count() == 0


@pytest.mark.parametrize("page_path", ["/class", "/watch?scenario=classroom&worlds=20"])
def test_scripts_in_transcripts_do_not_run(page_path: str, visit: Visit, tmp_path: Path) -> None:
    path = tmp_path / f"{IMAGE}.json"
    path.write_text(as_json(game_of(GREEDY, IMAGE)), encoding="utf-8")
    page = visit(page_path)
    page.wait_for_selector("input[type=file]", state="attached")
    page.set_input_files("input[type=file]", path)
    page.wait_for_selector(f"#main :text('{IMAGE}')", state="attached")
    assert page.locator("img[src='x']").count() == 0


def _quoted(text: str) -> str:
    return json.dumps(text)
