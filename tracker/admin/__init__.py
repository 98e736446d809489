"""The editors' desk: one module a noun. Importing it registers them all."""

from django.contrib import admin

from tracker.admin import (
    answers,
    boards,
    computations,
    documents,
    forecasts,
    imports,
    inbox,
    invitations,
    ledger,
    lexicon,
    navigation,
    people,
    questions,
    reminders,
    sources,
    statements,
    ties,
)
from tracker.admin.signing_in import SignInForm

admin.site.login_form = SignInForm
admin.site.index_template = "admin/desk/inbox.html"
admin.site.enable_nav_sidebar = True

__all__ = [
    "answers",
    "boards",
    "computations",
    "documents",
    "forecasts",
    "imports",
    "inbox",
    "invitations",
    "ledger",
    "lexicon",
    "navigation",
    "people",
    "questions",
    "reminders",
    "sources",
    "statements",
    "ties",
]
