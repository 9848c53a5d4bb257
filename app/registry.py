"""Knows which pages there are: the modules in app/pages that say TITLE, ORDER and Page."""

import importlib
import pkgutil
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import solara

from app import pages

NAVIGATION = ".w-nav a"  # on every page


class Card(NamedTuple):
    """A page: its name in the address, its name in the navigation, and what draws it.

    A module app/pages/NAME.py gives TITLE (a word), ORDER (a number: 10 Explore, 20 Watch, 30 Play,
    35 Class, 40 Experiments, 50 Lessons, 60 Model) and `Page`, a solara component without
    arguments, which reads the query string of its address from `solara.use_router().search`. NAME
    is the name in the address where that cannot be a module's, such as "class". LAST is a CSS
    selector of what appears last: once it is there, the page is complete.
    """

    name: str
    title: str
    order: int
    draw: Callable[[], solara.Element[Any]]
    last: str


@cache
def known() -> dict[str, Card]:
    """Return all pages by name, in the order of the navigation."""
    cards = []
    for found in pkgutil.iter_modules(pages.__path__):
        module = importlib.import_module(f"{pages.__name__}.{found.name}")
        name = getattr(module, "NAME", found.name)
        last = getattr(module, "LAST", NAVIGATION)
        cards.append(Card(name, module.TITLE, module.ORDER, module.Page, last))
    return {card.name: card for card in sorted(cards, key=lambda card: card.order)}
