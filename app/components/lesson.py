"""The components of a lesson: text, prediction, live picture, claims, and links."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import solara

from app.components import parts
from app.components.lesson_pictures import Shows
from app.inputs.explore_url import Opened
from app.lessons import drawing
from app.lessons.lesson import Check, Link, Picture, Prediction
from app.lessons.measuring import Answer
from app.lessons.moving import controls, link
from app.lessons.study import Seen

STYLES = [Path(__file__).parent / f"{name}.css" for name in ("blocks", "watch", "lesson")]
MEASURED = " The checks below measure it on the model."

type Move = Callable[[str, str | None], None]


@solara.component_vue("lesson_ask.vue")
def _Ask(
    question: str,
    choices: list[str],
    chosen: int | None,
    right: int | None,
    because: str,
    event_commit: parts.EventHandler,
) -> None:
    """Show a question, and the solution after the learner answered."""


@solara.component_vue("lesson_steps.vue")
def Steps(home: str, before: list[str] | None, after: list[str] | None) -> None:
    """Show links to the previous lesson, the list, and the next lesson."""


@solara.component
def Style() -> None:
    """Add the styles of lessons to a page."""
    style = solara.use_memo(lambda: "".join(one.read_text(encoding="utf-8") for one in STYLES), [])
    solara.Style(style)


@solara.component
def Text(html: str) -> None:
    """Show text of a lesson. HTML in the source text is escaped."""
    alone = html.startswith("<h") and html.count("<") == 2  # a heading above what follows
    with solara.v.Html(tag="section", class_="l-text l-head" if alone else "w-card l-text"):
        solara.HTML(unsafe_innerHTML=html, classes=["w-words"])


@solara.component
def Ask(prediction: Prediction, chosen: int | None, commit: Callable[[int], None]) -> None:
    """Ask for a prediction. The solution is not sent before the learner commits."""
    choices = list(prediction.choices)

    def answered(data: Any) -> None:
        if chosen is None and isinstance(data, int) and 0 <= data < len(choices):
            commit(data)

    done = chosen is not None
    because = prediction.because + (MEASURED if prediction.measured else "")
    _Ask(
        question=prediction.question,
        choices=choices,
        chosen=chosen,
        right=prediction.right if done else None,
        because=because if done else "",
        event_commit=answered,
    )


@solara.component
def Try(picture: Picture, seen: Seen | None, opened: Opened, move: Move) -> None:
    """Show a live picture with its sliders. It is of the last state until the new one is ready."""
    old = seen is None or seen.opened.state != opened.state
    rows = [dial.row() for dial in controls(picture, opened)]
    classes = "w-card l-try" if rows else "w-card l-try l-still"
    with solara.v.Html(tag="section", class_=classes):
        with solara.v.Html(tag="div", class_="w-title"):
            solara.v.Html(tag="h2", children=[picture.title or "Try it"])
            solara.v.Html(tag="small", children=[drawing.of_picture(seen) if seen else ""])
        if rows:
            with solara.v.Html(tag="div", class_="l-sliders"):
                parts.Controls(
                    rows=rows,
                    event_change=lambda data: move(str(data["name"]), _text(data["text"])),
                )
                Busy("Simulating …" if old else "")
        with solara.v.Html(tag="div", class_="l-shown w-old" if old else "l-shown"):
            if seen is None:
                solara.v.Html(tag="p", children=["Simulating the first worlds …"])
            else:
                Shows(picture, seen)


@solara.component
def Busy(words: str) -> None:
    """Show what is being computed, or nothing."""
    with solara.v.Html(tag="div", class_="w-busy", attributes={"role": "status"}):
        if words:
            solara.v.Html(tag="i")
            solara.v.Html(tag="span", children=[words])


@solara.component
def Claim(check: Check, answer: Answer | None) -> None:
    """Show a claim, the measurement, and whether the claim holds."""
    state = "l-open" if answer is None else "l-yes" if answer.holds else "l-no"
    with solara.v.Html(tag="section", class_=f"w-card l-claim {state}"):
        with solara.v.Html(tag="div", class_="w-title"):
            solara.v.Html(tag="h3", children=[check.claim])
            solara.v.Html(tag="small", children=[drawing.source(check)])
        if answer is None:
            Busy("Measuring it on the model …")
            return
        verdict = "Measured: it holds." if answer.holds else "Measured: it does not hold."
        solara.v.Html(tag="p", class_="l-verdict", children=[verdict])
        solara.v.Html(tag="small", children=[f"{answer.title}, {answer.unit}"])
        rows, ticks = drawing.measured(check, answer)
        if rows:
            parts.Tracks(rows=rows, ticks=ticks, label=answer.title)
        for line in drawing.verdict(check, answer):
            solara.v.Html(tag="p", children=[line])


@solara.component
def Closing(way: Link, sources: tuple[str, ...]) -> None:
    """Show the sources and the link to Explore."""
    with solara.v.Html(tag="section", class_="w-card l-closing"):
        solara.v.Html(tag="h2", children=["Sources"])
        with solara.v.Html(tag="ul"):
            for source in sources:
                solara.v.Html(tag="li", children=[source])
        solara.v.Html(
            tag="a",
            class_="w-button w-main-button l-link",
            attributes={"href": link(way.opened)},
            children=[f"{way.text} →"],
        )


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
