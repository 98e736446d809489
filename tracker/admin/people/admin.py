"""People and desks: who is here, and in which role."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin as PlainGroupAdmin
from django.contrib.auth.admin import UserAdmin as PlainUserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.forms import AdminPasswordChangeForm, UnfoldReadOnlyPasswordHashWidget

from forecasts.desk.writes.desks import add_channel, open_desk, remove_channel, set_desk
from forecasts.desk.writes.members import (
    OF_TURN,
    add_turn,
    change_turn,
    remove_member,
    remove_turn,
    set_member,
)
from forecasts.models import Desk, Invitation, Membership, Role
from forecasts.people.reads.people import people_seen_by
from forecasts.people.reads.roles import Verb, desks_where, roles_up_to
from forecasts.people.writes.people import OF_PERSON, change_person
from forecasts.record.refusal import RefusedError
from tracker.admin.desk.forms import DeskForm
from tracker.admin.desk.rota import TurnInline
from tracker.admin.kit.access import DeskAdmin, DeskInline, editor, may, role
from tracker.admin.kit.columns import column
from tracker.admin.people.links import links_page, may_see_links
from tracker.admin.people.tokens import my_tokens, tokens_of
from tracker.admin.verdicts.agreement import agreement_page
from tracker.notify.chat.send import channels_shown
from tracker.wording.numbers import NOTHING

admin.site.unregister(User)
admin.site.unregister(Group)


class RefusingAdmin(DeskAdmin):
    """A form whose rows are written by services, each of which may refuse."""

    def changeform_view(self, request: HttpRequest, *args: Any, **options: Any) -> Any:
        """Say what the record refuses only when all of the page is put together; nothing is saved then."""
        try:
            return super().changeform_view(request, *args, **options)
        except RefusedError as error:
            messages.error(request, error.message)
            return HttpResponseRedirect(request.get_full_path())


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


class RolesInline(MembershipInline):
    """The roles of one person: on the desks that whoever asks heads."""

    add_verb = change_verb = delete_verb = Verb.INVITE_PERSON
    verbose_name_plural = _("Roles")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        headed = desks_where(user=editor(request), verb=Verb.EDIT_DESK)
        return super().get_queryset(request).filter(desk__in=headed)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name == "desk":
            options["queryset"] = desks_where(user=editor(request), verb=Verb.EDIT_DESK)
        return super().formfield_for_foreignkey(db_field, request, **options)


class PersonForm(UserChangeForm):
    """Who somebody is; the password, where whoever asks may set it, as a link to its own form."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "password" in self.fields:
            self.fields["password"].widget = UnfoldReadOnlyPasswordHashWidget()


def roles_to_give(request: HttpRequest) -> tuple[Role, ...]:
    """Return the roles up to that of whoever asks."""
    return roles_up_to(role(request))


def save_members(formset: Any, *, by: User) -> None:
    """
    Do what the table of roles says: who joins a desk, has another role there, or leaves.

    Whoever saves comes last: the role that they do all this by may be the one that they give up.
    """
    formset.save(commit=False)
    for member in sorted(formset.deleted_objects, key=lambda each: each.user_id == by.pk):
        remove_member(desk=member.desk, user=member.user, by=by)
    for member, changed in formset.changed_objects:
        if {"user", "desk"} & set(changed):
            before = Membership.objects.select_related("desk", "user").get(pk=member.pk)
            remove_member(desk=before.desk, user=before.user, by=by)
    changed_rows = [each for each, _changed in formset.changed_objects]
    given = sorted([*changed_rows, *formset.new_objects], key=lambda each: each.user_id == by.pk)
    for member in given:
        set_member(desk=member.desk, user=member.user, role=member.role, by=by)


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
class DeskOfEditorsAdmin(RefusingAdmin):
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
                "description": _("In each person’s time zone. Personal days and hours take precedence."),
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

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> Any:
        desk = context["original"]
        context["sees_links"] = desk is not None and may_see_links(request, desk)
        return super().render_change_form(request, context, *args, **options)

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

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        if formset.model is Membership:
            save_members(formset, by=editor(request))
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
class UserAdmin(RefusingAdmin, PlainUserAdmin):
    """
    The people here. A head of desk sets the roles on the own desk, an administrator all of it.

    Nobody is added here: they are invited, and choose their own name and password.
    """

    form = PersonForm
    change_password_form = AdminPasswordChangeForm
    inlines = (RolesInline,)
    list_display = ("username", "full_name", "email", "shown_roles", "is_active", "last_login")
    list_filter = ("is_active", "memberships__desk", "memberships__role")
    filter_horizontal = ()
    read_verb = Verb.READ_PEOPLE
    add_verb = change_verb = Verb.INVITE_PERSON
    fieldsets = (
        (None, {"fields": OF_PERSON}),
        (_("Signing in"), {"fields": ("password", "last_login", "date_joined")}),
    )
    change_form_outer_before_template = "admin/desk/user_token_link.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return people_seen_by(user=editor(request)).prefetch_related("memberships__desk")

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Whoever only heads a desk gives and takes roles there, and reads the rest."""
        dates = ("last_login", "date_joined")
        return dates if may(request, Verb.EDIT_PEOPLE) else (*OF_PERSON, *dates)

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        if may(request, Verb.EDIT_PEOPLE):
            return self.fieldsets
        return ((None, {"fields": OF_PERSON}), (_("Signing in"), {"fields": ("last_login", "date_joined")}))

    @column(description=_("Name"), ordering="first_name")
    def full_name(self, person: User) -> str:
        return person.get_full_name()

    @column(description=_("Roles"))
    def shown_roles(self, person: User) -> str:
        held = person.memberships.all()
        return ", ".join(f"{each.desk}: {each.get_role_display()}" for each in held) or NOTHING

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Invite: the page is that of the invitations."""
        return self.admin_site.get_model_admin(Invitation).add_view(request, form_url, extra_context)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> Any:
        context["edits_people"] = may(request, Verb.EDIT_PEOPLE)
        return super().render_change_form(request, context, *args, **options)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if may(request, Verb.EDIT_PEOPLE):
            given = {name: form.cleaned_data[name] for name in OF_PERSON}
            change_person(person=obj, given=given, by=editor(request))

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        save_members(formset, by=editor(request))

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """Set somebody's password: whoever may is whoever could be them."""
        if not may(request, Verb.EDIT_PEOPLE):
            raise PermissionDenied
        return super().user_change_password(request, id, form_url)

    def get_urls(self) -> list[URLPattern]:
        mine = path("tokens/", self.admin_site.admin_view(my_tokens), name="auth_user_mine")
        others = path("<int:pk>/token/", self.admin_site.admin_view(tokens_of), name="auth_user_token")
        return [mine, others, *super().get_urls()]


@admin.register(Group)
class GroupAdmin(DeskAdmin, PlainGroupAdmin):
    read_verb = add_verb = change_verb = Verb.EDIT_PEOPLE
