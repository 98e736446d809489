"""
Beat: `celery -A config.beat beat`. It knows the tasks by name alone, and loads nothing of the application.

What the tasks need (models, NumPy, SciPy, Arrow) is three quarters of the memory of a process.
"""

import os

from django.conf import settings
from django.utils.log import configure_logging

from config.broker import Tracker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)

# Celery's own care of Django loads its applications and looks after its database; beat has neither.
app = Tracker("forecast_tracker", fixups=[])
