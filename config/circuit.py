"""A server that does not answer is left alone for some seconds, so that its silence is paid for once."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock

REST_SECONDS = 5.0
SAY_AGAIN_SECONDS = 60.0
logger = logging.getLogger(__name__)


class RestingError(Exception):
    """The server did not answer a moment ago, and is not asked yet."""


class Circuit:
    """
    Lets calls through while the server answers. After a failure none for `rest` seconds, then one as a trial.

    One for each server and process, shared by its threads. What fails is logged once a minute.
    """

    def __init__(
        self,
        server: str,
        failures: tuple[type[BaseException], ...],
        *,
        rest: float = REST_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.server, self.failures, self.rest, self.clock = server, failures, rest, clock
        self._lock = Lock()
        self._again_at = self._say_again_at = 0.0
        self._failing = False

    @contextmanager
    def call(self) -> Iterator[None]:
        """Ask the server within this; raises RestingError where it is not to be asked."""
        if not self._may_ask():
            raise RestingError(f"{self.server} did not answer a moment ago.")
        try:
            yield
        except self.failures as error:
            self.failed(error)
            raise
        self._answered()

    def _may_ask(self) -> bool:
        with self._lock:
            now = self.clock()
            if now < self._again_at:
                return False
            if self._failing:
                # This call is the trial; the others go without until it is through.
                self._again_at = now + self.rest
            return True

    def failed(self, error: BaseException) -> None:
        with self._lock:
            self._failing = True
            self._again_at = self.clock() + self.rest
        self.say(error)

    def say(self, error: BaseException) -> None:
        """Log what went wrong, once a minute."""
        with self._lock:
            now = self.clock()
            if now < self._say_again_at:
                return
            self._say_again_at = now + SAY_AGAIN_SECONDS
        logger.warning("%s does not answer as it should: %s", self.server, error)

    def _answered(self) -> None:
        with self._lock:
            if not self._failing:
                return
            self._failing, self._again_at, self._say_again_at = False, 0.0, 0.0
        logger.warning("%s answers again.", self.server)
