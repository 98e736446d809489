"""My API tokens: which programs sign in as me, and the same of somebody else for an administrator."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forecasts.limits import most
from forecasts.models import Ended, Scope
from forecasts.people.reads.roles import Verb
from forecasts.people.reads.tokens import good_tokens
from forecasts.people.writes.tokens import DAYS_AT_MOST, end_tokens, make_token
from forecasts.record.refusal import RefusedError
from tracker.admin.kit.access import editor, may
from tracker.admin.kit.pages import blame


class TokenForm(forms.Form):
    """What a new token is for."""

    name = forms.CharField(
        label=gettext_lazy("Which program will use it?"),
        max_length=most("slug"),
        help_text=gettext_lazy("You will see this name in your list, as in: election dashboard."),
    )
    scope = forms.ChoiceField(
        label=gettext_lazy("It may"), choices=Scope.choices, initial=Scope.READ, widget=forms.RadioSelect
    )
    days = forms.IntegerField(label=gettext_lazy("Good for (days)"), min_value=1, max_value=DAYS_AT_MOST)


def my_tokens(request: HttpRequest) -> HttpResponse:
    """Show one's own tokens, make one, revoke one or all."""
    user = editor(request)
    if not may(request, Verb.READ_DRAFTS):
        raise PermissionDenied
    if "_make" in request.POST:
        return _make(request, user)
    return _revoke(request, user) if request.method == "POST" else _show(request, user)


def tokens_of(request: HttpRequest, pk: int) -> HttpResponse:
    """Show somebody else's tokens, and revoke them. Only their holder makes any."""
    if not may(request, Verb.EDIT_PEOPLE):
        raise PermissionDenied
    holder = get_object_or_404(User, pk=pk)
    return _revoke(request, holder) if request.method == "POST" else _show(request, holder)


def _make(request: HttpRequest, user: User) -> HttpResponse:
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _show(request, user, form=form)
    try:
        made, secret = make_token(user=user, now=timezone.now(), **form.cleaned_data)
    except RefusedError as error:
        blame(form, error)
        return _show(request, user, form=form)
    return _show(request, user, made=made, secret=secret)


def _revoke(request: HttpRequest, holder: User) -> HttpResponse:
    one = request.POST.get("_revoke", "")
    if not (one.isdigit() or "_revoke_all" in request.POST):
        raise PermissionDenied
    pk = int(one) if one else None
    count = end_tokens(user=holder, because=Ended.REVOKED, now=timezone.now(), pk=pk)
    messages.success(request, _("Revoked: %(count)d.") % {"count": count})
    return HttpResponseRedirect(request.path)


def _show(
    request: HttpRequest, holder: User, form: TokenForm | None = None, **shown: Any
) -> TemplateResponse:
    own = holder == request.user
    request.current_app = admin.site.name
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        # The head of the page leads back to the people, whom few may read.
        "opts": None if own else User._meta,
        "original": None if own else holder,
        "title": _("My API tokens") if own else _("API tokens"),
        "holder": holder,
        "own": own,
        "tokens": list(good_tokens(user=holder, now=timezone.now())),
        "form": (form or TokenForm(initial={"days": settings.API_TOKEN_DAYS})) if own else None,
        **shown,
    }
    response = TemplateResponse(request, "admin/desk/tokens.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response
