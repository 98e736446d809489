"""The queue: each question in one pile, nobody is offered what they may not answer, at a fixed cost."""

from datetime import UTC, date, datetime, timedelta

import pytest

from forecasts.delivery.reads.routing import load_routes
from forecasts.desk.reads.queue import OF_DEADLINE, PILES, Cut, figures, pile, waiting
from forecasts.models import Question, Reminder, Role, Topic
from forecasts.people.writes.ties import declare_tie
from forecasts.questions.writes.lifecycle import AssigneeTiedError, assign_questions
from forecasts.verdicts.reads.waiting import excluded_among
from forecasts.verdicts.writes.disputes import dispute_answer
from forecasts.verdicts.writes.findings import Finding
from forecasts.verdicts.writes.resolutions import answer_question
from tests.records import exhibit, make_desk, make_question, make_source, make_user, resolve, say

pytestmark = pytest.mark.django_db
NOW = datetime(2020, 7, 1, 12, tzinfo=UTC)
YES = Finding(answer="outcome", outcome=1, occurred_at=datetime(2020, 1, 1, tzinfo=UTC))
NO = Finding(answer="outcome", outcome=0, occurred_at=datetime(2020, 1, 1, tzinfo=UTC), note="Gone.")


def give(question, by, finding=YES):
    return answer_question(question=question, finding=finding, evidence=[exhibit()], by=by, now=NOW)


@pytest.fixture
def world():
    two = make_desk("two", verdicts_required=2)
    erin, anna, lena = (
        make_user(name, role, two)
        for name, role in {"erin": Role.EDITOR, "anna": Role.EDITOR, "lena": Role.LEAD}.items()
    )
    one = make_desk("one")
    for each in (erin, anna, lena):
        one.memberships.create(user=each, role=two.memberships.get(user=each).role)
    names = {"overdue": date(2020, 5, 1), "due": date(2020, 6, 30), "too_early": date(2020, 5, 1)}
    rows = {name: make_question(f"{name}?", on=on, desk=one) for name, on in names.items()}
    again = Finding(answer="too_early", check_again_on=date(2020, 9, 1))
    give(rows["too_early"], erin, again)
    rows["second"] = make_question("second?", on=date(2020, 5, 1), desk=two, assignee=anna)
    give(rows["second"], erin)
    rows["adjudication"] = make_question("adjudication?", on=date(2020, 12, 1), desk=two)
    give(rows["adjudication"], erin)
    give(rows["adjudication"], anna, NO)
    rows["disputed"] = make_question("disputed?", on=date(2020, 5, 1), desk=one)
    resolve(rows["disputed"], now=NOW)
    dispute_answer(question=rows["disputed"], reason="Wrong.", by=erin, now=NOW)
    make_question("open?", on=date(2020, 12, 1), desk=one)
    return {"rows": rows, "erin": erin, "anna": anna, "lena": lena, "one": one, "two": two}


def names(user, cut=None):
    given = {"user": user, "now": NOW, **({"cut": cut} if cut else {})}
    return {name: [str(each) for each in pile(name=name, **given)] for name in PILES}


def test_each_question_stands_in_one_pile(world):
    assert names(world["lena"]) == {
        "overdue": ["overdue?"],
        "due": ["due?"],
        "second": ["second?"],
        "adjudication": ["adjudication?"],
        "disputed": ["disputed?"],
        "too_early": ["too_early?"],
        "unassigned": ["overdue?", "too_early?", "due?", "adjudication?"],
    }


def test_nobody_is_offered_what_they_answered_or_do_not_lead(world):
    for user, pile_name, offered in [
        ("erin", "second", []),
        ("anna", "second", ["second?"]),
        ("erin", "adjudication", []),
        ("anna", "adjudication", []),
    ]:
        assert names(world[user])[pile_name] == offered


def test_nobody_is_offered_a_question_that_their_source_spoke_on(world):
    source = make_source()
    for name in ("overdue", "disputed"):
        say(world["rows"][name], source, 0.5)
    declare_tie(user=world["lena"], source=source, since=date(2019, 1, 1), note="Sister.", by=None, now=NOW)
    found = names(world["lena"])
    assert (found["overdue"], found["disputed"], found["due"]) == ([], [], ["due?"])
    with pytest.raises(AssigneeTiedError, match=r"conflict of interest with a source on “overdue\?”"):
        assign_questions(by=None, questions=list(world["rows"].values()), assignee=world["lena"], now=NOW)
    assert not Question.objects.filter(assignee=world["lena"]).exists()


def test_the_figures_are_the_sizes_of_the_piles(world):
    found = figures(user=world["lena"], now=NOW)
    assert found.piles == {name: len(rows) for name, rows in names(world["lena"]).items()}
    assert found.overdue == {world["one"].pk: 1}


def test_a_cut_is_by_desk_assignee_or_topic(world):
    topic = Topic.objects.create(slug="snow", name="Snow")
    world["rows"]["due"].topics.add(topic)
    for cut, expected in [
        (Cut(desk=world["two"].pk), {"second?", "adjudication?"}),
        (Cut(assignee=world["anna"].pk), {"second?"}),
        (Cut(assignee="nobody", desk=world["two"].pk), {"adjudication?"}),
        (Cut(topic=topic.pk), {"due?"}),
    ]:
        found = names(world["lena"], cut)
        assert {each for name in OF_DEADLINE for each in found[name]} == expected
        sizes = figures(user=world["lena"], now=NOW, cut=cut).piles
        assert sizes == {name: len(rows) for name, rows in found.items()}


def test_a_thousand_questions_cost_no_more_queries_than_one(world, django_assert_max_num_queries):
    like = world["rows"]["overdue"]
    skipped = {"id", "key", "slug", "proposition"}
    same = {f.name: getattr(like, f.name) for f in Question._meta.fields if f.name not in skipped}
    Question.objects.bulk_create(
        Question(**same, slug=f"q-{number}", proposition=f"{number}?") for number in range(1000)
    )
    with django_assert_max_num_queries(4):
        assert figures(user=world["lena"], now=NOW).piles["overdue"] == 1001
    with django_assert_max_num_queries(2):
        rows = list(pile(name="overdue", user=world["lena"], now=NOW)[:50])
        assert {str(each.desk) for each in rows} == {"One"}
    assert waiting(user=world["lena"], now=NOW + timedelta(days=1)).count() == 1005


def test_an_unknown_pile_is_an_error(world):
    with pytest.raises(ValueError, match="'soon' is no pile"):
        pile(name="soon", user=world["lena"], now=NOW)


def test_reminders_pass_over_whoever_may_not_answer(world):
    source = make_source()
    declare_tie(user=world["anna"], source=source, since=date(2019, 1, 1), note="Sister.", by=None, now=NOW)
    say(world["rows"]["second"], source, 0.5)
    questions = [world["rows"]["second"], world["rows"]["adjudication"]]
    routes = load_routes(questions=questions, now=NOW)
    reached = {
        str(each.question): routes.reach(each).user.username
        for each in Reminder.objects.filter(question__in=questions, escalated=False)
    }
    # The assignee is tied, erin's verdict is in; two verdicts that differ wait for the lead alone.
    assert reached == {"second?": "lena", "adjudication?": "lena"}
    assert excluded_among(questions) == {
        questions[0].pk: {world["anna"].pk, world["erin"].pk},
        questions[1].pk: {world["anna"].pk, world["erin"].pk},
    }
