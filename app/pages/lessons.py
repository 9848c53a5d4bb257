"""Lessons: a text, a prediction, a live picture, and the measurement of each claim."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote

import solara

from app.components import lesson as shown
from app.components.lab import Cards
from app.components.parts import Messages
from app.inputs.explore_url import Opened
from app.lessons.lesson import Check, Lesson, Part, Picture, Words
from app.lessons.moving import moved
from app.lessons.reading import LessonError, files, read_lesson
from app.lessons.study import LessonResults, Study
from model.schema.problems import Problem, did_you_mean, written

TITLE, ORDER = "Lessons", 50
LAST = ".w-cards a"
PATH = "/lessons"
ABOUT = (
    "Each takes ten minutes: a short text, a prediction that you commit to, a live picture to try "
    "it out, and the result of the model. All numbers are measured while you read."
)

# The learner's predictions by lesson. Solara keeps them separate for each session.
predictions: solara.Reactive[dict[str, int]] = solara.reactive({})


@solara.component
def Page() -> None:
    """Draw the list of lessons, or the lesson that the URL names."""
    router = solara.use_router()
    known = files()
    name, problems = asked(router.search, known)
    with solara.v.Html(tag="div", class_="l-page"):
        shown.Style()
        Messages("This link names something that does not exist", problems)
        if name:
            One(name, known).key(name)
        else:
            Contents(known)


@solara.component
def Contents(known: Mapping[str, Path]) -> None:
    """Show every lesson as a card."""
    with solara.v.Html(tag="section", class_="w-card"):
        solara.v.Html(tag="h1", children=["Lessons"])
        solara.v.Html(tag="p", class_="l-about", children=[ABOUT])
    rows = [_row(number, *one) for number, one in enumerate(known.items(), start=1)]
    rows = [row | {"note": _note(row, predictions.value)} for row in rows]
    with solara.v.Html(tag="div", class_="l-list"):
        Cards(rows=rows)


@solara.component
def One(name: str, known: Mapping[str, Path]) -> None:
    """Show a lesson, or all problems of its file."""
    lesson, wrong = solara.use_memo(lambda: _read(known[name]), [name])
    if wrong is not None:
        with solara.v.Html(tag="section", class_="w-card"):
            solara.v.Html(tag="h1", children=[f"{wrong.file} cannot be shown"])
            with solara.v.Html(tag="ul"):
                for problem in wrong.problems:
                    solara.v.Html(tag="li", children=[str(problem)])
    if lesson is not None:
        LessonView(lesson, list(known))
    steps = list(known)
    index = steps.index(name)
    shown.Steps(
        home=PATH,
        before=_step(steps[index - 1], known) if index else None,
        after=_step(steps[index + 1], known) if index + 1 < len(steps) else None,
    )


@solara.component
def LessonView(lesson: Lesson, order: list[str]) -> None:
    """Show a lesson. The part after the prediction appears once the learner commits to one."""
    study = solara.use_memo(Study, [])
    results, set_results = solara.use_state(LessonResults())
    nothing: dict[int, Opened] = {}
    wanted, set_wanted = solara.use_state(nothing)
    chosen = predictions.value.get(lesson.name)

    def work() -> None:  # while the learner reads; results are not sent before they may be seen
        study.work(lesson, wanted, results, set_results)

    solara.use_effect(work, [wanted])
    solara.use_effect(lambda: study.latest_task.close, [])

    def commit(choice: int) -> None:
        predictions.value = {**predictions.value, lesson.name: choice}

    def move(index: int, start: Opened, name: str, text: str | None) -> None:
        now = wanted.get(index, start)
        set_wanted({**wanted, index: moved(start, now, name, text, study.scenario_store)})

    def draw(part: Part) -> None:
        Drawn(lesson.parts.index(part), part, results, wanted, move)

    position = f"Lesson {order.index(lesson.name) + 1} of {len(order)} · {lesson.minutes} minutes"
    position += " · measured with the first edition of the model" if lesson.edition == 1 else ""
    with solara.v.Html(tag="section", class_="w-card"):
        solara.v.Html(tag="small", children=[position])
        solara.v.Html(tag="h1", children=[lesson.title])
        solara.v.Html(tag="p", class_="l-about", children=[lesson.about])
    for part in lesson.before:
        draw(part)
    shown.Ask(lesson.prediction, chosen, commit)
    with solara.v.Html(tag="div", class_="l-page"):  # a container for the part that appears
        if chosen is not None:
            Messages("This could not be shown", tuple(filter(None, [results.failure])))
            for part in lesson.after:
                draw(part)
            shown.Closing(lesson.link, lesson.sources)


@solara.component
def Drawn(
    index: int,
    part: Part,
    results: LessonResults,
    wanted: Mapping[int, Opened],
    move: Callable[[int, Opened, str, str | None], None],
) -> None:
    """Draw a part of a lesson."""
    if isinstance(part, Words):
        shown.Text(part.html)
    elif isinstance(part, Picture):
        start, now = part.opened, wanted.get(index, part.opened)
        Messages("This value is not valid. We used the closest valid one.", now.problems)
        shown.Try(
            part, results.seen.get(index), now, lambda name, text: move(index, start, name, text)
        )
    elif isinstance(part, Check):
        shown.Claim(part, results.answers.get(index))


def asked(search: str | None, known: Mapping[str, Path]) -> tuple[str, tuple[Problem, ...]]:
    """Return the lesson that a query string names, or "", and the problems of the string.

    >>> asked("lesson=a", {"a": Path("01_a.md")})
    ('a', ())
    """
    name = parse_qs((search or "").removeprefix("?")).get("lesson", [""])[0]
    if not name or name in known:
        return name, ()
    cut = name if len(name) <= 60 else f"{name[:57]}..."
    remedy = did_you_mean(name[:60], known)
    return "", (Problem("lesson", written(cut), "there is no such lesson", remedy),)


def address(name: str) -> str:
    """Return the URL of a lesson.

    >>> address("tied_hands")
    '/lessons?lesson=tied_hands'
    """
    return f"{PATH}?lesson={quote(name)}"


def _read(path: Path) -> tuple[Lesson | None, LessonError | None]:
    try:
        return read_lesson(path), None
    except LessonError as error:
        return None, error


def _row(number: int, name: str, path: Path) -> dict[str, Any]:
    lesson, wrong = _read(path)
    if lesson is not None:
        minutes = f"{lesson.minutes} minutes"
        row = {"title": f"{number}. {lesson.title}", "text": lesson.about, "note": minutes}
        return row | {"href": address(name), "name": name, "right": lesson.prediction.right}
    assert wrong is not None
    count = len(wrong.problems)
    text = f"{wrong.file} has {count} problem{'s' * (count > 1)}: open it to read them."
    return {
        "title": f"{number}. {name}",
        "text": text,
        "note": "",
        "href": address(name),
        "name": name,
    }


def _note(row: Mapping[str, Any], chosen: Mapping[str, int]) -> str:
    """Return the length of a lesson, and whether the learner's prediction was right."""
    if row["name"] not in chosen:
        return str(row["note"])
    result = "as predicted" if chosen[row["name"]] == row.get("right") else "not as predicted"
    return f"{row['note']} · done, {result}"


def _step(name: str, known: Mapping[str, Path]) -> list[str]:
    lesson, _ = _read(known[name])
    return [address(name), lesson.title if lesson else name]
