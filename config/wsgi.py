"""
The WSGI entry point, for servers that speak that.

It lacks what config/asgi.py has before it: a sender who takes his time holds a thread, so a proxy that takes
bodies whole has to stand in front.
"""

import os

from config.threads import one_thread_for_algebra

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
one_thread_for_algebra()

from django.core.wsgi import get_wsgi_application  # noqa: E402 - what loads NumPy comes after

from config.patience import answer_in_time  # noqa: E402
from config.whole_body import whole  # noqa: E402

answer_in_time()
application = whole(get_wsgi_application())
