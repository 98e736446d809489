"""The addresses of the tracker."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from tracker.admin.signing_in import sign_in

urlpatterns: list[URLPattern | URLResolver] = [
    # Before the admin's own page at the same address.
    path("admin/login/", sign_in),
    path("admin/", admin.site.urls),
    path("api/", include("tracker.api.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("tracker.notify.urls")),
    path("", include("tracker.pages.urls")),
]
