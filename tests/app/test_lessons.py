"""Tests of lessons: all parse, all claims hold, and problems of lessons are reported."""

import re
from pathlib import Path

import pytest

from app.explore.findings import findings
from app.lessons import drawing, reading
from app.lessons.forms import COUNTS, FORMS, SHOWS
from app.lessons.lesson import Picture, Words
from app.lessons.measuring import answer, measures
from app.lessons.moving import controls, link
from app.lessons.reading import LessonError, files, read_lesson
from app.lessons.words import html
from experiments.measures import MEASURES
from model.schema.reading import list_scenarios
from model.schema.scenario import load_scenario
from tests.app.teaching import SMALL, find, lesson_of

LESSONS = sorted(files())


def wrong(text: str, folder: Path) -> str:
    """Return all problems of a lesson."""
    with pytest.raises(LessonError) as caught:
        lesson_of(text, folder)
    return str(caught.value)


def test_lessons_are_numbered_in_order() -> None:
    assert len(files()) >= 8
    numbers = [int(path.name.partition("_")[0]) for path in files().values()]
    assert numbers == sorted(set(numbers))
    assert reading.FOLDER.joinpath("README.md").exists()


@pytest.mark.parametrize("name", LESSONS)
def test_lessons_are_complete(name: str) -> None:
    lesson = read_lesson(files()[name])
    assert lesson.sources
    assert lesson.minutes <= 10
    assert any(isinstance(part, Words) for part in lesson.before)
    assert any(isinstance(part, Picture) for part in lesson.after)
    assert lesson.checks
    assert link(lesson.link.opened).startswith("/explore?")
    for part in lesson.parts:
        if isinstance(part, Picture):
            labels = [dial.label for dial in controls(part, part.opened)]
            assert len(labels) == len(part.sliders)


@pytest.mark.parametrize("name", LESSONS)
def test_claims_of_lessons_hold(name: str) -> None:
    for check in read_lesson(files()[name]).checks:
        result = answer(check, find)
        assert result.holds, f"{check.claim} {drawing.verdict(check, result)}"


def test_quoted_numbers_are_in_the_findings() -> None:
    number = r"([+-]?[\d.]+)"
    page = (reading.FOLDER.parent / "findings.md").read_text(encoding="utf-8")
    rows = re.findall(rf"\| {number} [^|(]*\({number} to {number}\) \|", page)
    quoted = [
        (name, triple)
        for name, path in files().items()
        for triple in re.findall(
            rf"{number} points[ ,(]+95 % interval {number} to {number}",
            path.read_text(encoding="utf-8").replace("−", "-"),
        )
    ]
    assert len(quoted) >= 5
    for name, triple in quoted:
        digits = len(triple[0].partition(".")[2])
        numbers = [float(one) for one in triple]
        known = [[round(float(one), digits) for one in row] for row in rows]
        assert numbers in known, (name, triple)


def test_a_claim_that_does_not_hold(tmp_path: Path) -> None:
    lesson = lesson_of(SMALL.replace('expect = "rises"', 'expect = "falls"'), tmp_path)
    (check,) = lesson.checks
    result = answer(check, find)
    assert not result.holds
    sentence = drawing.verdict(check, result)[0]
    assert sentence.startswith("Difference: +")
    assert "the same in every world" in sentence


def test_a_claim_with_a_value_from_theory(tmp_path: Path) -> None:
    old = SMALL[SMALL.index("```check") : SMALL.index("```explore")]
    new = """```check
claim = "The first gets 1 / 1.9."
scenario = "split_the_pie"
worlds = 2
measure = "utility_first"
expect = "at"
value = 0.526316
tolerance = 0.0001
```

"""
    (check,) = lesson_of(SMALL.replace(old, new), tmp_path).checks
    result = answer(check, find)
    assert result.holds
    assert result.before is None
    assert "theory: 0.526" in drawing.verdict(check, result)[0]
    rows, ticks = drawing.measured(check, result)
    assert [row["name"] for row in rows] == ["after"]
    assert ticks[0] == 0.0


def test_numbers_that_few_worlds_have(tmp_path: Path) -> None:
    text = SMALL.replace(
        'scenario = "classroom"\nworlds = 3', 'scenario = "february_2025"\nworlds = 30'
    )
    text = text.replace("weeks_to_deal", "terms_us")
    (check,) = lesson_of(text, tmp_path).checks
    result = answer(check, find)
    assert 0 < result.pairs < result.worlds
    assert "in both states" in drawing.verdict(check, result)[1]


@pytest.mark.parametrize("name", sorted(list_scenarios()))
def test_all_measures_can_be_computed(name: str) -> None:
    scenario = load_scenario(name)
    run = findings(scenario, 2, 1, None)
    known = measures(scenario)
    for measure in known.values():
        assert measure.of(run.outcomes).shape == (2,)
    for side in scenario.sides:
        assert f"utility_{side.lower()}" in known
    if set(scenario.sides) == {"US", "CN"}:
        assert set(MEASURES) <= set(known)


BROKEN: dict[str, tuple[tuple[str, str], list[str]]] = {
    "no head": (("+++\ntitle", "title"), ["line 1: the file does not begin with +++"]),
    "title": (('title = "Small"\n', ""), ["line 1, head: title: it is missing"]),
    "sources": (('sources = ["A source <b>."]', "sources = []"), ["line 5, head: sources"]),
    "minutes": (("minutes = 5", "minutes = 90"), ["minutes = 90: must be a whole number from 1"]),
    "kind": (("```check", "```chek"), ['"chek": no such kind', "Did you mean", "check blocks"]),
    "end": (('text = "On to Explore"\n```', 'text = "x"'), ["this block has no end"]),
    "toml": (("right = 2", "right 2"), ["line 14, prediction = right 2: this is not valid TOML"]),
    "right": (("right = 2", "right = 4"), ["line 14, prediction: right = 4: there are 3 choices"]),
    "right 0": (("right = 2", "right = 0"), ["must be the number of the right answer"]),
    "choices": (('"this", "that", "nothing"', '"this"'), ["2 to 5 answers"]),
    "key": (("because =", "becase ="), ["becase", "no such key", "because"]),
    "scenario": (
        ('scenario = "classroom"\nworlds = 5', 'scenario = "clasroom"\nworlds = 5'),
        ["picture: scenario", 'Did you mean "classroom"?'],
    ),
    "worlds": (("worlds = 5", "worlds = 900"), ["worlds = 900: must be a whole number from 1"]),
    "change": (
        ('"talks.window" = 10', '"talks.windw" = 10'),
        ["line 23, picture: change, talks.windw"],
    ),
    "range": (('"talks.window" = 10', '"talks.window" = 0'), ["talks.window = ", "between 1 and"]),
    "run": (('"talks.window" = 10', '"worlds" = 10'), ["a key of the block"]),
    "slider": (('"talks.window", "sides', '"talks.windo", "sides'), ["sliders", "talks.windo"]),
    "sliders": (('"seed"]', '"seed", "worlds"]'), ["at most 3 names of parameters"]),
    "labels": (('"Window", ', ""), ["3 sliders and 2 labels"]),
    "show": (('"plane", "out', '"plan", "out'), ["no such picture", "plane"]),
    "economy": (('"plane", "out', '"tariffs", "out'), ["the scenario has no economy"]),
    "measure": (("measure:utility_north", "measure:utility_us"), ["no such measure", "north"]),
    "checked": (('"weeks_to_deal"', '"week_to_deal"'), ["measure", "Did you mean"]),
    "expect": (('"rises"', '"grows"'), ['expect = "grows": must be "rises"']),
    "at": (('"rises"', '"at"'), ["value: it is missing", "tolerance", "b alone"]),
    "same": (('expect = "rises"\nleast = 1', 'expect = "same"'), ["how far from 0"]),
    "value": (("least = 1", "value = 1.0"), ['only "at" has it']),
    "equal": (
        ('"talks.window" = 20 }\nlabels', '"talks.window" = 5 }\nlabels'),
        ["nothing can differ"],
    ),
    "two": (
        ("```explore", "```explore\nscenario = 'classroom'\ntext = 'a'\n```\n```explore"),
        ["has 1"],
    ),
    "link": (("**bold**", "[x](javascript:alert(1))"), ["javascript:alert(1)", "a link must lead"]),
    "picture": (("**bold**", "![x](a.png)"), ["a.png", "are not shown"]),
}


@pytest.mark.parametrize("case", BROKEN)
def test_problems_are_reported(case: str, tmp_path: Path) -> None:
    (old, new), words = BROKEN[case]
    assert old in SMALL
    message = wrong(SMALL.replace(old, new, 1), tmp_path)
    assert all(word in message for word in words), message


def test_all_problems_are_reported_with_file_and_line(tmp_path: Path) -> None:
    text = SMALL.replace("right = 2", "right = 9").replace("worlds = 5", "worlds = 0")
    message = wrong(text.replace("least = 1", "lest = 1"), tmp_path)
    assert message.startswith(f"{tmp_path}/01_small.md has 3 problems:")
    for line in ("line 14, prediction: right", "line 22, picture: worlds", "line 38, check: lest"):
        assert line in message


def test_files_that_are_not_lessons(tmp_path: Path) -> None:
    path = tmp_path / "01_a.md"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(LessonError, match="UTF-8"):
        read_lesson(path)
    path.write_bytes(b"x" * 200_000)
    with pytest.raises(LessonError, match="200,000 bytes"):
        read_lesson(path)
    assert "does not begin" in wrong("", tmp_path)
    assert "no second line" in wrong("+++\ntitle = 'x'\n", tmp_path)


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<div onclick='alert(1)'>\n\na\n\n</div>",
        "`<b>`",
        "&lt;script&gt;",
        "<!-- a -->",
    ],
)
def test_html_is_escaped(hostile: str) -> None:
    made, _ = html(f"a {hostile}")
    assert not any(tag in made for tag in ("<script", "<img", "<div", "<b>", "<!--"))


@pytest.mark.parametrize(
    "hostile",
    [
        "[x](javascript:alert(1))",
        "[x]( JaVaScRiPt:alert(1))",
        "<javascript:alert(1)>",
        "[x][y]\n\n[y]: javascript:alert(1)",
        "[x](data:text/html,a)",
        "[x](file:///etc/passwd)",
        "[x](//elsewhere.org)",
        "![x](https://elsewhere.org/a.png)",
    ],
)
def test_unsafe_links_and_pictures_are_rejected(hostile: str) -> None:
    made, rejected = html(hostile)
    assert rejected or "<a" not in made
    if "![" in hostile:
        assert rejected


def test_all_keys_are_documented() -> None:
    page = reading.FOLDER.joinpath("README.md").read_text(encoding="utf-8")
    for kind, form in FORMS.items():
        assert f"### {kind}" in page
        for key in form.model_fields:
            assert f"`{key}`" in page or f"\n    {key} = " in page or f"`{key} = " in page, key
    assert set(COUNTS) == set(FORMS)
    for name in SHOWS:
        assert f"`{name}`" in page


def test_the_documented_example_is_valid(tmp_path: Path) -> None:
    page = reading.FOLDER.joinpath("README.md").read_text(encoding="utf-8")
    lines = [line[4:] for line in page.splitlines() if line.startswith("    ") or not line]
    text = "\n".join(lines)
    text = text[text.index("+++") :]
    lesson = lesson_of(text, tmp_path)
    assert lesson.title == "Tied hands"


def test_documented_measures_exist() -> None:
    page = reading.FOLDER.joinpath("README.md").read_text(encoding="utf-8")
    section = page.partition("### Measures")[2]
    named = set(re.findall(r"`([a-z]+(?:_[a-z]+)*)`", section)) - {"a", "b"}
    known = set(measures(load_scenario("february_2025"))) | set(
        measures(load_scenario("classroom"))
    )
    assert len(named) > 20
    assert named <= known
