"""The WSGI entry point that granian serves."""

import os

from config.threads import one_thread_for_algebra

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
one_thread_for_algebra()

from django.core.wsgi import get_wsgi_application  # noqa: E402 - what loads NumPy comes after

application = get_wsgi_application()
