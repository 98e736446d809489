"""The addresses of the public pages."""

from django.urls import path, re_path

from tracker.pages import views
from tracker.pages.board import views as board_views
from tracker.pages.comparison import views as compare_views
from tracker.pages.kit import blind
from tracker.pages.source import views as source_views

app_name = "pages"

FORM = r"(?P<form>svg|png|json)"

urlpatterns = [
    path("", views.home, name="home"),
    path("boards/<slug:slug>/", board_views.board, name="board"),
    re_path(
        rf"^boards/(?P<slug>[-\w]+)/(?P<chart>standings|history|calibration)\.{FORM}$",
        board_views.board_chart,
        name="board_chart",
    ),
    path("sources/", source_views.sources, name="sources"),
    path("sources/<slug:slug>/", source_views.source, name="source"),
    re_path(
        rf"^sources/(?P<slug>[-\w]+)/(?P<chart>history|calibration)\.{FORM}$",
        source_views.source_chart,
        name="source_chart",
    ),
    path("compare/", compare_views.compare, name="compare"),
    re_path(rf"^compare/questions\.{FORM}$", compare_views.compare_chart, name="compare_chart"),
    path("questions/", views.questions, name="questions"),
    path("questions/<slug:slug>/", views.question, name="question"),
    path("documents/<uuid:key>/", views.document, name="document"),
    path("show-anyway/", blind.show_anyway, name="show_anyway"),
    path("how-we-score/", views.how_we_score, name="how_we_score"),
    path("scales/", views.scales, name="scales"),
    path("ledger/", views.ledger, name="ledger"),
]
