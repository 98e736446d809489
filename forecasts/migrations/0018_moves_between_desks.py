"""A question goes to another desk by a fact."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


GUARDS = """
CREATE TRIGGER deskmove_is_written_once BEFORE UPDATE OR DELETE ON forecasts_deskmove
    FOR EACH ROW EXECUTE FUNCTION forecasts_written_once();
CREATE TRIGGER deskmove_is_not_emptied BEFORE TRUNCATE ON forecasts_deskmove
    FOR EACH STATEMENT EXECUTE FUNCTION forecasts_written_once();
"""

DROP_GUARDS = """
DROP TRIGGER deskmove_is_written_once ON forecasts_deskmove;
DROP TRIGGER deskmove_is_not_emptied ON forecasts_deskmove;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("forecasts", "0020_basis"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DeskMove",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                (
                    "block",
                    models.BigIntegerField(
                        blank=True,
                        db_index=True,
                        editable=False,
                        help_text="The ledger entry that covers this fact, when it came in bulk.",
                        null=True,
                        verbose_name="ledger block",
                    ),
                ),
                ("reason", models.TextField(verbose_name="reason")),
                (
                    "moved_from",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="forecasts.desk",
                        verbose_name="from desk",
                    ),
                ),
                (
                    "moved_to",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="forecasts.desk",
                        verbose_name="to desk",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="desk_moves",
                        to="forecasts.question",
                        verbose_name="question",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recorded by",
                    ),
                ),
            ],
            options={
                "verbose_name": "move to another desk",
                "verbose_name_plural": "moves to other desks",
                "ordering": ("pk",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("moved_from", models.F("moved_to")), _negated=True),
                        name="desk_move_goes_elsewhere",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="desk_move_has_a_reason"
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARDS, DROP_GUARDS),
    ]
