"""Names are made of what is seen, and addresses lead where a browser goes: by form, service and table."""

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from forecasts.models import Source
from forecasts.names import UNSEEN, is_of_the_web, is_plain
from forecasts.record.refusal import NotOfTheWebError, RefusedError
from forecasts.sources.writes import add_sources
from tests.records import NOW, make_document, make_source

SEEN = ["Åsa Östlund", "محمد", "‌نام‌ها", "李雷", "O’Brien – “Pat”", "👩🏽‍🔬 Lab"]
NOT_SEEN = ["Anna\u202egro.live", "Anna\nEk", "Anna\tEk", "\u200eAnna", "Anna\x7f", "A\u2066b", "x\u2028y"]


@pytest.mark.parametrize("name", SEEN)
def test_names_of_every_script_are_names(db, name):
    assert is_plain(name)
    assert make_source(name).name == name.strip()


@pytest.mark.parametrize("name", NOT_SEEN)
def test_a_character_that_is_not_seen_is_refused_everywhere(db, name):
    assert not is_plain(name)
    with pytest.raises(RefusedError, match="not seen"):
        make_source(name)
    with pytest.raises(RefusedError, match="not seen"):
        add_sources(kinds={name: "person"}, now=NOW)
    with pytest.raises(ValidationError, match="not seen"):
        Source(slug="x", name=name, kind="person", created_at=NOW).full_clean()
    with pytest.raises(IntegrityError, match="source_name_is_plain"), transaction.atomic():
        Source.objects.create(slug="x", name=name, kind="person", created_at=NOW)


def test_the_table_and_the_form_read_the_rule_alike(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT array_agg(n ORDER BY n) FROM generate_series(1, 65535) n "
            "WHERE n NOT BETWEEN 55296 AND 57343 AND chr(n) ~ %s",
            [UNSEEN],
        )
        (found,) = cursor.fetchone()
    assert found == [n for n in range(1, 65536) if not 55296 <= n <= 57343 and not is_plain(chr(n))]


def test_every_name_and_every_address_has_its_constraint():
    """A table with a column of that name has the rule, or is listed here with its reason."""
    exempt = {
        "import": "the names of files, as they were uploaded",
        "guess": "a hash that stands for a name",
    }
    ruled = {"name": "name_is_plain", "url": "address_is_of_the_web"}
    for model in apps.get_app_config("forecasts").get_models():
        columns = {field.name for field in model._meta.concrete_fields}
        rules = " ".join(each.name for each in model._meta.constraints)
        for column, rule in ruled.items():
            if column in columns and model._meta.model_name not in exempt:
                assert rule in rules, f"{model.__name__}.{column} may hold anything"


@pytest.mark.parametrize(
    "url", ["ftp://example.org/a", "javascript:alert(1)", "file:///etc/hosts", "example.org"]
)
def test_an_article_is_at_an_address_of_the_web(db, url):
    assert not is_of_the_web(url)
    with pytest.raises(NotOfTheWebError):
        make_document(url=url)
