"""
Columns of text that say how much they take: to forms, to the API, and by a constraint to the database.

A column of characters counts by itself. The others of what people and files fill are of these classes;
`forecasts.limits` has their sizes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import BaseValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast, Length
from django.db.models.lookups import LessThanOrEqual
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    Text = models.TextField[str, str]
    Json = models.JSONField[Any, Any]
    Array = ArrayField[Any, Any]
else:
    Text, Json, Array = models.TextField, models.JSONField, ArrayField

TOO_LONG = _("At most %(most)s characters fit. Shorten it.")


def _constrain(model: type[models.Model], field: models.Field[Any, Any], condition: Any, rule: str) -> None:
    """Add a constraint to a model as if it stood in its Meta. Migrations' models have theirs written down."""
    meta: Any = model._meta
    if meta.abstract or model.__module__ == "__fake__":
        return
    name = f"{meta.model_name}_{field.name}_has_at_most_{rule}"
    meta.constraints = [*meta.constraints, models.CheckConstraint(name=name, condition=condition)]
    meta.original_attrs["constraints"] = meta.constraints


class LimitedText(Text):
    """Text of at most `max_length` characters, in the database too."""

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        fits = LessThanOrEqual(Length(name), self.max_length)
        _constrain(cls, self, fits, f"{self.max_length}_characters")


@deconstructible
class ShortAsText(BaseValidator):
    """Refuses a value that is too long once it is written as JSON, as PostgreSQL writes it."""

    message = TOO_LONG
    code = "max_length"

    def __call__(self, value: Any) -> None:
        if len(DjangoJSONEncoder(ensure_ascii=False).encode(value)) > self.limit_value:
            raise ValidationError(self.message, code=self.code, params={"most": self.limit_value})


class LimitedJson(Json):
    """A value of at most `max_length` characters of JSON, in the database too."""

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        if self.max_length is not None:
            self.validators.append(ShortAsText(self.max_length))

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        fits = LessThanOrEqual(Length(Cast(name, models.TextField())), self.max_length)
        _constrain(cls, self, fits, f"{self.max_length}_characters")


class LimitedList(Array):
    """A list of at most `size` words, in the database too."""

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        _constrain(cls, self, Q(**{f"{name}__len__lte": self.size}), f"{self.size}_entries")
