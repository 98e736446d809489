"""What a question of each kind needs beside its words: options, a unit, bounds."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from forecasts.models import QuestionKind
from forecasts.services.refusal import RefusedError

WITH_OPTIONS = (QuestionKind.OPTIONS, QuestionKind.ORDERED)
FEWEST_OPTIONS, MOST_OPTIONS, LONGEST_OPTION, LONGEST_UNIT = 2, 50, 200, 60


class KindNotTakenError(RefusedError):
    field = "kind"


class OptionsRefusedError(RefusedError):
    field = "options"


class UnitRefusedError(RefusedError):
    field = "unit"


class BoundsRefusedError(RefusedError):
    field = "lower_bound"


def check_kind(
    *,
    kind: str,
    options: Sequence[str] = (),
    unit: str = "",
    lower_bound: float | None = None,
    upper_bound: float | None = None,
) -> list[str]:
    """
    Return the options as they are kept, in the order given, where everything goes with the kind.

    Raises KindNotTakenError, OptionsRefusedError, UnitRefusedError or BoundsRefusedError.

    >>> check_kind(kind="options", options=[" Red", "Green "])
    ['Red', 'Green']
    """
    if kind not in QuestionKind.values:
        raise KindNotTakenError(
            f"'{kind}' is not a kind of question. Use one of: {', '.join(QuestionKind.values)}."
        )
    named = [each.strip() for each in options]
    _check_options(kind, named)
    _check_unit(kind, unit.strip())
    _check_bounds(kind, lower_bound, upper_bound)
    return named


def _check_options(kind: str, named: Sequence[str]) -> None:
    if kind not in WITH_OPTIONS:
        if named:
            raise OptionsRefusedError(
                f"A question of kind '{kind}' has no options. Leave them out, or choose the kind "
                "'options' or 'ordered'."
            )
        return
    if len(named) < FEWEST_OPTIONS:
        raise OptionsRefusedError("Name at least two options, each on a line of its own.")
    if len(named) > MOST_OPTIONS:
        raise OptionsRefusedError(
            f"These are {len(named)} options, and {MOST_OPTIONS} are the most. Put the least likely together."
        )
    _check_names(named)


def _check_names(named: Sequence[str]) -> None:
    for number, name in enumerate(named, start=1):
        if not name:
            raise OptionsRefusedError(f"Option {number} is empty. Name it, or leave it out.")
        if len(name) > LONGEST_OPTION:
            raise OptionsRefusedError(f"Option {number} is longer than {LONGEST_OPTION} characters.")
    same, times = Counter(name.casefold() for name in named).most_common(1)[0]
    if times > 1:
        twice = next(name for name in named if name.casefold() == same)
        raise OptionsRefusedError(f"The option “{twice}” is there twice. Each option is named once.")


def _check_unit(kind: str, unit: str) -> None:
    if kind == QuestionKind.NUMBER and not unit:
        raise UnitRefusedError("A number needs its unit: %, people, dollars a barrel.")
    if kind != QuestionKind.NUMBER and unit:
        raise UnitRefusedError("Only a question for a number has a unit. Leave it empty.")
    if len(unit) > LONGEST_UNIT:
        raise UnitRefusedError(f"The unit is longer than {LONGEST_UNIT} characters.")


def _check_bounds(kind: str, lower: float | None, upper: float | None) -> None:
    bounds = {"lower_bound": lower, "upper_bound": upper}
    given = {name: bound for name, bound in bounds.items() if bound is not None}
    for name, bound in given.items():
        if kind != QuestionKind.NUMBER:
            raise BoundsRefusedError("Only a question for a number has bounds. Leave them empty.", field=name)
        if not math.isfinite(bound):
            raise BoundsRefusedError("A bound is a finite number. Leave it empty for none.", field=name)
    if lower is not None and upper is not None and lower >= upper:
        raise BoundsRefusedError(
            f"The lower bound {lower:g} is not below the upper bound {upper:g}.", field="upper_bound"
        )
