"""
The house's named rules for what a source did not say, and the words of time that it reads as dates.

Frozen: a rule that has been used never changes. A better one is another row with another name, and a
forecast keeps the numbers that it was read by.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class Sets(StrEnum):
    """What a rule sets, and with that what its three numbers count."""

    LEVEL = "level"  # the probability that a range holds the answer
    REMAINDER = "remainder"  # the share of what is left that goes to one of the options left
    ROUNDING = "rounding"  # how far a number lies from the one said, in steps of its last digit
    PLACE = "place"  # where in a range the probability lies: 0 at its low end, 1 at its high end
    DAYS_AFTER = "days_after"  # days after it was said
    DAY_OF_YEAR = "day_of_year"  # days after 1 January of a year without a leap day
    TIMES = "times"  # multiples of the time from then to the deadline


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseRule:
    """
    One rule: what it sets, the number it takes and the range of those that could be defended.

    `best` is None where it follows from the case. `phrases` are the words that call for the rule, by
    language; where one ends in “…”, a year follows. `published` is where the numbers are from; empty where
    they are ours.
    """

    slug: str
    name: Text
    sets: Sets
    low: float
    best: float | None
    high: float
    reason: Text
    phrases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    published: str = ""

    @property
    def reads_words(self) -> bool:
        """Whether it turns words that were said into a date; the others set what was not said."""
        return self.sets in (Sets.DAYS_AFTER, Sets.DAY_OF_YEAR)


LEVEL: Final = "range-without-level"
REMAINDER: Final = "rest-shared-equally"
ROUNDING: Final = "about"
PLACE: Final = "middle-of-range"
DEADLINE: Final = "deadline-set-by-us"

_AFTER = _(
    "“A few” is read as three, from two to six: fewer would have been counted, more would have been "
    "called by a longer unit."
)
_SEASON = _(
    "Seasons are those of weather in the northern hemisphere, three calendar months each; “early” is the "
    "first month, “late” the last. The middle of the period is taken."
)
_YEAR = _("“Early” and “late” are the first and the last three months. The middle of the period is taken.")


def _days(slug: str, name: Text, numbers: tuple[int, int, int], reason: Text, **phrases: str) -> HouseRule:
    low, best, high = numbers
    told = {language: tuple(each.split("|")) for language, each in phrases.items()}
    return HouseRule(
        slug=slug,
        name=name,
        sets=Sets.DAYS_AFTER,
        low=low,
        best=best,
        high=high,
        reason=reason,
        phrases=told,
    )


def _part(
    slug: str, name: Text, ends: tuple[tuple[int, int], tuple[int, int]], reason: Text, **phrases: str
) -> HouseRule:
    """Return a part of the year, from a month and day through another; a 13th month is next January."""
    first, last = (_day_of_year(month, day) for month, day in ends)
    told = {language: tuple(each.split("|")) for language, each in phrases.items()}
    return HouseRule(
        slug=slug,
        name=name,
        sets=Sets.DAY_OF_YEAR,
        low=first,
        best=(first + last) // 2,
        high=last,
        reason=reason,
        phrases=told,
    )


NO_LEAP: Final = 2001


def _day_of_year(month: int, day: int) -> int:
    years, month = divmod(month - 1, 12)
    return (date(NO_LEAP + years, month + 1, day) - date(NO_LEAP, 1, 1)).days


def day_in_year(days: float, year: int) -> date:
    """
    Return the day that a DAY_OF_YEAR number names in a year, a leap year or not.

    >>> day_in_year(59, 2028), day_in_year(366, 2028)
    (datetime.date(2028, 3, 1), datetime.date(2029, 1, 2))
    """
    plain = date(NO_LEAP, 1, 1) + timedelta(days=int(days))
    return plain.replace(year=year + plain.year - NO_LEAP)


# From which month through which; the 13th is the next January.
SEASONS: Final = (
    ("early-spring", _("Early spring"), 3, 3, "early spring", "tidig vår|tidigt i vår|förvåren"),
    ("spring", _("Spring"), 3, 5, "spring|this spring|in the spring", "våren|i vår|till våren"),
    ("late-spring", _("Late spring"), 5, 5, "late spring", "sen vår|sent i vår|senvåren"),
    ("early-summer", _("Early summer"), 6, 6, "early summer", "försommaren|tidig sommar|tidigt i sommar"),
    ("summer", _("Summer"), 6, 8, "summer|this summer|in the summer", "sommaren|i sommar|till sommaren"),
    ("late-summer", _("Late summer"), 8, 8, "late summer", "sensommaren|sen sommar|sent i sommar"),
    (
        "early-autumn",
        _("Early autumn"),
        9,
        9,
        "early autumn|early fall",
        "tidig höst|tidigt i höst|förhösten",
    ),
    ("autumn", _("Autumn"), 9, 11, "autumn|fall|this autumn|in the autumn", "hösten|i höst|till hösten"),
    ("late-autumn", _("Late autumn"), 11, 11, "late autumn|late fall", "senhösten|sen höst|sent i höst"),
    ("early-winter", _("Early winter"), 12, 12, "early winter", "tidig vinter|tidigt i vinter|förvintern"),
    ("winter", _("Winter"), 12, 14, "winter|this winter|in the winter", "vintern|i vinter|till vintern"),
    ("late-winter", _("Late winter"), 14, 14, "late winter", "senvintern|sen vinter|sent i vinter"),
)
LAST_DAY: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

TABLE: Final = (
    HouseRule(
        slug=LEVEL,
        name=_("A range without a level"),
        sets=Sets.LEVEL,
        low=0.5,
        best=0.8,
        high=0.95,
        reason=_(
            "Who names a range expects the answer to lie in it, and seldom says how surely. At 50% it would "
            "be as likely outside as inside; statisticians mean 95%. We take 80% between them."
        ),
    ),
    HouseRule(
        slug=REMAINDER,
        name=_("The rest, shared equally"),
        sets=Sets.REMAINDER,
        low=0.0,
        best=None,
        high=1.0,
        reason=_(
            "Who names some options only says how much is left for the others, not which of them gets it. "
            "Each gets an equal share; any one of them could have been meant to have it all."
        ),
        phrases={"en": ("the rest", "rest", "the others"), "sv": ("resten", "övriga", "de andra")},
    ),
    HouseRule(
        slug=ROUNDING,
        name=_("About a number"),
        sets=Sets.ROUNDING,
        low=-0.5,
        best=0.0,
        high=0.5,
        reason=_(
            "A number called approximate was rounded, and its last digit shows to what: “about 70” stands "
            "for all from 65 to 75, “about 75” for all from 72.5 to 77.5. Half a step to either side, and "
            "never more than a quarter of the number."
        ),
        phrases={
            "en": ("about", "around", "roughly", "approximately", "circa", "ca", "ca.", "~", "≈"),
            "sv": ("omkring", "ungefär", "runt", "cirka", "kring", "ca", "ca.", "~", "≈"),
        },
    ),
    HouseRule(
        slug=PLACE,
        name=_("The middle of a range of probabilities"),
        sets=Sets.PLACE,
        low=0.0,
        best=0.5,
        high=1.0,
        reason=_(
            "Who says “60 to 70 per cent” leaves open where in it the probability lies. The middle is as far "
            "from either end; each end could have been meant."
        ),
    ),
    HouseRule(
        slug=DEADLINE,
        name=_("A deadline that we set"),
        sets=Sets.TIMES,
        low=0.5,
        best=1.0,
        high=2.0,
        reason=_(
            "Where the words name no time, an editor sets the deadline and says how. Another editor could "
            "have given it half the time, or twice as long."
        ),
    ),
    _days(
        "within-days",
        _("Within a few days"),
        (2, 3, 6),
        _AFTER,
        en="within days|within a few days|in a few days|in the coming days",
        sv="inom några dagar|om några dagar|de närmaste dagarna",
    ),
    _days(
        "within-weeks",
        _("Within a few weeks"),
        (14, 21, 42),
        _AFTER,
        en="within weeks|within a few weeks|in a few weeks|in the coming weeks",
        sv="inom några veckor|om några veckor|de närmaste veckorna",
    ),
    _days(
        "soon",
        _("Soon"),
        (30, 90, 180),
        _("“Soon” means that one need not wait long: a quarter of a year, from one month to half a year."),
        en="soon|shortly|before long",
        sv="snart|inom kort|är på väg",
    ),
    _days(
        "within-months",
        _("Within a few months"),
        (61, 91, 183),
        _AFTER,
        en="within months|within a few months|in a few months|in the coming months",
        sv="inom några månader|om några månader|de närmaste månaderna",
    ),
    _days(
        "within-years",
        _("Within a few years"),
        (730, 1096, 2191),
        _AFTER,
        en="within years|within a few years|in a few years|in the coming years",
        sv="inom några år|om några år|de närmaste åren",
    ),
    _part(
        "early-year",
        _("Early in the year"),
        ((1, 1), (3, 31)),
        _YEAR,
        en="early …|early in the year|at the beginning of the year|the beginning of …",
        sv="tidigt …|i början av året|i början av …|början av …",
    ),
    _part(
        "mid-year",
        _("In the middle of the year"),
        ((5, 1), (8, 31)),
        _("From May through August: two months to either side of midsummer."),
        en="mid …|mid-year|in the middle of the year|the middle of …",
        sv="mitten av …|i mitten av året|i mitten av …|vid halvårsskiftet",
    ),
    _part(
        "late-year",
        _("Late in the year"),
        ((10, 1), (12, 31)),
        _YEAR,
        en="late …|late in the year|towards the end of the year|the end of …",
        sv="sent …|i slutet av året|i slutet av …|slutet av …",
    ),
    _part(
        "turn-of-year",
        _("Around the turn of the year"),
        ((12, 15), (13, 15)),
        _("Two weeks to either side of 31 December."),
        en="around the turn of the year|at the turn of the year|around new year",
        sv="kring årsskiftet|vid årsskiftet|runt årsskiftet",
    ),
    *(
        _part(slug, name, ((first, 1), (last, LAST_DAY[(last - 1) % 12])), _SEASON, en=en, sv=sv)
        for slug, name, first, last, en, sv in SEASONS
    ),
)
RULES: Final[Mapping[str, HouseRule]] = {each.slug: each for each in TABLE}
READING: Final = tuple(each.slug for each in TABLE if each.reads_words)
SETTING: Final = tuple(each.slug for each in TABLE if not each.reads_words and each.slug != DEADLINE)
