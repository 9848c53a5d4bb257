"""The app as Solara runs it: one route for all addresses, a frame, and the page asked for."""

import solara

from app.components.frame import Children, Frame, Lost
from app.registry import known
from app.serving import workers
from model.tracing import kernel


class AnyPath(str):
    """A path that every address matches, so that the frame itself can say which pages there are."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, str)

    def __hash__(self) -> int:
        return super().__hash__()


@solara.component
def Site() -> None:
    """Draw the frame around the page that the address names; the first page if it names none."""
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
    """Lay out nothing: the frame does."""
    solara.v.Html(tag="div", children=children)


kernel.compile_in_background()
workers.start()
known()  # the pages are loaded before anybody is told that the app is ready
routes = [solara.Route(path=AnyPath("/"), component=Site, layout=Bare, label="Winset")]
