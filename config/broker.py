"""What is sent to the broker, by whomever: in time or not at all."""

from typing import Any

from celery import Celery
from celery.signals import setup_logging
from django.conf import settings
from django.utils.log import configure_logging
from kombu.exceptions import OperationalError

from config.circuit import Circuit, RestingError


class Tracker(Celery):
    """Celery, which asks a broker that did not answer a moment ago only after some seconds."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.circuit = Circuit("The broker", (OperationalError, OSError))
        self.config_from_object("django.conf:settings", namespace="CELERY")

    def send_task(self, *args: Any, **kwargs: Any) -> Any:
        """Hand a task to the broker; every way of asking for one ends here. Raises OperationalError."""
        try:
            with self.circuit.call():
                return super().send_task(*args, **kwargs)
        except RestingError as error:
            raise OperationalError(str(error)) from error


@setup_logging.connect
def log_as_the_settings_say(**_: Any) -> None:
    """Keep Celery from a stream, a level and a form of its own: nobody would take secrets out there."""
    configure_logging(settings.LOGGING_CONFIG, settings.LOGGING)
