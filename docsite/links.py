"""Map files of the repository to pages of the site, and rewrite the links between them."""

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = "README.md"  # the front page of the project is the home page of the site
DOCUMENTS = "docs/README.md"
SHOWN = {"", ".cff", ".cfg", ".json", ".py", ".sbatch", ".sh", ".toml", ".txt", ".yml"}
# Fenced blocks and inline code contain no links.
CODE = re.compile(r"(^```.*?^```$|`[^`\n]+`)", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\((?!\w+:)([^)#\s]+)(#[^)\s]*)?\)")


def page(path: str) -> str:
    """Return the place on the site of a file or folder of the repository.

    Documents keep their place. A text file gets a page that shows it, a folder one that lists it.

    >>> page("README.md"), page("docs/README.md"), page("docs/ODD.md"), page("CONTRIBUTING.md")
    ('index.md', 'documents.md', 'ODD.md', 'project/CONTRIBUTING.md')
    >>> page("run.py"), page("model"), page("docs/images/outcomes.png")
    ('source/run.py.md', 'source/model/index.md', 'images/outcomes.png')
    """
    if path == HOME:
        return "index.md"
    if path == DOCUMENTS:
        return "documents.md"
    if (ROOT / path).is_dir():
        return f"source/{path}/index.md"
    if Path(path).suffix in SHOWN:
        return f"source/{path}.md"
    return path.removeprefix("docs/") if path.startswith("docs/") else f"project/{path}"


def target(path: str, link: str) -> str | None:
    """Return the file or folder that a link in a file leads to, or None if there is none.

    >>> target("docs/ODD.md", "../run.py"), target("docs/ODD.md", "no.md")
    ('run.py', None)
    """
    found = posixpath.normpath(posixpath.join(posixpath.dirname(path), link))
    return found if not found.startswith("..") and (ROOT / found).exists() else None


def targets(path: str) -> Iterator[str]:
    """Yield the files and folders that a Markdown file links to."""
    for prose in CODE.split((ROOT / path).read_text(encoding="utf-8"))[::2]:
        for link, _ in LINK.findall(prose):
            found = target(path, link)
            if found:
                yield found


def rewrite(text: str, path: str) -> str:
    """Return the Markdown of a file with links that lead to pages of the site.

    A link to nothing stays as it is, so that the build reports it.

    >>> rewrite("[run](../run.py), [ODD](ODD.md#talks), [no](no.md)", "docs/README.md")
    '[run](source/run.py.md), [ODD](ODD.md#talks), [no](no.md)'
    """
    start = posixpath.dirname(page(path)) or "."

    def replace(match: re.Match[str]) -> str:
        found = target(path, match[1])
        if found is None:
            return match[0]
        anchor = match[2] or "" if found.endswith(".md") else ""
        return f"]({posixpath.relpath(page(found), start)}{anchor})"

    parts = CODE.split(text)
    parts[::2] = [LINK.sub(replace, prose) for prose in parts[::2]]
    return "".join(parts)


def toctree(entries: list[str], caption: str = "") -> str:
    """Return hidden navigation entries, which Sphinx shows beside the page.

    >>> print(toctree(["ODD", "Findings <findings>"], "The model").strip())
    ```{toctree}
    :hidden:
    :titlesonly:
    :caption: The model
    <BLANKLINE>
    ODD
    Findings <findings>
    ```
    """
    options = [":hidden:", ":titlesonly:", *([f":caption: {caption}"] if caption else [])]
    return "\n".join(["", "```{toctree}", *options, "", *entries, "```", ""])
