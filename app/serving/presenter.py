"""Show the views of a task as they arrive, and an error message if the task fails."""

import threading
from collections.abc import Callable, Iterator

from app.serving.latest_task import Check, LatestTask, Superseded, TooLong


def present[V](
    latest_task: LatestTask,
    views: Callable[[Check], Iterator[V]],
    show: Callable[[V], None],
    failed: Callable[[V | None, Exception | None], V],
    known: tuple[type[Exception], ...] = (),
    superseded: Callable[[], None] = lambda: None,
) -> threading.Thread:
    """Start a task that yields views, and show each, unless a newer task supersedes it.

    views: yields what to show, given the check that a long task calls often. failed: returns the
    view to show after a failure, from the last view (None before the first) and the error: a
    TooLong, one of the `known`, or None for any other, which goes on to the server's log.
    superseded: called when a newer task comes first; nothing is shown then.
    """
    expected: tuple[type[Exception], ...] = (TooLong, *known)

    def task(check: Check) -> None:
        last: V | None = None
        ended = False
        try:
            for last in views(check):
                check(0)
                show(last)
            ended = True
        except expected as error:
            show(failed(last, error))
            ended = True
        except Superseded:
            superseded()
            ended = True
            raise
        finally:
            if not ended:
                show(failed(last, None))

    return latest_task.ask(task)
