"""What a server's log says of its end."""

import re
from pathlib import Path

LONGEST = 300
# Said to those who call while it starts or stops: the consequence, never the cause.
OF_CALLERS = re.compile(
    r"FATAL:\s+(the database system is |terminating connection|sorry, too many clients|"
    r"remaining connection slots|(role|database) \".*\" does not exist)"
)
SERIOUS = ("PANIC:", "FATAL:")


def size_of(log: Path) -> int:
    """Return where the log ends now, and what the next start says begins."""
    return log.stat().st_size if log.exists() else 0


def last_words(log: Path, *, since: int = 0) -> str:
    """
    Return why the server ended: the last PANIC line, else the last FATAL one, else an empty string.

    since: the size of the log when the server started, so that no earlier end is told again.
    """
    lines = [line for line in _lines(log, since) if not OF_CALLERS.search(line)]
    for word in SERIOUS:
        for line in reversed(lines):
            if word in line:
                return line[line.index(word) :][:LONGEST]
    return ""


def last_line(log: Path, *, since: int = 0) -> str:
    """Return the last line that is no mere warning, of a server that knows no such words."""
    lines = [line for line in _lines(log, since) if "WARNING" not in line]
    return lines[-1][:LONGEST] if lines else ""


def _lines(log: Path, since: int) -> list[str]:
    try:
        with log.open("rb") as file:
            # A log that was begun anew meanwhile is shorter.
            file.seek(since if size_of(log) >= since else 0)
            text = file.read().decode("utf-8", errors="replace")
    except OSError:
        return []
    return [line.strip() for line in text.split("\n") if line.strip()]
