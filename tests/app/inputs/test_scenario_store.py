"""Tests of uploads: the messages of run.py check, size limits, and no access to other files."""

from pathlib import Path

import pytest

from app.explore.session import Session
from app.inputs.explore_url import read
from app.inputs.scenario_store import LARGEST, MOST_UPLOADS, ScenarioStore
from model.schema.problems import ScenarioError
from model.schema.scenario import check_file

BAD = Path(__file__).parents[2] / "invalid"
VARIANT = b'name = "v"\ntitle = "V"\nextends = "classroom"\n[talks]\nrate = 0.5\n'
WEIRD = "<script>alert(1)</script>"


@pytest.mark.parametrize("path", sorted(BAD.glob("*.toml")), ids=lambda path: path.stem)
def test_invalid_files_are_refused(path: Path) -> None:
    with pytest.raises(ScenarioError) as refused:
        ScenarioStore().add(path.name, path.read_bytes())
    assert refused.value.file == path.name
    assert refused.value.problems


@pytest.mark.parametrize("name", ["out_of_range", "many_at_once", "not_toml", "not_utf8"])
def test_uploads_have_the_messages_of_the_check(name: str) -> None:
    path = BAD / f"{name}.toml"
    with pytest.raises(ScenarioError) as refused:
        ScenarioStore().add(path.name, path.read_bytes())
    assert refused.value.problems == check_file(path)


@pytest.mark.parametrize("other", ["/etc/hostname.toml", "../x.toml", "x.toml", "classrom"])
def test_an_upload_cannot_extend_other_files(other: str) -> None:
    text = f'name = "v"\ntitle = "V"\nextends = "{other}"\n'
    with pytest.raises(ScenarioError, match="can only extend a shipped scenario"):
        ScenarioStore().add("v.toml", text.encode())


def test_uploads_are_limited_in_size_and_weeks() -> None:
    with pytest.raises(ScenarioError, match=f"at most {LARGEST:,}"):
        ScenarioStore().add("v.toml", b"#" * (LARGEST + 1))
    with pytest.raises(ScenarioError, match="at most 260 weeks"):
        ScenarioStore().add("v.toml", VARIANT + b"[time]\nhorizon = 300\n")


def test_a_variant_opens_as_a_link_that_works_in_every_session() -> None:
    link = Session().opening("v.toml", VARIANT)
    opened = read(link[1:], ScenarioStore())
    assert not opened.problems
    assert opened.state.changed == {"talks.rate": 0.5}


def test_other_files_stay_in_their_session() -> None:
    session, other = Session(), Session()
    text = VARIANT + b'[issues.extra]\ntitle = "E"\nowner = "north"\nfamily = "money"\n'
    text += b'unit = "-"\namount = 1.0\nsentence = "{amount}"\ndeferred = 0.0\nsource = "a"\n'
    link = session.opening("v.toml", text)
    assert "extra" in read(link[1:], session.scenario_store).scenario.issues
    opened = read(link[1:], other.scenario_store)
    assert opened.state.scenario == "february_2025"
    assert "another session" in str(opened.problems[0])
    changed = read(link[1:] + "&talks.rate=0.7", session.scenario_store)
    assert changed.scenario.talks.rate == 0.7


def test_the_oldest_upload_is_dropped() -> None:
    scenario_store = ScenarioStore()
    keys = [
        scenario_store.add("v.toml", VARIANT + b"#" * count) for count in range(MOST_UPLOADS + 1)
    ]
    assert keys[0] not in scenario_store.titles()
    assert set(keys[1:]) <= set(scenario_store.titles())


def test_hostile_file_names_are_harmless() -> None:
    with pytest.raises(ScenarioError) as refused:
        ScenarioStore().add(f"../../{WEIRD}", b"x")
    assert "/" not in refused.value.file
