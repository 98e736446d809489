"""Geometry: things stand where their numbers say, whatever the language."""

from datetime import UTC, datetime

import pytest
from django.utils.translation import override

from tracker.pages.kit.geometry import (
    PARTS,
    SPARK_POINTS,
    Said,
    ScoreAxis,
    TimeAxis,
    probability_dot,
    spark,
    steps,
)


def _day(day: int) -> datetime:
    return datetime(2018, 1, day, tzinfo=UTC)


def test_the_axis_of_a_board_ends_at_the_first_round_number_that_holds_the_worst():
    assert ScoreAxis.over([0.1, None, 0.3]).end == 0.3
    assert ScoreAxis.over([0.1, 0.51]).end == 0.75
    assert ScoreAxis.over([1.0]).end == 1.0
    assert ScoreAxis.over([1.2]).end == 2.0
    assert ScoreAxis.over([1600.0]).end == 2000.0
    assert ScoreAxis.over([]).end == 0.3


@pytest.mark.parametrize("end", [*PARTS, 2.0, 5.0, 10.0, 2000.0])
def test_every_axis_is_cut_at_round_numbers_that_its_words_say_exactly(end):
    ticks = ScoreAxis(end=end).ticks
    assert [tick.at for tick in (ticks[0], ticks[-1])] == ["0.00%", "100.00%"]
    assert all(
        abs(float(tick.word.replace(",", "")) / end * 100 - float(tick.at[:-1])) < 0.01 for tick in ticks
    )


def test_a_score_and_its_interval_share_the_axis():
    axis = ScoreAxis.over([0.5])
    assert axis.at(0.25) == "50.00%"
    dot = axis.dot(best=0.125, low=None, high=0.25)
    assert (dot.at, dot.low, dot.high) == ("25.00%", "25.00%", "50.00%")


def test_a_small_line_begins_and_ends_with_its_first_and_last_value_however_long():
    line = spark([number / 500 for number in range(501)], low=0.0, high=1.0).split()
    assert (line[0], line[-1], len(line)) == ("0.0,0.0", "100.0,20.0", SPARK_POINTS)
    assert spark([0.1], low=0.0, high=1.0) == ""


def test_places_keep_the_decimal_point_in_swedish():
    with override("sv"):
        assert probability_dot(best=0.955, low=0.9, high=0.99).at == "95.50%"
        assert (
            steps(
                [Said(at=_day(1), best=0.5, low=0.25, high=0.755)],
                axis=TimeAxis.over([_day(1), _day(3)]),
                closes=_day(3),
            )[0].top
            == "18.8"
        )


def test_a_later_forecast_ends_the_one_before_and_a_withdrawal_starts_none():
    axis = TimeAxis(starts=_day(1), ends=_day(11))
    said = [
        Said(at=_day(1), best=0.5, low=None, high=None),
        Said(at=_day(3), best=0.75, low=None, high=None),
        Said(at=_day(6), best=None, low=None, high=None),
    ]
    drawn = steps(said, axis=axis, closes=_day(11))
    assert [(step.starts, step.ends) for step in drawn] == [("0.00%", "20.00%"), ("20.00%", "50.00%")]
    assert drawn[1].from_y == drawn[0].y


def test_what_is_said_at_or_after_the_close_is_not_drawn_as_in_force():
    axis = TimeAxis(starts=_day(1), ends=_day(11))
    assert steps([Said(at=_day(5), best=0.5, low=None, high=None)], axis=axis, closes=_day(5)) == []


@pytest.mark.parametrize(("day", "anchor"), [(1, "start"), (6, "middle"), (11, "end")])
def test_a_word_at_the_edge_stays_on_the_chart(day, anchor):
    assert TimeAxis(starts=_day(1), ends=_day(11)).tick(_day(day), "word").anchor == anchor
