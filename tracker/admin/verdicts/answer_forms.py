"""What an editor found on a question, and the smaller things that are done to one."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from forecasts.limits import most
from forecasts.models import (
    VOID_REASONS_FOUND,
    Answer,
    Desk,
    Document,
    Evidence,
    GranularityChoice,
    Question,
    QuestionKind,
)
from forecasts.people.reads.roles import Verb, people_who_may
from forecasts.schedule import days_since_epoch
from forecasts.verdicts.writes.findings import Exhibit, Finding, dated, days_too_late, midnight_utc
from tracker.admin.kit.fields import DateField, DeadlineForm, PastedField
from tracker.admin.kit.value_forms import NumberField

ANSWERS = [
    (Answer.OUTCOME, _("It has an answer")),
    (Answer.VOID, _("Void")),
    (Answer.TOO_EARLY, _("Too early to say")),
]
EVIDENCE = ("evidence_url", "evidence_quote", "evidence_text", "evidence_publisher", "evidence_published_on")
# What a service calls a field, and what the form calls it.
SERVICE_FIELDS = {"occurred_at": "occurred_on", "evidence": "evidence_quote"}
YES_OR_NO = [("1", _("Yes, it happened")), ("0", _("No, it did not"))]
# What the form asks of each kind beside the outcome: when it was known.
WHEN = {
    QuestionKind.BINARY: (
        _("When"),
        _("For a no, when it could no longer happen: left empty, the deadline counts."),
    ),
    QuestionKind.DATE: (
        _("Known on"),
        _("Only for “not by the deadline”, where that was known sooner: left empty, the deadline counts."),
    ),
}
MISSING = {
    QuestionKind.BINARY: _("Say whether it happened."),
    QuestionKind.DATE: _("Say on which day it happened, or that it did not by the deadline."),
}
WHEN_KNOWN = (_("Known on"), _("The day on which the answer was out: later forecasts are not scored."))


def outcome_field(question: Question) -> forms.Field:
    """Return the field that asks for the outcome of a question of its kind."""
    if question.kind == QuestionKind.BINARY:
        return forms.ChoiceField(
            label=_("Did it happen?"), choices=YES_OR_NO, required=False, widget=forms.RadioSelect
        )
    if question.options:
        named = [(str(index), name) for index, name in enumerate(question.options)]
        return forms.ChoiceField(
            label=_("Which one is it?"), choices=named, required=False, widget=forms.RadioSelect
        )
    if question.kind == QuestionKind.DATE:
        return DateField(label=_("On which day did it happen?"), required=False)
    return NumberField(
        label=_("Which number is it? (%(unit)s)") % {"unit": question.unit},
        required=False,
        unit=question.unit,
    )


VOIDS = [("", "—"), *((each.value, each.label) for each in VOID_REASONS_FOUND)]


class AnswerForm(forms.Form):
    """`finding` and `exhibits` are what `answer_question` takes."""

    answer = forms.ChoiceField(
        label=_("What did you find?"), choices=ANSWERS, widget=forms.RadioSelect, initial=Answer.OUTCOME
    )
    too_late = forms.BooleanField(label=_("Not by the deadline"), required=False)
    occurred_on = DateField(label=_("When"), required=False)
    occurred_granularity = forms.ChoiceField(
        label=_("Precision"), choices=GranularityChoice.choices, initial="day", required=False
    )
    void_reason = forms.ChoiceField(label=_("Why is it void?"), choices=VOIDS, required=False)
    check_again_on = DateField(label=_("Check again on"), required=False)
    evidence_url = forms.URLField(
        label=_("Address of the evidence"), required=False, max_length=most("address"), assume_scheme="https"
    )
    evidence_document = forms.ModelChoiceField(
        label=_("or a document on the record"),
        queryset=Document.objects.defer("text"),
        required=False,
        widget=AutocompleteSelect(Evidence._meta.get_field("document"), admin.site),
    )
    evidence_quote = forms.CharField(
        max_length=most("words"),
        label=_("The words that settle it"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "class": "words"}),
    )
    evidence_publisher = forms.CharField(label=_("Published by"), required=False, max_length=most("name"))
    evidence_published_on = DateField(label=_("Published on"), required=False)
    evidence_text = PastedField(
        label=_("The whole text"),
        required=False,
        max_length=most("evidence"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Kept with its SHA-256, in case the address changes or goes."),
    )
    note = forms.CharField(
        max_length=most("note"), label=_("Note"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    previewed = forms.CharField(max_length=most("name"), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, question: Question, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.question, self.now = question, now
        self.fields["outcome"] = outcome_field(question)
        if question.kind != QuestionKind.DATE:
            del self.fields["too_late"]
        when = self.fields["occurred_on"]
        when.label, when.help_text = WHEN.get(QuestionKind(question.kind), WHEN_KNOWN)

    @property
    def outcome_fields(self) -> list[forms.BoundField]:
        """What is asked where it has an answer, in order."""
        names = ("outcome", "too_late", "occurred_on", "occurred_granularity")
        return [self[name] for name in names if name in self.fields]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        answer = given.get("answer")
        if answer == Answer.OUTCOME:
            self._clean_outcome(given)
        if answer in (Answer.OUTCOME, Answer.VOID) or (answer and self._has_evidence(given)):
            self._clean_evidence(given)
        return given

    def _clean_outcome(self, given: dict[str, Any]) -> None:
        if "outcome" in self.errors:
            return
        missing = given.get("outcome") in (None, "")
        if given.get("too_late") and not missing:
            self.add_error("outcome", _("Give the day, or say “not by the deadline”: one of the two."))
        elif missing and not given.get("too_late"):
            self.add_error(
                "outcome", MISSING.get(QuestionKind(self.question.kind), _("Say what the answer is."))
            )
        elif isinstance(given["outcome"], date) and given["outcome"] >= self.question.deadline.too_late_on:
            self.add_error("outcome", _("That is past the deadline. Say “not by the deadline” instead."))
        closed = self.question.deadline_at <= self.now
        is_no = self.question.kind == QuestionKind.BINARY and given.get("outcome") == "0"
        if is_no and not given.get("occurred_on") and closed:
            last = self.question.deadline_at - timedelta(microseconds=1)
            given["occurred_on"] = last.astimezone(ZoneInfo(self.question.deadline_zone)).date()

    def _has_evidence(self, given: dict[str, Any]) -> bool:
        return any(given.get(name) for name in (*EVIDENCE, "evidence_document"))

    def _clean_evidence(self, given: dict[str, Any]) -> None:
        addressed = given.get("evidence_url") or given.get("evidence_document")
        if not addressed and "evidence_url" not in self.errors:
            self.add_error("evidence_url", _("Give an address, or choose a document on the record."))
        if not given.get("evidence_quote"):
            self.add_error("evidence_quote", _("Quote the words that settle it, or say what was found."))

    @property
    def finding(self) -> Finding:
        given = self.cleaned_data
        is_outcome = given["answer"] == Answer.OUTCOME
        happened = given["occurred_on"] if is_outcome else None
        found = Finding(
            answer=given["answer"],
            outcome=self._outcome() if is_outcome else None,
            occurred_at=midnight_utc(happened) if happened else None,
            occurred_granularity=given["occurred_granularity"] or "day",
            void_reason=given["void_reason"] if given["answer"] == Answer.VOID else "",
            check_again_on=given["check_again_on"] if given["answer"] == Answer.TOO_EARLY else None,
            note=given["note"],
        )
        return dated(question=self.question, finding=found)

    def _outcome(self) -> float:
        if self.cleaned_data.get("too_late"):
            return days_too_late(self.question)
        found = self.cleaned_data["outcome"]
        return days_since_epoch(found) if isinstance(found, date) else float(found)

    @property
    def exhibits(self) -> list[Exhibit]:
        given = self.cleaned_data
        if not self._has_evidence(given):
            return []
        return [
            Exhibit(
                url=given["evidence_url"],
                document=given["evidence_document"],
                quote=given["evidence_quote"],
                publisher=given["evidence_publisher"],
                published_on=given["evidence_published_on"],
                text=given["evidence_text"],
            )
        ]


class ReopenForm(forms.Form):
    reason = forms.CharField(
        max_length=most("note"),
        label=_("Why is it reopened?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class MoveForm(DeadlineForm):
    reason = forms.CharField(
        max_length=most("note"),
        label=_("Why does the deadline move?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class DeskMoveForm(forms.Form):
    """Where the question goes, of the desks that whoever asks may move it to."""

    desk = forms.ModelChoiceField(label=_("To which desk?"), queryset=Desk.objects.none())
    reason = forms.CharField(
        max_length=most("note"),
        label=_("Why does the question move?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, desks: QuerySet[Desk], **options: Any) -> None:
        super().__init__(*args, **{"auto_id": "to_desk_%s", **options})
        self.fields["desk"].queryset = desks  # type: ignore[attr-defined]


class AssignForm(forms.Form):
    assignee = forms.ModelChoiceField(
        label=_("Assignee"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody"),
    )

    def __init__(self, *args: Any, question: Question, **options: Any) -> None:
        super().__init__(*args, **options)
        people = people_who_may(verb=Verb.GIVE_VERDICT, desk=question.desk)
        self.fields["assignee"].queryset = people  # type: ignore[attr-defined]
