"""Read the transcripts of a class from files and zips, and compare them in table rows."""

import base64
import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Any

import numpy as np

from app.play.debriefing import Row, signed, strip
from app.play.games import keep
from experiments.game.comparison import SeatResult, cases, divergences, packages
from experiments.game.debrief import Measure
from experiments.game.transcript_reading import LARGEST
from model.schema.problems import Problem

MOST_FILES = 100
LARGEST_UPLOAD = 8_000_000  # bytes of one dropped file, also of a zip
LARGEST_UNPACKED = 30_000_000
NONE = "no deal in force"
SPOILT = (  # errors from damaged zips
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error),
    *(RuntimeError, NotImplementedError, OSError, EOFError, ValueError),
)

type File = tuple[str, bytes]


def unpacked(dropped: Sequence[dict[str, Any]], problems: list[Problem]) -> list[File]:
    """Return the files that a browser sent, with zips unpacked. Appends to `problems`.

    dropped: name, size and base64 content of each file.
    """
    files: list[File] = []
    for file in dropped[:MOST_FILES]:
        name, size, text = str(file["name"])[:100], int(file["size"]), str(file["content"])
        if size > LARGEST_UPLOAD or len(text) > 2 * LARGEST_UPLOAD:
            why = f"it has {size:,} bytes, at most {LARGEST_UPLOAD:,} are read"
            remedy = "Split it." if name.lower().endswith(".zip") else "This is not a transcript."
            problems.append(Problem(name, "", why, remedy))
            continue
        try:
            content = base64.b64decode(text, validate=True)
        except ValueError:
            problems.append(Problem(name, "", "it did not arrive complete", "Drop it again."))
            continue
        zipped = name.lower().endswith(".zip") or content.startswith(b"PK\x03\x04")
        files += _members(name, content, problems) if zipped else [(name, content)]
    if len(files) > MOST_FILES or len(dropped) > MOST_FILES:
        why = f"at most {MOST_FILES} files are compared"
        problems.append(
            Problem("the files", str(max(len(files), len(dropped))), why, "The rest is left out.")
        )
    return files[:MOST_FILES]


def _members(name: str, content: bytes, problems: list[Problem]) -> Iterator[File]:
    """Yield the files in a zip. Each is cut just above the largest size of a transcript."""
    total = 0
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for entry in archive.infolist()[: MOST_FILES + 1]:
                short = PurePosixPath(entry.filename).name[:100]
                if entry.is_dir() or short.startswith(".") or "__MACOSX" in entry.filename:
                    continue
                with archive.open(entry) as file:
                    text = file.read(LARGEST + 1)
                total += len(text)
                if total > LARGEST_UNPACKED:
                    why = f"unpacked it has more than {LARGEST_UNPACKED:,} bytes"
                    problems.append(Problem(name, "", why, "Split it."))
                    return
                yield short, text
    except SPOILT as error:
        problems.append(Problem(name, "", f"it cannot be unpacked ({error})", "Drop the files."))


def groups(plays: Sequence[SeatResult]) -> list[Row]:
    """Return a row for each case: heading, strips, table, first different moves, deals."""
    return [_group(group) for group in cases(plays)]


def _group(group: list[SeatResult]) -> Row:
    first = group[0]
    transcript = first.transcript
    many = "1 game" if len(group) == 1 else f"{len(group)} games"
    better = sum(one.own > one.twin for one in group)
    return {
        "key": first.case,
        "title": f"{first.who.title} in {transcript.setting.title}",
        "note": f"{many}; seed {transcript.seed}, world {transcript.world}. "
        f"{better} of {len(group)} did better than the model in this seat, with the same random "
        "numbers.",
        "strips": list(_strips(group)),
        "rows": [_row(one) for one in group],
        "partings": [divergence.text for divergence in divergences(group)],
        "packages": [
            {
                "many": f"{many} of {len(group)}",
                "sentences": [line.replace(" %", "\u00a0%") for line in package or (NONE,)],
            }
            for many, package in packages(group)
        ],
    }


def _strips(group: Sequence[SeatResult]) -> Iterator[Row]:
    side = group[0].who.side.lower()
    sides = [name.lower() for name in group[0].transcript.setting.sides]
    other = next(name for name in sides if name != side)
    titles = {k.lower(): c.named for k, c in group[0].transcript.setting.sides.items()}
    wanted = [
        ("Score", "points", [one.own for one in group], group[0].twin),
        ("Worth of the deal in force at the end", "points", [one.worth for one in group], np.nan),
        ("Week of the first deal", "week", _column(group, "agreement_week", 1.0), np.nan),
        (
            f"Tariff of {titles[other]} in the end",
            "%",
            _column(group, f"tariff_{other}_final", 100.0),
            np.nan,
        ),
    ]
    for title, unit, values, twin in wanted:
        if not np.nan_to_num(values).any():
            continue
        row = strip(Measure(title, title, unit, 0, np.nan, twin, np.array(values)))
        row["marks"] = [mark for mark in row["marks"] if mark["kind"] == "twin" and twin == twin]
        known = int((~np.isnan(values)).sum())
        row["note"] = "a dot: a game" + (f"; {known} of {len(group)}" if known < len(group) else "")
        row["points"] = [[x, round(0.3 + 0.4 * y, 2)] for x, y in row["points"]]
        yield row


def _column(group: Sequence[SeatResult], name: str, factor: float) -> list[float]:
    values = [one.outcome[name] for one in group]
    return [float("nan") if value is None else factor * float(value) for value in values]


def _row(one: SeatResult) -> Row:
    week = one.outcome["agreement_week"]
    return {
        "name": one.label,
        "own": signed(one.own),
        "apart": signed(one.own - one.twin),
        "better": one.own > one.twin,
        "outcome": one.outcome["outcome"],
        "week": "–" if week is None else f"{week:.0f}",
        "worth": signed(one.worth),
        "watch": f"/watch?game={keep(one.transcript)}",
    }
