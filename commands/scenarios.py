"""Commands for scenarios: check files, list what is there, print the schema."""

import json

import typer

from commands import options
from commands.line import FAULT, app
from commands.terminal import say
from model.schema.problems import ScenarioError


@app.command()
def check(files: options.Files) -> None:
    """Check scenario files and list every problem.

    Exits with code 2 if there are any.
    """
    from model.schema.older import noted
    from model.schema.scenario import check_file

    invalid = False
    for path in files:
        problems, notes = noted(check_file, path)
        for note in notes:
            say(f"{path}: {note}", error=True)
        invalid = invalid or bool(problems)
        text = str(ScenarioError(str(path), problems)) if problems else f"{path}: good."
        say(text, error=bool(problems))
    if invalid:
        raise typer.Exit(FAULT)


@app.command("list")
def list_() -> None:
    """List the scenarios and the experiments.

    Their names are the arguments of the other commands.
    """
    from experiments.factorial.catalogue_index import questions
    from model.schema.reading import list_scenarios

    for heading, titles in (("Scenarios", list_scenarios()), ("Experiments", questions())):
        say(heading)
        width = max(map(len, titles))
        for name, title in titles.items():
            say(f"  {name.ljust(width)}  {title}")


@app.command()
def schema() -> None:
    """Print the JSON schema of scenario files.

    Editors use it to complete and to check what you type.
    """
    from model.schema.scenario import json_schema

    say(json.dumps(json_schema(), indent=2, ensure_ascii=False))
