"""Every figure: large enough to read, nothing overlaps or is cut, colours by side, same bytes."""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import get_args

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from agents import roster
from experiments.engine import Run, build
from experiments.plots import style
from experiments.plots.agreed import Track, agreed
from experiments.plots.gallery import central_worths, gallery, tracks
from experiments.plots.influence_graph import MARKS, Mark, influence_graph, layout, outline
from experiments.plots.tariffs import tariffs
from experiments.plots.utility_plane import utility_plane
from model.schema.entries import Actor
from model.schema.scenario import Scenario, load_scenario

NAMES = ["outcomes", "tariffs", "agreed", "utility_plane", "influence_graph"]


@pytest.fixture(scope="module")
def figures(made: Run, cells: pd.DataFrame) -> dict[str, Figure]:
    drawn = {name: draw() for name, draw in gallery(made, cells).items()}
    return {name: _drawn(figure) for name, figure in drawn.items()}


def _texts(figure: Figure) -> Iterator[tuple[str, Text, Bbox]]:
    """Yield every text that shows, with its box in pixels; ticks out of view do not."""
    hidden: list[Text] = []
    for axis in (axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)):
        low, high = sorted(axis.get_view_interval())
        hidden += [
            tick.label1 for tick in axis.get_major_ticks() if not low <= tick.get_loc() <= high
        ]
    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        if text.get_visible() and text.get_text().strip() and text not in hidden:
            yield text.get_text(), text, text.get_window_extent()


def _drawn(figure: Figure) -> Figure:
    figure.draw_without_rendering()
    return figure


def test_the_gallery_is_complete(figures: dict[str, Figure]) -> None:
    assert list(figures) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_lecture_hall_can_read_it(figures: dict[str, Figure], name: str) -> None:
    figure = figures[name]
    assert tuple(figure.get_size_inches() * figure.dpi) == (1280, 800)
    for words, text, box in _texts(figure):
        assert float(text.get_fontsize()) >= 12, words
        assert box.x0 >= 0, words
        assert box.x1 <= 1280, words
        assert box.y0 >= 0, words
        assert box.y1 <= 800, words


@pytest.mark.parametrize("name", NAMES)
def test_no_two_texts_lie_on_each_other(figures: dict[str, Figure], name: str) -> None:
    shrunk = [
        (words, Bbox.from_extents(box.x0 + 1, box.y0 + 2, box.x1 - 1, box.y1 - 2))
        for words, _, box in _texts(figures[name])
    ]
    for (one, first), (other, second) in combinations(shrunk, 2):
        assert not first.overlaps(second), f"{one!r} on {other!r}"


@pytest.mark.parametrize("name", NAMES)
def test_the_caption_names_the_scenario(figures: dict[str, Figure], name: str) -> None:
    words = " ".join(text for text, *_ in _texts(figures[name]))
    assert "Scenario february_2025" in words


@pytest.mark.parametrize("kind", ["png", "svg"])
def test_the_same_figure_gives_the_same_bytes(
    made: Run, cells: pd.DataFrame, tmp_path: Path, kind: str
) -> None:
    files = []
    for attempt in ("first", "second"):
        (tmp_path / attempt).mkdir()
        figure = gallery(made, cells)["tariffs"]()
        files += style.save(figure, tmp_path / attempt, "tariffs", [kind])
    assert files[0].read_bytes() == files[1].read_bytes()
    assert b"<dc:date>" not in files[0].read_bytes()


def test_shares_are_drawn_with_their_interval_and_sweep(figures: dict[str, Figure]) -> None:
    axes = figures["outcomes"].axes[0]
    widths = [bar.get_width() for bar in axes.patches if isinstance(bar, Rectangle)]
    assert sum(widths) == pytest.approx(100)
    legend = axes.get_legend()
    assert legend is not None
    labels = [text.get_text() for text in legend.get_texts()]
    assert any("95 %" in label for label in labels)
    assert any("sweep" in label for label in labels)


def test_each_side_has_its_colour_and_the_median_its_values(made: Run) -> None:
    assert made.weeks is not None
    figure = tariffs(made.weeks["tariff"], made.scenario.start, ["A", "B"], "x")
    for side, axes in enumerate(figure.axes):
        (line,) = axes.lines
        assert to_hex(str(line.get_color())) == style.SIDES[side].lower()
        expected = 100 * made.weeks["tariff"].isel(side=side).median("world")
        np.testing.assert_allclose(np.asarray(line.get_ydata()), expected)


def test_levels_agreed_are_drawn_where_they_are(made: Run) -> None:
    figure = agreed(tracks(made), ["United States", "China"], "x")
    medians = [
        float(np.asarray(line.get_xdata())[0])
        for line in figure.axes[0].lines
        if line.get_marker() == "o"
    ]
    assert sorted(medians) == [0.0] + [0.5] * 9
    words = [text for text, *_ in _texts(_drawn(figure))]
    assert "100 bn dollars in two\nyears" in words


def test_no_agreement_draws_empty_tracks() -> None:
    figure = _drawn(agreed([Track("Pie", 0, 1.0, "pie", np.array([]))], ["A", "B"], "x"))
    assert any("0 agreements" in text for text, *_ in _texts(figure))


def test_the_plane_of_a_pie_shows_its_solutions() -> None:
    gains = np.array([[-1.0, 1.0], [1.0, -1.0]])
    figure = utility_plane(gains, np.array([-0.5, -0.5]), np.array([[0.0, 0.0]]), ["A", "B"], "x")
    points = {
        str(line.get_label()): (np.asarray(line.get_xdata()), np.asarray(line.get_ydata()))
        for line in figure.axes[0].lines
    }
    for name in ("Nash", "Kalai-Smorodinsky", "egalitarian (Kalai)"):
        np.testing.assert_allclose(np.ravel(points[name]), [0.0, 0.0], atol=1e-12)
    assert "Pareto frontier" in points


def test_the_plane_without_a_win_set_still_draws() -> None:
    gains = np.array([[-1.0, 0.2], [0.3, -0.5]])
    figure = utility_plane(gains, np.array([2.0, 2.0]), np.empty((0, 2)), ["A", "B"], "x")
    assert any("0 agreements" in text for text, *_ in _texts(_drawn(figure)))


def test_worlds_without_private_draws_share_their_reservation() -> None:
    setting = load_scenario("february_2025", {"time.horizon": 30, "talks.window": 8})
    gains, reservation, worths = central_worths(setting, 1)
    assert gains.shape == (2, len(setting.issues))
    assert reservation.shape == (2,)
    assert worths.shape[1] == 2
    assert len(worths) > 0
    owner = [list(setting.sides).index(issue.owner) for issue in setting.issues.values()]
    assert all(gains[side, row] <= 0 for row, side in enumerate(owner))


def test_without_agreements_the_plane_takes_the_last_week(setting: Scenario) -> None:
    shut = load_scenario(
        "february_2025",
        {
            "edition": 1,
            "time.horizon": 3,
            "talks.rate": 0.0,
            "channels.contact": 0.0,
            "off": ["summits"],
        },
    )
    gains, _, worths = central_worths(shut, 1)
    assert worths.shape == (0, 2)
    assert np.isfinite(gains).all()


def test_the_graph_puts_sides_left_and_right_and_nobody_on_another(setting: Scenario) -> None:
    graph = build(setting).graph
    spots = layout(graph, ["US", "CN"])
    assert spots == layout(graph.copy(), ["US", "CN"])
    assert len(set(spots.values())) == len(graph)
    for key, spot in spots.items():
        if graph.nodes[key]["kind"] in ("leader", "adviser", "analyst"):
            assert (spot.x < 0.5) == (graph.nodes[key]["side"] == "US")


def test_a_graph_without_edges_draws() -> None:
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_node("a", title="Ann", side="A", kind="leader")
    graph.add_node("b", title="Ben", side="B", kind="leader")
    words = [text for text, *_ in _texts(_drawn(influence_graph(graph, "AB", ["A", "B"], "x")))]
    assert {"Ann", "Ben"} <= set(words)


def test_no_figure_touches_pyplot(root: Path) -> None:
    for path in (root / "experiments").rglob("*.py"):
        assert "pyplot" not in path.read_text(encoding="utf-8"), path


def test_where_there_are_no_tariffs_none_are_drawn(made: Run, cells: pd.DataFrame) -> None:
    assert made.weeks is not None
    assert "tariffs" not in gallery(replace(made, weeks=0 * made.weeks), cells)


def test_a_run_without_tariffs_cannot_be_drawn(made: Run, cells: pd.DataFrame) -> None:
    with pytest.raises(ValueError, match="tariff"):
        gallery(replace(made, weeks=None), cells)


def test_every_kind_of_agent_is_declared_played_and_drawn() -> None:
    declared = get_args(Actor.model_fields["kind"].annotation)
    assert set(MARKS) == set(roster.KINDS) == {*declared, "constituency"}
    assert len({mark.marker for mark in MARKS.values()}) == len(MARKS)
    assert len({mark.column for mark in MARKS.values()}) == len(MARKS)


@pytest.mark.parametrize("mark", MARKS.values(), ids=MARKS)
def test_an_outline_lies_around_its_middle_and_ends_where_it_began(mark: Mark) -> None:
    path = outline(mark, 2.0)
    numbers = np.array(re.findall(r"-?\d+\.\d", path), dtype=float).reshape(-1, 2)
    assert re.fullmatch(r"M[-\d. ]+([LC][-\d. ]+)+z", path)
    assert np.abs(numbers).max() <= 1.5 * mark.size
    assert np.abs(numbers).max() >= 0.85 * mark.size
    assert abs(numbers[:, 0].max() + numbers[:, 0].min()) < 0.1 * mark.size
