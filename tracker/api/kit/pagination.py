"""Pages of rows."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request


class Pages(PageNumberPagination):
    """`page` counts from 1; `page_size` is 50 unless told, and 200 at most."""

    page_size_query_param = "page_size"
    max_page_size = 200

    def get_page_size(self, request: Request) -> int:
        """Return how many rows a page has. Raises ValidationError."""
        given = request.query_params.get(self.page_size_query_param)
        if given is None:
            return int(self.page_size or self.max_page_size)
        if not given.isascii() or not given.isdecimal() or not 1 <= int(given[:6]) <= self.max_page_size:
            told = _("Write a whole number from 1 to %(most)s.") % {"most": self.max_page_size}
            raise ValidationError({self.page_size_query_param: told})
        return int(given)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        told = super().get_schema_operation_parameters(view)
        bounds = {self.page_query_param: {"minimum": 1}}
        bounds[self.page_size_query_param] = {"minimum": 1, "maximum": self.max_page_size}
        return [{**each, "schema": {**each["schema"], **bounds[each["name"]]}} for each in told]
