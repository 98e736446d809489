"""The formats that can be imported, by the name that `--from` takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from tracker.interchange.fatebook import read_fatebook
from tracker.interchange.forecastbench import read_forecastbench
from tracker.interchange.manifold import read_manifold
from tracker.interchange.metaculus import read_metaculus
from tracker.interchange.predictionbook import read_predictionbook
from tracker.interchange.taking_in import Reading, read_for_import


class Reader(Protocol):
    def __call__(self, *, paths: Sequence[Path], name: str) -> Reading: ...


def read_files(*, paths: Sequence[Path], name: str) -> Reading:
    return read_for_import(paths=map(str, paths), name=name)


READERS: Mapping[str, Reader] = {
    "common": read_files,
    "fatebook": read_fatebook,
    "forecastbench": read_forecastbench,
    "manifold": read_manifold,
    "metaculus": read_metaculus,
    "predictionbook": read_predictionbook,
}


def read_as(format: str, *, paths: Sequence[Path], name: str) -> Reading:
    """Read files in one of the formats. Raises UnreadableFileError."""
    return READERS[format](paths=paths, name=name)
