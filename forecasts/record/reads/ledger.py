"""Read the ledger: its last sequence is the data's version, and its chain can be verified."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.apps import apps
from django.db.models import Case, Exists, F, Min, Model, OuterRef, Q, QuerySet, Subquery, When

from forecasts.models import Document, Publication, Question, Statement
from forecasts.models.ledger import GENESIS, Entry, digest, merkle_root
from forecasts.models.record.fact import Fact


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The last entry: `sequence` is 0 where the ledger is empty."""

    sequence: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """The first entry that does not hold, and why."""

    sequence: int
    kind: str
    fact_id: int | None
    reason: str


def head(*, at: datetime | None = None) -> Head:
    """Return the sequence and the hash of the last entry, or of the last one recorded by `at`. One query."""
    known = Entry.objects.all() if at is None else Entry.objects.filter(recorded_at__lte=at)
    last = known.order_by("-sequence").values_list("sequence", "sha256").first()
    return Head(sequence=last[0], sha256=last[1]) if last else Head(sequence=0, sha256=GENESIS)


def version() -> int:
    """Return the data's version: the last sequence, under which results are cached."""
    return head().sequence


def facts_by_kind() -> dict[str, type[Fact]]:
    """Return the model of each ledger kind."""
    return {
        model.LEDGER_KIND: model
        for model in apps.get_app_config("forecasts").get_models()
        if issubclass(model, Fact)
    }


def with_what_is_hashed(model: type[Fact]) -> QuerySet[Fact]:
    """Return the model's rows with all that the ledger's hash of them covers, in a few queries."""
    rows = model._default_manager.select_related(*model.LEDGER_READS)
    return rows.prefetch_related(*model.LEDGER_LISTS)


def verify(*, batch: int = 500) -> Break | None:
    """Return the first break in the chain, the first fact that no entry covers or follows, or None."""
    return _first_broken_entry(batch=batch) or _first_uncovered_fact() or _first_public_otherwise()


def _first_broken_entry(*, batch: int) -> Break | None:
    expected, previous = 1, GENESIS
    for entries in _batches(batch):
        found = _digests(entries)
        for entry in entries:
            reason = _fault(entry, expected, previous, found)
            if reason:
                return Break(sequence=entry.sequence, kind=entry.kind, fact_id=entry.fact_id, reason=reason)
            expected, previous = entry.sequence + 1, entry.sha256
    return None


def _batches(size: int) -> Iterator[list[Entry]]:
    entries = Entry.objects.order_by("sequence").iterator(chunk_size=size)
    while chunk := list(islice(entries, size)):
        yield chunk


def _digests(entries: list[Entry]) -> dict[int, str]:
    """Return the hash of each entry's fact or block as the database holds it now."""
    models = facts_by_kind()
    wanted: dict[str, list[Entry]] = {}
    for entry in entries:
        wanted.setdefault(entry.kind, []).append(entry)
    found: dict[int, str] = {}
    for kind, group in wanted.items():
        model = models.get(kind)
        if model is None:
            continue
        ids = [entry.fact_id for entry in group if entry.fact_id is not None]
        rows = with_what_is_hashed(model).in_bulk(ids)
        for entry in group:
            if entry.fact_id is None:
                found.update(_block_digest(model, entry))
            elif entry.fact_id in rows:
                found[entry.sequence] = digest(rows[entry.fact_id].hashed_as(entry.form))
    return found


def _block_digest(model: type[Fact], entry: Entry) -> dict[int, str]:
    facts = with_what_is_hashed(model).filter(block=entry.sequence).order_by("pk")
    leaves = [digest(fact.hashed_as(entry.form)) for fact in facts.iterator(chunk_size=2000)]
    return {entry.sequence: merkle_root(leaves)} if len(leaves) == entry.facts else {}


def _fault(entry: Entry, expected: int, previous: str, found: dict[int, str]) -> str:
    checks = (
        (entry.sequence != expected, f"entry {expected} is missing"),
        (entry.previous_sha256 != previous, "it does not follow from the entry before"),
        (entry.expected_sha256() != entry.sha256, "the entry itself was changed"),
        (entry.sequence not in found, "its fact is missing"),
        (found.get(entry.sequence) != entry.fact_sha256, "its fact was changed"),
    )
    return next((reason for failed, reason in checks if failed), "")


def _first_uncovered_fact() -> Break | None:
    for kind, model in facts_by_kind().items():
        single = Entry.objects.filter(kind=kind, fact_id=OuterRef("pk"))
        block = Entry.objects.filter(kind=kind, sequence=OuterRef("block"))
        stray = model._default_manager.exclude(Exists(single)).exclude(Exists(block)).first()
        if stray is not None:
            return Break(sequence=0, kind=kind, fact_id=stray.pk, reason="this fact has no ledger entry")
    return None


def _first_public_otherwise() -> Break | None:
    found = _row_public_otherwise()
    if found is None:
        return None
    reason = "who can see it is not what its publications say"
    return Break(sequence=0, kind=str(found._meta.model_name), fact_id=found.pk, reason=reason)


def _row_public_otherwise() -> Model | None:
    """Return a row whose `public_since` is not what its publications say, or None. Three queries at most."""
    said = Case(When(public=True, then=F("since")))
    for rows, name in ((Question.objects.all(), "question"), (Statement.objects.all(), "statement")):
        last = Publication.objects.filter(**{name: OuterRef("pk")}).order_by("-pk").annotate(said=said)
        found = rows.annotate(said=Subquery(last.values("said")[:1])).filter(_differs()).first()
        if found is not None:
            return found
    return Document.objects.annotate(said=Min("statements__public_since")).filter(_differs()).first()


def _differs() -> Q:
    """Return the rows of which one is known and the other is not, or both are and differ."""
    one_of_two = Q(public_since=None, said__isnull=False) | Q(public_since__isnull=False, said=None)
    both = Q(public_since__isnull=False, said__isnull=False)
    return one_of_two | (both & ~Q(public_since=F("said")))
