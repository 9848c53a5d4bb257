"""The store keeps all worlds' state, hands out some of them, and never mixes two worlds."""

import copy
import pickle
from collections.abc import Callable
from contextlib import nullcontext

import numpy as np
import pytest

from model.arrays import Array, Index
from model.state.store import Store

type Change = Callable[[Store], Store]

START = np.arange(12.0).reshape(3, 4)


def filled() -> Store:
    """Return four worlds with one state of three rows, one of none, and two parameters."""
    store = Store(4, {"talks.rate": 0.25, "talks.step": 0.1}, {"talks.step": np.arange(4.0)})
    store.declare("tariff", ("side",), START, "share", "three tariffs")
    store.declare("clock", (), np.zeros(4), "weeks", "a clock")
    return store


def index(*worlds: int) -> Index:
    """Return some worlds."""
    return np.array(worlds, dtype=np.intp)


def test_a_number_is_an_array_swept_or_not() -> None:
    store = filled()
    assert store["talks.rate"].tolist() == [0.25] * 4
    assert store["talks.step"].tolist() == [0.0, 1.0, 2.0, 3.0]
    assert "talks.rate" in store
    assert "clock" in store
    assert "talks.pace" not in store
    with pytest.raises(KeyError, match=r"talks\.pace"):
        store.named("talks.pace")


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda store: pickle.loads(pickle.dumps(store))])
def test_a_copy_reads_what_is_written_to_it(copied: Change) -> None:
    store = filled()
    store.row("tariff", 1), store["tariff"], store["talks.rate"]
    other = copied(store)
    other.set_row("tariff", 1, np.full(4, 7.0))
    assert other.row("tariff", 1).tolist() == other["tariff"][1].tolist() == [7.0] * 4
    assert store.row("tariff", 1).tolist() == START[1].tolist()


def test_a_row_is_the_same_counted_from_either_end() -> None:
    store = filled()
    with store.focus(np.array([True, False, True, True])):
        assert store.row("tariff", 2).tolist() == store.row("tariff", -1).tolist() == [8, 10, 11]
        store.set_row("tariff", -1, np.zeros(3))
        assert store.row("tariff", 2).tolist() == store.row("tariff", -1).tolist() == [0, 0, 0]
        store["tariff"] = np.ones((3, 3))
        assert store.row("tariff", -1).tolist() == [1, 1, 1]
    assert store.row("tariff", -1).tolist() == [1, 9, 1, 1]


def test_a_number_and_a_constant_array_give_the_same_bits() -> None:
    exact = 0.1 + 0.2
    given_once = Store(7, {"talks.rate": exact}, {})
    swept = Store(7, {}, {"talks.rate": np.full(7, exact)})
    base = np.linspace(0.01, 3.0, 7)
    np.testing.assert_array_equal(base ** given_once["talks.rate"], base ** swept["talks.rate"])
    assert given_once["talks.rate"].strides == swept["talks.rate"].strides


def test_a_number_cannot_be_overwritten() -> None:
    with pytest.raises(ValueError, match="read-only"):
        filled()["talks.rate"][0] = 1.0
    with pytest.raises(KeyError, match=r"talks\.rate"):
        filled()["talks.rate"] = np.ones(4)  # type: ignore[index]


def test_writing_keeps_the_shape() -> None:
    store = filled()
    with pytest.raises(ValueError, match=r"state tariff: shape \(4,\), must be \(3, 4\)"):
        store["tariff"] = np.zeros(4)


def test_no_two_states_share_their_numbers() -> None:
    """A store that kept a caller's array would change when the caller's does."""
    store = filled()
    values = np.zeros((3, 4))
    store.declare("tariff_peak", ("side",), values, "share", "highest tariff so far")
    store["tariff"] = values
    values[:] = 9.0
    assert store["tariff_peak"].max() == 0.0
    assert store["tariff"].max() == 0.0
    store["tariff_peak"] = store["tariff"]
    store.set_row("tariff", 1, np.ones(4))
    assert store["tariff_peak"].max() == 0.0


def test_a_row_is_written_where_it_stands() -> None:
    store = filled()
    store.set_row("tariff", 1, np.full(4, -1.0))
    assert store.row("tariff", 1).tolist() == [-1.0] * 4
    assert store["tariff"][[0, 2]].tolist() == START[[0, 2]].tolist()


class TestFocus:
    """Work on some worlds alone."""

    def test_it_reads_and_writes_these_only(self) -> None:
        store = filled()
        with store.focus(np.array([False, True, False, True])) as worlds:
            assert (worlds, store.width) == (2, 2)
            assert store["tariff"].tolist() == START[:, [1, 3]].tolist()
            assert store["talks.rate"].tolist() == [0.25] * 2
            assert store["talks.step"].tolist() == [1.0, 3.0]
            assert store.row("tariff", 2).tolist() == [9.0, 11.0]
            assert store.here(np.arange(4)).tolist() == [1, 3]
            store["clock"] = np.array([5.0, 6.0])
            store.set_row("tariff", 0, np.array([-1.0, -2.0]))
        assert store.width == 4
        assert store["clock"].tolist() == [0.0, 5.0, 0.0, 6.0]
        assert store["tariff"][0].tolist() == [0.0, -1.0, 2.0, -2.0]
        assert store["tariff"][1:].tolist() == START[1:].tolist()

    def test_one_world_alone_is_worked_on_twice_over(self) -> None:
        store = filled()
        with store.focus(np.array([False, False, True, False])) as worlds:
            assert worlds == 1
            assert store["tariff"].tolist() == START[:, [2, 2]].tolist()
            assert store["talks.rate"].size == store.width == 2
            store["clock"] = store["clock"] + 1.0
        assert store["clock"].tolist() == [0.0, 0.0, 1.0, 0.0]

    def test_no_world_is_no_width(self) -> None:
        with filled().focus(np.zeros(4, dtype=bool)) as worlds:
            assert worlds == 0

    def test_it_is_opened_once_and_closes_after_an_error(self) -> None:
        store = filled()
        everywhere = np.ones(4, dtype=bool)
        with (
            store.focus(everywhere),
            pytest.raises(RuntimeError, match="open already"),
            store.focus(everywhere),
        ):
            pass
        with pytest.raises(ZeroDivisionError), store.focus(everywhere):
            raise ZeroDivisionError
        with store.focus(everywhere) as worlds:
            assert worlds == 4

    def test_what_is_read_is_a_copy(self) -> None:
        store = filled()
        with store.focus(np.array([True, True, False, False])):
            read = store["tariff"]
            store["tariff"] = read + 1.0
            assert store["tariff"].tolist() == (START[:, :2] + 1.0).tolist()
            assert read.tolist() == START[:, :2].tolist()


class TestSelect:
    """Some of the worlds, in any order, repeats allowed."""

    def test_it_takes_states_and_swept_numbers_along(self) -> None:
        chosen = filled().select(index(3, 0, 3))
        assert (chosen.worlds, chosen.width) == (3, 3)
        assert chosen["tariff"].tolist() == START[:, [3, 0, 3]].tolist()
        assert chosen["talks.step"].tolist() == [3.0, 0.0, 3.0]
        assert chosen["talks.rate"].tolist() == [0.25] * 3

    def test_it_stands_on_its_own(self) -> None:
        store = filled()
        chosen = store.select(index(0, 1, 2, 3))
        chosen.set_row("tariff", 0, np.ones(4))
        chosen.declare("rally", (), np.zeros(4), "-", "of the chosen worlds alone")
        assert store["tariff"].tolist() == START.tolist()
        assert list(store.arrays()) == ["tariff", "clock"]


class TestKeep:
    """Worlds that have ended stay as they were."""

    def test_restore_undoes_what_happened_to_them(self) -> None:
        store = filled()
        kept = store.keep(index(0, 2))
        store["tariff"] = np.full((3, 4), -1.0)
        store["clock"] = np.ones(4)
        store.restore(kept)
        assert store["clock"].tolist() == [0.0, 1.0, 0.0, 1.0]
        assert store["tariff"][:, [0, 2]].tolist() == START[:, [0, 2]].tolist()
        assert np.all(store["tariff"][:, [1, 3]] == -1.0)

    def test_nobody_is_kept_for_nothing(self) -> None:
        store = filled()
        assert store.keep(index())[1] == {}
        store.restore(store.keep(index()))
        assert store["tariff"].tolist() == START.tolist()


def written_transposed(store: Store) -> Store:
    """Write an array that is not in C order."""
    store["tariff"] = np.asfortranarray(START)
    return store


def declared_transposed(store: Store) -> Store:
    """Declare an array that is not in C order."""
    store.declare("pain", ("group",), np.asfortranarray(START), "-", "pain")
    return store


def focused(store: Store) -> Store:
    """Write in focus."""
    with store.focus(np.array([True, False, True, False])):
        store["tariff"] = store["tariff"] * 2.0
    return store


def restored(store: Store) -> Store:
    """Keep and restore."""
    store.restore(store.keep(index(1, 2)))
    return store


@pytest.mark.parametrize(
    "change",
    [
        written_transposed,
        declared_transposed,
        focused,
        restored,
        lambda store: store.select(index(2, 1)),
    ],
)
def test_states_stand_in_c_order_whatever_is_done(change: Change) -> None:
    store = change(filled())
    arrays: list[Array] = [*store.arrays().values(), store["talks.rate"], store["talks.step"]]
    assert all(values.flags.c_contiguous for values in arrays)
    assert all(values.dtype == np.float64 for values in arrays)


WHERE = np.array([True, False, True, True])


def write_all(store: Store) -> None:
    """Write a whole state."""
    store["tariff"] = np.full((3, store.width), -1.0)


def write_row(store: Store) -> None:
    """Write one row, counted from the start and from the end."""
    store.set_row("tariff", 1, np.full(store.width, -1.0))
    store.set_row("tariff", -1, np.full(store.width, -1.0))


def write_focused(store: Store) -> None:
    """Write a whole state and a row during a focus."""
    with store.focus(WHERE):
        write_all(store)
        write_row(store)


def write_restored(store: Store) -> None:
    """Restore worlds that were kept."""
    store.restore((index(0, 1), {"tariff": np.full((3, 2), -1.0), "clock": np.ones(2)}))


READS: dict[str, Callable[[Store], Array]] = {
    "whole": lambda store: store["tariff"],
    "row": lambda store: store.row("tariff", 1),
    "last row": lambda store: store.row("tariff", -1),
    "view of the whole": lambda store: store["tariff"][1:],
    "view of a view": lambda store: store["tariff"].T[1:, ::2].T,
    "view of a row": lambda store: store.row("tariff", 1)[:2],
    "all": lambda store: store.arrays()["tariff"],
}
WRITES = (write_all, write_row, write_focused, write_restored)


@pytest.mark.parametrize("read", READS)
class TestAWriteReplaces:
    """An array that was read does not change, and the next read gives what was written."""

    @pytest.mark.parametrize("write", WRITES)
    def test_outside_a_focus(self, read: str, write: Callable[[Store], None]) -> None:
        store = filled()
        for _ in range(3):  # the first write finds other views than the later ones
            seen = READS[read](store)
            before = seen.copy()
            write(store)
            np.testing.assert_array_equal(seen, before)
            store["tariff"] = START
            np.testing.assert_array_equal(READS[read](store), READS[read](filled()))
            write(store)
            assert -1.0 in READS[read](store)
            store["tariff"] = START

    @pytest.mark.parametrize("write", [write_all, write_row])
    def test_during_a_focus(self, read: str, write: Callable[[Store], None]) -> None:
        store = filled()
        with store.focus(WHERE):
            seen = READS[read](store)
            before = seen.copy()
            write(store)
            np.testing.assert_array_equal(seen, before)
            assert -1.0 in READS[read](store)


@pytest.mark.parametrize("write", WRITES)
def test_two_readers_keep_what_each_has_read(write: Callable[[Store], None]) -> None:
    store = filled()
    first = store["tariff"], store.row("tariff", 1)
    write(store)
    second = store["tariff"], store.row("tariff", 1)
    kept = [values.copy() for values in second]
    store["tariff"] = START + 100.0
    np.testing.assert_array_equal(first[0], START)
    np.testing.assert_array_equal(first[1], START[1])
    for values, copied in zip(second, kept, strict=True):
        np.testing.assert_array_equal(values, copied)


def test_a_read_array_stays_however_often_the_state_was_written() -> None:
    """The interpreter specialises code that runs often; the count of readers must stay right."""
    store = filled()
    for week in range(20_000):
        store.set_row("tariff", 0, store.row("tariff", 0) * 0.0 + week)
        store["clock"] = store["clock"] + 1.0
    row, clock = store.row("tariff", 0), store["clock"]
    store.set_row("tariff", 0, np.zeros(4))
    store["clock"] = np.zeros(4)
    assert (row.tolist(), clock.tolist()) == ([19_999.0] * 4, [20_000.0] * 4)


def test_a_write_reuses_memory_that_no_reader_holds() -> None:
    store = filled()
    address = store["tariff"].ctypes.data
    store["tariff"] = START + 1.0
    store.set_row("tariff", 1, START[1])
    assert store["tariff"].ctypes.data == address


@pytest.mark.parametrize("focus", [False, True])
def test_an_array_that_was_read_cannot_be_written_into(focus: bool) -> None:
    store = filled()
    everywhere = np.ones(4, dtype=bool)
    for source in (store, store.select(index(0, 1, 2)), copy.deepcopy(store)):
        with source.focus(everywhere[: source.worlds]) if focus else nullcontext():
            reads = [source["tariff"], source.row("tariff", 1), source.row("tariff", -1)]
            reads += [source["clock"], source["talks.rate"], source["talks.step"]]
            for values in [*reads, *source.arrays().values()]:
                with pytest.raises(ValueError, match="read-only"):
                    values[...] = 0.0


def test_constants_that_were_forgotten_are_read_again() -> None:
    store = filled()
    held = store["talks.rate"]
    swept = store["talks.step"]
    store.forget_constants()
    assert store["talks.rate"] is not held
    assert store["talks.rate"].tolist() == held.tolist()
    assert store["talks.step"] is swept
    assert store["tariff"].tolist() == START.tolist()
