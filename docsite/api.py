"""Write the pages of the API reference: one per package, found by reading the folders."""

import ast
from pathlib import Path
from typing import NamedTuple

from docsite.links import ROOT, toctree

PUBLIC = "winset"  # the module that scripts and notebooks import
PACKAGES = ("model", "agents", "experiments")


class Module(NamedTuple):
    """A module or package: its dotted name, and the first line of its docstring."""

    name: str
    caption: str
    package: bool

    @property
    def parent(self) -> str:
        """Return the name of the package that contains it."""
        return self.name.rpartition(".")[0]


def module(path: Path, root: Path = ROOT) -> Module:
    """Return the module in a file."""
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    parts = path.relative_to(root).with_suffix("").parts
    package = parts[-1] == "__init__"
    name = ".".join(parts[:-1] if package else parts)
    return Module(name, docstring.partition("\n")[0], package)


def modules(root: Path = ROOT) -> list[Module]:
    """List the public API, if it is there, and every module of the packages."""
    paths = list(root.glob(f"{PUBLIC}.py"))
    for top in PACKAGES:
        paths += sorted((root / top).rglob("*.py"))
    paths = [path for path in paths if path.parent.name != "__pycache__"]  # the compiled kernel
    private = [path for path in paths if path.stem.startswith("_") and path.stem != "__init__"]
    return [module(path, root) for path in paths if path not in private]


def pages(known: list[Module]) -> dict[str, str]:
    """Return the Markdown of the reference by its place on the site: a page for each package."""
    shown = [one for one in known if one.package or not one.parent]
    texts = {f"api/{one.name}.md": _page(one, known) for one in shown}
    return texts | {"api/index.md": _index(shown)}


def _page(one: Module, known: list[Module]) -> str:
    """Return the page of a package with its modules, or of a module at the top."""
    inside = [other for other in known if other.parent == one.name and not other.package]
    parts = [f"# {one.name}", _described(one)]
    for other in inside:
        parts += [f"## {other.name}", _described(other)]
    return "\n\n".join(parts) + "\n"


def _described(one: Module) -> str:
    """Return the block that Sphinx fills with the docstrings of a module."""
    return f"```{{eval-rst}}\n.. automodule:: {one.name}\n   :members:\n```"


def _index(shown: list[Module]) -> str:
    text = (
        f"# API reference\n\nScripts and notebooks import from `{PUBLIC}`. All other modules are "
        "internal and may change in any version.\n\n| page | contents |\n|---|---|\n"
    )
    rows = "\n".join(f"| [{one.name}]({one.name}.md) | {one.caption} |" for one in shown)
    return text + rows + "\n" + toctree([one.name for one in shown])
