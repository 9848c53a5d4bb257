"""The command line of Winset: run.py COMMAND. The commands are in commands/, by subject."""

import sys
from collections.abc import Sequence

# isort: off
# in the order in which --help lists the commands
from commands import runs, scenarios, folders, records, server

# isort: on
from commands.line import FAULT, STOPPED, app
from commands.terminal import prepare, readable, say, written
from experiments.results.errors import BatchInterrupted
from model.schema.problems import WinsetError

__all__ = ["FAULT", "STOPPED", "app", "folders", "main", "records", "runs", "scenarios", "server"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line. Errors in its input are printed without a traceback."""
    words = sys.argv[1:] if arguments is None else arguments
    try:
        prepare(words)
        with written():
            app(readable(words))
    except WinsetError as error:
        say(str(error), error=True)
        sys.exit(STOPPED if isinstance(error, BatchInterrupted) else FAULT)
    except MemoryError as error:
        say(f"Not enough memory on this machine ({error}).", error=True)
        sys.exit(FAULT)


if __name__ == "__main__":
    main()
