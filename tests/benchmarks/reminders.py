"""
How fast reminders are found, claimed and sent: one table.

    python -m tests.benchmarks.reminders [--questions 100000] [--due 5000] [--workers 4]

Starts servers of its own: PostgreSQL, the broker, a mail server in a process of its own, and a worker with
that many processes. Each open question has an armed reminder; some fall due at once, and each goes out
as one mail. Exits with 1 when a message is lost or sent twice, or a limit is broken.
"""

import os
import subprocess
import sys
from pathlib import Path

from tests import plugin_servers

REPOSITORY = Path(__file__).parents[2]


def main() -> int:
    plugin_servers.start_servers()
    plugin_servers.set_environment()
    os.environ.update(
        DJANGO_SETTINGS_MODULE="config.settings", TASK_VISIBILITY_SECONDS="900", LOG_LEVEL="ERROR"
    )
    try:
        command = [sys.executable, "-m", "tests.benchmarks.reminding", *sys.argv[1:]]
        return subprocess.run(command, cwd=REPOSITORY, check=False).returncode
    finally:
        plugin_servers.pytest_unconfigure()


if __name__ == "__main__":
    sys.exit(main())
