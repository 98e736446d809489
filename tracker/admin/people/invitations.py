"""Invitations at the desk: ask somebody, send the link anew, take it back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forecasts.desk.writes.invitations import invite_person, renew_invitation, revoke_invitation
from forecasts.limits import most
from forecasts.models import Desk, Invitation, InvitationState, Role
from forecasts.people.reads.people import invitations_seen_by
from forecasts.people.reads.roles import Verb, desks_where, role_of, roles_up_to
from forecasts.record.refusal import RefusedError
from tracker.admin.kit.access import editor
from tracker.admin.kit.columns import column
from tracker.admin.kit.pages import PageAdmin, blame
from tracker.notify.kit.signed_links import invitation_link
from tracker.wording.dates import day


class InviteForm(forms.Form):
    """Who is asked, to which desk and in which role: of those that whoever asks may give."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=most("person"))
    email = forms.EmailField(
        max_length=most("mail"),
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("The link goes there."),
    )
    desk = forms.ModelChoiceField(label=gettext_lazy("Desk"), queryset=Desk.objects.none())
    role = forms.ChoiceField(
        label=gettext_lazy("Role"), help_text=gettext_lazy("On that desk; on others one reads along.")
    )

    def __init__(self, data: Any = None, *, by: User) -> None:
        desks = desks_where(user=by, verb=Verb.INVITE_PERSON)
        super().__init__(data, initial={"desk": desks.first(), "role": Role.EDITOR})
        self.fields["desk"].queryset = desks  # type: ignore[attr-defined]
        roles = roles_up_to(role_of(user=by))
        self.fields["role"].choices = [(each.value, each.label) for each in roles]  # type: ignore[attr-defined]


def good_for() -> timedelta:
    """Return how long a link is good."""
    return timedelta(days=settings.INVITATION_DAYS)


@admin.register(Invitation)
class InvitationAdmin(PageAdmin):
    list_display = ("name", "email", "desk", "shown_role", "shown_state", "invited_by", "expires_on")
    list_filter = ("desk", "role")
    list_select_related = ("desk", "invited_by")
    search_fields = ("name", "email")
    read_verb = add_verb = Verb.INVITE_PERSON
    page_template = "admin/desk/invitation.html"
    buttons = {"_resend": Verb.INVITE_PERSON, "_revoke": Verb.INVITE_PERSON}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Invitation]:
        return invitations_seen_by(user=editor(request))

    @column(description=gettext_lazy("Role"), ordering="role")
    def shown_role(self, invitation: Invitation) -> str:
        return str(invitation.get_role_display())

    @column(
        description=gettext_lazy("Status"),
        label={"waiting": "warning", "accepted": "success", "expired": "danger", "revoked": "danger"},
    )
    def shown_state(self, invitation: Invitation) -> tuple[str, str]:
        state = invitation.state(timezone.now())
        return state.value, str(state.label)

    @column(description=gettext_lazy("Good until"), ordering="expires_at")
    def expires_on(self, invitation: Invitation) -> str:
        return day(invitation.expires_at)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        if not self.has_add_permission(request):
            raise PermissionDenied
        by = editor(request)
        form = InviteForm(request.POST if request.method == "POST" else None, by=by)
        if form.is_valid():
            try:
                made = invite_person(**form.cleaned_data, by=by, now=timezone.now(), good_for=good_for())
            except RefusedError as error:
                blame(form, error)
            else:
                return self._show_link(request, made)
        return self.render(request, "admin/desk/invite.html", form=form, title=_("Invite a person"))

    def page_context(self, request: HttpRequest, shown: Invitation, **forms_: forms.Form) -> dict[str, Any]:
        state = shown.state(timezone.now())
        return {
            "invitation": shown,
            "state": state.label,
            "can_be_sent": state in (InvitationState.WAITING, InvitationState.EXPIRED),
            "refused": forms_.get("refused"),
        }

    def do_resend(self, request: HttpRequest, invitation: Invitation) -> HttpResponse:
        now = timezone.now()
        try:
            made = renew_invitation(invitation=invitation, by=editor(request), now=now, good_for=good_for())
        except RefusedError as error:
            return self._refuse(request, invitation, error)
        return self._show_link(request, made)

    def do_revoke(self, request: HttpRequest, invitation: Invitation) -> HttpResponse:
        try:
            revoke_invitation(invitation=invitation, by=editor(request), now=timezone.now())
        except RefusedError as error:
            return self._refuse(request, invitation, error)
        return self.done(request, _("Revoked. Its link leads nowhere from now on."), invitation)

    def _refuse(self, request: HttpRequest, invitation: Invitation, error: RefusedError) -> HttpResponse:
        invitation.refresh_from_db()
        form = forms.Form({})
        form.is_valid()
        form.add_error(None, error.message)
        return self.show(request, invitation, refused=form)

    def _show_link(self, request: HttpRequest, invitation: Invitation) -> HttpResponse:
        """Show the link this once: whoever invited can hand it over where no mail comes through."""
        link = invitation_link(invitation=invitation)
        page = self.render(
            request, "admin/desk/invitation_link.html", shown=invitation, invitation=invitation, link=link
        )
        page.headers["Cache-Control"] = "no-store"
        return page
