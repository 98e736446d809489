import datetime

from django.db import migrations, models
from django.db.models import F, Q, Value

DELIVERIES = ("digest", "missedchat", "reminder")
HEARTBEAT = models.DateTimeField(blank=True, null=True, verbose_name="last sign of life")
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
STATES = [
    ("waiting", "waiting"),
    ("running", "running"),
    ("done", "done"),
    ("failed", "failed"),
    ("stopped", "stopped"),
]
FAILURES = {
    "unreadable": "The file can’t be read.",
    "refused": "The record refused it.",
    "time": "It ran out of time.",
    "memory": "It needs more memory than one task may take.",
    "lost": "The worker that was at it ended.",
    "gone": "What it needs is no longer there.",
    "fault": "Something went wrong that nobody foresaw.",
}
# What had failed is given up, with what was kept of why; whatever waited or ran waits for the sweep.
UNDER_LEASES = """
UPDATE forecasts_import SET
    due_at = created_at,
    finished_at = CASE WHEN state = 'done' THEN finished_at END,
    dead_at = CASE WHEN state = 'failed' THEN created_at END,
    failure = CASE WHEN state = 'failed' THEN 'refused' ELSE '' END
"""


class Migration(migrations.Migration):
    dependencies = [
        ("forecasts", "0019_guesses"),
    ]

    operations = [
        *(migrations.RenameField(each, "sending_at", "heartbeat_at") for each in DELIVERIES),
        *(migrations.AlterField(each, "heartbeat_at", HEARTBEAT) for each in DELIVERIES),
        migrations.RemoveConstraint("import", "import_state_is_known"),
        migrations.RemoveConstraint("import", "import_finished_when_done"),
        migrations.RenameField("import", "started_at", "created_at"),
        migrations.AlterField("import", "created_at", models.DateTimeField(verbose_name="created at")),
        migrations.AlterModelOptions(
            "import",
            options={
                "ordering": ("-created_at", "-pk"),
                "verbose_name": "import",
                "verbose_name_plural": "imports",
            },
        ),
        migrations.AddField(
            "import",
            "due_at",
            models.DateTimeField(default=EPOCH, verbose_name="due at"),
            preserve_default=False,
        ),
        migrations.AddField(
            "import", "claim", models.UUIDField(blank=True, null=True, verbose_name="claimed by")
        ),
        migrations.AddField(
            "import", "claimed_at", models.DateTimeField(blank=True, null=True, verbose_name="claimed at")
        ),
        migrations.AddField(
            "import", "lease_until", models.DateTimeField(blank=True, null=True, verbose_name="lease until")
        ),
        migrations.AddField("import", "heartbeat_at", HEARTBEAT),
        migrations.AddField(
            "import", "ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended at")
        ),
        migrations.AddField(
            "import",
            "ended_because",
            models.CharField(blank=True, max_length=200, default="", verbose_name="ended because"),
            preserve_default=False,
        ),
        migrations.AddField(
            "import",
            "dead_at",
            models.DateTimeField(blank=True, null=True, verbose_name="not delivered since"),
        ),
        migrations.AddField(
            "import", "attempts", models.PositiveIntegerField(default=0, verbose_name="attempts")
        ),
        migrations.AddField(
            "import",
            "step",
            models.CharField(blank=True, max_length=20, default="", verbose_name="step"),
            preserve_default=False,
        ),
        migrations.AddField(
            "import",
            "failure",
            models.CharField(
                blank=True,
                choices=list(FAILURES.items()),
                default="",
                max_length=20,
                verbose_name="why it failed",
            ),
            preserve_default=False,
        ),
        migrations.AlterField("import", "error", models.TextField(blank=True, verbose_name="last error")),
        migrations.RunSQL(UNDER_LEASES, migrations.RunSQL.noop),
        migrations.RemoveField("import", "state"),
        migrations.AddField(
            "import",
            "state",
            models.GeneratedField(
                choices=STATES,
                db_persist=True,
                expression=models.Case(
                    models.When(finished_at__isnull=False, then=Value("done")),
                    models.When(ended_at__isnull=False, then=Value("stopped")),
                    models.When(dead_at__isnull=False, then=Value("failed")),
                    models.When(
                        claimed_at__isnull=False, heartbeat_at__gte=F("claimed_at"), then=Value("running")
                    ),
                    default=Value("waiting"),
                ),
                output_field=models.CharField(max_length=20),
                verbose_name="state",
            ),
        ),
        migrations.AddIndex(
            "import",
            models.Index(
                condition=Q(finished_at=None, ended_at=None, dead_at=None),
                fields=["due_at", "id"],
                name="import_to_sweep",
            ),
        ),
        *(
            migrations.AddConstraint("import", each)
            for each in (
                models.CheckConstraint(
                    condition=Q(claim=None, claimed_at=None, lease_until=None)
                    | Q(claim__isnull=False, claimed_at__isnull=False, lease_until__isnull=False),
                    name="import_claim_is_a_lease",
                ),
                models.CheckConstraint(
                    condition=Q(ended_at=None, ended_because="")
                    | (Q(ended_at__isnull=False) & ~Q(ended_because="")),
                    name="import_ended_says_why",
                ),
                models.CheckConstraint(
                    condition=Q(finished_at=None) | Q(ended_at=None), name="import_is_done_or_ended_not_both"
                ),
                models.CheckConstraint(
                    condition=Q(dead_at=None) | Q(finished_at=None), name="import_given_up_is_not_done"
                ),
                models.CheckConstraint(
                    condition=Q(failure__in=["", *FAILURES]), name="import_failure_is_known"
                ),
            )
        ),
    ]
