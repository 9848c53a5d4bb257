"""Turns the text of a lesson into HTML; what is typed as HTML is shown as it is typed."""

from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

INSIDE = ("/explore", "/watch", "/play", "/experiments", "/lessons", "/model")
OUTSIDE = ("https://", "http://")
LAST = 0  # priority: after all that makes links


class _Links(Treeprocessor):
    """Keeps where links lead, and has those that lead out open beside the app."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        self.found: list[tuple[str, str]] = []

    def run(self, root: Element) -> None:
        for link in root.iter("a"):
            href = link.get("href", "")
            self.found.append(("link", href))
            if href.startswith(OUTSIDE):
                link.set("target", "_blank")
                link.set("rel", "noopener noreferrer")
        self.found += [("picture", image.get("src", "")) for image in root.iter("img")]


class _Plain(Extension):
    """Leaves HTML alone, so that it is escaped, and looks at links."""

    def __init__(self) -> None:
        super().__init__()
        self.links: _Links | None = None

    def extendMarkdown(self, md: Markdown) -> None:
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        self.links = _Links(md)
        md.treeprocessors.register(self.links, "links", LAST)


def html(text: str) -> tuple[str, list[tuple[str, str, str]]]:
    """Return Markdown as HTML, and what cannot be shown: what was written, why not, what would do.

    >>> html("**a** <b>c</b>")
    ('<p><strong>a</strong> &lt;b&gt;c&lt;/b&gt;</p>', [])
    >>> html("[a](javascript:alert(1))")[1][0][0]
    'javascript:alert(1)'
    """
    plain = _Plain()
    made = Markdown(extensions=["tables", "fenced_code", plain]).convert(text)
    assert plain.links is not None
    wrong = []
    for kind, where in plain.links.found:
        if kind == "picture":
            wrong.append((where, "pictures from files or the web are not shown", "Leave it out."))
        elif not where.startswith((*OUTSIDE, *INSIDE)):
            remedy = "Write https:// and the address, or a page of the app: /explore?..."
            wrong.append((where, "a link must lead to the web or to a page of the app", remedy))
    return made.replace(" %", "\u00a0%"), wrong
