"""The entry point for Solara: one route for all addresses, which draws the requested page."""

import solara

from app.components.frame import Children, Frame, Lost
from app.registry import known
from app.serving import workers
from model.tracing import kernel


class AnyPath(str):
    """A path that matches every address, so that the app itself answers unknown addresses."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str)

    def __hash__(self) -> int:
        return super().__hash__()


@solara.component
def Site() -> None:
    """Draw the page that the address names, in its frame. An empty address opens the first page."""
    router = solara.use_router()
    cards = known()
    name = (router.path or "").strip("/") or next(iter(cards))
    with Frame(name, [(card.name, card.title) for card in cards.values()]):
        if name in cards:
            cards[name].draw().key(name)
        else:
            Lost(name)


@solara.component
def Bare(children: Children = []) -> None:  # noqa: B006  # solara's own protocol
    """Add no layout: `Frame` does that."""
    solara.v.Html(tag="div", children=children)


kernel.compile_in_background()
workers.start()
known()  # load the pages before the server reports that it is ready
routes = [solara.Route(path=AnyPath("/"), component=Site, layout=Bare, label="Winset")]
