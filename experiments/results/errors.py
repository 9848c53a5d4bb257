"""What the results folder gets wrong, told in the same five parts as a broken scenario."""

from collections.abc import Sequence
from pathlib import Path

from model.schema.problems import Problem


class ResultsError(ValueError):
    """All that is wrong with a results folder, at once."""

    def __init__(self, folder: Path, problems: Sequence[Problem]) -> None:
        super().__init__(folder, problems)
        self.folder = folder
        self.problems = list(problems)

    def __str__(self) -> str:
        """Return the whole text, a line for each problem."""
        count = "1 problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
        return "\n  ".join([f"{self.folder} has {count}:", *map(str, self.problems)])


class BatchInterrupted(Exception):
    """A batch was stopped by its user; what it had done is kept."""

    def __init__(self, folder: Path, there: int, chunks: int) -> None:
        super().__init__(folder, there, chunks)
        self.folder, self.there, self.chunks = folder, there, chunks

    def __str__(self) -> str:
        """Return what is kept, and how to go on."""
        return (
            f"Stopped: {self.there} of {self.chunks} chunks are kept in {self.folder}. "
            "The same command with --resume goes on from there."
        )
