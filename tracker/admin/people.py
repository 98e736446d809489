"""People and desks: who is here, and in which role."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin as PlainGroupAdmin
from django.contrib.auth.admin import UserAdmin as PlainUserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from forecasts.models import Desk, Membership, Role
from forecasts.queries.roles import Verb, roles_up_to
from forecasts.services.desks import add_channel, open_desk, remove_channel, set_desk
from forecasts.services.members import (
    OF_TURN,
    add_turn,
    change_turn,
    remove_member,
    remove_turn,
    set_member,
)
from forecasts.services.refusal import RefusedError
from tracker.admin.access import DeskAdmin, DeskInline, editor, role
from tracker.admin.agreement import agreement_page
from tracker.admin.columns import column
from tracker.admin.desk_forms import DeskForm
from tracker.admin.links import links_page
from tracker.admin.rota import TurnInline
from tracker.admin.tokens import my_tokens, tokens_of
from tracker.admin.words import NOTHING
from tracker.notify.chat import channels_shown

admin.site.unregister(User)
admin.site.unregister(Group)


class MembershipInline(DeskInline):
    """A role on a desk. Unlike a fact, it ends by being removed."""

    model = Membership
    add_verb = change_verb = delete_verb = Verb.EDIT_DESK

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        rows: QuerySet[Membership] = super().get_queryset(request)
        return rows.filter(role__in=roles_up_to(role(request))).select_related("user", "desk")

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        """Nobody gives a role above their own, to themselves least of all."""
        if db_field.name == "role":
            options["choices"] = [(each.value, each.label) for each in roles_to_give(request)]
        return super().formfield_for_choice_field(db_field, request, **options)


def roles_to_give(request: HttpRequest) -> tuple[Role, ...]:
    """Return the roles up to that of whoever asks."""
    return roles_up_to(role(request))


def save_members(formset: Any, *, desk: Desk, by: User) -> None:
    """
    Do what the table of members says: who joins, has another role, or leaves.

    Whoever saves comes last: the role that they do all this by may be the one that they give up.
    """
    formset.save(commit=False)
    for member in sorted(formset.deleted_objects, key=lambda each: each.user_id == by.pk):
        remove_member(desk=desk, user=member.user, by=by)
    for member, changed in formset.changed_objects:
        if "user" in changed:
            remove_member(desk=desk, user=User.objects.get(memberships=member.pk), by=by)
    changed_rows = [each for each, _changed in formset.changed_objects]
    given = sorted([*changed_rows, *formset.new_objects], key=lambda each: each.user_id == by.pk)
    for member in given:
        set_member(desk=desk, user=member.user, role=member.role, by=by)


def save_rota(formset: Any, *, desk: Desk, by: User) -> None:
    """Do what the table of turns says."""
    formset.save(commit=False)
    for turn in formset.deleted_objects:
        remove_turn(turn=turn, by=by)
    # Those of somebody who was taken off the desk just now are gone already.
    kept = set(desk.rota.values_list("pk", flat=True))
    for turn in [each for each, _changed in formset.changed_objects if each.pk in kept]:
        change_turn(turn=turn, given={name: getattr(turn, name) for name in OF_TURN}, by=by)
    for turn in formset.new_objects:
        add_turn(desk=desk, given={name: getattr(turn, name) for name in OF_TURN}, by=by)


@admin.register(Desk)
class DeskOfEditorsAdmin(DeskAdmin):
    list_display = ("name", "zone", "language", "verdicts_required", "blind")
    search_fields = ("name",)
    inlines = (MembershipInline, TurnInline)
    add_verb = change_verb = Verb.EDIT_DESK
    prepopulated_fields = {"slug": ("name",)}
    fieldsets = (
        (None, {"fields": ("name", "slug", "zone", "language")}),
        (_("Verdicts"), {"fields": ("verdicts_required", "blind", "tolerance")}),
        (_("Reminders"), {"fields": ("stages", "repeat_days", "escalate_after_days")}),
        (
            _("When messages may come"),
            {
                "fields": ("working_days", "quiet_from", "quiet_until"),
                "description": _("By each person's own clock. A person's own days and hours come first."),
            },
        ),
        (_("Publishing"), {"fields": ("publishes_with_forecast", "shows_whole_text")}),
        (_("Channels"), {"fields": ("channels_shown", "add_channel", "remove_channels")}),
    )
    form = DeskForm
    readonly_fields = ("channels_shown",)
    change_form_outer_before_template = "admin/desk/desk_links_link.html"

    def get_fieldsets(self, request: HttpRequest, obj: Desk | None = None) -> Any:
        """Whoever only reads is offered no channel to add or remove."""
        offered = (
            {"add_channel", "remove_channels"} if not self.has_change_permission(request, obj) else set()
        )
        return [
            (name, {**options, "fields": tuple(each for each in options["fields"] if each not in offered)})
            for name, options in super().get_fieldsets(request, obj)
        ]

    @column(description=_("Channels"))
    def channels_shown(self, desk: Desk) -> str:
        return "\n".join(each.shown for each in channels_shown(desk)) or NOTHING

    def save_model(self, request: HttpRequest, obj: Desk, form: Any, change: bool) -> None:
        removed, by = form.removed, editor(request)
        if change:
            set_desk(desk=obj, rules=form.rules, by=by, now=timezone.now())
        else:
            obj.pk = open_desk(rules=form.rules, by=by, now=timezone.now()).pk
        for url in removed:
            remove_channel(desk=obj, url=url, by=by)
        if form.cleaned_data.get("add_channel"):
            add_channel(desk=obj, url=form.cleaned_data["add_channel"], by=by)

    def changeform_view(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        """Say what the record refuses only when all of the page is put together; nothing is saved then."""
        try:
            return super().changeform_view(request, *args, **options)
        except RefusedError as error:
            messages.error(request, error.message)
            return HttpResponseRedirect(request.get_full_path())

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        if formset.model is Membership:
            save_members(formset, desk=form.instance, by=editor(request))
        else:
            save_rota(formset, desk=form.instance, by=editor(request))

    def get_urls(self) -> list[URLPattern]:
        links = path(
            "<int:pk>/links/", self.admin_site.admin_view(self.links_view), name="forecasts_desk_links"
        )
        agreement = path(
            "<int:pk>/agreement/",
            self.admin_site.admin_view(agreement_page),
            name="forecasts_desk_agreement",
        )
        return [links, agreement, *super().get_urls()]

    def links_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the desk's secret addresses, and on POST replace them."""
        desk = get_object_or_404(Desk, pk=pk)
        return links_page(self, request, desk, verb=Verb.EDIT_DESK)


@admin.register(User)
class UserAdmin(DeskAdmin, PlainUserAdmin):
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    read_verb = add_verb = change_verb = Verb.EDIT_PEOPLE
    change_form_outer_before_template = "admin/desk/user_token_link.html"

    def get_urls(self) -> list[URLPattern]:
        mine = path("tokens/", self.admin_site.admin_view(my_tokens), name="auth_user_mine")
        others = path("<int:pk>/token/", self.admin_site.admin_view(tokens_of), name="auth_user_token")
        return [mine, others, *super().get_urls()]


@admin.register(Group)
class GroupAdmin(DeskAdmin, PlainGroupAdmin):
    read_verb = add_verb = change_verb = Verb.EDIT_PEOPLE
