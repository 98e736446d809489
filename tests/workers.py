"""
Many Celery workers at the price of one start: `python -m tests.workers 10 --batch 2`.

Everything is imported once, and each worker is forked from there: a process of its own, with its own
connections to the broker and the database. They end with this process.
"""

import argparse
import os
import signal

import django
from django.db import connections

from config.celery import app
from config.embedded.process import bind_to_parent

django.setup()

from tracker.notify.delivery import sweep  # noqa: E402

OPTIONS = ("--pool", "solo", "--loglevel", "INFO", "--without-mingle", "--without-gossip")


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("count", type=int)
    options.add_argument("--batch", type=int, default=sweep.BATCH, help="how many are sent in one task")
    given = options.parse_args()
    sweep.BATCH = given.batch
    app.loader.import_default_modules()
    # Nothing that is open may be shared.
    connections.close_all()
    for number in range(given.count):
        if os.fork() == 0:
            bind_to_parent(signal.SIGKILL)
            app.worker_main(["worker", "--hostname", f"forked{number}@localhost", *OPTIONS])
            os._exit(0)
    for _ in range(given.count):
        os.wait()


if __name__ == "__main__":
    main()
