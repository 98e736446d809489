"""The address of a row for the world outside: random, so that nobody can count or guess rows."""

from __future__ import annotations

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.utils.translation import gettext_lazy as _


class WithKey(models.Model):
    """
    A row that pages, the API, feeds and exports name by its key. The counting id stays inside.

    The database draws the key, so that rows that are copied in bulk get theirs, too.
    """

    key = models.UUIDField(_("key"), db_default=RandomUUID(), unique=True, editable=False)

    class Meta:
        abstract = True
