"""One date answers a whole ladder, and single answers cannot contradict each other."""

from datetime import UTC, date, datetime

import pytest

from forecasts.models import Event, Evidence, Resolution, Role, Verdict
from forecasts.record.reads.ledger import verify
from forecasts.verdicts.writes.disputes import dispute_answer, overturn_answer
from forecasts.verdicts.writes.findings import ContradictsLadderError, Exhibit, Finding, NotYetNoError
from forecasts.verdicts.writes.resolutions import answer_question, reopen_question, void_question
from tests.records import exhibit, make_question, make_user

pytestmark = pytest.mark.django_db
NOW = datetime(2020, 10, 1, 12, tzinfo=UTC)
MAY = datetime(2020, 5, 5, tzinfo=UTC)


@pytest.fixture
def ladder():
    event = Event.objects.create(slug="snow", name="Snow in Teststad", ladder=True)
    months = {"march": date(2020, 3, 31), "june": date(2020, 6, 30), "december": date(2020, 12, 31)}
    return {name: make_question(f"Snow by {name}?", on=on, event=event) for name, on in months.items()}


def answer(question, outcome, at, evidence=None, now=NOW, **rest):
    finding = Finding(answer="outcome", outcome=outcome, occurred_at=at, **rest)
    return answer_question(
        question=question, finding=finding, evidence=evidence or [exhibit()], by=None, now=now
    )


def answers(ladder):
    rows = Resolution.objects.answering().filter(question__in=ladder.values())
    names = {question.pk: name for name, question in ladder.items()}
    return {names[each.question_id]: each.outcome for each in rows}


@pytest.mark.parametrize("asked", ["june", "december"])
def test_a_date_answers_every_rung_whichever_was_asked(ladder, asked):
    answer(ladder[asked], 1, MAY)
    assert answers(ladder) == {"march": 0, "june": 1, "december": 1}
    assert verify() is None


def test_the_others_follow_one_verdict_with_its_evidence_by_reference(ladder):
    piece = Exhibit(url="https://example.org", quote="Snow fell.", text="Snow fell on 5 May.")
    lead = answer(ladder["june"], 1, MAY, evidence=[piece]).verdicts.get()
    followers = Verdict.objects.filter(follows=lead)
    assert {each.question for each in followers} == {ladder["march"], ladder["december"]}
    copies = Evidence.objects.filter(verdict__in=followers)
    assert {each.copy_of for each in copies} == {lead.evidence.get()}
    assert {each.text for each in copies} == {""}
    assert {each.occurred_at for each in followers} == {MAY, ladder["march"].deadline_at}


def test_a_no_answers_the_earlier_dates_and_leaves_the_later_open(ladder):
    answer(ladder["june"], 0, ladder["june"].deadline_at)
    assert answers(ladder) == {"march": 0, "june": 0}


def test_an_early_no_says_how_and_leaves_what_is_not_due(ladder):
    early = datetime(2020, 3, 1, 12, tzinfo=UTC)
    with pytest.raises(NotYetNoError, match="say how in the note"):
        answer(ladder["june"], 0, early, now=early)
    answer(ladder["june"], 0, early, note="The station was taken down.", now=early)
    assert answers(ladder) == {"june": 0}


def test_a_contradiction_is_refused_and_names_the_sibling(ladder):
    answer(ladder["june"], 0, ladder["june"].deadline_at)
    with pytest.raises(ContradictsLadderError, match=r"“Snow by june\?” is answered no"):
        answer(ladder["december"], 1, MAY)
    assert answers(ladder) == {"march": 0, "june": 0}
    answer(ladder["december"], 1, datetime(2020, 7, 9, tzinfo=UTC))
    assert answers(ladder) == {"march": 0, "june": 0, "december": 1}


def test_one_event_has_one_date_as_far_as_it_is_known(ladder):
    answer(ladder["june"], 1, MAY)
    reopen_question(question=ladder["december"], reason="x", by=None, now=NOW)
    with pytest.raises(ContradictsLadderError, match=r"answered yes \(2020-05-05\)"):
        answer(ladder["december"], 1, datetime(2020, 5, 9, tzinfo=UTC))
    answer(ladder["december"], 1, datetime(2020, 5, 1, tzinfo=UTC), occurred_granularity="month")


def test_reopening_takes_what_follows_along(ladder):
    answer(ladder["june"], 1, MAY)
    reopen_question(question=ladder["june"], reason="Retracted.", by=None, now=NOW)
    assert answers(ladder) == {}


def test_overturning_moves_the_whole_ladder(ladder):
    lead = make_user(role=Role.LEAD)
    answer(ladder["june"], 1, MAY)
    dispute_answer(question=ladder["june"], reason="It was in August.", by=lead, now=NOW)
    august = datetime(2020, 8, 8, tzinfo=UTC)
    overturn_answer(
        question=ladder["june"],
        finding=Finding(answer="outcome", outcome=0, occurred_at=ladder["june"].deadline_at),
        evidence=[exhibit()],
        reason="It was in August.",
        by=lead,
        now=NOW,
    )
    assert answers(ladder) == {"march": 0, "june": 0}
    answer(ladder["december"], 1, august)
    assert answers(ladder) == {"march": 0, "june": 0, "december": 1}
    assert verify() is None


def test_a_void_stays_on_its_rung(ladder):
    void_question(
        question=ladder["june"], reason="ambiguous", note="x", evidence=[exhibit()], by=None, now=NOW
    )
    assert answers(ladder) == {"june": None}


def test_questions_of_an_event_that_is_no_ladder_are_answered_one_by_one(ladder):
    Event.objects.update(ladder=False)
    june = ladder["june"]
    june.event.refresh_from_db()
    answer(june, 1, MAY)
    assert answers(ladder) == {"june": 1}
