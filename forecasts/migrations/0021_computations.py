import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("forecasts", "0018_invitations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Computation",
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
                (
                    "heartbeat_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="last sign of life"),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended at")),
                ("ended_because", models.CharField(blank=True, max_length=200, verbose_name="ended because")),
                ("dead_at", models.DateTimeField(blank=True, null=True, verbose_name="not delivered since")),
                ("attempts", models.PositiveIntegerField(default=0, verbose_name="attempts")),
                ("error", models.TextField(blank=True, verbose_name="last error")),
                ("created_at", models.DateTimeField(verbose_name="created at")),
                ("step", models.CharField(blank=True, max_length=20, verbose_name="step")),
                (
                    "failure",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("unreadable", "The file can’t be read."),
                            ("refused", "The record refused it."),
                            ("time", "It ran out of time."),
                            ("memory", "It needs more memory than one task may take."),
                            ("lost", "The worker that was at it ended."),
                            ("gone", "What it needs is no longer there."),
                            ("fault", "Something went wrong that nobody foresaw."),
                        ],
                        max_length=20,
                        verbose_name="why it failed",
                    ),
                ),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="finished at")),
                (
                    "state",
                    models.GeneratedField(
                        choices=[
                            ("waiting", "waiting"),
                            ("running", "running"),
                            ("done", "done"),
                            ("failed", "failed"),
                            ("stopped", "stopped"),
                        ],
                        db_persist=True,
                        expression=models.Case(
                            models.When(finished_at__isnull=False, then=models.Value("done")),
                            models.When(ended_at__isnull=False, then=models.Value("stopped")),
                            models.When(dead_at__isnull=False, then=models.Value("failed")),
                            models.When(
                                claimed_at__isnull=False,
                                heartbeat_at__gte=models.F("claimed_at"),
                                then=models.Value("running"),
                            ),
                            default=models.Value("waiting"),
                        ),
                        output_field=models.CharField(max_length=20),
                        verbose_name="state",
                    ),
                ),
                ("as_of", models.DateTimeField(blank=True, null=True, verbose_name="as of")),
                ("key", models.CharField(blank=True, max_length=300, verbose_name="version of the record")),
                ("again", models.BooleanField(default=False, verbose_name="asked for meanwhile")),
                ("reached", models.PositiveSmallIntegerField(default=0, verbose_name="steps kept")),
                (
                    "board",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="computations",
                        to="forecasts.board",
                        verbose_name="ranking",
                    ),
                ),
                (
                    "started_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="started by",
                    ),
                ),
            ],
            options={
                "verbose_name": "ranking being computed",
                "verbose_name_plural": "rankings being computed",
                "ordering": ("-due_at", "-pk"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("dead_at", None), ("ended_at", None), ("finished_at", None)),
                        fields=["due_at", "id"],
                        name="computation_to_sweep",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("claim", None), ("claimed_at", None), ("lease_until", None)),
                            models.Q(
                                ("claim__isnull", False),
                                ("claimed_at__isnull", False),
                                ("lease_until__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="computation_claim_is_a_lease",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("ended_because", "")),
                            models.Q(
                                ("ended_at__isnull", False), models.Q(("ended_because", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="computation_ended_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("finished_at", None), ("ended_at", None), _connector="OR"),
                        name="computation_is_done_or_ended_not_both",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("dead_at", None), ("finished_at", None), _connector="OR"),
                        name="computation_given_up_is_not_done",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "failure__in",
                                ["", "unreadable", "refused", "time", "memory", "lost", "gone", "fault"],
                            )
                        ),
                        name="computation_failure_is_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("as_of", None)),
                        fields=("board",),
                        name="board_is_computed_once_as_known_now",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("as_of__isnull", False)),
                        fields=("board", "key"),
                        name="board_is_computed_once_for_each_past_version",
                    ),
                    models.UniqueConstraint(
                        models.ExpressionWrapper(
                            models.Q(("as_of__isnull", False)), output_field=models.BooleanField()
                        ),
                        condition=models.Q(
                            ("as_of__isnull", False),
                            ("dead_at", None),
                            ("ended_at", None),
                            ("finished_at", None),
                        ),
                        name="one_past_date_waits_at_a_time",
                    ),
                ],
            },
        ),
    ]
