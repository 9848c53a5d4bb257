"""Errors of results folders, in the same five parts as errors of scenarios."""

from pathlib import Path

from model.schema.problems import ProblemsError, WinsetError


class ResultsError(ProblemsError):
    """A results folder or a transcript that cannot be read or written, with all its problems."""

    @property
    def folder(self) -> Path:
        """Return the folder or file that has the problems."""
        return Path(str(self.subject))


class BatchInterrupted(WinsetError):
    """A batch that its user stopped. The chunks that are finished are kept."""

    def __init__(self, folder: Path, there: int, chunks: int) -> None:
        super().__init__(folder, there, chunks)
        self.folder, self.there, self.chunks = folder, there, chunks

    def __str__(self) -> str:
        """Return what is kept, and how to continue."""
        return (
            f"Stopped: {self.there} of {self.chunks} chunks are kept in {self.folder}. "
            "Run the same command with --resume to continue."
        )
