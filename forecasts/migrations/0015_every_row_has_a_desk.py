"""Every article, question and import is of a desk, and a ledger entry says which form it hashes."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# A document goes to the desk of a question that its words were read for, the rest to the first desk.
FILL = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE forecasts_document DISABLE TRIGGER USER;
UPDATE forecasts_question SET desk_id = (SELECT min(id) FROM forecasts_desk) WHERE desk_id IS NULL;
UPDATE forecasts_import SET desk_id = (SELECT min(id) FROM forecasts_desk);
UPDATE forecasts_document SET desk_id = COALESCE(
    (SELECT min(question.desk_id)
       FROM forecasts_statement statement
       JOIN forecasts_forecast forecast ON forecast.statement_id = statement.id
       JOIN forecasts_question question ON question.id = forecast.question_id
      WHERE statement.document_id = forecasts_document.id),
    (SELECT min(id) FROM forecasts_desk)
);
ALTER TABLE forecasts_document ENABLE TRIGGER USER;
"""


def have_a_desk(apps, schema_editor):
    """Make a desk where there are rows to give to one, and none to take them."""
    desks = apps.get_model("forecasts", "Desk").objects
    rows = ("Question", "Document", "Import")
    if not desks.exists() and any(apps.get_model("forecasts", each).objects.exists() for each in rows):
        desks.create(slug="news", name="News desk", zone=settings.TIME_ZONE, language=settings.LANGUAGE_CODE)


def desk(name, **options):
    return models.ForeignKey(
        on_delete=django.db.models.deletion.PROTECT,
        related_name=name,
        to="forecasts.desk",
        verbose_name="desk",
        **options,
    )


class Migration(migrations.Migration):
    dependencies = [("forecasts", "0023_blind_switches_and_what_was_shown")]

    operations = [
        migrations.AddField("document", "desk", desk("documents", null=True)),
        migrations.AddField("import", "desk", desk("imports", null=True)),
        migrations.RunPython(have_a_desk, migrations.RunPython.noop),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField("document", "desk", desk("documents")),
        migrations.AlterField("import", "desk", desk("imports")),
        migrations.AlterField("question", "desk", desk("questions")),
        migrations.RemoveConstraint("document", "document_text_is_captured_once_for_each_address"),
        migrations.AddConstraint(
            "document",
            models.UniqueConstraint(
                fields=("desk", "url", "sha256"), name="desk_captures_a_text_once_for_each_address"
            ),
        ),
        migrations.RemoveConstraint("import", "file_enters_a_board_once"),
        migrations.RemoveConstraint("import", "file_enters_without_a_board_once"),
        migrations.AddConstraint(
            "import",
            models.UniqueConstraint(fields=("sha256", "desk", "board"), name="file_enters_a_board_once"),
        ),
        migrations.AddConstraint(
            "import",
            models.UniqueConstraint(
                condition=models.Q(("board", None)),
                fields=("sha256", "desk"),
                name="file_enters_without_a_board_once",
            ),
        ),
        # What is on the record is of the first form; the default of what comes is the second.
        migrations.AddField(
            "entry", "form", models.PositiveSmallIntegerField(default=1, verbose_name="canonical form")
        ),
        migrations.AlterField(
            "entry", "form", models.PositiveSmallIntegerField(default=2, verbose_name="canonical form")
        ),
        migrations.AddConstraint(
            "entry",
            models.CheckConstraint(
                condition=models.Q(("form__gte", 1), ("form__lte", 2)), name="ledger_form_is_known"
            ),
        ),
    ]
