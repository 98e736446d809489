"""What a question of each kind needs beside its words: options, a unit, bounds."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from django.utils.translation import gettext as _

from forecasts.limits import most
from forecasts.models import QuestionKind
from forecasts.record.refusal import RefusedError

WITH_OPTIONS = (QuestionKind.OPTIONS, QuestionKind.ORDERED)
FEWEST_OPTIONS = 2


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
            _("“%(kind)s” is not a kind of question. Use one of: %(known)s.")
            % {"kind": kind, "known": ", ".join(QuestionKind.values)}
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
                _(
                    "A question of kind “%(kind)s” has no options. Leave them out, or choose the "
                    "kind 'options’ or 'ordered'."
                )
                % {"kind": kind}
            )
        return
    if len(named) < FEWEST_OPTIONS:
        raise OptionsRefusedError(_("Name at least two options, each on a line of its own."))
    if len(named) > most("options"):
        raise OptionsRefusedError(
            _("These are %(options)s options, and %(most)s are the most. Put the least likely together.")
            % {"options": len(named), "most": most("options")}
        )
    _check_names(named)


def _check_names(named: Sequence[str]) -> None:
    for number, name in enumerate(named, start=1):
        if not name:
            raise OptionsRefusedError(
                _("Option %(number)s is empty. Name it, or leave it out.") % {"number": number}
            )
        if len(name) > most("name"):
            raise OptionsRefusedError(
                _("Option %(number)s is longer than %(most)s characters.")
                % {"number": number, "most": most("name")}
            )
    same, times = Counter(name.casefold() for name in named).most_common(1)[0]
    if times > 1:
        twice = next(name for name in named if name.casefold() == same)
        raise OptionsRefusedError(
            _("The option “%(twice)s” is there twice. Each option is named once.") % {"twice": twice}
        )


def _check_unit(kind: str, unit: str) -> None:
    if kind == QuestionKind.NUMBER and not unit:
        raise UnitRefusedError(_("A number needs its unit: %, people, dollars a barrel."))
    if kind != QuestionKind.NUMBER and unit:
        raise UnitRefusedError(_("Only a question for a number has a unit. Leave it empty."))
    if len(unit) > most("unit"):
        raise UnitRefusedError(_("The unit is longer than %(most)s characters.") % {"most": most("unit")})


def _check_bounds(kind: str, lower: float | None, upper: float | None) -> None:
    bounds = {"lower_bound": lower, "upper_bound": upper}
    given = {name: bound for name, bound in bounds.items() if bound is not None}
    for name, bound in given.items():
        if kind != QuestionKind.NUMBER:
            raise BoundsRefusedError(
                _("Only a question for a number has bounds. Leave them empty."), field=name
            )
        if not math.isfinite(bound):
            raise BoundsRefusedError(_("A bound is a finite number. Leave it empty for none."), field=name)
    if lower is not None and upper is not None and lower >= upper:
        raise BoundsRefusedError(
            _("The lower bound %(lower)s is not below the upper bound %(upper)s.")
            % {"lower": f"{lower:g}", "upper": f"{upper:g}"},
            field="upper_bound",
        )
