"""A number as people read it: a share, an amount with its unit, a score, a count."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from math import floor, log10

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

NOTHING = "–"
NBSP = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"


def number(value: float, places: int) -> str:
    """
    Return the number with that many decimals and the language's decimal sign.

    Halves go up, as people round: 0.0025 to three places is 0.003.

    >>> number(0.0025, 3), number(-1234.5, 0)
    ('0.003', '−1,235')
    """
    return _written(_rounded(value, places), places)


def count(value: int) -> str:
    """Return how many, with the language's mark between the thousands."""
    return _written(Decimal(value), 0)


def plain(value: float) -> str:
    """
    Return a number with the digits that it was given with, ten at most, and never a power of ten.

    >>> plain(0.1 + 0.2), plain(5.98e12), plain(5e-05)
    ('0.3', '5,980,000,000,000', '0.00005')
    """
    return _written(Decimal(format(Decimal(f"{value:.10g}"), "f")))


def amount(value: float, unit: str) -> str:
    """Return a number with its unit."""
    return f"{plain(value)}{NBSP}{unit}".strip() if unit != "%" else per_cent(plain(value))


def three_digits(value: float) -> str:
    """
    Return the number to three significant digits.

    >>> three_digits(0.01234), three_digits(4.5), three_digits(1234)
    ('0.0123', '4.50', '1,230')
    """
    if not value:
        return plain(0)
    places = max(2 - floor(log10(abs(value))), 0)
    return _written(Decimal(f"{value:.3g}"), places)


def in_unit(value: float, unit: str) -> str:
    """Return a score in a unit, to three digits."""
    return f"{three_digits(value)}{NBSP}{unit}".strip() if unit != "%" else per_cent(three_digits(value))


def score(value: float | None) -> str:
    """Return a score with three decimals, or a dash where there is none."""
    return NOTHING if value is None else number(value, 3)


def score_range(low: float | None, high: float | None) -> str:
    """Return the range of a score, or nothing where its ends print alike."""
    if low is None or high is None or score(low) == score(high):
        return ""
    return f"{score(low)}–{score(high)}"


def per_cent(digits: str) -> str:
    """Return digits with the sign for per cent, as the language sets it."""
    return pgettext("per cent", "%(digits)s%%") % {"digits": digits}


def percent(share: float | None) -> str:
    """
    Return a share in whole per cent; never 0 or 100 where it is not exactly that.

    >>> percent(0.9), percent(1), percent(0.9996), percent(0.0004), percent(None)
    ('90%', '100%', 'over 99%', 'under 1%', '–')
    """
    if share is None:
        return NOTHING
    whole = _whole(share)
    if whole >= 100 and share < 1:
        return _("over %(share)s") % {"share": per_cent("99")}
    if whole <= 0 and share > 0:
        return _("under %(share)s") % {"share": per_cent("1")}
    return per_cent(str(whole))


def percent_range(low: float, high: float) -> str:
    """
    Return both ends of a range in whole per cent.

    >>> percent_range(0.9, 0.99), percent_range(0.5, 0.5), percent_range(0.9, 0.999)
    ('90–99%', '50%', '90% to over 99%')
    """
    ends = percent(low), percent(high)
    if ends[0] == ends[1]:
        return ends[0]
    if ends == (per_cent(str(_whole(low))), per_cent(str(_whole(high)))):
        return per_cent(f"{_whole(low)}–{_whole(high)}")
    return _("%(low)s to %(high)s") % {"low": ends[0], "high": ends[1]}


def reading(*, low: float | None, best: float | None, high: float | None) -> str:
    """
    Return a probability with the range that its words leave open.

    >>> reading(low=0.9, best=0.95, high=0.99), reading(low=None, best=0.95, high=None)
    ('95% (90–99%)', '95%')
    """
    if low is None or high is None or low == high:
        return percent(best)
    return f"{percent(best)} ({percent_range(low, high)})"


def span(low: float, high: float, unit: str = "") -> str:
    """
    Return a range of numbers, in words where a minus sign would meet the dash.

    >>> span(3, 5, "GW").replace(NBSP, " "), span(-3, 5), span(4, 7, "%")
    ('3–5 GW', '−3 to 5', '4–7%')
    """
    if low >= 0:
        ends = f"{plain(low)}–{plain(high)}"
        return per_cent(ends) if unit == "%" else f"{ends}{NBSP}{unit}".strip()
    return _("%(low)s to %(high)s") % {"low": plain(low), "high": amount(high, unit)}


def plain_spaces(words: str) -> str:
    """Return words with plain spaces, as plain text is searched and broken."""
    return words.replace(NBSP, " ")


def _whole(share: float) -> int:
    return int(_rounded(share * 100, 0))


def _rounded(value: float, places: int) -> Decimal:
    # Twelve places first: (0.95 - 1)² is a hair off 0.0025 in binary.
    return Decimal(f"{value:.12f}").quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _written(exact: Decimal, places: int | None = None) -> str:
    return str(formats.number_format(exact, decimal_pos=places, force_grouping=True)).replace("-", MINUS)
