"""The cache in Redis, which counts as empty while Redis is gone, silent or out of disk."""

from collections.abc import Callable
from functools import partialmethod
from typing import Any

from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as NoConnectionError
from redis.exceptions import ResponseError
from redis.exceptions import TimeoutError as NoAnswerError
from redis.retry import Retry

from config.circuit import Circuit, RestingError

TIMEOUT_SECONDS = 1.0
AWAY = (NoConnectionError, NoAnswerError)
REFUSED = (ResponseError,)
"""It answers, and takes nothing: its disk or its memory is full, or it is another one's copy."""

circuits: dict[str, Circuit] = {}


class MissingCache(RedisCache):
    """
    Django's cache in Redis. What Redis can't answer is a miss, as in Django's dummy cache.

    Pages are slower then, throttles let everybody pass, and the log says so once a minute.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = {
            "socket_timeout": TIMEOUT_SECONDS,
            "socket_connect_timeout": TIMEOUT_SECONDS,
            # The library itself would try three times more, with pauses.
            "retry": Retry(NoBackoff(), 0),
            **params.get("OPTIONS", {}),
        }
        super().__init__(server, {**params, "OPTIONS": options})
        self._empty = DummyCache("", params)
        # Each thread has a cache of its own, and all of them the same server.
        self._circuit = circuits.setdefault(server, Circuit("The cache in Redis", AWAY))

    def _or_missed(self, method: str, *args: Any, **kwargs: Any) -> Any:
        ask: Callable[..., Any] = getattr(super(), method)
        try:
            with self._circuit.call():
                return ask(*args, **kwargs)
        except REFUSED as error:
            self._circuit.say(error)
        except (*AWAY, RestingError):
            # The circuit has said so.
            pass
        return getattr(self._empty, method)(*args, **kwargs)


METHODS = (
    "add", "get", "set", "touch", "delete", "get_many", "has_key", "incr", "set_many", "delete_many", "clear",
)  # fmt: skip
for _method in METHODS:
    setattr(MissingCache, _method, partialmethod(MissingCache._or_missed, _method))
