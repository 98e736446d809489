"""`./run`: everything up, watched over until somebody stops it."""

import http.client
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from config.embedded.errors import StartError
from config.embedded.lock import Holding, TakenError, read_note
from config.embedded.places import LOGS, PYTHON, ROOT, STATE, make_places, socket_folder
from config.embedded.postgres import WEB_USER, Postgres
from config.embedded.process import bound_to_parent
from config.embedded.servers import addresses, child_of, embedded_servers
from config.embedded.supervisor import Child, Stopped, Supervisor, stop_on_signals

READY_PATIENCE = 90.0
LARGEST_LOG = 10_000_000

PROGRAMS = {
    "web": ["granian", "--interface", "asgi", "--workers", "1", "--http1-header-read-timeout", "10000",
            "--workers-kill-timeout", "5s", "--no-ws", "config.embedded.web:application"],
    "soon": ["celery", "-A", "config.celery", "worker", "--queues", "soon", "--pool", "threads",
             "--concurrency", "4", "--loglevel", "INFO", "--without-mingle", "--without-gossip",
             "--hostname", "soon@%h"],
    "heavy": ["celery", "-A", "config.celery", "worker", "--queues", "heavy", "--loglevel", "INFO",
              "--without-mingle", "--without-gossip", "--hostname", "heavy@%h"],
    "beat": ["celery", "-A", "config.beat", "beat", "--loglevel", "INFO", "--pidfile="],
}  # fmt: skip
# Killed rather than asked when `./run` is gone: the broker hands their tasks to the next worker.
WORKERS = {"soon", "heavy"}


def say(line: str) -> None:
    print(line, flush=True)


def up(env: Mapping[str, str] = os.environ) -> None:
    """Start everything, say Ready, and stay until somebody stops us."""
    host, port = env.get("HOST") or "127.0.0.1", _port(env)
    make_places()
    holding = _hold()
    supervisor = Supervisor(say)
    stop_on_signals()
    try:
        _check_port(host, port)
        _start(supervisor, holding, {**env, "HOST": host, "PORT": str(port)})
        while True:
            supervisor.look_after()
            time.sleep(0.2)
    except Stopped:
        say("Stopping ...")
    finally:
        supervisor.stop()
        holding.release()
    say("Stopped.")


def _start(supervisor: Supervisor, holding: Holding, env: dict[str, str]) -> None:
    began = time.time()
    url = f"http://{_address(env['HOST'])}:{env['PORT']}"
    servers = embedded_servers(state=STATE, sockets=socket_folder(), logs=LOGS, env=env)
    for server in servers.values():
        say(f"Starting {server.name} ...")
        supervisor.add(child_of(server))
    found = addresses(servers)
    env = {"SITE_URL": url, **env, **found, "STATE_DIR": str(STATE)}
    holding.note(work="./run", url=url, env={**found, "SITE_URL": env["SITE_URL"]})
    say("Preparing the database, the static files and the seed ...")
    if isinstance(database := servers.get("DATABASE_URL"), Postgres):
        env |= {"WEB_ROLE": WEB_USER, "WEB_DATABASE_URL": database.web_url}
    login = _prepare(env)
    say("Starting web, workers and beat ...")
    for name in PROGRAMS:
        supervisor.add(_child(name, env))
    _wait_until_ready(supervisor, env, began)
    for line in _welcome(url, login):
        say(line)
    say(f"Ready {url}/")


def _welcome(url: str, login: str) -> list[str]:
    return [
        "",
        f"  Pages      {url}/",
        f"  Desk       {url}/admin/",
        f"  Login      {login}",
        f"  API docs   {url}/api/docs/",
        f"  Logs       {LOGS}",
        "",
    ]


def _hold() -> Holding:
    try:
        return Holding(STATE)
    except TakenError:
        note = read_note(STATE) or {}
        what, where = note.get("work", "another ./run"), note.get("url", "")
        raise StartError(
            f"{what} is already at work in this folder {where} (process {note.get('pid', 'unknown')}). "
            "Stop it first, or work in another copy of the project."
        ) from None


def _port(env: Mapping[str, str]) -> int:
    text = env.get("PORT") or "8000"
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise StartError(f"PORT is '{text}', but must be a number from 1 to 65535.")
    return int(text)


def _address(host: str) -> str:
    """Return the address at which this machine reaches what listens on `host`."""
    return "127.0.0.1" if host in {"0.0.0.0", "::", "localhost"} else host  # noqa: S104


def _check_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise StartError(
                f"cannot listen on {host} port {port} ({error.strerror}). Choose another: PORT=8001 ./run"
            ) from error


def _prepare(env: dict[str, str]) -> str:
    """Return what to say about the editor's login."""
    process = subprocess.Popen(
        [str(PYTHON), "-m", "config.embedded.prepare"],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        start_new_session=True,
        preexec_fn=bound_to_parent(signal.SIGKILL),
    )
    try:
        output, _ = process.communicate()
    finally:
        process.kill()
    if process.returncode != 0:
        raise StartError("the database could not be prepared; the lines above say why.")
    return str(json.loads(output)["login"])


def _child(name: str, env: dict[str, str]) -> Child:
    command = [str(PYTHON.parent / PROGRAMS[name][0]), *PROGRAMS[name][1:]]
    if name == "web":
        command += ["--host", env["HOST"], "--port", env["PORT"]]
    env = env_of(name, env)
    log = LOGS / f"{name}.log"
    _keep_small(log)

    def start() -> subprocess.Popen[bytes]:
        with log.open("ab") as output:
            return subprocess.Popen(
                command,
                cwd=ROOT,
                env=env,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=bound_to_parent(signal.SIGKILL if name in WORKERS else signal.SIGTERM),
            )

    return Child(name, start)


def env_of(name: str, env: dict[str, str]) -> dict[str, str]:
    """Return the program's environment. The web's role has time-outs; a worker may take longer than that."""
    if name == "web" and env.get("WEB_DATABASE_URL"):
        return {**env, "DATABASE_URL": env["WEB_DATABASE_URL"]}
    return env


def _keep_small(log: Path) -> None:
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_suffix(".log.1"))


def _wait_until_ready(supervisor: Supervisor, env: dict[str, str], began: float) -> None:
    deadline = time.monotonic() + READY_PATIENCE
    while time.monotonic() < deadline:
        supervisor.look_after()
        state = _ask_readiness(_address(env["HOST"]), int(env["PORT"]))
        # A heartbeat from before our start would say nothing about our worker and our beat.
        if state.get("all_ready") and state["heartbeat"] > began:
            return
        time.sleep(0.1)
    missing = ", ".join(name for name, ok in state.items() if ok is False) or "web"
    raise StartError(f"not ready after {READY_PATIENCE:.0f} s: no answer from {missing}. See {LOGS}.")


def _ask_readiness(host: str, port: int) -> dict[str, float | bool]:
    connection = http.client.HTTPConnection(host, port, timeout=10)
    try:
        connection.request("GET", "/readyz")
        response = connection.getresponse()
        return {**json.loads(response.read()), "all_ready": response.status == 200}
    except (OSError, http.client.HTTPException, ValueError):
        return {}
    finally:
        connection.close()
