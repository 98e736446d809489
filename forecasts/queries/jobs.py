"""What was given up of what workers do, for whoever can mend it."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db.models import QuerySet

from forecasts.models import Computation, Import
from forecasts.queries.roles import Verb, rows_where


def imports_given_up(*, user: User) -> QuerySet[Import]:
    """Return the imports that failed on the desks where the user imports; the latest first."""
    mended = rows_where(Import.objects.dead(), user=user, verb=Verb.IMPORT_FORECASTS)
    return mended.select_related("desk").order_by("-dead_at", "-pk")


def boards_given_up(*, user: User) -> QuerySet[Computation]:
    """Return the boards that could not be computed, for whoever edits boards; the latest first."""
    mended = rows_where(Computation.objects.dead(), user=user, verb=Verb.EDIT_BOARDS)
    return mended.select_related("board").order_by("-dead_at", "-pk")
