"""An embedded Valkey (or Redis): the broker and the cache, on a socket that only its owner may open."""

import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import redis

from config.embedded.binaries import Program, find_redis
from config.embedded.errors import StartError
from config.embedded.last_words import last_line, size_of
from config.embedded.leftover import wait_for_leftover
from config.embedded.process import bound_to_parent

PATIENCE = 20.0


@dataclass
class Valkey:
    data: Path
    sockets: Path
    log: Path
    durable: bool = True
    # Where the log ended when the server was started.
    began_at: int = 0

    name = "Valkey"
    stop_signal = signal.SIGTERM

    @property
    def socket(self) -> Path:
        return self.sockets / "valkey.sock"

    @property
    def url(self) -> str:
        return f"unix://{self.socket}?db=0"

    def start(self) -> subprocess.Popen[bytes]:
        """Start the server and wait until it answers."""
        program = find_redis()
        # One kind cannot read the files of another. They hold no more than tasks under way.
        folder = self.data / f"{program.name}-{program.major}"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        wait_for_leftover(folder / "server.pid", folder, name=self.name)
        self.began_at = size_of(self.log)
        with self.log.open("ab") as output:
            process = subprocess.Popen(
                self._command(program, folder),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=bound_to_parent(signal.SIGTERM),
            )
        self._wait(process)
        return process

    def _command(self, program: Program, folder: Path) -> list[str]:
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "dir": str(folder),
            "pidfile": str(folder / "server.pid"),
            "daemonize": "no",
            "save": "",
            "appendonly": "yes" if self.durable else "no",
            "databases": "64",
            "loglevel": "warning",
        }
        return [str(program.path), *(part for key, value in options.items() for part in (f"--{key}", value))]

    def _wait(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + PATIENCE
        with redis.Redis(unix_socket_path=str(self.socket), socket_timeout=5) as client:
            while process.poll() is None and time.monotonic() < deadline:
                try:
                    client.ping()
                except (redis.ConnectionError, redis.TimeoutError):
                    time.sleep(0.05)
                else:
                    return
        process.kill()
        process.wait(10)
        raise StartError(
            f"Valkey did not start ({self.last_words() or 'it said nothing'}). "
            f"See {self.log}, or set REDIS_URL to a server of yours."
        )

    def last_words(self) -> str:
        """Return the last line of its log, which is told warnings alone."""
        return last_line(self.log, since=self.began_at)
