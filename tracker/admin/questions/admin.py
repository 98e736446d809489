"""Questions at the desk: what is asked, what was said on it, and the answer."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forecasts.desk.writes.moves import desks_to_move_to, move_question
from forecasts.models import Question
from forecasts.models.questions.question import QuestionQuerySet
from forecasts.people.reads.roles import Verb
from forecasts.questions.writes.lifecycle import assign_question, move_deadline, open_question
from forecasts.record.refusal import RefusedError
from forecasts.verdicts.writes.resolutions import reopen_question
from tracker.admin.articles.statement_forms import OpenForm
from tracker.admin.desk.queue import queue_page
from tracker.admin.kit.access import editor
from tracker.admin.kit.columns import column
from tracker.admin.kit.pages import blame
from tracker.admin.kit.publishing import PUBLISHING, PublishingPage
from tracker.admin.questions.page import question_facts
from tracker.admin.questions.supersede import supersede_page
from tracker.admin.reminders.snooze import SnoozeForm, put_question_off
from tracker.admin.verdicts.answer_forms import AnswerForm, AssignForm, DeskMoveForm, MoveForm, ReopenForm
from tracker.admin.verdicts.review import REVIEWS, Reviewing
from tracker.admin.verdicts.turns import turn_of
from tracker.wording.dates import day


class WaitingFilter(admin.SimpleListFilter):
    """Whether a question has its answer."""

    title = gettext_lazy("answer")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [
            ("open", gettext_lazy("open")),
            ("past", gettext_lazy("past its deadline, unanswered")),
            ("answered", gettext_lazy("answered")),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        rows, now = cast("QuestionQuerySet", queryset), timezone.now()
        if self.value() == "open":
            return rows.open(now)
        if self.value() == "past":
            return rows.due(now)
        if self.value() == "answered":
            return rows.answered()
        return rows


@admin.register(Question)
class QuestionAdmin(PublishingPage, Reviewing):
    list_display = ("asked", "due_on", "desk", "assignee")
    list_filter = (WaitingFilter, "desk", ("assignee", admin.RelatedOnlyFieldListFilter), "topics")
    list_select_related = ("desk", "assignee")
    search_fields = ("proposition", "translation", "slug")
    ordering = ("deadline_at", "pk")
    add_verb = Verb.OPEN_QUESTION
    page_template = "admin/desk/question.html"
    buttons = {
        "_preview": Verb.GIVE_VERDICT,
        "_edit": Verb.GIVE_VERDICT,
        "_resolve": Verb.RESOLVE_QUESTION,
        "_reopen": Verb.REOPEN_QUESTION,
        "_move": Verb.MOVE_DEADLINE,
        "_to_desk": Verb.MOVE_QUESTION,
        "_assign": Verb.ASSIGN_QUESTION,
        "_snooze": Verb.SNOOZE_REMINDER,
        **REVIEWS,
        **PUBLISHING,
    }

    @column(description=gettext_lazy("Question"), ordering="proposition")
    def asked(self, question: Question) -> str:
        return Truncator(question.proposition).chars(130)

    @column(description=gettext_lazy("Deadline"), ordering="deadline_at")
    def due_on(self, question: Question) -> str:
        return day(question.deadline_on)

    def get_urls(self) -> list[URLPattern]:
        queue = path("queue/", self.admin_site.admin_view(queue_page), name="forecasts_question_queue")
        supersede = path(
            "<int:pk>/supersede/",
            self.admin_site.admin_view(self.supersede_view),
            name="forecasts_question_supersede",
        )
        return [queue, supersede, *super().get_urls()]

    def supersede_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        return supersede_page(self, request, pk)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        if not self.has_add_permission(request):
            raise PermissionDenied
        now = timezone.now()
        form = OpenForm(request.POST or None, by=editor(request), opens_on=timezone.localdate(now))
        if request.method == "POST" and form.is_valid():
            try:
                question = open_question(**form.question, now=now, by=editor(request))
            except RefusedError as error:
                blame(form, error, opens_at="opens_on")
            else:
                return self.done(request, _("The question is open."), question)
        return self.render(request, "admin/desk/open_question.html", open=form, title=_("Create a question"))

    def page_context(self, request: HttpRequest, shown: Question, **forms_: forms.Form) -> dict[str, Any]:
        now = timezone.now()
        facts = question_facts(request, shown, now=now)
        deadline = {
            "deadline_on": shown.deadline_on,
            "deadline_granularity": shown.deadline_granularity,
            "deadline_rule": shown.deadline_rule,
            "deadline_zone": shown.deadline_zone,
        }
        desks = desks_to_move_to(question=shown, user=editor(request))
        turn = turn_of(request, shown, is_answered=facts["is_answered"])
        return {
            **facts,
            **self.reviews(shown, turn, now=now, given=forms_),
            **self.in_queue(request, shown),
            "answer": forms_.get("answer") or AnswerForm(question=shown, now=now),
            "reopen": forms_.get("reopen") or ReopenForm(auto_id="reopen_%s"),
            "move": forms_.get("move") or MoveForm(initial=deadline, auto_id="move_%s"),
            "to_desk": forms_.get("to_desk") or (desks.exists() and DeskMoveForm(desks=desks)),
            "assign": forms_.get("assign")
            or AssignForm(question=shown, initial={"assignee": shown.assignee}),
            "snooze": forms_.get("snooze") or SnoozeForm(),
            "refused": set(forms_),
        }

    def do_reopen(self, request: HttpRequest, question: Question) -> HttpResponse:
        form = ReopenForm(request.POST, auto_id="reopen_%s")
        if form.is_valid():
            try:
                reopen_question(
                    question=question,
                    reason=form.cleaned_data["reason"],
                    by=editor(request),
                    now=timezone.now(),
                )
            except RefusedError as error:
                blame(form, error)
            else:
                return self.done(
                    request,
                    _("Reopened. The earlier answer stays in the record, marked as replaced."),
                    question,
                )
        return self.show(request, question, reopen=form)

    def do_move(self, request: HttpRequest, question: Question) -> HttpResponse:
        form = MoveForm(request.POST, auto_id="move_%s")
        if form.is_valid():
            given = form.cleaned_data
            try:
                move_deadline(
                    question=question,
                    deadline=given["deadline"],
                    reason=given["reason"],
                    deadline_imputed=given["deadline_imputed"],
                    deadline_reason=given["deadline_reason"],
                    deadline_words=given.get("deadline_words"),
                    by=editor(request),
                    now=timezone.now(),
                )
            except RefusedError as error:
                blame(form, error)
            else:
                return self.done(request, _("The deadline moved, and its reminders with it."), question)
        return self.show(request, question, move=form)

    def do_to_desk(self, request: HttpRequest, question: Question) -> HttpResponse:
        desks = desks_to_move_to(question=question, user=editor(request))
        form = DeskMoveForm(request.POST, desks=desks)
        if form.is_valid():
            try:
                move_question(question=question, **form.cleaned_data, by=editor(request), now=timezone.now())
            except RefusedError as error:
                blame(form, error)
            else:
                message = _("The question is now with the desk “%(desk)s”, and its reminders go there.")
                return self.done(request, message % {"desk": question.desk}, question)
        return self.show(request, question, to_desk=form)

    def do_assign(self, request: HttpRequest, question: Question) -> HttpResponse:
        form = AssignForm(request.POST, question=question)
        if form.is_valid():
            try:
                assign_question(
                    question=question,
                    assignee=form.cleaned_data["assignee"],
                    by=editor(request),
                    now=timezone.now(),
                )
            except RefusedError as error:
                blame(form, error)
            else:
                return self.done(request, _("Assigned."), question)
        return self.show(request, question, assign=form)

    def do_snooze(self, request: HttpRequest, question: Question) -> HttpResponse:
        """Put its reminder off; whoever came from the inbox goes back there."""
        form, done = put_question_off(data=request.POST, question=question, by=editor(request))
        if not done:
            return self.show(request, question, snooze=form)
        if "back" not in request.POST:
            return self.done(request, done, question)
        messages.success(request, done)
        return HttpResponseRedirect(reverse("admin:index"))
