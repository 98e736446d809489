"""Every address of the house by its name, made from the URL map, with what it is asked with."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse

OFF_SITE = {"healthz", "readyz", "admin:logout", "admin:view_on_site", "api:unknown", "set_language"}


def names() -> list[str]:
    """Return the name of each address, with those of its name spaces, once."""
    return sorted(set(_names(get_resolver().url_patterns, ())) - OFF_SITE)


def _names(patterns: Any, within: tuple[str, ...]) -> Iterator[str]:
    for pattern in patterns:
        if not isinstance(pattern, URLPattern):
            yield from _names(
                pattern.url_patterns, (*within, pattern.namespace) if pattern.namespace else within
            )
        elif pattern.name:
            yield ":".join((*within, pattern.name))


def of_rows(rows: dict[str, Any]) -> dict[str, list[Any]]:
    """Return the arguments of the admin's own pages of a row of each model, by the address's name."""
    found = {}
    for model in admin.site._registry:
        row = rows.get(model._meta.label_lower) or model._default_manager.first()
        for page in ("change", "delete", "history"):
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"
            found[name] = [row.pk if row else 1]
    return found


def address(name: str, arguments: dict[str, list[Any]]) -> str:
    """
    Return the address of that name; what is done to a row of the API is asked with the row's own arguments.

    Raises NoReverseMatch where its row is missing.
    """
    nouns = (each for each in arguments if _is_row(each) and name.startswith(each.removesuffix("detail")))
    noun = next(nouns, None)
    if name in arguments or noun is None:
        return reverse(name, args=arguments.get(name, []))
    try:
        return reverse(name)
    except NoReverseMatch:
        return reverse(name, args=arguments[noun])


def _is_row(name: str) -> bool:
    return name.startswith("api:") and name.endswith("-detail")
