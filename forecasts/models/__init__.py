"""The nouns, one a file."""

from forecasts.models.answer import VOID_REASONS_FOUND, Answer, VoidReason
from forecasts.models.basis import Basis
from forecasts.models.batch import Import, Upload
from forecasts.models.blind import BlindSwitch, Place, Shown, Sighted
from forecasts.models.board import Board, Estimator, Reference, Rule, Standing, Window
from forecasts.models.computation import Computation
from forecasts.models.deadline import EndRuleChoice, GranularityChoice
from forecasts.models.desk import Desk, Membership, Role
from forecasts.models.digest import Digest
from forecasts.models.dispute import Dispute, Reply, Upholding
from forecasts.models.document import Decision, Directness, Document, Statement, StatementStatus
from forecasts.models.fact import Fact
from forecasts.models.forecast import Forecast
from forecasts.models.guess import Guess, Guessed
from forecasts.models.invitation import Invitation, InvitationState
from forecasts.models.job import Failure, Job, JobState
from forecasts.models.lease import Lease
from forecasts.models.ledger import Entry
from forecasts.models.lexicon import Scale, ScaleKind, Term
from forecasts.models.link import SecretLink
from forecasts.models.message import Attempt, Happened, Message
from forecasts.models.missed import MissedChat
from forecasts.models.person import Absence, Mode, Preferences, Turn, Weekday
from forecasts.models.publication import Publication, Published, PublishingRule
from forecasts.models.question import DeadlineMove, DeskMove, Event, Question, QuestionKind, Topic
from forecasts.models.reminder import Reminder, Snooze
from forecasts.models.repeat import KeptAnswer
from forecasts.models.resolution import Evidence, Method, Resolution, Verdict
from forecasts.models.source import Affiliation, Alias, Merge, Source, SourceKind
from forecasts.models.tie import Tie
from forecasts.models.token import Ended, Scope, Token

__all__ = [
    "VOID_REASONS_FOUND",
    "Absence",
    "Affiliation",
    "Alias",
    "Answer",
    "Attempt",
    "Basis",
    "BlindSwitch",
    "Board",
    "Computation",
    "DeadlineMove",
    "Decision",
    "Desk",
    "DeskMove",
    "Digest",
    "Directness",
    "Dispute",
    "Document",
    "EndRuleChoice",
    "Ended",
    "Entry",
    "Estimator",
    "Event",
    "Evidence",
    "Fact",
    "Failure",
    "Forecast",
    "GranularityChoice",
    "Guess",
    "Guessed",
    "Happened",
    "Import",
    "Invitation",
    "InvitationState",
    "Job",
    "JobState",
    "KeptAnswer",
    "Lease",
    "Membership",
    "Merge",
    "Message",
    "Method",
    "MissedChat",
    "Mode",
    "Place",
    "Preferences",
    "Publication",
    "Published",
    "PublishingRule",
    "Question",
    "QuestionKind",
    "Reference",
    "Reminder",
    "Reply",
    "Resolution",
    "Role",
    "Rule",
    "Scale",
    "ScaleKind",
    "Scope",
    "SecretLink",
    "Shown",
    "Sighted",
    "Snooze",
    "Source",
    "SourceKind",
    "Standing",
    "Statement",
    "StatementStatus",
    "Term",
    "Tie",
    "Token",
    "Topic",
    "Turn",
    "Upholding",
    "Upload",
    "Verdict",
    "VoidReason",
    "Weekday",
    "Window",
]
