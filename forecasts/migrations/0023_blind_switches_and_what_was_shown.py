"""That a desk answers blind is a fact, and what was shown to an editor before the verdict is noted."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


GUARDS = """
CREATE TRIGGER blindswitch_is_written_once BEFORE UPDATE OR DELETE ON forecasts_blindswitch
    FOR EACH ROW EXECUTE FUNCTION forecasts_written_once();
CREATE TRIGGER blindswitch_is_not_emptied BEFORE TRUNCATE ON forecasts_blindswitch
    FOR EACH STATEMENT EXECUTE FUNCTION forecasts_written_once();
CREATE TRIGGER shown_is_written_once BEFORE UPDATE OR DELETE ON forecasts_shown
    FOR EACH ROW EXECUTE FUNCTION forecasts_written_once();
CREATE TRIGGER shown_is_not_emptied BEFORE TRUNCATE ON forecasts_shown
    FOR EACH STATEMENT EXECUTE FUNCTION forecasts_written_once();
"""

DROP_GUARDS = """
DROP TRIGGER blindswitch_is_written_once ON forecasts_blindswitch;
DROP TRIGGER blindswitch_is_not_emptied ON forecasts_blindswitch;
DROP TRIGGER shown_is_written_once ON forecasts_shown;
DROP TRIGGER shown_is_not_emptied ON forecasts_shown;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("forecasts", "0014_words_of_the_links"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BlindSwitch",
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
                ("blind", models.BooleanField(verbose_name="blind")),
            ],
            options={
                "verbose_name": "blind switch",
                "verbose_name_plural": "blind switches",
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="Shown",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("shown_at", models.DateTimeField(verbose_name="shown at")),
                (
                    "place",
                    models.CharField(
                        choices=[
                            ("page", "on a public page"),
                            ("desk", "at the desk"),
                            ("api", "through the API"),
                            ("mail", "in a mail"),
                            ("asked", "because the editor asked for it"),
                        ],
                        max_length=10,
                        verbose_name="where",
                    ),
                ),
            ],
            options={
                "verbose_name": "forecasts shown",
                "verbose_name_plural": "forecasts shown",
                "ordering": ("-pk",),
            },
        ),
        migrations.AddField(
            model_name="verdict",
            name="sighted_because",
            field=models.CharField(
                blank=True,
                choices=[
                    ("desk_open", "the desk showed who said what, at least for a while"),
                    ("shown", "the editor was shown who said what"),
                    ("recorded", "the editor had put it on the record"),
                    ("own_verdict", "the editor had given a verdict before"),
                    ("answered", "the question had been answered before"),
                    ("follows", "it follows from the answer to another question"),
                ],
                default="",
                max_length=20,
                verbose_name="not blind because",
            ),
        ),
        migrations.AddConstraint(
            model_name="verdict",
            constraint=models.CheckConstraint(
                condition=models.Q(("seen_blind", False), ("sighted_because", ""), _connector="OR"),
                name="verdict_given_blind_has_no_reason_against_it",
            ),
        ),
        migrations.AddConstraint(
            model_name="verdict",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "sighted_because__in",
                        ["", "desk_open", "shown", "recorded", "own_verdict", "answered", "follows"],
                    )
                ),
                name="verdict_sighted_because_is_known",
            ),
        ),
        migrations.AddField(
            model_name="blindswitch",
            name="desk",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="blind_switches",
                to="forecasts.desk",
                verbose_name="desk",
            ),
        ),
        migrations.AddField(
            model_name="blindswitch",
            name="recorded_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="recorded by",
            ),
        ),
        migrations.AddField(
            model_name="shown",
            name="question",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="shown",
                to="forecasts.question",
                verbose_name="question",
            ),
        ),
        migrations.AddField(
            model_name="shown",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="shown",
                to=settings.AUTH_USER_MODEL,
                verbose_name="person",
            ),
        ),
        migrations.AddIndex(
            model_name="blindswitch",
            index=models.Index(fields=["desk", "recorded_at"], name="blind_switch_of_desk"),
        ),
        migrations.AddConstraint(
            model_name="shown",
            constraint=models.UniqueConstraint(
                fields=("user", "question"), name="question_is_first_shown_to_a_person_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="shown",
            constraint=models.CheckConstraint(
                condition=models.Q(("place__in", ["page", "desk", "api", "mail", "asked"])),
                name="shown_place_is_known",
            ),
        ),
        migrations.RunSQL(GUARDS, DROP_GUARDS),
    ]
