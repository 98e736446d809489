"""An event that can be checked, by a deadline."""

from __future__ import annotations

from datetime import datetime
from types import MappingProxyType
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from forecasts.limits import most
from forecasts.models.desk import Desk
from forecasts.models.limited import LimitedJson, LimitedList, LimitedText
from forecasts.models.names import check_plain, name_is_plain
from forecasts.models.questions.deadline import WithDeadline, deadline_constraints
from forecasts.models.record.fact import Fact, FactQuerySet
from forecasts.models.record.key import WithKey
from forecasts.models.record.public import PublishedQuerySet, WithPublicSince


class QuestionKind(models.TextChoices):
    BINARY = "binary", _("yes or no")
    OPTIONS = "options", _("one of several options")
    ORDERED = "ordered", _("one of several ordered options")
    NUMBER = "number", _("a number")
    DATE = "date", _("a date")


class TopicQuerySet(models.QuerySet["Topic"]):
    def public(self) -> Self:
        """Return the topics that everybody may see: those of a public question."""
        return self.filter(Exists(Question.objects.public().filter(topics=OuterRef("pk"))))


class Topic(models.Model):
    slug = models.SlugField(_("slug"), max_length=most("slug"), unique=True)
    name = models.CharField(_("name"), max_length=most("name"), validators=[check_plain])

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ("name",)
        constraints = (name_is_plain("topic"),)

    def __str__(self) -> str:
        return self.name


class EventQuerySet(models.QuerySet["Event"]):
    def public(self) -> Self:
        """Return the events that everybody may see: those of a public question."""
        return self.filter(Exists(Question.objects.public().filter(event=OuterRef("pk"))))


class Event(models.Model):
    """Questions that hang together count as one event where uncertainty is computed."""

    slug = models.SlugField(_("slug"), max_length=most("slug"), unique=True)
    name = models.CharField(_("name"), max_length=most("label"), validators=[check_plain])
    ladder = models.BooleanField(
        _("a ladder of dates"),
        default=False,
        help_text=_(
            "Its yes-or-no questions ask for the same thing by different dates, so one date answers all."
        ),
    )

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ("name",)
        constraints = (name_is_plain("event"),)

    def __str__(self) -> str:
        return self.name


class QuestionQuerySet(PublishedQuerySet["Question"]):
    """Where questions stand. Nobody else spells these: two counts on one screen are of the same rows."""

    def answered(self) -> Self:
        """Return those with an answer in force: an outcome, or void."""
        return self.filter(Exists(self._answers()))

    def unanswered(self) -> Self:
        """Return those with none: nobody gave one, or it was reopened."""
        return self.filter(~Exists(self._answers()))

    def open(self, now: datetime) -> Self:
        """Return the unanswered ones whose deadline is still to come."""
        return self.unanswered().filter(deadline_at__gt=now)

    def due(self, now: datetime) -> Self:
        """Return the unanswered ones whose deadline has come, however long ago."""
        return self.unanswered().filter(deadline_at__lte=now)

    def _answers(self) -> models.QuerySet[Any]:
        resolutions: Any = self.model._meta.get_field("resolutions").related_model
        answers: models.QuerySet[Any] = resolutions._default_manager.answering()
        return answers.filter(question=OuterRef("pk"))


class Question(WithKey, WithPublicSince, WithDeadline, Fact):
    """
    An event that can be checked.

    What is asked never changes. The deadline moves only by a DeadlineMove, and to another desk it goes
    only by a DeskMove; the assignee, the event and the topics may be set anew.
    """

    LEDGER_KIND = "question"
    LEDGER_LISTS = ("deadline_moves", "desk_moves")
    LEDGER_SINCE = MappingProxyType({"deadline_given": 2, "desk": 2})

    slug = models.SlugField(_("slug"), max_length=most("name"), unique=True)
    proposition = LimitedText(_("question"), max_length=most("sentence"))
    translation = LimitedText(_("translation"), max_length=most("sentence"), blank=True)
    language = models.CharField(_("language"), max_length=most("language"), default="en")
    criteria = LimitedText(_("criteria"), max_length=most("words"))
    kind = models.CharField(_("kind"), max_length=20, choices=QuestionKind, default="binary")
    options = LimitedList(
        models.CharField(max_length=most("name")),
        size=most("options"),
        verbose_name=_("options"),
        default=list,
        blank=True,
    )
    unit = models.CharField(_("unit"), max_length=most("unit"), blank=True)
    lower_bound = models.FloatField(_("lower bound"), null=True, blank=True)
    upper_bound = models.FloatField(_("upper bound"), null=True, blank=True)
    opens_at = models.DateTimeField(_("opens at"))
    condition = LimitedText(
        _("condition"),
        max_length=most("note"),
        blank=True,
        help_text=_("The question is void if this fails."),
    )
    checklist = LimitedJson(_("resolvability checklist"), max_length=most("value"), default=dict, blank=True)
    base_rate = models.FloatField(_("base rate at creation"), null=True, blank=True)
    base_rate_basis = LimitedText(_("basis of the base rate"), max_length=most("note"), blank=True)
    event = models.ForeignKey(
        Event, models.PROTECT, null=True, blank=True, related_name="questions", verbose_name=_("event")
    )
    topics = models.ManyToManyField(Topic, blank=True, related_name="questions", verbose_name=_("topics"))
    desk = models.ForeignKey(Desk, models.PROTECT, related_name="questions", verbose_name=_("desk"))
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="assigned_questions",
        verbose_name=_("assignee"),
    )

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ("deadline_at", "pk")
        indexes = (models.Index(name="question_deadline", fields=("deadline_at",)),)
        constraints = (
            *deadline_constraints("question"),
            models.CheckConstraint(name="question_asks_something", condition=~Q(proposition="")),
            models.CheckConstraint(name="question_has_criteria", condition=~Q(criteria="")),
            models.CheckConstraint(name="question_kind_is_known", condition=Q(kind__in=QuestionKind.values)),
            models.CheckConstraint(
                name="question_has_options_where_its_kind_needs_them",
                condition=Q(kind__in=["options", "ordered"], options__len__gte=2)
                | (~Q(kind__in=["options", "ordered"]) & Q(options=[])),
            ),
            models.CheckConstraint(
                name="question_has_a_unit_only_for_a_number", condition=Q(kind="number") | Q(unit="")
            ),
            models.CheckConstraint(
                name="question_bounds_are_of_a_number_and_in_order",
                condition=Q(lower_bound=None, upper_bound=None)
                | Q(kind="number", lower_bound=None)
                | Q(kind="number", upper_bound=None)
                | Q(kind="number", lower_bound__lt=F("upper_bound")),
            ),
            models.CheckConstraint(
                name="question_closes_after_it_opens", condition=Q(deadline_at__gt=F("opens_at"))
            ),
            models.CheckConstraint(
                name="question_base_rate_is_a_probability",
                condition=Q(base_rate=None) | Q(base_rate__gte=0, base_rate__lte=1),
            ),
        )

    def __str__(self) -> str:
        return self.proposition

    def as_fact(self) -> dict[str, Any]:
        first = min(self.deadline_moves.all(), key=lambda move: move.pk, default=None)
        left = min(self.desk_moves.all(), key=lambda move: move.pk, default=None)
        bounds = {"lower_bound": self.lower_bound, "upper_bound": self.upper_bound}
        return {
            "desk": left.moved_from_id if left else self.desk_id,
            "slug": self.slug,
            "proposition": self.proposition,
            "criteria": self.criteria,
            "kind": self.kind,
            "options": list(self.options),
            "unit": self.unit,
            # Those without bounds are hashed as they were before questions could have any.
            **{name: bound for name, bound in bounds.items() if bound is not None},
            "opens_at": self.opens_at,
            "condition": self.condition,
            "base_rate": self.base_rate,
            **_deadline_at_first(first.moved_from if first else deadline_as_json(self)),
            "recorded_at": self.recorded_at,
            "recorded_by": self.recorded_by_id,
        }


class DeadlineMove(WithDeadline, Fact):
    """A question's deadline was moved: from what, to what (its own columns), and why."""

    LEDGER_KIND = "deadline move"
    LEDGER_SINCE = {"to_given": 2}

    question = models.ForeignKey(
        Question, models.PROTECT, related_name="deadline_moves", verbose_name=_("question")
    )
    moved_from = models.JSONField(_("moved from"))
    reason = LimitedText(_("reason"), max_length=most("note"))

    objects = FactQuerySet.as_manager()

    class Meta:
        verbose_name = _("deadline move")
        verbose_name_plural = _("deadline moves")
        ordering = ("pk",)
        constraints = (
            *deadline_constraints("deadline_move"),
            models.CheckConstraint(name="deadline_move_has_a_reason", condition=~Q(reason="")),
        )

    def __str__(self) -> str:
        return f"{self.moved_from.get('on')} → {self.deadline_on}"

    def as_fact(self) -> dict[str, Any]:
        return {
            "question": self.question_id,
            "from": self.moved_from,
            "to": self.deadline_as_fact(),
            "to_given": self.deadline_given_as_fact(),
            "reason": self.reason,
            "recorded_at": self.recorded_at,
            "recorded_by": self.recorded_by_id,
        }


class DeskMove(Fact):
    """A question went from one desk to another: who answers it, and by which rules, from then on."""

    LEDGER_KIND = "desk move"

    question = models.ForeignKey(
        Question, models.PROTECT, related_name="desk_moves", verbose_name=_("question")
    )
    moved_from = models.ForeignKey(Desk, models.PROTECT, related_name="+", verbose_name=_("from desk"))
    moved_to = models.ForeignKey(Desk, models.PROTECT, related_name="+", verbose_name=_("to desk"))
    reason = LimitedText(_("reason"), max_length=most("note"))

    objects = FactQuerySet["DeskMove"].as_manager()

    class Meta:
        verbose_name = _("move to another desk")
        verbose_name_plural = _("moves to other desks")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(name="desk_move_goes_elsewhere", condition=~Q(moved_from=F("moved_to"))),
            models.CheckConstraint(name="desk_move_has_a_reason", condition=~Q(reason="")),
        )

    def __str__(self) -> str:
        return f"{self.moved_from} → {self.moved_to}"

    def as_fact(self) -> dict[str, Any]:
        return {
            "question": self.question_id,
            "from": self.moved_from_id,
            "to": self.moved_to_id,
            "reason": self.reason,
            "recorded_at": self.recorded_at,
            "recorded_by": self.recorded_by_id,
        }


def _as_json(columns: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in columns.items()
    }


def deadline_as_json(question: Question) -> dict[str, Any]:
    """Return the question's deadline as a DeadlineMove keeps the one it moved from."""
    given = _as_json(question.deadline_given_as_fact())
    return {**_as_json(question.deadline_as_fact()), "given": given}


def _deadline_at_first(kept: dict[str, Any]) -> dict[str, Any]:
    """Return the deadline and where it is from, as the question's own fact has them."""
    return {
        "deadline": {name: value for name, value in kept.items() if name != "given"},
        "deadline_given": kept.get("given"),
    }
