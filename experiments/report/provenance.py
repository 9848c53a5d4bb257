"""Provenance of results: seed, versions, machine, hashes; how to cite and how to reproduce them."""

import re
from contextlib import suppress
from typing import Any

from experiments.report.blocks import Facts, Items, Part, Table, Text, Words
from experiments.report.folder import Folder
from experiments.results.manifest import ROOT
from experiments.summary import Section

CITATION = "CITATION.cff"
STREAM = (
    "Random numbers are addressed by seed, world and purpose: worlds with the same number and seed "
    "have the same random numbers, no matter which other worlds are simulated with them."
)


def provenance(folder: Folder) -> Part:
    """Return the provenance of the results, and the hashes of their files."""
    manifest = folder.manifest
    facts = [("Seed", f"{manifest['seed']}. {STREAM}"), ("Worlds", worlds(manifest))]
    facts += [
        ("Commit", _commit(manifest.get("commit"))),
        ("Code and data", f"SHA-256 {manifest.get('code', 'not recorded')}"),
        ("Versions", ", ".join(f"{n} {v}" for n, v in manifest.get("versions", {}).items())),
        ("Engine", engine(manifest)),
        ("Machine", machine(manifest.get("processor", {}))),
    ]
    if manifest.get("record"):
        facts.append(("Recorded by week", ", ".join(map(str, manifest["record"]))))
    if manifest["swept"]:
        facts.append(("Varied between worlds", ", ".join(map(str, manifest["swept"]))))
    rows: list[tuple[str, ...]] = [(str(n), str(h)) for n, h in manifest["files"].items()]
    note = "The files agreed with the manifest when this page was written."
    hashes = Section("Files", ("file", "SHA-256"), rows, note)
    return Part("provenance", "Provenance", [Facts(facts), Table(hashes, folded=True)])


def worlds(manifest: dict[str, Any]) -> str:
    """Return the number of worlds and their design points as text."""
    total, points = int(manifest["worlds"]), int(manifest.get("points", 1))
    each = int(manifest.get("worlds_per_point", total))
    words = f"{total:,}"
    if points > 1:
        words += f": {points:,} design points of {each:,} worlds with the same random numbers"
    lost = manifest.get("failed_chunks", 0)
    return f"{words}. {lost} chunks failed: see failed.csv" if lost else words


def engine(manifest: dict[str, Any]) -> str:
    """Return which engine ran the worlds, and why it was not the traced one."""
    reason = str(manifest.get("engine_reason", ""))
    return str(manifest.get("engine", "numpy")) + (f". {reason}" if reason else "")


def machine(processor: dict[str, Any]) -> str:
    """Return the kind of machine, which affects the last bits of floating-point results."""
    kinds = [str(processor.get(key, "unknown")) for key in ("system", "machine")]
    simd = ", ".join(map(str, processor.get("simd", [])))
    return " ".join(kinds) + (f" ({simd})" if simd else "")


def _commit(commit: object) -> str:
    if not commit:
        return "not recorded: the code was not in a git checkout"
    changed = str(commit).endswith("+")
    return str(commit) + (" (+: files differed from the commit)" if changed else "")


def citation(folder: Folder) -> Part:
    """Return how to cite the software, with the commit that was run."""
    text = ""  # without CITATION.cff, as in a copy of the code alone, the entries are "unknown"
    with suppress(OSError, ValueError):
        text = (ROOT / CITATION).read_text(encoding="utf-8")
    title, version = _field(text, "title"), _field(text, "version")
    author, licence = _field(text, "  - name"), _field(text, "license")
    commit = str(folder.manifest.get("commit") or "unknown").rstrip("+")
    plain = (
        f"{author}. {title}. Version {version}, commit {commit[:12]}. Software, licence {licence}."
    )
    entry = (
        f"@software{{winset,\n  author = {{{{{author}}}}},\n  title = {{{title}}},\n"
        f"  version = {{{version}}},\n  note = {{commit {commit}}}\n}}"
    )
    return Part("cite", "How to cite", [Words([plain]), Text(entry, wrap=True)])


def reproduction(folder: Folder) -> Part:
    """Return the command that reproduces the results."""
    command = str(folder.manifest.get("command") or "")
    if not command:
        return Part("again", "How to reproduce", [Words(["The manifest has no command."])])
    words = "The same versions on the same kind of machine write the same tables, byte for byte."
    return Part("again", "How to reproduce", [Text(command, wrap=True), Words([words])])


def sources(folder: Folder) -> Part | None:
    """Return the literature that the description of the results lists."""
    named = [str(one) for one in folder.about.get("sources", [])]
    words = "The source of each parameter is in docs/parameters.md, or it is marked: assumption."
    blocks = [Items(named), Words([words])] if named else [Words([words])]
    return Part("sources", "Sources", blocks)


def _field(text: str, key: str) -> str:
    match = re.search(rf'^{re.escape(key)}: "?(.*?)"?$', text, re.MULTILINE)
    return match.group(1) if match else "unknown"
