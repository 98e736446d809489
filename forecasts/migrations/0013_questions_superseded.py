"""A question that another takes the place of is void, and names it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("forecasts", "0012_past_boards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="resolution",
            name="resolution_void_has_a_reason",
        ),
        migrations.RemoveConstraint(
            model_name="resolution",
            name="resolution_method_is_known",
        ),
        migrations.AddField(
            model_name="resolution",
            name="replaced_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="takes_the_place_of",
                to="forecasts.question",
                verbose_name="question that takes its place",
            ),
        ),
        migrations.AlterField(
            model_name="resolution",
            name="method",
            field=models.CharField(
                choices=[
                    ("single", "one verdict"),
                    ("agreed", "two verdicts agreed"),
                    ("adjudicated", "decided by the head of desk"),
                    ("overturned", "overturned"),
                    ("imported", "taken from a file"),
                    ("superseded", "replaced by another question"),
                ],
                default="single",
                max_length=20,
                verbose_name="reached by",
            ),
        ),
        migrations.AlterField(
            model_name="resolution",
            name="void_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("ambiguous", "ambiguous as worded"),
                    ("condition_failed", "its condition failed"),
                    ("unanswerable", "cannot be answered"),
                    ("source_retracted", "the source retracted it"),
                    ("superseded", "another question takes its place"),
                ],
                max_length=30,
                verbose_name="reason for void",
            ),
        ),
        migrations.AlterField(
            model_name="verdict",
            name="void_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("ambiguous", "ambiguous as worded"),
                    ("condition_failed", "its condition failed"),
                    ("unanswerable", "cannot be answered"),
                    ("source_retracted", "the source retracted it"),
                    ("superseded", "another question takes its place"),
                ],
                max_length=30,
                verbose_name="reason for void",
            ),
        ),
        migrations.AddConstraint(
            model_name="resolution",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("answer", "void"),
                        (
                            "void_reason__in",
                            [
                                "ambiguous",
                                "condition_failed",
                                "unanswerable",
                                "source_retracted",
                                "superseded",
                            ],
                        ),
                    ),
                    models.Q(models.Q(("answer", "void"), _negated=True), ("void_reason", "")),
                    _connector="OR",
                ),
                name="resolution_void_has_a_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="resolution",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "method__in",
                        ["single", "agreed", "adjudicated", "overturned", "imported", "superseded"],
                    )
                ),
                name="resolution_method_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="resolution",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("replaced_by__isnull", False), ("void_reason", "superseded")),
                    models.Q(models.Q(("void_reason", "superseded"), _negated=True), ("replaced_by", None)),
                    _connector="OR",
                ),
                name="resolution_superseding_a_question_names_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="resolution",
            constraint=models.CheckConstraint(
                condition=models.Q(("replaced_by", models.F("question")), _negated=True),
                name="question_is_not_superseded_by_itself",
            ),
        ),
    ]
