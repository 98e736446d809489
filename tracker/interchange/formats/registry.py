"""The formats that can be imported, by the name that `--from` takes."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from tracker.interchange.formats.fatebook import read_fatebook
from tracker.interchange.formats.forecastbench import read_forecastbench
from tracker.interchange.formats.manifold import read_manifold
from tracker.interchange.formats.metaculus import read_metaculus
from tracker.interchange.formats.predictionbook import read_predictionbook
from tracker.interchange.house.take_in import Reading, read_for_import
from tracker.interchange.kit.refusals import UnreadableFileError

logger = logging.getLogger(__name__)


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
    """
    Read files in one of the formats. Raises UnreadableFileError, whatever it is that a reader tripped over.

    The log has the rest: what a library says may name a path of ours.
    """
    try:
        return READERS[format](paths=paths, name=name)
    except UnreadableFileError:
        raise
    except Exception as error:
        logger.warning("%s could not be read as %s", name, format, exc_info=error)
        raise UnreadableFileError(
            f"{name} holds something that no file of the format {format} does. Is it of another format?"
        ) from error
