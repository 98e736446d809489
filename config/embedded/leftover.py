"""Servers of an earlier start: they may still be on their way out when the next start comes."""

import os
import time
from pathlib import Path

from config.embedded.errors import StartError


def wait_for_leftover(pid_file: Path, folder: Path, *, name: str, patience: float = 20) -> None:
    """
    Wait until the server that wrote `pid_file` has ended.

    A process of that number which does not work in `folder` is another one, for the number was used again:
    then the file is removed. A file of a dead process stays: by it PostgreSQL finds out whether a child of
    the dead server still writes into the data.
    """
    pid = _pid_in(pid_file)
    deadline = time.monotonic() + patience
    while pid and _works_in(pid, folder):
        if time.monotonic() > deadline:
            raise StartError(f"{name} of an earlier start still runs. Stop it first: kill {pid}")
        time.sleep(0.1)
    if pid and Path(f"/proc/{pid}").exists() and not _is_zombie(pid):
        pid_file.unlink(missing_ok=True)


def _pid_in(pid_file: Path) -> int | None:
    try:
        return abs(int(pid_file.read_text(encoding="utf-8").split("\n")[0]))
    except (OSError, ValueError):
        return None


def _works_in(pid: int, folder: Path) -> bool:
    try:
        return Path(os.readlink(f"/proc/{pid}/cwd")) == folder.resolve() and not _is_zombie(pid)
    except OSError:
        return False


def _is_zombie(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    return state == "Z"
