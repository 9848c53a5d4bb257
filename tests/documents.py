"""The commands that the documents give, read as they stand: `python -m tests.documents MARK`."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
# After the language come the mark and a place; a page shown to a reader hides both.
FENCE = re.compile(r"^```(\w+)(?: (\w+))?(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMANDS = ("sh", "python")
LINK = re.compile(r"\]\(([^)#\s]*)#?([^)\s]*)\)")
PICTURE = re.compile(r"<img[^>]*?src=[\"']([^\"'#]*)#?([^\"']*)")
HEADING = re.compile(r"^#+ (.*?) *$", re.MULTILINE)


class Block(NamedTuple):
    """One fenced block of a page: language, mark, the text between the fences, and a place.

    Marks of commands: `fast` is run by the tests in a scratch copy, `whole` and `tests` in the
    checkout before a change lands, of `slow` the tests ask only whether the command line knows what
    it names. In a recipe: `file`, `append` and `change` say what becomes of the file at the place,
    `recipe` is run then, and every line of `seen` must be in what it says.
    """

    language: str
    mark: str
    text: str
    place: str = ""


def pages() -> list[Path]:
    """List the documents that a reader may follow."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


def blocks(page: Path) -> list[Block]:
    """List the blocks of a page in their order."""
    return in_text(page.read_text(encoding="utf-8"))


def in_text(text: str) -> list[Block]:
    r"""List the blocks of a text in their order.

    >>> in_text("```toml file a/b.toml\nx = 1\n```\n")
    [Block(language='toml', mark='file', text='x = 1\n', place='a/b.toml')]
    """
    parts = (found.groups("") for found in FENCE.finditer(text))
    return [Block(language, mark, inside, place) for language, mark, place, inside in parts]


def links_of(page: Path) -> list[tuple[str, str]]:
    """List the links and pictures of a page that stay in the project: path and anchor."""
    prose = FENCE.sub("", page.read_text(encoding="utf-8"))
    links = LINK.findall(prose) + PICTURE.findall(prose)
    return [(path, anchor) for path, anchor in links if not re.match(r"\w+:", path)]


def dead_links(page: Path) -> Iterator[str]:
    """Yield the links of a page that lead to no file, or to no heading of it."""
    inside = []
    for path, anchor in links_of(page):
        target = page.parent / path if path else page
        if not target.exists():
            yield path
        elif anchor and target.suffix == ".md" and anchor not in anchors(target):
            inside.append(f"{path}#{anchor}")
    yield from inside


def anchors(page: Path) -> set[str]:
    """Return the anchors that a page's headings get where it is shown, GitHub's way."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    plain = [re.sub(r"\[(.*?)\]\(.*?\)", r"\1", heading) for heading in HEADING.findall(text)]
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in plain}


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
