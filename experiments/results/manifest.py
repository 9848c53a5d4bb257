"""The manifest of a results folder: what was run, with which versions, and hashes of the files."""

import functools
import hashlib
import json
import os
import platform
import subprocess
import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from experiments.results.errors import ResultsError
from experiments.results.formats import check_format
from experiments.results.layout import MANIFEST
from experiments.results.manifest_model import manifest_problems
from experiments.results.untrusted import read_json, reason
from model.schema.problems import Problem

# Versions that the manifest names, and those that affect the bytes of a table.
DECIDING = ("numpy", "numba", "scipy", "pandas", "pyarrow", "mesa")
PACKAGES = (*DECIDING, "xarray", "pydantic", "networkx")
ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("model", "agents")  # all their files determine a world
RECORDING = (  # ... and these determine its row in a table
    "engine.py",
    "engines.py",
    "study.py",
    "columns.py",
    "results/weekly_histograms.py",
    "results/files.py",
    "batch/chunks.py",
)


def provenance() -> dict[str, Any]:
    """Return what affects the bits of a result besides its study: code, versions, processor."""
    return {
        "versions": {"python": platform.python_version()} | {n: _version(n) for n in PACKAGES},
        "processor": processor(),
        "winset": winset_version(),
        "commit": _commit(),
        "code": code_digest(),
    }


@functools.cache
def code_digest() -> str:
    """Return the SHA-256 of everything that determines a world: code, data, shipped scenarios."""
    paths = [path for top in FOLDERS for path in (ROOT / top).rglob("*")]
    paths += [ROOT / "experiments" / name for name in RECORDING]
    whole = hashlib.sha256()
    for path in sorted(paths):
        if path.is_file() and "__pycache__" not in path.parts:
            whole.update(path.relative_to(ROOT).as_posix().encode() + b"\0")
            whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def deciding_versions() -> dict[str, str]:
    """Return the versions of the packages that affect the bits of a table."""
    return {name: _version(name) for name in DECIDING}


def processor() -> dict[str, Any]:
    """Return what affects the last bits of a float: machine and SIMD instruction sets."""
    simd = np.show_config(mode="dicts").get("SIMD Extensions", {})
    return {
        "machine": platform.machine(),
        "system": platform.system(),
        "simd": simd.get("found", []),
    }


def as_json(manifest: dict[str, Any]) -> bytes:
    """Return a manifest as the bytes of its file."""
    text = json.dumps(manifest, indent=2, ensure_ascii=False, allow_nan=False)
    return f"{text}\n".encode()


def read_manifest(place: Path) -> dict[str, Any]:
    """Return the manifest of a results folder, with a warning if its format is an older one.

    Raises ResultsError if the folder cannot be read.
    """

    def refuse(where: str, value: str, why: str, remedy: str) -> NoReturn:
        raise ResultsError(place, [Problem(where, value, why, remedy)]) from None

    if not os.path.isdir(place):  # also False for names that no folder can have
        refuse(
            "folder",
            "",
            "there is no such folder",
            "Choose one that a run has written, such as results/february_2025.",
        )
    try:
        manifest = read_json(place, MANIFEST)
    except FileNotFoundError:
        refuse(
            MANIFEST,
            "",
            "missing: this is not a results folder, or its run was stopped",
            "Run it again (continue a batch with --resume), or choose another folder.",
        )
    except (ValueError, OSError) as error:
        why = f"cannot be read as JSON ({reason(error)})"
        refuse(MANIFEST, "", why, "Run it again.")
    check_format(place, manifest)
    if problems := manifest_problems(manifest, "Run it again."):
        raise ResultsError(place, problems)
    checked: dict[str, Any] = manifest
    return checked


def again(manifest: dict[str, Any]) -> str:
    """Return the remedy that writes a folder again."""
    command = manifest.get("command")
    return f"Write it again with: {command}" if command else "Run it again."


@functools.cache
def winset_version() -> str:
    """Return the version of this project, which is declared in pyproject.toml only.

    The project runs from its checkout and is not installed, so importlib.metadata does not know it.
    """
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return str(declared["project"]["version"])


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "absent"


def _commit() -> str | None:
    """Return the git commit of the project, with "+" if files differ from it, or None."""
    try:
        done = subprocess.run(
            ["git", "describe", "--always", "--abbrev=40", "--dirty=+", "--exclude=*"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
            timeout=10,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip() or None
