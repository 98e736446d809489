"""The application as granian's worker process loads it under `./run`: it ends when granian does."""

import signal

from config.asgi import application
from config.embedded.process import bind_to_parent

bind_to_parent(signal.SIGKILL)

__all__ = ["application"]
