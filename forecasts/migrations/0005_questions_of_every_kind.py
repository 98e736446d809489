"""Bounds for questions about a number; a unit for these alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("forecasts", "0004_boards_adjusted_by_default"),
    ]

    operations = [
        migrations.AddField(
            model_name="question",
            name="lower_bound",
            field=models.FloatField(blank=True, null=True, verbose_name="lower bound"),
        ),
        migrations.AddField(
            model_name="question",
            name="upper_bound",
            field=models.FloatField(blank=True, null=True, verbose_name="upper bound"),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind", "number"), ("unit", ""), _connector="OR"),
                name="question_has_a_unit_only_for_a_number",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("lower_bound", None), ("upper_bound", None)),
                    models.Q(("kind", "number"), ("lower_bound", None)),
                    models.Q(("kind", "number"), ("upper_bound", None)),
                    models.Q(("kind", "number"), ("lower_bound__lt", models.F("upper_bound"))),
                    _connector="OR",
                ),
                name="question_bounds_are_of_a_number_and_in_order",
            ),
        ),
    ]
