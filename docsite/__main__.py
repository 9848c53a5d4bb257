"""Build the documentation site into a folder and check it: `python -m docsite site`."""

import sys
import tempfile
from pathlib import Path

from sphinx.cmd.build import main as sphinx

from docsite import check, source


def build(site: Path) -> int:
    """Build the site, with every warning an error, and return an exit code."""
    with tempfile.TemporaryDirectory() as folder:
        pages = Path(folder) / "source"
        source.write(pages)
        options = ["--builder=html", "--fresh-env", "--fail-on-warning", "--quiet"]
        options += [f"--conf-dir={Path(__file__).parent}", f"--doctree-dir={folder}/trees"]
        return sphinx([*options, str(pages), str(site)])


if __name__ == "__main__":
    site = Path(sys.argv[1])
    sys.exit(build(site) or "\n".join(check.problems(site)) or None)
