"""What was given up of what workers do, for whoever can mend it."""

from __future__ import annotations

from collections.abc import Mapping

from django.db.models import QuerySet

from forecasts.models import Computation, Import, Role
from forecasts.people.reads.roles import Verb, rows_among


def imports_given_up(*, held: Mapping[int, Role]) -> QuerySet[Import]:
    """Return the imports that failed on the desks where somebody of these roles imports; the latest first."""
    mended = rows_among(Import.objects.dead(), held=held, verb=Verb.IMPORT_FORECASTS)
    return mended.select_related("desk").order_by("-dead_at", "-pk")


def boards_given_up(*, held: Mapping[int, Role]) -> QuerySet[Computation]:
    """Return the boards that could not be computed, for whoever edits boards; the latest first."""
    mended = rows_among(Computation.objects.dead(), held=held, verb=Verb.EDIT_BOARDS)
    return mended.select_related("board").order_by("-dead_at", "-pk")
