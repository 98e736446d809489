"""An answer is disputed, upheld or overturned; nothing is edited, and the source may reply."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from forecasts.boards.reads.changes import board_changes
from forecasts.models import Dispute, Resolution
from forecasts.record.reads.ledger import verify
from forecasts.record.refusal import RefusedError
from forecasts.verdicts.writes.disputes import (
    DisputedAlreadyError,
    NotASourceHereError,
    NotDisputedError,
    NothingToDisputeError,
    dispute_answer,
    overturn_answer,
    record_reply,
    uphold_answer,
)
from forecasts.verdicts.writes.findings import Finding
from forecasts.verdicts.writes.resolutions import reopen_question
from tests.records import NOW, exhibit, make_board, make_question, make_source, make_user, resolve, say

pytestmark = pytest.mark.django_db
LATER = datetime(2020, 7, 15, 12, tzinfo=UTC)
NO = Finding(answer="outcome", outcome=0, occurred_at=datetime(2020, 6, 30, tzinfo=UTC))


def dispute(question, **given):
    return dispute_answer(
        **{"question": question, "reason": "The report was retracted.", "by": None, "now": LATER}
        | {"raised_by": "Testa Testsson", **given}
    )


def overturn(question, finding=NO, **given):
    return overturn_answer(
        **{"question": question, "finding": finding, "evidence": [exhibit("No snow fell.")]}
        | {"reason": "Retracted by the office.", "by": None, "now": LATER + timedelta(days=1), **given}
    )


def test_a_disputed_answer_stays_in_force_until_the_review():
    question = make_question()
    answer = resolve(question)
    raised = dispute(question, contact="testa@example.org", url="https://example.org", quote="Retracted.")
    assert list(Resolution.objects.in_force()) == [answer]
    assert list(Dispute.objects.open()) == [raised]
    assert "testa@example.org" not in str(raised.as_fact())


def test_upholding_closes_it_with_a_reason():
    question = make_question()
    raised = resolve(question) and dispute(question)
    with pytest.raises(RefusedError, match="Say why the answer stands"):
        uphold_answer(dispute=raised, reason=" ", by=None, now=LATER)
    uphold_answer(dispute=raised, reason="The retraction was of another report.", by=None, now=LATER)
    assert not Dispute.objects.open().exists()
    assert list(Dispute.objects.open_at(LATER - timedelta(days=1))) == []
    with pytest.raises(NotDisputedError, match="closed"):
        uphold_answer(dispute=raised, reason="Again.", by=None, now=LATER)
    with pytest.raises(NotDisputedError, match="Nobody disputes"):
        overturn(question)


def test_overturning_supersedes_and_moves_the_board():
    question, right, wrong = make_question(), make_source("Right"), make_source("Wrong")
    board = make_board(minimum_n=1)
    say(question, right, 0.1)
    say(question, wrong, 0.9)
    first = resolve(question)
    dispute(question)
    second = overturn(question)
    assert (second.supersedes, second.method, second.note) == (
        first,
        "overturned",
        "Retracted by the office.",
    )
    assert not Dispute.objects.open().exists()
    latest = board_changes(board=board)[0]
    assert [each.answer for each in latest.resolutions] == ["0"]
    moved = {each.source: (each.score_before, each.score_after) for each in latest.moves}
    assert moved["Right"] == pytest.approx((0.81, 0.01))
    assert moved["Wrong"] == pytest.approx((0.01, 0.81))
    assert verify() is None


def test_a_reopening_closes_the_dispute_too():
    question = make_question()
    resolve(question)
    dispute(question)
    reopen_question(question=question, reason="Retracted.", by=None, now=LATER)
    assert not Dispute.objects.open().exists()


def test_what_was_disputed_then_can_be_read_back():
    question = make_question()
    resolve(question)
    raised = dispute(question)
    overturn(question)
    for at, open_then in [(NOW, []), (LATER, [raised]), (LATER + timedelta(days=2), [])]:
        assert list(Dispute.objects.open_at(at)) == open_then


def test_a_dispute_needs_an_answer_a_reason_somebody_and_is_raised_once():
    question, editor = make_question(), make_user()
    with pytest.raises(NothingToDisputeError):
        dispute(question)
    resolve(question)
    with pytest.raises(RefusedError, match="Say what is wrong"):
        dispute(question, reason="")
    with pytest.raises(RefusedError, match="Say who"):
        dispute(question, raised_by="")
    dispute(question, raised_by="", by=editor)
    with pytest.raises(DisputedAlreadyError):
        dispute(question, raised_by="", by=editor)
    dispute(question, by=editor)
    assert Dispute.objects.count() == 2


def test_overturning_changes_something():
    question = make_question()
    answer = resolve(question)
    dispute(question)
    same = Finding(answer="outcome", outcome=1, occurred_at=answer.occurred_at)
    with pytest.raises(RefusedError, match="Uphold it instead"):
        overturn(question, same)
    with pytest.raises(RefusedError, match="ends with an answer"):
        overturn(question, Finding(answer="too_early", check_again_on=date(2021, 1, 1)))
    with pytest.raises(RefusedError, match="published beside"):
        overturn(question, reason="")


def test_a_source_replies_where_it_has_a_forecast():
    question, source = make_question(), make_source()
    given = {"question": question, "text": "I meant the north.", "replied_on": date(2020, 7, 1)}
    with pytest.raises(NotASourceHereError, match="has no forecast"):
        record_reply(source=source, by=None, now=LATER, **given)
    say(question, source, 0.7)
    assert record_reply(source=source, by=None, now=LATER, **given).source == source
    with pytest.raises(RefusedError, match="in the future"):
        record_reply(source=source, by=None, now=LATER, **{**given, "replied_on": date(2030, 1, 1)})
    with pytest.raises(RefusedError, match="empty"):
        record_reply(source=source, by=None, now=LATER, **{**given, "text": " "})
    assert verify() is None


def test_only_the_contact_of_a_dispute_may_be_erased():
    question = make_question()
    resolve(question)
    raised = dispute(question, contact="testa@example.org")
    Dispute.objects.filter(pk=raised.pk).update(contact="")
    assert verify() is None
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as c:
        c.execute("UPDATE forecasts_dispute SET reason = 'x'")
