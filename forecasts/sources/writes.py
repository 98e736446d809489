"""Write sources: name them, and merge two that turn out to be one."""

from __future__ import annotations

from collections.abc import Container, Mapping
from datetime import datetime
from itertools import chain, count

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from forecasts.models import Merge, Source, SourceKind
from forecasts.models.names import NAME_REFUSED
from forecasts.names import is_plain
from forecasts.people.reads.ownership import HOUSE
from forecasts.people.reads.rights import refuse_unless_may
from forecasts.people.reads.roles import Verb
from forecasts.record.refusal import RefusedError
from forecasts.record.writes.ledger import append_fact, hold_ledger


class UnnamedSourceError(RefusedError):
    field = "name"


class UnknownSourceKindError(RefusedError):
    field = "kind"


class SlugTakenError(RefusedError):
    field = "slug"
    conflict = True


class SourcesCannotMergeError(RefusedError):
    field = "into"


@transaction.atomic
def add_source(
    *, name: str, kind: str, by: User | None, now: datetime, slug: str = "", description: str = ""
) -> Source:
    """
    Add a source, or return the one that is the same in all that is said of it.

    Raises NotAllowedError, UnnamedSourceError, UnknownSourceKindError or SlugTakenError.
    """
    refuse_unless_may(by=by, verb=Verb.ADD_SOURCE, of=HOUSE)
    _check(name=name, kind=kind)
    hold_ledger()
    known = Source.objects.filter(name=name.strip(), kind=kind, description=description)
    same = (known.filter(slug=slug) if slug else known).order_by("pk").first()
    if same is not None:
        return same
    if slug and Source.objects.filter(slug=slug).exists():
        raise SlugTakenError(_("Another source has this slug already. Choose another."))
    taken = set(Source.objects.filter(slug__startswith=_stem(name)).values_list("slug", flat=True))
    return Source.objects.create(
        slug=slug or _free_slug(name, taken),
        name=name.strip(),
        kind=kind,
        description=description,
        created_at=now,
    )


def add_sources(*, kinds: Mapping[str, str], now: datetime) -> list[Source]:
    """Add many sources, from the kind of each by its name. Raises what `add_source` does."""
    if not kinds:
        return []
    taken = set(Source.objects.values_list("slug", flat=True))
    rows = []
    for name, kind in kinds.items():
        _check(name=name, kind=kind)
        slug = _free_slug(name, taken)
        taken.add(slug)
        rows.append(Source(slug=slug, name=name.strip(), kind=kind, created_at=now))
    return Source.objects.bulk_create(rows)


def _check(*, name: str, kind: str) -> None:
    if not name.strip():
        raise UnnamedSourceError(_("A source needs a name. Write it as it is published."))
    if not is_plain(name):
        raise UnnamedSourceError(str(NAME_REFUSED))
    if kind not in SourceKind.values:
        raise UnknownSourceKindError(
            _("“%(kind)s” is not a kind of source. Use one of: %(known)s.")
            % {"kind": kind, "known": ", ".join(SourceKind.values)}
        )


def _free_slug(name: str, taken: Container[str]) -> str:
    stem = _stem(name)
    numbered = (f"{stem}-{number}" for number in count(2))
    return next(slug for slug in chain([stem], numbered) if slug not in taken)


def _stem(name: str) -> str:
    return slugify(name)[:90] or "source"


@transaction.atomic
def merge_sources(*, source: Source, into: Source, reason: str, by: User | None, now: datetime) -> Merge:
    """
    Record that `source` is the same as `into`. Forecasts stay where they are and count for `into`.

    Raises SourcesCannotMergeError when either has been merged already, or they are the same; NotAllowedError.
    """
    refuse_unless_may(by=by, verb=Verb.MERGE_SOURCES, of=source)
    locked = {
        each.pk: each
        for each in Source.objects.select_for_update().filter(pk__in=[source.pk, into.pk]).order_by("pk")
    }
    source, into = locked[source.pk], locked[into.pk]
    if source.pk == into.pk:
        raise SourcesCannotMergeError(_("A source can’t be merged into itself. Choose another one."))
    for each in (source, into):
        if each.merged_into_id:
            raise SourcesCannotMergeError(
                _("“%(source)s” has been merged already. Use the source that it was merged into.")
                % {"source": each.name},
                conflict=True,
            )
    if not reason.strip():
        raise SourcesCannotMergeError(
            _("A merge needs a reason. Say how you know that they are one."), field="reason"
        )
    Source.objects.filter(pk=source.pk).update(merged_into=into)
    Source.objects.filter(merged_into=source).update(merged_into=into)
    merge = Merge.objects.create(source=source, into=into, reason=reason, recorded_at=now, recorded_by=by)
    append_fact(fact=merge, now=now)
    return merge
