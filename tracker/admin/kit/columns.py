"""A column of a list: unfold's decorator, with a type."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from unfold.decorators import display

Column = TypeVar("Column", bound=Callable[..., Any])


def column(
    *, description: Any, ordering: str | None = None, label: dict[str, str] | None = None
) -> Callable[[Column], Column]:
    """Name a list's column. `label` gives each value's colour, beside its word."""
    return cast(
        "Callable[[Column], Column]", display(description=description, ordering=ordering, label=label)
    )
