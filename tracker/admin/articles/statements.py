"""Statements at the desk: review one beside its article, decide, and issue its forecast."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forecasts.articles.writes.statements import accept_statement, amend_draft, reject_statement
from forecasts.models import Question, Statement, StatementStatus
from forecasts.people.reads.roles import Verb
from forecasts.questions.writes.forecasts import issue_forecast
from forecasts.questions.writes.lifecycle import open_question
from forecasts.record.refusal import RefusedError
from tracker.admin.articles.segments import segments
from tracker.admin.articles.statement_forms import ChooseForm, DecisionForm, IssueForm, OpenForm, ReadingForm
from tracker.admin.kit.access import editor
from tracker.admin.kit.blind import BlindPage, without_hidden
from tracker.admin.kit.columns import column
from tracker.admin.kit.fields import source_names
from tracker.admin.kit.pages import blame
from tracker.admin.kit.publishing import PUBLISHING, PublishingPage
from tracker.admin.kit.value_forms import SERVICE_FIELDS
from tracker.wording.basis import basis_of
from tracker.wording.dates import day, instant
from tracker.wording.deadlines import deadline_words
from tracker.wording.values import said_words


@admin.register(Statement)
class StatementAdmin(PublishingPage, BlindPage):
    hidden_by = "forecasts__question"
    # Its page shows the whole article.
    page_hidden_by = "document__statements__forecasts__question"
    list_display = ("words", "speaker", "document_title", "shown_status", "stated_on")
    list_filter = ("status", "directness", "document__language")
    list_select_related = ("document", "speaker")
    search_fields = ("quote", "translation", "claim", "speaker__name")
    ordering = ("-recorded_at", "document", "start")
    page_template = "admin/desk/statement.html"
    buttons = {
        "_save": Verb.AMEND_DRAFT,
        "_accept": Verb.ACCEPT_STATEMENT,
        "_reject": Verb.REJECT_STATEMENT,
        "_open": Verb.OPEN_QUESTION,
        "_issue": Verb.ISSUE_FORECAST,
        **PUBLISHING,
    }

    def get_queryset(self, request: HttpRequest) -> QuerySet[Statement]:
        rows: QuerySet[Statement] = super().get_queryset(request)
        return rows.defer("document__text")

    @column(description=gettext_lazy("Words"), ordering="quote")
    def words(self, statement: Statement) -> str:
        return Truncator(statement.quote).chars(110)

    @column(description=gettext_lazy("Document"), ordering="document__title")
    def document_title(self, statement: Statement) -> str:
        return Truncator(statement.document.title).chars(60)

    @column(
        description=gettext_lazy("Status"),
        ordering="status",
        label={"draft": "warning", "accepted": "info", "rejected": "danger"},
    )
    def shown_status(self, statement: Statement) -> tuple[str, str]:
        return statement.status, statement.get_status_display()

    @column(description=gettext_lazy("Stated on"), ordering="stated_at")
    def stated_on(self, statement: Statement) -> str:
        return day(statement.stated_at)

    def page_context(self, request: HttpRequest, shown: Statement, **forms_: forms.Form) -> dict[str, Any]:
        document = shown.document
        decisions = list(shown.decisions.select_related("recorded_by").order_by("pk"))
        rows = without_hidden(request, document.statements.all(), by="forecasts__question")
        others = list(rows.select_related("speaker").order_by("start", "end"))
        fixed = any(each.status == StatementStatus.ACCEPTED for each in decisions)
        return {
            "document": document,
            "segments": segments(text=document.text, statements=others, current=shown),
            "number": [each.pk for each in others].index(shown.pk) + 1,
            "decisions": decisions,
            "fixed": fixed,
            "reading": forms_.get("reading") or ReadingForm(statement=shown),
            "decision": forms_.get("decision") or DecisionForm(),
            "source_names": [] if fixed else source_names(),
            **(self._issuing(request, shown, **forms_) if shown.status == StatementStatus.ACCEPTED else {}),
        }

    def _issuing(self, request: HttpRequest, shown: Statement, **forms_: forms.Form) -> dict[str, Any]:
        forecasts = shown.forecasts.current().select_related("question", "term__scale").order_by("pk")
        chosen = self._chosen(request)
        return {
            "forecasts": [
                {
                    "forecast": each,
                    "reading": said_words(each, each.question),
                    "basis": basis_of(each, each.question),
                }
                for each in forecasts
            ],
            "chosen": chosen,
            "chosen_deadline": chosen and deadline_words(chosen.deadline),
            "chosen_instant": chosen and instant(chosen.deadline_at, chosen.deadline_zone),
            "choose": ChooseForm(),
            "likely": self._likely(shown),
            "open": forms_.get("open") or self._open_form(request, shown),
            "open_refused": "open" in forms_,
            "issue": forms_.get("issue")
            or IssueForm(
                initial={"question": chosen},
                question=chosen,
                language=shown.document.language,
                said_on=timezone.localdate(shown.stated_at),
            ),
        }

    def _chosen(self, request: HttpRequest) -> Question | None:
        pk = request.POST.get("question") or request.GET.get("question") or ""
        return Question.objects.filter(pk=pk).first() if pk.isdecimal() and len(pk) < 19 else None

    def _likely(self, shown: Statement) -> QuerySet[Question]:
        """Return the questions that the article's other statements speak of."""
        asked = Question.objects.filter(forecasts__statement__document=shown.document_id)
        return asked.exclude(forecasts__statement=shown).distinct().order_by("deadline_at", "pk")[:8]

    def _open_form(self, request: HttpRequest, shown: Statement, data: Any = None) -> OpenForm:
        said_on = timezone.localdate(shown.stated_at)
        return OpenForm(data, by=editor(request), opens_on=said_on, article=shown.document)

    def do_save(self, request: HttpRequest, statement: Statement) -> HttpResponse:
        return self._decide(request, statement, None, _("Saved. It is still a draft."))

    def do_accept(self, request: HttpRequest, statement: Statement) -> HttpResponse:
        return self._decide(request, statement, accept_statement, _("Accepted. Now record its forecast."))

    def do_reject(self, request: HttpRequest, statement: Statement) -> HttpResponse:
        return self._decide(request, statement, reject_statement, _("Rejected, and kept with the reason."))

    def _decide(self, request: HttpRequest, statement: Statement, decide: Any, message: str) -> HttpResponse:
        """Keep the reading that is on the screen, and decide on it, or do neither."""
        reading = ReadingForm(request.POST, statement=statement)
        decision = DecisionForm(request.POST)
        fixed = statement.decisions.filter(status=StatementStatus.ACCEPTED).exists()
        if (fixed or reading.is_valid()) and decision.is_valid():
            try:
                with transaction.atomic():
                    if not fixed:
                        amend_draft(statement=statement, by=editor(request), **reading.reading)
                    if decide is not None:
                        reason = decision.cleaned_data["reason"]
                        decide(statement=statement, reason=reason, by=editor(request), now=timezone.now())
            except RefusedError as error:
                statement.refresh_from_db()
                at_fault = reading if not fixed and error.field in reading.fields else decision
                blame(at_fault, error)
            else:
                return self.done(request, message, statement)
        return self.show(request, statement, reading=reading, decision=decision)

    def do_open(self, request: HttpRequest, statement: Statement) -> HttpResponse:
        form = self._open_form(request, statement, request.POST)
        if form.is_valid():
            try:
                question = open_question(**form.question, now=timezone.now(), by=editor(request))
            except RefusedError as error:
                blame(form, error, opens_at="opens_on")
            else:
                message = _("The question is open. Now say what was forecast.")
                return self.done(request, message, statement, query=f"?question={question.pk}#issue")
        return self.show(request, statement, open=form)

    def do_issue(self, request: HttpRequest, statement: Statement) -> HttpResponse:
        form = IssueForm(
            request.POST,
            question=self._chosen(request),
            language=statement.document.language,
            said_on=timezone.localdate(statement.stated_at),
        )
        if form.is_valid() and statement.speaker is not None:
            given = form.cleaned_data
            try:
                issue_forecast(
                    question=given["question"],
                    source=statement.speaker,
                    reading=given["reading"],
                    stated_at=statement.stated_at,
                    statement=statement,
                    note=given["note"],
                    now=timezone.now(),
                    by=editor(request),
                )
            except RefusedError as error:
                blame(form, error, **SERVICE_FIELDS)
            else:
                return self.done(request, _("The forecast has been recorded."), given["question"])
        return self.show(request, statement, issue=form)
