"""
How fast the record is: files in, boards out, each time beside a floor of the same run.

    python -m tests.benchmarks.record [--forecasts 1000000]

Starts a PostgreSQL and a Valkey of its own, with the settings of production, in a temporary folder,
and removes them afterwards. The floor is one bare COPY of the same seven columns into a table without
an index. Limits are held against the wall clock or, on a busy machine, against the processor time of
all processes. Exits with 1 when a limit is broken. Reads /proc, so it runs on Linux.
"""

from __future__ import annotations

import argparse
import importlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django

from config.embedded.process import stop
from config.embedded.servers import addresses, embedded_servers


@contextmanager
def own_servers() -> Iterator[Path]:
    """Yield a folder, with servers of our own in the environment."""
    folder = Path(tempfile.mkdtemp(prefix="ft-record-"))
    # An own PostgreSQL cannot pass a folder that only root may enter when it runs as another user.
    folder.chmod(0o711)
    (folder / "s").mkdir(mode=0o700)
    servers = embedded_servers(state=folder, sockets=folder / "s", logs=folder, env={})
    started = [(server, server.start()) for server in servers.values()]
    os.environ.update(addresses(servers), STATE_DIR=str(folder), SECRET_KEY="benchmark", DEBUG="false")
    os.environ.update(STATIC_MANIFEST="false", THROTTLE_ANON="100000/min")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    try:
        yield folder
    finally:
        for server, process in reversed(started):
            stop(process, server.stop_signal)
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure the record.")
    parser.add_argument("--forecasts", type=int, default=1_000_000)
    parser.add_argument("--only-import", action="store_true", help="leave the boards out")
    options = parser.parse_args()
    with own_servers() as folder:
        django.setup()
        # The models need the settings, and these the servers.
        measures = importlib.import_module("tests.benchmarks.record_measures")
        found = measures.measure(folder=folder, n=options.forecasts, boards=not options.only_import)
    return 0 if all(each.holds for each in found) else 1


if __name__ == "__main__":
    sys.exit(main())
