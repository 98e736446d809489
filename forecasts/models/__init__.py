"""The tables, a folder for each noun."""

from forecasts.models.articles.document import Decision, Directness, Document, Statement, StatementStatus
from forecasts.models.articles.lexicon import Scale, ScaleKind, Term
from forecasts.models.boards.board import Board, Estimator, Reference, Rule, Standing, Window
from forecasts.models.boards.computation import Computation
from forecasts.models.delivery.digest import Digest
from forecasts.models.delivery.message import Attempt, Happened, Message
from forecasts.models.delivery.missed_chat import MissedChat
from forecasts.models.delivery.reminder import Reminder, Snooze
from forecasts.models.desk import Desk, Membership, Role
from forecasts.models.files.batch import Import, Upload
from forecasts.models.jobs.job import Failure, Job, JobState
from forecasts.models.jobs.lease import Lease
from forecasts.models.ledger import Entry
from forecasts.models.people.guess import Guess, Guessed
from forecasts.models.people.invitation import Invitation, InvitationState
from forecasts.models.people.preferences import Absence, Mode, Preferences, Turn, Weekday
from forecasts.models.people.secret_link import SecretLink
from forecasts.models.people.token import Ended, Scope, Token
from forecasts.models.questions.basis import Basis
from forecasts.models.questions.blind import BlindSwitch, Place, Shown, Sighted
from forecasts.models.questions.deadline import EndRuleChoice, GranularityChoice
from forecasts.models.questions.forecast import Forecast
from forecasts.models.questions.publication import Publication, Published, PublishingRule
from forecasts.models.questions.question import DeadlineMove, DeskMove, Event, Question, QuestionKind, Topic
from forecasts.models.record.fact import Fact
from forecasts.models.record.kept_answer import KeptAnswer
from forecasts.models.sources.source import Affiliation, Alias, Merge, Source, SourceKind
from forecasts.models.sources.tie import Tie
from forecasts.models.verdicts.answer import VOID_REASONS_FOUND, Answer, VoidReason
from forecasts.models.verdicts.dispute import Dispute, Reply, Upholding
from forecasts.models.verdicts.resolution import Evidence, Method, Resolution, Verdict

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
