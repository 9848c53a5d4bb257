"""Public API of Winset, a laboratory for two-level negotiations.

Scripts and notebooks import from this module. All other modules are internal: their names may
change in any version. Objects are imported when they are first used, so that `import winset` is
fast. Every error that Winset raises on purpose is a `WinsetError`.

Examples:
    >>> import winset
    >>> scenario = winset.load_scenario("classroom", {"talks.window": 13})
    >>> run = winset.simulate(scenario, worlds=100, seed=1)
    >>> len(run.outcomes), run.outcomes.index.name
    (100, 'world')
    >>> same = winset.simulate(scenario, worlds=3, seed=1)
    >>> same.outcomes.equals(run.outcomes.head(3))
    True
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from experiments.engine import Run, build, fork, simulate
    from experiments.results.errors import BatchInterrupted, ResultsError
    from experiments.results.replay import replay
    from model.schema.problems import DataError, ScenarioError, WinsetError
    from model.schema.reading import list_scenarios
    from model.schema.scenario import Scenario, load_scenario

    __version__: str

__all__ = [
    "BatchInterrupted",
    "DataError",
    "ResultsError",
    "Run",
    "Scenario",
    "ScenarioError",
    "WinsetError",
    "__version__",
    "build",
    "fork",
    "list_scenarios",
    "load_scenario",
    "replay",
    "simulate",
]

_MODULES = {
    "BatchInterrupted": "experiments.results.errors",
    "DataError": "model.schema.problems",
    "ResultsError": "experiments.results.errors",
    "Run": "experiments.engine",
    "Scenario": "model.schema.scenario",
    "ScenarioError": "model.schema.problems",
    "WinsetError": "model.schema.problems",
    "build": "experiments.engine",
    "fork": "experiments.engine",
    "list_scenarios": "model.schema.reading",
    "load_scenario": "model.schema.scenario",
    "replay": "experiments.results.replay",
    "simulate": "experiments.engine",
}  # the module that defines each name, imported on first use


if not TYPE_CHECKING:  # a type checker would take every name for known

    def __getattr__(name: str) -> Any:
        """Import a public name on first use, and keep it (PEP 562)."""
        if name == "__version__":
            from experiments.results.manifest import winset_version

            value = winset_version()
        elif name in _MODULES:
            value = getattr(importlib.import_module(_MODULES[name]), name)
        else:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
