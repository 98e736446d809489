"""The servers behind the application: those that the environment names, else embedded ones."""

import os
from collections.abc import Mapping
from pathlib import Path

from config.embedded.postgres import Postgres
from config.embedded.supervisor import Child
from config.embedded.valkey import Valkey

Server = Postgres | Valkey


def embedded_servers(
    *, state: Path, sockets: Path, logs: Path, env: Mapping[str, str] = os.environ, durable: bool = True
) -> dict[str, Server]:
    """Return a server for each of the two variables that the environment leaves open."""
    servers: dict[str, Server] = {}
    if not env.get("DATABASE_URL"):
        servers["DATABASE_URL"] = Postgres(state / "postgres", sockets, logs / "postgres.log", durable)
    if not env.get("REDIS_URL"):
        servers["REDIS_URL"] = Valkey(state / "valkey", sockets, logs / "valkey.log", durable)
    return servers


def addresses(servers: Mapping[str, Server]) -> dict[str, str]:
    """Return the environment variables that lead to the servers."""
    return {variable: server.url for variable, server in servers.items()}


def child_of(server: Server) -> Child:
    """Return the server as a supervisor looks after it."""
    return Child(server.name, server.start, server.stop_signal, last_words=server.last_words)
