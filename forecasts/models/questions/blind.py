"""What keeps a verdict blind: when its desk was so, and what was shown to whom before it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from forecasts.models.desk import Desk
from forecasts.models.questions.question import Question
from forecasts.models.record.fact import Fact, FactQuerySet


class Sighted(models.TextChoices):
    """Why a verdict was not given blind, on a desk that answers so."""

    DESK_OPEN = "desk_open", _("the desk showed who said what, at least for a while")
    SHOWN = "shown", _("the editor was shown who said what")
    RECORDED = "recorded", _("the editor had put it on the record")
    OWN_VERDICT = "own_verdict", _("the editor had given a verdict before")
    ANSWERED = "answered", _("the question had been answered before")
    FOLLOWS = "follows", _("it follows from the answer to another question")


class Place(models.TextChoices):
    """Where who said what was shown."""

    PAGE = "page", _("on a public page")
    DESK = "desk", _("at the desk")
    API = "api", _("through the API")
    MAIL = "mail", _("in a mail")
    ASKED = "asked", _("because the editor asked for it")


class BlindSwitch(Fact):
    """
    From now on a desk hides who said what until one's own verdict is in, or no longer does.

    `Desk.blind` is what the last of these says; a desk without one is as it was opened.
    """

    LEDGER_KIND = "blind_switch"

    desk = models.ForeignKey(Desk, models.PROTECT, related_name="blind_switches", verbose_name=_("desk"))
    blind = models.BooleanField(_("blind"))

    objects = FactQuerySet["BlindSwitch"].as_manager()

    class Meta:
        verbose_name = _("blind switch")
        verbose_name_plural = _("blind switches")
        ordering = ("pk",)
        indexes = (models.Index(name="blind_switch_of_desk", fields=("desk", "recorded_at")),)

    def __str__(self) -> str:
        return f"{self.desk}: {_('blind') if self.blind else _('not blind')}"

    def as_fact(self) -> dict[str, Any]:
        return {
            "desk": self.desk_id,
            "blind": self.blind,
            "recorded_at": self.recorded_at,
            "recorded_by": self.recorded_by_id,
        }


class Shown(models.Model):
    """
    Who said what on a question was shown to somebody: when first, and where.

    Written once for each person and question, however often they look. It is no fact of the ledger,
    because reading waits for nobody; the verdict that it makes sighted is one.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="shown", verbose_name=_("person")
    )
    question = models.ForeignKey(Question, models.PROTECT, related_name="shown", verbose_name=_("question"))
    shown_at = models.DateTimeField(_("shown at"))
    place = models.CharField(_("where"), max_length=10, choices=Place)

    class Meta:
        verbose_name = _("forecasts shown")
        verbose_name_plural = _("forecasts shown")
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(
                name="question_is_first_shown_to_a_person_once", fields=("user", "question")
            ),
            models.CheckConstraint(name="shown_place_is_known", condition=Q(place__in=Place.values)),
        )

    def __str__(self) -> str:
        return f"{self.user}, {self.question}"
