"""Run one chunk of a study: plain values in, the bytes of its tables out."""

import gc
from dataclasses import dataclass

import pandas as pd

from experiments.columns import SWEEP, WORLD, run_columns, with_metadata
from experiments.results.files import arrow, parquet_bytes
from experiments.results.weekly_histograms import count
from experiments.study import Piece, framed, run_piece

FINGERPRINT, NUMBER = "winset_study", "winset_chunk"  # in the metadata of the file


@dataclass(frozen=True)
class Job:
    """A piece of a study with its number, and the fingerprint of the study it belongs to."""

    number: int
    fingerprint: str
    piece: Piece


@dataclass(frozen=True)
class Made:
    """The results of a chunk: Parquet bytes of its rows, and of its weekly counts if any."""

    number: int
    worlds: int
    runs: bytes
    weeks: bytes | None


def make(job: Job) -> Made:
    """Run a chunk to its end."""
    piece = job.piece
    run = run_piece(piece)
    about = {FINGERPRINT: job.fingerprint, NUMBER: str(job.number)}
    table = framed(piece, run.outcomes)
    swept = {SWEEP + name: values for name, values in piece.sweep.items()}
    table = pd.concat([table, pd.DataFrame(swept, index=table.index)], axis=1)
    rows = with_metadata(arrow(table.reset_index(names=WORLD)), run_columns(piece.arm.scenario))
    runs = parquet_bytes(rows, about)
    weeks = None
    if run.weeks is not None:
        apart = piece.points if piece.by_point else None
        weeks = parquet_bytes(arrow(count(run.weeks, piece.last_week, apart)), about)
    del run, table
    gc.collect()  # models are cyclic, and large
    return Made(job.number, piece.streams.size, runs, weeks)
