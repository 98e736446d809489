"""What could not be sent: each attempt at it, and "send again" for a lead."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext

from forecasts.delivery.writes.sending import Nudge, send_again
from forecasts.models import Attempt
from forecasts.people.reads.roles import Verb
from forecasts.record.refusal import RefusedError
from tracker.admin.kit.access import DeskInline, editor, may
from tracker.admin.kit.facts import ReadOnly


class AttemptInline(DeskInline):
    """Each attempt: when, by which worker, and what happened."""

    model = Attempt
    fields = readonly_fields = ("number", "began_at", "ended_at", "happened", "error", "worker")
    verbose_name_plural = gettext_lazy("Attempts")
    can_delete = False


class SentAgain(ReadOnly):
    """A list and a page of what is sent, with "send again" for what was given up."""

    inlines = (AttemptInline,)
    actions = ("send_chosen_again",)
    change_form_outer_before_template = "admin/desk/send_again.html"

    def get_urls(self) -> list[URLPattern]:
        name = f"forecasts_{self.opts.model_name}_again"
        view = self.admin_site.admin_view(self.again_view)
        return [path("<int:pk>/again/", view, name=name), *super().get_urls()]

    def has_send_again_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return may(request, Verb.SEND_AGAIN, obj)

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        given = kwargs.pop("extra_context", None) or {}
        found = self.get_object(request, unquote(object_id))
        offered = self.has_send_again_permission(request, found)
        return super().change_view(
            request, object_id, *args, **kwargs, extra_context={**given, "may_send_again": offered}
        )

    def again_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Let one dead letter be sent again."""
        found = get_object_or_404(self.model, pk=pk)
        if not self.has_send_again_permission(request, found):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        self._send_again(request, [found])
        return HttpResponseRedirect(reverse(f"admin:forecasts_{self.opts.model_name}_change", args=[pk]))

    @admin.action(description=gettext_lazy("Send undelivered messages again"), permissions=["send_again"])
    def send_chosen_again(self, request: HttpRequest, rows: QuerySet[Any]) -> None:
        self._send_again(request, list(rows))

    def _send_again(self, request: HttpRequest, rows: list[Nudge]) -> None:
        done = 0
        for row in rows:
            try:
                send_again(nudge=row, by=editor(request), now=timezone.now())
            except RefusedError as error:
                messages.warning(request, f"{row}: {error.message}")
            else:
                done += 1
        if done:
            said = ngettext("%d will be sent by the next sweep.", "%d will be sent by the next sweep.", done)
            messages.success(request, said % done)
