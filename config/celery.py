"""The Celery application of workers, and of whoever asks them: `celery -A config.celery worker`."""

import os
import signal
from typing import Any

from celery.signals import celeryd_init, worker_process_init
from django.conf import settings

from config.broker import Tracker
from config.embedded.process import bind_to_parent
from config.memory import bound_data  # Before anything that loads Arrow.
from config.threads import one_thread_for_algebra

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

WORKER_SOCKET_SECONDS = 30

app = Tracker("forecast_tracker")
app.autodiscover_tasks(["tracker"])


@celeryd_init.connect
def wait_for_messages(**_: Any) -> None:
    """A worker waits for what comes; everybody else drops a message off, and has a person waiting."""
    app.conf.broker_transport_options["socket_timeout"] = WORKER_SOCKET_SECONDS


@celeryd_init.connect
def compute_in_one_thread(**_: Any) -> None:
    """Divide the work over the pool's processes, not within each."""
    one_thread_for_algebra()


@worker_process_init.connect
def end_with_the_worker(**_: Any) -> None:
    """Let no pool process outlive its worker: the broker hands the task to another one."""
    bind_to_parent(signal.SIGKILL)


@worker_process_init.connect
def stay_within_memory(**_: Any) -> None:
    """Bound each pool process; a pool of threads is the worker itself, and has only small tasks."""
    bound_data(settings.TASK_MEMORY_MEGABYTES)
