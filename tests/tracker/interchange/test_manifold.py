"""Manifold's markets and bets, as synthetic files with the API's field names."""

import json
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from forecasts.models import Forecast, Import, Question, Resolution, Source
from tracker.interchange.formats.manifold import read_manifold
from tracker.interchange.house.common_csv import UnreadableFileError

DAY = 86_400_000
START = 1_514_764_800_000  # 1 January 2018


def _market(key="rain", **rest):
    given = {
        "id": key,
        "question": f"Will it rain, {key}?",
        "createdTime": START,
        "closeTime": START + 30 * DAY,
        "outcomeType": "BINARY",
        "isResolved": True,
        "resolution": "YES",
        "resolutionTime": START + 20 * DAY,
    }
    return {**given, **rest}


def _bet(key="rain", days=1, after=0.7, **rest):
    return {"contractId": key, "createdTime": START + days * DAY, "probAfter": after, "amount": 10, **rest}


def _read(tmp_path, *lists):
    paths = []
    for number, items in enumerate(lists):
        paths.append(tmp_path / f"{number}.json")
        paths[-1].write_text(json.dumps(items), encoding="utf-8")
    return read_manifold(paths=paths, name="manifold.json")


def test_the_markets_probability_is_a_crowds_forecast(tmp_path):
    contents = _read(tmp_path, [_market()], [_bet(), _bet(days=2, after=0.9)]).contents
    assert (contents.sources, contents.source_kinds) == (["Manifold"], {"Manifold": "crowd"})
    assert [(each.stated_at.day, each.probability) for each in contents.forecasts] == [(2, 0.7), (3, 0.9)]
    question = contents.questions[0]
    assert (question.outcome, question.known_at) == (1.0, datetime(2018, 1, 21, tzinfo=UTC))
    assert question.deadline.on.isoformat() == "2018-01-31"


@pytest.mark.parametrize(
    ("given", "outcome", "void"),
    [
        ({"resolution": "NO"}, 0.0, False),
        ({"resolution": "MKT", "resolutionProbability": 0.4}, None, True),
        ({"resolution": "CANCEL"}, None, True),
        ({"isResolved": False, "resolution": None}, None, False),
    ],
)
def test_how_a_market_ended(tmp_path, given, outcome, void):
    question = _read(tmp_path, [_market(**given)]).contents.questions[0]
    assert (question.outcome, question.void) == (outcome, void)


def test_what_moved_nothing_is_no_forecast_and_what_is_wrong_is_refused(tmp_path):
    bets = [_bet(isRedemption=True), _bet(amount=0), _bet("snow"), _bet(after=1.2), _bet(after=None), _bet()]
    reading = _read(tmp_path, [_market(), _market("many", outcomeType="PSEUDO_NUMERIC")], bets)
    assert len(reading.contents.forecasts) == 1
    assert [(each.line, each.field) for each in reading.refused] == [
        (2, "outcomeType"),
        (5, "contractId"),
        (6, "probAfter"),
        (7, "probAfter"),
    ]


def _choice(**rest):
    answers = [{"id": "a", "text": "Ann"}, {"id": "b", "text": " Bo"}]
    return _market("who", outcomeType="MULTIPLE_CHOICE", **{"resolution": "b", "answers": answers, **rest})


def test_each_answer_of_a_multiple_choice_is_a_question_of_one_event(tmp_path):
    bets = [
        _bet("who", answerId="a"),
        _bet("who", days=2, answerId="b", after=0.4),
        _bet("who", answerId="c"),
    ]
    reading = _read(tmp_path, [_choice()], bets)
    asked = reading.contents.questions
    assert [(each.key, each.proposition, each.outcome) for each in asked] == [
        ("who:a", "Will it rain, who? [Ann]", 0.0),
        ("who:b", "Will it rain, who? [Bo]", 1.0),
    ]
    assert {(each.event, each.event_name) for each in asked} == {("who", "Will it rain, who?")}
    said = [(each.question, each.probability) for each in reading.contents.forecasts]
    assert said == [(0, 0.7), (1, 0.4)]
    assert [(each.line, each.field) for each in reading.refused] == [(4, "answerId")]


@pytest.mark.parametrize(
    ("given", "ends"),
    [
        ({"resolution": "MKT"}, [(None, True), (None, True)]),
        ({"resolution": "CANCEL"}, [(None, True), (None, True)]),
        ({"isResolved": False, "resolution": None}, [(None, False), (None, False)]),
        (
            {
                "isResolved": False,
                "resolution": None,
                "answers": [{"id": "a", "text": "A", "resolution": "YES"}, {"id": "b", "text": "B"}],
            },
            [(1.0, False), (None, False)],
        ),
    ],
)
def test_how_a_multiple_choice_ended(tmp_path, given, ends):
    asked = _read(tmp_path, [_choice(**given)]).contents.questions
    assert [(each.outcome, each.void) for each in asked] == ends


@pytest.mark.parametrize(
    ("market", "field"),
    [
        (_market(outcomeType="PSEUDO_NUMERIC"), "outcomeType"),
        (_choice(answers=None), "answers"),
        (_choice(answers=["Ann"]), "answers"),
        (_choice(answers=[{"id": "a"}]), "text"),
    ],
)
def test_a_market_that_cannot_be_held_is_refused_with_its_reason(tmp_path, market, field):
    reading = _read(tmp_path, [market])
    assert [each.field for each in reading.refused] == [field]
    assert reading.contents.questions == []


def test_a_close_in_the_far_future_is_a_date_all_the_same(tmp_path):
    question = _read(tmp_path, [_market(closeTime=10**17)]).contents.questions[0]
    assert question.deadline.on.year == 9000


@pytest.mark.parametrize("text", ["no json", "[1]", '[{"a": 1}]'])
def test_another_file_is_not_read(tmp_path, text):
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(UnreadableFileError, match=r"x\.json"):
        read_manifold(paths=[tmp_path / "x.json"], name="x.json")


@pytest.mark.django_db
def test_import_forecasts_takes_it(tmp_path):
    (tmp_path / "all.json").write_text(json.dumps([_market(), _bet(), _bet(days=3, after=0.2)]))
    call_command("import_forecasts", str(tmp_path / "all.json"), "--from", "manifold")
    assert (Question.objects.count(), Forecast.objects.count(), Resolution.objects.count()) == (1, 2, 1)
    assert Source.objects.get().kind == "crowd"
    with pytest.raises(CommandError, match="lacks question_id"):
        call_command("import_forecasts", str(tmp_path / "all.json"))
    assert Import.objects.count() == 1
