"""Sources are named once, and merged with a reason."""

import pytest
from django.db import IntegrityError, transaction

from forecasts.models import Affiliation, Entry
from forecasts.record.refusal import RefusedError
from forecasts.sources.writes import SourcesCannotMergeError, UnknownSourceKindError, merge_sources
from tests.records import NOW, make_source

pytestmark = pytest.mark.django_db


def _merge(one, other, reason="The same person."):
    return merge_sources(source=one, into=other, reason=reason, by=None, now=NOW)


def test_two_of_the_same_name_get_their_own_address():
    people = [make_source("Åsa Öberg", description=told) for told in ("", "Economist.", "Bishop.")]
    assert [each.slug for each in people] == ["asa-oberg", "asa-oberg-2", "asa-oberg-3"]


def test_a_source_needs_a_name_and_a_known_kind():
    with pytest.raises(RefusedError, match="needs a name"):
        make_source(" ")
    with pytest.raises(UnknownSourceKindError, match="person, organisation, outlet, model, crowd"):
        make_source(kind="ghost")


def test_a_chain_of_merges_ends_at_one_source():
    first, second, third = (make_source(name) for name in "ABC")
    _merge(first, second)
    _merge(second, third)
    first.refresh_from_db()
    assert first.standing == third
    assert Entry.objects.filter(kind="merge").count() == 2


def test_a_merge_that_makes_no_sense_is_refused():
    one, other, third = (make_source(name) for name in "ABC")
    with pytest.raises(SourcesCannotMergeError, match="into itself"):
        _merge(one, one)
    with pytest.raises(SourcesCannotMergeError, match="needs a reason"):
        _merge(one, other, reason="")
    _merge(one, other)
    for pair in ((one, third), (third, one)):
        with pytest.raises(SourcesCannotMergeError, match="“A” has been merged already"):
            _merge(*pair)


def test_the_affiliation_held_then_is_half_open():
    source = make_source()
    start, end = NOW.date(), NOW.date().replace(year=2021)
    held = Affiliation.objects.create(source=source, role="Editor", starts=start, ends=end)
    assert source.affiliation_on(start) == held
    assert source.affiliation_on(end) is None
    with pytest.raises(IntegrityError, match="affiliation_ends_after_it_starts"), transaction.atomic():
        Affiliation.objects.create(source=source, role="Nobody", starts=end, ends=start)
