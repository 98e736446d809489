"""How far a desk's editors agree: the page of Cohen's kappa and of the verdicts that differ."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from forecasts.models import Desk
from forecasts.people.reads.roles import Verb
from forecasts.verdicts.reads.agreement import desk_agreement
from tracker.admin.kit.access import may
from tracker.admin.kit.pages import page_of
from tracker.wording.numbers import NOTHING, number
from tracker.wording.values import answer_words


def agreement_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the desk's agreement to its leads: it tells what either of two editors found."""
    desk = get_object_or_404(Desk, pk=pk)
    if not may(request, Verb.ADJUDICATE, desk):
        raise PermissionDenied
    found = desk_agreement(desk=desk)
    request.current_app = admin.site.name
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "opts": Desk._meta,
        "original": desk,
        "title": _("Agreement"),
        "desk": desk,
        "found": found,
        "kappa": _two_places(found.kappa),
        "low": _two_places(found.kappa_low),
        "high": _two_places(found.kappa_high),
        "disagreements": [
            (each, page_of(each.question), answer_words(each.first), answer_words(each.second))
            for each in found.disagreements
        ],
    }
    return TemplateResponse(request, "admin/desk/agreement.html", context)


def _two_places(value: float | None) -> str:
    return NOTHING if value is None else number(value, 2)
