"""manage.py due"""

from typing import Any

from django.core.management.base import CommandParser
from django.utils import timezone

from forecasts.models import Question
from forecasts.questions.reads.listing import questions_awaiting_an_answer
from tracker.management.instants import instant
from tracker.management.record_command import RecordCommand
from tracker.management.tables import FORMATS, show
from tracker.wording.deadlines import lateness, plain_deadline

COLUMNS = ("slug", "question", "deadline_at", "days_overdue", "desk", "assignee")
READ = ("slug", "question", "deadline", "lateness", "desk", "assignee")
"""What a table says in words, a program reads as an instant and as whole days."""


class Command(RecordCommand):
    help = "List the questions whose deadline has passed without an answer, the longest overdue first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--now", metavar="ISO", help="As if it were this instant.")
        parser.add_argument("--format", choices=FORMATS, default="table")

    def handle(self, *args: Any, now: str | None, format: str, **options: Any) -> None:
        at = instant(now, option="--now") if now else timezone.now()
        asked = Question.objects.select_related("desk", "assignee")
        questions = questions_awaiting_an_answer(now=at, rows=asked)
        rows = [
            {
                "slug": question.slug,
                "question": question.proposition,
                "deadline": plain_deadline(question.deadline),
                "lateness": lateness(question, now=at),
                "deadline_at": question.deadline_at.isoformat(),
                "days_overdue": (at - question.deadline_at).days,
                "desk": question.desk.slug if question.desk else None,
                "assignee": question.assignee.get_username() if question.assignee else None,
            }
            for question in questions
        ]
        columns = READ if format == "table" else COLUMNS
        kept = [{name: row[name] for name in columns} for row in rows]
        self.stdout.write(show(kept, columns=columns, title="Due", format=format))
        if not rows and format == "table":
            self.stdout.write("Nothing is due.")
