"""A page of our own in the place of the admin's form: it shows, and each button does one thing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from forecasts.people.reads.roles import Verb
from forecasts.record.refusal import RefusedError
from tracker.admin.kit.access import DeskAdmin, may


class PageAdmin(DeskAdmin):
    """
    A model whose change page is ours.

    `buttons` names what a POST may ask for and the verb that it takes; the button `_accept` calls
    the method `do_accept`. A GET changes nothing.
    """

    page_template = ""
    buttons: Mapping[str, Verb] = {}

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponseBase:
        found = self.get_object(request, unquote(object_id))
        if not self.has_view_permission(request, found):
            raise PermissionDenied
        if found is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if request.method == "POST":
            return self.act(request, found)
        return self.show(request, found)

    def act(self, request: HttpRequest, shown: Any) -> HttpResponse:
        """Do what the pressed button says, if whoever asks may."""
        pressed = next((name for name in self.buttons if name in request.POST), None)
        if pressed is None or not may(request, self.buttons[pressed], shown):
            raise PermissionDenied
        response: HttpResponse = getattr(self, f"do{pressed}")(request, shown)
        return response

    def show(self, request: HttpRequest, shown: Any, **forms_: forms.Form) -> TemplateResponse:
        """Return the page, with the forms that were refused in the place of fresh ones."""
        context = self.page_context(request, shown, **forms_)
        return self.render(request, self.page_template, shown=shown, **context)

    def page_context(self, request: HttpRequest, shown: Any, **forms_: forms.Form) -> dict[str, Any]:
        raise NotImplementedError

    def render(
        self, request: HttpRequest, template: str, *, shown: Model | None = None, **context: Any
    ) -> TemplateResponse:
        request.current_app = self.admin_site.name
        return TemplateResponse(
            request,
            template,
            {
                **self.admin_site.each_context(request),
                "opts": self.opts,
                "original": shown,
                "title": str(shown or self.opts.verbose_name),
                "may": {verb.value: may(request, verb, shown) for verb in Verb},
                **context,
            },
        )

    def done(self, request: HttpRequest, message: str, to: Model, query: str = "") -> HttpResponse:
        """Say what was done, and go to the page of what it was done to."""
        messages.success(request, message)
        return HttpResponseRedirect(page_of(to) + query)


def page_of(found: Model) -> str:
    """Return the address of a row's page at the desk."""
    return reverse(f"admin:{found._meta.app_label}_{found._meta.model_name}_change", args=[found.pk])


def blame(form: forms.BaseForm, error: RefusedError, **fields: str) -> None:
    """Show what a service said at the field it is about. `fields` maps its names to the form's."""
    name = fields.get(error.field, error.field)
    form.add_error(name if name in form.fields else None, error.message)
