"""Boards by the ranked probability score, and by CRPS of one unit."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("forecasts", "0009_reminders_routed"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="board",
            name="board_rule_is_known",
        ),
        migrations.AlterField(
            model_name="board",
            name="filter",
            field=models.JSONField(
                blank=True,
                default=dict,
                help_text="topics, languages, source_kinds, question_kinds, outlets: lists; "
                "stated_only: true or false; unit: what a ranking by CRPS is of.",
                verbose_name="filter",
            ),
        ),
        migrations.AlterField(
            model_name="board",
            name="rule",
            field=models.CharField(
                choices=[
                    ("brier", "Brier score"),
                    ("log", "logarithmic score"),
                    ("spherical", "spherical score"),
                    ("ranked_probability", "score for ordered options (ranked probability score)"),
                    ("crps", "CRPS"),
                ],
                default="brier",
                max_length=20,
                verbose_name="rule",
            ),
        ),
        migrations.AddConstraint(
            model_name="board",
            constraint=models.CheckConstraint(
                condition=models.Q(("rule__in", ["brier", "log", "spherical", "ranked_probability", "crps"])),
                name="board_rule_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="board",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("rule", "crps"), _negated=True), ("filter__has_key", "unit"), _connector="OR"
                ),
                name="board_by_crps_is_of_one_unit",
                violation_error_message="CRPS is in the unit of its question: name the unit of the ranking.",
            ),
        ),
    ]
