"""What a terminal shows: sentences, tables, and progress while somebody watches."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

if TYPE_CHECKING:
    from experiments.summary import Section

WIDTH = 130  # of tables where no terminal says its own
console = Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH)


@contextmanager
def stage(title: str, total: int) -> Iterator[Callable[[int], None]]:
    """Show a progress bar while a stage of the work lasts; none when nobody watches."""
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


def show(part: "str | Section") -> None:
    """Print a sentence, or a table with its title above and its note below."""
    if isinstance(part, str):
        console.print(f"\n{escape(part)}")
        return
    table = Table(
        title=escape(part.title),
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    for column in part.columns:
        table.add_column(escape(column), overflow="fold")
    for row in part.rows:
        table.add_row(*map(escape, row))
    console.print(table)
    console.print(escape(part.note), style="dim")
