"""The same request twice is one fact: `Idempotency-Key` on every POST of a noun."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import partial
from typing import Any, cast

from django.contrib.auth.models import User
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from forecasts.limits import most
from forecasts.record.writes.repeats import keep_answer, take_key

HEADER, REPEATED = "Idempotency-Key", "Idempotency-Replayed"
PARAMETER = OpenApiParameter(
    HEADER,
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="Any text of your own, new for each request. The same request sent again with it within a "
    "day records nothing and is answered as before; another request with it is refused with 422.",
)


class RepeatableView(APIView):
    """
    A view whose POST may be sent again where nobody knows whether it arrived.

    The answer is kept in the transaction of the fact. What failed recorded nothing, and is tried anew.
    """

    repeatable = True

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        key = request.headers.get(HEADER)
        if request.method == "POST" and key is not None:
            # Whoever may not write was refused above, so the request has a person.
            self.post = partial(self._once, self.post, _checked(key))  # type: ignore[has-type]

    def _once(
        self, handle: Callable[..., Response], sent: str, /, request: Request, *args: Any, **kwargs: Any
    ) -> Response:
        """Answer as the first time; `kwargs` are the address's, which has a `key` of its own."""
        by = cast(User, request.user)
        with transaction.atomic():
            kept = take_key(by=by, key=sent, request_sha256=_fingerprint(request), now=self.now)  # type: ignore[attr-defined]
            if kept.status is not None:
                return Response(kept.body, status=kept.status, headers={REPEATED: "true"})
            response = handle(request, *args, **kwargs)
            body = json.loads(JSONRenderer().render(response.data)) if response.data is not None else None
            keep_answer(kept=kept, status=response.status_code, body=body)
        return response


def _checked(key: str) -> str:
    """Return the key. Raises ValidationError."""
    if not key.isascii() or not key.isprintable() or not 0 < len(key.strip()) <= most("key"):
        raise ValidationError({HEADER: _("Write 1 to 255 visible ASCII characters.")})
    return key.strip()


def _fingerprint(request: Request) -> str:
    """Return what tells this request from another: where it goes and what it says."""
    found = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if hasattr(request.data, "lists"):
        for name, values in sorted(request.data.lists()):
            found.update(f"{name}\n".encode())
            for value in values:
                _add(found, value)
    else:
        found.update(json.dumps(request.data, sort_keys=True).encode())
    return found.hexdigest()


def _add(found: Any, value: Any) -> None:
    if not isinstance(value, UploadedFile):
        found.update(f"{value}\n".encode())
        return
    found.update(f"{value.name} {value.size}\n".encode())
    for chunk in value.chunks():
        found.update(chunk)
    value.seek(0)
