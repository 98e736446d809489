"""The ASGI entry point that granian serves: the application behind its front door."""

from config.wsgi import application as behind  # isort: split

# What loads Django comes before what needs it loaded.

from django.conf import settings

from config.door import Door, Limits

application = Door(
    behind,
    Limits(
        threads=settings.WEB_THREADS,
        per_address=settings.WEB_REQUESTS_PER_ADDRESS,
        body_seconds=settings.BODY_SECONDS,
        # The largest is an upload of files, with what a form puts between them.
        body_bytes=(settings.IMPORT_MEGABYTES + 1) << 20,
        wait_seconds=settings.WEB_WAIT_SECONDS,
        proxies=settings.REST_FRAMEWORK["NUM_PROXIES"],
    ),
)
