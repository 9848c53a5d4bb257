"""Trial packages: what back channels carry from side to side, without commitment."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from model.arrays import Array, Mask
from model.people import Leader
from model.phases.talks import SAME, WORKING
from model.state.names import StateName
from model.state.state import DEAL, NONE
from model.state.store import Store

if TYPE_CHECKING:
    from model.negotiation import Negotiation

AT_TABLE: tuple[StateName, ...] = ("level", "deniable", "best", "no_zone")


def explore(n: "Negotiation") -> None:
    """Let the side that makes the next offer test a package through a back channel.

    A trial package is sent outside of a deal, while no other one with a warm answer is pending. It
    has no audience, uses no talk-week and contains no issues that are for leaders only.
    """
    store = n.store
    free = (store["phase"] != DEAL) & (store["trial_warm"] == 0.0) & (store["channels.trial"] > 0.0)
    for sender, receiver in (n.leaders, n.leaders[::-1]):
        carrier = carriers(n, sender, receiver)
        sends = free & (store["turn"] == sender.side_row) & (carrier != NONE)
        with store.focus(sends) as worlds:
            if worlds:
                _try(n, sender, receiver, store.here(carrier))


def carriers(n: "Negotiation", sender: Leader, receiver: Leader) -> Array:
    """Return the row of the actor that brings a package of the sender to the receiver (R,).

    It is the intermediary with the best path among those whose package arrives; -1 if none does.
    Between equal paths it is drawn.
    """
    found, best, first = n.store.full(NONE), n.store.zeros(), n.store.full(1.0)
    for channel in n.between:
        if receiver.side_row in channel.routes:
            weight = channel.weight(channel.routes[receiver.side_row])
            drawn = channel.delay(n.week)
            arrives = channel.sets_out(n.week, sender) & (drawn < weight)
            better = arrives & ((weight > best) | ((weight == best) & (drawn < first)))
            found = np.where(better, float(channel.row), found)
            best, first = np.where(better, weight, best), np.where(better, drawn, first)
    return found


def _try(n: "Negotiation", sender: Leader, receiver: Leader, carrier: Array) -> None:
    """Bring a trial package to the receiver, and its answer back, in the worlds in focus."""
    store = n.store
    real, path = store.full(False), store.zeros()
    for channel in n.between:
        if receiver.side_row in channel.routes:
            chosen = carrier == float(channel.row)
            real = real | (chosen & (store.row("real", channel.row) > 0.0))
            best = channel.best_path(channel.routes[receiver.side_row])
            path = np.where(chosen, best, path)
    with in_private(store):
        package, worthwhile = sender.trial_package()
        known = np.abs(package - store["trial"]).max(axis=0) <= SAME
        sent = worthwhile & ~(known & (store["trial_sender"] == sender.side_row))
        warm = receiver.answer_trial(package, real, sent)
        sender.hear_answer(package, warm, sent)
    _record(n, package, sent, warm)
    store["trial_sender"] = np.where(sent, float(sender.side_row), store["trial_sender"])
    store["trial_path"] = np.where(sent, path, store["trial_path"])
    for channel in n.between:
        brought = np.where(carrier == float(channel.row), 1.0, 0.0)
        before = store.row("trial_carrier", channel.row)
        store.set_row("trial_carrier", channel.row, np.where(sent, brought, before))


def _record(n: "Negotiation", package: Array, sent: Mask, warm: Mask) -> None:
    """Write down a trial package and its answer, and expose it at random.

    An exposed package has the costs of an exposed back channel, and both sides disown it.
    """
    store = n.store
    exposed = sent & (store.here(n.streams.uniform("trial leak", n.week)) < store["channels.leak"])
    store["leaked"] = store["leaked"] + exposed
    store["leaks"] = store["leaks"] + exposed
    store["trial"] = np.where(sent, package, store["trial"])
    store["trial_week"] = np.where(sent, n.week, store["trial_week"])
    store["trial_answer"] = np.where(sent, warm + 0.0, store["trial_answer"])
    store["trial_warm"] = np.where(sent & warm & ~exposed, 1.0, store["trial_warm"])
    store["trials"] = store["trials"] + sent
    store["warm_trials"] = store["warm_trials"] + (sent & warm)


@contextmanager
def in_private(store: Store) -> Iterator[None]:
    """Let rules of the table apply as in a deniable session, and leave no trace of it there."""
    kept = {name: store[name] for name in AT_TABLE}
    store["level"], store["deniable"] = store.full(WORKING), store.full(1.0)
    yield
    for name, values in kept.items():
        store[name] = values
