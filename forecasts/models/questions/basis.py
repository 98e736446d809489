"""Where a number or a date is from: one enumeration for all that a forecast or a question says."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Basis(models.TextChoices):
    """Said by the source; turned into a number by a table of words; or not said at all, and set by us."""

    STATED = "stated", _("stated by the source")
    READ = "read", _("read from words")
    RULE = "rule", _("set by our rule")
