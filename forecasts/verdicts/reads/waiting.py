"""
Verdicts that wait for a second one, who may give the next, and who may see which.

A round is the verdicts given while one and the same resolution (or none) was in force. In a round,
an editor's latest verdict counts; "too early" takes an earlier one back.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from forecasts.models import Answer, Membership, Question, Resolution, Role, Verdict
from forecasts.people.reads.roles import Somebody, Verb, may, role_of, rows_where
from forecasts.questions.reads.ties import tied_among

NOBODY = 0
TWO = 2


def pending() -> QuerySet[Verdict]:
    """Return the verdicts of the current rounds: the latest of each editor that says something."""
    later = (
        Verdict.objects.filter(question=OuterRef("question"), pk__gt=OuterRef("pk"), follows=None)
        .annotate(editor=Coalesce(F("recorded_by_id"), Value(NOBODY)))
        .filter(editor=Coalesce(OuterRef("recorded_by_id"), Value(NOBODY)))
    )
    current = Q(reviews__isnull=False, reviews__superseded_by=None) | (
        Q(reviews=None) & ~Exists(Resolution.objects.filter(question=OuterRef("question")))
    )
    return (
        Verdict.objects.filter(current, ~Exists(later), follows=None)
        .exclude(answer=Answer.TOO_EARLY)
        .order_by("pk")
    )


def pending_on(question: Question) -> list[Verdict]:
    """Return the verdicts that wait on the question, one for each editor, in their order. One query."""
    return list(pending().filter(question=question).select_related("recorded_by"))


def verdicts_in() -> Coalesce:
    """Return the number of verdicts that wait on a question, to annotate it with."""
    waiting = pending().filter(question=OuterRef("pk")).order_by()
    counted = waiting.values("question").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def excluded_users(question: Question) -> set[int]:
    """Return the keys of the users who may not give the question's next verdict."""
    return excluded_among([question])[question.pk]


def excluded_among(questions: Iterable[Question]) -> dict[int, set[int]]:
    """
    Return, for each question's key, the users who may not give its next verdict.

    Those tied to a source that has a forecast on it and those whose own verdict waits there; where two
    verdicts wait, everybody on the desk but its leads and administrators. Whoever sends reminders
    passes these over. Four queries at most; the questions come with their desk.
    """
    desks = {each.pk: each.desk for each in questions}
    excluded: dict[int, set[int]] = {key: set() for key in desks}
    for question, tied in tied_among(desks):
        excluded[question].add(tied)
    of_two = [key for key, desk in desks.items() if desk is not None and desk.verdicts_required >= TWO]
    if not of_two:
        return excluded
    verdicts: Counter[int] = Counter()
    for question, user in pending().filter(question__in=of_two).values_list("question_id", "recorded_by_id"):
        verdicts[question] += 1
        if user is not None:
            excluded[question].add(user)
    differing = {key: desks[key] for key, n in verdicts.items() if n >= TWO}
    lower = Membership.objects.filter(desk__in=differing.values(), role__in=[Role.VIEWER, Role.EDITOR])
    below: dict[int, set[int]] = defaultdict(set)
    for desk_id, member in lower.values_list("desk_id", "user_id") if differing else ():
        below[desk_id].add(member)
    for key, desk in differing.items():
        excluded[key] |= below[desk.pk] if desk else set()
    return excluded


def may_answer(question: Question, user: User) -> bool:
    """
    Return whether the user may give the question's next verdict.

    That takes the role on its desk (a lead's where two verdicts differ), no tie to a source that
    spoke on it, and no own verdict waiting there.
    """
    verb = Verb.ADJUDICATE if awaits_adjudication(question) else Verb.GIVE_VERDICT
    return may(user=user, verb=verb, of=question) and user.pk not in excluded_users(question)


def awaits_adjudication(question: Question) -> bool:
    """Return whether two verdicts wait on the question: they differ, or they would have resolved it."""
    if question.desk is None or question.desk.verdicts_required < TWO:
        return False
    return len(pending_on(question)) > 1


def verdicts_seen_by(*, user: Somebody) -> QuerySet[Verdict]:
    """
    Return the verdicts that somebody may see.

    Everybody sees those that a resolution rests on; the desk sees "too early", and every verdict where
    the desk asks for one. Where it asks for two, an editor sees no waiting verdict but their own, so
    that the second is given unswayed; a lead who gave neither sees both when both are in.
    """
    rested_on = Resolution.verdicts.through.objects.filter(verdict=OuterRef("pk"))
    seen = Q(Exists(rested_on))
    if user.is_authenticated:
        own = Q(recorded_by=user.pk)
        alone = Q(question__desk=None) | ~Q(question__desk__verdicts_required=2)
        alone |= Q(Exists(Resolution.objects.answering().filter(question=OuterRef("question"))))
        if role_of(user=user) is not None:
            seen |= own | alone | Q(answer=Answer.TOO_EARLY) | Q(pk__in=_to_adjudicate(user).values("pk"))
    return Verdict.objects.filter(seen).order_by("pk")


def _to_adjudicate(user: Somebody) -> QuerySet[Verdict]:
    """Return the waiting pairs that the user may decide between."""
    waiting = pending().filter(question=OuterRef("question"))
    others = waiting.exclude(pk=OuterRef("pk"))
    rows = pending().filter(Exists(others)).exclude(Exists(waiting.filter(recorded_by=user.pk)))
    return rows_where(rows, user=user, verb=Verb.ADJUDICATE)
