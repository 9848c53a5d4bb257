"""Find the pages of the app: the modules in app/pages that define TITLE, ORDER and Page."""

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import solara

from app import pages

NAVIGATION = ".w-nav a"  # on every page


class Card(NamedTuple):
    """A page: its name in the URL, its title in the navigation, and its component.

    A module app/pages/NAME.py defines TITLE (a word), ORDER (a number: 10 Explore, 20 Watch,
    30 Play, 35 Class, 40 Experiments, 50 Lessons, 60 Model) and `Page`, a solara component without
    arguments, which reads the query string from `solara.use_router().search`. The module may
    define NAME, the name in the URL, if that is no valid module name, such as "class", and LAST, a
    CSS selector of the element that appears last: once it is there, the page is complete.
    """

    name: str
    title: str
    order: int
    draw: Callable[[], solara.Element[Any]]
    last: str


@cache
def known() -> dict[str, Card]:
    """Return all pages by name, in navigation order."""
    cards = []
    for info in pkgutil.iter_modules(pages.__path__):
        module = importlib.import_module(f"{pages.__name__}.{info.name}")
        name = getattr(module, "NAME", info.name)
        last = getattr(module, "LAST", NAVIGATION)
        cards.append(Card(name, module.TITLE, module.ORDER, module.Page, last))
    return {card.name: card for card in sorted(cards, key=lambda card: card.order)}
