"""Tests without a browser: all components render, and all controls change the page."""

import base64
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import solara
from ipyvuetify.Html import Html
from ipyvuetify.VuetifyTemplate import VuetifyTemplate

from app import main, registry
from app.components import parts, picture
from app.components.frame import Frame, Lost
from app.inputs.scenario_store import LARGEST
from app.pages import explore
from model.schema.scenario import load_scenario

START = "/explore?scenario=classroom&worlds=20"
WAIT = 60.0


class Shown:
    """A rendered app, with its URL and access to its components by template name."""

    def __init__(self, path: str) -> None:
        self.paths: list[str] = []
        self.box, self.context = solara.render(Located(path, self.paths.append), handle_error=False)

    def close(self) -> None:
        """End the session."""
        self.context.close()

    def every(self, kind: type[Any]) -> list[Any]:
        """Return all widgets of a kind, outer before inner."""
        widgets, waiting = [], [self.box]
        while waiting:
            widget = waiting.pop(0)
            widgets += [widget] if isinstance(widget, kind) else []
            inner = getattr(widget, "children", None) or []
            waiting = [child for child in inner if not isinstance(child, str)] + waiting
        return widgets

    def find(self, template: str) -> list[Any]:
        """Return the widgets of a template, in order."""
        return [
            widget
            for widget in self.every(VuetifyTemplate)
            if Path((getattr(type(widget), "template_file", None) or ("", ""))[1]).name == template
        ]

    def text(self) -> str:
        """Return the text of all plain elements."""
        elements = self.every(Html)
        words = [child for html in elements for child in html.children if isinstance(child, str)]
        return " ".join(words)

    def wait(self, ready: Callable[[], bool]) -> None:
        """Wait until a condition is true."""
        end = time.monotonic() + WAIT
        while not ready():
            assert time.monotonic() < end, self.text()
            time.sleep(0.02)

    def change(self, name: str, text: str | None) -> None:
        """Move a control as the browser does."""
        for widget in self.find("controls.vue"):
            if any(row["name"] == name for row in widget.rows):
                widget.vue_change({"name": name, "text": text})
                return
        raise AssertionError(f"no control {name}")

    def one(self, template: str, **traits: object) -> Any:
        """Wait until exactly one widget of a template has the traits, and return it."""

        def matches() -> list[Any]:
            return [
                widget
                for widget in self.find(template)
                if all(getattr(widget, name) == value for name, value in traits.items())
            ]

        self.wait(lambda: len(matches()) == 1)
        return matches()[0]

    def names(self) -> set[str]:
        """Return the names of all controls."""
        return {row["name"] for widget in self.find("controls.vue") for row in widget.rows}

    def bars(self) -> list[float]:
        """Return the drawn shares."""
        return [row["share"] for widget in self.find("bars.vue") for row in widget.rows]

    def done(self) -> bool:
        """Say whether the picture is complete, with its sweep."""
        return "No forecast. Over" in self.text() and "w-old" not in self.classes()

    def classes(self) -> str:
        """Return all CSS classes."""
        return " ".join(html.class_ or "" for html in self.every(Html))


@solara.component
def Located(path: str, record: Callable[[str], None]) -> None:
    """Render the app with a URL that it can change, and record the changes."""
    current, set_current = solara.use_state(path)

    def push(new: str) -> None:
        record(new)
        set_current(new)

    router = solara.routing.Router(current, routes=main.routes, set_path=push)
    solara.routing.router_context.provide(router)
    main.Site()


@pytest.fixture
def shown() -> Iterator[Shown]:
    page = Shown(START)
    page.wait(page.done)
    yield page
    page.close()


def test_explore_shows_intervals_scenario_and_sweep(shown: Shown) -> None:
    assert len(shown.bars()) == 7
    assert "Scenario classroom · 20 worlds · seed 1" in shown.text()
    assert "How the talks end" in shown.text()
    (bars,) = shown.find("bars.vue")
    assert all(row["sweep"] for row in bars.rows)
    assert all(row["low"] <= row["share"] <= row["high"] for row in bars.rows)


def test_explore_shows_who_leads_the_talks(shown: Shown) -> None:
    assert "Leader of North and Leader of South." in shown.text()
    scenario = load_scenario("february_2025", {"sides.US.lead": "howard_lutnick"})
    leads = "Howard Lutnick for the United States and He Lifeng for China."
    assert picture.led(scenario) == f"Who leads the talks: {leads}"
    assert "Scott Bessent for the United States" in picture.led(load_scenario("february_2025"))


def test_sliders_change_url_picture_and_text(shown: Shown) -> None:
    shares = shown.bars()
    levels = [row["mark"] for row in shown.one("tracks.vue").rows]
    shown.change("values.cost_scale", "2")
    assert shown.paths[-1] == "/explore?scenario=classroom&worlds=20&values.cost_scale=2"
    shown.wait(lambda: "with 1 change" in shown.text() and shown.done())
    assert [row["mark"] for row in shown.one("tracks.vue").rows] != levels
    assert [row["ghost"] for row in shown.one("tracks.vue").rows] == levels
    assert [row["ghost"] for row in shown.one("bars.vue").rows] == shares


def test_main_controls_change_the_url(shown: Shown) -> None:
    rows = [row for widget in shown.find("controls.vue") for row in widget.rows]
    numbers = [row for row in rows if row["kind"] == "number"]
    assert len(numbers) == 12
    for row in numbers:
        other = row["values"][0] if row["place"] else row["values"][-1]
        shown.change(row["name"], str(other))
        assert f"{row['name']}=" in shown.paths[-1], row["name"]


def test_undo_of_one_or_all_changes(shown: Shown) -> None:
    shown.change("talks.rate", "0.9")
    shown.wait(lambda: "1 changed" in shown.one("drawer.vue").note)
    shown.change("talks.window", "5")
    assert "talks.rate=0.9&talks.window=5" in shown.paths[-1]
    shown.wait(lambda: "2 changed" in shown.one("drawer.vue").note)
    shown.change("talks.rate", None)
    assert shown.paths[-1] == "/explore?scenario=classroom&worlds=20&talks.window=5"
    shown.wait(lambda: "1 changed" in shown.one("drawer.vue").note)
    (undo,) = [html for html in shown.every(Html) if html.children == ["Undo all changes"]]
    undo.fire_event("click", {})
    assert shown.paths[-1] == "/explore?scenario=classroom&worlds=20"


def test_another_scenario_opens_without_changes(shown: Shown) -> None:
    shown.change("talks.rate", "0.9")
    shown.change("scenario", "split_the_pie")
    assert shown.paths[-1] == "/explore?scenario=split_the_pie"
    shown.wait(lambda: "Scenario split_the_pie · 500 worlds" in shown.text())
    assert "Tariff of" not in shown.text()
    assert "Real income" not in shown.text()


def test_folds_have_controls_of_all_tables(shown: Shown) -> None:
    folds = {fold.title: fold for fold in shown.find("fold.vue")}
    assert {explore.RUN, "Mechanisms: switch them off", "Talks", "Actors"} <= set(folds)
    for fold in folds.values():
        fold.vue_open(True)
    wanted = {"worlds", "seed", "time.horizon", "threats", "sides.north.offering"}
    shown.wait(lambda: wanted <= shown.names())
    shown.change("audience_costs", "switch")
    assert "audience_costs" in shown.paths[-1]
    shown.wait(lambda: shown.one("drawer.vue").note == "1 changed")
    shown.change("audience_costs", "switch")
    shown.wait(lambda: shown.one("drawer.vue").note == "nothing changed")
    shown.change("seed", "7")
    assert "seed=7" in shown.paths[-1]
    shown.wait(lambda: "seed 7" in shown.text())
    shown.change("worlds", "100")
    shown.wait(lambda: "100 worlds" in shown.text())


def test_invalid_values_are_reported_and_the_message_closes(shown: Shown) -> None:
    shown.change("talks.rate", "seven <b>")
    notice = shown.one("notice.vue")
    assert "must be a number between 0 and 1" in notice.lines[0]
    notice.vue_close(True)
    shown.wait(lambda: not shown.find("notice.vue"))


def upload(shown: Shown, content: bytes, size: int | None = None) -> None:
    (widget,) = shown.find("upload.vue")
    file = {"name": "mine.toml", "size": len(content) if size is None else size}
    widget.vue_upload(file | {"content": base64.b64encode(content).decode()})


def test_uploads_are_opened_or_refused_with_a_message(shown: Shown) -> None:
    upload(shown, b'name = "v"\ntitle = "V"\nextends = "classroom"\n[talks]\nrate = 0.5\n')
    assert shown.paths[-1] == "/explore?scenario=classroom&talks.rate=0.5"
    upload(shown, b"rate = ")
    assert "it is not valid TOML" in shown.one("notice.vue").lines[0]
    for text in ("é", "a", "=", "\x00"):  # damaged content
        (widget,) = shown.find("upload.vue")
        widget.vue_upload({"name": "mine.toml", "size": 1, "content": text})
        shown.wait(lambda: "did not arrive complete" in shown.one("notice.vue").lines[0])
        upload(shown, b"rate = ")
        shown.wait(lambda: "it is not valid TOML" in shown.one("notice.vue").lines[0])
    upload(shown, b"", LARGEST + 1)
    shown.wait(lambda: "at most 200,000" in shown.one("notice.vue").lines[0])
    assert len(shown.paths) == 1


def test_files_are_made_on_request(shown: Shown) -> None:
    saves = {save.file.rpartition(".")[2]: save for save in shown.find("save.vue")}
    assert set(saves) == {"toml", "csv", "png"}
    for save in saves.values():
        assert not save.content
        save.vue_want(True)
    shown.wait(lambda: all(save.content for save in saves.values()))
    assert b'extends = "classroom"' in saves["toml"].content
    assert saves["csv"].content.count(b"\n") == 21
    assert saves["png"].content.startswith(b"\x89PNG")


def test_the_table_of_differences_opens(shown: Shown) -> None:
    shown.change("values.cost_scale", "2")
    shown.one("fold.vue", title="All differences").vue_open(True)
    assert len(shown.one("differences.vue").rows) == 7


def test_unknown_page() -> None:
    page = Shown("/<script>")
    assert "There is no such page" in page.text()
    (navigation,) = page.find("frame.vue")
    assert ["explore", "Explore"] in navigation.pages
    page.close()


def test_explore_is_first_and_all_pages_render() -> None:
    assert next(iter(registry.known())) == "explore"
    for name in registry.known():
        page = Shown(f"/{name}")
        assert page.find("frame.vue")[0].here == name
        page.close()


def test_dark_mode_changes_the_fans(shown: Shown) -> None:
    (navigation,) = shown.find("frame.vue")

    def background() -> object:
        return shown.find("echarts.vue")[0].option["tooltip"]["backgroundColor"]

    light = background()
    navigation.vue_dark(True)
    shown.wait(lambda: background() != light)
    assert background() != light


def test_closing_a_session_stops_its_work() -> None:
    page = Shown("/explore?worlds=2000")
    page.wait(lambda: any(thread.name == "latest-task" for thread in threading.enumerate()))
    page.close()
    end = time.monotonic() + WAIT
    while any(thread.name == "latest-task" for thread in threading.enumerate()):
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.parametrize(
    "element",
    [
        lambda: parts.Controls(rows=[], event_change=lambda _: None),
        lambda: parts.Bars(rows=[], label=""),
        lambda: parts.Tracks(rows=[], ticks=[0.0, 1.0], label=""),
        lambda: parts.Differences(rows=[]),
        lambda: Frame("a", []),
        lambda: Lost("x" * 100),
    ],
)
def test_components_render_without_data(element: Callable[[], Any]) -> None:
    box, context = solara.render(element(), handle_error=False)
    assert box.children
    context.close()
