"""All sources of a question combined, as the API answers it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from tracker.api.kit.fields import InstantField


class CrowdPointShown(serializers.Serializer[Any]):
    """
    The probability of yes that `n` sources give together from an instant on: their mean, their median,
    the geometric mean of their odds, and the mean weighted by the skill that was known at that time. Null
    where everybody had withdrawn, and `weighted` where the sources have too many forecasts to weigh them.
    """

    at = InstantField()
    n = serializers.IntegerField()
    mean = serializers.FloatField(allow_null=True)
    median = serializers.FloatField(allow_null=True)
    odds = serializers.FloatField(allow_null=True)
    weighted = serializers.FloatField(allow_null=True)
