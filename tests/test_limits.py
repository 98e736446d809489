"""One table of limits: each column of text has its size from it, in the database, the API and every form."""

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import User
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.forms import SimpleArrayField
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, models, transaction
from django.forms import modelform_factory
from django.test import Client, RequestFactory
from drf_spectacular.generators import SchemaGenerator
from psycopg import sql

from forecasts.limits import LIMITS, OF_COLUMNS, OF_FILES, most
from forecasts.models import Import, Question, Role, Source
from forecasts.models.limited import LimitedJson, LimitedList, LimitedText
from tests.records import make_source, make_statement, make_user, new_token
from tracker.admin.articles.statement_forms import ReadingForm
from tracker.interchange.house.text_cells import LONGEST

ROOT = Path(__file__).parents[1]
ROOMS = ("forecasts", "tracker")
LIMITED = (LimitedText, LimitedJson, LimitedList)
# Columns without a limit: nobody types or sends them, and what they are made of has its own limits.
OURS = {
    "Desk.sealed_channels": "addresses of at most a line each, encrypted by us",
    "DeadlineMove.moved_from": "the deadline's columns as they were",
    "Import.refused": "what the importer says of rows",
    "KeptAnswer.body": "an answer of the API's, kept for a day",
    "Message.body": "written by us from what has its limits",
    "Message.html": "the same",
    "Standing.rows": "a ranking, computed",
}


def columns() -> Iterator[models.Field]:
    for model in apps.get_app_config("forecasts").get_models():
        for field in model._meta.local_concrete_fields:
            base = field.base_field if isinstance(field, ArrayField) else field
            if isinstance(base, models.CharField | models.TextField | models.JSONField):
                yield field


def called(field: models.Field) -> str:
    return f"{field.model.__name__}.{field.name}"


ALL = {called(field): field for field in columns()}
IN_DATABASE = {name: field for name, field in ALL.items() if isinstance(field, LIMITED)}


def test_every_column_of_text_has_a_limit_or_a_reason():
    without = {name for name, field in ALL.items() if not isinstance(field, (*LIMITED, models.CharField))}
    assert without == set(OURS)
    assert len(IN_DATABASE) >= 50


def sizes_of(field: models.Field) -> Iterator[int]:
    if isinstance(field, ArrayField):
        yield field.size
        yield field.base_field.max_length
    else:
        yield field.max_length


def test_sizes_are_those_of_the_table():
    told = {limit.most for limit in LIMITS.values()}
    typed = [field for name, field in ALL.items() if name not in OURS and field.editable]
    free = [field for field in typed if not getattr(field, "choices", None)]
    odd = {called(field) for field in free if not set(sizes_of(field)) <= told}
    # Filled by us alone: keys, hashes, and the names of rules, steps and formats.
    assert {name.split(".")[1] for name in odd} <= {
        *("sha256", "fact_sha256", "previous_sha256", "request_sha256", "digest", "key", "kind"),
        *("house_rule", "deadline_house_rule", "step", "origin", "stage", "recipient_as", "channel"),
        *("unsubscribed", "message_id", "state"),
    }


@pytest.fixture
def only_with(db):
    """Make a table with the columns of another, each of which may be left out, and one of its rules."""

    def copy(table: str, rule: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE TEMPORARY TABLE copied (LIKE "{table}" INCLUDING CONSTRAINTS)')
            cursor.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = 'copied'::regclass AND attnum > 0"
            )
            for (column,) in cursor.fetchall():
                cursor.execute(f'ALTER TABLE copied ALTER "{column}" DROP NOT NULL')
            cursor.execute("SELECT conname FROM pg_constraint WHERE conrelid = 'copied'::regclass")
            rules = {name for (name,) in cursor.fetchall()}
            assert rule in rules
            for name in rules - {rule}:
                cursor.execute(f'ALTER TABLE copied DROP CONSTRAINT "{name}"')

    return copy


def put(field: models.Field, size: int) -> None:
    if isinstance(field, ArrayField):
        value: Any = ["x"] * size
    else:
        value = json.dumps("x" * (size - 2)) if isinstance(field, models.JSONField) else "x" * size
    query = sql.SQL("INSERT INTO copied ({}) VALUES (%s)").format(sql.Identifier(field.column))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(query, [value])


@pytest.mark.parametrize("name", IN_DATABASE)
def test_the_database_refuses_what_is_longer(only_with, name):
    field = IN_DATABASE[name]
    size, unit = next(sizes_of(field)), "entries" if isinstance(field, ArrayField) else "characters"
    rule = f"{field.model._meta.model_name}_{field.name}_has_at_most_{size}_{unit}"
    only_with(field.model._meta.db_table, rule)
    put(field, size)
    with pytest.raises(IntegrityError, match=rule):
        put(field, size + 1)


SIZES: dict[str, set[int]] = {}
for each in ALL.values():
    SIZES.setdefault(each.name, set()).update(size for size in sizes_of(each) if size)
# What a request calls otherwise than its column.
COLUMN = {"deadline.reason": "deadline_reason", "deadline.said": "deadline_said", "channels/ url": "address",
          "filter.languages[]": "language",
          "board": "slug", "filter.unit": "unit", "filter.topics[]": "slug", "filter.outlets[]": "slug",
          "term.scale": "slug", "option": "options", "first_name": "", "last_name": "", "checklist.*": "",
          "assignee": ""}  # fmt: skip
# These name a row that there has to be: what names none is refused, however long it is.
NAMES_A_ROW = {
    *("assignee", "deputy", "desk", "event", "into", "outlet", "question", "questions[]", "replacement"),
    *("source", "speaker", "topics[]", "user", "files[]"),
    # Read by the kind of its question, as one of its options, a number or a date.
    *("outcome", "finding.outcome"),
}
SET_BY_THEIR_FORMAT = {"date", "date-time", "decimal", "uuid", "binary", "time"}


Text = tuple[str, int | None]


def bodies() -> Iterator[tuple[str, str, int | None]]:
    """Yield each free text that may be sent: to which address, by which name, and how long it may be."""
    described = SchemaGenerator().get_schema(request=None, public=True)
    parts = described["components"]["schemas"]
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            for content in operation.get("requestBody", {}).get("content", {}).values():
                for name, size in texts_in(content["schema"], "", parts):
                    yield f"{method} {path}", name, size


def texts_in(schema: Any, name: str, parts: Any) -> Iterator[Text]:
    schema = parts[schema["$ref"].rsplit("/", 1)[1]] if "$ref" in schema else schema
    if schema.get("readOnly"):
        return
    for part, called in parts_of(schema, name):
        yield from texts_in(part, called, parts)
    free = schema.get("type") == "string" and "enum" not in schema
    if free and schema.get("format") not in SET_BY_THEIR_FORMAT:
        yield name, schema.get("maxLength")


def parts_of(schema: Any, name: str) -> Iterator[tuple[Any, str]]:
    for way in ("allOf", "oneOf", "anyOf"):
        yield from ((part, name) for part in schema.get(way, []))
    for key, part in schema.get("properties", {}).items():
        yield part, f"{name}.{key}".lstrip(".")
    if isinstance(schema.get("additionalProperties"), dict):
        yield schema["additionalProperties"], f"{name}.*"
    if "items" in schema:
        yield schema["items"], f"{name}[]"


def test_the_api_says_the_size_of_each_text_that_is_sent():
    sent = list(bodies())
    assert len(sent) > 100
    wrong = set()
    for place, name, size in sent:
        last = name.removesuffix("[]").rsplit(".", 1)[-1]
        if (name in NAMES_A_ROW and size is None) or size == 0:
            continue
        column = next((told for ends, told in COLUMN.items() if f"{place} {name}".endswith(ends)), last)
        if size not in (SIZES.get(column) or {limit.most for limit in LIMITS.values()}):
            wrong.add((place, name, size))
    assert not wrong


def test_each_size_of_a_column_is_used_and_no_name_is_in_both_tables():
    code = "".join(path.read_text(encoding="utf-8") for room in ROOMS for path in (ROOT / room).rglob("*.py"))
    assert {name for name in OF_COLUMNS if f'most("{name}")' not in code} == set()
    assert not OF_COLUMNS.keys() & OF_FILES.keys()


TEXTS = {"forms.CharField", "forms.URLField", "forms.EmailField", "PastedField"}


@pytest.mark.parametrize("room", ["tracker/admin", "tracker/api", "forecasts/models"])
def test_no_size_is_written_anywhere_else(room):
    """A number in a form or a serializer, or none at all, would be a second table of limits."""
    odd = []
    for path in sorted((ROOT / room).rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            what = ast.unparse(call.func)
            given = {each.arg: each.value for each in call.keywords}
            size = given.get("max_length")
            typed = what.endswith(("CharField", "URLField", "EmailField", "SlugField", "Limited"))
            literal = isinstance(size, ast.Constant) and "choices" not in given
            if (what in TEXTS and size is None) or (typed and literal and room != "forecasts/models"):
                odd.append(f"{path.name}:{call.lineno}: {what}")
    assert not odd


# Lists and values have their own rule for what is too long, and a UUID is as long as it is.
OF_A_FORMAT = (forms.JSONField, forms.UUIDField, SimpleArrayField)


def forms_of_the_desk(user: User) -> Iterator[tuple[str, forms.Field, str]]:
    """Yield each field of text of each form: of the models' pages and of our own."""
    request = RequestFactory().get("/admin/")
    request.user = user
    pages = {type(page).__name__: page.get_form(request) for page in admin.site._registry.values()
             if page.model._meta.app_label == "forecasts"}  # fmt: skip
    own = {form.__name__: form for form in every(forms.BaseForm) if form.__module__.startswith("tracker.")}
    # What it is given is compared, and never kept.
    del own["SignInForm"]
    for name, form in (pages | own).items():
        for key, field in form.base_fields.items():
            if isinstance(field, forms.CharField) and not isinstance(field, OF_A_FORMAT):
                yield f"{name}.{key}", field, key


def every(kind: type) -> Iterator[type]:
    for each in kind.__subclasses__():
        yield each
        yield from every(each)


@pytest.mark.django_db
def test_each_form_refuses_what_is_longer_in_words():
    seen = 0
    for name, field, key in forms_of_the_desk(make_user(role=Role.ADMINISTRATOR)):
        assert field.max_length, name
        column = key.removeprefix("evidence_")
        # Lists are typed into one field: what is in them is counted apart.
        if column in SIZES and column not in {"options", "cues"}:
            assert field.max_length in SIZES[column], name
        with pytest.raises(ValidationError) as refused:
            field.clean("x" * (field.max_length + 1))
        assert any(str(field.max_length) in str(each) for each in refused.value.messages), name
        seen += 1
    assert seen > 60


@pytest.mark.django_db
def test_a_page_of_the_desk_and_the_api_say_it_in_words():
    """The same name, one character too long, by form and by API; and a value that is too long as JSON."""
    lead = make_user(role=Role.ADMINISTRATOR, is_staff=True)
    client = Client()
    client.force_login(lead)
    note = {"name": "A source", "kind": "person", "slug": "a", "description": "x" * (most("note") + 1)}
    page = client.post("/admin/forecasts/source/add/", {**note, "external_ids": "{}"})
    assert page.status_code == 200
    assert f"at most {most('note')} characters" in page.content.decode()
    there = make_source("There")
    value = {"name": "There", "kind": "person", "slug": there.slug}
    value["external_ids"] = json.dumps({"wikidata": "Q" * most("value")})
    inlines = {
        f"{each}-{count}_FORMS": "0" for each in ("aliases", "affiliations") for count in ("TOTAL", "INITIAL")
    }
    page = client.post(f"/admin/forecasts/source/{there.pk}/change/", {**value, **inlines})
    assert f"At most {most('value')} characters fit" in page.content.decode()
    sent = client.post(
        "/api/v1/sources/", note, "application/json", headers={"Authorization": f"Token {new_token(lead)}"}
    )
    assert sent.status_code == 400
    assert str(most("note")) in sent.json()["errors"][0]["message"]
    assert list(Source.objects.values_list("name", "external_ids")) == [("There", {})]


@pytest.mark.parametrize("typed", ["[" * 100_000, '{"a":' * 5_000, "9" * 5_000, "{"])
def test_a_form_refuses_json_that_no_reader_holds(typed):
    """Too deep, too many digits, cut off: shown again as it was typed, with words, and no error of ours."""
    form_of = modelform_factory(Source, fields=["external_ids"])
    form = form_of({"external_ids": typed})
    assert form.errors["external_ids"] == ["Enter a valid JSON."]
    assert form["external_ids"].value() == typed


@pytest.mark.django_db
def test_cues_typed_into_one_field_are_counted_and_measured():
    statement = make_statement(cues=["will"])
    for cues in [",".join("x" for _ in range(most("cues") + 1)), "x" * (most("name") + 1)]:
        form = ReadingForm({"cues": cues, "directness": "direct"}, statement=statement)
        assert "cues" in form.errors, cues
    form = ReadingForm({"cues": " will , likely,"}, statement=statement)
    assert "cues" not in form.errors
    assert form.cleaned_data["cues"] == ["will", "likely"]


@pytest.mark.django_db
def test_a_file_is_refused_its_rows_that_are_longer(tmp_path):
    """A row that is too long for its column is named, and the next one is taken in."""
    for column, size in LONGEST.items():
        assert size in {limit.most for limit in LIMITS.values()}, column
    head = "question_id,question,criteria,source,forecast_time,probability,resolution,resolved_time\n"
    row = "{id},{question},{criteria},Somebody,2020-01-01T00:00:00Z,0.5,,\n"
    long = row.format(id="q1", question="x" * (most("sentence") + 1), criteria="")
    fits = row.format(id="q2", question="x" * most("sentence"), criteria="x" * most("words"))
    path = tmp_path / "long.csv"
    path.write_text(head + long + fits, encoding="utf-8")
    with pytest.raises(CommandError, match="1 rows were refused"):
        call_command("import_forecasts", str(path), board="all")
    [refused] = Import.objects.get().refused
    assert (refused["line"], refused["field"]) == (2, "question")
    assert str(most("sentence")) in refused["reason"]
    assert [len(each.criteria) for each in Question.objects.all()] == [most("words")]
