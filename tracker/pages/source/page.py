"""Sources: a row of the list, and the whole page of one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from forecasts.boards.reads.standings import StandingRow
from forecasts.models import Affiliation, Board, Source
from forecasts.models.record.public import if_public
from tracker.pages.kit.figures import Figure, board_figure
from tracker.pages.kit.scores import rule_words
from tracker.wording import dates, numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    name: str
    slug: str
    kind: str
    role: str
    questions: str
    answered: str
    last_said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A role, and from when until when."""

    words: str
    when: str
    document_key: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The source's place on one board."""

    board: str
    slug: str
    rank: str
    span: str
    n: str
    rule: str
    brier: Figure | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceShown:
    name: str
    slug: str
    kind: str
    description: str
    aliases: list[tuple[str, str]]
    affiliations: list[Held]
    wikidata: str
    places: list[Place]

    @property
    def rule(self) -> str:
        """The rule of all boards, empty where they have several."""
        rules = {place.rule for place in self.places}
        return rules.pop() if len(rules) == 1 else ""


def source_rows(sources: Iterable[Source]) -> list[SourceRow]:
    return [_source_row(each) for each in sources]


def _source_row(source: Source) -> SourceRow:
    questions = getattr(source, "question_count", 0)
    answered = getattr(source, "answered_count", 0)
    last_said = getattr(source, "last_said_at", None)
    roles = list(source.affiliations.all())
    return SourceRow(
        name=source.name,
        slug=source.slug,
        kind=source.get_kind_display(),
        role=str(roles[-1]) if roles else "",
        questions=ngettext("%(n)d question", "%(n)d questions", questions) % {"n": questions},
        answered=ngettext("%(n)d with an outcome", "%(n)d with an outcome", answered) % {"n": answered},
        last_said=dates.day(last_said) if last_said else "",
    )


def source_shown(source: Source, *, standings: Sequence[tuple[Board, StandingRow]]) -> SourceShown:
    """Return the head of a source's page: who it is, and its place on the boards."""
    return SourceShown(
        name=source.name,
        slug=source.slug,
        kind=source.get_kind_display(),
        description=source.description,
        aliases=[(alias.name, alias.language) for alias in source.aliases.all()],
        affiliations=[_held(each) for each in source.affiliations.all()],
        wikidata=str(source.external_ids.get("wikidata", "")),
        places=[_place(board, row) for board, row in standings],
    )


def _held(affiliation: Affiliation) -> Held:
    document = if_public(affiliation.as_stated_in)
    return Held(
        words=str(affiliation),
        when=_when(affiliation.starts, affiliation.ends),
        document_key=document.key if document else None,
    )


def _when(starts: date | None, ends: date | None) -> str:
    if starts and ends:
        return f"{dates.day(starts)} – {dates.day(ends)}"
    if starts:
        return _("from %(day)s") % {"day": dates.day(starts)}
    if ends:
        return _("until %(day)s") % {"day": dates.day(ends)}
    return _("dates not known")


def _place(board: Board, row: StandingRow) -> Place:
    return Place(
        board=_(board.name),
        slug=board.slug,
        rank="" if row.rank is None else str(row.rank),
        span=_span(row),
        n=numbers.count(row.n),
        rule=rule_words(board),
        brier=board_figure(board, row),
    )


def _span(row: StandingRow) -> str:
    if row.rank is None or row.rank_low is None or row.rank_low == row.rank_high:
        return ""
    return f"{row.rank_low}–{row.rank_high}"
