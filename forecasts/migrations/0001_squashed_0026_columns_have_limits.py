"""The whole record as it stands, in place of the steps that led there; those bring older databases here."""

import django.contrib.postgres.fields
import django.contrib.postgres.functions
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
import django.db.models.lookups
import forecasts.models.desk
import forecasts.models.limited
import forecasts.models.names
from django.conf import settings
from django.db import migrations, models

from forecasts.migrations._guards import guards


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("forecasts", "0001_nouns"),
        ("forecasts", "0002_append_only"),
        ("forecasts", "0003_imports"),
        ("forecasts", "0004_boards_adjusted_by_default"),
        ("forecasts", "0005_questions_of_every_kind"),
        ("forecasts", "0006_secret_links"),
        ("forecasts", "0007_verdicts_disputes_and_ties"),
        ("forecasts", "0008_imports_at_the_desk"),
        ("forecasts", "0009_reminders_routed"),
        ("forecasts", "0010_boards_of_every_kind"),
        ("forecasts", "0011_missed_chats"),
        ("forecasts", "0012_past_boards"),
        ("forecasts", "0013_questions_superseded"),
        ("forecasts", "0014_words_of_the_links"),
        ("forecasts", "0015_every_row_has_a_desk"),
        ("forecasts", "0017_keys"),
        ("forecasts", "0017_publications"),
        ("forecasts", "0017_what_was_public"),
        ("forecasts", "0018_invitations"),
        ("forecasts", "0018_moves_between_desks"),
        ("forecasts", "0019_api_tokens"),
        ("forecasts", "0019_channels_sealed"),
        ("forecasts", "0019_guesses"),
        ("forecasts", "0019_secret_links_age"),
        ("forecasts", "0020_basis"),
        ("forecasts", "0021_computations"),
        ("forecasts", "0021_jobs_under_leases"),
        ("forecasts", "0022_invited_names_are_seen"),
        ("forecasts", "0023_blind_switches_and_what_was_shown"),
        ("forecasts", "0023_named_tokens_are_seen"),
        ("forecasts", "0024_names_seen_and_answers_kept"),
        ("forecasts", "0025_rankings_ask_for_five_questions"),
        ("forecasts", "0026_columns_have_limits"),
    ]

    dependencies = [
        ("auth", "__first__"),
    ]

    operations = [
        migrations.CreateModel(
            name="Import",
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
                (
                    "error",
                    forecasts.models.limited.LimitedText(
                        blank=True, max_length=2000, verbose_name="last error"
                    ),
                ),
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
                ("name", models.CharField(max_length=300, verbose_name="file")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256 of the file")),
                ("origin", models.CharField(default="common", max_length=40, verbose_name="format")),
                ("read", models.PositiveIntegerField(default=0, verbose_name="rows read")),
                ("rows", models.PositiveIntegerField(default=0, verbose_name="usable rows")),
                ("done", models.PositiveIntegerField(default=0, verbose_name="rows done")),
                ("repeated", models.PositiveIntegerField(default=0, verbose_name="repeated rows")),
                ("known", models.PositiveIntegerField(default=0, verbose_name="forecasts known before")),
                ("new_questions", models.PositiveIntegerField(default=0, verbose_name="new questions")),
                ("new_forecasts", models.PositiveIntegerField(default=0, verbose_name="new forecasts")),
                ("new_resolutions", models.PositiveIntegerField(default=0, verbose_name="new answers")),
                ("refused", models.JSONField(blank=True, default=list, verbose_name="rows not imported")),
            ],
            options={
                "verbose_name": "import",
                "verbose_name_plural": "imports",
                "ordering": ("-created_at", "-pk"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("dead_at", None), ("ended_at", None), ("finished_at", None)),
                        fields=["due_at", "id"],
                        name="import_to_sweep",
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
                        name="import_claim_is_a_lease",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("ended_because", "")),
                            models.Q(
                                ("ended_at__isnull", False), models.Q(("ended_because", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="import_ended_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("finished_at", None), ("ended_at", None), _connector="OR"),
                        name="import_is_done_or_ended_not_both",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("dead_at", None), ("finished_at", None), _connector="OR"),
                        name="import_given_up_is_not_done",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "failure__in",
                                ["", "unreadable", "refused", "time", "memory", "lost", "gone", "fault"],
                            )
                        ),
                        name="import_failure_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("done__lte", models.F("rows"))), name="import_is_done_row_by_row"
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("error"), 2000
                        ),
                        name="import_error_has_at_most_2000_characters",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Board",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "key",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(),
                        editable=False,
                        unique=True,
                        verbose_name="key",
                    ),
                ),
                ("slug", models.SlugField(max_length=100, unique=True, verbose_name="slug")),
                (
                    "name",
                    models.CharField(
                        max_length=200, validators=[forecasts.models.names.check_plain], verbose_name="name"
                    ),
                ),
                (
                    "description",
                    forecasts.models.limited.LimitedText(
                        blank=True, max_length=5000, verbose_name="description"
                    ),
                ),
                (
                    "filter",
                    forecasts.models.limited.LimitedJson(
                        blank=True,
                        default=dict,
                        help_text="topics, languages, source_kinds, question_kinds, outlets: lists; "
                        "stated_only: true or false; unit: what a ranking by CRPS is of.",
                        max_length=20000,
                        verbose_name="filter",
                    ),
                ),
                (
                    "rule",
                    models.CharField(
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
                (
                    "reference",
                    models.CharField(
                        choices=[
                            ("uninformed", "equal odds on every option"),
                            ("base_rate", "base rate (how often such things happen)"),
                            ("crowd", "all sources combined"),
                        ],
                        default="uninformed",
                        max_length=20,
                        verbose_name="reference",
                    ),
                ),
                (
                    "window",
                    models.CharField(
                        choices=[
                            ("all", "all time"),
                            ("rolling", "rolling"),
                            ("between", "between two dates"),
                        ],
                        default="all",
                        max_length=20,
                        verbose_name="window",
                    ),
                ),
                (
                    "window_days",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="rolling window, days"),
                ),
                ("window_from", models.DateField(blank=True, null=True, verbose_name="from")),
                ("window_to", models.DateField(blank=True, null=True, verbose_name="to")),
                (
                    "minimum_n",
                    models.PositiveIntegerField(
                        default=5,
                        help_text="A source with fewer scored questions gets no rank.",
                        verbose_name="minimum questions",
                    ),
                ),
                (
                    "estimator",
                    models.CharField(
                        choices=[
                            ("raw", "raw mean"),
                            ("shrunk", "allowing for few questions"),
                            ("adjusted_fixed", "adjusted for difficulty (fixed effects)"),
                            ("adjusted_shrunk", "allowing for difficulty and few questions"),
                        ],
                        default="adjusted_shrunk",
                        max_length=20,
                        verbose_name="estimator",
                    ),
                ),
                ("public", models.BooleanField(default=True, verbose_name="public")),
            ],
            options={
                "verbose_name": "ranking",
                "verbose_name_plural": "rankings",
                "ordering": ("name",),
                "constraints": [
                    models.CheckConstraint(
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
                    models.CheckConstraint(
                        condition=models.Q(
                            ("rule__in", ["brier", "log", "spherical", "ranked_probability", "crps"])
                        ),
                        name="board_rule_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("rule", "crps"), _negated=True),
                            ("filter__has_key", "unit"),
                            _connector="OR",
                        ),
                        name="board_by_crps_is_of_one_unit",
                        violation_error_message="CRPS is in the unit of its question: name the unit of the ranking.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reference__in", ["uninformed", "base_rate", "crowd"])),
                        name="board_reference_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("estimator__in", ["raw", "shrunk", "adjusted_fixed", "adjusted_shrunk"])
                        ),
                        name="board_estimator_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("window", "all"),
                                ("window_days", None),
                                ("window_from", None),
                                ("window_to", None),
                            ),
                            models.Q(
                                ("window", "rolling"),
                                ("window_days__gte", 1),
                                ("window_days__isnull", False),
                                ("window_from", None),
                                ("window_to", None),
                            ),
                            models.Q(
                                ("window", "between"),
                                ("window_days", None),
                                ("window_from__isnull", False),
                                ("window_to__gt", models.F("window_from")),
                                ("window_to__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="board_window_has_its_bounds",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("minimum_n__gte", 1)), name="board_minimum_n_is_positive"
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("description"), 5000
                        ),
                        name="board_description_has_at_most_5000_characters",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length(
                                django.db.models.functions.comparison.Cast("filter", models.TextField())
                            ),
                            20000,
                        ),
                        name="board_filter_has_at_most_20000_characters",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Desk",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=100, unique=True, verbose_name="slug")),
                (
                    "name",
                    models.CharField(
                        max_length=200, validators=[forecasts.models.names.check_plain], verbose_name="name"
                    ),
                ),
                (
                    "zone",
                    models.CharField(default="Europe/Stockholm", max_length=64, verbose_name="time zone"),
                ),
                ("language", models.CharField(default="en", max_length=12, verbose_name="language")),
                (
                    "verdicts_required",
                    models.PositiveSmallIntegerField(default=1, verbose_name="verdicts required"),
                ),
                (
                    "blind",
                    models.BooleanField(
                        default=False,
                        help_text="Editors do not see who said what until their verdict is in.",
                        verbose_name="blind",
                    ),
                ),
                (
                    "tolerance",
                    models.FloatField(
                        default=0.0,
                        help_text="Two verdicts agree when they differ by at most this share of the larger: 0.01 is 1%.",
                        verbose_name="tolerance for numbers",
                    ),
                ),
                (
                    "stages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.SmallIntegerField(),
                        default=forecasts.models.desk.default_stages,
                        help_text="Days from the deadline: -7 is a week before, 3 is three days after.",
                        size=None,
                        verbose_name="reminder stages",
                    ),
                ),
                (
                    "repeat_days",
                    models.PositiveSmallIntegerField(default=30, verbose_name="then every (days)"),
                ),
                (
                    "escalate_after_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        default=14,
                        help_text="Days past the deadline without an answer. Empty: never.",
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="tell the head of desk after (days)",
                    ),
                ),
                (
                    "working_days",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(),
                        default=forecasts.models.desk.all_week,
                        help_text="Nothing is sent on other days. A person’s own days come first.",
                        size=None,
                        verbose_name="working days",
                    ),
                ),
                (
                    "sealed_channels",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(),
                        blank=True,
                        default=list,
                        editable=False,
                        size=None,
                        verbose_name="channels, encrypted",
                    ),
                ),
                (
                    "publishes_with_forecast",
                    models.BooleanField(
                        default=True,
                        help_text="Off: a question and its words in articles are public when somebody publishes them.",
                        verbose_name="publish with the first forecast",
                    ),
                ),
                (
                    "shows_whole_text",
                    models.BooleanField(
                        default=False,
                        help_text="Off: readers see the marked sentences and those beside them.",
                        verbose_name="show whole articles",
                    ),
                ),
                ("quiet_from", models.TimeField(blank=True, null=True, verbose_name="quiet from")),
                ("quiet_until", models.TimeField(blank=True, null=True, verbose_name="quiet until")),
            ],
            options={
                "verbose_name": "desk",
                "verbose_name_plural": "desks",
                "ordering": ("name",),
                "constraints": [
                    models.CheckConstraint(
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
                    models.CheckConstraint(
                        condition=models.Q(("verdicts_required__in", [1, 2])),
                        name="desk_requires_one_verdict_or_two",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("tolerance__gte", 0), ("tolerance__lt", 1)),
                        name="desk_tolerance_is_a_share",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("repeat_days__gte", 1)), name="desk_repeats_after_a_day_at_least"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("quiet_from", None), ("quiet_until", None)),
                            models.Q(("quiet_from__isnull", False), ("quiet_until__isnull", False)),
                            _connector="OR",
                        ),
                        name="desk_quiet_hours_have_both_ends",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("quiet_from", None),
                            models.Q(("quiet_from", models.F("quiet_until")), _negated=True),
                            _connector="OR",
                        ),
                        name="desk_is_not_quiet_all_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("escalate_after_days", None), ("escalate_after_days__gte", 1), _connector="OR"
                        ),
                        name="desk_escalates_after_a_day_at_least",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.Regex(
                            models.Func(
                                models.F("sealed_channels"),
                                models.Value(" "),
                                function="array_to_string",
                                output_field=models.TextField(),
                            ),
                            models.Value("^(gAAAA[\\w=-]+( |$))*$"),
                        ),
                        name="desk_channels_are_sealed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("working_days__contained_by", [0, 1, 2, 3, 4, 5, 6]),
                            ("working_days__len__gte", 1),
                        ),
                        name="desk_has_a_working_day",
                    ),
                ],
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
                (
                    "heartbeat_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="last sign of life"),
                ),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended at")),
                ("ended_because", models.CharField(blank=True, max_length=200, verbose_name="ended because")),
                ("dead_at", models.DateTimeField(blank=True, null=True, verbose_name="not delivered since")),
                ("attempts", models.PositiveIntegerField(default=0, verbose_name="attempts")),
                (
                    "error",
                    forecasts.models.limited.LimitedText(
                        blank=True, max_length=2000, verbose_name="last error"
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="created at")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent at")),
                ("on", models.DateField(help_text="In the recipient’s zone.", verbose_name="day")),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="digests",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recipient",
                    ),
                ),
            ],
            options={
                "verbose_name": "digest",
                "verbose_name_plural": "digests",
                "ordering": ("-due_at", "-pk"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("dead_at", None), ("ended_at", None), ("sent_at", None)),
                        fields=["due_at", "id"],
                        name="digest_to_sweep",
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
                        name="digest_claim_is_a_lease",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("ended_because", "")),
                            models.Q(
                                ("ended_at__isnull", False), models.Q(("ended_because", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="digest_ended_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sent_at", None), ("ended_at", None), _connector="OR"),
                        name="digest_is_sent_or_ended_not_both",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("dead_at", None), ("sent_at", None), _connector="OR"),
                        name="digest_given_up_is_not_sent",
                    ),
                    models.UniqueConstraint(fields=("recipient", "on"), name="person_has_one_digest_a_day"),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("error"), 2000
                        ),
                        name="digest_error_has_at_most_2000_characters",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "sequence",
                    models.BigIntegerField(primary_key=True, serialize=False, verbose_name="sequence"),
                ),
                ("kind", models.CharField(max_length=40, verbose_name="kind")),
                ("fact_id", models.BigIntegerField(blank=True, null=True, verbose_name="entry")),
                ("facts", models.PositiveIntegerField(default=1, verbose_name="entries")),
                ("form", models.PositiveSmallIntegerField(default=2, verbose_name="canonical form")),
                ("fact_sha256", models.CharField(max_length=64, verbose_name="SHA-256 of the fact")),
                (
                    "previous_sha256",
                    models.CharField(max_length=64, verbose_name="SHA-256 of the entry before"),
                ),
                (
                    "sha256",
                    models.CharField(max_length=64, unique=True, verbose_name="SHA-256 of this entry"),
                ),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
            ],
            options={
                "verbose_name": "ledger entry",
                "verbose_name_plural": "ledger",
                "ordering": ("sequence",),
                "indexes": [models.Index(fields=["recorded_at"], name="ledger_recorded")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sequence__gte", 1)), name="ledger_sequence_starts_at_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("fact_id__isnull", False), ("facts", 1)),
                            ("fact_id", None),
                            _connector="OR",
                        ),
                        name="ledger_entry_covers_a_fact_or_a_block",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("form__gte", 1), ("form__lte", 2)), name="ledger_form_is_known"
                    ),
                    models.UniqueConstraint(
                        fields=("kind", "fact_id"), name="ledger_has_one_entry_for_each_fact"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Event",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=100, unique=True, verbose_name="slug")),
                (
                    "name",
                    models.CharField(
                        max_length=300, validators=[forecasts.models.names.check_plain], verbose_name="name"
                    ),
                ),
                (
                    "ladder",
                    models.BooleanField(
                        default=False,
                        help_text="Its yes-or-no questions ask for the same thing by different dates, so one date answers all.",
                        verbose_name="a ladder of dates",
                    ),
                ),
            ],
            options={
                "verbose_name": "event",
                "verbose_name_plural": "events",
                "ordering": ("name",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "name__regex",
                                "[\\u0001-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]",
                            ),
                            _negated=True,
                        ),
                        name="event_name_is_plain",
                        violation_error_message="The name holds a character that is not seen, such as a line break. Type the name anew.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Guess",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "what",
                    models.CharField(
                        choices=[("password", "password"), ("secret", "secret address or token")],
                        max_length=10,
                        verbose_name="what was guessed",
                    ),
                ),
                ("address", models.CharField(max_length=64, verbose_name="address, hashed")),
                ("name", models.CharField(blank=True, max_length=64, verbose_name="name, hashed")),
                ("count", models.PositiveIntegerField(verbose_name="wrong guesses")),
                ("last_at", models.DateTimeField(verbose_name="last one at")),
                ("address_until", models.DateTimeField(verbose_name="the address waits until")),
                ("name_until", models.DateTimeField(verbose_name="the name waits until")),
            ],
            options={
                "verbose_name": "guess",
                "verbose_name_plural": "guesses",
                "indexes": [
                    models.Index(fields=["what", "name"], name="guess_by_name"),
                    models.Index(fields=["last_at"], name="guess_by_time"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("what", "address", "name"),
                        name="guesses_are_counted_once_by_address_and_name",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("what__in", ["password", "secret"])),
                        name="guessed_thing_is_known",
                    ),
                    models.CheckConstraint(condition=models.Q(("count__gte", 1)), name="guess_was_made"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                (
                    "job",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="upload",
                        serialize=False,
                        to="forecasts.import",
                        verbose_name="import",
                    ),
                ),
                ("content", models.BinaryField(verbose_name="content")),
            ],
            options={
                "verbose_name": "upload",
                "verbose_name_plural": "uploads",
            },
        ),
        migrations.AddField(
            model_name="import",
            name="board",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="imports",
                to="forecasts.board",
                verbose_name="ranking",
            ),
        ),
        migrations.AddField(
            model_name="import",
            name="desk",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="imports",
                to="forecasts.desk",
                verbose_name="desk",
            ),
        ),
        migrations.AddField(
            model_name="import",
            name="started_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="started by",
            ),
        ),
        migrations.CreateModel(
            name="Invitation",
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
                (
                    "error",
                    forecasts.models.limited.LimitedText(
                        blank=True, max_length=2000, verbose_name="last error"
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="created at")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent at")),
                ("email", models.EmailField(max_length=254, verbose_name="address")),
                (
                    "name",
                    models.CharField(
                        max_length=150, validators=[forecasts.models.names.check_plain], verbose_name="name"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("viewer", "viewer"),
                            ("editor", "editor"),
                            ("lead", "head of desk"),
                            ("administrator", "administrator"),
                        ],
                        default="editor",
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                ("expires_at", models.DateTimeField(verbose_name="good until")),
                ("links", models.PositiveIntegerField(default=1, verbose_name="links made")),
                ("accepted_at", models.DateTimeField(blank=True, null=True, verbose_name="accepted at")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="revoked at")),
                (
                    "accepted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="accepted by",
                    ),
                ),
                (
                    "desk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitations",
                        to="forecasts.desk",
                        verbose_name="desk",
                    ),
                ),
                (
                    "invited_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="invited by",
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="revoked by",
                    ),
                ),
            ],
            options={
                "verbose_name": "invitation",
                "verbose_name_plural": "invitations",
                "ordering": ("-created_at", "-pk"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("dead_at", None), ("ended_at", None), ("sent_at", None)),
                        fields=["due_at", "id"],
                        name="invitation_to_sweep",
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
                        name="invitation_claim_is_a_lease",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("ended_because", "")),
                            models.Q(
                                ("ended_at__isnull", False), models.Q(("ended_because", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="invitation_ended_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sent_at", None), ("ended_at", None), _connector="OR"),
                        name="invitation_is_sent_or_ended_not_both",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("dead_at", None), ("sent_at", None), _connector="OR"),
                        name="invitation_given_up_is_not_sent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "name__regex",
                                "[\\u0001-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]",
                            ),
                            _negated=True,
                        ),
                        name="invitation_name_is_plain",
                        violation_error_message="The name holds a character that is not seen, such as a line break. Type the name anew.",
                    ),
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"),
                        models.F("desk"),
                        condition=models.Q(("accepted_at", None), ("revoked_at", None)),
                        name="desk_invites_an_address_once_at_a_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["viewer", "editor", "lead", "administrator"])),
                        name="invitation_role_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), _negated=True), models.Q(("email", ""), _negated=True)
                        ),
                        name="invitation_names_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("accepted_at", None), ("revoked_at", None), _connector="OR"),
                        name="invitation_is_accepted_or_revoked_not_both",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("accepted_at", None), ("accepted_by", None)),
                            models.Q(("accepted_at__isnull", False), ("accepted_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="invitation_is_accepted_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("created_at"))),
                        name="invitation_expires_after_it_is_made",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("error"), 2000
                        ),
                        name="invitation_error_has_at_most_2000_characters",
                    ),
                ],
            },
        ),
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
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "kept answer",
                "verbose_name_plural": "kept answers",
                "ordering": ("-created_at",),
                "indexes": [models.Index(fields=["created_at"], name="kept_answer_to_sweep")],
                "constraints": [
                    models.UniqueConstraint(fields=("user", "key"), name="person_uses_a_key_once"),
                    models.CheckConstraint(
                        condition=models.Q(("key", ""), _negated=True), name="kept_answer_has_a_key"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("viewer", "viewer"),
                            ("editor", "editor"),
                            ("lead", "head of desk"),
                            ("administrator", "administrator"),
                        ],
                        default="editor",
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                (
                    "desk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to="forecasts.desk",
                        verbose_name="desk",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "membership",
                "verbose_name_plural": "memberships",
                "ordering": ("desk", "pk"),
                "constraints": [
                    models.UniqueConstraint(fields=("desk", "user"), name="desk_has_a_member_once"),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["viewer", "editor", "lead", "administrator"])),
                        name="membership_role_is_known",
                    ),
                ],
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
                    forecasts.models.limited.LimitedList(
                        base_field=models.CharField(max_length=30),
                        blank=True,
                        default=list,
                        help_text="Channels that the person has left, as in: mail.",
                        size=20,
                        verbose_name="no messages by",
                    ),
                ),
                (
                    "deputy",
                    models.ForeignKey(
                        blank=True,
                        help_text="Gets the reminders while this person is away.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="deputy",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="preferences",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "preferences",
                "verbose_name_plural": "preferences",
                "ordering": ("user",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("mode__in", ["immediate", "daily", "weekly"])),
                        name="preferences_mode_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("digest_hour__lte", 23)),
                        name="preferences_digest_hour_is_of_the_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("digest_weekday__lte", 6)),
                        name="preferences_digest_weekday_is_of_the_week",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cap__gte", 1)), name="preferences_allow_a_message_a_day"
                    ),
                    models.CheckConstraint(
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
                    models.CheckConstraint(
                        condition=models.Q(
                            ("working_days", None),
                            models.Q(
                                ("working_days__contained_by", [0, 1, 2, 3, 4, 5, 6]),
                                ("working_days__len__gte", 1),
                            ),
                            _connector="OR",
                        ),
                        name="preferences_leave_a_working_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("deputy", None),
                            models.Q(("deputy", models.F("user")), _negated=True),
                            _connector="OR",
                        ),
                        name="nobody_is_their_own_deputy",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("unsubscribed__len__lte", 20)),
                        name="preferences_unsubscribed_has_at_most_20_entries",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("deadline_on", models.DateField(verbose_name="deadline, any day of the period")),
                (
                    "deadline_granularity",
                    models.CharField(
                        choices=[
                            ("day", "day"),
                            ("month", "month"),
                            ("quarter", "quarter"),
                            ("year", "year"),
                        ],
                        default="day",
                        max_length=10,
                        verbose_name="deadline period",
                    ),
                ),
                (
                    "deadline_zone",
                    models.CharField(default="Europe/Stockholm", max_length=64, verbose_name="deadline zone"),
                ),
                (
                    "deadline_rule",
                    models.CharField(
                        choices=[("through", "by the end of the period"), ("before", "before it begins")],
                        default="through",
                        max_length=10,
                        verbose_name="deadline rule",
                    ),
                ),
                ("deadline_at", models.DateTimeField(editable=False, verbose_name="deadline instant")),
                (
                    "deadline_basis",
                    models.CharField(
                        choices=[
                            ("stated", "stated by the source"),
                            ("read", "read from words"),
                            ("rule", "set by our rule"),
                        ],
                        default="stated",
                        max_length=10,
                        verbose_name="where the deadline is from",
                    ),
                ),
                (
                    "deadline_said",
                    forecasts.models.limited.LimitedText(
                        blank=True,
                        help_text="The words that it was read from.",
                        max_length=2000,
                        verbose_name="words of the deadline",
                    ),
                ),
                (
                    "deadline_house_rule",
                    models.CharField(blank=True, max_length=40, verbose_name="house rule of the deadline"),
                ),
                (
                    "deadline_earliest",
                    models.DateField(blank=True, null=True, verbose_name="earliest reading of the deadline"),
                ),
                (
                    "deadline_latest",
                    models.DateField(blank=True, null=True, verbose_name="latest reading of the deadline"),
                ),
                (
                    "deadline_reason",
                    forecasts.models.limited.LimitedText(
                        blank=True,
                        help_text="How a deadline set by us was chosen.",
                        max_length=5000,
                        verbose_name="how the deadline was chosen",
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
                (
                    "key",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(),
                        editable=False,
                        unique=True,
                        verbose_name="key",
                    ),
                ),
                (
                    "public_since",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public since"),
                ),
                ("slug", models.SlugField(max_length=200, unique=True, verbose_name="slug")),
                (
                    "proposition",
                    forecasts.models.limited.LimitedText(max_length=2000, verbose_name="question"),
                ),
                (
                    "translation",
                    forecasts.models.limited.LimitedText(
                        blank=True, max_length=2000, verbose_name="translation"
                    ),
                ),
                ("language", models.CharField(default="en", max_length=12, verbose_name="language")),
                (
                    "criteria",
                    forecasts.models.limited.LimitedText(max_length=100000, verbose_name="criteria"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("binary", "yes or no"),
                            ("options", "one of several options"),
                            ("ordered", "one of several ordered options"),
                            ("number", "a number"),
                            ("date", "a date"),
                        ],
                        default="binary",
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "options",
                    forecasts.models.limited.LimitedList(
                        base_field=models.CharField(max_length=200),
                        blank=True,
                        default=list,
                        size=50,
                        verbose_name="options",
                    ),
                ),
                ("unit", models.CharField(blank=True, max_length=60, verbose_name="unit")),
                ("lower_bound", models.FloatField(blank=True, null=True, verbose_name="lower bound")),
                ("upper_bound", models.FloatField(blank=True, null=True, verbose_name="upper bound")),
                ("opens_at", models.DateTimeField(verbose_name="opens at")),
                (
                    "condition",
                    forecasts.models.limited.LimitedText(
                        blank=True,
                        help_text="The question is void if this fails.",
                        max_length=5000,
                        verbose_name="condition",
                    ),
                ),
                (
                    "checklist",
                    forecasts.models.limited.LimitedJson(
                        blank=True, default=dict, max_length=20000, verbose_name="resolvability checklist"
                    ),
                ),
                ("base_rate", models.FloatField(blank=True, null=True, verbose_name="base rate at creation")),
                (
                    "base_rate_basis",
                    forecasts.models.limited.LimitedText(
                        blank=True, max_length=5000, verbose_name="basis of the base rate"
                    ),
                ),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="assigned_questions",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="assignee",
                    ),
                ),
                (
                    "desk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions",
                        to="forecasts.desk",
                        verbose_name="desk",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="questions",
                        to="forecasts.event",
                        verbose_name="event",
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
                "verbose_name": "question",
                "verbose_name_plural": "questions",
                "ordering": ("deadline_at", "pk"),
                "indexes": [models.Index(fields=["deadline_at"], name="question_deadline")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("deadline_granularity__in", ["day", "month", "quarter", "year"])),
                        name="question_deadline_granularity_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("deadline_rule__in", ["through", "before"])),
                        name="question_deadline_rule_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("deadline_basis", "stated"), _negated=True),
                            models.Q(
                                ("deadline_earliest", None),
                                ("deadline_house_rule", ""),
                                ("deadline_latest", None),
                            ),
                            _connector="OR",
                        ),
                        name="question_deadline_stated_has_no_rule_or_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("deadline_basis", "read"), _negated=True),
                            models.Q(
                                ("deadline_earliest__isnull", False),
                                (
                                    "deadline_house_rule__in",
                                    (
                                        "within-days",
                                        "within-weeks",
                                        "soon",
                                        "within-months",
                                        "within-years",
                                        "early-year",
                                        "mid-year",
                                        "late-year",
                                        "turn-of-year",
                                        "early-spring",
                                        "spring",
                                        "late-spring",
                                        "early-summer",
                                        "summer",
                                        "late-summer",
                                        "early-autumn",
                                        "autumn",
                                        "late-autumn",
                                        "early-winter",
                                        "winter",
                                        "late-winter",
                                    ),
                                ),
                                ("deadline_latest__gte", models.F("deadline_earliest")),
                                ("deadline_latest__isnull", False),
                                models.Q(("deadline_said", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="question_deadline_read_names_its_words_rule_and_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("deadline_basis", "rule"), _negated=True),
                            models.Q(
                                ("deadline_earliest__isnull", False),
                                ("deadline_house_rule", "deadline-set-by-us"),
                                ("deadline_latest__gte", models.F("deadline_earliest")),
                                ("deadline_latest__isnull", False),
                                models.Q(("deadline_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="question_deadline_by_rule_has_its_range_and_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("deadline_basis__in", ["stated", "read", "rule"])),
                        name="question_deadline_basis_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("proposition", ""), _negated=True), name="question_asks_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("criteria", ""), _negated=True), name="question_has_criteria"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["binary", "options", "ordered", "number", "date"])),
                        name="question_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ["options", "ordered"]), ("options__len__gte", 2)),
                            models.Q(
                                models.Q(("kind__in", ["options", "ordered"]), _negated=True), ("options", [])
                            ),
                            _connector="OR",
                        ),
                        name="question_has_options_where_its_kind_needs_them",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind", "number"), ("unit", ""), _connector="OR"),
                        name="question_has_a_unit_only_for_a_number",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("lower_bound", None), ("upper_bound", None)),
                            models.Q(("kind", "number"), ("lower_bound", None)),
                            models.Q(("kind", "number"), ("upper_bound", None)),
                            models.Q(("kind", "number"), ("lower_bound__lt", models.F("upper_bound"))),
                            _connector="OR",
                        ),
                        name="question_bounds_are_of_a_number_and_in_order",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("deadline_at__gt", models.F("opens_at"))),
                        name="question_closes_after_it_opens",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("base_rate", None),
                            models.Q(("base_rate__gte", 0), ("base_rate__lte", 1)),
                            _connector="OR",
                        ),
                        name="question_base_rate_is_a_probability",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("proposition"), 2000
                        ),
                        name="question_proposition_has_at_most_2000_characters",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("translation"), 2000
                        ),
                        name="question_translation_has_at_most_2000_characters",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("criteria"), 100000
                        ),
                        name="question_criteria_has_at_most_100000_characters",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("options__len__lte", 50)),
                        name="question_options_has_at_most_50_entries",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("condition"), 5000
                        ),
                        name="question_condition_has_at_most_5000_characters",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length(
                                django.db.models.functions.comparison.Cast("checklist", models.TextField())
                            ),
                            20000,
                        ),
                        name="question_checklist_has_at_most_20000_characters",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("base_rate_basis"), 5000
                        ),
                        name="question_base_rate_basis_has_at_most_5000_characters",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("deadline_said"), 2000
                        ),
                        name="question_deadline_said_has_at_most_2000_characters",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("deadline_reason"), 5000
                        ),
                        name="question_deadline_reason_has_at_most_5000_characters",
                    ),
                ],
            },
        ),
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
                ("reason", forecasts.models.limited.LimitedText(max_length=5000, verbose_name="reason")),
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
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="desk_moves",
                        to="forecasts.question",
                        verbose_name="question",
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
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("reason"), 5000
                        ),
                        name="deskmove_reason_has_at_most_5000_characters",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DeadlineMove",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("deadline_on", models.DateField(verbose_name="deadline, any day of the period")),
                (
                    "deadline_granularity",
                    models.CharField(
                        choices=[
                            ("day", "day"),
                            ("month", "month"),
                            ("quarter", "quarter"),
                            ("year", "year"),
                        ],
                        default="day",
                        max_length=10,
                        verbose_name="deadline period",
                    ),
                ),
                (
                    "deadline_zone",
                    models.CharField(default="Europe/Stockholm", max_length=64, verbose_name="deadline zone"),
                ),
                (
                    "deadline_rule",
                    models.CharField(
                        choices=[("through", "by the end of the period"), ("before", "before it begins")],
                        default="through",
                        max_length=10,
                        verbose_name="deadline rule",
                    ),
                ),
                ("deadline_at", models.DateTimeField(editable=False, verbose_name="deadline instant")),
                (
                    "deadline_basis",
                    models.CharField(
                        choices=[
                            ("stated", "stated by the source"),
                            ("read", "read from words"),
                            ("rule", "set by our rule"),
                        ],
                        default="stated",
                        max_length=10,
                        verbose_name="where the deadline is from",
                    ),
                ),
                (
                    "deadline_said",
                    forecasts.models.limited.LimitedText(
                        blank=True,
                        help_text="The words that it was read from.",
                        max_length=2000,
                        verbose_name="words of the deadline",
                    ),
                ),
                (
                    "deadline_house_rule",
                    models.CharField(blank=True, max_length=40, verbose_name="house rule of the deadline"),
                ),
                (
                    "deadline_earliest",
                    models.DateField(blank=True, null=True, verbose_name="earliest reading of the deadline"),
                ),
                (
                    "deadline_latest",
                    models.DateField(blank=True, null=True, verbose_name="latest reading of the deadline"),
                ),
                (
                    "deadline_reason",
                    forecasts.models.limited.LimitedText(
                        blank=True,
                        help_text="How a deadline set by us was chosen.",
                        max_length=5000,
                        verbose_name="how the deadline was chosen",
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
                ("moved_from", models.JSONField(verbose_name="moved from")),
                ("reason", forecasts.models.limited.LimitedText(max_length=5000, verbose_name="reason")),
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
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deadline_moves",
                        to="forecasts.question",
                        verbose_name="question",
                    ),
                ),
            ],
            options={
                "verbose_name": "deadline move",
                "verbose_name_plural": "deadline moves",
                "ordering": ("pk",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("deadline_granularity__in", ["day", "month", "quarter", "year"])),
                        name="deadline_move_deadline_granularity_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("deadline_rule__in", ["through", "before"])),
                        name="deadline_move_deadline_rule_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("deadline_basis", "stated"), _negated=True),
                            models.Q(
                                ("deadline_earliest", None),
                                ("deadline_house_rule", ""),
                                ("deadline_latest", None),
                            ),
                            _connector="OR",
                        ),
                        name="deadline_move_deadline_stated_has_no_rule_or_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("deadline_basis", "read"), _negated=True),
                            models.Q(
                                ("deadline_earliest__isnull", False),
                                (
                                    "deadline_house_rule__in",
                                    (
                                        "within-days",
                                        "within-weeks",
                                        "soon",
                                        "within-months",
                                        "within-years",
                                        "early-year",
                                        "mid-year",
                                        "late-year",
                                        "turn-of-year",
                                        "early-spring",
                                        "spring",
                                        "late-spring",
                                        "early-summer",
                                        "summer",
                                        "late-summer",
                                        "early-autumn",
                                        "autumn",
                                        "late-autumn",
                                        "early-winter",
                                        "winter",
                                        "late-winter",
                                    ),
                                ),
                                ("deadline_latest__gte", models.F("deadline_earliest")),
                                ("deadline_latest__isnull", False),
                                models.Q(("deadline_said", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="deadline_move_deadline_read_names_its_words_rule_and_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("deadline_basis", "rule"), _negated=True),
                            models.Q(
                                ("deadline_earliest__isnull", False),
                                ("deadline_house_rule", "deadline-set-by-us"),
                                ("deadline_latest__gte", models.F("deadline_earliest")),
                                ("deadline_latest__isnull", False),
                                models.Q(("deadline_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="deadline_move_deadline_by_rule_has_its_range_and_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("deadline_basis__in", ["stated", "read", "rule"])),
                        name="deadline_move_deadline_basis_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="deadline_move_has_a_reason"
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("reason"), 5000
                        ),
                        name="deadlinemove_reason_has_at_most_5000_characters",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("deadline_said"), 2000
                        ),
                        name="deadlinemove_deadline_said_has_at_most_2000_characters",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("deadline_reason"), 5000
                        ),
                        name="deadlinemove_deadline_reason_has_at_most_5000_characters",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reminder",
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
                (
                    "error",
                    forecasts.models.limited.LimitedText(
                        blank=True, max_length=2000, verbose_name="last error"
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="created at")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent at")),
                ("stage", models.CharField(max_length=30, verbose_name="stage")),
                ("escalated", models.BooleanField(default=False, verbose_name="to the head of desk")),
                ("counts_from", models.DateTimeField(verbose_name="stages count from")),
                (
                    "recipient_as",
                    models.CharField(
                        blank=True,
                        help_text="Assignee, rota, head of desk, deputy and so on.",
                        max_length=30,
                        verbose_name="reached as",
                    ),
                ),
                (
                    "digest",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="forecasts.digest",
                        verbose_name="digest",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to="forecasts.question",
                        verbose_name="question",
                    ),
                ),
                (
                    "recipient",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reminders",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="recipient",
                    ),
                ),
            ],
            options={
                "verbose_name": "reminder",
                "verbose_name_plural": "reminders",
                "ordering": ("-due_at", "-pk"),
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            ("dead_at", None), ("ended_at", None), ("sent_at", None), ("digest", None)
                        ),
                        fields=["due_at", "id"],
                        name="reminder_to_sweep",
                    ),
                    models.Index(
                        condition=models.Q(("claimed_at__isnull", False)),
                        fields=["recipient", "claimed_at"],
                        name="reminder_taken_by_person",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("ended_at", None), ("sent_at", None), models.Q(("error", ""), _negated=True)
                        ),
                        fields=["due_at", "id"],
                        name="reminder_failed",
                    ),
                    models.Index(
                        condition=models.Q(("dead_at__isnull", False), ("ended_at", None)),
                        fields=["dead_at"],
                        name="reminder_given_up",
                    ),
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
                        name="reminder_claim_is_a_lease",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("ended_because", "")),
                            models.Q(
                                ("ended_at__isnull", False), models.Q(("ended_because", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="reminder_ended_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sent_at", None), ("ended_at", None), _connector="OR"),
                        name="reminder_is_sent_or_ended_not_both",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("dead_at", None), ("sent_at", None), _connector="OR"),
                        name="reminder_given_up_is_not_sent",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("dead_at", None), ("ended_at", None), ("sent_at", None)),
                        fields=("question", "escalated"),
                        name="question_has_one_armed_reminder_and_one_to_the_lead",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None), ("stage__startswith", "escalated-")),
                        fields=("question", "counts_from"),
                        name="question_is_escalated_once_for_each_waiting",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sent_at", None), ("recipient__isnull", False), _connector="OR"),
                        name="reminder_sent_has_a_recipient",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("digest", None), ("recipient__isnull", False), _connector="OR"),
                        name="reminder_in_a_digest_has_its_recipient",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("error"), 2000
                        ),
                        name="reminder_error_has_at_most_2000_characters",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MissedChat",
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
                (
                    "error",
                    forecasts.models.limited.LimitedText(
                        blank=True, max_length=2000, verbose_name="last error"
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="created at")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="sent at")),
                ("address", models.CharField(max_length=500, verbose_name="channel")),
                (
                    "desk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="missed_chats",
                        to="forecasts.desk",
                        verbose_name="desk",
                    ),
                ),
                (
                    "digest",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="missed",
                        to="forecasts.digest",
                        verbose_name="digest",
                    ),
                ),
                (
                    "reminder",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="missed",
                        to="forecasts.reminder",
                        verbose_name="reminder",
                    ),
                ),
            ],
            options={
                "verbose_name": "undelivered chat message",
                "verbose_name_plural": "undelivered chat messages",
                "ordering": ("-due_at", "-pk"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("dead_at", None), ("ended_at", None), ("sent_at", None)),
                        fields=["due_at", "id"],
                        name="missed_chat_to_sweep",
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
                        name="missedchat_claim_is_a_lease",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("ended_because", "")),
                            models.Q(
                                ("ended_at__isnull", False), models.Q(("ended_because", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="missedchat_ended_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sent_at", None), ("ended_at", None), _connector="OR"),
                        name="missedchat_is_sent_or_ended_not_both",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("dead_at", None), ("sent_at", None), _connector="OR"),
                        name="missedchat_given_up_is_not_sent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("digest__isnull", False), ("reminder", None)),
                            models.Q(("digest", None), ("reminder__isnull", False)),
                            _connector="OR",
                        ),
                        name="missed_chat_is_of_a_reminder_or_a_digest",
                    ),
                    models.UniqueConstraint(
                        fields=("reminder", "address"), name="reminder_misses_a_chat_once"
                    ),
                    models.UniqueConstraint(
                        fields=("digest", "desk", "address"), name="digest_misses_a_chat_once"
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("error"), 2000
                        ),
                        name="missedchat_error_has_at_most_2000_characters",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("channel", models.CharField(default="mail", max_length=30, verbose_name="channel")),
                ("address", models.CharField(max_length=500, verbose_name="address")),
                ("subject", models.CharField(max_length=300, verbose_name="subject")),
                ("body", models.TextField(verbose_name="body")),
                ("html", models.TextField(blank=True, verbose_name="HTML")),
                ("message_id", models.CharField(max_length=300, verbose_name="Message-ID")),
                ("sent_at", models.DateTimeField(verbose_name="sent at")),
                (
                    "digest",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="forecasts.digest",
                        verbose_name="digest",
                    ),
                ),
                (
                    "reminder",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to="forecasts.reminder",
                        verbose_name="reminder",
                    ),
                ),
            ],
            options={
                "verbose_name": "message",
                "verbose_name_plural": "sent messages",
                "ordering": ("-sent_at", "-pk"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("message_id", "channel", "address"),
                        name="message_is_recorded_once_for_each_channel",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("digest__isnull", False), ("reminder", None)),
                            models.Q(("digest", None), ("reminder__isnull", False)),
                            _connector="OR",
                        ),
                        name="message_is_of_a_reminder_or_a_digest",
                    ),
                ],
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
                (
                    "error",
                    forecasts.models.limited.LimitedText(blank=True, max_length=2000, verbose_name="error"),
                ),
                ("began_at", models.DateTimeField(verbose_name="began at")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended at")),
                (
                    "digest",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="log",
                        to="forecasts.digest",
                        verbose_name="digest",
                    ),
                ),
                (
                    "missed",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="log",
                        to="forecasts.missedchat",
                        verbose_name="undelivered chat message",
                    ),
                ),
                (
                    "reminder",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="log",
                        to="forecasts.reminder",
                        verbose_name="reminder",
                    ),
                ),
            ],
            options={
                "verbose_name": "attempt",
                "verbose_name_plural": "attempts",
                "ordering": ("pk",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                models.Q(
                                    models.Q(("digest__isnull", False), ("reminder", None)),
                                    models.Q(("digest", None), ("reminder__isnull", False)),
                                    _connector="OR",
                                ),
                                ("missed", None),
                            ),
                            models.Q(("digest", None), ("missed__isnull", False), ("reminder", None)),
                            _connector="OR",
                        ),
                        name="attempt_is_at_a_reminder_a_digest_or_a_chat",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("happened__in", ["began", "sent", "failed", "lost", "given_up", "again"])
                        ),
                        name="attempt_outcome_is_known",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("error"), 2000
                        ),
                        name="attempt_error_has_at_most_2000_characters",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Resolution",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "answer",
                    models.CharField(
                        choices=[
                            ("outcome", "it has an outcome"),
                            ("void", "void"),
                            ("too_early", "too early to say"),
                            ("reopened", "reopened"),
                        ],
                        max_length=20,
                        verbose_name="answer",
                    ),
                ),
                ("outcome", models.FloatField(blank=True, null=True, verbose_name="outcome")),
                (
                    "void_reason",
                    models.CharField(
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
                ("occurred_at", models.DateTimeField(blank=True, null=True, verbose_name="happened at")),
                (
                    "occurred_granularity",
                    models.CharField(
                        choices=[
                            ("day", "day"),
                            ("month", "month"),
                            ("quarter", "quarter"),
                            ("year", "year"),
                        ],
                        default="day",
                        max_length=10,
                        verbose_name="happened at, to the",
                    ),
                ),
                (
                    "note",
                    forecasts.models.limited.LimitedText(blank=True, max_length=5000, verbose_name="note"),
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
                (
                    "key",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(),
                        editable=False,
                        unique=True,
                        verbose_name="key",
                    ),
                ),
                (
                    "method",
                    models.CharField(
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
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="resolutions",
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
                (
                    "replaced_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="takes_the_place_of",
                        to="forecasts.question",
                        verbose_name="question that takes its place",
                    ),
                ),
                (
                    "supersedes",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="superseded_by",
                        to="forecasts.resolution",
                        verbose_name="replaces",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer",
                "verbose_name_plural": "answers",
                "ordering": ("pk",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answer", "outcome"),
                                ("occurred_at__isnull", False),
                                ("outcome__isnull", False),
                            ),
                            models.Q(models.Q(("answer", "outcome"), _negated=True), ("outcome", None)),
                            _connector="OR",
                        ),
                        name="resolution_outcome_goes_with_its_answer",
                    ),
                    models.CheckConstraint(
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
                    models.CheckConstraint(
                        condition=models.Q(("answer__in", ["outcome", "void", "reopened"])),
                        name="resolution_answers",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "method__in",
                                ["single", "agreed", "adjudicated", "overturned", "imported", "superseded"],
                            )
                        ),
                        name="resolution_method_is_known",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("supersedes", None)),
                        fields=("question",),
                        name="question_has_one_first_resolution",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("supersedes", models.F("id")), _negated=True),
                        name="resolution_does_not_supersede_itself",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", "reopened"), _negated=True),
                            ("supersedes__isnull", False),
                            _connector="OR",
                        ),
                        name="resolution_reopens_an_earlier_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("replaced_by__isnull", False), ("void_reason", "superseded")),
                            models.Q(
                                models.Q(("void_reason", "superseded"), _negated=True), ("replaced_by", None)
                            ),
                            _connector="OR",
                        ),
                        name="resolution_superseding_a_question_names_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("replaced_by", models.F("question")), _negated=True),
                        name="question_is_not_superseded_by_itself",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("note"), 5000
                        ),
                        name="resolution_note_has_at_most_5000_characters",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Dispute",
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
                (
                    "key",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(),
                        editable=False,
                        unique=True,
                        verbose_name="key",
                    ),
                ),
                ("raised_by", models.CharField(blank=True, max_length=200, verbose_name="raised by")),
                (
                    "contact",
                    models.CharField(blank=True, max_length=300, verbose_name="contact, not published"),
                ),
                ("reason", forecasts.models.limited.LimitedText(max_length=5000, verbose_name="reason")),
                (
                    "url",
                    models.URLField(
                        blank=True,
                        max_length=2000,
                        validators=[forecasts.models.names.check_of_the_web],
                        verbose_name="address of the evidence",
                    ),
                ),
                (
                    "quote",
                    forecasts.models.limited.LimitedText(
                        blank=True, max_length=100000, verbose_name="words of the evidence"
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
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disputes",
                        to="forecasts.question",
                        verbose_name="question",
                    ),
                ),
                (
                    "resolution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="disputes",
                        to="forecasts.resolution",
                        verbose_name="answer",
                    ),
                ),
            ],
            options={
                "verbose_name": "dispute",
                "verbose_name_plural": "disputes",
                "ordering": ("pk",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("url", ""), ("url__regex", "^[hH][tT][tT][pP][sS]?://"), _connector="OR"
                        ),
                        name="dispute_address_is_of_the_web",
                        violation_error_message="An address begins with https:// or http://. Copy it from the browser.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="dispute_has_a_reason"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("recorded_by__isnull", False),
                            models.Q(("raised_by", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="dispute_is_raised_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("reason"), 5000
                        ),
                        name="dispute_reason_has_at_most_5000_characters",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("quote"), 100000
                        ),
                        name="dispute_quote_has_at_most_100000_characters",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Scale",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=60, unique=True, verbose_name="slug")),
                (
                    "name",
                    models.CharField(
                        max_length=200, validators=[forecasts.models.names.check_plain], verbose_name="name"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("standard", "published standard"),
                            ("empirical", "measured by survey"),
                            ("house", "ours"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "source",
                    forecasts.models.limited.LimitedText(max_length=5000, verbose_name="published source"),
                ),
                (
                    "source_url",
                    forecasts.models.limited.LimitedText(
                        blank=True, max_length=2000, verbose_name="address of the source"
                    ),
                ),
                ("licence", models.CharField(blank=True, max_length=200, verbose_name="licence")),
                (
                    "note",
                    forecasts.models.limited.LimitedText(blank=True, max_length=5000, verbose_name="note"),
                ),
            ],
            options={
                "verbose_name": "scale",
                "verbose_name_plural": "scales",
                "ordering": ("name",),
                "constraints": [
                    models.CheckConstraint(
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
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["standard", "empirical", "house"])),
                        name="scale_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source", ""), _negated=True), name="scale_names_its_source"
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("source"), 5000
                        ),
                        name="scale_source_has_at_most_5000_characters",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("source_url"), 2000
                        ),
                        name="scale_source_url_has_at_most_2000_characters",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("note"), 5000
                        ),
                        name="scale_note_has_at_most_5000_characters",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SecretLink",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("replaced", models.PositiveIntegerField(default=0, verbose_name="times replaced")),
                ("made_at", models.DateTimeField(verbose_name="created")),
                ("last_used_at", models.DateTimeField(blank=True, null=True, verbose_name="last used")),
                (
                    "desk",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="secret_link",
                        to="forecasts.desk",
                        verbose_name="desk",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="secret_link",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "secret link",
                "verbose_name_plural": "secret links",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("desk__isnull", False), ("user", None)),
                            models.Q(("desk", None), ("user__isnull", False)),
                            _connector="OR",
                        ),
                        name="secret_link_belongs_to_a_person_or_a_desk",
                    )
                ],
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
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shown",
                        to="forecasts.question",
                        verbose_name="question",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="shown",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "forecasts shown",
                "verbose_name_plural": "forecasts shown",
                "ordering": ("-pk",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "question"), name="question_is_first_shown_to_a_person_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("place__in", ["page", "desk", "api", "mail", "asked"])),
                        name="shown_place_is_known",
                    ),
                ],
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
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="snoozes",
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
                (
                    "reminder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="snoozes",
                        to="forecasts.reminder",
                        verbose_name="snoozed reminder",
                    ),
                ),
            ],
            options={
                "verbose_name": "snooze",
                "verbose_name_plural": "snoozes",
                "ordering": ("-pk",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until__gt", models.F("recorded_at"))),
                        name="snooze_ends_after_it_begins",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Source",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=100, unique=True, verbose_name="slug")),
                (
                    "name",
                    models.CharField(
                        max_length=200, validators=[forecasts.models.names.check_plain], verbose_name="name"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("person", "person"),
                            ("organisation", "organisation"),
                            ("outlet", "outlet"),
                            ("model", "model"),
                            ("crowd", "all sources combined"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "description",
                    forecasts.models.limited.LimitedText(
                        blank=True, max_length=5000, verbose_name="description"
                    ),
                ),
                (
                    "external_ids",
                    forecasts.models.limited.LimitedJson(
                        blank=True,
                        default=dict,
                        help_text='For example {"wikidata": "Q42"}.',
                        max_length=20000,
                        verbose_name="external ids",
                    ),
                ),
                (
                    "shows_whole_text",
                    models.BooleanField(
                        default=False,
                        help_text="Of an outlet. Off: readers see the marked sentences and those beside them.",
                        verbose_name="show whole articles",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="created at")),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged_sources",
                        to="forecasts.source",
                        verbose_name="merged into",
                    ),
                ),
            ],
            options={
                "verbose_name": "source",
                "verbose_name_plural": "sources",
                "ordering": ("name",),
                "constraints": [
                    models.CheckConstraint(
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
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["person", "organisation", "outlet", "model", "crowd"])
                        ),
                        name="source_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="source_has_a_name"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("merged_into", models.F("id")), _negated=True),
                        name="source_is_not_merged_into_itself",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("description"), 5000
                        ),
                        name="source_description_has_at_most_5000_characters",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length(
                                django.db.models.functions.comparison.Cast("external_ids", models.TextField())
                            ),
                            20000,
                        ),
                        name="source_external_ids_has_at_most_20000_characters",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Reply",
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
                (
                    "key",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(),
                        editable=False,
                        unique=True,
                        verbose_name="key",
                    ),
                ),
                ("text", forecasts.models.limited.LimitedText(max_length=100000, verbose_name="their words")),
                ("language", models.CharField(default="en", max_length=12, verbose_name="language")),
                ("replied_on", models.DateField(verbose_name="replied on")),
                (
                    "url",
                    models.URLField(
                        blank=True,
                        max_length=2000,
                        validators=[forecasts.models.names.check_of_the_web],
                        verbose_name="address",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replies",
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
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replies",
                        to="forecasts.source",
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "verbose_name": "reply",
                "verbose_name_plural": "replies",
                "ordering": ("replied_on", "pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("url", ""), ("url__regex", "^[hH][tT][tT][pP][sS]?://"), _connector="OR"
                        ),
                        name="reply_address_is_of_the_web",
                        violation_error_message="An address begins with https:// or http://. Copy it from the browser.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="reply_says_something"
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("text"), 100000
                        ),
                        name="reply_text_has_at_most_100000_characters",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PublishingRule",
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
                (
                    "publishes_with_forecast",
                    models.BooleanField(default=True, verbose_name="publish with the first forecast"),
                ),
                ("shows_whole_text", models.BooleanField(verbose_name="show whole articles")),
                (
                    "desk",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publishing_rules",
                        to="forecasts.desk",
                        verbose_name="desk",
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
                (
                    "outlet",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publishing_rules",
                        to="forecasts.source",
                        verbose_name="outlet",
                    ),
                ),
            ],
            options={
                "verbose_name": "publishing rule",
                "verbose_name_plural": "publishing rules",
                "ordering": ("pk",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("desk__isnull", False), ("outlet", None)),
                            models.Q(("desk", None), ("outlet__isnull", False)),
                            _connector="OR",
                        ),
                        name="publishing_rule_is_of_a_desk_or_an_outlet",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Merge",
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
                ("reason", forecasts.models.limited.LimitedText(max_length=5000, verbose_name="reason")),
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
                (
                    "into",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="forecasts.source",
                        verbose_name="merged into",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merges",
                        to="forecasts.source",
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "verbose_name": "merge",
                "verbose_name_plural": "merges",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("source", models.F("into")), _negated=True),
                        name="merge_joins_two_sources",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="merge_has_a_reason"
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("reason"), 5000
                        ),
                        name="merge_reason_has_at_most_5000_characters",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Document",
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
                (
                    "key",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(),
                        editable=False,
                        unique=True,
                        verbose_name="key",
                    ),
                ),
                (
                    "public_since",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public since"),
                ),
                (
                    "url",
                    models.URLField(
                        blank=True,
                        max_length=2000,
                        validators=[forecasts.models.names.check_of_the_web],
                        verbose_name="address",
                    ),
                ),
                ("title", models.CharField(max_length=500, verbose_name="title")),
                ("language", models.CharField(max_length=12, verbose_name="language")),
                ("published_at", models.DateTimeField(verbose_name="published at")),
                (
                    "published_to_the_day",
                    models.BooleanField(default=False, verbose_name="only the day is known"),
                ),
                ("captured_at", models.DateTimeField(verbose_name="saved at")),
                (
                    "provenance",
                    forecasts.models.limited.LimitedText(
                        blank=True, max_length=5000, verbose_name="provenance"
                    ),
                ),
                ("text", forecasts.models.limited.LimitedText(max_length=2000000, verbose_name="text")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256 of the text")),
                (
                    "desk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="documents",
                        to="forecasts.desk",
                        verbose_name="desk",
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
                (
                    "outlet",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="published_documents",
                        to="forecasts.source",
                        verbose_name="outlet",
                    ),
                ),
            ],
            options={
                "verbose_name": "document",
                "verbose_name_plural": "documents",
                "ordering": ("-published_at", "pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("url", ""), ("url__regex", "^[hH][tT][tT][pP][sS]?://"), _connector="OR"
                        ),
                        name="document_address_is_of_the_web",
                        violation_error_message="An address begins with https:// or http://. Copy it from the browser.",
                    ),
                    models.UniqueConstraint(
                        fields=("desk", "url", "sha256"), name="desk_captures_a_text_once_for_each_address"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="document_has_text"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("title", ""), _negated=True), name="document_has_a_title"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")),
                        name="document_sha256_is_hexadecimal",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("provenance"), 5000
                        ),
                        name="document_provenance_has_at_most_5000_characters",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("text"), 2000000
                        ),
                        name="document_text_has_at_most_2000000_characters",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Alias",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        max_length=200, validators=[forecasts.models.names.check_plain], verbose_name="name"
                    ),
                ),
                ("language", models.CharField(blank=True, max_length=12, verbose_name="language")),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="aliases",
                        to="forecasts.source",
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "verbose_name": "alias",
                "verbose_name_plural": "aliases",
                "ordering": ("name",),
                "constraints": [
                    models.CheckConstraint(
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
                    models.UniqueConstraint(
                        fields=("source", "name", "language"), name="source_has_an_alias_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="alias_has_a_name"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Affiliation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("role", models.CharField(blank=True, max_length=200, verbose_name="role")),
                ("organisation", models.CharField(blank=True, max_length=200, verbose_name="organisation")),
                ("starts", models.DateField(blank=True, null=True, verbose_name="from")),
                ("ends", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "as_stated_in",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="forecasts.document",
                        verbose_name="as stated in",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="affiliations",
                        to="forecasts.source",
                        verbose_name="source",
                    ),
                ),
            ],
            options={
                "verbose_name": "affiliation",
                "verbose_name_plural": "affiliations",
                "ordering": ("starts", "pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("starts", None),
                            ("ends", None),
                            ("ends__gt", models.F("starts")),
                            _connector="OR",
                        ),
                        name="affiliation_ends_after_it_starts",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("role", ""), _negated=True),
                            models.Q(("organisation", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="affiliation_has_a_role_or_an_organisation",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Standing",
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
                (
                    "key",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(),
                        editable=False,
                        unique=True,
                        verbose_name="key",
                    ),
                ),
                ("as_of", models.DateTimeField(verbose_name="as of")),
                ("ledger_sequence", models.BigIntegerField(verbose_name="ledger sequence")),
                ("rows", models.JSONField(verbose_name="rows")),
                ("public", models.BooleanField(default=True, verbose_name="counts what is public")),
                (
                    "board",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="standings",
                        to="forecasts.board",
                        verbose_name="ranking",
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
                "verbose_name": "standing",
                "verbose_name_plural": "standings",
                "ordering": ("-as_of", "-pk"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("board", "as_of"), name="board_has_one_standing_for_each_date"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Statement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "key",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(),
                        editable=False,
                        unique=True,
                        verbose_name="key",
                    ),
                ),
                (
                    "public_since",
                    models.DateTimeField(blank=True, editable=False, null=True, verbose_name="public since"),
                ),
                ("start", models.PositiveIntegerField(verbose_name="start")),
                ("end", models.PositiveIntegerField(verbose_name="end")),
                (
                    "quote",
                    forecasts.models.limited.LimitedText(max_length=100000, verbose_name="verbatim words"),
                ),
                (
                    "translation",
                    forecasts.models.limited.LimitedText(
                        blank=True, max_length=100000, verbose_name="translation"
                    ),
                ),
                (
                    "claim",
                    forecasts.models.limited.LimitedText(
                        blank=True, max_length=5000, verbose_name="claim in our words"
                    ),
                ),
                (
                    "speaker_as_written",
                    models.CharField(blank=True, max_length=300, verbose_name="speaker as written"),
                ),
                (
                    "speaker_note",
                    forecasts.models.limited.LimitedText(
                        blank=True, max_length=5000, verbose_name="note on the speaker"
                    ),
                ),
                (
                    "directness",
                    models.CharField(
                        choices=[
                            ("direct", "direct quotation"),
                            ("indirect", "paraphrase"),
                            ("authorial", "the author’s own voice"),
                        ],
                        max_length=20,
                        verbose_name="directness",
                    ),
                ),
                (
                    "cues",
                    forecasts.models.limited.LimitedList(
                        base_field=models.CharField(max_length=200),
                        blank=True,
                        default=list,
                        size=50,
                        verbose_name="cues",
                    ),
                ),
                ("stated_at", models.DateTimeField(verbose_name="stated at")),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "draft"), ("accepted", "accepted"), ("rejected", "rejected")],
                        default="draft",
                        max_length=20,
                        verbose_name="status",
                    ),
                ),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
                (
                    "document",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="forecasts.document",
                        verbose_name="document",
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
                (
                    "speaker",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="statements",
                        to="forecasts.source",
                        verbose_name="speaker",
                    ),
                ),
            ],
            options={
                "verbose_name": "statement",
                "verbose_name_plural": "statements",
                "ordering": ("document", "start", "pk"),
                "indexes": [
                    models.Index(
                        condition=models.Q(("status", "draft")),
                        fields=["recorded_at"],
                        name="statement_drafts",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("end__gt", models.F("start"))), name="statement_span_is_half_open"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quote", ""), _negated=True), name="statement_has_a_quote"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["draft", "accepted", "rejected"])),
                        name="statement_status_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("directness__in", ["direct", "indirect", "authorial"])),
                        name="statement_directness_is_known",
                    ),
                    models.UniqueConstraint(
                        fields=("document", "start", "end"), name="statement_span_is_marked_once"
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("quote"), 100000
                        ),
                        name="statement_quote_has_at_most_100000_characters",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("translation"), 100000
                        ),
                        name="statement_translation_has_at_most_100000_characters",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("claim"), 5000
                        ),
                        name="statement_claim_has_at_most_5000_characters",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("speaker_note"), 5000
                        ),
                        name="statement_speaker_note_has_at_most_5000_characters",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cues__len__lte", 50)),
                        name="statement_cues_has_at_most_50_entries",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Publication",
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
                ("public", models.BooleanField(verbose_name="public")),
                ("since", models.DateTimeField(verbose_name="since")),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("by_hand", "by somebody"),
                            ("with_forecast", "with its first forecast"),
                            ("before", "public before publishing was recorded"),
                        ],
                        default="by_hand",
                        max_length=20,
                        verbose_name="how",
                    ),
                ),
                (
                    "reason",
                    forecasts.models.limited.LimitedText(blank=True, max_length=5000, verbose_name="reason"),
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
                (
                    "question",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publications",
                        to="forecasts.question",
                        verbose_name="question",
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="publications",
                        to="forecasts.statement",
                        verbose_name="statement",
                    ),
                ),
            ],
            options={
                "verbose_name": "publication",
                "verbose_name_plural": "publications",
                "ordering": ("pk",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("question__isnull", False), ("statement", None)),
                            models.Q(("question", None), ("statement__isnull", False)),
                            _connector="OR",
                        ),
                        name="publication_is_of_a_question_or_of_words",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("how__in", ["by_hand", "with_forecast", "before"])),
                        name="publication_how_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("public", True),
                            models.Q(("how", "by_hand"), models.Q(("reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="publication_is_taken_back_by_hand_with_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("reason"), 5000
                        ),
                        name="publication_reason_has_at_most_5000_characters",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Decision",
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
                (
                    "status",
                    models.CharField(
                        choices=[("accepted", "accepted"), ("rejected", "rejected")],
                        max_length=20,
                        verbose_name="decision",
                    ),
                ),
                ("reason", forecasts.models.limited.LimitedText(max_length=5000, verbose_name="reason")),
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
                (
                    "statement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="decisions",
                        to="forecasts.statement",
                        verbose_name="statement",
                    ),
                ),
            ],
            options={
                "verbose_name": "statement decision",
                "verbose_name_plural": "statement decisions",
                "ordering": ("pk",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["accepted", "rejected"])),
                        name="decision_accepts_or_rejects",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="decision_has_a_reason"
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("reason"), 5000
                        ),
                        name="decision_reason_has_at_most_5000_characters",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Term",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("phrase", models.CharField(max_length=120, verbose_name="phrase")),
                ("language", models.CharField(max_length=12, verbose_name="language")),
                ("low", models.FloatField(verbose_name="low")),
                ("best", models.FloatField(verbose_name="best")),
                ("high", models.FloatField(verbose_name="high")),
                (
                    "respondents",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="respondents"),
                ),
                (
                    "note",
                    forecasts.models.limited.LimitedText(blank=True, max_length=5000, verbose_name="note"),
                ),
                (
                    "scale",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="terms",
                        to="forecasts.scale",
                        verbose_name="scale",
                    ),
                ),
            ],
            options={
                "verbose_name": "term",
                "verbose_name_plural": "terms",
                "ordering": ("scale", "-best", "phrase"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("scale", "language", "phrase"), name="scale_has_a_phrase_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("best__lte", models.F("high")),
                            ("high__lte", 1),
                            ("low__gte", 0),
                            ("low__lte", models.F("best")),
                        ),
                        name="term_range_is_ordered",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("note"), 5000
                        ),
                        name="term_note_has_at_most_5000_characters",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Forecast",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("deadline_on", models.DateField(verbose_name="deadline, any day of the period")),
                (
                    "deadline_granularity",
                    models.CharField(
                        choices=[
                            ("day", "day"),
                            ("month", "month"),
                            ("quarter", "quarter"),
                            ("year", "year"),
                        ],
                        default="day",
                        max_length=10,
                        verbose_name="deadline period",
                    ),
                ),
                (
                    "deadline_zone",
                    models.CharField(default="Europe/Stockholm", max_length=64, verbose_name="deadline zone"),
                ),
                (
                    "deadline_rule",
                    models.CharField(
                        choices=[("through", "by the end of the period"), ("before", "before it begins")],
                        default="through",
                        max_length=10,
                        verbose_name="deadline rule",
                    ),
                ),
                ("deadline_at", models.DateTimeField(editable=False, verbose_name="deadline instant")),
                (
                    "deadline_basis",
                    models.CharField(
                        choices=[
                            ("stated", "stated by the source"),
                            ("read", "read from words"),
                            ("rule", "set by our rule"),
                        ],
                        default="stated",
                        max_length=10,
                        verbose_name="where the deadline is from",
                    ),
                ),
                (
                    "deadline_said",
                    forecasts.models.limited.LimitedText(
                        blank=True,
                        help_text="The words that it was read from.",
                        max_length=2000,
                        verbose_name="words of the deadline",
                    ),
                ),
                (
                    "deadline_house_rule",
                    models.CharField(blank=True, max_length=40, verbose_name="house rule of the deadline"),
                ),
                (
                    "deadline_earliest",
                    models.DateField(blank=True, null=True, verbose_name="earliest reading of the deadline"),
                ),
                (
                    "deadline_latest",
                    models.DateField(blank=True, null=True, verbose_name="latest reading of the deadline"),
                ),
                (
                    "deadline_reason",
                    forecasts.models.limited.LimitedText(
                        blank=True,
                        help_text="How a deadline set by us was chosen.",
                        max_length=5000,
                        verbose_name="how the deadline was chosen",
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
                (
                    "key",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(),
                        editable=False,
                        unique=True,
                        verbose_name="key",
                    ),
                ),
                ("probability", models.FloatField(blank=True, null=True, verbose_name="probability")),
                ("probability_low", models.FloatField(blank=True, null=True, verbose_name="lowest reading")),
                (
                    "probability_high",
                    models.FloatField(blank=True, null=True, verbose_name="highest reading"),
                ),
                (
                    "probabilities",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.FloatField(),
                        blank=True,
                        null=True,
                        size=None,
                        verbose_name="probability of each option",
                    ),
                ),
                (
                    "quantile_levels",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.FloatField(),
                        blank=True,
                        null=True,
                        size=None,
                        verbose_name="quantile levels",
                    ),
                ),
                (
                    "quantile_values",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.FloatField(),
                        blank=True,
                        null=True,
                        size=None,
                        verbose_name="quantile values",
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        choices=[
                            ("stated", "stated by the source"),
                            ("read", "read from words"),
                            ("rule", "set by our rule"),
                        ],
                        default="stated",
                        max_length=10,
                        verbose_name="where it is from",
                    ),
                ),
                (
                    "said",
                    forecasts.models.limited.LimitedText(
                        blank=True, max_length=2000, verbose_name="what was said of it"
                    ),
                ),
                ("house_rule", models.CharField(blank=True, max_length=40, verbose_name="house rule")),
                (
                    "range_low",
                    models.FloatField(blank=True, null=True, verbose_name="low end of what was left open"),
                ),
                ("range_best", models.FloatField(blank=True, null=True, verbose_name="what it was read as")),
                (
                    "range_high",
                    models.FloatField(blank=True, null=True, verbose_name="high end of what was left open"),
                ),
                (
                    "shared",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(),
                        blank=True,
                        null=True,
                        size=None,
                        verbose_name="options that share the rest",
                    ),
                ),
                ("stated_at", models.DateTimeField(verbose_name="stated at")),
                ("withdrawn", models.BooleanField(default=False, verbose_name="withdrawal")),
                (
                    "note",
                    forecasts.models.limited.LimitedText(blank=True, max_length=5000, verbose_name="note"),
                ),
                (
                    "correction_of",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="correction",
                        to="forecasts.forecast",
                        verbose_name="correction of",
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
                (
                    "question",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="forecasts",
                        to="forecasts.question",
                        verbose_name="question",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="forecasts",
                        to="forecasts.source",
                        verbose_name="source",
                    ),
                ),
                (
                    "statement",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="forecasts",
                        to="forecasts.statement",
                        verbose_name="statement",
                    ),
                ),
                (
                    "term",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="forecasts",
                        to="forecasts.term",
                        verbose_name="term",
                    ),
                ),
            ],
            options={
                "verbose_name": "forecast",
                "verbose_name_plural": "forecasts",
                "ordering": ("stated_at", "pk"),
                "indexes": [
                    models.Index(fields=["question", "source", "stated_at"], name="forecast_in_time"),
                    models.Index(
                        condition=models.Q(("statement__isnull", False)),
                        fields=["statement"],
                        name="forecast_statement",
                    ),
                    models.Index(
                        condition=models.Q(("term__isnull", False)), fields=["term"], name="forecast_term"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("deadline_granularity__in", ["day", "month", "quarter", "year"])),
                        name="forecast_deadline_granularity_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("deadline_rule__in", ["through", "before"])),
                        name="forecast_deadline_rule_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("deadline_basis", "stated"), _negated=True),
                            models.Q(
                                ("deadline_earliest", None),
                                ("deadline_house_rule", ""),
                                ("deadline_latest", None),
                            ),
                            _connector="OR",
                        ),
                        name="forecast_deadline_stated_has_no_rule_or_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("deadline_basis", "read"), _negated=True),
                            models.Q(
                                ("deadline_earliest__isnull", False),
                                (
                                    "deadline_house_rule__in",
                                    (
                                        "within-days",
                                        "within-weeks",
                                        "soon",
                                        "within-months",
                                        "within-years",
                                        "early-year",
                                        "mid-year",
                                        "late-year",
                                        "turn-of-year",
                                        "early-spring",
                                        "spring",
                                        "late-spring",
                                        "early-summer",
                                        "summer",
                                        "late-summer",
                                        "early-autumn",
                                        "autumn",
                                        "late-autumn",
                                        "early-winter",
                                        "winter",
                                        "late-winter",
                                    ),
                                ),
                                ("deadline_latest__gte", models.F("deadline_earliest")),
                                ("deadline_latest__isnull", False),
                                models.Q(("deadline_said", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="forecast_deadline_read_names_its_words_rule_and_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("deadline_basis", "rule"), _negated=True),
                            models.Q(
                                ("deadline_earliest__isnull", False),
                                ("deadline_house_rule", "deadline-set-by-us"),
                                ("deadline_latest__gte", models.F("deadline_earliest")),
                                ("deadline_latest__isnull", False),
                                models.Q(("deadline_reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="forecast_deadline_by_rule_has_its_range_and_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("deadline_basis__in", ["stated", "read", "rule"])),
                        name="forecast_deadline_basis_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("probability_high", None), ("probability_low", None)),
                            models.Q(
                                ("probability__isnull", False),
                                ("probability__lte", models.F("probability_high")),
                                ("probability_high__isnull", False),
                                ("probability_high__lte", 1),
                                ("probability_low__gte", 0),
                                ("probability_low__isnull", False),
                                ("probability_low__lte", models.F("probability")),
                            ),
                            _connector="OR",
                        ),
                        name="forecast_range_is_ordered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("probability", None),
                            models.Q(("probability__gte", 0), ("probability__lte", 1)),
                            _connector="OR",
                        ),
                        name="forecast_probability_is_between_0_and_1",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("probabilities", None),
                                ("probability", None),
                                ("quantile_levels", None),
                                ("quantile_values", None),
                                ("withdrawn", True),
                            ),
                            models.Q(
                                ("probabilities", None),
                                ("probability__isnull", False),
                                ("quantile_levels", None),
                                ("quantile_values", None),
                                ("withdrawn", False),
                            ),
                            models.Q(
                                ("probabilities__isnull", False),
                                ("probabilities__len__gte", 2),
                                ("probability", None),
                                ("quantile_levels", None),
                                ("quantile_values", None),
                                ("withdrawn", False),
                            ),
                            models.Q(
                                ("probabilities", None),
                                ("probability", None),
                                ("quantile_levels__isnull", False),
                                ("quantile_levels__len__gte", 1),
                                ("quantile_values__isnull", False),
                                ("quantile_values__len", models.F("quantile_levels__len")),
                                ("withdrawn", False),
                            ),
                            _connector="OR",
                        ),
                        name="forecast_has_one_value_or_is_withdrawn",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("basis__in", ["stated", "read", "rule"])),
                        name="forecast_basis_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("basis", "stated"), _negated=True),
                            models.Q(
                                ("house_rule", ""),
                                ("range_best", None),
                                ("range_high", None),
                                ("range_low", None),
                                ("shared", None),
                                ("term", None),
                            ),
                            _connector="OR",
                        ),
                        name="forecast_stated_names_no_term_rule_or_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("basis", "read"), _negated=True),
                            models.Q(
                                models.Q(
                                    models.Q(
                                        (
                                            "house_rule__in",
                                            (
                                                "",
                                                "range-without-level",
                                                "rest-shared-equally",
                                                "about",
                                                "middle-of-range",
                                            ),
                                        ),
                                        ("term__isnull", False),
                                    ),
                                    (
                                        "house_rule__in",
                                        (
                                            "within-days",
                                            "within-weeks",
                                            "soon",
                                            "within-months",
                                            "within-years",
                                            "early-year",
                                            "mid-year",
                                            "late-year",
                                            "turn-of-year",
                                            "early-spring",
                                            "spring",
                                            "late-spring",
                                            "early-summer",
                                            "summer",
                                            "late-summer",
                                            "early-autumn",
                                            "autumn",
                                            "late-autumn",
                                            "early-winter",
                                            "winter",
                                            "late-winter",
                                        ),
                                    ),
                                    _connector="OR",
                                ),
                                models.Q(
                                    ("probability_low__isnull", False),
                                    ("range_low__isnull", False),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="forecast_read_from_words_names_its_term_or_rule_and_its_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("basis", "rule"), _negated=True),
                            models.Q(
                                (
                                    "house_rule__in",
                                    (
                                        "range-without-level",
                                        "rest-shared-equally",
                                        "about",
                                        "middle-of-range",
                                    ),
                                ),
                                ("term", None),
                                models.Q(
                                    ("probability_low__isnull", False),
                                    ("range_low__isnull", False),
                                    _connector="OR",
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="forecast_by_rule_names_its_rule_and_has_its_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("range_best", None), ("range_high", None), ("range_low", None)),
                            models.Q(
                                ("probability", None),
                                ("range_best__gte", models.F("range_low")),
                                ("range_best__lte", models.F("range_high")),
                                ("range_high__isnull", False),
                                ("range_low__isnull", False),
                                ("withdrawn", False),
                            ),
                            _connector="OR",
                        ),
                        name="forecast_range_holds_what_it_was_read_as",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("shared", None),
                            models.Q(("probabilities__isnull", False), ("shared__len__gte", 1)),
                            _connector="OR",
                        ),
                        name="forecast_shares_the_rest_among_options",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("correction_of", models.F("id")), _negated=True),
                        name="forecast_is_not_its_own_correction",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("said"), 2000
                        ),
                        name="forecast_said_has_at_most_2000_characters",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("note"), 5000
                        ),
                        name="forecast_note_has_at_most_5000_characters",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("deadline_said"), 2000
                        ),
                        name="forecast_deadline_said_has_at_most_2000_characters",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("deadline_reason"), 5000
                        ),
                        name="forecast_deadline_reason_has_at_most_5000_characters",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tie",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateField(verbose_name="since")),
                (
                    "note",
                    forecasts.models.limited.LimitedText(
                        max_length=5000, verbose_name="what the conflict is"
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="created at")),
                (
                    "declared_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="declared by",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ties",
                        to="forecasts.source",
                        verbose_name="source",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ties",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="editor",
                    ),
                ),
            ],
            options={
                "verbose_name": "conflict of interest",
                "verbose_name_plural": "conflicts of interest",
                "ordering": ("user", "source", "pk"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "source"), name="editor_is_tied_to_a_source_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("note", ""), _negated=True), name="tie_says_what_it_is"
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("note"), 5000
                        ),
                        name="tie_note_has_at_most_5000_characters",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Token",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "name",
                    models.CharField(
                        max_length=100, validators=[forecasts.models.names.check_plain], verbose_name="name"
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        choices=[("read", "read only"), ("write", "read and write")],
                        max_length=10,
                        verbose_name="scope",
                    ),
                ),
                ("digest", models.CharField(max_length=128, unique=True, verbose_name="hash")),
                ("made_at", models.DateTimeField(verbose_name="created")),
                ("ends_at", models.DateTimeField(verbose_name="good until")),
                ("last_used_at", models.DateTimeField(blank=True, null=True, verbose_name="last used")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="ended")),
                (
                    "ended_because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("revoked", "revoked"),
                            ("password", "the password was changed"),
                            ("deactivated", "the account was deactivated"),
                        ],
                        max_length=20,
                        verbose_name="because",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="api_tokens",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "API token",
                "verbose_name_plural": "API tokens",
                "ordering": ("-made_at", "-pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "name__regex",
                                "[\\u0001-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]",
                            ),
                            _negated=True,
                        ),
                        name="api_token_name_is_plain",
                        violation_error_message="The name holds a character that is not seen, such as a line break. Type the name anew.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("scope__in", ["read", "write"])), name="token_scope_is_known"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="token_has_a_name"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("ends_at__gt", models.F("made_at"))),
                        name="token_ends_after_it_was_made",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("ended_because", "")),
                            models.Q(
                                ("ended_at__isnull", False),
                                ("ended_because__in", ["revoked", "password", "deactivated"]),
                            ),
                            _connector="OR",
                        ),
                        name="token_that_ended_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Topic",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("slug", models.SlugField(max_length=100, unique=True, verbose_name="slug")),
                (
                    "name",
                    models.CharField(
                        max_length=200, validators=[forecasts.models.names.check_plain], verbose_name="name"
                    ),
                ),
            ],
            options={
                "verbose_name": "topic",
                "verbose_name_plural": "topics",
                "ordering": ("name",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "name__regex",
                                "[\\u0001-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069]",
                            ),
                            _negated=True,
                        ),
                        name="topic_name_is_plain",
                        violation_error_message="The name holds a character that is not seen, such as a line break. Type the name anew.",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="question",
            name="topics",
            field=models.ManyToManyField(
                blank=True, related_name="questions", to="forecasts.topic", verbose_name="topics"
            ),
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
                (
                    "desk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rota",
                        to="forecasts.desk",
                        verbose_name="desk",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="turns",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "turn",
                "verbose_name_plural": "rota",
                "ordering": ("desk", "from_day", "pk"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_day", None), ("until_day__gt", models.F("from_day")), _connector="OR"
                        ),
                        name="turn_lasts_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("every_weeks__gte", 1)), name="turn_comes_round_in_weeks"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("weekdays__contained_by", [0, 1, 2, 3, 4, 5, 6]), ("weekdays__len__gte", 1)
                        ),
                        name="turn_has_a_weekday",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Upholding",
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
                ("reason", forecasts.models.limited.LimitedText(max_length=5000, verbose_name="reason")),
                (
                    "dispute",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="upholding",
                        to="forecasts.dispute",
                        verbose_name="dispute",
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
                "verbose_name": "upheld answer",
                "verbose_name_plural": "upheld answers",
                "ordering": ("pk",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="upholding_has_a_reason"
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("reason"), 5000
                        ),
                        name="upholding_reason_has_at_most_5000_characters",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Verdict",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "answer",
                    models.CharField(
                        choices=[
                            ("outcome", "it has an outcome"),
                            ("void", "void"),
                            ("too_early", "too early to say"),
                            ("reopened", "reopened"),
                        ],
                        max_length=20,
                        verbose_name="answer",
                    ),
                ),
                ("outcome", models.FloatField(blank=True, null=True, verbose_name="outcome")),
                (
                    "void_reason",
                    models.CharField(
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
                ("occurred_at", models.DateTimeField(blank=True, null=True, verbose_name="happened at")),
                (
                    "occurred_granularity",
                    models.CharField(
                        choices=[
                            ("day", "day"),
                            ("month", "month"),
                            ("quarter", "quarter"),
                            ("year", "year"),
                        ],
                        default="day",
                        max_length=10,
                        verbose_name="happened at, to the",
                    ),
                ),
                (
                    "note",
                    forecasts.models.limited.LimitedText(blank=True, max_length=5000, verbose_name="note"),
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
                (
                    "key",
                    models.UUIDField(
                        db_default=django.contrib.postgres.functions.RandomUUID(),
                        editable=False,
                        unique=True,
                        verbose_name="key",
                    ),
                ),
                ("seen_blind", models.BooleanField(default=False, verbose_name="given blind")),
                (
                    "sighted_because",
                    models.CharField(
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
                ("check_again_on", models.DateField(blank=True, null=True, verbose_name="check again on")),
                (
                    "follows",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="followers",
                        to="forecasts.verdict",
                        verbose_name="follows from",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="verdicts",
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
                (
                    "reviews",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reviews",
                        to="forecasts.resolution",
                        verbose_name="looks again at",
                    ),
                ),
            ],
            options={
                "verbose_name": "verdict",
                "verbose_name_plural": "verdicts",
                "ordering": ("pk",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answer", "outcome"),
                                ("occurred_at__isnull", False),
                                ("outcome__isnull", False),
                            ),
                            models.Q(models.Q(("answer", "outcome"), _negated=True), ("outcome", None)),
                            _connector="OR",
                        ),
                        name="verdict_outcome_goes_with_its_answer",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("answer", "void"),
                                (
                                    "void_reason__in",
                                    ["ambiguous", "condition_failed", "unanswerable", "source_retracted"],
                                ),
                            ),
                            models.Q(models.Q(("answer", "void"), _negated=True), ("void_reason", "")),
                            _connector="OR",
                        ),
                        name="verdict_void_has_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("answer__in", ["outcome", "void", "too_early"])),
                        name="verdict_answers",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", "too_early"), ("check_again_on__isnull", False)),
                            models.Q(
                                models.Q(("answer", "too_early"), _negated=True), ("check_again_on", None)
                            ),
                            _connector="OR",
                        ),
                        name="verdict_too_early_says_when_to_check_again",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("seen_blind", False), ("sighted_because", ""), _connector="OR"),
                        name="verdict_given_blind_has_no_reason_against_it",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "sighted_because__in",
                                ["", "desk_open", "shown", "recorded", "own_verdict", "answered", "follows"],
                            )
                        ),
                        name="verdict_sighted_because_is_known",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("note"), 5000
                        ),
                        name="verdict_note_has_at_most_5000_characters",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="resolution",
            name="verdicts",
            field=models.ManyToManyField(
                blank=True, related_name="resolutions", to="forecasts.verdict", verbose_name="verdicts"
            ),
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "url",
                    models.URLField(
                        blank=True,
                        max_length=2000,
                        validators=[forecasts.models.names.check_of_the_web],
                        verbose_name="address",
                    ),
                ),
                ("publisher", models.CharField(blank=True, max_length=200, verbose_name="publisher")),
                ("published_on", models.DateField(blank=True, null=True, verbose_name="published on")),
                (
                    "quote",
                    forecasts.models.limited.LimitedText(max_length=100000, verbose_name="quote or finding"),
                ),
                (
                    "text",
                    forecasts.models.limited.LimitedText(
                        blank=True, max_length=200000, verbose_name="text of the evidence"
                    ),
                ),
                ("sha256", models.CharField(blank=True, max_length=64, verbose_name="SHA-256 of the text")),
                (
                    "copy_of",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="forecasts.evidence",
                        verbose_name="copy of",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="forecasts.document",
                        verbose_name="document",
                    ),
                ),
                (
                    "verdict",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="forecasts.verdict",
                        verbose_name="verdict",
                    ),
                ),
            ],
            options={
                "verbose_name": "evidence",
                "verbose_name_plural": "evidence",
                "ordering": ("pk",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("url", ""), ("url__regex", "^[hH][tT][tT][pP][sS]?://"), _connector="OR"
                        ),
                        name="evidence_address_is_of_the_web",
                        violation_error_message="An address begins with https:// or http://. Copy it from the browser.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("url", ""), _negated=True), ("document__isnull", False), _connector="OR"
                        ),
                        name="evidence_has_an_address_or_a_document",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("quote", ""), _negated=True), name="evidence_says_what_it_shows"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("sha256", ""), ("text", "")),
                            models.Q(
                                models.Q(("text", ""), _negated=True), ("sha256__regex", "^[0-9a-f]{64}$")
                            ),
                            _connector="OR",
                        ),
                        name="evidence_text_has_its_hash",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("quote"), 100000
                        ),
                        name="evidence_quote_has_at_most_100000_characters",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("text"), 200000
                        ),
                        name="evidence_text_has_at_most_200000_characters",
                    ),
                ],
            },
        ),
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
                (
                    "deputy",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: the person’s usual deputy, else the desk’s rota, else its head.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="deputy",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="absences",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "absence",
                "verbose_name_plural": "absences",
                "ordering": ("-away_from", "-pk"),
                "indexes": [models.Index(fields=["back_on"], name="absence_by_its_end")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("back_on__gt", models.F("away_from"))), name="absence_lasts_a_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("deputy", None),
                            models.Q(("deputy", models.F("user")), _negated=True),
                            _connector="OR",
                        ),
                        name="absence_deputy_is_somebody_else",
                    ),
                ],
            },
        ),
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
                (
                    "error",
                    forecasts.models.limited.LimitedText(
                        blank=True, max_length=2000, verbose_name="last error"
                    ),
                ),
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
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length("error"), 2000
                        ),
                        name="computation_error_has_at_most_2000_characters",
                    ),
                ],
            },
        ),
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
                (
                    "desk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="blind_switches",
                        to="forecasts.desk",
                        verbose_name="desk",
                    ),
                ),
            ],
            options={
                "verbose_name": "blind switch",
                "verbose_name_plural": "blind switches",
                "ordering": ("pk",),
                "indexes": [models.Index(fields=["desk", "recorded_at"], name="blind_switch_of_desk")],
            },
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.UniqueConstraint(
                fields=("sha256", "desk", "board"), name="file_enters_a_board_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="import",
            constraint=models.UniqueConstraint(
                condition=models.Q(("board", None)),
                fields=("sha256", "desk"),
                name="file_enters_without_a_board_once",
            ),
        ),
        migrations.RunSQL(guards(), migrations.RunSQL.noop),
    ]
