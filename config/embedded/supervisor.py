"""Watches over child processes: starts them again when they end, and stops them in order."""

import signal
import subprocess
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType

from config.embedded.errors import StartError
from config.embedded.process import stop

PAUSES = (0.5, 1, 2, 4, 8, 15)
TOO_MANY_ENDS = 6
WITHIN_SECONDS = 120.0


class Stopped(BaseException):
    """Somebody asked us to stop."""


@dataclass
class Child:
    name: str
    start: Callable[[], subprocess.Popen[bytes]]
    stop_signal: int = signal.SIGTERM
    patience: float = 15
    last_words: Callable[[], str] | None = None
    process: subprocess.Popen[bytes] | None = None
    ends: deque[float] = field(default_factory=deque)
    start_again_at: float = 0.0


class Supervisor:
    """Children are started in the order they are added and stopped in the reverse order."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.children: list[Child] = []
        self.say = say

    def add(self, child: Child) -> None:
        self.children.append(child)
        child.process = child.start()

    def look_after(self) -> None:
        """Start again what has ended; raise StartError when a child keeps ending."""
        for child in self.children:
            if child.process is None:
                if time.monotonic() >= child.start_again_at:
                    self._start_again(child)
            elif child.process.poll() is not None:
                self._note_end(child, _reason(child, child.process.returncode))

    def _start_again(self, child: Child) -> None:
        """Start it; a server that does not come up has ended once more, and is tried again like the rest."""
        try:
            child.process = child.start()
        except StartError as error:
            self._note_end(child, str(error), what=str(error).rstrip("."))

    def _note_end(self, child: Child, reason: str, *, what: str = "") -> None:
        now = time.monotonic()
        child.ends.append(now)
        while child.ends[0] < now - WITHIN_SECONDS:
            child.ends.popleft()
        if len(child.ends) >= TOO_MANY_ENDS:
            raise StartError(f"{child.name} keeps ending ({reason}). See the logs in var/log.")
        pause = PAUSES[min(len(child.ends), len(PAUSES)) - 1]
        child.process = None
        child.start_again_at = now + pause
        self.say(f"{what or f'{child.name} ended ({reason})'}; starting it again in {pause:g} s.")

    def stop(self) -> None:
        for child in reversed(self.children):
            if child.process is not None:
                stop(child.process, child.stop_signal, patience=child.patience)
        self.children.clear()


def _reason(child: Child, status: int) -> str:
    """Return how it ended, and what it said last, where it says why."""
    how = signal.Signals(-status).name if status < 0 else f"exit status {status}"
    said = child.last_words() if child.last_words else ""
    return f"{how}: {said}" if said else how


def stop_on_signals() -> None:
    """Turn the first SIGINT, SIGTERM or SIGHUP into Stopped; later ones find us at it already."""

    def handle(number: int, frame: FrameType | None) -> None:
        for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(name, signal.SIG_IGN)
        raise Stopped

    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, handle)
