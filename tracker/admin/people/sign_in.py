"""The page that asks for name and password, and says how long to wait after too many wrong ones."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from unfold.forms import AuthenticationForm

from forecasts.people.writes.guesses import PausedError
from tracker.guessing import remember_browser


class SignInForm(AuthenticationForm):
    """Name and password; `wait` is how many seconds to wait first."""

    wait = 0

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()
        except PausedError as error:
            self.wait = error.seconds
            raise ValidationError(error.message, code="paused") from error


def sign_in(request: HttpRequest) -> HttpResponse:
    """Answer as the admin's own page does, with 429 where there is a wait."""
    response = admin.site.login(request)
    shown = response.context_data if isinstance(response, TemplateResponse) else None
    form = (shown or {}).get("form")
    if form is not None and form.wait:
        response.status_code = 429
        response.headers["Retry-After"] = str(form.wait)
    if form is None and request.method == "POST" and request.user.is_authenticated:
        remember_browser(request, response, username=request.user.get_username())
    return response
