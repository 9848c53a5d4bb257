"""Options and arguments of the command line, with their help texts; commands that repeat a run."""

import inspect
import shlex
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

if TYPE_CHECKING:
    from model.schema.scenario import Scenario

Worlds = Annotated[int, typer.Option(min=1, max=10**6, help="Number of worlds to simulate.")]
Seed = Annotated[
    int,
    typer.Option(min=0, max=2**64 - 1, help="Random seed. The same seed gives the same worlds."),
]
Edition = Annotated[
    int,
    typer.Option(min=1, max=2, help="Edition of the model; 1 with the draws of its calibration."),
]
Out = Annotated[
    Path | None,
    typer.Option(help="Folder for tables and figures. Default: results/ and a name for the run."),
]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="Change a value of the scenario, for example talks.window=13. Can be repeated.",
    ),
]
Engine = Annotated[
    Literal["auto", "numpy", "traced"],
    typer.Option(
        help="Engine: traced (compiled, fast), numpy (the agents week by week), or auto: "
        "traced if it can run the scenario."
    ),
]

Rules = Annotated[
    bool,
    typer.Option(
        "--rules",
        help="Instead: add each rule of the second edition to the first, and leave each out.",
    ),
]
Workers = Annotated[
    int | None,
    typer.Option(min=1, help="Worker processes on this machine. Default: one for each core."),
]
Scheduler = Annotated[
    str,
    typer.Option(metavar="ADDRESS", help="Address of a Dask scheduler, such as tcp://host:8786."),
]
ShardOption = Annotated[
    str,
    typer.Option("--shard", metavar="I/N", help="Run only shard I of N. Merge the shards later."),
]
Resume = Annotated[bool, typer.Option("--resume", help="Continue a run that was stopped.")]

ScenarioName = Annotated[str, typer.Argument(help="Name of a scenario (see list), or a file.")]
Method = Annotated[str, typer.Option(help="Method: sobol, morris or lhs (Latin hypercube).")]
Samples = Annotated[int, typer.Option(help="Size of the base design. For sobol: a power of two.")]
Parameters = Annotated[
    str,
    typer.Option(
        help="Parameters to vary: NAME or NAME=LOW:HIGH, separated by commas. "
        "Default: a standard set."
    ),
]
SecondOrder = Annotated[
    bool, typer.Option("--second-order", help="For sobol: also compute indices of pairs.")
]
ExperimentName = Annotated[str, typer.Argument(help="Name of an experiment (see list), or all.")]
PointWorlds = Annotated[
    int,
    typer.Option(
        min=1,
        max=10**6,
        help="Worlds at each design point. All points use the same random numbers.",
    ),
]
CellWorlds = Annotated[
    int | None,
    typer.Option(
        min=2,
        max=10**6,
        help="Worlds in each cell and context. Default: as the experiment declares.",
    ),
]
Files = Annotated[list[Path], typer.Argument(help="Scenario files (TOML).")]
ResultsFolder = Annotated[Path, typer.Argument(help="A results folder.")]
SecondFolder = Annotated[Path, typer.Argument(help="Another results folder of the same kind.")]
Port = Annotated[int, typer.Option(min=1, max=65535, help="Port on which the app listens.")]
Every = Annotated[bool, typer.Option("--all", help="Also print refused offers.")]
WorldNumber = Annotated[
    int | None, typer.Argument(min=0, help="Number of the world in the folder.")
]
PageFile = Annotated[
    Path | None, typer.Option(help="File for the page. Default: a file in the first folder.")
]
ShardsFolder = Annotated[Path, typer.Argument(help="A folder in which all shards were run.")]
ReplaySource = Annotated[
    Path, typer.Argument(help="A results folder, or the transcript of a game (JSON).")
]


def overridden(
    command: str, name: str, worlds: int, seed: int, settings: Sequence[str]
) -> tuple["Scenario", list[str]]:
    """Return a scenario with values of --set, and the words of the command but for --out."""
    from model.schema.reading import assignment
    from model.schema.scenario import load_scenario

    scenario = load_scenario(name, dict(map(assignment, settings)))
    words = ["python", "run.py", command, name, "--worlds", str(worlds), "--seed", str(seed)]
    return scenario, words + [word for text in settings for word in ("--set", text)]


def again(command: Callable[..., None], name: str, given: Mapping[str, Any]) -> str:
    """Return the command line that repeats a command: all values that are not defaults."""
    words = ["python", "run.py", command.__name__, name]
    for option, known in inspect.signature(command).parameters.items():
        value = given[option]
        if value != known.default and known.default is not inspect.Parameter.empty:
            if option in ("resume", "shard", "workers", "scheduler"):
                continue  # these do not change the results
            flag = f"--{option.replace('_', '-')}"
            words += [flag] if value is True else [flag, str(value)]
    return shlex.join(words)
