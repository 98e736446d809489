"""Run a management command in the current environment; `./run manage.py` also sees to the servers."""

import os
import sys

from django.core.management import execute_from_command_line

from config.threads import one_thread_for_algebra

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    one_thread_for_algebra()
    execute_from_command_line(sys.argv)
