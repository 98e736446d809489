"""The addresses of the tracker."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language

from tracker.admin.people.accept import accept, open_invitation
from tracker.admin.people.sign_in import sign_in

urlpatterns: list[URLPattern | URLResolver] = [
    # Before the admin's own pages, which ask for a login.
    path("admin/login/", sign_in),
    path("admin/invitation/", accept, name="invitation"),
    path("admin/invitation/<str:token>/", open_invitation, name="invitation_open"),
    path("admin/", admin.site.urls),
    path("api/", include("tracker.api.urls")),
    # A choice of language changes nothing for anybody, so the pages need no cookie for it.
    path("i18n/setlang/", csrf_exempt(set_language), name="set_language"),
    path("", include("tracker.notify.urls")),
    path("", include("tracker.pages.urls")),
]
