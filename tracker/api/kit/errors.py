"""
Errors in one format: problem details for HTTP (RFC 9457), for every status and every address.

What a service refuses becomes 409 where the state of the record stands in the way (it was decided,
resolved, corrected or merged already), so that another request first may help; and 422 where the
request itself asks for what can't be. A request that can't be read is 400.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import singledispatch
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig
from django.core.signals import got_request_exception
from django.db import DataError, IntegrityError, InterfaceError, InternalError, OperationalError
from django.db.models import ProtectedError
from django.http import Http404, HttpRequest, JsonResponse
from django.urls import Resolver404, resolve
from django.utils.encoding import escape_uri_path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions, status
from rest_framework.request import Request
from rest_framework.views import set_rollback

from forecasts.boards.reads.columns.columns import UnknownFilterError
from forecasts.people.reads.rights import NotAllowedError
from forecasts.people.writes.guesses import PausedError
from forecasts.record.refusal import RefusedError

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"

# The part of the address that names the kind of problem, and its title, for each status.
PROBLEMS: Mapping[int, tuple[str, Any]] = {
    400: ("invalid", gettext_lazy("The request is not valid")),
    401: ("not-signed-in", gettext_lazy("Sign in first")),
    403: ("not-allowed", gettext_lazy("Not allowed")),
    404: ("not-found", gettext_lazy("Not found")),
    405: ("method-not-allowed", gettext_lazy("Method not allowed")),
    406: ("not-acceptable", gettext_lazy("No such format")),
    408: ("too-slow", gettext_lazy("The request took too long")),
    409: ("conflict", gettext_lazy("This conflicts with what is already recorded")),
    412: ("precondition-failed", gettext_lazy("The condition does not hold")),
    413: ("too-large", gettext_lazy("The request is too large")),
    415: ("unsupported-media-type", gettext_lazy("Send JSON")),
    422: ("refused", gettext_lazy("Refused")),
    429: ("too-many-requests", gettext_lazy("Too many requests")),
    500: ("failed", gettext_lazy("Something went wrong here")),
    503: ("not-ready", gettext_lazy("Not ready yet")),
}

# How a request spells what the domain keeps as a column.
SPELT: Mapping[str, str] = {
    "deadline_on": "deadline.on",
    "deadline_reason": "deadline.reason",
}

UNIQUE_VIOLATION = "23505"
IDLE_IN_TRANSACTION = "25P03"
ASK_AGAIN_SECONDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldError:
    """What is wrong with one field; `field` is empty where it is the whole request."""

    field: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An exception as it will be told."""

    status: int
    detail: str
    errors: Sequence[FieldError] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


def problem(
    request: HttpRequest | Request,
    *,
    status: int,
    detail: str,
    errors: Sequence[FieldError] = (),
    headers: Mapping[str, str] | None = None,
) -> JsonResponse:
    """Return the answer in the one format of errors."""
    slug, title = PROBLEMS.get(status, ("other", gettext_lazy("Refused")))
    body = {
        "type": f"/api/problems/#{slug}",
        "title": str(title),
        "status": status,
        "detail": detail,
        "instance": escape_uri_path(request.path),
        "errors": [{"field": each.field, "message": each.message} for each in errors],
    }
    headers = {"Cache-Control": "no-store", **(headers or {})}
    return JsonResponse(body, status=status, content_type=MEDIA_TYPE, headers=headers)


def answer_with_problem(exc: Exception, context: Mapping[str, Any]) -> JsonResponse:
    """Turn any exception into a problem. REST framework calls this for every view."""
    set_rollback()
    request: Request = context["request"]
    found = read_exception(exc)
    if found.status == status.HTTP_500_INTERNAL_SERVER_ERROR:
        logger.error("%s %s failed", request.method, request.path, exc_info=exc)
        got_request_exception.send(sender=type(context["view"]), request=request._request)
    return problem(
        request, status=found.status, detail=found.detail, errors=found.errors, headers=found.headers
    )


@singledispatch
def read_exception(exc: Exception) -> Found:
    """Return how an exception is told. What was not foreseen says nothing of the inside."""
    return Found(status=500, detail=_failed())


def _failed() -> str:
    return _("The request failed, and nothing was changed. Try again later.")


@read_exception.register
def _refused(exc: RefusedError) -> Found:
    return Found(
        status=409 if exc.conflict else 422,
        detail=exc.message,
        errors=[FieldError(field=SPELT.get(exc.field, exc.field), message=exc.message)],
    )


@read_exception.register
def _paused(exc: PausedError) -> Found:
    return Found(status=429, detail=exc.message, headers={"Retry-After": str(exc.seconds)})


@read_exception.register
def _not_allowed(exc: NotAllowedError) -> Found:
    return Found(status=403, detail=exc.message)


@read_exception.register
def _not_found(exc: Http404) -> Found:
    return Found(status=404, detail=_("There is nothing here that you can see."))


@read_exception.register
def _denied(exc: PermissionDenied) -> Found:
    return Found(status=403, detail=_("You may not do this."))


@read_exception.register
def _bad(exc: BadRequest) -> Found:
    return Found(status=400, detail=str(exc))


@read_exception.register
def _api(exc: exceptions.APIException) -> Found:
    headers = {}
    if getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = exc.auth_header  # type: ignore[attr-defined]
    if getattr(exc, "wait", None):
        headers["Retry-After"] = str(int(exc.wait) + 1)  # type: ignore[attr-defined]
    return Found(status=exc.status_code, detail=str(exc.detail), headers=headers)


@read_exception.register
def _invalid(exc: exceptions.ValidationError) -> Found:
    errors = list(_flat(exc.detail))
    detail = _("Correct the fields under “errors” and send the request again.")
    return Found(status=exc.status_code, detail=detail, errors=errors)


@read_exception.register
def _integrity(exc: IntegrityError) -> Found:
    """Name the constraint that refused it: their names state the rules."""
    diagnosis = getattr(exc.__cause__, "diag", None)
    rule = (getattr(diagnosis, "constraint_name", None) or "").replace("_", " ")
    unique = getattr(diagnosis, "sqlstate", None) == UNIQUE_VIOLATION
    detail = _("The record refused it, by its rule “%(rule)s”. Nothing was changed.") % {"rule": rule}
    return Found(status=409 if unique else 422, detail=detail)


@read_exception.register
def _data(exc: DataError) -> Found:
    return Found(
        status=422,
        detail=_("One of these values can’t be saved. Nothing was changed. Check numbers and dates."),
    )


@read_exception.register
def _busy(exc: OperationalError | InterfaceError) -> Found:
    """Somebody held a lock, the question took too long, or the database was away: another try may help."""
    return Found(
        status=503,
        detail=_("The database did not answer in time. Nothing was changed. Try again in a few seconds."),
        headers={"Retry-After": str(ASK_AGAIN_SECONDS)},
    )


@read_exception.register
def _cut_off(exc: InternalError) -> Found:
    """A session that was ended between two questions has its answer in a class of another name."""
    idle = getattr(exc.__cause__, "sqlstate", None) == IDLE_IN_TRANSACTION
    return _busy(OperationalError()) if idle else Found(status=500, detail=_failed())


@read_exception.register
def _protected(exc: ProtectedError) -> Found:
    return Found(status=409, detail=_("This can’t be deleted: other entries depend on it."))


@read_exception.register
def _unknown_filter(exc: UnknownFilterError) -> Found:
    return Found(status=409, detail=str(exc))


@read_exception.register
def _too_large(exc: RequestDataTooBig) -> Found:
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return Found(
        status=413, detail=_("The body is larger than %(limit)d bytes. Split it.") % {"limit": limit}
    )


@read_exception.register
def _too_deep(exc: RecursionError) -> Found:
    return Found(status=400, detail=_("The JSON is nested too deeply."))


def _flat(detail: Any, path: str = "") -> Iterator[FieldError]:
    """Yield one error for each message, with the path to its field."""
    if isinstance(detail, Mapping):
        for name, below in detail.items():
            step = "" if name in {"non_field_errors", "__all__"} else str(name)
            yield from _flat(below, ".".join(part for part in (path, step) if part))
    elif isinstance(detail, list) and any(isinstance(each, dict | list) for each in detail):
        for number, below in enumerate(detail):
            yield from _flat(below, f"{path}.{number}" if path else str(number))
    else:
        for message in detail if isinstance(detail, list) else [detail]:
            yield FieldError(field=path, message=str(message))


@csrf_exempt
def unknown_address(request: HttpRequest, rest: str = "") -> JsonResponse:
    """Answer every address below /api/ that leads nowhere, whatever the method."""
    detail = _("There is no such address. The list is at /api/v1/, its description at /api/docs/.")
    if not request.path_info.endswith("/") and _leads_somewhere(f"{request.path_info}/"):
        detail = _("Addresses end with a slash: %(path)s/") % {"path": escape_uri_path(request.path)}
    return problem(request, status=404, detail=detail)


def _leads_somewhere(path: str) -> bool:
    try:
        return resolve(path).func is not unknown_address
    except Resolver404:
        return False
