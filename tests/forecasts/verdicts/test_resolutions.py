"""Verdicts need evidence, resolutions supersede each other, and nothing is overwritten."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from forecasts.models import Evidence, Reminder, Resolution, Verdict
from forecasts.models.articles.document import text_sha256
from forecasts.record.refusal import RefusedError
from forecasts.verdicts.writes.findings import (
    CheckAgainError,
    Exhibit,
    Finding,
    NoEvidenceError,
    NotAnOutcomeError,
    NoVoidReasonError,
    OccurredLaterError,
)
from forecasts.verdicts.writes.give import ResolvedAlreadyError, give_verdict
from forecasts.verdicts.writes.resolutions import (
    NotResolvedError,
    TooFewVerdictsError,
    answer_question,
    reopen_question,
    resolve_question,
    void_question,
)
from tests.records import NOW, exhibit, make_desk, make_document, make_question, make_user, resolve

pytestmark = pytest.mark.django_db
YES = Finding(answer="outcome", outcome=1, occurred_at=NOW)


def _answer(question, finding=YES, evidence=None, now=NOW):
    given = [exhibit()] if evidence is None else evidence
    return answer_question(question=question, finding=finding, evidence=given, by=None, now=now)


def test_one_verdict_resolves_where_the_desk_asks_for_one():
    question = make_question()
    resolution = _answer(question)
    assert (resolution.answer, resolution.outcome, resolution.method) == ("outcome", 1, "single")
    assert [each.answer for each in resolution.verdicts.all()] == ["outcome"]
    assert Reminder.objects.get().ended_because == "resolved"


def test_a_desk_of_two_verdicts_is_not_resolved_by_the_first():
    question = make_question(desk=make_desk(verdicts_required=2))
    assert isinstance(_answer(question), Verdict)
    assert not Resolution.objects.exists()
    assert Reminder.objects.pending().count() == 1


@pytest.mark.parametrize(
    ("finding", "error", "message"),
    [
        (Finding(answer="outcome", outcome=0.5, occurred_at=NOW), NotAnOutcomeError, "1 .yes. or 0"),
        (Finding(answer="outcome", occurred_at=NOW), NotAnOutcomeError, "1 .yes. or 0"),
        (Finding(answer="outcome", outcome=1), OccurredLaterError, "Say when it happened"),
        (
            Finding(answer="outcome", outcome=1, occurred_at=NOW + timedelta(days=1)),
            OccurredLaterError,
            "dated in the future",
        ),
        (Finding(answer="void"), NoVoidReasonError, "one of ambiguous"),
        (Finding(answer="too_early"), CheckAgainError, "a date in the future"),
        (
            Finding(answer="too_early", check_again_on=date(2019, 1, 1)),
            CheckAgainError,
            "a date in the future",
        ),
        (Finding(answer="maybe"), RefusedError, "not a verdict"),
    ],
)
def test_a_finding_that_says_nothing_is_refused(finding, error, message):
    with pytest.raises(error, match=message):
        _answer(make_question(), finding)
    assert not Verdict.objects.exists()


def test_what_happened_after_the_deadline_is_a_no():
    question = make_question(on=date(2020, 6, 30))
    late = datetime(2020, 7, 1, tzinfo=UTC)
    with pytest.raises(OccurredLaterError, match="by these criteria is no"):
        _answer(question, Finding(answer="outcome", outcome=1, occurred_at=late), now=late)


@pytest.mark.parametrize(
    ("evidence", "message"),
    [
        ([], "A verdict needs evidence"),
        ([Exhibit(quote="It snowed.")], "Evidence 1 needs an address or a document"),
        ([Exhibit(quote=" ", url="https://example.org")], "Evidence 1 needs the words"),
    ],
)
def test_a_verdict_needs_evidence(evidence, message):
    with pytest.raises(NoEvidenceError, match=message):
        _answer(make_question(), evidence=evidence)


@pytest.mark.django_db(transaction=True)
def test_the_database_too_wants_evidence():
    question = make_question()
    with pytest.raises(IntegrityError, match="needs evidence"), transaction.atomic():
        Verdict.objects.create(
            question=question, answer="outcome", outcome=1, occurred_at=NOW, recorded_at=NOW
        )


def test_the_text_of_the_evidence_is_kept_with_its_hash():
    document = make_document()
    _answer(make_question(), evidence=[Exhibit(quote="Snow.", document=document, text="It snowed all day.")])
    kept = Evidence.objects.get()
    assert kept.sha256 == text_sha256("It snowed all day.")
    assert kept.document == document


def test_too_early_resolves_nothing_and_checks_again_on_its_date():
    question = make_question()
    verdict = _answer(question, Finding(answer="too_early", check_again_on=date(2020, 9, 1)), evidence=[])
    assert isinstance(verdict, Verdict)
    armed = Reminder.objects.pending().get()
    assert (armed.stage, armed.due_at) == ("check-again", datetime(2020, 8, 31, 22, tzinfo=UTC))


def test_a_resolved_question_is_answered_again_only_after_reopening():
    question = make_question()
    first = _answer(question)
    with pytest.raises(ResolvedAlreadyError, match="Reopen it"):
        _answer(question)
    reopening = reopen_question(question=question, reason="The report was retracted.", by=None, now=NOW)
    assert reopening.supersedes == first
    assert Reminder.objects.pending().count() == 1
    second = _answer(question, Finding(answer="outcome", outcome=0, occurred_at=NOW, note="It melted."))
    assert (second.supersedes, second.method) == (reopening, "overturned")
    assert list(Resolution.objects.in_force()) == [second]
    assert Resolution.objects.count() == 3


def test_reopening_needs_a_resolution_and_a_reason():
    question = make_question()
    with pytest.raises(NotResolvedError):
        reopen_question(question=question, reason="Why not.", by=None, now=NOW)
    resolve(question)
    with pytest.raises(RefusedError, match="Say why"):
        reopen_question(question=question, reason="", by=None, now=NOW)


def test_void_is_an_answer_with_a_reason():
    resolution = void_question(
        question=make_question(), reason="ambiguous", note="No test.", evidence=[exhibit()], by=None, now=NOW
    )
    assert (resolution.answer, resolution.outcome, resolution.void_reason) == ("void", None, "ambiguous")


def test_a_condition_that_fails_voids_the_question_that_has_one():
    failed = Finding(answer="void", void_reason="condition_failed", note="The office was closed down.")
    with pytest.raises(NoVoidReasonError, match="no condition that could fail"):
        _answer(make_question(), failed)
    conditional = make_question("Will it snow, if the office is kept?", condition="The office is kept.")
    assert _answer(conditional, failed).void_reason == "condition_failed"


def test_a_resolution_rests_on_verdicts_on_its_own_question():
    one, other = make_question(), make_question("Will it hail?")
    verdict = give_verdict(question=one, finding=YES, evidence=[exhibit()], by=None, now=NOW)
    for verdicts in ([], [verdict]):
        with pytest.raises(NotResolvedError, match="on this very question"):
            resolve_question(question=other, verdicts=verdicts, by=None, now=NOW)


def test_as_known_on_gives_the_answer_that_stood_then():
    question = make_question()
    first = resolve(question)
    week = timedelta(days=7)
    reopening = reopen_question(question=question, reason="Retracted.", by=None, now=NOW + week)
    second = resolve(question, outcome=0, now=NOW + 2 * week)
    for at, expected in [
        (NOW - week, []),
        (NOW, [first]),
        (NOW + week, [reopening]),
        (NOW + 2 * week, [second]),
    ]:
        assert list(Resolution.objects.as_known_on(at)) == expected


@pytest.mark.parametrize("table", ["verdict", "evidence", "resolution", "resolution_verdicts", "entry"])
@pytest.mark.parametrize("sql", ["DELETE FROM forecasts_{}", "UPDATE forecasts_{} SET {}={}"])
def test_plain_sql_cannot_change_an_answer(table, sql):
    resolve(make_question())
    key = "sequence" if table == "entry" else "id"
    with (
        pytest.raises(IntegrityError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql.format(table, key, key))


def _by(name, question, outcome=1):
    finding = Finding(answer="outcome", outcome=outcome, occurred_at=NOW, note="Read the report.")
    editor = make_user(name)
    return give_verdict(question=question, finding=finding, evidence=[exhibit()], by=editor, now=NOW)


def _resolve(question, verdicts, method):
    return resolve_question(question=question, verdicts=verdicts, method=method, by=None, now=NOW)


def test_a_desk_of_two_verdicts_is_resolved_by_two_editors_who_agree():
    question = make_question(desk=make_desk(verdicts_required=2))
    first = _by("erin", question)
    with pytest.raises(TooFewVerdictsError, match="asks for two verdicts"):
        _resolve(question, [first], "single")
    with pytest.raises(TooFewVerdictsError, match="by two editors"):
        _resolve(question, [first, first], "agreed")
    differing = _by("anna", question, outcome=0)
    with pytest.raises(TooFewVerdictsError, match="do not agree"):
        _resolve(question, [first, differing], "agreed")
    other = make_question("Will it hail?", desk=question.desk)
    assert _resolve(other, [_by("nils", other), _by("bo", other)], "agreed").method == "agreed"


def test_a_lead_may_adjudicate_two_that_differ():
    question = make_question(desk=make_desk(verdicts_required=2))
    verdicts = [_by("erin", question), _by("anna", question, outcome=0)]
    resolution = _resolve(question, verdicts, "adjudicated")
    assert (resolution.outcome, resolution.method) == (0, "adjudicated")
