"""The bytes of a file, plain or packed, within the limits: unpacked as a stream, and stopped at the limit."""

from __future__ import annotations

import gzip
import io
import json
import sys
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from forecasts.limits import FREE_OF_RATIO, most
from tracker.interchange.kit.refusals import UnreadableFileError

GZIP, ZIP, PARQUET = b"\x1f\x8b", b"PK\x03\x04", b"PAR1"
CHUNK = 1 << 20
DAMAGED = (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError)
"""What unpacking raises: RuntimeError is a password, NotImplementedError another way of packing."""


def name_of(path: str | Path) -> str:
    """
    Return what a file is called in words: never where it lies on our machine.

    >>> name_of("/tmp/tmp8w/0/rain.csv"), name_of("-")
    ('rain.csv', 'standard input')
    """
    return "standard input" if str(path) == "-" else Path(path).name


def bytes_of(path: str | Path) -> bytes:
    """Return a file's bytes, unpacked where it is gzip or a zip of one file. Raises UnreadableFileError."""
    name = name_of(path)
    try:
        packed = sys.stdin.buffer.read() if str(path) == "-" else Path(path).read_bytes()
        if packed.startswith(GZIP):
            with gzip.GzipFile(fileobj=io.BytesIO(packed)) as file:
                return _joined(_read(file), len(packed), name)
        return _of_zip(packed, name) if packed.startswith(ZIP) else packed
    except OSError as error:
        raise UnreadableFileError(f"{name} can't be read: {error.strerror or 'it is not whole'}") from error
    except DAMAGED as error:
        raise UnreadableFileError(f"{name} can't be read: it is cut short or damaged") from error


def text_of(path: str | Path) -> str:
    """Return a file's text. Raises UnreadableFileError."""
    try:
        return bytes_of(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFileError(f"{name_of(path)} is not UTF-8: save it as UTF-8 and try again") from error


def json_of(path: str | Path) -> Any:
    """Return what a JSON file says. Raises UnreadableFileError."""
    name = name_of(path)
    try:
        found = json.loads(text_of(path))
    except UnreadableFileError:
        raise
    except ValueError as error:
        raise UnreadableFileError(f"{name} can't be read as JSON: {error}") from error
    except RecursionError as error:
        raise _too_deep(name) from error
    if _is_deep(found):
        raise _too_deep(name)
    return found


def member_of(archive: zipfile.ZipFile, held: zipfile.ZipInfo) -> IO[bytes]:
    """Return a file of an archive, unpacked within the limits. Raises UnreadableFileError."""
    name = Path(held.filename).name
    with archive.open(held) as file:
        return io.BytesIO(_joined(_read(file), max(held.compress_size, 1), name))


def check_rows(rows: int, name: str) -> None:
    """Raises UnreadableFileError where there are too many."""
    if rows > most("rows"):
        raise UnreadableFileError(f"{name} has {rows:,} rows: at most {most('rows'):,} are read. Split it")


def check_size(size: int, name: str) -> None:
    """Raises UnreadableFileError where that many bytes are too many."""
    if size > most("unpacked"):
        raise UnreadableFileError(
            f"{name} is larger than {most('unpacked') >> 20:,} MB once it is unpacked. Split it"
        )


def _of_zip(packed: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        held = [each for each in archive.infolist() if not each.is_dir()]
        if len(held) != 1:
            raise UnreadableFileError(f"{name} holds {len(held)} files: upload them one by one")
        content = member_of(archive, held[0]).read()
    if content.startswith((ZIP, GZIP)):
        raise UnreadableFileError(f"{name} holds another archive: unpack it, and upload what is inside")
    return content


def _joined(parts: Iterator[bytes], packed: int, name: str) -> bytes:
    out, size = [], 0
    for part in parts:
        size += len(part)
        check_size(size, name)
        if size > FREE_OF_RATIO and size > packed * most("ratio"):
            raise UnreadableFileError(
                f"{name} unpacks to more than {most('ratio')} times its size, which no table does. "
                "Upload it unpacked, or split it"
            )
        out.append(part)
    return b"".join(out)


def _read(file: IO[bytes] | gzip.GzipFile) -> Iterator[bytes]:
    while part := file.read(CHUNK):
        yield part


def _is_deep(found: Any) -> bool:
    level = [found]
    for _ in range(most("depth")):
        level = [inner for each in level for inner in _inside(each)]
        if not level:
            return False
    return True


def _inside(each: Any) -> Any:
    held = each.values() if isinstance(each, dict) else each if isinstance(each, list) else ()
    return [inner for inner in held if isinstance(inner, dict | list)]


def _too_deep(name: str) -> UnreadableFileError:
    return UnreadableFileError(f"{name} is nested in more than {most('depth')} levels")
