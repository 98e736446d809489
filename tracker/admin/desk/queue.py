"""The queue: what waits, pile by pile, to be worked through with the keyboard or without."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from forecasts.desk.reads import queue
from forecasts.models import Desk, Question, Topic
from forecasts.people.reads.roles import Verb, people_who_may
from forecasts.questions.writes.lifecycle import assign_questions
from forecasts.record.refusal import RefusedError
from tracker.admin.kit.access import editor, may
from tracker.admin.kit.pages import page_of
from tracker.wording.dates import day
from tracker.wording.deadlines import deadline_words, lateness
from tracker.wording.names import name_of

PER_PAGE = 50
NAMES = {
    "overdue": gettext_lazy("Overdue"),
    "due": gettext_lazy("Due"),
    "second": gettext_lazy("Awaiting a second verdict"),
    "adjudication": gettext_lazy("Awaiting the head of desk"),
    "disputed": gettext_lazy("Disputed"),
    "too_early": gettext_lazy("Too early"),
    "unassigned": gettext_lazy("Assigned to nobody"),
}
EMPTY = {
    "overdue": gettext_lazy("Nothing is overdue."),
    "due": gettext_lazy("Nothing is due."),
    "second": gettext_lazy("No question waits for your second verdict."),
    "adjudication": gettext_lazy("No two verdicts differ where you decide."),
    "disputed": gettext_lazy("Nobody disputes an answer."),
    "too_early": gettext_lazy("Nothing rests until a later date."),
    "unassigned": gettext_lazy("Every question that waits is somebody’s."),
}


class CutForm(forms.Form):
    """What part of the queue is shown. What cannot be read is left out."""

    desk = forms.ModelChoiceField(
        label=gettext_lazy("Desk"),
        queryset=Desk.objects.all(),
        required=False,
        empty_label=gettext_lazy("All desks"),
    )
    assignee = forms.ChoiceField(label=gettext_lazy("Assignee"), required=False)
    topic = forms.ModelChoiceField(
        label=gettext_lazy("Topic"),
        queryset=Topic.objects.all(),
        required=False,
        empty_label=gettext_lazy("All topics"),
    )

    def __init__(self, *args: Any, people: list[User], **options: Any) -> None:
        super().__init__(*args, **options)
        named = [(str(each.pk), name_of(each)) for each in people]
        choices = [("", gettext_lazy("Everybody")), (queue.NOBODY, gettext_lazy("Nobody")), *named]
        self.fields["assignee"].choices = choices  # type: ignore[attr-defined]

    @property
    def cut(self) -> queue.Cut:
        self.is_valid()
        given = self.cleaned_data
        desk, topic, who = given.get("desk"), given.get("topic"), given.get("assignee")
        return queue.Cut(
            desk=desk.pk if desk else None,
            topic=topic.pk if topic else None,
            assignee=(who if who == queue.NOBODY else int(who)) if who else None,
        )


def queue_page(request: HttpRequest) -> HttpResponse:
    """Show one pile, and give those that are ticked to somebody."""
    if not may(request, Verb.READ_DRAFTS):
        raise PermissionDenied
    if request.method == "POST":
        if "_assign" not in request.POST or not may(request, Verb.ASSIGN_QUESTION):
            raise PermissionDenied
        return _assign(request)
    return _show(request)


def _assign(request: HttpRequest) -> HttpResponse:
    chosen = [key for key in request.POST.getlist("chosen") if key.isdecimal()]
    questions = list(Question.objects.filter(pk__in=chosen).select_related("desk"))
    if not all(may(request, Verb.ASSIGN_QUESTION, each.desk) for each in questions):
        raise PermissionDenied
    to = request.POST.get("to", "")
    taker = people_who_may(verb=Verb.GIVE_VERDICT).filter(pk=to).first() if to.isdecimal() else None
    try:
        done = assign_questions(questions=questions, assignee=taker, by=editor(request), now=timezone.now())
    except RefusedError as error:
        messages.error(request, error.message)
    else:
        told = {"n": done, "name": taker or _("nobody")}
        said = ngettext("%(n)d question assigned to %(name)s.", "%(n)d questions assigned to %(name)s.", done)
        messages.success(request, said % told)
    return HttpResponseRedirect(request.get_full_path())


def _show(request: HttpRequest) -> TemplateResponse:
    now, user = timezone.now(), editor(request)
    people = list(people_who_may(verb=Verb.GIVE_VERDICT))
    form = CutForm(request.GET, people=people)
    cut, name = form.cut, pile_named(request)
    found = queue.figures(user=user, now=now, cut=cut)
    rows = queue.pile(name=name, user=user, now=now, cut=cut)
    page: Page[Any] = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    desks = {each.pk: each for each in form.fields["desk"].queryset}  # type: ignore[attr-defined]
    request.current_app = admin.site.name
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "opts": Question._meta,
        "title": _("Questions to answer"),
        "form": form,
        "piles": [_pile(request, each, found.piles[each], shown=name) for each in queue.PILES],
        "pile_name": NAMES[name],
        "nothing": EMPTY[name],
        "rows": [_row(request, each, now=now) for each in page],
        "page": page,
        "people": people,
        "overdue": [(desks.get(key) or _("on no desk"), n) for key, n in sorted_figures(found.overdue)],
        "may_assign": may(request, Verb.ASSIGN_QUESTION),
    }
    return TemplateResponse(request, "admin/desk/queue.html", context)


def sorted_figures(overdue: Any) -> list[tuple[int | None, int]]:
    return sorted(overdue.items(), key=lambda each: (-each[1], each[0] or 0))


def _pile(request: HttpRequest, name: str, count: int, *, shown: str) -> dict[str, Any]:
    return {
        "name": NAMES[name],
        "key": name,
        "count": count,
        "shown": name == shown,
        "address": f"?{_asked(request, pile=name)}",
    }


def _row(request: HttpRequest, question: Any, *, now: Any) -> dict[str, Any]:
    again = getattr(question, "check_again_on", None)
    rests = again is not None and again > timezone.localdate(now)
    return {
        "pk": question.pk,
        "address": address_in_queue(request, question),
        "words": Truncator(question.proposition).chars(180),
        "language": question.language,
        "deadline": deadline_words(question.deadline),
        "desk": question.desk,
        "assignee": name_of(question.assignee),
        "beside": _("check again on %(day)s") % {"day": day(again)} if rests else lateness(question, now=now),
    }


def pile_named(request: HttpRequest) -> str:
    name = request.GET.get("pile", "")
    return name if name in queue.PILES else queue.PILES[0]


def _asked(request: HttpRequest, **changed: str) -> str:
    """Return the query string that asks for this part of the queue."""
    kept = QueryDict(mutable=True)
    for name in ("pile", "desk", "assignee", "topic"):
        value = changed.get(name, request.GET.get(name, ""))
        if value:
            kept[name] = value
    return kept.urlencode()


def address_in_queue(request: HttpRequest, question: Question) -> str:
    """Return the address of the question's page that remembers the queue."""
    return f"{page_of(question)}?{_asked(request, pile=pile_named(request))}"


def queue_address(request: HttpRequest) -> str:
    return f"{reverse('admin:forecasts_question_queue')}?{_asked(request, pile=pile_named(request))}"


def _is_from_queue(request: HttpRequest) -> bool:
    return request.GET.get("pile", "") in queue.PILES


def _around(request: HttpRequest, question: Question) -> tuple[Question | None, Question | None]:
    """Return the questions before and after this one in its pile. Two queries."""
    form = CutForm(request.GET, people=list(people_who_may(verb=Verb.GIVE_VERDICT)))
    rows = queue.pile(name=pile_named(request), user=editor(request), now=timezone.now(), cut=form.cut)
    others = rows.exclude(pk=question.pk).order_by("deadline_at", "pk")
    later = others.filter(deadline_at__gte=question.deadline_at).exclude(
        deadline_at=question.deadline_at, pk__lt=question.pk
    )
    sooner = others.filter(deadline_at__lte=question.deadline_at).exclude(
        deadline_at=question.deadline_at, pk__gt=question.pk
    )
    return sooner.last(), later.first()


def next_address(request: HttpRequest, question: Question) -> str | None:
    """Return where to go on: the next question of the queue, or the queue when it is worked through."""
    if not _is_from_queue(request):
        return None
    before, after = _around(request, question)
    following = after or before
    return address_in_queue(request, following) if following else queue_address(request)


def neighbours(request: HttpRequest, question: Question) -> dict[str, Any]:
    """Return what a question's page shows of the queue that one came from."""
    if not _is_from_queue(request):
        return {"queue": None}
    before, after = _around(request, question)
    return {
        "queue": {
            "address": queue_address(request),
            "name": NAMES[pile_named(request)],
            "before": address_in_queue(request, before) if before else "",
            "after": address_in_queue(request, after) if after else "",
        }
    }
