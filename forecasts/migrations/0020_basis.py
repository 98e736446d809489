"""Each number and each date says where it is from; what was said to be imputed comes over."""

import django.contrib.postgres.fields
from django.db import migrations, models
import django.db.models.functions.comparison

# What may change in a question is told to its trigger, in which this migration only exchanges names.
EXCHANGE = """
DO $$
DECLARE
    names text;
BEGIN
    SELECT string_agg(quote_literal(name), ', ') INTO names FROM (
        SELECT unnest(string_to_array(encode(tgargs, 'escape'), '\\000')) AS name
        FROM pg_trigger WHERE tgname = 'question_is_written_once'
        UNION SELECT unnest(ARRAY[{new}])
    ) AS every WHERE name <> '' AND name <> ALL (ARRAY[{old}]);
    DROP TRIGGER question_is_written_once ON forecasts_question;
    EXECUTE 'CREATE TRIGGER question_is_written_once BEFORE UPDATE OR DELETE ON forecasts_question '
        'FOR EACH ROW EXECUTE FUNCTION forecasts_written_once_but_for(' || names || ')';
END $$;
"""
OLD = "'deadline_imputed'"
NEW = (
    "'deadline_reason', 'deadline_basis', 'deadline_said', 'deadline_house_rule', 'deadline_earliest', "
    "'deadline_latest'"
)
TABLES = ("forecast", "question", "deadlinemove")
OPEN = "".join(f"ALTER TABLE forecasts_{table} DISABLE TRIGGER USER;" for table in TABLES)
CLOSE = "".join(f"ALTER TABLE forecasts_{table} ENABLE TRIGGER USER;" for table in TABLES)
# By the rule that a deadline set by us might as well have come after half the time, or twice as late. A
# forecast with its question's deadline is counted as that is, and one with its own from when it was said.
RANGE = """
deadline_basis = 'rule', deadline_house_rule = 'deadline-set-by-us',
deadline_earliest = begun.on + (begun.due - begun.on) / 2,
deadline_latest = LEAST(begun.on + (begun.due - begun.on) * 2, '9999-12-31'::date)
"""
DUE = "((row.deadline_at - interval '1 microsecond') AT TIME ZONE row.deadline_zone)::date"
FILL = f"""
SET CONSTRAINTS ALL IMMEDIATE;
{OPEN}
UPDATE forecasts_forecast SET basis = 'read' WHERE probability_imputed;
UPDATE forecasts_question AS row SET {RANGE} FROM (
    SELECT row.id, (row.opens_at AT TIME ZONE row.deadline_zone)::date AS on, {DUE} AS due
    FROM forecasts_question AS row WHERE row.deadline_imputed
) AS begun WHERE begun.id = row.id;
UPDATE forecasts_deadlinemove AS row SET {RANGE} FROM (
    SELECT row.id, (question.opens_at AT TIME ZONE row.deadline_zone)::date AS on, {DUE} AS due
    FROM forecasts_deadlinemove AS row JOIN forecasts_question AS question ON question.id = row.question_id
    WHERE row.deadline_imputed
) AS begun WHERE begun.id = row.id;
UPDATE forecasts_forecast AS row SET {RANGE} FROM (
    SELECT row.id, {DUE} AS due, (
        CASE WHEN row.deadline_at = question.deadline_at THEN question.opens_at
             ELSE LEAST(row.stated_at, row.deadline_at) END AT TIME ZONE row.deadline_zone
    )::date AS on
    FROM forecasts_forecast AS row JOIN forecasts_question AS question ON question.id = row.question_id
    WHERE row.deadline_imputed
) AS begun WHERE begun.id = row.id;
{CLOSE}
"""  # noqa: S608
IMPUTED = "UPDATE forecasts_{} SET deadline_imputed = true WHERE deadline_basis <> 'stated';"
EMPTY = f"""
SET CONSTRAINTS ALL IMMEDIATE;
{OPEN}
UPDATE forecasts_forecast SET probability_imputed = true WHERE basis <> 'stated' AND term_id IS NOT NULL;
{"".join(map(IMPUTED.format, TABLES))}
{CLOSE}
"""  # noqa: S608


class Migration(migrations.Migration):
    dependencies = [("forecasts", "0021_jobs_under_leases")]

    operations = [
        migrations.RemoveConstraint(
            model_name="deadlinemove",
            name="deadline_move_imputed_deadline_says_why",
        ),
        migrations.RemoveConstraint(
            model_name="forecast",
            name="forecast_imputed_deadline_says_why",
        ),
        migrations.RemoveConstraint(
            model_name="forecast",
            name="forecast_read_from_words_names_its_term_and_range",
        ),
        migrations.RemoveConstraint(
            model_name="question",
            name="question_imputed_deadline_says_why",
        ),
        migrations.RunSQL(
            EXCHANGE.format(old=OLD, new=NEW), EXCHANGE.format(old=NEW, new=OLD + ", 'deadline_basis'")
        ),
        migrations.RenameField("deadlinemove", "deadline_basis", "deadline_reason"),
        migrations.RenameField("forecast", "deadline_basis", "deadline_reason"),
        migrations.RenameField("question", "deadline_basis", "deadline_reason"),
        migrations.AlterField(
            model_name="deadlinemove",
            name="deadline_reason",
            field=models.TextField(
                blank=True,
                help_text="How a deadline set by us was chosen.",
                verbose_name="how the deadline was chosen",
            ),
        ),
        migrations.AlterField(
            model_name="forecast",
            name="deadline_reason",
            field=models.TextField(
                blank=True,
                help_text="How a deadline set by us was chosen.",
                verbose_name="how the deadline was chosen",
            ),
        ),
        migrations.AlterField(
            model_name="question",
            name="deadline_reason",
            field=models.TextField(
                blank=True,
                help_text="How a deadline set by us was chosen.",
                verbose_name="how the deadline was chosen",
            ),
        ),
        migrations.AddField(
            model_name="deadlinemove",
            name="deadline_basis",
            field=models.CharField(
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
        migrations.AddField(
            model_name="forecast",
            name="deadline_basis",
            field=models.CharField(
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
        migrations.AddField(
            model_name="question",
            name="deadline_basis",
            field=models.CharField(
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
        migrations.AddField(
            model_name="deadlinemove",
            name="deadline_earliest",
            field=models.DateField(blank=True, null=True, verbose_name="earliest reading of the deadline"),
        ),
        migrations.AddField(
            model_name="deadlinemove",
            name="deadline_house_rule",
            field=models.CharField(blank=True, max_length=40, verbose_name="house rule of the deadline"),
        ),
        migrations.AddField(
            model_name="deadlinemove",
            name="deadline_latest",
            field=models.DateField(blank=True, null=True, verbose_name="latest reading of the deadline"),
        ),
        migrations.AddField(
            model_name="deadlinemove",
            name="deadline_said",
            field=models.TextField(
                blank=True, help_text="The words that it was read from.", verbose_name="words of the deadline"
            ),
        ),
        migrations.AddField(
            model_name="forecast",
            name="basis",
            field=models.CharField(
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
        migrations.AddField(
            model_name="forecast",
            name="deadline_earliest",
            field=models.DateField(blank=True, null=True, verbose_name="earliest reading of the deadline"),
        ),
        migrations.AddField(
            model_name="forecast",
            name="deadline_house_rule",
            field=models.CharField(blank=True, max_length=40, verbose_name="house rule of the deadline"),
        ),
        migrations.AddField(
            model_name="forecast",
            name="deadline_latest",
            field=models.DateField(blank=True, null=True, verbose_name="latest reading of the deadline"),
        ),
        migrations.AddField(
            model_name="forecast",
            name="deadline_said",
            field=models.TextField(
                blank=True, help_text="The words that it was read from.", verbose_name="words of the deadline"
            ),
        ),
        migrations.AddField(
            model_name="forecast",
            name="house_rule",
            field=models.CharField(blank=True, max_length=40, verbose_name="house rule"),
        ),
        migrations.AddField(
            model_name="forecast",
            name="range_best",
            field=models.FloatField(blank=True, null=True, verbose_name="what it was read as"),
        ),
        migrations.AddField(
            model_name="forecast",
            name="range_high",
            field=models.FloatField(blank=True, null=True, verbose_name="high end of what was left open"),
        ),
        migrations.AddField(
            model_name="forecast",
            name="range_low",
            field=models.FloatField(blank=True, null=True, verbose_name="low end of what was left open"),
        ),
        migrations.AddField(
            model_name="forecast",
            name="said",
            field=models.TextField(blank=True, verbose_name="what was said of it"),
        ),
        migrations.AddField(
            model_name="forecast",
            name="shared",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.PositiveSmallIntegerField(),
                blank=True,
                null=True,
                size=None,
                verbose_name="options that share the rest",
            ),
        ),
        migrations.AddField(
            model_name="question",
            name="deadline_earliest",
            field=models.DateField(blank=True, null=True, verbose_name="earliest reading of the deadline"),
        ),
        migrations.AddField(
            model_name="question",
            name="deadline_house_rule",
            field=models.CharField(blank=True, max_length=40, verbose_name="house rule of the deadline"),
        ),
        migrations.AddField(
            model_name="question",
            name="deadline_latest",
            field=models.DateField(blank=True, null=True, verbose_name="latest reading of the deadline"),
        ),
        migrations.AddField(
            model_name="question",
            name="deadline_said",
            field=models.TextField(
                blank=True, help_text="The words that it was read from.", verbose_name="words of the deadline"
            ),
        ),
        migrations.RunSQL(FILL, EMPTY),
        migrations.RemoveField(
            model_name="deadlinemove",
            name="deadline_imputed",
        ),
        migrations.RemoveField(
            model_name="forecast",
            name="deadline_imputed",
        ),
        migrations.RemoveField(
            model_name="forecast",
            name="probability_imputed",
        ),
        migrations.RemoveField(
            model_name="question",
            name="deadline_imputed",
        ),
        migrations.AddConstraint(
            model_name="deadlinemove",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("deadline_basis", "stated"), _negated=True),
                    models.Q(
                        ("deadline_earliest", None), ("deadline_house_rule", ""), ("deadline_latest", None)
                    ),
                    _connector="OR",
                ),
                name="deadline_move_deadline_stated_has_no_rule_or_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="deadlinemove",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="deadlinemove",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="deadlinemove",
            constraint=models.CheckConstraint(
                condition=models.Q(("deadline_basis__in", ["stated", "read", "rule"])),
                name="deadline_move_deadline_basis_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="forecast",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("deadline_basis", "stated"), _negated=True),
                    models.Q(
                        ("deadline_earliest", None), ("deadline_house_rule", ""), ("deadline_latest", None)
                    ),
                    _connector="OR",
                ),
                name="forecast_deadline_stated_has_no_rule_or_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="forecast",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="forecast",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="forecast",
            constraint=models.CheckConstraint(
                condition=models.Q(("deadline_basis__in", ["stated", "read", "rule"])),
                name="forecast_deadline_basis_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="forecast",
            constraint=models.CheckConstraint(
                condition=models.Q(("basis__in", ["stated", "read", "rule"])), name="forecast_basis_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="forecast",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="forecast",
            constraint=models.CheckConstraint(
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
                            ("probability_low__isnull", False), ("range_low__isnull", False), _connector="OR"
                        ),
                    ),
                    _connector="OR",
                ),
                name="forecast_read_from_words_names_its_term_or_rule_and_its_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="forecast",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("basis", "rule"), _negated=True),
                    models.Q(
                        (
                            "house_rule__in",
                            ("range-without-level", "rest-shared-equally", "about", "middle-of-range"),
                        ),
                        ("term", None),
                        models.Q(
                            ("probability_low__isnull", False), ("range_low__isnull", False), _connector="OR"
                        ),
                    ),
                    _connector="OR",
                ),
                name="forecast_by_rule_names_its_rule_and_has_its_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="forecast",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="forecast",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("shared", None),
                    models.Q(("probabilities__isnull", False), ("shared__len__gte", 1)),
                    _connector="OR",
                ),
                name="forecast_shares_the_rest_among_options",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("deadline_basis", "stated"), _negated=True),
                    models.Q(
                        ("deadline_earliest", None), ("deadline_house_rule", ""), ("deadline_latest", None)
                    ),
                    _connector="OR",
                ),
                name="question_deadline_stated_has_no_rule_or_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(("deadline_basis__in", ["stated", "read", "rule"])),
                name="question_deadline_basis_is_known",
            ),
        ),
    ]
