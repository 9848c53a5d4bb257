"""The commands that the documents give, read as they stand: `python -m tests.documents MARK`."""

import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
# The word after the language is the mark; a page shown to a reader hides it.
FENCE = re.compile(r"^```(sh|python)(?: (\w+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """One fenced block of a page: its language, its mark and the text between the fences.

    Marks: `fast` is run by the tests in a scratch copy, `whole` and `tests` in the checkout before
    a change lands, of `slow` the tests ask only whether the command line knows what it names.
    """

    language: str
    mark: str
    text: str


def pages() -> list[Path]:
    """List the documents that a reader may follow."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def blocks(page: Path) -> list[Block]:
    """List the blocks of a page in their order."""
    return [Block(*found.groups("")) for found in FENCE.finditer(page.read_text(encoding="utf-8"))]


def arguments(block: Block) -> list[str]:
    """Return what runs the block: commands stop at the first that fails."""
    if block.language == "python":
        return ["python", "-c", block.text]
    return ["bash", "-euo", "pipefail", "-c", block.text]


def main(mark: str) -> None:
    """Run the blocks of all pages that carry the mark, in the checkout; stop where one fails."""
    for block in (block for page in pages() for block in blocks(page)):
        if block.mark == mark:
            failed = subprocess.run(arguments(block), cwd=ROOT, check=False).returncode
            if failed:
                sys.exit(failed)


if __name__ == "__main__":
    main(sys.argv[1])
