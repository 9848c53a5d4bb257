"""Print to the terminal: sentences, tables, and progress bars."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from model.schema.problems import Problem, ScenarioError, visible

if TYPE_CHECKING:
    from experiments.batch.progress import OnProgress
    from experiments.batch.progress import Progress as BatchProgress
    from experiments.summary import Section

WIDTH = 130  # of tables if the output is not a terminal
console = Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH)


def readable(words: Sequence[str]) -> Sequence[str]:
    """Return the words of a command line if all of them can be printed.

    Raises ScenarioError for words that are not text or contain control characters.
    """
    problems = []
    for number, word in enumerate(words, 1):
        foreign = any("\ud800" <= letter <= "\udfff" for letter in word)  # cannot be written
        if foreign or visible(word) != word or "\n" in word or "\t" in word:
            why = "it is not text in UTF-8" if foreign else "it contains a control character"
            problems.append(Problem(f"word {number}", ascii(word)[:60], why, "Rename it."))
    if problems:
        raise ScenarioError("the command line", problems)
    return words


@contextmanager
def stage(title: str, total: int) -> Iterator[Callable[[int], None]]:
    """Show a progress bar during a stage of the work, if the output is a terminal."""
    with Progress(
        TextColumn(title),
        BarColumn(),
        TimeRemainingColumn(),
        transient=True,
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
    ) as bar:
        task = bar.add_task(title, total=total)
        yield lambda amount: bar.advance(task, amount)


@contextmanager
def chunks(title: str) -> Iterator["OnProgress"]:
    """Show the progress of a batch; if the output is not a terminal, only failures."""
    interactive = sys.stderr.isatty()
    out = Console(stderr=True, highlight=False)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[detail]}"),
        transient=True,
        console=out,
        disable=not interactive,
    ) as bar:
        task = bar.add_task(_plain(title), total=None, detail="")

        def update(now: "BatchProgress") -> None:
            left = "" if now.left is None else f", {timedelta(seconds=round(now.left))} left"
            detail = f"{now.worlds_done:,} of {now.worlds:,} worlds, {now.rate:,.0f} a second{left}"
            bar.update(task, total=now.worlds, completed=now.worlds_done, detail=detail)
            if now.note:
                out.print(_plain(now.note))

        yield update


def say(text: str, error: bool = False) -> None:
    """Print a text unchanged, except that control characters are escaped."""
    print(visible(text), file=sys.stderr if error else sys.stdout, flush=True)


def show(part: "str | Section") -> None:
    """Print a sentence, or a table with its title above and its note below."""
    if isinstance(part, str):
        console.print(f"\n{_plain(part)}")
        return
    table = Table(
        title=_plain(part.title),
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    for column in part.columns:
        table.add_column(_plain(column), overflow="fold")
    for row in part.rows:
        table.add_row(*map(_plain, row))
    console.print(table)
    console.print(_plain(part.note), style="dim")


def _plain(text: str) -> str:
    """Return a text that neither rich nor the terminal interprets as a command."""
    return escape(visible(text))
