"""The addresses of the API."""

from django.urls import URLPattern, URLResolver, include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from tracker.api.articles.documents import DocumentView
from tracker.api.articles.statements import StatementView
from tracker.api.articles.vocabulary import EventView, HouseRulesView, ScaleView, TopicView
from tracker.api.boards.comparison import ComparisonView
from tracker.api.boards.computations import ComputationView
from tracker.api.boards.views import BoardView, StandingView
from tracker.api.desk.desks import DeskView
from tracker.api.desk.queue import QueueView, TieView
from tracker.api.files.imports import ImportView
from tracker.api.kit.errors import unknown_address
from tracker.api.kit.publishing import PublicationView
from tracker.api.kit.root import ProblemsView, RootView
from tracker.api.people.absences import AbsenceView, OwnAbsenceView
from tracker.api.people.accounts import PersonView
from tracker.api.people.invitations import InvitationView
from tracker.api.people.tokens import MeView, OneTokenView, TokensView, TokenView
from tracker.api.questions.forecasts import ForecastView
from tracker.api.questions.views import QuestionView
from tracker.api.record.ledger import EntryView, LedgerView
from tracker.api.reminders.dead_letters import DigestView, MissedChatView
from tracker.api.reminders.views import PreferencesView, ReminderView
from tracker.api.sources.views import SourceView
from tracker.api.verdicts.answers import ResolutionView

app_name = "api"

router = SimpleRouter(use_regex_path=False)
router.register("sources", SourceView, basename="sources")
router.register("documents", DocumentView, basename="documents")
router.register("statements", StatementView, basename="statements")
router.register("questions", QuestionView, basename="questions")
router.register("forecasts", ForecastView, basename="forecasts")
router.register("resolutions", ResolutionView, basename="resolutions")
router.register("boards", BoardView, basename="boards")
router.register("standings", StandingView, basename="standings")
router.register("publications", PublicationView, basename="publications")
router.register("imports", ImportView, basename="imports")
router.register("computations", ComputationView, basename="computations")
router.register("scales", ScaleView, basename="scales")
router.register("topics", TopicView, basename="topics")
router.register("events", EventView, basename="events")
router.register("desks", DeskView, basename="desks")
router.register("people", PersonView, basename="people")
router.register("invitations", InvitationView, basename="invitations")
router.register("queue", QueueView, basename="queue")
router.register("ties", TieView, basename="ties")
router.register("reminders", ReminderView, basename="reminders")
router.register("digests", DigestView, basename="digests")
router.register("missed-chats", MissedChatView, basename="missed-chats")
router.register("absences", AbsenceView, basename="absences")
router.register("me/absences", OwnAbsenceView, basename="my-absences")
router.register("ledger/entries", EntryView, basename="entries")

v1: list[URLPattern | URLResolver] = [
    path("", RootView.as_view(), name="root"),
    path("ledger/", LedgerView.as_view(), name="ledger"),
    path("house-rules/", HouseRulesView.as_view(), name="house-rules"),
    path("comparison/", ComparisonView.as_view(), name="comparison"),
    path("auth/token/", TokenView.as_view(), name="token"),
    path("auth/tokens/", TokensView.as_view(), name="tokens"),
    path("auth/tokens/<int:id>/", OneTokenView.as_view(), name="one-token"),
    path("auth/me/", MeView.as_view(), name="me"),
    path("me/preferences/", PreferencesView.as_view(), name="preferences"),
    path("", include(router.urls)),
]

urlpatterns = [
    path("v1/", include(v1)),
    path("problems/", ProblemsView.as_view(), name="problems"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="docs"),
    re_path(r"^(?P<rest>.*)$", unknown_address, name="unknown"),
]
