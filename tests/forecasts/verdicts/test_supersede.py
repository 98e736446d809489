"""Another question takes a question's place: closed, void, and linked; nothing said is rewritten."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from forecasts.models import Entry, Forecast, Reminder, Resolution, Role
from forecasts.questions.reads.listing import superseded_by_this
from forecasts.questions.writes.forecasts import QuestionSupersededError
from forecasts.record.reads.ledger import verify
from forecasts.record.refusal import RefusedError
from forecasts.reminders.writes import arm_unarmed
from forecasts.verdicts.writes.findings import Finding, NoVoidReasonError
from forecasts.verdicts.writes.give import ResolvedAlreadyError
from forecasts.verdicts.writes.resolutions import answer_question, reopen_question
from forecasts.verdicts.writes.supersede import SupersedingRefusedError, supersede_question
from tests.records import NOW, exhibit, make_desk, make_question, make_source, make_user, resolve, say

pytestmark = pytest.mark.django_db


@pytest.fixture
def old():
    return make_question("Will it snow?", desk=make_desk())


@pytest.fixture
def new():
    return make_question("Will it snow in Teststad, by the weather office?")


def supersede(question, replacement, reason="It asks the same.", by=None, now=NOW):
    return supersede_question(question=question, replacement=replacement, reason=reason, by=by, now=now)


def test_it_is_void_for_good_reason_linked_and_on_the_ledger(old, new):
    lena = make_user("lena", Role.LEAD, old.desk)
    before = Entry.objects.count()
    found = supersede(old, new, reason="  Worded badly. ", by=lena)
    assert (found.answer, found.void_reason, found.replaced_by) == ("void", "superseded", new)
    assert (found.note, found.recorded_by, found.recorded_at) == ("Worded badly.", lena, NOW)
    assert Entry.objects.count() == before + 1
    assert verify() is None
    assert list(superseded_by_this(new)) == [old]


def test_its_reminders_end_and_none_is_armed_again(old, new):
    assert Reminder.objects.pending().filter(question=old).exists()
    supersede(old, new)
    ended = Reminder.objects.get(question=old)
    assert ended.ended_because == "superseded"
    arm_unarmed(now=NOW + timedelta(days=400))
    assert not Reminder.objects.pending().filter(question=old).exists()


def test_what_was_said_stays_where_it_was_said_and_the_next_is_said_elsewhere(old, new):
    source = make_source()
    forecast = say(old, source, 0.7)
    supersede(old, new)
    assert Forecast.objects.get() == forecast
    with pytest.raises(QuestionSupersededError, match=r"Will it snow in Teststad.*Record the forecast there"):
        say(old, source, 0.8, days=-10)
    assert say(new, source, 0.8, days=-10).question == new


def test_reopening_takes_it_back(old, new):
    supersede(old, new)
    reopen_question(question=old, reason="They differ after all.", by=None, now=NOW)
    assert not superseded_by_this(new).exists()
    assert Reminder.objects.armed().filter(question=old).exists()
    assert say(old, make_source(), 0.4)
    assert supersede(old, new).supersedes is not None


def test_an_answered_replacement_is_taken_and_a_void_one_is_not(old, new):
    resolve(new)
    with transaction.atomic():
        assert supersede(old, new)
        transaction.set_rollback(True)
    other = make_question("Sleet?")
    void = Finding(answer="void", void_reason="ambiguous")
    answer_question(question=other, finding=void, evidence=[exhibit()], by=None, now=NOW)
    with pytest.raises(SupersedingRefusedError, match="is void"):
        supersede(old, other)


def test_what_has_its_answer_is_reopened_first(old, new):
    resolve(old)
    with pytest.raises(ResolvedAlreadyError, match="Reopen it"):
        supersede(old, new)


def test_no_reader_is_sent_on_from_question_to_question(old, new):
    third = make_question("Snow at all?")
    supersede(old, new)
    with pytest.raises(SupersedingRefusedError, match="was itself replaced"):
        supersede(third, old)
    with pytest.raises(SupersedingRefusedError, match="was itself replaced"):
        supersede(new, old)  # A circle.
    with pytest.raises(SupersedingRefusedError, match="has replaced “Will it snow"):
        supersede(new, third)
    with pytest.raises(SupersedingRefusedError, match="its own place"):
        supersede(third, third)
    assert Resolution.objects.count() == 1


def test_it_takes_a_reason_and_is_no_finding_of_an_editor_s(old, new):
    with pytest.raises(RefusedError, match="Say why") as refused:
        supersede(old, new, reason=" ")
    assert refused.value.field == "reason"
    found = Finding(answer="void", void_reason="superseded")
    with pytest.raises(NoVoidReasonError, match="name the one that replaces it"):
        answer_question(question=old, finding=found, evidence=[exhibit()], by=None, now=NOW)


@pytest.mark.parametrize(
    ("reason", "named"), [("superseded", False), ("ambiguous", True)], ids=["no question", "no reason"]
)
def test_the_database_wants_both_the_reason_and_the_question(old, new, reason, named):
    with pytest.raises(IntegrityError, match="resolution_superseding_a_question_names_another"):
        Resolution.objects.create(
            question=old,
            answer="void",
            void_reason=reason,
            replaced_by=new if named else None,
            recorded_at=NOW,
        )
