"""Reports: all parts for each kind, no external resources, and escaped text."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from experiments.engine import Run
from experiments.report import provenance
from experiments.report.blocks import strip
from experiments.report.page import report
from experiments.results.errors import ResultsError
from experiments.results.folder import write_results
from experiments.statistics import Interval
from tests.pages import ABOUT, HOSTILE, Reader, folder_of

PARTS = ["asked", "findings", "figures", "tables", "design", "limits", "provenance"]
LAST = ["columns", "sources", "cite", "again"]


@pytest.fixture(scope="module")
def folders(made: Run, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    place = tmp_path_factory.mktemp("reports")
    return {kind: folder_of(kind, made, place / kind) for kind in ABOUT}


@pytest.fixture(scope="module")
def pages(folders: dict[str, Path]) -> dict[str, str]:
    return {kind: report(place).read_text(encoding="utf-8") for kind, place in folders.items()}


@pytest.mark.parametrize("kind", ABOUT)
def test_each_kind_has_all_parts(pages: dict[str, str], kind: str) -> None:
    page = Reader(pages[kind])
    assert sorted(page.ids) == sorted({*PARTS, *LAST})
    assert page.ids[-6:] == ["limits", "provenance", *LAST]
    assert [link[1:] for link in page.links] == page.ids
    for text in ("@software{winset", f"python run.py {kind}", "runs.parquet", "seed 7", "numpy"):
        assert text in page.text, text
    assert "None is the probability" in page.text


@pytest.mark.parametrize("kind", ABOUT)
def test_a_page_needs_no_external_resources(pages: dict[str, str], kind: str) -> None:
    page = Reader(pages[kind])
    assert page.loaded
    assert all(address.startswith("data:image/svg+xml;base64,") for address in page.loaded)
    assert all(link.startswith("#") for link in page.links)
    style = pages[kind].partition("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style


@pytest.mark.parametrize("kind", ABOUT)
def test_all_text_is_escaped(pages: dict[str, str], kind: str) -> None:
    page = Reader(pages[kind])
    assert "script" not in page.tags
    assert "evil.example" not in " ".join(page.loaded)
    assert HOSTILE in page.text


@pytest.mark.parametrize("kind", ABOUT)
def test_the_same_folder_gives_the_same_page(
    folders: dict[str, Path], pages: dict[str, str], kind: str
) -> None:
    assert report(folders[kind]).read_text(encoding="utf-8") == pages[kind]


def test_a_run_shows_shares_with_intervals(pages: dict[str, str]) -> None:
    text = Reader(pages["run"]).text
    assert "33.3\u00a0%" in text
    assert "13.8 to 60.9\u00a0%" in text
    assert "12 worlds, seed 7" in text


def test_an_experiment_shows_verdicts_numbers_and_built_in_claims(pages: dict[str, str]) -> None:
    page = Reader(pages["experiment"])
    for text in (
        "Of 3 claims: 1 supported, 1 not supported, 1 built in.",
        "+1.25",
        "8 of 9",
        "95\u00a0% interval +0.75 to +1.75",
        "Built in, and therefore not a finding: A claim",
        "A caveat.",
        "Limits: as told.",
        "a = 1",
        "30 to 50",
        "time.horizon = 8",
    ):
        assert text in page.text, text
    assert page.tags.count("article") == 3
    assert page.tags.count("circle") == 3 * 8
    assert page.tags.count("img") == 1  # findings are shown as cards, not also as a figure


@pytest.mark.parametrize("kind", ["sensitivity", "history", "forecast"])
def test_other_kinds_show_summary_and_tables(pages: dict[str, str], kind: str) -> None:
    text = Reader(pages[kind]).text
    assert f"Summary {HOSTILE}" in text
    assert "Cells" in text
    assert "40" in text


def test_without_figures_there_is_no_part_for_figures(made: Run, tmp_path: Path) -> None:
    write_results(made, tmp_path)
    page = Reader(report(tmp_path).read_text(encoding="utf-8"))
    assert "figures" not in page.ids
    assert "The manifest has no command." in page.text


DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "no folder": (lambda place: place.rename(place.with_name("gone")), "no such folder"),
    "no manifest": (lambda place: (place / "manifest.json").unlink(), "missing"),
    "table cut": (lambda place: (place / "runs.parquet").write_bytes(b"PAR1"), "was changed"),
}


@pytest.mark.parametrize(("damage", "message"), DAMAGE.values(), ids=DAMAGE.keys())
def test_an_incomplete_folder_gives_an_error_and_no_report(
    made: Run, tmp_path: Path, damage: Callable[[Path], object], message: str
) -> None:
    place = tmp_path / "results"
    write_results(made, place)
    damage(place)
    with pytest.raises(ResultsError, match=message):
        report(place)
    assert not (place / "report.html").exists()


def test_unreadable_findings_give_a_clear_error(made: Run, tmp_path: Path) -> None:
    place = folder_of("experiment", made, tmp_path / "results")
    (place / "findings.json").write_text("{")
    with pytest.raises(ResultsError, match=r"findings\.json: it cannot be read"):
        report(place)


def test_a_strip_contains_all_intervals() -> None:
    made = strip(Interval(-3.0, -4.0, -2.0), [Interval(1.0, 0.0, 2.0), Interval(*[np.nan] * 3)])
    assert len(made.each) == 1
    ends = [end for one in (made.all, *made.each) if one for end in one]
    assert min(ends) > 0.0
    assert max(ends) < 100.0
    assert made.each[0].low == 50.0
    assert strip(Interval(*[np.nan] * 3), []).all is None


def test_long_tables_are_shortened_with_a_note(made: Run, tmp_path: Path) -> None:
    place = folder_of("sensitivity", made, tmp_path / "results")
    pd.DataFrame({"row": range(100), "value": 0.123456}).to_csv(place / "long.csv", index=False)
    text = Reader(report(place).read_text(encoding="utf-8")).text
    assert "The first 60 of 100 rows. long.csv has all rows." in text
    assert "0.1235" in text
    assert "0.123456" not in text


def test_without_a_citation_file_the_commit_is_cited(
    folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(provenance, "ROOT", tmp_path)
    page = Reader(report(folders[next(iter(ABOUT))]).read_text(encoding="utf-8"))
    assert "@software{winset" in page.text
    assert "Version unknown, commit " in page.text
