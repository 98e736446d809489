"""What a file calls things, found on the record or added: sources, topics, events, terms."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime

from django.utils.text import slugify

from forecasts.files.writes.contents import FileContents, FileTerm
from forecasts.models import Alias, Board, Event, Scale, Source, SourceKind, Term, Topic
from forecasts.sources.writes import add_sources

SLUG = re.compile(r"[-a-zA-Z0-9_]{1,200}")


def question_slug(key: str) -> str:
    """
    Return the address of a question that a file calls `key`: the key itself where it can be one.

    >>> question_slug("raqqa-falls-2017")
    'raqqa-falls-2017'
    >>> question_slug("nba:2022-06-16:Celtics:Warriors")
    'nba2022-06-16celticswarriors-5839dcaaeb'
    """
    if SLUG.fullmatch(key):
        return key
    return f"{slugify(key)[:150]}-{hashlib.sha256(key.encode()).hexdigest()[:10]}".strip("-")


def find_sources(contents: FileContents, *, now: datetime) -> list[int]:
    """Return the key of each source of the file: by name, by alias, by name and slug, or added."""
    sources = list(Source.objects.order_by("-pk").values_list("name", "slug", "pk"))
    # As an export tells namesakes apart.
    known = {f"{name} ({slug})": key for name, slug, key in sources}
    known |= {name: key for name, _, key in sources}
    aliases = dict(Alias.objects.order_by("-pk").values_list("name", "source_id"))
    merged = dict(Source.objects.exclude(merged_into=None).values_list("pk", "merged_into"))
    new = [name for name in contents.sources if name not in known and name not in aliases]
    kinds = {name: contents.source_kinds.get(name, SourceKind.PERSON.value) for name in new}
    known |= {source.name: source.pk for source in add_sources(kinds=kinds, now=now)}
    keys = [known.get(name) or aliases[name] for name in contents.sources]
    return [merged.get(key) or key for key in keys]


def find_topics(contents: FileContents, *, board: Board | None) -> dict[str, Topic]:
    """Return each topic by its slug, and the board's own under the empty one."""
    names = {slug: name for each in contents.questions for slug, name in each.topics.items()}
    found = {slug: _topic(slug, names[slug]) for slug in sorted(names)}
    if board is not None:
        found[""] = _topic(board.slug, board.name)
    return found


def _topic(slug: str, name: str) -> Topic:
    return Topic.objects.get_or_create(slug=slug, defaults={"name": name})[0]


def find_events(names: Mapping[str, str]) -> dict[str, Event]:
    """Return the event of each slug that a file has."""
    slugs = {given: question_slug(given)[:100] for given in names}
    new = [Event(slug=slug, name=names[given] or given) for given, slug in slugs.items()]
    Event.objects.bulk_create(new, ignore_conflicts=True)
    found = {event.slug: event for event in Event.objects.filter(slug__in=slugs.values())}
    return {given: found[slug] for given, slug in slugs.items()}


def find_term(given: FileTerm) -> int:
    """Return the key of the term; one that no scale has here is added with the file's numbers."""
    scale, _ = Scale.objects.get_or_create(
        slug=given.scale,
        defaults={"name": given.scale, "kind": "house", "source": "Named in an imported file."},
    )
    numbers = {"low": given.low, "best": given.best, "high": given.high}
    term, _ = Term.objects.get_or_create(
        scale=scale, language=given.language, phrase=given.phrase, defaults=numbers
    )
    return int(term.pk)
