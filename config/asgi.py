"""The ASGI entry point, for those who serve the application that way."""

import os

from config.threads import one_thread_for_algebra

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
one_thread_for_algebra()

from django.core.asgi import get_asgi_application  # noqa: E402 - what loads NumPy comes after

application = get_asgi_application()
