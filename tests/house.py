"""The rules of the house, each a function that reads one module and complains."""

import ast
import graphlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

FLOORS = {
    "model": 0,
    "agents": 1,
    "experiments": 2,
    "app": 3,
    "winset": 3,  # the public API: beside the app, so that neither imports the other
    "commands": 4,
    "run": 5,
}  # a module imports only from lower layers and from its own
BESIDE = ("tests", "benchmarks", "docsite")  # these look at every floor, and no floor looks at them
PURE = ("model", "agents")
BESIDE_THE_RULES = ("model.tracing",)  # runs what the rules say
RECORDED = ("agents", "model.phases", "model.rules")  # what a week consists of
WHOLE = {"model.rules.trades", "model.rules.packages"}  # recorded as one operation, or in no week
COMMAND_LINE = ("run", "commands", "benchmarks")
MODULE_LINES = 400
FUNCTION_LINES = 50

# Where a library may be named, so that it can be replaced in a few files.
LIBRARIES = {
    "mesa": ("model", "agents", "app"),
    "numba": ("model.tracing",),
    "networkx": ("model", "experiments.plots", "app"),
    "matplotlib": ("experiments.plots", "app"),
    "solara": ("app",),
    "typer": ("commands",),
    "rich": ("commands.terminal",),
}
SEEDED = {"BitGenerator", "Generator", "Philox", "SeedSequence", "default_rng"}
MESA_HOLDERS = {"self", "model", "self.model", "negotiation", "self.negotiation", "actor", "agent"}
# Their last bits depend on how many worlds stand side by side.
WIDTH_DEPENDENT = {
    f"np.{name}" for name in ("matmul", "einsum", "dot", "vdot", "inner", "tensordot")
}

# How code calls the row of a side; who is across the table is other_side(row), in model/sides.py.
ROWS = ("side", "row", "me", "side_row", "listener")


class Module(NamedTuple):
    """One Python file: its dotted name, its text and its syntax tree."""

    name: str
    text: str
    tree: ast.Module

    @property
    def floor(self) -> str:
        """Return the folder at the top of the checkout, or the file's own name there."""
        return self.name.partition(".")[0]

    def within(self, places: tuple[str, ...]) -> bool:
        """Say whether the module is one of these places or lies inside one of them."""
        return any(self.name == place or self.name.startswith(place + ".") for place in places)


def parse(name: str, text: str) -> Module:
    """Read one module."""
    return Module(name, text, ast.parse(text))


def modules(root: Path) -> list[Module]:
    """Read every module of the floors, the tests and the benchmarks."""
    paths = [path for top in (*FLOORS, *BESIDE) for path in sorted((root / top).rglob("*.py"))]
    paths = [path for path in paths if "__pycache__" not in path.parts]  # generated
    paths += sorted(root.glob("*.py"))
    names = [".".join(path.relative_to(root).with_suffix("").parts) for path in paths]
    return [
        parse(name.removesuffix(".__init__"), path.read_text(encoding="utf-8"))
        for name, path in zip(names, paths, strict=True)
    ]


def cycle(modules: list[Module]) -> list[str]:
    """Return the names of modules that import each other in a circle, or nothing.

    Imports inside functions count. Imports for type checkers only do not: nothing runs them.
    """
    known = {module.name for module in modules}
    graph = {module.name: _imports(module, known) for module in modules}
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        found: list[str] = error.args[1]
        return found
    return []


def _imports(module: Module, known: set[str]) -> set[str]:
    """Return which of the known modules a module imports when it runs."""
    unused = {
        inner.lineno
        for node in ast.walk(module.tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for part in node.body
        for inner in ast.walk(part)
        if isinstance(inner, ast.stmt)
    }
    names = [name for line, name in imported(module) if line not in unused]
    names += [name.rpartition(".")[0] for name in names]
    return known.intersection(names) - {module.name}


def imported(module: Module) -> Iterator[tuple[int, str]]:
    """Yield the line and the dotted name of everything that the module imports."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def used(module: Module) -> Iterator[tuple[int, str, str]]:
    """Yield the line, the holder and the attribute of every `holder.attribute`."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Attribute):
            yield node.lineno, ast.unparse(node.value), node.attr


def called(module: Module) -> Iterator[tuple[ast.Call, str]]:
    """Yield every call with the last name of what it calls."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            yield node, ast.unparse(node.func).rpartition(".")[2]


def sizes(module: Module) -> Iterator[str]:
    """Complain of a module or a function that is too long to be read at one go."""
    lines = len(module.text.splitlines())
    if lines > MODULE_LINES:
        yield f"{module.name} has {lines} lines, at most {MODULE_LINES} are allowed"
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            length = node.end_lineno - node.lineno + 1
            if length > FUNCTION_LINES:
                yield f"{module.name}:{node.lineno} {node.name} has {length} lines"


def captions(module: Module) -> Iterator[str]:
    """Complain of a module whose docstring does not say in one line what it is for."""
    first = (ast.get_docstring(module.tree) or "").partition("\n")[0]
    if not first.endswith("."):
        yield f"{module.name} does not open with one plain sentence on what it is for"


def floors(module: Module) -> Iterator[str]:
    """Complain of an import that rises to a higher floor."""
    for line, name in imported(module):
        top = name.partition(".")[0]
        if module.floor in BESIDE or top == module.floor:
            continue
        if top in BESIDE:
            yield f"{module.name}:{line} imports {top}, which stands beside the floors"
        elif top in FLOORS and FLOORS[top] >= FLOORS[module.floor]:
            yield f"{module.name}:{line} imports {top}, which is a higher floor"


def libraries(module: Module) -> Iterator[str]:
    """Complain of a library that is named outside its places."""
    for line, name in imported(module):
        places = LIBRARIES.get(name.partition(".")[0])
        if places and module.floor not in BESIDE and not module.within(places):
            yield f"{module.name}:{line} imports {name}, which belongs in {', '.join(places)}"


def random_numbers(module: Module) -> Iterator[str]:
    """Complain about random numbers without a seed, world and purpose."""
    for line, name in imported(module):
        random, _, drawn = name.rpartition(".")
        if name.partition(".")[0] in {"random", "secrets", "uuid"} or (
            random == "numpy.random" and drawn not in SEEDED
        ):
            yield f"{module.name}:{line} imports {name}"
    for line, holder, name in used(module):
        if (
            (holder in {"np.random", "numpy.random"} and name not in SEEDED)
            or name == "shuffle_do"
            or (holder in MESA_HOLDERS and name in {"random", "rng"})
        ):
            yield f"{module.name}:{line} uses {holder}.{name}"
    for call, name in called(module):
        if name in {"default_rng", "Philox", "SeedSequence"} and not call.args + call.keywords:
            yield f"{module.name}:{call.lineno} calls {name} without a seed"


def printing(module: Module) -> Iterator[str]:
    """Complain of a print outside the command line."""
    if not module.within(COMMAND_LINE):
        for call, name in called(module):
            if name == "print":
                yield f"{module.name}:{call.lineno} prints"


def purity(module: Module) -> Iterator[str]:
    """Complain of what makes a world's path depend on the clock or on its neighbours."""
    if not module.within(PURE) or module.within(BESIDE_THE_RULES):
        return
    for line, name in imported(module):
        if name.partition(".")[0] in {"math", "time"}:
            yield f"{module.name}:{line} imports {name}"
    for line, holder, name in used(module):
        if holder in {"date", "datetime"} and name in {"now", "today"}:
            yield f"{module.name}:{line} reads the clock"
    for node in ast.walk(module.tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
            yield f"{module.name}:{node.lineno} multiplies matrices"
    for call, name in called(module):
        if ast.unparse(call.func) in WIDTH_DEPENDENT or name == "dot":
            yield f"{module.name}:{call.lineno} calls {name}"
        kinds = [ast.unparse(word.value) for word in call.keywords if word.arg == "kind"]
        if name == "argsort" and kinds != ["'stable'"]:
            yield f"{module.name}:{call.lineno} sorts without kind='stable'"


def sides(module: Module) -> Iterator[str]:
    """Complain of code that writes the two sides, or the other side, as numbers."""
    if module.floor in BESIDE or module.name == "model.sides":
        return
    for node in ast.walk(module.tree):
        if (
            isinstance(node, ast.BinOp)
            and isinstance(node.op, ast.Sub)
            and ast.unparse(node.left) == "1"
            and ast.unparse(node.right).rpartition(".")[2] in ROWS
        ):
            yield f"{module.name}:{node.lineno} says 1 - side for other_side(side)"
        if isinstance(node, ast.For | ast.comprehension) and ast.unparse(node.iter) == "(0, 1)":
            yield f"{module.name}:{node.target.lineno} says (0, 1) for SIDES"


def branching(module: Module) -> Iterator[str]:
    """Report what a recorded week cannot hold: questions about values or the number of worlds."""
    if not module.within(RECORDED) or module.name in WHOLE:
        return
    for call, name in called(module):
        asks = name in {"any", "all"} and isinstance(call.func, ast.Attribute)
        if (asks and not call.args + call.keywords) or name in {"item", "tolist"}:
            yield f"{module.name}:{call.lineno} asks for a value of the worlds: {name}()"
    for line, holder, name in used(module):
        if name in {"width", "worlds"} and holder.endswith("store"):
            yield f"{module.name}:{line} asks for the number of worlds: {holder}.{name}"


RULES = (sizes, captions, floors, libraries, random_numbers, printing, purity, sides, branching)
