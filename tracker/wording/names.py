"""A person's name as others read it."""

from __future__ import annotations

from django.contrib.auth.models import User


def name_of(user: User | None) -> str:
    """Return the person's full name, else the name they sign in with."""
    return (user.get_full_name() or user.get_username()) if user else ""
