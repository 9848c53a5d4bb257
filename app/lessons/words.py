"""Convert the text of a lesson to HTML. HTML in the text is escaped."""

from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import Treeprocessor

INSIDE = ("/explore", "/watch", "/play", "/experiments", "/lessons", "/model")
OUTSIDE = ("https://", "http://")
LAST = 0  # priority: after all processors that make links


class _Links(Treeprocessor):
    """Collects the targets of links, and lets external links open in a new tab."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(md)
        self.targets: list[tuple[str, str]] = []

    def run(self, root: Element) -> None:
        for link in root.iter("a"):
            href = link.get("href", "")
            self.targets.append(("link", href))
            if href.startswith(OUTSIDE):
                link.set("target", "_blank")
                link.set("rel", "noopener noreferrer")
        self.targets += [("picture", image.get("src", "")) for image in root.iter("img")]


class _Plain(Extension):
    """Switches off HTML, so that it is escaped, and processes links."""

    def __init__(self) -> None:
        super().__init__()
        self.links: _Links | None = None

    def extendMarkdown(self, md: Markdown) -> None:
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        self.links = _Links(md)
        md.treeprocessors.register(self.links, "links", LAST)


def html(text: str) -> tuple[str, list[tuple[str, str, str]]]:
    """Return Markdown as HTML, and the invalid parts: text, reason and remedy.

    >>> html("**a** <b>c</b>")
    ('<p><strong>a</strong> &lt;b&gt;c&lt;/b&gt;</p>', [])
    >>> html("[a](javascript:alert(1))")[1][0][0]
    'javascript:alert(1)'
    """
    plain = _Plain()
    made = Markdown(extensions=["tables", "fenced_code", plain]).convert(text)
    assert plain.links is not None
    wrong = []
    for kind, target in plain.links.targets:
        if kind == "picture":
            wrong.append((target, "pictures from files or the web are not shown", "Leave it out."))
        elif not target.startswith((*OUTSIDE, *INSIDE)):
            remedy = "Write https:// and the address, or a page of the app: /explore?..."
            wrong.append((target, "a link must lead to the web or to a page of the app", remedy))
    return made.replace(" %", "\u00a0%"), wrong
