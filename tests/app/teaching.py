"""A small lesson for the tests of lessons, with cached results of its states."""

from pathlib import Path

from app.explore.findings import Findings, findings
from app.inputs.explore_url import Opened, State
from app.lessons.lesson import Lesson
from app.lessons.reading import read_lesson

SMALL = """+++
title = "Small"
minutes = 5
about = "A lesson for the tests."
sources = ["A source <b>."]
+++
## Before

Text with <script>alert(1)</script> and **bold**.

```prediction
question = "What happens?"
choices = ["this", "that", "nothing"]
right = 2
because = "Because of that."
measured = true
```

```picture
title = "Try"
scenario = "classroom"
worlds = 5
change = { "talks.window" = 10 }
sliders = ["talks.window", "sides.north.offering", "seed"]
labels = ["Window", "Offers of North", "Random seed"]
show = ["plane", "outcomes", "package", "measure:utility_north"]
```

```check
claim = "More time makes it later."
scenario = "classroom"
worlds = 3
a = { "talks.window" = 5 }
b = { "talks.window" = 20 }
labels = ["soon", "late"]
measure = "weeks_to_deal"
expect = "rises"
least = 1
```

```explore
scenario = "classroom"
change = { "talks.window" = 20 }
text = "On to Explore"
```
"""
_RUNS: dict[State, Findings] = {}


def find(opened: Opened) -> Findings:
    """Return the results of a state, cached for all lessons."""
    if opened.state not in _RUNS:
        state = opened.state
        _RUNS[state] = findings(opened.scenario, state.worlds, state.seed, None)
    return _RUNS[opened.state]


def lesson_of(text: str, folder: Path, name: str = "01_small.md") -> Lesson:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return read_lesson(path)
