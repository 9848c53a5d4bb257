"""Describe results folders as Process Run Crates, which other tools can read."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from experiments.results.files import write_whole
from experiments.results.layout import CONTENTS, CRATE, MANIFEST, OTHER
from experiments.results.manifest import as_json

RO_CRATE = "https://w3id.org/ro/crate/1.1"
PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
CONTEXT = [f"{RO_CRATE}/context", "https://w3id.org/ro/terms/workflow-run/context"]
GIVEN = ("seed", "worlds", "points", "worlds_per_point")


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Write the crate and then the manifest of a folder whose tables are written.

    Raises OSError.
    """
    text = json.dumps(crate(manifest), indent=2, ensure_ascii=False)
    write_whole(folder / CRATE, f"{text}\n".encode())
    write_whole(folder / MANIFEST, as_json(manifest))


def crate(manifest: dict[str, Any]) -> dict[str, Any]:
    """Return the metadata of a folder by Process Run Crate 0.5 (Leo et al. 2024)."""
    today = datetime.now(UTC).date().isoformat()
    files = [*manifest["files"], MANIFEST]
    parts = [{"@id": name} for name in files]
    title = f"Winset {manifest['kind']} {manifest['name']}"
    given = [
        {"@id": f"#{key}", "@type": "PropertyValue", "name": key, "value": manifest[key]}
        for key in GIVEN
    ]
    graph: list[dict[str, Any]] = [
        {
            "@id": CRATE,
            "@type": "CreativeWork",
            "conformsTo": {"@id": RO_CRATE},
            "about": {"@id": "./"},
        },
        {
            "@id": "./",
            "@type": "Dataset",
            "conformsTo": {"@id": PROFILE},
            "name": title,
            "description": f"Simulated negotiations: {title}. Not observed data.",
            "datePublished": today,
            "hasPart": parts,
            "mentions": {"@id": "#run"},
        },
        {"@id": PROFILE, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"},
        {
            "@id": "#winset",
            "@type": "SoftwareApplication",
            "name": "Winset",
            "softwareVersion": manifest["commit"] or f"code {manifest['code'][:12]}",
            "softwareRequirements": [f"{k} {v}" for k, v in manifest["versions"].items()],
        },
        {
            "@id": "#run",
            "@type": "CreateAction",
            "name": title,
            "description": manifest["command"] or "called from Python",
            "endTime": today,
            "instrument": {"@id": "#winset"},
            "object": [{"@id": one["@id"]} for one in given],
            "result": parts,
        },
        *given,
    ]
    graph += [_file(name, manifest) for name in files]
    return {"@context": CONTEXT, "@graph": graph}


def _file(name: str, manifest: dict[str, Any]) -> dict[str, Any]:
    kinds = {
        ".parquet": "application/vnd.apache.parquet",
        ".csv": "text/csv",
        ".txt": "text/plain",
    }
    described = {
        "@id": name,
        "@type": "File",
        "name": name,
        "description": CONTENTS.get(name, OTHER),
        "encodingFormat": kinds.get(Path(name).suffix, "application/json"),
    }
    if name in manifest["files"]:
        described["sha256"] = manifest["files"][name]
    return described
