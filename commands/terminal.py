"""Print to the terminal: sentences, tables, and progress bars."""

import io
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from model.schema.problems import Problem, ScenarioError, WinsetError, visible

if TYPE_CHECKING:
    from experiments.batch.progress import OnProgress
    from experiments.batch.progress import Progress as BatchProgress
    from experiments.summary import Section

PIPE = 141  # exit code if the reader of the output has ended, by the convention of shells
WIDTH = 130  # of tables if the output is not a terminal
LEAST_MEMORY = 1_500_000_000  # bytes of address space; with less, threads wait for each other
LIGHT = {"list", "check", "--help"}  # commands that run with less
console = Console(highlight=False, width=WIDTH)


class OutputError(WinsetError):
    """The output cannot be written."""


class MemoryLimitError(WinsetError):
    """The system gives this process less memory than any command needs."""


def prepare(words: Sequence[str]) -> None:
    """Prepare the output for any encoding.

    words: the words of the command line. Raises OutputError, and MemoryLimitError if the command
    computes.
    """
    if sys.stdout is None:
        raise OutputError("The output cannot be written: it is closed.")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # letters that an encoding lacks
    if sys.stdout.isatty():
        console.width = Console().width
    limit = address_space()
    computes = not set(words[:1]) & LIGHT
    if computes and limit is not None and limit < LEAST_MEMORY:
        raise MemoryLimitError(
            f"Not enough memory: this process may use {limit / 1e6:,.0f} MB of address space, and "
            f"commands that compute need {LEAST_MEMORY / 1e6:,.0f} MB. Raise the limit (ulimit -v)."
        )


def address_space() -> int | None:
    """Return the limit on the address space of this process in bytes, or None without one."""
    try:
        import resource
    except ImportError:  # not on Windows
        return None
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    return None if limit == resource.RLIM_INFINITY else limit


@contextmanager
def written() -> Iterator[None]:
    """Convert errors of the output to OutputError; a reader that has ended is no error."""
    try:
        yield
        if sys.stdout is not None:
            sys.stdout.flush()
    except BrokenPipeError:
        silence()
        sys.exit(PIPE)
    except OSError as error:
        if error.filename is not None:
            raise  # of a file, not of the output
        silence()
        raise OutputError(f"The output cannot be written: {error.strerror or error}.") from error


def silence() -> None:
    """Discard what is left in the output, which Python would write again at its end."""
    with open(os.devnull, "w", encoding="utf-8") as nothing, suppress(OSError, ValueError):
        os.dup2(nothing.fileno(), sys.stdout.fileno())


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
        disable=not _interactive(),
    ) as bar:
        task = bar.add_task(title, total=total)
        yield lambda amount: bar.advance(task, amount)


@contextmanager
def chunks(title: str) -> Iterator["OnProgress"]:
    """Show the progress of a batch; if the output is not a terminal, only failures."""
    interactive = _interactive()
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


def _interactive() -> bool:
    """Return whether the messages go to a terminal."""
    return sys.stderr is not None and sys.stderr.isatty()


def say(text: str, error: bool = False) -> None:
    """Print a text unchanged, except that control characters are escaped."""
    stream = sys.stderr if error else sys.stdout
    if stream is None:  # it is closed
        return
    with suppress(OSError) if error else nullcontext():
        print(visible(text), file=stream, flush=True)


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
