"""Names are seen, addresses are of the web, and what a request with a key was answered is kept for a day."""

import django.db.models.deletion
import forecasts.models.names
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

NAMED = ("alias", "board", "desk", "event", "scale", "source", "topic")
UNSEEN = r"[\u0001-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]"
# A name was never a fact, so one that can't be seen is mended; two names may become alike.
MENDED = f"trim(regexp_replace(name, '{UNSEEN}', ' ', 'g'))"
# Addresses stand in facts, which nobody may change: those that are there already stay as they are.


class Migration(migrations.Migration):
    dependencies = [
        ("forecasts", "0018_moves_between_desks"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="KeptAnswer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=255, verbose_name="key")),
                ("request_sha256", models.CharField(max_length=64, verbose_name="SHA-256 of the request")),
                ("status", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="status")),
                ("body", models.JSONField(blank=True, null=True, verbose_name="body")),
                ("created_at", models.DateTimeField(verbose_name="created at")),
            ],
            options={
                "verbose_name": "kept answer",
                "verbose_name_plural": "kept answers",
                "ordering": ("-created_at",),
            },
        ),
        migrations.AlterField(
            model_name="alias",
            name="name",
            field=models.CharField(
                max_length=200, validators=[forecasts.models.names.check_plain], verbose_name="name"
            ),
        ),
        migrations.AlterField(
            model_name="board",
            name="name",
            field=models.CharField(
                max_length=200, validators=[forecasts.models.names.check_plain], verbose_name="name"
            ),
        ),
        migrations.AlterField(
            model_name="desk",
            name="name",
            field=models.CharField(
                max_length=200, validators=[forecasts.models.names.check_plain], verbose_name="name"
            ),
        ),
        migrations.AlterField(
            model_name="dispute",
            name="url",
            field=models.URLField(
                blank=True,
                max_length=2000,
                validators=[forecasts.models.names.check_of_the_web],
                verbose_name="address of the evidence",
            ),
        ),
        migrations.AlterField(
            model_name="document",
            name="url",
            field=models.URLField(
                blank=True,
                max_length=2000,
                validators=[forecasts.models.names.check_of_the_web],
                verbose_name="address",
            ),
        ),
        migrations.AlterField(
            model_name="event",
            name="name",
            field=models.CharField(
                max_length=300, validators=[forecasts.models.names.check_plain], verbose_name="name"
            ),
        ),
        migrations.AlterField(
            model_name="evidence",
            name="url",
            field=models.URLField(
                blank=True,
                max_length=2000,
                validators=[forecasts.models.names.check_of_the_web],
                verbose_name="address",
            ),
        ),
        migrations.AlterField(
            model_name="reply",
            name="url",
            field=models.URLField(
                blank=True,
                max_length=2000,
                validators=[forecasts.models.names.check_of_the_web],
                verbose_name="address",
            ),
        ),
        migrations.AlterField(
            model_name="scale",
            name="name",
            field=models.CharField(
                max_length=200, validators=[forecasts.models.names.check_plain], verbose_name="name"
            ),
        ),
        migrations.AlterField(
            model_name="source",
            name="name",
            field=models.CharField(
                max_length=200, validators=[forecasts.models.names.check_plain], verbose_name="name"
            ),
        ),
        migrations.AlterField(
            model_name="topic",
            name="name",
            field=models.CharField(
                max_length=200, validators=[forecasts.models.names.check_plain], verbose_name="name"
            ),
        ),
        migrations.RunSQL(
            [f"UPDATE forecasts_{table} SET name = {MENDED} WHERE name ~ '{UNSEEN}'" for table in NAMED],  # noqa: S608 - made of the constants above
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name="alias",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "name__regex",
                        "[\\u0001-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]",
                    ),
                    _negated=True,
                ),
                name="alias_name_is_plain",
                violation_error_message="The name holds a character that is not seen, such as a line break. Type the name anew.",
            ),
        ),
        migrations.AddConstraint(
            model_name="board",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "name__regex",
                        "[\\u0001-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]",
                    ),
                    _negated=True,
                ),
                name="board_name_is_plain",
                violation_error_message="The name holds a character that is not seen, such as a line break. Type the name anew.",
            ),
        ),
        migrations.AddConstraint(
            model_name="desk",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "name__regex",
                        "[\\u0001-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]",
                    ),
                    _negated=True,
                ),
                name="desk_name_is_plain",
                violation_error_message="The name holds a character that is not seen, such as a line break. Type the name anew.",
            ),
        ),
        AddConstraintNotValid(
            model_name="dispute",
            constraint=models.CheckConstraint(
                condition=models.Q(("url", ""), ("url__regex", "^[hH][tT][tT][pP][sS]?://"), _connector="OR"),
                name="dispute_address_is_of_the_web",
                violation_error_message="An address begins with https:// or http://. Copy it from the browser.",
            ),
        ),
        AddConstraintNotValid(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(("url", ""), ("url__regex", "^[hH][tT][tT][pP][sS]?://"), _connector="OR"),
                name="document_address_is_of_the_web",
                violation_error_message="An address begins with https:// or http://. Copy it from the browser.",
            ),
        ),
        migrations.AddConstraint(
            model_name="event",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "name__regex",
                        "[\\u0001-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]",
                    ),
                    _negated=True,
                ),
                name="event_name_is_plain",
                violation_error_message="The name holds a character that is not seen, such as a line break. Type the name anew.",
            ),
        ),
        AddConstraintNotValid(
            model_name="evidence",
            constraint=models.CheckConstraint(
                condition=models.Q(("url", ""), ("url__regex", "^[hH][tT][tT][pP][sS]?://"), _connector="OR"),
                name="evidence_address_is_of_the_web",
                violation_error_message="An address begins with https:// or http://. Copy it from the browser.",
            ),
        ),
        AddConstraintNotValid(
            model_name="reply",
            constraint=models.CheckConstraint(
                condition=models.Q(("url", ""), ("url__regex", "^[hH][tT][tT][pP][sS]?://"), _connector="OR"),
                name="reply_address_is_of_the_web",
                violation_error_message="An address begins with https:// or http://. Copy it from the browser.",
            ),
        ),
        migrations.AddConstraint(
            model_name="scale",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "name__regex",
                        "[\\u0001-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]",
                    ),
                    _negated=True,
                ),
                name="scale_name_is_plain",
                violation_error_message="The name holds a character that is not seen, such as a line break. Type the name anew.",
            ),
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "name__regex",
                        "[\\u0001-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]",
                    ),
                    _negated=True,
                ),
                name="source_name_is_plain",
                violation_error_message="The name holds a character that is not seen, such as a line break. Type the name anew.",
            ),
        ),
        migrations.AddConstraint(
            model_name="topic",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "name__regex",
                        "[\\u0001-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]",
                    ),
                    _negated=True,
                ),
                name="topic_name_is_plain",
                violation_error_message="The name holds a character that is not seen, such as a line break. Type the name anew.",
            ),
        ),
        migrations.AddField(
            model_name="keptanswer",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="person",
            ),
        ),
        migrations.AddIndex(
            model_name="keptanswer",
            index=models.Index(fields=["created_at"], name="kept_answer_to_sweep"),
        ),
        migrations.AddConstraint(
            model_name="keptanswer",
            constraint=models.UniqueConstraint(fields=("user", "key"), name="person_uses_a_key_once"),
        ),
        migrations.AddConstraint(
            model_name="keptanswer",
            constraint=models.CheckConstraint(
                condition=models.Q(("key", ""), _negated=True), name="kept_answer_has_a_key"
            ),
        ),
    ]
