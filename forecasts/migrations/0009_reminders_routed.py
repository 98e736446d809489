"""Reminders find their person: rota, absences, digests, escalation, dead letters, snoozes."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import forecasts.models.desk
from django.conf import settings
from django.db import migrations, models

COUNT_FROM_THE_DEADLINE = """
UPDATE forecasts_reminder SET counts_from = forecasts_question.deadline_at
FROM forecasts_question WHERE forecasts_question.id = forecasts_reminder.question_id
"""

# A question has one armed reminder from here on: the one that was armed last.
END_WHAT_WAS_ARMED_TWICE = """
UPDATE forecasts_reminder SET ended_at = due_at, ended_because = 'armed twice'
WHERE id IN (
    SELECT id FROM (
        SELECT id, row_number() OVER (PARTITION BY question_id ORDER BY id DESC) AS place
        FROM forecasts_reminder WHERE sent_at IS NULL AND ended_at IS NULL
    ) AS armed WHERE place > 1
)
"""

GUARD_SNOOZES = """
CREATE TRIGGER snooze_is_written_once BEFORE UPDATE OR DELETE ON forecasts_snooze
    FOR EACH ROW EXECUTE FUNCTION forecasts_written_once();
CREATE TRIGGER snooze_is_not_emptied BEFORE TRUNCATE ON forecasts_snooze
    FOR EACH STATEMENT EXECUTE FUNCTION forecasts_written_once();
"""

LET_SNOOZES_CHANGE = """
DROP TRIGGER snooze_is_written_once ON forecasts_snooze;
DROP TRIGGER snooze_is_not_emptied ON forecasts_snooze;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("forecasts", "0008_imports_at_the_desk"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Absence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("away_from", models.DateField(verbose_name="first day away")),
                ("back_on", models.DateField(verbose_name="back on")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
            ],
            options={
                "verbose_name": "absence",
                "verbose_name_plural": "absences",
                "ordering": ("-away_from", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="Attempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                ("worker", models.CharField(blank=True, max_length=200, verbose_name="worker")),
                (
                    "happened",
                    models.CharField(
                        choices=[
                            ("began", "began"),
                            ("sent", "sent"),
                            ("failed", "failed"),
                            ("lost", "cut off: the worker ended while sending"),
                            ("given_up", "not delivered"),
                            ("again", "asked to send again"),
                        ],
                        default="began",
                        max_length=20,
                        verbose_name="what happened",
                    ),
                ),
                ("error", models.TextField(blank=True, verbose_name="error")),
                ("began_at", models.DateTimeField(verbose_name="began at")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended at")),
            ],
            options={
                "verbose_name": "attempt",
                "verbose_name_plural": "attempts",
                "ordering": ("pk",),
            },
        ),
        migrations.CreateModel(
            name="Digest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("due_at", models.DateTimeField(verbose_name="due at")),
                ("claim", models.UUIDField(blank=True, null=True, verbose_name="claimed by")),
                ("claimed_at", models.DateTimeField(blank=True, null=True, verbose_name="claimed at")),
                ("lease_until", models.DateTimeField(blank=True, null=True, verbose_name="lease until")),
                ("sending_at", models.DateTimeField(blank=True, null=True, verbose_name="sending since")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent at")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended at")),
                ("ended_because", models.CharField(blank=True, max_length=200, verbose_name="ended because")),
                ("dead_at", models.DateTimeField(blank=True, null=True, verbose_name="not delivered since")),
                ("attempts", models.PositiveIntegerField(default=0, verbose_name="attempts")),
                ("error", models.TextField(blank=True, verbose_name="last error")),
                ("created_at", models.DateTimeField(verbose_name="created at")),
                ("on", models.DateField(help_text="In the recipient’s zone.", verbose_name="day")),
            ],
            options={
                "verbose_name": "digest",
                "verbose_name_plural": "digests",
                "ordering": ("-due_at", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="Preferences",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "zone",
                    models.CharField(
                        blank=True,
                        help_text="Empty: the desk’s, as in Europe/Stockholm.",
                        max_length=64,
                        verbose_name="time zone",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        blank=True, help_text="Empty: the desk’s.", max_length=12, verbose_name="language"
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("immediate", "each reminder by itself"),
                            ("daily", "one digest a day"),
                            ("weekly", "one digest a week"),
                        ],
                        default="immediate",
                        max_length=20,
                        verbose_name="reminders come as",
                    ),
                ),
                (
                    "digest_hour",
                    models.PositiveSmallIntegerField(
                        default=8,
                        validators=[django.core.validators.MaxValueValidator(23)],
                        verbose_name="digest at (hour)",
                    ),
                ),
                (
                    "digest_weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Monday"),
                            (1, "Tuesday"),
                            (2, "Wednesday"),
                            (3, "Thursday"),
                            (4, "Friday"),
                            (5, "Saturday"),
                            (6, "Sunday"),
                        ],
                        default=0,
                        verbose_name="weekly digest on",
                    ),
                ),
                (
                    "working_days",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(
                            choices=[
                                (0, "Monday"),
                                (1, "Tuesday"),
                                (2, "Wednesday"),
                                (3, "Thursday"),
                                (4, "Friday"),
                                (5, "Saturday"),
                                (6, "Sunday"),
                            ]
                        ),
                        blank=True,
                        help_text="Nothing is sent on other days. Empty: the desk’s days.",
                        null=True,
                        size=None,
                        verbose_name="working days",
                    ),
                ),
                ("working_from", models.TimeField(blank=True, null=True, verbose_name="working from")),
                (
                    "working_until",
                    models.TimeField(
                        blank=True,
                        help_text="Empty: the desk’s hours.",
                        null=True,
                        verbose_name="working until",
                    ),
                ),
                (
                    "cap",
                    models.PositiveSmallIntegerField(
                        default=10,
                        help_text="What is over it waits for the next digest.",
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="most messages in a day",
                    ),
                ),
                (
                    "unsubscribed",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30),
                        blank=True,
                        default=list,
                        help_text="Channels that the person has left, as in: mail.",
                        size=None,
                        verbose_name="no messages by",
                    ),
                ),
            ],
            options={
                "verbose_name": "preferences",
                "verbose_name_plural": "preferences",
                "ordering": ("user",),
            },
        ),
        migrations.CreateModel(
            name="Snooze",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("until", models.DateTimeField(verbose_name="until")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="reason")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
            ],
            options={
                "verbose_name": "snooze",
                "verbose_name_plural": "snoozes",
                "ordering": ("-pk",),
            },
        ),
        migrations.CreateModel(
            name="Turn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("from_day", models.DateField(verbose_name="from")),
                (
                    "until_day",
                    models.DateField(
                        blank=True,
                        help_text="Empty: with no end.",
                        null=True,
                        verbose_name="until, not included",
                    ),
                ),
                (
                    "weekdays",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(
                            choices=[
                                (0, "Monday"),
                                (1, "Tuesday"),
                                (2, "Wednesday"),
                                (3, "Thursday"),
                                (4, "Friday"),
                                (5, "Saturday"),
                                (6, "Sunday"),
                            ]
                        ),
                        default=forecasts.models.desk.all_week,
                        size=None,
                        verbose_name="weekdays",
                    ),
                ),
                (
                    "every_weeks",
                    models.PositiveSmallIntegerField(
                        default=1,
                        help_text="1: each week. 3: a week, then two weeks off.",
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="one week in",
                    ),
                ),
            ],
            options={
                "verbose_name": "turn",
                "verbose_name_plural": "rota",
                "ordering": ("desk", "from_day", "pk"),
            },
        ),
        migrations.RemoveConstraint(
            model_name="reminder",
            name="question_has_one_armed_reminder_for_each_stage",
        ),
        migrations.RemoveIndex(
            model_name="reminder",
            name="reminder_to_sweep",
        ),
        migrations.AddField(
            model_name="desk",
            name="escalate_after_days",
            field=models.PositiveSmallIntegerField(
                blank=True,
                default=14,
                help_text="Days past the deadline without an answer. Empty: never.",
                null=True,
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="tell the head of desk after (days)",
            ),
        ),
        migrations.AddField(
            model_name="desk",
            name="working_days",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.PositiveSmallIntegerField(),
                default=forecasts.models.desk.all_week,
                help_text="Nothing is sent on other days. A person’s own days come first.",
                size=None,
                verbose_name="working days",
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="counts_from",
            field=models.DateTimeField(null=True, verbose_name="stages count from"),
        ),
        migrations.RunSQL(COUNT_FROM_THE_DEADLINE, migrations.RunSQL.noop),
        migrations.RunSQL(END_WHAT_WAS_ARMED_TWICE, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="reminder",
            name="counts_from",
            field=models.DateTimeField(verbose_name="stages count from"),
        ),
        migrations.AddField(
            model_name="reminder",
            name="dead_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="not delivered since"),
        ),
        migrations.AddField(
            model_name="reminder",
            name="escalated",
            field=models.BooleanField(default=False, verbose_name="to the head of desk"),
        ),
        migrations.AddField(
            model_name="reminder",
            name="recipient_as",
            field=models.CharField(
                blank=True,
                help_text="Assignee, rota, head of desk, deputy and so on.",
                max_length=30,
                verbose_name="reached as",
            ),
        ),
        migrations.AlterField(
            model_name="message",
            name="reminder",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="messages",
                to="forecasts.reminder",
            ),
        ),
        migrations.AddConstraint(
            model_name="desk",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("quiet_from", None),
                    models.Q(("quiet_from", models.F("quiet_until")), _negated=True),
                    _connector="OR",
                ),
                name="desk_is_not_quiet_all_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="desk",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("escalate_after_days", None), ("escalate_after_days__gte", 1), _connector="OR"
                ),
                name="desk_escalates_after_a_day_at_least",
            ),
        ),
        migrations.AddConstraint(
            model_name="desk",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("working_days__contained_by", [0, 1, 2, 3, 4, 5, 6]), ("working_days__len__gte", 1)
                ),
                name="desk_has_a_working_day",
            ),
        ),
        migrations.AddField(
            model_name="absence",
            name="deputy",
            field=models.ForeignKey(
                blank=True,
                help_text="Empty: the person’s usual deputy, else the desk’s rota, else its head.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="deputy",
            ),
        ),
        migrations.AddField(
            model_name="absence",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="absences",
                to=settings.AUTH_USER_MODEL,
                verbose_name="person",
            ),
        ),
        migrations.AddField(
            model_name="attempt",
            name="reminder",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="log",
                to="forecasts.reminder",
            ),
        ),
        migrations.AddField(
            model_name="digest",
            name="recipient",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="digests",
                to=settings.AUTH_USER_MODEL,
                verbose_name="recipient",
            ),
        ),
        migrations.AddField(
            model_name="attempt",
            name="digest",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="log",
                to="forecasts.digest",
            ),
        ),
        migrations.AddField(
            model_name="message",
            name="digest",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="messages",
                to="forecasts.digest",
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="digest",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reminders",
                to="forecasts.digest",
                verbose_name="digest",
            ),
        ),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(
                condition=models.Q(
                    ("dead_at", None), ("ended_at", None), ("sent_at", None), ("digest", None)
                ),
                fields=["due_at", "id"],
                name="reminder_to_sweep",
            ),
        ),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(
                condition=models.Q(("claimed_at__isnull", False)),
                fields=["recipient", "claimed_at"],
                name="reminder_taken_by_person",
            ),
        ),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(
                condition=models.Q(("dead_at__isnull", False), ("ended_at", None)),
                fields=["dead_at"],
                name="reminder_given_up",
            ),
        ),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(
                condition=models.Q(
                    ("ended_at", None), ("sent_at", None), models.Q(("error", ""), _negated=True)
                ),
                fields=["due_at", "id"],
                name="reminder_failed",
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("digest__isnull", False), ("reminder", None)),
                    models.Q(("digest", None), ("reminder__isnull", False)),
                    _connector="OR",
                ),
                name="message_is_of_a_reminder_or_a_digest",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.CheckConstraint(
                condition=models.Q(("dead_at", None), ("sent_at", None), _connector="OR"),
                name="reminder_given_up_is_not_sent",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("dead_at", None), ("ended_at", None), ("sent_at", None)),
                fields=("question", "escalated"),
                name="question_has_one_armed_reminder_and_one_to_the_lead",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at", None), ("stage__startswith", "escalated-")),
                fields=("question", "counts_from"),
                name="question_is_escalated_once_for_each_waiting",
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.CheckConstraint(
                condition=models.Q(("digest", None), ("recipient__isnull", False), _connector="OR"),
                name="reminder_in_a_digest_has_its_recipient",
            ),
        ),
        migrations.AddField(
            model_name="preferences",
            name="deputy",
            field=models.ForeignKey(
                blank=True,
                help_text="Gets the reminders while this person is away.",
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="deputy",
            ),
        ),
        migrations.AddField(
            model_name="preferences",
            name="user",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="preferences",
                to=settings.AUTH_USER_MODEL,
                verbose_name="person",
            ),
        ),
        migrations.AddField(
            model_name="snooze",
            name="question",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="snoozes", to="forecasts.question"
            ),
        ),
        migrations.AddField(
            model_name="snooze",
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
            model_name="snooze",
            name="reminder",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="snoozes",
                to="forecasts.reminder",
                verbose_name="snoozed reminder",
            ),
        ),
        migrations.AddField(
            model_name="turn",
            name="desk",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="rota",
                to="forecasts.desk",
                verbose_name="desk",
            ),
        ),
        migrations.AddField(
            model_name="turn",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="turns",
                to=settings.AUTH_USER_MODEL,
                verbose_name="person",
            ),
        ),
        migrations.AddIndex(
            model_name="absence",
            index=models.Index(fields=["back_on"], name="absence_by_its_end"),
        ),
        migrations.AddConstraint(
            model_name="absence",
            constraint=models.CheckConstraint(
                condition=models.Q(("back_on__gt", models.F("away_from"))), name="absence_lasts_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="absence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("deputy", None), models.Q(("deputy", models.F("user")), _negated=True), _connector="OR"
                ),
                name="absence_deputy_is_somebody_else",
            ),
        ),
        migrations.AddIndex(
            model_name="digest",
            index=models.Index(
                condition=models.Q(("dead_at", None), ("ended_at", None), ("sent_at", None)),
                fields=["due_at", "id"],
                name="digest_to_sweep",
            ),
        ),
        migrations.AddConstraint(
            model_name="digest",
            constraint=models.CheckConstraint(
                condition=models.Q(("sent_at", None), ("ended_at", None), _connector="OR"),
                name="digest_is_sent_or_ended_not_both",
            ),
        ),
        migrations.AddConstraint(
            model_name="digest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("claim", None), ("claimed_at", None), ("lease_until", None)),
                    models.Q(
                        ("claim__isnull", False),
                        ("claimed_at__isnull", False),
                        ("lease_until__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="digest_claim_is_a_lease",
            ),
        ),
        migrations.AddConstraint(
            model_name="digest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at", None), ("ended_because", "")),
                    models.Q(("ended_at__isnull", False), models.Q(("ended_because", ""), _negated=True)),
                    _connector="OR",
                ),
                name="digest_ended_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="digest",
            constraint=models.CheckConstraint(
                condition=models.Q(("dead_at", None), ("sent_at", None), _connector="OR"),
                name="digest_given_up_is_not_sent",
            ),
        ),
        migrations.AddConstraint(
            model_name="digest",
            constraint=models.UniqueConstraint(
                fields=("recipient", "on"), name="person_has_one_digest_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("digest__isnull", False), ("reminder", None)),
                    models.Q(("digest", None), ("reminder__isnull", False)),
                    _connector="OR",
                ),
                name="attempt_is_at_a_reminder_or_a_digest",
            ),
        ),
        migrations.AddConstraint(
            model_name="attempt",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("happened__in", ["began", "sent", "failed", "lost", "given_up", "again"])
                ),
                name="attempt_outcome_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="preferences",
            constraint=models.CheckConstraint(
                condition=models.Q(("mode__in", ["immediate", "daily", "weekly"])),
                name="preferences_mode_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="preferences",
            constraint=models.CheckConstraint(
                condition=models.Q(("digest_hour__lte", 23)), name="preferences_digest_hour_is_of_the_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="preferences",
            constraint=models.CheckConstraint(
                condition=models.Q(("digest_weekday__lte", 6)),
                name="preferences_digest_weekday_is_of_the_week",
            ),
        ),
        migrations.AddConstraint(
            model_name="preferences",
            constraint=models.CheckConstraint(
                condition=models.Q(("cap__gte", 1)), name="preferences_allow_a_message_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="preferences",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("working_from", None), ("working_until", None)),
                    models.Q(
                        ("working_from__isnull", False),
                        ("working_until__isnull", False),
                        models.Q(("working_from", models.F("working_until")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="preferences_working_hours_have_both_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="preferences",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("working_days", None),
                    models.Q(
                        ("working_days__contained_by", [0, 1, 2, 3, 4, 5, 6]), ("working_days__len__gte", 1)
                    ),
                    _connector="OR",
                ),
                name="preferences_leave_a_working_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="preferences",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("deputy", None), models.Q(("deputy", models.F("user")), _negated=True), _connector="OR"
                ),
                name="nobody_is_their_own_deputy",
            ),
        ),
        migrations.AddConstraint(
            model_name="snooze",
            constraint=models.CheckConstraint(
                condition=models.Q(("until__gt", models.F("recorded_at"))), name="snooze_ends_after_it_begins"
            ),
        ),
        migrations.AddConstraint(
            model_name="turn",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until_day", None), ("until_day__gt", models.F("from_day")), _connector="OR"
                ),
                name="turn_lasts_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="turn",
            constraint=models.CheckConstraint(
                condition=models.Q(("every_weeks__gte", 1)), name="turn_comes_round_in_weeks"
            ),
        ),
        migrations.AddConstraint(
            model_name="turn",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("weekdays__contained_by", [0, 1, 2, 3, 4, 5, 6]), ("weekdays__len__gte", 1)
                ),
                name="turn_has_a_weekday",
            ),
        ),
        migrations.RunSQL(GUARD_SNOOZES, LET_SNOOZES_CHANGE),
    ]
