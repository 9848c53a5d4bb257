"""Read lessons, and check every block against its scenario. Reports all problems at once."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from app.inputs.explore_url import EDITION, Opened, State, Value
from app.inputs.scenario_store import ScenarioStore
from app.lessons import forms, words
from app.lessons.blocks import Block, blocks, filled, unknown
from app.lessons.forms import COUNTS, MEASURE, SHOWS
from app.lessons.lesson import Check, Lesson, Link, Part, Picture, Prediction, Words
from app.lessons.measuring import measures
from app.lessons.moving import RUN, control, opened_at
from model.schema.mechanisms import MECHANISMS
from model.schema.problems import Problem, ScenarioError, did_you_mean, shown, written

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "lessons"
NAME = re.compile(r"^(\d+)_([a-z0-9_]+)\.md$")
LARGEST = 100_000  # bytes of a file
ECONOMIC = ("tariffs", "incomes")  # need a scenario with an economy


class LessonError(ScenarioError):
    """All problems of a lesson."""


def files() -> dict[str, Path]:
    """Return the files of all lessons by name, in order."""
    matches = [(NAME.match(path.name), path) for path in sorted(FOLDER.glob("*.md"))]
    numbered = [(int(match[1]), match[2], path) for match, path in matches if match]
    return {name: path for _, name, path in sorted(numbered)}


def read_lesson(path: Path) -> Lesson:
    """Return a lesson from its file. Raises LessonError with all problems of the file."""
    lesson = _cached(path, path.stat().st_mtime_ns)
    if isinstance(lesson, LessonError):
        raise lesson
    return lesson


@lru_cache(maxsize=64)
def _cached(path: Path, _changed: int) -> Lesson | LessonError:
    """Return the lesson or error of a file, cached until the file changes."""
    try:
        return _fresh(path)
    except LessonError as error:
        return error


def _fresh(path: Path) -> Lesson:
    file, content = shown(path), path.read_bytes()
    if len(content) > LARGEST:
        why = f"it has {len(content):,} bytes, at most {LARGEST:,} are read"
        raise LessonError(file, [Problem("the file", "", why, "Split it into two lessons.")])
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        why = "it is not encoded in UTF-8"
        raise LessonError(file, [Problem("the file", "", why, "Save it in UTF-8.")]) from error
    match = NAME.match(path.name)
    return _Reader(file).lesson(match[2] if match else path.stem, text)


@dataclass
class _Reader:
    """Reads one file and collects its problems."""

    file: str
    scenario_store: ScenarioStore = field(default_factory=ScenarioStore)
    problems: list[Problem] = field(default_factory=list)
    edition: int = 2

    def lesson(self, name: str, text: str) -> Lesson:
        """Return the lesson in a text. Raises LessonError."""
        every = list(blocks(text, self.problems))
        head = next((block for block in every if block.kind == "head"), None)
        table = filled(forms.HeadForm, head, self.problems) if head else None
        self.edition = table.edition if table else self.edition
        parts = [part for block in every if (part := self._part(block)) is not None]
        self._count(every)
        if self.problems or table is None:
            raise LessonError(self.file, self.problems)
        head_of = (name, table.title, table.minutes, table.about, tuple(table.sources))
        return Lesson(*head_of, tuple(parts), table.edition)

    def _part(self, block: Block) -> Part | None:
        if block.kind == "head" or (block.kind == "text" and not block.text.strip()):
            return None
        makers: dict[str, Callable[[Block], Part | None]] = {
            "text": self._words,
            "prediction": self._prediction,
            "picture": self._picture,
            "check": self._check,
            "explore": self._link,
        }
        if block.kind not in makers:
            self.problems.append(unknown(block))
            return None
        return makers[block.kind](block)

    def _count(self, every: Sequence[Block]) -> None:
        """Check the number of blocks of each kind."""
        count = Counter(block.kind for block in every)
        for kind, (least, most) in COUNTS.items():
            if not least <= count[kind] <= most:
                few = f"{least}" if least == most else f"{least} to {most}"
                why = f"a lesson has {few} of them, this one {count[kind]}"
                self.problems.append(
                    Problem(f"{kind} blocks", "", why, "See docs/lessons/README.md.")
                )

    def _words(self, block: Block) -> Words:
        made, wrong = words.html(block.text)
        for link, why, remedy in wrong:
            lines = block.text.splitlines()
            line = next((n for n, one in enumerate(lines) if link in one), 0)
            position = f"line {block.line + line}, text"
            self.problems.append(Problem(position, written(link), why, remedy))
        return Words(made)

    def _prediction(self, block: Block) -> Prediction | None:
        form = filled(forms.PredictionForm, block, self.problems)
        if form is None:
            return None
        if form.right > len(form.choices):
            why = f"there are {len(form.choices)} choices"
            self._add(block, "right", form.right, why, f"Write 1 to {len(form.choices)}.")
        return Prediction(
            form.question, tuple(form.choices), form.right - 1, form.because, form.measured
        )

    def _picture(self, block: Block) -> Picture | None:
        form = filled(forms.PictureForm, block, self.problems)
        if form is None:
            return None
        opened = self._opened(block, form.scenario, form.change, form, "change")
        if opened is None:
            return None
        show = (form.show,) if isinstance(form.show, str) else tuple(form.show)
        self._shows(block, show, opened)
        for name in form.sliders:
            if control(opened, opened, name) is None:
                known = [*opened.own.parameters(), *MECHANISMS, *RUN]
                self._add(
                    block, "sliders", name, "no control has this name", did_you_mean(name, known)
                )
        if form.labels and len(form.labels) != len(form.sliders):
            why = f"there are {len(form.sliders)} sliders and {len(form.labels)} labels"
            self._add(block, "labels", form.labels, why, "Write one for each slider, or none.")
        return Picture(
            form.title,
            opened,
            tuple(form.sliders),
            tuple(form.labels),
            show,
            form.world,
            form.sweep,
        )

    def _shows(self, block: Block, show: tuple[str, ...], opened: Opened) -> None:
        """Check that the scenario has everything that the picture shows."""
        known = measures(opened.scenario)
        if not 1 <= len(show) <= forms.MOST_SHOWN:
            why = f"must name 1 to {forms.MOST_SHOWN} things"
            self._add(block, "show", list(show), why, f"Known: {', '.join(SHOWS)}.")
        for name in show:
            if name.startswith(MEASURE):
                self._measure(block, "show", name.removeprefix(MEASURE), opened)
            elif name not in SHOWS:
                remedy = did_you_mean(name, [*SHOWS, *(MEASURE + key for key in known)], 7)
                self._add(block, "show", name, "there is no such picture", remedy)
            elif name in ECONOMIC and opened.scenario.economy.table == "none":
                why = "the scenario has no economy"
                self._add(block, "show", name, why, "Choose another scenario or picture.")

    def _measure(self, block: Block, key: str, name: str, opened: Opened) -> None:
        known = measures(opened.scenario)
        if name not in known:
            why = "the scenario has no such measure"
            self._add(block, key, name, why, did_you_mean(name, known, 80))

    def _check(self, block: Block) -> Check | None:
        form = filled(forms.CheckForm, block, self.problems)
        if form is None:
            return None
        before = self._opened(block, form.scenario, form.a, form, "a")
        after = self._opened(block, form.scenario, form.b, form, "b") if before else None
        if before is None or after is None:
            return None
        self._measure(block, "measure", form.measure, after)
        self._expected(block, form)
        return Check(
            form.claim,
            before,
            after,
            tuple(form.labels),
            form.measure,
            form.expect,
            form.least,
            form.value or 0.0,
            form.tolerance or 0.0,
        )

    def _expected(self, block: Block, form: forms.CheckForm) -> None:
        """Check that a claim has exactly the keys that it needs."""
        if form.expect == "at":
            for key in ("value", "tolerance"):
                if getattr(form, key) is None:
                    self._add(block, key, "", 'it is missing, and expect is "at"', "Write it.")
            if form.a:
                why = 'expect is "at": the claim is on b alone'
                self._add(block, "a", form.a, why, "Leave it out.")
            return
        for key in ("value", "tolerance"):
            if getattr(form, key) is not None:
                why = f'expect is "{form.expect}": only "at" has it'
                self._add(block, key, getattr(form, key), why, "Leave it out.")
        if form.a == form.b:
            why = "a and b are the same, and nothing can differ"
            self._add(block, "b", form.b, why, "Write what is changed.")
        if form.expect == "same" and form.least == 0:
            why = 'expect is "same": how far from 0 may the interval lie?'
            self._add(block, "least", "", why, "Write a number above 0.")

    def _link(self, block: Block) -> Link | None:
        form = filled(forms.ExploreForm, block, self.problems)
        if form is None:
            return None
        opened = self._opened(block, form.scenario, form.change, form, "change")
        return Link(form.text, opened) if opened else None

    def _opened(
        self, block: Block, name: str, change: forms.Change, form: Any, key: str
    ) -> Opened | None:
        """Return the state of a block, or None. Lessons can only use shipped scenarios."""
        if name not in self.scenario_store.titles():
            why = "there is no such scenario"
            self._add(
                block, "scenario", name, why, did_you_mean(name, self.scenario_store.titles())
            )
            return None
        plain: dict[str, Value] = {EDITION: self.edition}
        for parameter, value in change.items():
            if parameter in (*RUN, "scenario"):
                why = "it must be a key of the block, not one of the changes"
                self._add(block, key, parameter, why, f"Write {parameter} = ...")
            else:
                plain[parameter] = tuple(value) if isinstance(value, list) else value
        opened = opened_at(State(name, (), form.worlds, form.seed), plain, self.scenario_store)
        self.problems += [_moved(block, key, problem) for problem in opened.problems]
        return None if opened.problems else opened

    def _add(self, block: Block, key: str, value: object, why: str, remedy: str) -> None:
        text = "" if value == "" else written(value)
        self.problems.append(Problem(block.at(key), text, why, remedy))


def _moved(block: Block, key: str, problem: Problem) -> Problem:
    """Return the problem of a state as a problem of its block."""
    remedy = problem.remedy.removeprefix("Left out.").replace("Opened:", "Nearest:").strip()
    return Problem(f"{block.at(key)}, {problem.place}", problem.written, problem.why, remedy)
