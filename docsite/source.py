"""Write the source of the site, which Sphinx reads, into a folder."""

import re
import shutil
from pathlib import Path

from docsite import api, lessons
from docsite.links import CODE, DOCUMENTS, HOME, ROOT, page, rewrite, targets, toctree

PROJECT = ("CONTRIBUTING.md", "CHANGELOG.md", "CODE_OF_CONDUCT.md", "SECURITY.md", "LICENSE")
ENTRY = re.compile(r"\[([^\]]+)\]\(([^)#\s]+\.md)\)")
ORPHAN = "---\norphan: true\n---\n\n"  # a page that only links lead to


def write(folder: Path) -> None:
    """Write every page, and the other files of docs/."""
    shutil.copytree(ROOT / "docs", folder, ignore=shutil.ignore_patterns("*.md", "__pycache__"))
    for name, text in (documents() | api.pages(api.modules())).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def documents() -> dict[str, str]:
    """Return the Markdown of the pages made of files, by their place on the site.

    These are all documents, and every file or folder that one of them links to.
    """
    project = [name for name in PROJECT if (ROOT / name).exists()]
    listed = {HOME, *project}
    listed.update(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").rglob("*.md"))
    texts: dict[str, str] = {}
    waiting = sorted(listed)
    while waiting:
        path = waiting.pop()
        place = page(path)
        if place in texts or not place.endswith(".md"):
            continue
        texts[place] = _text(path) if path in listed else ORPHAN + _text(path)
        if path.endswith(".md"):
            waiting.extend(targets(path))
    texts["index.md"] += navigation(project)
    return texts


def navigation(project: list[str]) -> str:
    """Return the navigation: the sections of docs/README.md, the API, the project's own pages."""
    trees = [toctree(["All documents <documents>"])]
    for title, entries in sections((ROOT / DOCUMENTS).read_text(encoding="utf-8")).items():
        trees.append(toctree(entries, title))
    trees.append(toctree(["API <api/index>"], "Reference"))
    trees.append(toctree([page(name).removesuffix(".md") for name in project], "Project"))
    return "".join(trees)


def sections(text: str) -> dict[str, list[str]]:
    r"""Read the sections of docs/README.md: a heading or a line that ends in a colon, then links.

    >>> sections("The model:\n\n- [ODD](ODD.md): what is simulated.\n- [terms](glossary.md)")
    {'The model': ['ODD <ODD>', 'Terms <glossary>']}
    """
    found: dict[str, dict[str, str]] = {}
    title = ""
    for line in text.splitlines():
        if line.startswith("## ") or (line.endswith(":") and not line.startswith(("- ", " "))):
            title = line.strip("#: ")
        elif title:
            for name, link in ENTRY.findall(line):
                place = page(f"docs/{link}").removesuffix(".md")
                found.setdefault(title, {}).setdefault(place, f"{name[0].upper()}{name[1:]}")
    return {
        title: [f"{name} <{place}>" for place, name in entries.items()]
        for title, entries in found.items()
    }


def one_title(text: str) -> str:
    r"""Return Markdown with one title: later titles and their subheadings go one level down.

    >>> one_title("# A\n## a\n# B\n## b\n")
    '# A\n## a\n## B\n### b\n'
    """
    parts = CODE.split(text)
    titles = 0
    for place in range(0, len(parts), 2):
        lines = parts[place].split("\n")
        for number, line in enumerate(lines):
            titles += line.startswith("# ")
            if titles > 1 and line.startswith("#"):
                lines[number] = f"#{line}"
        parts[place] = "\n".join(lines)
    return "".join(parts)


def _text(path: str) -> str:
    """Return the Markdown of the page for a file or folder."""
    if (ROOT / path).is_dir():
        return _folder(path)
    text = (ROOT / path).read_text(encoding="utf-8")
    return _document(path, text) if path.endswith(".md") else _file(path, text)


def _document(path: str, text: str) -> str:
    """Return a document; the README of a folder also leads to the other documents there."""
    text = one_title(lessons.readable(rewrite(text, path)))
    folder = (ROOT / path).parent
    if not path.endswith("/README.md") or path == DOCUMENTS or not path.startswith("docs/"):
        return text
    others = [one.stem for one in sorted(folder.glob("*.md")) if one.name != "README.md"]
    return text + (toctree(others) if others else "")


def _file(path: str, text: str) -> str:
    """Return a page that shows a text file."""
    fence = "`" * max([3, *(len(run) + 1 for run in re.findall("`{3,}", text))])
    language = {".py": "python", ".toml": "toml", ".sbatch": "sh"}.get(Path(path).suffix, "text")
    return f"# {path}\n\n{fence}{language}\n{text.rstrip()}\n{fence}\n"


def _folder(path: str) -> str:
    """Return a page that lists a folder, with the caption of each module."""
    rows = []
    for one in sorted((ROOT / path).iterdir()):
        if not one.name.startswith((".", "__")):
            caption = api.module(one).caption if one.suffix == ".py" else ""
            rows.append(f"| {one.name}{'/' if one.is_dir() else ''} | {caption} |")
    return "\n".join([f"# {path}/", "", "| file | contents |", "|---|---|", *rows, ""])
