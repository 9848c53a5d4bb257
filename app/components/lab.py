"""The components of Experiments: lists, pictures, worlds of a cell, progress."""

from collections.abc import Callable
from typing import Any

import solara

from app.components.frame import Children
from app.components.parts import Controls, Fold, Rows
from app.lab.batch import Batch
from app.lab.trial import Picture


@solara.component_vue("index.vue")
def Index(title: str, rows: Rows, nothing: str) -> None:
    """Show a list of links under a title."""


@solara.component_vue("cards.vue")
def Cards(rows: Rows) -> None:
    """Show links as cards."""


@solara.component_vue("ends.vue")
def Ends(rows: Rows, base: str, last: int) -> None:
    """Show how worlds end, with links to some of them, and a field for a world number."""


@solara.component
def Card(title: str, top: bool = False, children: Children = []) -> None:  # noqa: B006  # solara's own protocol
    """Show a card with its title."""
    with solara.v.Html(tag="section", class_="w-card"):
        solara.v.Html(tag="h1" if top else "h2", children=[title])
        solara.v.Html(tag="div", children=children)


@solara.component
def Folded(title: str, children: Children = []) -> None:  # noqa: B006  # solara's own protocol
    """Show children in a fold under a title."""
    shown, set_shown = solara.use_state(False)
    with Fold(title=title, note="", opened=shown, event_open=set_shown):
        if shown:
            solara.v.Html(tag="div", children=children)


@solara.component
def Button(label: str, on_click: Callable[[], None], main: bool = False) -> None:
    """Show a button."""
    kind = "w-button w-main-button" if main else "w-button"
    button = solara.v.Html(
        tag="button", class_=kind, children=[label], attributes={"type": "button"}
    )
    solara.v.use_event(button, "click", lambda *_: on_click())


@solara.component
def Progress(words: str, share: float) -> None:
    """Show the progress of a run."""
    with solara.v.Html(tag="div", class_="w-progress", attributes={"role": "status"}):
        solara.v.Html(tag="span", children=[words])
        solara.v.Html(
            tag="progress", attributes={"value": f"{share:.3f}", "max": "1", "aria-label": words}
        )


@solara.component
def Pictures(pictures: list[Picture]) -> None:
    """Show one picture at a time, chosen by title. Pictures are drawn when they are shown."""
    index, set_index = solara.use_state(0)
    index = min(index, len(pictures) - 1)
    title, draw = pictures[index]
    address = solara.use_memo(draw, [draw])
    titles = {str(number): one for number, (one, _) in enumerate(pictures)}
    with solara.v.Html(tag="div", class_="w-pictures"):
        if len(pictures) > 1:
            row = choice("picture", "Picture", str(index), titles)
            with solara.v.Html(tag="div", class_="w-ask w-whole"):
                Controls(rows=[row], event_change=lambda data: set_index(_index(data, pictures)))
        Image(address, title)


@solara.component
def Image(address: str, title: str) -> None:
    """Show a picture that scrolls horizontally on a narrow screen."""
    classes = "w-shown w-wide-picture"
    with solara.v.Html(tag="div", class_=classes, attributes={"tabindex": "0"}):
        size = {"width": "1280", "height": "800"}
        solara.v.Html(tag="img", attributes={"src": address, "alt": title} | size)


@solara.component
def Worlds(batch: Batch) -> None:
    """Show how the worlds of a cell end, and open one of them in Watch."""
    cell, set_cell = solara.use_state(0)
    context, set_context = solara.use_state(len(batch.contexts) // 2)
    rows = solara.use_memo(lambda: batch.ends(cell, context), [batch, cell, context])
    picks = []
    if batch.cells:
        picks.append(choice("cell", "Cell", str(cell), _numbered(batch.cells)))
    if batch.contexts:
        picks.append(choice("context", "Context", str(context), _numbered(batch.contexts)))

    def change(data: dict[str, Any]) -> None:
        known, chosen = (
            (batch.cells, set_cell) if data["name"] == "cell" else (batch.contexts, set_context)
        )
        chosen(_index(data, known))

    if batch.named_by:
        note = (
            "A point in a picture is a cell, in one context or over all contexts. Choose it "
            f"to watch its worlds. A cell is named by its levels of: {batch.named_by}."
        )
        solara.v.Html(tag="p", children=[note])
    if picks:
        with solara.v.Html(tag="div", class_="w-ask w-picks"):
            Controls(rows=picks, event_change=change)
    base = batch.link(0, 0, 0).removesuffix("0") if batch.last >= 0 else ""
    Ends(rows=rows, base=base, last=batch.last)


def choice(name: str, label: str, value: str, options: dict[str, str]) -> dict[str, Any]:
    """Return a menu as a row of controls."""
    return {
        "kind": "choice",
        "name": name,
        "label": label,
        "value": value,
        "options": [list(one) for one in options.items()],
    }


def _numbered(titles: list[str]) -> dict[str, str]:
    return {str(number): title for number, title in enumerate(titles)}


def _index(data: dict[str, Any], known: list[Any]) -> int:
    """Return the index that the browser sent, limited to the valid range."""
    text = str(data["text"])
    number = int(text[:9]) if text.isascii() and text.isdecimal() else 0
    return min(number, len(known) - 1)
