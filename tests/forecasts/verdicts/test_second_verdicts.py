"""A desk of two verdicts: the second unswayed, agreement at once, a lead where they differ."""

from datetime import UTC, date, datetime

import pytest

from forecasts.models import Desk, QuestionKind, Resolution, Role, Verdict
from forecasts.people.writes.ties import declare_tie
from forecasts.record.refusal import RefusedError
from forecasts.schedule import days_since_epoch
from forecasts.verdicts.reads.agreement import desk_agreement
from forecasts.verdicts.reads.waiting import excluded_users, may_answer, pending_on, verdicts_seen_by
from forecasts.verdicts.writes.findings import Finding
from forecasts.verdicts.writes.give import AwaitingAdjudicationError, ConflictOfInterestError
from forecasts.verdicts.writes.resolutions import (
    NothingToAdjudicateError,
    PartialAdjudicatorError,
    adjudicate_question,
    answer_question,
    reopen_question,
)
from tests.records import NOW, exhibit, make_desk, make_question, make_source, make_user, say

pytestmark = pytest.mark.django_db
YES = Finding(answer="outcome", outcome=1, occurred_at=NOW, note="Read the report.")
NO = Finding(answer="outcome", outcome=0, occurred_at=NOW, note="It no longer can.")
DAY = date(2019, 5, 3)
AFTER = datetime(2020, 7, 15, tzinfo=UTC)
LATER = Finding(answer="too_early", check_again_on=date(2020, 9, 1))


@pytest.fixture
def desk():
    return make_desk(verdicts_required=2)


@pytest.fixture
def people(desk):
    roles = {"erin": Role.EDITOR, "anna": Role.EDITOR, "nils": Role.EDITOR, "lena": Role.LEAD}
    return {name: make_user(name, role, desk) for name, role in roles.items()}


def give(question, by, finding=YES, now=NOW):
    return answer_question(question=question, finding=finding, evidence=[exhibit()], by=by, now=now)


def differ(question, people):
    return give(question, people["erin"]), give(question, people["anna"], NO)


def test_two_who_agree_resolve_the_question_at_once(desk, people):
    question = make_question(desk=desk)
    first = give(question, people["erin"])
    assert isinstance(first, Verdict)
    resolution = give(question, people["anna"])
    assert (resolution.method, resolution.outcome) == ("agreed", 1)
    assert resolution.verdicts.count() == 2


def test_one_editor_is_not_two(desk, people):
    question = make_question(desk=desk)
    give(question, people["erin"])
    assert isinstance(give(question, people["erin"]), Verdict)
    assert not Resolution.objects.exists()


def test_the_second_does_not_see_the_first_nor_does_a_lead(desk, people):
    question = make_question(desk=desk)
    first = give(question, people["erin"])
    for name, sees in {"erin": [first], "anna": [], "lena": []}.items():
        assert list(verdicts_seen_by(user=people[name])) == sees
    second = give(question, people["anna"], NO)
    for name, sees in {"erin": [first], "anna": [second], "nils": [], "lena": [first, second]}.items():
        assert list(verdicts_seen_by(user=people[name])) == sees


def test_a_lead_who_gave_one_does_not_see_the_other(desk, people):
    question = make_question(desk=desk)
    give(question, people["erin"])
    own = give(question, people["lena"], NO)
    assert list(verdicts_seen_by(user=people["lena"])) == [own]
    assert not may_answer(question, people["lena"])


def test_a_verdict_is_replaced_by_a_new_row_while_it_waits_alone(desk, people):
    question = make_question(desk=desk)
    give(question, people["erin"], NO)
    replaced = give(question, people["erin"], YES)
    assert pending_on(question) == [replaced]
    assert Verdict.objects.count() == 2
    give(question, people["erin"], LATER)
    assert pending_on(question) == []


def test_two_who_differ_wait_for_a_lead_and_for_nobody_else(desk, people):
    question = make_question(desk=desk)
    differ(question, people)
    assert not Resolution.objects.exists()
    for name in ("erin", "nils"):
        with pytest.raises(AwaitingAdjudicationError, match="The head of desk now decides"):
            give(question, people[name])
    assert [name for name in people if may_answer(question, people[name])] == ["lena"]


def test_a_lead_sides_with_one_and_all_verdicts_count(desk, people):
    question = make_question(desk=desk)
    first, second = differ(question, people)
    resolution = adjudicate_question(
        question=question, sides_with=second, reason="The office withdrew it.", by=people["lena"], now=NOW
    )
    assert (resolution.method, resolution.outcome, resolution.note) == (
        "adjudicated",
        0,
        "The office withdrew it.",
    )
    own = resolution.verdicts.get(recorded_by=people["lena"])
    assert list(resolution.verdicts.order_by("pk")) == [first, second, own]
    assert own.evidence.get().copy_of == second.evidence.get()


def test_a_lead_may_find_something_else(desk, people):
    question = make_question(desk=desk)
    differ(question, people)
    void = Finding(answer="void", void_reason="ambiguous")
    given = {"question": question, "finding": void, "by": people["lena"], "now": NOW}
    with pytest.raises(RefusedError, match="needs evidence"):
        adjudicate_question(**given, reason="Both readings hold.")
    resolution = adjudicate_question(**given, reason="Both readings hold.", evidence=[exhibit()])
    assert (resolution.answer, resolution.void_reason) == ("void", "ambiguous")


def test_adjudication_takes_two_verdicts_a_reason_and_somebody_else(desk, people):
    question = make_question(desk=desk)
    first = give(question, people["erin"])
    given = {"question": question, "sides_with": first, "by": people["lena"], "now": NOW}
    with pytest.raises(NothingToAdjudicateError, match="two verdicts are not in"):
        adjudicate_question(**given, reason="x")
    give(question, people["lena"], NO)
    with pytest.raises(PartialAdjudicatorError, match="is yours"):
        adjudicate_question(**given, reason="x")
    with pytest.raises(RefusedError, match="Say why"):
        adjudicate_question(**given, reason=" ")
    other = make_question("Will it hail?", desk=desk)
    stranger = give(other, people["erin"])
    with pytest.raises(NothingToAdjudicateError, match="one of the two"):
        adjudicate_question(
            question=question, sides_with=stranger, reason="x", by=make_user("bo", Role.LEAD, desk), now=NOW
        )


def test_a_new_round_begins_with_a_reopening(desk, people):
    question = make_question(desk=desk)
    give(question, people["erin"])
    give(question, people["anna"])
    reopening = reopen_question(question=question, reason="Retracted.", by=people["lena"], now=NOW)
    assert pending_on(question) == []
    again = give(question, people["erin"], NO)
    assert again.reviews == reopening
    assert pending_on(question) == [again]


@pytest.mark.parametrize(
    ("kind", "said", "agree"),
    [
        (QuestionKind.NUMBER, [(100, "day"), (100.9, "day")], True),
        (QuestionKind.NUMBER, [(100, "day"), (102, "day")], False),
        (QuestionKind.DATE, [(DAY, "day"), (date(2019, 5, 1), "month")], True),
        (QuestionKind.DATE, [(DAY, "day"), (date(2019, 5, 4), "day")], False),
        (QuestionKind.DATE, [(DAY, "quarter"), (date(2019, 7, 1), "month")], False),
        (QuestionKind.DATE, [(date(2020, 7, 1), "day"), (date(2020, 6, 30), "year")], False),
    ],
)
def test_numbers_agree_within_the_tolerance_and_dates_to_the_coarser(people, kind, said, agree):
    Desk.objects.update(tolerance=0.01)
    unit = "cm" if kind == QuestionKind.NUMBER else ""
    question = make_question(f"A {kind}?", kind=kind, unit=unit, desk=Desk.objects.get())
    for name, (value, known_to) in zip(("erin", "anna"), said, strict=True):
        outcome = days_since_epoch(value) if isinstance(value, date) else value
        at = NOW if kind == QuestionKind.NUMBER else None
        finding = Finding(answer="outcome", outcome=outcome, occurred_at=at, occurred_granularity=known_to)
        answered = give(question, people[name], finding, now=AFTER)
    assert isinstance(answered, Resolution) is agree
    if agree and kind == QuestionKind.DATE:
        assert answered.outcome == days_since_epoch(DAY)  # The more exact of the two.


def test_who_is_tied_to_a_source_on_the_question_is_excluded(desk, people):
    question, source = make_question(desk=desk), make_source()
    say(question, source, 0.7)
    declare_tie(user=people["erin"], source=source, since=date(2019, 1, 1), note="Sister.", by=None, now=NOW)
    with pytest.raises(ConflictOfInterestError, match="a conflict of interest with a source"):
        give(question, people["erin"])
    give(question, people["anna"])
    assert excluded_users(question) == {people["erin"].pk, people["anna"].pk}
    assert may_answer(question, people["nils"])
    assert not may_answer(question, people["erin"])


def test_kappa_is_over_pairs_and_the_leads_verdict_is_in_none(desk, people):
    for number, (one, other) in enumerate([(YES, YES)] * 3 + [(NO, NO)] * 2 + [(YES, NO)]):
        question = make_question(f"Will it snow, {number}?", desk=desk)
        give(question, people["erin"], one)
        give(question, people["anna"], other)
    waiting = pending_on(question)
    found = desk_agreement(desk=desk)
    assert (found.n, found.agreed, found.n_binary) == (6, 5, 6)
    assert found.kappa == pytest.approx(2 / 3)
    assert [(each.first, each.second, each.decided) for each in found.disagreements] == [(*waiting, "")]
    adjudicate_question(question=question, sides_with=waiting[0], reason="x", by=people["lena"], now=NOW)
    again = desk_agreement(desk=desk)
    assert (again.n, again.kappa) == (6, found.kappa)
    assert again.disagreements[0].decided == "decided by the head of desk"


def test_agreement_costs_the_same_however_many_questions(desk, people, django_assert_num_queries):
    for number in range(4):
        question = make_question(f"Will it snow, {number}?", desk=desk)
        give(question, people["erin"])
        give(question, people["anna"], NO)
    with django_assert_num_queries(2):
        desk_agreement(desk=desk)


def test_a_desk_that_has_not_met_has_no_kappa(desk):
    found = desk_agreement(desk=desk)
    assert (found.n, found.kappa, found.kappa_low, found.kappa_high) == (0, None, None, None)


def test_what_was_given_blind_is_recorded_as_it_was(people):
    desk = make_desk("blind", blind=True, verdicts_required=2)
    for name in ("erin", "nils"):
        desk.memberships.create(user=people[name], role=Role.EDITOR)
    question, source = make_question(desk=desk), make_source()
    say(question, source, 0.7, by=people["nils"])
    assert give(question, people["erin"]).seen_blind
    assert not give(question, people["erin"]).seen_blind  # Their first showed them the forecasts.
    assert not give(question, people["nils"], NO).seen_blind  # They put the forecast on the record.
    assert Verdict.objects.filter(seen_blind=True).count() == 1
