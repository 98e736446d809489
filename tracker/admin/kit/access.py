"""Who sees and does what at the desk: every permission is asked of `forecasts.people.reads.roles`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst
from unfold.admin import ModelAdmin, TabularInline
from unfold.fields import UnfoldAdminReadonlyField
from unfold.widgets import INPUT_CLASSES

from forecasts.models import Role
from forecasts.people.reads.ownership import HOUSE, desks_of
from forecasts.people.reads.roles import Row, Verb, covers, role_among, roles_held, rows_among


def held(request: HttpRequest) -> dict[int, Role]:
    """Return the roles of whoever asks, by desk, read once for each request."""
    if not hasattr(request, "desk_roles"):
        request.desk_roles = roles_held(user=request.user)  # type: ignore[attr-defined]
    found: dict[int, Role] = request.desk_roles  # type: ignore[attr-defined]
    return found


def role(request: HttpRequest, of: Model | None = None) -> Role | None:
    """Return the role of whoever asks, on the desk of that row or, without one, the highest over all."""
    return role_among(held=held(request), desks=desks_of(of or HOUSE))


def may(request: HttpRequest, verb: Verb | None, of: Model | None = None) -> bool:
    """
    Return whether whoever asks may do that to the row or, without one, on any desk at all.

    Nobody may what has no verb.
    """
    return verb is not None and covers(role=role(request, of), verb=verb)


def allowed(request: HttpRequest, rows: QuerySet[Row], verb: Verb) -> QuerySet[Row]:
    """Return those of the rows to which whoever asks may do that."""
    return rows_among(rows, held=held(request), verb=verb)


def editor(request: HttpRequest) -> User:
    """Return whoever asks, signed in. Raises PermissionDenied."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def may_read(request: HttpRequest) -> bool:
    """Return whether whoever asks is on a desk at all."""
    return may(request, Verb.READ_DRAFTS)


def may_read_messages(request: HttpRequest) -> bool:
    return may(request, Verb.READ_MESSAGES)


def may_read_shown(request: HttpRequest) -> bool:
    return may(request, Verb.EDIT_DESK)


def may_read_people(request: HttpRequest) -> bool:
    return may(request, Verb.READ_PEOPLE)


def may_edit_people(request: HttpRequest) -> bool:
    return may(request, Verb.EDIT_PEOPLE)


class DayPicker(forms.DateInput):
    """
    The browser's own picker of a day.

    The admin's own warns, without a word, where the reader's clock is not the server's; a day has no clock.
    """

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": " ".join(INPUT_CLASSES), **(attrs or {})}, format="%Y-%m-%d")


class TimePicker(forms.TimeInput):
    """The browser's own picker of a time, which here goes by each person's clock and not the server's."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": " ".join(INPUT_CLASSES), **(attrs or {})}, format="%H:%M")


PICKERS: Mapping[type[models.Field[Any, Any]], Mapping[str, Any]] = {
    models.DateField: {"widget": DayPicker},
    models.TimeField: {"widget": TimePicker},
}


def name_of_person(shown: UnfoldAdminReadonlyField, remote_field: Any, row: Model) -> str:
    """Return a row's name, with the link to its page unless it is a person's: few may open those."""
    if remote_field.model in (User, Group):
        return str(row)
    return linked_name(shown, remote_field, row)


# A field that only reads links whatever has a page, and knows nothing of who looks at it.
linked_name: Callable[..., str] = UnfoldAdminReadonlyField.get_admin_url
UnfoldAdminReadonlyField.get_admin_url = name_of_person


class ByRole:
    """
    Permissions from verbs, each asked of the desk of the row. Nothing is ever deleted: the record only grows.
    """

    read_verb = Verb.READ_DRAFTS
    add_verb: Verb | None = None
    change_verb: Verb | None = None
    delete_verb: Verb | None = None

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return may(request, self.read_verb, obj)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return may(request, self.add_verb)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return may(request, self.change_verb, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return may(request, self.delete_verb, obj)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may(request, self.read_verb)


class DeskAdmin(ByRole, ModelAdmin):
    """A list and a form at the desk."""

    formfield_overrides = PICKERS

    list_per_page = 50
    list_filter_submit = False
    show_full_result_count = False

    def get_ordering(self, request: HttpRequest) -> tuple[Any, ...]:
        """Counted rows forget the order that their model gives, and a list of many pages needs one."""
        return tuple(super().get_ordering(request) or self.opts.ordering or ("-pk",))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Rows that whoever asks may read: what takes more than a viewer is of their own desks."""
        return allowed(request, super().get_queryset(request), self.read_verb)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions


class DeskInline(ByRole, TabularInline):
    """Rows of a form at the desk. The heads of the columns are no labels, so each field says its own."""

    extra = 0
    show_change_link = False
    formfield_overrides = PICKERS

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """What an inline adds is of the desk of the row that the form is for."""
        return may(request, self.add_verb, obj)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **options)
        if field is not None:
            # What adds a link for a related row is wrapped around the widget that is filled in.
            widget = getattr(field.widget, "widget", field.widget)
            widget.attrs.setdefault("aria-label", capfirst(field.label or db_field.verbose_name))
        return field
