"""Turn lessons, which the app reads, into pages."""

import re
import tomllib
from typing import Any

FRONT = re.compile(r"\A\+\+\+\n(.*?)^\+\+\+\n", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^```(prediction|picture|check|explore)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def readable(text: str) -> str:
    """Return a lesson as Markdown: a title, the text, the question, and the sources at the end.

    Pictures and checks run only in the app, so their settings are shown instead.
    """
    front = FRONT.match(text)
    if front is None:
        return text
    about = tomllib.loads(front[1])
    parts = [
        f"# {about['title']}",
        f"{about['about']} ({about['minutes']} minutes)",
        "Pictures and checks run in the app: `python run.py app`, page *Lessons*.",
        BLOCK.sub(lambda found: _block(found[1], found[2]), text[front.end() :]).strip(),
        "## Sources",
        "\n".join(f"- {source}" for source in about["sources"]),
    ]
    return "\n\n".join(parts) + "\n"


def _block(kind: str, text: str) -> str:
    if kind != "prediction":
        return f"```toml\n# {kind}\n{text}```"
    prediction: dict[str, Any] = tomllib.loads(text)
    choices = [f"{number}. {choice}" for number, choice in enumerate(prediction["choices"], 1)]
    answer = f"Answer: {prediction['right']}. {prediction['because']}"
    return "\n\n".join([f"**{prediction['question']}**", "\n".join(choices), answer])
