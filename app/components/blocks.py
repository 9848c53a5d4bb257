"""Show the blocks of reports with the same templates as report.html."""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import solara
from jinja2 import Template
from markdown import markdown

from experiments.report.blocks import Part
from experiments.report.page import templates

STYLE = Path(__file__).with_suffix(".css")
SET = (
    '{% import "blocks.html.jinja" as blocks %}'
    "{% for block in blocks_of %}{{ blocks[block.macro](block) }}{% endfor %}"
)
LINK = re.compile(r"!?\[([^\]]*)\]\((?!https?:)[^)]*\)")
FENCE = re.compile(r"^```\w+.*$", re.MULTILINE)  # marks in our documents on how to run a block


@solara.component
def Style() -> None:
    """Add the styles of blocks and text to a page."""
    style = solara.use_memo(lambda: STYLE.read_text(encoding="utf-8"), [])
    solara.Style(style)


@solara.component
def Blocks(blocks: Sequence[Any]) -> None:
    """Show blocks; all their text is escaped."""
    html = solara.use_memo(lambda: as_html(blocks), [blocks])
    solara.HTML(unsafe_innerHTML=html, classes=["w-report"])


@solara.component
def PartCard(part: Part, first: bool = False) -> None:
    """Show a part of a report as a card."""
    with solara.v.Html(tag="section", class_="w-card"):
        solara.v.Html(tag="h1" if first else "h2", children=[part.title])
        Blocks(part.blocks)


@solara.component
def Words(text: str) -> None:
    """Show our own Markdown. It is not escaped, so never pass user input."""
    html = solara.use_memo(lambda: words_html(text), [text])
    solara.HTML(unsafe_innerHTML=html, classes=["w-words"])


def as_html(blocks: Sequence[Any]) -> str:
    """Return blocks as HTML; all their text is escaped.

    >>> from experiments.report.blocks import Words
    >>> as_html([Words(["a <b>"])]).strip()
    '<p>a &lt;b&gt;</p>'
    """
    return _template().render(blocks_of=blocks).replace(" %", "\u00a0%")


def words_html(text: str) -> str:
    r"""Return Markdown as HTML. Links into the repository become plain text.

    >>> words_html("See [the code](../model/state/random_streams.py).")
    '<p>See the code.</p>'
    >>> words_html("```sh slow\npython run.py history\n```").splitlines()
    ['<pre><code>python run.py history', '</code></pre>']
    """
    plain = FENCE.sub("```", LINK.sub(r"\1", text))
    return markdown(plain, extensions=["tables", "fenced_code"]).replace(" %", "\u00a0%")


@cache
def _template() -> Template:
    return templates().from_string(SET)
