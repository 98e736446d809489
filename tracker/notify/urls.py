"""The addresses that programs ask for: feeds and calendars."""

from __future__ import annotations

from django.urls import path, register_converter

from tracker.notify.feeds import views
from tracker.notify.mail import unsubscribe as leaving


class FeedKind:
    """Atom or RSS."""

    regex = "atom|rss"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(FeedKind, "feed")

app_name = "notify"

urlpatterns = [
    path("feeds/resolutions.<feed:kind>", views.resolutions, name="resolutions"),
    path("boards/<slug:slug>/changes.<feed:kind>", views.changes, name="changes"),
    path("feeds/desks/<slug:slug>.<feed:kind>", views.due_of_desk, name="due_of_desk"),
    path("feeds/due/<str:secret>.<feed:kind>", views.due_by_link, name="due_by_link"),
    path("unsubscribe/<str:token>/", leaving.leave, name="leave"),
    path("calendar/<str:secret>.ics", views.calendar, name="calendar"),
]
