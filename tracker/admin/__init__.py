"""The editors' desk: one package a noun. Importing it registers them all."""

from django.contrib import admin

from tracker.admin.articles.documents import DocumentAdmin
from tracker.admin.articles.lexicon import NamedAdmin, ScaleAdmin, TermAdmin
from tracker.admin.articles.statements import StatementAdmin
from tracker.admin.boards.admin import BoardAdmin
from tracker.admin.boards.computations import ComputationAdmin
from tracker.admin.desk.inbox import dashboard
from tracker.admin.files.imports import ImportAdmin
from tracker.admin.kit.navigation import sidebar
from tracker.admin.people.admin import DeskOfEditorsAdmin, GroupAdmin, UserAdmin
from tracker.admin.people.invitations import InvitationAdmin
from tracker.admin.people.sign_in import SignInForm
from tracker.admin.questions.admin import QuestionAdmin
from tracker.admin.questions.forecasts import ForecastAdmin
from tracker.admin.record.ledger import EntryAdmin
from tracker.admin.reminders.admin import (
    DigestAdmin,
    MessageAdmin,
    MissedChatAdmin,
    ReminderAdmin,
    SnoozeAdmin,
)
from tracker.admin.sources.admin import SourceAdmin
from tracker.admin.sources.ties import TieAdmin
from tracker.admin.verdicts.admin import (
    BlindSwitchAdmin,
    DeadlineMoveAdmin,
    DecisionAdmin,
    DeskMoveAdmin,
    DisputeAdmin,
    MergeAdmin,
    ReplyAdmin,
    ResolutionAdmin,
    ShownAdmin,
    StandingAdmin,
    UpholdingAdmin,
    VerdictAdmin,
)

admin.site.login_form = SignInForm
admin.site.index_template = "admin/desk/inbox.html"
admin.site.enable_nav_sidebar = True

__all__ = [
    "BlindSwitchAdmin",
    "BoardAdmin",
    "ComputationAdmin",
    "DeadlineMoveAdmin",
    "DecisionAdmin",
    "DeskMoveAdmin",
    "DeskOfEditorsAdmin",
    "DigestAdmin",
    "DisputeAdmin",
    "DocumentAdmin",
    "EntryAdmin",
    "ForecastAdmin",
    "GroupAdmin",
    "ImportAdmin",
    "InvitationAdmin",
    "MergeAdmin",
    "MessageAdmin",
    "MissedChatAdmin",
    "NamedAdmin",
    "QuestionAdmin",
    "ReminderAdmin",
    "ReplyAdmin",
    "ResolutionAdmin",
    "ScaleAdmin",
    "ShownAdmin",
    "SnoozeAdmin",
    "SourceAdmin",
    "StandingAdmin",
    "StatementAdmin",
    "TermAdmin",
    "TieAdmin",
    "UpholdingAdmin",
    "UserAdmin",
    "VerdictAdmin",
    "dashboard",
    "sidebar",
]
