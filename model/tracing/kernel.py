"""Generate the inner loop of the machine from the table of operations, and compile it.

The loop is one function: a list of instructions goes in, each works on rows of the memory. numba
compiles it once and keeps it in a cache folder: that of this package, or one of the user where the
installation cannot be written to.
"""

import contextlib
import hashlib
import importlib.util
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from model.schema.problems import WinsetError
from model.tracing import learning, philox, special, trades
from model.tracing.loop import HEAD, HELPERS, ROWS, SPECIAL
from model.tracing.operations import OPERATIONS, Operation

ROOT = Path(__file__).resolve().parents[2]
FOLDER = "WINSET_CACHE"  # where the compiled loop is kept, if not in the usual place
PATIENCE = 60.0  # seconds to wait for another process that compiles
WAIT = "WINSET_COMPILE"  # "no": take NumPy until the loop is there
BASIC = ("copy", "fill", "draw", "week", "begin", "end", "gather", "scatter")
BUNDLES = ("places", "permute", "restore", "lookup", "trade", "order", "learn")


def _forms(operation: Operation) -> list[str]:
    """Return the forms of an operation: r for a row, c for a constant, by operand."""
    if operation.arity == 1:
        return ["r"]
    if operation.arity == 3:
        return ["rrr", "rrc", "rcr", "rcc"]
    return ["rr", "rc"] if operation.commutes else ["rr", "rc", "cr"]


def codes() -> dict[str, int]:
    """Return the number of each instruction: operation and form, as "add.rc"."""
    names = [*BASIC, *BUNDLES]
    names += [f"{op.name}.{form}" for op in OPERATIONS.values() for form in _forms(op)]
    return {name: number for number, name in enumerate(names)}


CODES = codes()


def _loop(operation: Operation, form: str) -> str:
    """Return the branch of an instruction."""
    lines, names = [f"        elif op == {CODES[f'{operation.name}.{form}']}:"], "abc"
    scalar = f" {operation.scalar} "
    for letter, kind in zip(names, form, strict=False):
        if kind == "c":
            lines.append(f"            v{letter} = constants[{letter}i]")
    lines.append("            for i in range(w):")
    for letter, kind in zip(names, form, strict=False):
        value = f"{letter}[i]" if kind == "r" else f"v{letter}"
        lines.append(f"                {letter}_ = {value}")
    for letter in names[: operation.arity]:
        scalar = _replaced(scalar, letter)
    lines.append(f"                d[i] = {scalar.strip()}")
    return "\n".join(lines) + "\n"


def _replaced(scalar: str, letter: str) -> str:
    """Return an expression in which a variable of one letter has another name."""
    out = []
    for place, sign in enumerate(scalar):
        alone = sign == letter and not (
            scalar[place - 1].isalnum() or scalar[place - 1] in "_." or scalar[place + 1].isalnum()
        )
        out.append(f"{letter}_" if alone and scalar[place + 1] != "_" else sign)
    return "".join(out)


def source() -> str:
    """Return the text of the generated module."""
    scalars = special, trades, learning
    parts = [Path(str(module.__file__)).read_text("utf-8") for module in scalars]
    text = "\n".join(part[part.index("from math import") :] for part in parts)
    text = re.sub(r"\nfrom model\..*", "", text)  # all is in one module
    functions = text.replace("\ndef ", "\n@register_jitable\ndef ")
    loops = "".join(_loop(op, form) for op in OPERATIONS.values() for form in _forms(op))
    head = HEAD.replace("{special}", functions.strip() + HELPERS)
    body = head + ROWS + SPECIAL + loops
    for name in (*BASIC, *BUNDLES):
        body = body.replace(f"{{{name}}}", str(CODES[name]))
    return body + philox.TEXT


class NoKernel(WinsetError):
    """The loop cannot be compiled here; the message says why."""


class NotYet(NoKernel):
    """The loop is being compiled in the background."""


_LOCK = threading.Lock()
_LOADED: list[ModuleType] = []
_PROBLEM: list[str] = []


def load() -> Any:
    """Return the compiled loop; compiled now if it was never before. Raises NoKernel."""
    return _module().run


def load_draw() -> Any:
    """Return the compiled function that draws random bits. Raises NoKernel."""
    return _module().draw


def _module() -> ModuleType:
    if _LOADED:
        return _LOADED[0]
    with _LOCK:
        if not _LOADED:
            if _PROBLEM:
                raise NoKernel(_PROBLEM[0])
            try:
                _LOADED.append(_loaded())
            except NotYet:
                raise
            except (ImportError, OSError, RuntimeError) as error:
                _PROBLEM.append(f"{type(error).__name__}: {error}")
                raise NoKernel(_PROBLEM[0]) from error
        return _LOADED[0]


def compile_in_background() -> None:
    """Let another process compile the loop; until it is done, `load` raises NotYet, here too."""
    if where() is None:
        os.environ[WAIT] = "no"
        environment = os.environ | {WAIT: "yes"}
        subprocess.Popen([sys.executable, "-m", "model.tracing"], cwd=ROOT, env=environment)


def where() -> Path | None:
    """Return the folder in which the compiled loop is kept; None before it is there."""
    return next((file.parent for file in _stamps() if file.exists()), None)


def folders() -> list[Path]:
    """Return where the compiled loop may be kept, best first."""
    own = Path(__file__).resolve().parent / "__pycache__"
    cache = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    user = Path(cache) if cache else Path.home() / ".cache"
    chosen = os.environ.get(FOLDER)
    return [*([Path(chosen)] if chosen else []), own, user / "winset"]


@cache
def _name() -> str:
    """Return the name of the generated module, by its text, the versions and the processor."""
    from llvmlite.binding import get_host_cpu_name

    parts = (source(), sys.version, version("numba"), get_host_cpu_name())
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()
    return f"winset_kernel_{digest[:16]}"


def _stamps() -> list[Path]:
    """Return the files that say that the loop has been compiled, one for each folder."""
    return [folder / f"{_name()}.compiled" for folder in folders()]


def _loaded() -> ModuleType:
    """Import the generated module from the first folder that can be written to, and compile it."""
    _scalar_functions()
    for stamp in _stamps():
        file = stamp.with_suffix(".py")
        if not stamp.exists() and os.environ.get(WAIT) == "no":
            continue
        try:
            if not stamp.exists():
                _write(file)
        except OSError:
            continue
        with _turn(stamp):
            module = _imported(file)
            _first_call(module)
            with contextlib.suppress(OSError):
                stamp.touch()
        return module
    if os.environ.get(WAIT) == "no":
        raise NotYet("it is being compiled, once for this installation")
    raise OSError(f"no folder can be written to: {', '.join(map(str, folders()))}")


def _scalar_functions() -> None:
    """Refuse Intel's vector functions: their bits would depend on a world's place in a block."""
    os.environ.setdefault("NUMBA_DISABLE_INTEL_SVML", "1")  # read when numba is imported
    from numba.core import config

    if getattr(config, "USING_SVML", False):
        raise RuntimeError("numba uses Intel's SVML; set NUMBA_DISABLE_INTEL_SVML=1")


@contextmanager
def _turn(stamp: Path) -> Iterator[None]:
    """Let one process compile while others wait for it, but not for one that was killed."""
    lock, mine = stamp.with_suffix(".lock"), False
    with contextlib.suppress(OSError):
        if not stamp.exists():
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL))
            mine = True
    ends = time.monotonic() + PATIENCE
    while not mine and lock.exists() and not stamp.exists() and time.monotonic() < ends:
        time.sleep(0.1)
    try:
        yield
    finally:
        if mine:
            lock.unlink(missing_ok=True)


def _imported(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(file.stem, file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file} cannot be imported")
    module = importlib.util.module_from_spec(spec)
    sys.modules[file.stem] = module
    spec.loader.exec_module(module)
    return module


def _first_call(module: ModuleType) -> None:
    """Run nothing, for which numba compiles the loop or takes it from its cache."""
    nothing, whole = np.zeros(1), np.zeros(1, np.int64)
    code, lists = np.zeros((0, 5), np.int32), np.zeros(1, np.int32)
    raw = np.zeros((1, 1, 4), np.uint64)
    module.run(code, lists, nothing, np.zeros((1, 1)), raw, 0, whole, 0.0, 1, *[nothing] * 4)
    one, none = np.zeros(1, np.uint64), np.uint64(0)
    module.draw(raw, one, none, one, whole, 0, none, none)


def _write(file: Path) -> None:
    """Write the generated module unless it is there: numba goes by the time of its last change."""
    if file.exists() and os.access(file.parent, os.W_OK):
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(
        "w", dir=file.parent, suffix=".tmp", delete=False, encoding="utf-8"
    ) as made:
        made.write(source())
    os.replace(made.name, file)
