"""The addresses: two for machines, all others belong to the tracker."""

from django.urls import include, path

from config.health import healthz, readyz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("", include("tracker.urls")),
]

handler500 = "config.busy.failed"
