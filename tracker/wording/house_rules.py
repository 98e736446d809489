"""The house's rules as people read them."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from forecasts.house_rules import TABLE, HouseRule, Sets, day_in_year
from tracker.wording.dates import day_and_month
from tracker.wording.numbers import percent


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleShown:
    """`best`, `low` and `high` are its numbers in words; `phrases` the words that call for it."""

    slug: str
    name: str
    best: str
    low: str
    high: str
    phrases: dict[str, list[str]]
    reason: str
    published: str


def rules_shown() -> list[RuleShown]:
    return [
        RuleShown(
            slug=each.slug,
            name=str(each.name),
            best=_("an equal share") if each.best is None else _number(each, each.best),
            low=_number(each, each.low),
            high=_number(each, each.high),
            phrases={language: list(words) for language, words in each.phrases.items()},
            reason=str(each.reason),
            published=each.published,
        )
        for each in TABLE
    ]


def _number(rule: HouseRule, number: float) -> str:
    if rule.sets in (Sets.LEVEL, Sets.REMAINDER, Sets.PLACE):
        return percent(number)
    if rule.sets == Sets.DAYS_AFTER:
        return _("%(days)d days later") % {"days": number}
    if rule.sets == Sets.DAY_OF_YEAR:
        return day_and_month(day_in_year(number, 2001))
    if rule.sets == Sets.ROUNDING:
        return _("%(steps)s of a step") % {"steps": f"{number:+g}" if number else "0"}
    return _("%(times)s times the time") % {"times": f"{number:g}"}
