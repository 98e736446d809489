"""A saved ranking, and what it said on each date."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from forecasts.limits import most
from forecasts.models.limited import LimitedJson, LimitedText
from forecasts.models.names import check_plain, name_is_plain
from forecasts.models.record.fact import Fact, FactQuerySet
from forecasts.models.record.key import WithKey


class Rule(models.TextChoices):
    BRIER = "brier", _("Brier score")
    LOG = "log", _("logarithmic score")
    SPHERICAL = "spherical", _("spherical score")
    RANKED_PROBABILITY = "ranked_probability", _("score for ordered options (ranked probability score)")
    CRPS = "crps", _("CRPS")


class Reference(models.TextChoices):
    UNINFORMED = "uninformed", _("equal odds on every option")
    BASE_RATE = "base_rate", _("base rate (how often such things happen)")
    CROWD = "crowd", _("all sources combined")


class Window(models.TextChoices):
    ALL = "all", _("all time")
    ROLLING = "rolling", _("rolling")
    BETWEEN = "between", _("between two dates")


class Estimator(models.TextChoices):
    RAW = "raw", _("raw mean")
    SHRUNK = "shrunk", _("allowing for few questions")
    ADJUSTED_FIXED = "adjusted_fixed", _("adjusted for difficulty (fixed effects)")
    ADJUSTED_SHRUNK = "adjusted_shrunk", _("allowing for difficulty and few questions")


class BoardQuerySet(models.QuerySet["Board"]):
    def public(self) -> Self:
        """Return the boards that everybody may see."""
        return self.filter(public=True)


class Board(WithKey):
    """A saved ranking: which forecasts count, by which rule, against which reference."""

    slug = models.SlugField(_("slug"), max_length=most("slug"), unique=True)
    name = models.CharField(_("name"), max_length=most("name"), validators=[check_plain])
    description = LimitedText(_("description"), max_length=most("note"), blank=True)
    filter = LimitedJson(
        _("filter"),
        max_length=most("value"),
        default=dict,
        blank=True,
        help_text=_(
            "topics, languages, source_kinds, question_kinds, outlets: lists; stated_only: true or "
            "false; unit: what a ranking by CRPS is of."
        ),
    )
    rule = models.CharField(_("rule"), max_length=20, choices=Rule, default="brier")
    reference = models.CharField(_("reference"), max_length=20, choices=Reference, default="uninformed")
    window = models.CharField(_("window"), max_length=20, choices=Window, default="all")
    window_days = models.PositiveIntegerField(_("rolling window, days"), null=True, blank=True)
    window_from = models.DateField(_("from"), null=True, blank=True)
    window_to = models.DateField(_("to"), null=True, blank=True)
    minimum_n = models.PositiveIntegerField(
        _("minimum questions"),
        default=5,
        help_text=_("A source with fewer scored questions gets no rank."),
    )
    estimator = models.CharField(_("estimator"), max_length=20, choices=Estimator, default="adjusted_shrunk")
    public = models.BooleanField(_("public"), default=True)

    objects = BoardQuerySet.as_manager()

    class Meta:
        verbose_name = _("ranking")
        verbose_name_plural = _("rankings")
        ordering = ("name",)
        constraints = (
            name_is_plain("board"),
            models.CheckConstraint(name="board_rule_is_known", condition=Q(rule__in=Rule.values)),
            models.CheckConstraint(
                name="board_by_crps_is_of_one_unit",
                condition=~Q(rule="crps") | Q(filter__has_key="unit"),
                violation_error_message=_(
                    "CRPS is in the unit of its question: name the unit of the ranking."
                ),
            ),
            models.CheckConstraint(
                name="board_reference_is_known", condition=Q(reference__in=Reference.values)
            ),
            models.CheckConstraint(
                name="board_estimator_is_known", condition=Q(estimator__in=Estimator.values)
            ),
            models.CheckConstraint(
                name="board_window_has_its_bounds",
                condition=Q(window="all", window_days=None, window_from=None, window_to=None)
                | Q(
                    window="rolling",
                    window_days__isnull=False,
                    window_days__gte=1,
                    window_from=None,
                    window_to=None,
                )
                | Q(
                    window="between",
                    window_days=None,
                    window_from__isnull=False,
                    window_to__isnull=False,
                    window_to__gt=F("window_from"),
                ),
            ),
            models.CheckConstraint(name="board_minimum_n_is_positive", condition=Q(minimum_n__gte=1)),
        )

    def __str__(self) -> str:
        return self.name


class StandingQuerySet(FactQuerySet["Standing"]):
    def public(self) -> Self:
        """Return the standings that everybody may see: kept of a public board, which still is one."""
        return self.filter(public=True, board__public=True)


class Standing(WithKey, Fact):
    """
    What a board said on a date: a snapshot, kept like any other fact.

    `public` tells what it counts: what was public then, or, of a board for the desk, everything.
    """

    LEDGER_KIND = "standing"

    board = models.ForeignKey(Board, models.PROTECT, related_name="standings", verbose_name=_("ranking"))
    as_of = models.DateTimeField(_("as of"))
    ledger_sequence = models.BigIntegerField(_("ledger sequence"))
    rows = models.JSONField(_("rows"))
    public = models.BooleanField(_("counts what is public"), default=True)

    objects = StandingQuerySet.as_manager()

    class Meta:
        verbose_name = _("standing")
        verbose_name_plural = _("standings")
        ordering = ("-as_of", "-pk")
        constraints = (
            models.UniqueConstraint(name="board_has_one_standing_for_each_date", fields=("board", "as_of")),
        )

    def __str__(self) -> str:
        return f"{self.board}, {self.as_of:%Y-%m-%d}"

    def as_fact(self) -> dict[str, Any]:
        return {
            "board": self.board_id,
            "as_of": self.as_of,
            "ledger_sequence": self.ledger_sequence,
            "rows": self.rows,
            "recorded_at": self.recorded_at,
            "recorded_by": self.recorded_by_id,
            # One from before there was a difference keeps its hash.
            **({} if self.public else {"public": False}),
        }
