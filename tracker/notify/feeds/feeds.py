"""The feeds, each as Atom and as RSS: what was answered, what moved a board, what is due."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.html import escape
from django.utils.text import Truncator, capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from forecasts.boards.reads.changes import Answered, Change
from forecasts.desk.reads.inbox import SOON
from forecasts.models import Answer, Board, Question, Resolution
from tracker.wording.deadlines import deadline_words, lateness
from tracker.wording.numbers import plain_spaces
from tracker.wording.values import answer_words

KINDS = {"atom": Atom1Feed, "rss": Rss201rev2Feed}
TITLE = 160


class HouseFeed(Feed):
    """A feed in our name. Its entries keep their ids whatever becomes of their addresses."""

    author_name = "Forecast Tracker"
    item_guid_is_permalink = False

    def __init__(self, kind: str) -> None:
        self.feed_type = KINDS[kind]
        self.is_rss = kind == "rss"

    def feed_url(self, obj: Any) -> str:
        return settings.SITE_URL + self.path(obj)

    def path(self, obj: Any) -> str:
        raise NotImplementedError

    def item_title(self, item: Any) -> str:
        """RSS readers take a title for HTML, Atom says that it is text."""
        words = Truncator(plain_spaces(self.words(item))).chars(TITLE)
        return escape(words) if self.is_rss else words

    def words(self, item: Any) -> str:
        raise NotImplementedError

    @property
    def kind(self) -> str:
        return "rss" if self.is_rss else "atom"


def entry_id(*parts: object) -> str:
    """Return an id that no address is tied to (RFC 4151)."""
    return f"tag:{settings.SITE_HOST},2017:{'/'.join(map(str, parts))}"


def question_address(question: Question) -> str:
    return settings.SITE_URL + reverse("pages:question", args=[question.slug])


class ResolutionFeed(HouseFeed):
    """The latest answers, as they were recorded. One that was superseded since says so."""

    description_template = "notify/feed_resolution.html"

    def __init__(self, kind: str, rows: Iterable[Resolution] = ()) -> None:
        super().__init__(kind)
        self.rows = rows

    def title(self) -> str:
        return _("Forecast Tracker: newly answered questions")

    def description(self) -> str:
        return _("What came of what experts said, with the evidence.")

    def link(self) -> str:
        return settings.SITE_URL + reverse("pages:questions")

    def path(self, obj: Any) -> str:
        return reverse("notify:resolutions", args=[self.kind])

    def items(self) -> Iterable[Resolution]:
        return self.rows

    def words(self, item: Resolution) -> str:
        return f"{capfirst(answer_words(item))}: {item.question.proposition}"

    def item_link(self, item: Resolution) -> str:
        return question_address(item.question)

    def item_guid(self, item: Resolution) -> str:
        return entry_id("resolution", item.key)

    def item_pubdate(self, item: Resolution) -> datetime:
        return item.recorded_at

    def item_updateddate(self, item: Resolution) -> datetime:
        later = getattr(item, "superseded_by", None)
        return later.recorded_at if later else item.recorded_at

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        answer: Resolution = kwargs["item"]
        verdicts = list(answer.verdicts.all())
        return {
            "answer": answer,
            "question": answer.question,
            "words": capfirst(answer_words(answer)),
            "is_outcome": answer.answer == Answer.OUTCOME,
            "is_void": answer.answer == Answer.VOID,
            "superseded": getattr(answer, "superseded_by", None) is not None,
            "evidence": [piece for verdict in verdicts for piece in verdict.evidence.all()],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardChanges:
    """A board and what moved it, the newest first."""

    board: Board
    changes: list[Change]


class ChangeFeed(HouseFeed):
    """What moved a board: each resolution, whom it moved, and by how much."""

    description_template = "notify/feed_change.html"

    def __init__(self, kind: str, found: BoardChanges) -> None:
        super().__init__(kind)
        self.found = found

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> BoardChanges:
        return self.found

    def title(self, obj: BoardChanges) -> str:
        return _("Changes in the ranking “%(board)s”") % {"board": _(obj.board.name)}

    def description(self, obj: BoardChanges) -> str:
        return _("Which answers changed the ranking, and by how much.")

    def link(self, obj: BoardChanges) -> str:
        return settings.SITE_URL + reverse("pages:board", args=[obj.board.slug])

    def path(self, obj: BoardChanges) -> str:
        return reverse("notify:changes", args=[obj.board.slug, self.kind])

    def items(self, obj: BoardChanges) -> list[Change]:
        return obj.changes

    def words(self, item: Change) -> str:
        moved = ngettext("%(n)d source moved", "%(n)d sources moved", item.n_moved) % {"n": item.n_moved}
        if item.n_resolutions > 1:
            answers = ngettext("%(n)d answer", "%(n)d answers", item.n_resolutions) % {
                "n": item.n_resolutions
            }
            return f"{moved}: {answers}"
        return f"{moved}: {_asked(item.resolutions[0])}"

    def item_link(self, item: Change) -> str:
        if item.n_resolutions == 1:
            return settings.SITE_URL + reverse("pages:question", args=[item.resolutions[0].slug])
        return self.link(self.found)

    def item_guid(self, item: Change) -> str:
        return entry_id("board", self.found.board.key, "change", item.recorded_at.isoformat())

    def item_pubdate(self, item: Change) -> datetime:
        return item.recorded_at

    item_updateddate = item_pubdate

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        change: Change = kwargs["item"]
        return {
            "answers": [
                (_asked(each), settings.SITE_URL + reverse("pages:question", args=[each.slug]))
                for each in change.resolutions
            ],
            "more_answers": change.n_resolutions - len(change.resolutions),
            "moves": change.moves,
            "more_moves": change.n_moved - len(change.moves),
        }


def _asked(answered: Answered) -> str:
    """Return the question in the reader's language where we have it, else as it was put."""
    own = answered.language == (get_language() or "en").partition("-")[0]
    return answered.question if own or not answered.translation else answered.translation


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """The questions that one desk or person has to answer. Nothing in it tells who said what."""

    name: str
    path: str
    rows: list[Any]
    now: datetime


class DueFeed(HouseFeed):
    """What is due, and what falls due within the week. An entry is new when its deadline moved."""

    description_template = "notify/feed_due.html"

    def __init__(self, kind: str, due: Due) -> None:
        super().__init__(kind)
        self.due = due

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Due:
        return self.due

    def title(self, obj: Due) -> str:
        return _("%(name)s: questions to answer") % {"name": obj.name}

    def description(self, obj: Due) -> str:
        return _("Questions that are due now or within a week.")

    def link(self, obj: Due) -> str:
        return settings.SITE_URL + reverse("admin:index")

    def path(self, obj: Due) -> str:
        return obj.path

    def items(self, obj: Due) -> list[Any]:
        return obj.rows

    def words(self, item: Any) -> str:
        state = _("Answer due") if item.deadline_at <= self.due.now else _("Due soon")
        return f"{state}: {item.proposition}"

    def item_link(self, item: Any) -> str:
        return settings.SITE_URL + reverse("admin:forecasts_question_change", args=[item.pk])

    def item_guid(self, item: Any) -> str:
        state = "due" if item.deadline_at <= self.due.now else "soon"
        return entry_id("question", item.key, state, item.deadline_at.isoformat())

    def item_pubdate(self, item: Any) -> datetime:
        return min(item.deadline_at, max(item.recorded_at, item.deadline_at - SOON))

    item_updateddate = item_pubdate

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        question = kwargs["item"]
        return {
            "question": question,
            "deadline": deadline_words(question.deadline),
            "late": lateness(question, now=self.due.now),
        }
