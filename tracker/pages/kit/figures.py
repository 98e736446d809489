"""Scores as figures that explain themselves."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from forecasts.boards.reads.columns.columns import DAYS
from forecasts.boards.reads.columns.scores import own_scores
from forecasts.boards.reads.standings import StandingRow
from forecasts.models import Answer, Board, Forecast, Question, QuestionKind, Rule
from forecasts.questions.reads.listing import answer_in_force
from forecasts.scoring.kinds import HOUSE_RULES, uninformed_scores
from tracker.wording import numbers
from tracker.wording.numbers import in_unit
from tracker.wording.values import unit_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """
    A number as printed, and the sentences behind it.

    `name` is the rule's, and `about` says what its numbers mean; both are empty for the Brier score
    of a yes or no, which the template explains.
    """

    text: str
    exact: str
    explanation: str
    span: str = ""
    name: str = ""
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """A score at the best reading, and its range over the readings of the words."""

    best: float
    low: float
    high: float


def score_of(forecast: Forecast) -> Score | None:
    """Return the forecast's own score by the rule for its kind, or None where there is nothing to score."""
    question = forecast.question
    answer = answer_in_force(question)
    if forecast.withdrawn or answer is None or answer.answer != Answer.OUTCOME or answer.outcome is None:
        return None
    if answer.occurred_at is not None and forecast.stated_at >= answer.occurred_at:
        return None
    own = own_scores(question=question, forecasts=[forecast], outcome=answer.outcome)
    return Score(best=float(own.best[0]), low=float(own.least[0]), high=float(own.most[0]))


def score_figure(question: Question, score: Score) -> Figure | None:
    """Return a forecast's score as printed, on the scale of its question's kind."""
    if question.kind == QuestionKind.BINARY:
        return brier_figure(brier=score.best, low=score.low, high=score.high)
    rule = HOUSE_RULES[question.kind]
    if rule == "crps":
        return Figure(
            text=in_unit(score.best, unit_of(question)),
            exact=in_unit(score.best, unit_of(question)),
            explanation="",
            name=_("CRPS"),
            about=_(
                "0 is best. In the unit of the question: of one value it is the distance to the answer; a "
                "range costs more the wider it is and the further it lies off."
            ),
        )
    even = uninformed_scores(rule=rule, n_options=[len(question.options)], outcome=[_outcome(question)])
    return Figure(
        text=numbers.score(score.best),
        exact=numbers.score(score.best),
        explanation="",
        name=_("Brier score")
        if rule == "brier"
        else _("Score for ordered options (ranked probability score)"),
        about=_("0 is best, 1 is worst. Equal odds on every option give %(even)s here.")
        % {"even": numbers.score(float(even[0]))},
    )


def _outcome(question: Question) -> float:
    answer = answer_in_force(question)
    return answer.outcome if answer and answer.outcome is not None else 0.0


def brier_figure(*, brier: float | None, low: float | None, high: float | None) -> Figure | None:
    """Return a Brier score as printed, with its exact value and what it means."""
    if brier is None:
        return None
    ranged = low is not None and high is not None and high > low
    span = f"{numbers.score(low)}–{numbers.score(high)}" if ranged else ""
    return Figure(
        text=numbers.score(brier),
        exact=numbers.score(brier),
        explanation=_range_in_words(low, high) if ranged else _("The source gave the number itself."),
        span=span,
    )


def board_figure(board: Board, row: StandingRow) -> Figure | None:
    """Return a source's mean score on a board as printed, on the scale of the board's rule."""
    if board.rule == Rule.BRIER or row.brier is None:
        return brier_figure(brier=row.brier, low=row.brier_low, high=row.brier_high)
    if board.rule == Rule.CRPS:
        unit = _("days") if board.filter.get("unit") == DAYS else board.filter.get("unit", "")
        shown = exact = in_unit(row.brier, unit)
        about = _("0 is best. In the unit of the questions: how far off, on average.")
    else:
        shown, exact = numbers.score(row.brier), numbers.score(row.brier)
        about = _("0 is best. Lower is better.")
    return Figure(text=shown, exact=exact, explanation="", name=str(Rule(board.rule).label), about=about)


def _range_in_words(low: float | None, high: float | None) -> str:
    return _("From %(low)s to %(high)s over every number the words can mean.") % {
        "low": numbers.score(low),
        "high": numbers.score(high),
    }
